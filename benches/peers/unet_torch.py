"""A U-Net for spectra in PyTorch, as a yardstick for the speed of convolutional networks.

    python benches/peers/unet_torch.py --threads 2 --batch 8 --seconds 20   # one JSON line

The layout, [channels] at each scale, 1,327,553 parameters in 84 arrays (`print(UNet())` lists them):
    stem    conv 1 -> 32, 5 taps
    down    block [32]; three times: conv c -> c, 4 taps, stride 2, pad 1, then block [64], [128], [256]
    up      three times: transposed conv 2c -> c, 4 taps, stride 2, pad 1; joined to the same scale of the way down
            (new channels first); block 2c -> c: [128], [64], [32]
    head    conv 32 -> 1, 1 tap
A block is act(norm(conv5(act(norm(conv5(x)))))) + side(x): `side` is a 1x1 convolution where channels change and x
itself elsewhere; norms have 8 groups; all convolutions have a bias.
"""

import torch
import torch.nn.functional as F
from torch import nn

import timing

WIDTHS, TAPS, GROUPS = (32, 64, 128, 256), 5, 8
ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU, "silu": nn.SiLU}


class Block(nn.Module):
    def __init__(self, inputs, outputs, act):
        super().__init__()
        self.first = nn.Conv1d(inputs, outputs, TAPS, padding=TAPS // 2)
        self.first_norm = nn.GroupNorm(GROUPS, outputs)
        self.second = nn.Conv1d(outputs, outputs, TAPS, padding=TAPS // 2)
        self.second_norm = nn.GroupNorm(GROUPS, outputs)
        self.side = nn.Identity() if inputs == outputs else nn.Conv1d(inputs, outputs, 1)
        self.act = act()

    def forward(self, x):
        y = self.act(self.first_norm(self.first(x)))
        return self.act(self.second_norm(self.second(y))) + self.side(x)


class UNet(nn.Module):
    def __init__(self, act=nn.ReLU):
        super().__init__()
        pairs = list(zip(WIDTHS, WIDTHS[1:]))
        self.stem = nn.Conv1d(1, WIDTHS[0], TAPS, padding=TAPS // 2)
        self.first = Block(WIDTHS[0], WIDTHS[0], act)
        self.shrink = nn.ModuleList(nn.Conv1d(a, a, 4, 2, 1) for a, _ in pairs)
        self.down = nn.ModuleList(Block(a, b, act) for a, b in pairs)
        self.grow = nn.ModuleList(nn.ConvTranspose1d(b, a, 4, 2, 1) for a, b in reversed(pairs))
        self.up = nn.ModuleList(Block(2 * a, a, act) for a, _ in reversed(pairs))
        self.head = nn.Conv1d(WIDTHS[0], 1, 1)

    def forward(self, x):
        x = self.first(self.stem(x[:, None]))
        kept = []
        for shrink, block in zip(self.shrink, self.down):
            kept.append(x)
            x = block(shrink(x))
        for grow, block in zip(self.grow, self.up):
            x = block(torch.cat([grow(x), kept.pop()], 1))
        return self.head(x)[:, 0]


def main():
    parser = timing.arguments(__doc__.splitlines()[0])
    parser.add_argument("--activation", choices=ACTIVATIONS, default="relu")
    options = parser.parse_args()
    torch.manual_seed(0)
    net = UNet(ACTIVATIONS[options.activation])
    timing.measured(net, F.mse_loss, (timing.POINTS,), options, network="unet", activation=options.activation)


if __name__ == "__main__":
    main()
