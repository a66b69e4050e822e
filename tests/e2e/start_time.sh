#!/usr/bin/env bash
# How big the program is and how long it takes to start: from its call to its window, and to the first picture in it, on a
# display without a GPU.
# usage: tests/e2e/start_time.sh [PROGRAM] [TIMES]     needs xvfb, xdotool and imagemagick
set -euo pipefail
# shellcheck source=tests/e2e/window.sh
. "$(dirname "$0")/window.sh"
times=${2:-10}

ms() { echo $(($(date +%s%N) / 1000000)); }
# An empty display has one colour.
drawn() { [ "$(import -window root -resize 64x40 txt:- | awk 'NR > 1 { print $3 }' | sort -u | head -n 9 | wc -l)" -gt 8 ]; }
middle() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

for _ in $(seq "$times"); do
  from=$(ms)
  "$unravel" --version > /dev/null
  echo $(($(ms) - from)) >> "$work/version"
  from=$(ms)
  "$unravel" > "$work/log" 2>&1 &
  pid=$!
  until xdotool search --onlyvisible --pid "$pid" > /dev/null 2>&1; do sleep 0.01; done
  echo $(($(ms) - from)) >> "$work/window"
  until drawn 2> /dev/null; do :; done
  echo $(($(ms) - from)) >> "$work/drawn"
  kill -9 "$pid"
  wait "$pid" 2> /dev/null || true
  pid=
  until ! drawn 2> /dev/null; do :; done
done
echo "program $(stat -c %s "$unravel" | awk '{ printf "%.1f MB", $1 / 1e6 }')"
for what in version window drawn; do
  echo "$what $(middle < "$work/$what") ms, at most $(sort -n "$work/$what" | tail -n 1) ms ($times starts)"
done
