#!/usr/bin/env bash
# The real window on a display of its own (Xvfb): a file is dropped, methods are compared, components are exported, the
# program is killed and its work recovered. Needs xvfb, xdotool and python3-xlib; `.ci/run` installs them.
# usage: tests/e2e/run.sh [PROGRAM]    pictures of what was seen go to $UNRAVEL_E2E_OUT when it is set
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
unravel=$(realpath "${1:-$root/target/release/unravel}")
work=$(mktemp -d)
out=${UNRAVEL_E2E_OUT:-}
pid=; server=

finish() {
  if [ -n "$pid" ]; then kill -9 "$pid" 2> /dev/null || true; fi
  if [ -n "$server" ]; then kill "$server" 2> /dev/null || true; fi
  wait 2> /dev/null || true
  rm -rf "$work"
}
trap finish EXIT
fail() {
  echo "end to end: $*" >&2
  cat "$work/log" >&2 || true
  picture failed
  exit 1
}
picture() {
  if [ -n "$out" ] && command -v import > /dev/null; then mkdir -p "$out"; import -window root "$out/$1.png" || true; fi
}

# Nothing of the user's own is read or written, and no desktop is spoken to.
export HOME=$work/home XDG_RUNTIME_DIR=$work/run UNRAVEL_STATE_DIR=$work/state UNRAVEL_DATA_DIR=$work/data
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS XDG_STATE_HOME XDG_DATA_HOME XDG_CONFIG_HOME
mkdir -p "$HOME" "$XDG_RUNTIME_DIR" "$work/out"
chmod 700 "$XDG_RUNTIME_DIR"

exec 7> "$work/display"
Xvfb -displayfd 7 -screen 0 1280x800x24 -nolisten tcp > "$work/xvfb.log" 2>&1 &
server=$!
for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.1; done
[ -s "$work/display" ] || fail "Xvfb does not start: $(cat "$work/xvfb.log")"
DISPLAY=:$(tr -d '[:space:]' < "$work/display")
export DISPLAY

ticks() { awk '{ sub(/^.*\) /, ""); print $12 + $13 }' "/proc/$pid/stat"; }

# Until the program has used no processor for a second: everything that was asked for is done, and an idle window idles.
settle() {
  local before now still=0
  before=$(ticks)
  for _ in $(seq 300); do
    sleep 0.2
    kill -0 "$pid" 2> /dev/null || fail "the program ended while $1"
    now=$(ticks)
    if [ "$now" = "$before" ]; then still=$((still + 1)); else still=0; fi
    [ "$still" -ge 5 ] && return 0
    before=$now
  done
  fail "the program is still at work a minute after $1"
}

start() {
  "$unravel" "$@" > "$work/log" 2>&1 &
  pid=$!
  window=
  for _ in $(seq 200); do
    kill -0 "$pid" 2> /dev/null || fail "the program ended at once"
    window=$(xdotool search --onlyvisible --pid "$pid" 2> /dev/null | tail -n 1 || true)
    [ -n "$window" ] && break
    sleep 0.05
  done
  [ -n "$window" ] || fail "no window appears"
  settle "starting"
  # Without a window manager nobody else hands out the keyboard.
  xdotool windowfocus --sync "$window"
}

title() { xdotool getwindowname "$window"; }
keys() { xdotool key --clearmodifiers "$@"; settle "keys $*"; }
types() { xdotool type --delay 8 -- "$1"; settle "typing"; }
drop() {
  # The Debian package belongs to the Debian Python.
  /usr/bin/python3 "$here/xdnd.py" "$window" 640 400 "$@" || fail "the drop of $* was not taken"
  settle "the drop"
}

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
# The answers are newer than the first autosave; the next one is due 30 s after it.
sleep 32
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
echo "end to end: good"
