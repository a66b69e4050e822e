# shellcheck shell=bash
# What the scripts beside it share: a display of their own (Xvfb), the window on it, keys, drops, pictures. To be sourced with
# the program as argument; pictures of what was seen go to $UNRAVEL_E2E_OUT when it is set. Needs xvfb, xdotool and
# python3-xlib.
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
# Without -noreset it starts anew when the last window goes, and a program that starts meanwhile finds no display.
Xvfb -displayfd 7 -screen 0 1280x800x24 -nolisten tcp -noreset > "$work/xvfb.log" 2>&1 &
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
