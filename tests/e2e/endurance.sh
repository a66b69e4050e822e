#!/usr/bin/env bash
# Long work in the real window: round by round a new session, 1,000 files dropped, 20 comparisons of all methods, sizes of
# the window and themes changed, the session saved and counted. Judges that memory stays, that no file and no answer is
# lost, and that nothing panics. Prints a table.
# usage: tests/e2e/endurance.sh [PROGRAM] [MINUTES]     30 minutes if not said; 10 rounds are 200 comparisons
set -euo pipefail
# shellcheck source=tests/e2e/window.sh
. "$(dirname "$0")/window.sh"
minutes=${2:-30}
files=1000
comparisons=20
methods=8

echo "endurance: making $files files"
bash "$here/many_files.sh" "$unravel" "$files" "$work/many"
end=$((SECONDS + minutes * 60))

# What the process holds, in MB, every two seconds.
sampler() { while sleep 2; do awk -v t="$SECONDS" '/^VmRSS/ { print t, int($2 / 1024) }' "/proc/$pid/status" || exit 0; done; }
middle() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
# A busy machine may take more than the minute that one wait gives.
calm() { for _ in 1 2 3 4; do (settle "$1") 2> /dev/null && return 0; done; settle "$1"; }
press() { xdotool key --clearmodifiers "$@"; calm "keys $*"; }

start
sampler > "$work/memory" 2> /dev/null &
sampling=$!
trap 'kill "$sampling" 2> /dev/null || true; finish' EXIT

echo "round  minute  spectra  comparisons  answers  failed  MB after  MB most"
round=0
while [ "$SECONDS" -lt "$end" ]; do
  round=$((round + 1))
  from=$SECONDS
  /usr/bin/python3 "$here/xdnd.py" "$window" 400 400 "$work"/many/* || fail "the drop of round $round was not taken"
  calm "the drop of round $round"
  for n in $(seq "$comparisons"); do
    # The window is used while the methods are at work.
    xdotool key --clearmodifiers ctrl+Return
    sleep 0.5
    xdotool key --clearmodifiers alt+Down
    case $((n % 5)) in
      1) xdotool windowsize --sync "$window" $((900 + n * 18)) $((600 + n * 9)) ;;
      3) press ctrl+k; xdotool type --delay 8 "light or dark"; press Return ;;
      4) xdotool key --clearmodifiers ctrl+1 ;;
    esac
    # The next comparison is one of the next spectrum.
    calm "comparison $n of round $round"
  done
  saved=$work/out/round$round.unravel
  for _ in 1 2 3; do
    press ctrl+s
    press ctrl+a
    xdotool type --delay 8 -- "$saved"
    press Return
    for _ in $(seq 40); do [ -s "$saved" ] && break 2; sleep 0.5; done
    # On a busy machine the question for a path may come after the typing.
    press Escape
  done
  [ -s "$saved" ] || fail "the session of round $round was not saved"
  read -r spectra asked answered failed <<< "$(python3 "$here/session.py" "$saved")"
  sleep 8
  after=$(tail -n 3 "$work/memory" | cut -d ' ' -f 2 | middle)
  most=$(awk -v from="$from" '$1 >= from { print $2 }' "$work/memory" | sort -n | tail -n 1)
  printf '%5d  %6.1f  %7d  %11d  %7d  %6d  %8d  %7d\n' \
    "$round" "$(awk "BEGIN { print $SECONDS / 60 }")" "$spectra" "$asked" "$answered" "$failed" "$after" "$most"
  [ "$spectra" = "$files" ] || fail "$spectra of $files spectra are in the session"
  [ "$asked" = "$comparisons" ] || fail "$asked of $comparisons comparisons are in the session"
  [ "$answered" = $((comparisons * methods)) ] || fail "$answered of $((comparisons * methods)) answers are in the session"
  [ "$failed" = 0 ] || fail "$failed methods failed"
  echo "$after" >> "$work/after"
  rm "$saved"
  press ctrl+n
done
grep -i panic "$work/log" && fail "the program panicked"
[ "$round" -ge 10 ] || fail "$round rounds are too few to judge memory by; give it more minutes"
kill -0 "$pid" || fail "the program is gone"
xdotool key --clearmodifiers ctrl+q
wait "$pid" || fail "the program ended with exit code $?"
pid=

# In the first fifth of the rounds buffers grow to what a thousand curves take; single rounds are a matter of the moment.
part=$((round / 5))
early=$(sed -n "$((part + 1)),$((2 * part))p" "$work/after" | middle)
late=$(tail -n "$part" "$work/after" | middle)
more=$(awk "BEGIN { printf \"%+.1f\", 100 * ($late - $early) / $early }")
echo "endurance: $round rounds, $((round * files)) files, $((round * comparisons)) comparisons; memory $early MB in the second fifth of the rounds, $late MB in the last ($more %)"
awk "BEGIN { exit !($more <= 10 && $more >= -100) }" || fail "memory grew by more than 10 %"
echo "endurance: good"
