#!/bin/sh
# The whole pipeline with several threads: a first run, which trains the model and fills an empty
# store, a second one, which reads both, and a third, which is lost and continued. Under
# ThreadSanitizer run-test fails where a race is reported. usage: whole-run.sh HEDUI
set -eu
hedui=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$hedui" generate --persons 1000 --seed 14 --out "$work/county" >/dev/null
# shellcheck source=tests/support/lose.sh
. "$(dirname "$0")/../support/lose.sh"
cd "$work/county"
"$hedui" run --quiet --threads 4 --as-of 2026-01-01 --csv out >/dev/null
sed -i '2d' data/death.csv
"$hedui" run --quiet --threads 4 --as-of 2026-01-02 --csv out >/dev/null
for day in 3 4 5 6 7; do
    lose_run runs --threads 4 --as-of 2026-01-0$day && break
    [ $day -lt 7 ] || { echo "nothing was kept"; exit 1; }
done
"$hedui" run --threads 4 --as-of 2026-01-0$day --csv out 2>err.txt >/dev/null
grep -q '^\[1/[0-9]\] ' err.txt # the stages from block on, as the sources were not read
