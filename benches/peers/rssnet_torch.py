"""RSSNet in plain PyTorch, as a yardstick for the speed of ours.

    python benches/peers/rssnet_torch.py --preset small --threads 2 --batch 8 --seconds 20   # one JSON line
    python benches/peers/rssnet_torch.py --check ../shared/data/fixtures                     # same numbers?

Needs torch and numpy; nothing in the build does. Parameters bear the names of the fixtures. Global norms are
`group_norm` with one group, which is faster than writing out mean and variance (`--norm plain` does that).
"""

import itertools
import json
import math
import pathlib
import struct

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import timing

PRESETS = {  # channels, hidden, heads, repeats, chunk, stride, dropout
    "paper": (256, 512, 8, 6, 44, 1, 0.1),
    "medium": (128, 256, 8, 3, 44, 1, 0.0),
    "small": (64, 128, 4, 4, 32, 2, 0.0),
    "tiny": (32, 64, 4, 3, 32, 2, 0.0),
}
SCALES, KERNEL, SOURCES, TAPS, EPSILON = 4, 3, 2, 5, 1e-8


class GlobalNorm(nn.Module):
    plain = False

    def __init__(self, channels):
        super().__init__()
        self.w, self.b = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        if not self.plain:
            return F.group_norm(x, 1, self.w, self.b, EPSILON)
        centred = x - x.mean((1, 2), keepdim=True)
        scale = (centred.pow(2).mean((1, 2), keepdim=True) + EPSILON).sqrt()
        return self.w[:, None] * (centred / scale) + self.b[:, None]


class DwNorm(nn.Module):
    def __init__(self, channels, stride=1, bias=False):
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, TAPS, stride, TAPS // 2, groups=channels, bias=bias)
        self.norm = GlobalNorm(channels)

    def forward(self, x):
        return self.norm(self.conv(x))


