#!/bin/sh
# Several threads write the tables of a first night, each into a session of its own, and then those of a second
# one, into one session. Under ThreadSanitizer run-test fails where a race is reported. usage: pg-write.sh HEDUI
set -eu
hedui=$(realpath "$1")
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/../pg/lib.sh"
start_postgres shared_buffers=32MB log_statement=all 'log_line_prefix=%p '
cd "$work"
createdb county
"$hedui" generate --persons 300 --seed 14 --out county >/dev/null
sed -i 's|^store:.*|store: "postgresql:dbname=county"|' county/hedui.yaml
for day in 1 2; do
    "$hedui" run --quiet --threads 4 --as-of 2026-01-0$day --config county/hedui.yaml >/dev/null
    sed -i '2d' county/data/death.csv
done
[ "$(sed -n 's/^\([0-9]*\) LOG: .*COPY hedui_new\..*/\1/p' "$cluster/server/log" | sort -u | wc -l)" -gt 1 ] ||
    fail 'one session wrote all tables'
