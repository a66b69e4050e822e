#!/usr/bin/env bash
# Makes many different spectra of the sample data, a third each as CSV, JCAMP-DX and SPC.
# usage: tests/e2e/many_files.sh PROGRAM NUMBER OUT_DIR
set -euo pipefail
unravel=$1
number=$2
out=$3
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$unravel" convert "$root"/sample_data/{calcite_quartz_series.spc,pain_tablet.jdx,unknown_powder.spc,polystyrene.spc} \
  --to csv --out "$work/kinds" > /dev/null
# Every copy has a noise of its own: equal curves would be stored once.
python3 - "$work" "$number" << 'EOF'
import random, sys
from pathlib import Path
work, number = Path(sys.argv[1]), int(sys.argv[2])
kinds = [path.read_text().splitlines() for path in sorted((work / "kinds").glob("*.csv"))]
random.seed(1)
for copy in range(number):
    lines = []
    for line in kinds[copy % len(kinds)]:
        cells = line.split(",")
        if len(cells) == 2 and cells[0][:1].isdigit():
            line = f"{cells[0]},{float(cells[1]) * (1 + random.gauss(0, 0.002)):.3f}"
        lines.append(line)
    folder = work / ("csv", "jcamp", "spc")[copy % 3]
    folder.mkdir(exist_ok=True)
    (folder / f"sample_{copy:04}.csv").write_text("\n".join(lines) + "\n")
EOF
for kind in csv jcamp spc; do "$unravel" convert "$work/$kind" --to "$kind" --out "$out" > /dev/null; done
made=$(find "$out" -type f | wc -l)
[ "$made" = "$number" ] || {
  echo "many files: $made files were made instead of $number" >&2
  exit 1
}
