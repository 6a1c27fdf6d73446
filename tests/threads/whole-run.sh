#!/bin/sh
# The whole pipeline with several threads: a first run, which trains the model and fills an empty
# store, a second one, which reads both, and a third, which fails and is continued. Under
# ThreadSanitizer run-test fails where a race is reported. usage: whole-run.sh HEDUI
set -eu
hedui=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$hedui" generate --persons 1000 --seed 14 --out "$work/county" >/dev/null
cd "$work/county"
"$hedui" run --quiet --threads 4 --as-of 2026-01-01 --csv out >/dev/null
sed -i '2d' data/death.csv
"$hedui" run --quiet --threads 4 --as-of 2026-01-02 --csv out >/dev/null
mv model.json model
echo '{' >model.json
"$hedui" run --quiet --threads 4 --as-of 2026-01-03 >/dev/null 2>&1 && exit 1
[ -f runs/*/mentions.hdm ] || { echo "nothing was kept"; exit 1; }
mv model model.json
"$hedui" run --threads 4 --as-of 2026-01-03 --csv out 2>err.txt >/dev/null
grep -F '[1/8]' err.txt
