#!/usr/bin/env bash
# Runs the benchmarks one after the other and writes what they print into one document.
# usage: benches/report.sh DATA [OUT]       DATA as `unravel bench --data` takes it; OUT is docs/benchmarks.md unless given
#   UNRAVEL=PROGRAM   the program, target/release/unravel unless given
#   COUNT=500         made-up mixtures of each set
#   TRAIN=minutes     as well RaMixNet, trained on the pure spectra of each set for so long at most
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
data=${1:?usage: benches/report.sh DATA [OUT]}
out=${2:-$root/docs/benchmarks.md}
unravel=${UNRAVEL:-$root/target/release/unravel}
count=${COUNT:-500}
new=$(mktemp)
trap 'rm -f "$new"' EXIT

cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2> /dev/null | head -n 1 || true)
{
  echo "# Benchmarks"
  echo
  echo "Written by \`COUNT=$count benches/report.sh DIR\`. Nothing in here was typed by hand. What the columns mean is said by"
  echo "\`unravel bench COMMAND --help\` and in the documents of the methods."
  echo
  echo "| | |"
  echo "| --- | --- |"
  echo "| date | $(date -u +%Y-%m-%d) |"
  echo "| program | $("$unravel" --version), commit $(git -C "$root" rev-parse --short HEAD) |"
  echo "| machine | ${cpu:-$(uname -m)}, $(nproc) cores; load at the start $(cut -d' ' -f1 /proc/loadavg) |"
  echo "| device | CPU (\`--device cpu\`) |"
  echo
  echo "Times are those of a machine that does other work, too, where the load says so."
} > "$new"

# What is printed is what a reader can run; DIR stands for the folder of the data.
bench() {
  local title=$1 words=$2
  shift 2
  echo "$title" >&2
  local begun=$SECONDS text
  text=$("$unravel" bench "$@" --data "$data" --device cpu 2> /dev/null) || { echo "it failed: unravel bench $*" >&2; exit 1; }
  {
    printf '\n## %s\n\n%s\n\n    unravel bench %s --data DIR --device cpu\n\n' "$title" "$words" "$*"
    # shellcheck disable=SC2016
    printf '```\n%s\n```\n\n%s s.\n' "${text//$data/DIR}" $((SECONDS - begun))
  } >> "$new"
}

bench "Mixtures of two, the mixed spectra in the library" \
  "RRUFF minerals by the protocol of the RSSNet paper. The right answer is stored." unmix --set known --n "$count"
bench "Mixtures of two, other specimens in the library" \
  "The substances are stored, the specimens are not." unmix --set resampled --n "$count"
bench "Mixtures of two that the library lacks" \
  "None of the substances is stored: every name is wrong, only shapes can be right." unmix --set unknown --n "$count"
bench "From much noise to little" \
  "SI-SNRi as the noise falls, mixed spectra in the library." noise --n $((count / 5))
bench "Real mixtures" \
  "Of known composition, with a library of their own pure spectra and with these among 1,500 others." mixtures
if [ -n "${TRAIN:-}" ]; then
  bench "Real mixtures, RaMixNet trained on the pure spectra" \
    "A network for each set, trained for $TRAIN minutes at most." classify --minutes "$TRAIN"
fi
bench "Raman spectra out of CARS spectra" \
  "The second half of each set; [cars.md](cars.md) says what is stated besides." cars
mv "$new" "$out"
chmod 644 "$out"
echo "$out" >&2
