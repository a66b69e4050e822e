#!/usr/bin/env python3
"""Draws the icon and renders it: SVG, PNG sizes, .ico for Windows, .icns for macOS, all into assets/icon.

usage: packaging/icons.py        needs rsvg-convert (Debian: librsvg2-bin)

A measured curve lifted off the bands it is made of. The two small sizes leave out a band and have broader lines.
"""
import struct
import subprocess
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "assets" / "icon"
SIDE = 512
SIZES = (16, 32, 48, 64, 128, 256, 512)
SMALL = 32
GROUND, FOOT = ("#2d5169", "#182c3d"), 444
CURVE = "#ffffff"
# Centre, half width, height, colour: colours of the window's curves, which people with any colour vision tell apart.
BANDS = ((148, 28, 215, "#f2a33a"), (262, 32, 135, "#3fb8d2"), (368, 26, 185, "#e3679a"))
BANDS_SMALL = ((164, 38, 195, "#f2a33a"), (352, 38, 150, "#3fb8d2"))


def band(x, centre, half_width, height):
    return height / (1 + ((x - centre) / half_width) ** 2)


def path(points):
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def svg(bands, lift, width, gap):
    left, right = 44, SIDE - 44
    xs = range(left, right + 1, 4)
    parts = []
    for centre, half_width, height, colour in bands:
        curve = [(x, FOOT - band(x, centre, half_width, height)) for x in xs]
        closed = path([(left, FOOT), *curve, (right, FOOT)]) + "Z"
        parts.append(f'<path d="{closed}" fill="{colour}" stroke="{GROUND[1]}" stroke-width="{gap}"/>')
    total = [(x, FOOT - lift - sum(band(x, *b[:3]) for b in bands)) for x in xs]
    parts.append(
        f'<path d="{path(total)}" fill="none" stroke="{CURVE}" stroke-width="{width}" stroke-linejoin="round" stroke-linecap="round"/>'
    )
    return "\n  ".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}">',
            "<title>Unravel</title>",
            f'<defs><linearGradient id="ground" x2="0" y2="1"><stop stop-color="{GROUND[0]}"/>'
            f'<stop offset="1" stop-color="{GROUND[1]}"/></linearGradient></defs>',
            f'<rect x="8" y="8" width="{SIDE - 16}" height="{SIDE - 16}" rx="104" fill="url(#ground)"/>',
            *parts,
        )
    ) + "\n</svg>\n"


def ico(pngs):
    """Windows: a directory of PNGs (Vista and later)."""
    head, body = struct.pack("<HHH", 0, 1, len(pngs)), b""
    start = 6 + 16 * len(pngs)
    for size, png in pngs.items():
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(png), start + len(body))
        body += png
    return head + body


def icns(pngs):
    """macOS: named blocks of PNGs; the second name of a size is its twice as dense display."""
    names = {16: ("icp4",), 32: ("icp5", "ic11"), 64: ("icp6", "ic12"), 128: ("ic07",), 256: ("ic08", "ic13"), 512: ("ic09", "ic14")}
    body = b"".join(
        name.encode() + struct.pack(">I", 8 + len(pngs[size])) + pngs[size] for size, known in names.items() for name in known
    )
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    drawings = {
        "unravel.svg": svg(BANDS, lift=88, width=22, gap=7),
        "unravel-small.svg": svg(BANDS_SMALL, lift=112, width=40, gap=0),
    }
    for name, text in drawings.items():
        (OUT / name).write_text(text)
    pngs = {}
    for size in SIZES:
        source = OUT / ("unravel-small.svg" if size <= SMALL else "unravel.svg")
        target = OUT / f"unravel-{size}.png"
        subprocess.run(["rsvg-convert", "-w", str(size), "-h", str(size), "-o", target, source], check=True)
        pngs[size] = target.read_bytes()
    (OUT / "unravel.ico").write_bytes(ico({s: p for s, p in pngs.items() if s <= 256}))
    (OUT / "unravel.icns").write_bytes(icns(pngs))
    print(f"{OUT}: {', '.join(sorted(p.name for p in OUT.iterdir()))}")


if __name__ == "__main__":
    main()