class GlobalAttention(nn.Module):
    def __init__(self, hidden, heads, dropout):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(hidden), nn.LayerNorm(hidden)
        self.mha = nn.MultiheadAttention(hidden, heads, dropout, batch_first=True)
        self.f1, self.n1 = nn.Conv1d(hidden, 2 * hidden, 1, bias=False), GlobalNorm(2 * hidden)
        self.dw = nn.Conv1d(2 * hidden, 2 * hidden, TAPS, padding=TAPS // 2, groups=2 * hidden)
        self.f2, self.n2 = nn.Conv1d(2 * hidden, hidden, 1, bias=False), GlobalNorm(hidden)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        t = self.ln1(x.transpose(1, 2)) + positions(x.shape[2], x.shape[1])
        a = self.mha(t, t, t, need_weights=False)[0]
        x = x + self.ln2(a + self.drop(a)).transpose(1, 2)
        h = self.drop(F.relu(self.dw(self.n1(self.f1(x)))))
        return x + self.drop(self.n2(self.f2(h)))


def positions(points, channels, kept={}):
    """Sines in even channels, cosines in odd ones; computed once for each size."""
    if (points, channels) not in kept:
        rates = torch.exp(torch.arange(0, channels, 2) * (-math.log(1e4) / channels))
        angles = torch.arange(points)[:, None] * rates
        kept[points, channels] = torch.stack([angles.sin(), angles.cos()], 2).reshape(points, channels)
    return kept[points, channels]


class LocalAttention(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.loc, self.gate, self.add = DwNorm(hidden), DwNorm(hidden), DwNorm(hidden)

    def forward(self, fine, coarse):
        def up(x):
            return F.interpolate(x, size=fine.shape[2], mode="nearest")

        return self.loc(fine) * up(torch.sigmoid(self.gate(coarse))) + up(self.add(coarse))


class TopDown(nn.Module):
    """Spec section 3.1; `[sequence, channel, point]` to the same."""

    def __init__(self, channels, hidden, heads, dropout):
        super().__init__()
        self.inp, self.inorm, self.iact = nn.Conv1d(channels, hidden, 1), GlobalNorm(hidden), nn.PReLU()
        self.down = nn.ModuleList(DwNorm(hidden, 1 if i == 0 else 2, bias=True) for i in range(SCALES))
        self.ga = GlobalAttention(hidden, heads, dropout)
        self.la = nn.ModuleList(LocalAttention(hidden) for _ in range(SCALES - 1))
        self.out = nn.Conv1d(hidden, channels, 1)

    def forward(self, x):
        f = [self.down[0](self.iact(self.inorm(self.inp(x))))]
        for down in self.down[1:]:
            f.append(down(f[-1]))
        points = f[-1].shape[2]
        top = self.ga(sum(F.adaptive_avg_pool1d(scale, points) for scale in f))
        m = [F.interpolate(torch.sigmoid(top), size=scale.shape[2], mode="nearest") * scale for scale in f]
        y = m[-1]
        for local, fine in zip(reversed(self.la), reversed(m[:-1])):
            y = local(fine, y)
        return self.out(y) + x


class Block(nn.Module):
    def __init__(self, channels, hidden, heads, dropout):
        super().__init__()
        self.intra, self.inter = (TopDown(channels, hidden, heads, dropout) for _ in range(2))
        self.p1, self.p2 = nn.Conv2d(channels, channels, 1), nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        b, n, k, t = x.shape
        y = self.intra(x.permute(0, 3, 1, 2).reshape(b * t, n, k)).reshape(b, t, n, k).permute(0, 2, 3, 1)
        x = y + self.p1(x)
        y = self.inter(x.permute(0, 2, 1, 3).reshape(b * k, n, t)).reshape(b, k, n, t).permute(0, 2, 1, 3)
        return y + self.p2(x)


class RSSNet(nn.Module):
    def __init__(self, channels, hidden, heads, repeats, chunk, stride, dropout):
        super().__init__()
        self.repeats, self.chunk = repeats, chunk
        self.enc = nn.Conv1d(1, channels, KERNEL, stride, KERNEL // 2, bias=False)
        self.gln, self.eact = GlobalNorm(channels), nn.PReLU()
        self.bott = nn.Conv1d(channels, channels, 1)
        self.blocks = nn.ModuleList([Block(channels, hidden, heads, dropout)])
        self.rec = nn.Conv2d(channels, channels, 1)
        self.mact, self.mask = nn.PReLU(), nn.Conv1d(channels, SOURCES * channels, 1)
        self.dec = nn.ConvTranspose1d(
            SOURCES * channels, SOURCES, KERNEL, stride, KERNEL // 2, output_padding=stride - 1, bias=False)

    def split(self, x):
        hop = self.chunk // 2
        count = -(-x.shape[2] // hop) + 1
        x = F.pad(x, (hop, (count - 1) * hop + self.chunk - x.shape[2] - hop))
        return x.unfold(2, self.chunk, hop).transpose(2, 3)  # [batch, channel, place, chunk]

    def merge(self, x, points):
        b, n, k, t = x.shape
        hop = k // 2
        whole = (t - 1) * hop + k
        x = F.fold(x.reshape(b, n * k, t), (1, whole), (1, k), stride=(1, hop))
        return x[:, :, 0, hop : hop + points]

    def forward(self, x):
        code = self.eact(self.gln(self.enc(x[:, None])))
        b, n, points = code.shape
        first = self.split(self.bott(code))
        x = first
        for i in range(self.repeats):
            x = self.blocks[0](x)
            if i + 1 < self.repeats:
                x = self.rec(x + first)
        masks = F.relu(self.mask(self.mact(self.merge(x, points))))
        coded = masks.reshape(b, SOURCES, n, points) * code[:, None]
        return self.dec(coded.reshape(b, SOURCES * n, points))


def loss(estimates, references):
    """Spec section 7: minus the SI-SNR in dB under the best order, mean over sources and batch."""
    e, r = (x - x.mean(2, keepdim=True) for x in (estimates, references))
    along = torch.einsum("bep,brp->ber", e, r) ** 2 / (r.pow(2).sum(2)[:, None] + EPSILON)
    rest = (e.pow(2).sum(2)[:, :, None] - along).clamp_min(0.0)
    table = 10 * torch.log10((along + EPSILON) / (rest + EPSILON))
    orders = itertools.permutations(range(SOURCES))
    sums = [sum(table[:, i, j] for i, j in enumerate(order)) for order in orders]
    return -torch.stack(sums).amax(0).mean() / SOURCES


def arrays(path):
    """The arrays of a safetensors file, all float32."""
    data = pathlib.Path(path).read_bytes()
    (header,) = struct.unpack_from("<Q", data)
    found = json.loads(data[8 : 8 + header])
    found.pop("__metadata__", None)

    def array(entry):
        start, end = entry["data_offsets"]
        values = np.frombuffer(data[8 + header + start : 8 + header + end], np.float32)
        return torch.from_numpy(values.copy()).reshape(entry["shape"])

    return {name: array(entry) for name, entry in found.items()}


def check(folder):
    """Fails unless outputs, loss and gradients agree with the reference model's."""
    for preset in ("tiny", "small"):
        fixture = arrays(pathlib.Path(folder) / f"rssnet_{preset}.safetensors")
        net = RSSNet(*PRESETS[preset]).eval()
        prefix = "weights."
        net.load_state_dict({k[len(prefix) :]: v for k, v in fixture.items() if k.startswith(prefix)})
        output = net(fixture["input"])
        value = loss(output, fixture["reference"])
        value.backward()
        found = {"output": output, "loss": value.reshape(1)}
        found |= {f"grad.{name}": p.grad for name, p in net.named_parameters() if f"grad.{name}" in fixture}
        for name, ours in found.items():
            error = ((ours - fixture[name]).abs().max() / fixture[name].abs().max()).item()
            # The one number of a slope is a sum that nearly cancels: the fixture's is 4.5e-3 off the one in float64.
            limit = 5e-3 if name.endswith("iact.weight") else 1e-3 if name.startswith("grad.") else 1e-4
            if name in ("output", "loss") or error > limit:
                print(f"{preset} {name}: largest error {error:.1e} of the largest value")
            assert error <= limit, f"{preset} {name} differs from the reference"
        print(f"{preset}: {len(found) - 2} gradients agree")


def main():
    parser = timing.arguments(__doc__.splitlines()[0])
    parser.add_argument("--preset", choices=PRESETS, default="small")
    parser.add_argument("--norm", choices=("fused", "plain"), default="fused")
    parser.add_argument("--check", metavar="FOLDER", help="hold it against the fixtures instead")
    options = parser.parse_args()
    GlobalNorm.plain = options.norm == "plain"
    torch.set_num_threads(options.threads)
    if options.check:
        return check(options.check)
    torch.manual_seed(0)
    net = RSSNet(*PRESETS[options.preset])
    labels = {"network": "rssnet", "preset": options.preset, "norm": options.norm}
    timing.measured(net, loss, (SOURCES, timing.POINTS), options, **labels)


if __name__ == "__main__":
    main()
