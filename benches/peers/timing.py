"""How long a network of PyTorch takes: one JSON line, for the ratios of this folder's peers."""

import argparse
import json
import os
import resource
import statistics
import sys
import time

import torch

POINTS, CLIP = 1024, 5.0


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20.0, help="wall time of each of the two measurements")
    return parser


def processor_seconds():
    use = resource.getrusage(resource.RUSAGE_SELF)
    return use.ru_utime + use.ru_stime


def repeated(work, seconds):
    """Median wall and mean processor seconds of one call; the first two calls do not count."""
    for _ in range(2):
        work()
    walls, busy, start = [], processor_seconds(), time.perf_counter()
    while not walls or time.perf_counter() - start < seconds:
        begin = time.perf_counter()
        work()
        walls.append(time.perf_counter() - begin)
    whole = time.perf_counter() - start
    return {
        "runs": len(walls),
        "mean_s": whole / len(walls),
        "median_s": statistics.median(walls),
        "cpu_s": (processor_seconds() - busy) / len(walls),
    }


def measured(net, loss, targets, options, **labels):
    """Times forward, loss, backward, clipping and Adam of `net`, then its forward of one spectrum.

    `loss(net(x), y)` is one number, `x` is `[batch, POINTS]` and `y` is `[batch, *targets]`.
    """
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    x, y = torch.randn(options.batch, POINTS), torch.randn(options.batch, *targets)
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)

    def step():
        adam.zero_grad(set_to_none=True)
        loss(net(x), y).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), CLIP)
        adam.step()

    @torch.inference_mode()
    def forward():
        net(x[:1])

    load_before = os.getloadavg()[0]
    train = repeated(step, options.seconds)
    net.eval()
    one = repeated(forward, options.seconds / 2)
    print(json.dumps({
        **labels,
        "parameters": sum(p.numel() for p in net.parameters()),
        "threads": options.threads,
        "batch": options.batch,
        "train_samples_per_s": round(options.batch / train["mean_s"], 3),
        "train_samples_per_s_median": round(options.batch / train["median_s"], 3),
        "train_samples_per_cpu_s": round(options.batch / train["cpu_s"], 3),
        "train_steps": train["runs"],
        "forward_ms": round(1e3 * one["median_s"], 2),
        "forward_cpu_ms": round(1e3 * one["cpu_s"], 2),
        "load_before": round(load_before, 2),
        "load_after": round(os.getloadavg()[0], 2),
        "torch": torch.__version__,
        "python": sys.version.split()[0],
    }))
