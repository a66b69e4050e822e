#!/usr/bin/env bash
# Starts the program without a display as a user would: reads the sample data, prepares it, searches, writes a CSV and reads that again.
set -euo pipefail
cd "$(dirname "$0")/.."
unravel=${1:-target/release/unravel}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

fail() { echo "smoke test: $*" >&2; exit 1; }

"$unravel" info sample_data --json > "$out/info.json"
grep -q '"reader": "spc"' "$out/info.json" || fail "the SPC sample was not recognised"
grep -q '"error": "' "$out/info.json" && fail "a sample file could not be read"

"$unravel" process sample_data/calcite_quartz_mixture.csv --steps 'despike|arpls|normalize:max' --out "$out/prepared" > /dev/null
"$unravel" convert "$out/prepared" --to spc --out "$out/spc" > /dev/null
"$unravel" library search "$out/spc" --top 3 > "$out/hits.txt"
grep -Eq '^ +1 .*Calcite' "$out/hits.txt" || { cat "$out/hits.txt"; fail "calcite is not the first hit"; }

# Exit codes: 1 when some inputs fail, 2 when the command line is wrong.
code=0; "$unravel" info sample_data/polystyrene.spc /nowhere/at/all.spc > /dev/null 2>&1 || code=$?
[ "$code" = 1 ] || fail "a missing file gave exit code $code instead of 1"
code=0; "$unravel" convert > /dev/null 2>&1 || code=$?
[ "$code" = 2 ] || fail "a wrong command line gave exit code $code instead of 2"

# Without a display the window says why, and not what followed from it.
code=0; env -u DISPLAY -u WAYLAND_DISPLAY -u WAYLAND_SOCKET "$unravel" > "$out/window.txt" 2>&1 || code=$?
[ "$code" = 1 ] || fail "a window without a display gave exit code $code instead of 1"
grep -q "neither .*DISPLAY.* is set" "$out/window.txt" || { cat "$out/window.txt"; fail "the missing display is not named"; }
echo "smoke test: good"
