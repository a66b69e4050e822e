"""Compares the results of many that the window exports with those of the command line, for the method RaMixNet.

usage: same_doses.py WINDOW.csv SUMMARY.csv CLASSIFIED.csv      (of `unravel unmix`, and of `unravel classify --csv`)
Exit code 0 where all three name the same substances in the same spectra with the same shares and probabilities.
"""
import csv
import sys


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def found(path, spectrum, name):
    """Share and probability by spectrum and substance."""
    problems = [row["error"] for row in rows(path) if row["error"]]
    if problems:
        sys.exit(f"same doses: {path}: {problems[0]}")
    return {(r[spectrum], r[name]): (float(r["share"]), float(r["confidence"])) for r in rows(path) if r[name]}


def main(window, summary, classified):
    ours, theirs = found(window, "spectrum", "name"), found(summary, "title", "component")
    present = [row for row in rows(classified) if row["present"] == "true"]
    judged = {(row["title"], row["substance"]): float(row["probability"]) for row in present}
    if not judged or not ours.keys() == theirs.keys() == judged.keys():
        return f"other substances: {sorted(ours)}, {sorted(theirs)} and {sorted(judged)}"
    for key, (share, probability) in ours.items():
        if abs(share - theirs[key][0]) > 1e-9 or abs(probability - theirs[key][1]) > 1e-9:
            return f"{key}: {ours[key]} and {theirs[key]}"
        # `classify` writes four places.
        if abs(probability - judged[key]) > 6e-5:
            return f"{key}: {probability} and {judged[key]}"
    return None


if __name__ == "__main__":
    problem = main(*sys.argv[1:])
    if problem:
        sys.exit(f"same doses: {problem}")
