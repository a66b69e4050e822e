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

echo "story b: a laboratory trains a model on its pure spectra and doses ten files"
pure=("$root"/sample_data/pure_*.csv)
ten=("$root"/sample_data/ramixnet_s?.csv "${pure[@]}")
[ "${#ten[@]}" = 10 ] || fail "${#ten[@]} files are to be dosed, not ten"
model=aniline-o-xylene-pyridine-toluene
# The window as the laboratory left it: only its own model is asked.
mkdir -p "$HOME/.local/share/unravel"
cat > "$HOME/.local/share/unravel/app.ron" << END
{"screen": "{\"methods\": {\"chosen\": [\"ramixnet:$model\"]}}"}
END
start
drop "${pure[@]}"
keys ctrl+a
keys ctrl+m
picture b-form
# The field of the minutes, then the button below it.
click 341 298
types 0.2
keys Return
click 282 345
for _ in $(seq 300); do [ -s "$work/data/models/$model/model.json" ] && break; sleep 1; done
[ -s "$work/data/models/$model/model.json" ] || fail "no model was trained in the window"
settle "the training"
picture b-trained
drop "$root"/sample_data/ramixnet_s?.csv
keys ctrl+a
keys ctrl+shift+Return
picture b-table
keys ctrl+k
types "Export results of many"
keys Return
export_to "$work/b-window.csv"
"$unravel" classify "${ten[@]}" --model "ramixnet:$model" --csv "$work/classified.csv" > "$work/log"
"$unravel" unmix "${ten[@]}" --method "ramixnet:$model" --out "$work/b-command" > "$work/log"
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
