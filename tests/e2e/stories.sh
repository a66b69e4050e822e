#!/usr/bin/env bash
# The three stories that the program is for, each through the real window and through the command line; what both export must
# be the same. Needs what run.sh needs.
# usage: tests/e2e/stories.sh [PROGRAM]    pictures of what was seen go to $UNRAVEL_E2E_OUT when it is set
# shellcheck disable=SC2119  # `start` takes files, and often none
set -euo pipefail
# shellcheck source=tests/e2e/window.sh
. "$(dirname "$0")/window.sh"

# Ends the program; what is unsaved is given up.
leave() {
  kill -9 "$pid"
  wait "$pid" 2> /dev/null || true
  rm -rf "$work/state"
}

# Every CSV of the second folder has its like in the first, byte for byte; names end alike.
same() {
  local theirs tail ours
  for theirs in "$2"/*_*.csv; do
    tail=_${theirs##*_}
    ours=$(find "$1" -name "*$tail")
    [ -n "$ours" ] || fail "the window wrote no file *$tail"
    cmp "$ours" "$theirs" || fail "the window and the command line disagree on *$tail"
  done
}

# Types a path into the dialog of an export.
export_to() {
  keys ctrl+a
  types "$1"
  keys Return
}

echo "story a: an unknown powder in an SPC file, taken apart by five methods"
methods=evidence,guided,rssnet,nnomp,sunsal
start
cp "$root/sample_data/unknown_powder.spc" "$work/unknown powder.spc"
drop "$work/unknown powder.spc"
keys ctrl+Return
picture a-compared
keys ctrl+e
export_to "$work/a-window"
picture a-exported
"$unravel" unmix "$work/unknown powder.spc" --method $methods --out "$work/a-command" > "$work/log"
same "$work/a-window" "$work/a-command"
for substance in Gypsum Anatase Calcite; do
  head -n 1 "$work"/a-command/*_evidence.csv | grep -q "$substance" || fail "$substance is not found in the powder"
done
leave

echo "story b: a laboratory trains on its pure spectra and doses ten files"
"$unravel" train ramixnet --pure "$root"/sample_data/pure_*.csv --samples 2048 --out "$work/model" > "$work/log" 2>&1
ten=("$root"/sample_data/ramixnet_s?.csv "$root"/sample_data/pure_*.csv)
[ "${#ten[@]}" = 10 ] || fail "${#ten[@]} files are to be dosed, not ten"
"$unravel" classify "${ten[@]}" --model "$work/model/model.json" --csv "$work/classified.csv" > "$work/log"
"$unravel" unmix "${ten[@]}" --method ramixnet --setting "ramixnet.model=$work/model/model.json" --out "$work/b-command" \
  > "$work/log"
# The window as the laboratory left it: its own model chosen.
mkdir -p "$HOME/.local/share/unravel"
cat > "$HOME/.local/share/unravel/app.ron" << END
{"screen": "{\"methods\": {\"chosen\": [\"ramixnet\"], \"settings\": {\"ramixnet\": {\"model\": \"$work/model/model.json\"}}}}"}
END
start
drop "${ten[@]}"
keys ctrl+a
keys ctrl+shift+Return
picture b-table
keys ctrl+k
types "Export results of many"
keys Return
export_to "$work/b-window.csv"
python3 "$here/same_doses.py" "$work/b-window.csv" "$work/b-command/summary.csv" "$work/classified.csv" ||
  fail "the window and the command line dose otherwise"
leave
rm -r "$HOME/.local/share/unravel"

echo "story c: from CARS to Raman to the substance"
start
drop "$root/sample_data/toluene_cars.csv"
keys ctrl+r
picture c-recovered
keys ctrl+e
export_to "$work/c-window"
"$unravel" recover "$root/sample_data/toluene_cars.csv" --out "$work/c-command" --method rampinn,fit,kk,mem > "$work/log"
same "$work/c-window" "$work/c-command"
cmp "$work/c-window/lines.csv" "$work/c-command/lines.csv" || fail "the lines are other ones"
[ "$(grep -c ',Toluene,' "$work/c-window/summary.csv")" = 4 ] || fail "not every method leads to toluene"
keys ctrl+k
types "Add recovered"
keys Return
picture c-kept
leave
echo "stories: good"
