#!/usr/bin/env python3
"""Prints the notices of everything that is inside the program: crates, fonts, trained networks, line tables.

usage: packaging/notices.py [TARGET]     the crates of this target, x86_64-unknown-linux-gnu if not said

Reads what cargo has downloaded for the build; of a choice of licences with MIT in it only the MIT text is printed.
"""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REGISTRY = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo")) / "registry" / "src"
TEXTS = re.compile(r"(?i)^(licen[cs]e|copying|notice|copyright|unlicense|ofl)")


def crates(target):
    """Name, version and licence of every crate in the program, once."""
    asked = ["cargo", "tree", "--locked", "-e", "normal", "--prefix", "none", "--target", target]
    lines = subprocess.run([*asked, "--format", "{p}\t{l}"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    # "(*)" marks a crate whose own ones were listed before.
    found = {tuple(line.removesuffix(" (*)").split("\t")) for line in lines.splitlines() if line}
    named = sorted((*package.split()[:2], licence) for package, licence in found)
    return [(name, version.lstrip("v"), licence) for name, version, licence in named if name != "unravel"]


def texts(name, version, licence):
    folder = next(REGISTRY.glob(f"*/{name}-{version}"), None)
    files = sorted(f for f in folder.rglob("*") if f.is_file() and TEXTS.match(f.name)) if folder else []
    files = [f for f in files if len(f.relative_to(folder).parts) <= 2]
    mit = [f for f in files if "mit" in f.name.lower() and f.parent == folder]
    if mit and re.search(r"MIT", licence) and " AND " not in licence:
        files = mit
    return [f.read_text(errors="replace").strip() for f in files]


def heading(words):
    print(f"\n{'=' * 100}\n{words}\n{'=' * 100}\n")


def main():
    target = sys.argv[1] if len(sys.argv) > 1 else "x86_64-unknown-linux-gnu"
    all_crates = crates(target)
    print("Unravel is under MIT or Apache-2.0, as you like. Inside it are the following works of others.")
    heading("Inter, font. Copyright 2016 The Inter Project Authors")
    print((ROOT / "assets/fonts/OFL.txt").read_text().strip())
    heading("Trained networks: what they were trained on (the spectra themselves are not included)")
    for card in sorted((ROOT / "models").glob("*.json")):
        model = json.loads(card.read_text())
        data = model["data"]
        says = [data["library"], data["citation"], data["licence"]]
        print(f"{model['name']}: {'. '.join(text.rstrip('.') for text in says if text)}.")
    heading("Line tables")
    readme = (ROOT / "README.md").read_text()
    print(readme.split("\n## Licence\n")[1].split("\n## ")[0].strip())
    heading(f"{len(all_crates)} Rust crates; the registry of Rust packages has the source of each under its name and version")
    for name, version, licence in all_crates:
        print(f"{name} {version}: {licence or 'see the text below'}")
    by_text = {}
    for name, version, licence in all_crates:
        for text in texts(name, version, licence):
            by_text.setdefault(" ".join(text.split()), (text, []))[1].append(f"{name} {version}")
    for text, users in by_text.values():
        heading(", ".join(users) if len(users) < 12 else f"{', '.join(users[:11])} and {len(users) - 11} more")
        print(text)


if __name__ == "__main__":
    main()
