"""pybaselines and scipy on the spectrum of benches/process.rs, as a ratio to our own times.

    cargo bench --bench process
    python benches/peers.py            # needs numpy, scipy, pybaselines

Our times are read from target/criterion; each peer's is the median of its repetitions, objects made beforehand.
"""

import json
import pathlib
import statistics
import time

import numpy as np
import pybaselines
import scipy
from scipy.signal import savgol_filter

POINTS = 1024


def spectrum(seed):
    """The same numbers as `spectrum` in benches/process.rs."""
    mask = (1 << 64) - 1
    state = (seed * 2 + 1) & mask

    def uniform():
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) & mask
        return (state >> 11) / (1 << 53)

    x = np.arange(POINTS, dtype=float)
    noise = np.array([sum(uniform() for _ in range(12)) - 6.0 for _ in range(POINTS)])
    bands = [(200, 400, 5), (430, 900, 8), (460, 300, 6), (820, 150, 12)]
    signal = sum(h / (1 + ((x - at) / w) ** 2) for at, h, w in bands)
    u = x / POINTS
    return (signal + 500 + 800 * u - 700 * u * u + 5 * noise).astype(np.float32).astype(float)


def median_us(work):
    work()
    times = []
    begin = time.perf_counter()
    while time.perf_counter() - begin < 2.0 or len(times) < 20:
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e6)
    return statistics.median(times)


def main():
    y = spectrum(1)
    x = np.linspace(150.0, 1500.0, POINTS)
    fitter = pybaselines.Baseline(x_data=x)
    peers = {
        "arpls": lambda: fitter.arpls(y, lam=1e5),
        "arpls_lam_1e7": lambda: fitter.arpls(y, lam=1e7),
        "asls": lambda: fitter.asls(y, lam=1e6, p=0.01),
        "airpls": lambda: fitter.airpls(y, lam=1e6),
        "imodpoly": lambda: fitter.imodpoly(y, poly_order=5),
        "snip": lambda: fitter.snip(y, max_half_window=40, decreasing=True),
        "rubberband": lambda: fitter.rubberband(y),
        "savgol": lambda: savgol_filter(y, 11, 3),
        "whittaker": lambda: pybaselines.utils.whittaker_smooth(y, lam=10.0),
        "derivative": lambda: savgol_filter(y, 11, 3, deriv=1, delta=x[1] - x[0]),
    }
    print(f"pybaselines {pybaselines.__version__}, scipy {scipy.__version__}, numpy {np.__version__}, {POINTS} points")
    print(f"{'step':<16}{'ours us':>10}{'peer us':>10}{'ratio':>8}")
    root = pathlib.Path(__file__).parent.parent / "target/criterion/step"
    for name, work in peers.items():
        found = root / name / "new/estimates.json"
        peer = median_us(work)
        if not found.exists():
            print(f"{name:<16}{'-':>10}{peer:>10.1f}{'-':>8}   run cargo bench --bench process first")
            continue
        ours = json.loads(found.read_text())["median"]["point_estimate"] / 1e3
        print(f"{name:<16}{ours:>10.1f}{peer:>10.1f}{peer / ours:>8.1f}")
    iterations = len(fitter.arpls(y, lam=1e5)[1]["tol_history"])
    print(f"arpls needs {iterations} rounds on this spectrum")


if __name__ == "__main__":
    main()
