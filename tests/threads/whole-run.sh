#!/bin/sh
# The whole pipeline with several threads: a first run, which trains the model and fills an empty
# store, and a second one, which reads both. Under ThreadSanitizer run-test fails where a race is
# reported. usage: whole-run.sh HEDUI
set -eu
hedui=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$hedui" generate --persons 1000 --seed 14 --out "$work/county" >/dev/null
cd "$work/county"
"$hedui" run --quiet --threads 4 --as-of 2026-01-01 --csv out >/dev/null
sed -i '2d' data/death.csv
"$hedui" run --quiet --threads 4 --as-of 2026-01-02 --csv out >/dev/null
