#!/usr/bin/env bash
# kill -9 at random moments while files are dropped and compared: each time the program is started again, recovers, saves,
# and what it recovered is counted. Judges that nothing older than 30 s is missing. Prints a table.
# usage: tests/e2e/kill.sh [PROGRAM] [KILLS] [SEED]     20 kills of seed 1 if not said, about 15 minutes
set -euo pipefail
# shellcheck source=tests/e2e/window.sh
. "$(dirname "$0")/window.sh"
kills=${2:-20}
RANDOM=${3:-1}
# What may be lost, and the time that loading the drop and writing the file take on a busy machine.
most_s=30
slack_s=2

bash "$here/many_files.sh" "$unravel" 300 "$work/many"
now() { date +%s.%N; }
# Drops one file after another, noting when each was taken, and compares on and on.
work_on() {
  local file
  for file in "$work"/many/*; do
    /usr/bin/python3 "$here/xdnd.py" "$window" 400 400 "$file" 2> /dev/null || return 0
    now >> "$work/dropped"
    xdotool key --clearmodifiers ctrl+Return || return 0
    sleep 0.4
  done
}

echo "kill  after s  dropped  recovered  oldest lost s"
worst=0
for n in $(seq "$kills"); do
  rm -rf "$work/state" "$work/dropped" "$work/recovered.unravel"
  touch "$work/dropped"
  moment=$((3 + RANDOM % 62)).$((RANDOM % 10))
  start
  work_on > /dev/null 2>&1 &
  working=$!
  sleep "$moment"
  killed=$(now)
  kill -9 "$pid"
  wait "$pid" 2> /dev/null || true
  wait "$working" || true

  start
  dropped=$(wc -l < "$work/dropped")
  recovered=0
  if ls "$work"/state/autosave-*.unravel > /dev/null 2>&1; then
    keys Return
    [ "$(title)" = "New session* - Unravel" ] || fail "nothing was recovered after kill $n; the title is $(title)"
    keys ctrl+s
    keys ctrl+a
    types "$work/recovered.unravel"
    keys Return
    read -r recovered _ <<< "$(python3 "$here/session.py" "$work/recovered.unravel")"
  fi
  # The first drop that is missing; one that was taken but not yet noted counts for the program.
  lost=$(awk -v have="$recovered" -v killed="$killed" 'NR == have + 1 { print killed - $1; found = 1; exit } END { if (!found) print 0 }' "$work/dropped")
  printf '%4d  %7s  %7d  %9d  %13.1f\n' "$n" "$moment" "$dropped" "$recovered" "$lost"
  awk "BEGIN { exit !($lost <= $most_s + $slack_s) }" || fail "what was done $lost s before kill $n is missing"
  worst=$(awk "BEGIN { print ($lost > $worst) ? $lost : $worst }")
  grep -i panic "$work/log" && fail "the program panicked"
  xdotool key --clearmodifiers ctrl+q
  wait "$pid" || fail "the program ended with exit code $? after kill $n"
  pid=
  left=$(find "$work/state" -name 'autosave-*')
  [ -z "$left" ] || fail "a clean end leaves $left behind"
done
printf 'kill: %d kills, the oldest loss was %.1f s old\n' "$kills" "$worst"
echo "kill: good"
