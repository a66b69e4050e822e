#!/usr/bin/env bash
# The real window on a display of its own: a file is dropped, methods are compared, components are exported, the program is
# killed and its work recovered. Then the stories. Needs xvfb, xdotool and python3-xlib; `.ci/run` installs them.
# usage: tests/e2e/run.sh [PROGRAM]    pictures of what was seen go to $UNRAVEL_E2E_OUT when it is set
# shellcheck disable=SC2119  # `start` takes files, and often none
set -euo pipefail
# shellcheck source=tests/e2e/window.sh
. "$(dirname "$0")/window.sh"

echo "end to end: the empty window"
start
picture 1-empty
[ "$(title)" = Unravel ] || fail "the title is $(title)"

echo "end to end: a file is dropped"
cp "$root/sample_data/pain_tablet.jdx" "$work/my tablet.jdx"
drop "$work/my tablet.jdx"
picture 2-dropped
[ "$(title)" = "New session* - Unravel" ] || fail "nothing was opened; the title is $(title)"

echo "end to end: methods are compared"
keys ctrl+Return
picture 3-compared

echo "end to end: components are exported"
keys ctrl+e
keys ctrl+a
types "$work/out/first"
picture 4-export
keys Return
evidence=$(find "$work/out/first" -name '*evidence*.csv' | head -n 1)
[ -n "$evidence" ] || fail "no CSV of the evidence search was written"
head -n 1 "$evidence" | grep -qi paracetamol || fail "paracetamol is not in $(head -n 1 "$evidence")"
"$unravel" unmix "$work/my tablet.jdx" --method evidence --out "$work/cli" > /dev/null
cmp "$evidence" "$work"/cli/*evidence*.csv || fail "the window and the command line disagree"

echo "end to end: killed, started again, recovered"
for _ in $(seq 40); do ls "$work"/state/autosave-*.unravel > /dev/null 2>&1 && break; sleep 1; done
# The answers are newer than the first autosave; the next one is due 20 s after it.
sleep 22
kill -9 "$pid"
wait "$pid" 2> /dev/null || true
start
picture 5-recover
keys Return
[ "$(title)" = "New session* - Unravel" ] || fail "nothing was recovered; the title is $(title)"
keys ctrl+3
picture 6-recovered
keys ctrl+e
keys ctrl+a
types "$work/out/second"
keys Return
cmp "$evidence" "$work"/out/second/*evidence*.csv || fail "the recovered answer is another one"

echo "end to end: undo, then a clean end"
keys ctrl+z
keys ctrl+q
picture 7-unsaved
kill -0 "$pid" || fail "unsaved work was not asked about"
kill "$server" 2> /dev/null || true
echo "end to end: good"
"$here/stories.sh" "$unravel"
