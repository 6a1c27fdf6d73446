#!/bin/sh
# A run over databases that was lost is continued while their server is down: it is not asked, the
# tables are those of a run that nothing happened to, and the snapshot is the lost run's.
# usage: continue.sh HEDUI
set -eu
hedui=$(realpath "$1")
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/lose.sh
. "$root/tests/support/lose.sh"
start_postgres
cd "$work"
"$hedui" generate --persons 500 --seed 22 --out county >/dev/null
"$root/fixtures/departments/load" county
export PGSERVICEFILE="$work/county/pg_service.conf"
for name in quiet lost; do
    sed "s|^store:.*|store: $name/county.db|" county/hedui-postgres.yaml >county/$name.yaml
    mkdir county/$name
done

run() { # NAME [OPTION...]
    name=$1
    shift
    "$hedui" run --config "county/$name.yaml" --as-of 2026-01-01 --csv "$name" "$@" >said 2>&1
}

run quiet || fail "a quiet night: $(cat said)" # trains the model that the other uses
# killed when it has kept what it read, but not published
for try in 1 2 3 4 5; do
    rm -rf county/lost
    mkdir county/lost
    lose_run county/lost/runs --config county/lost.yaml --as-of 2026-01-01 && break
    [ $try -lt 5 ] || fail "nothing was kept: $(cat said)"
done
sleep 1
before=$(date -u +%Y-%m-%dT%H:%M:%S)
"$root/ops/postgres" stop "$cluster/server"
run lost || fail "not continued: $(cat said)"
grep -q '^\[1/[0-9]\] ' said || fail "other stages: $(cat said)"
for table in person person_value person_link person_history relation discrepancy reject; do
    case $table in
    reject) columns=2- ;; # without the run
    *) columns=1- ;;
    esac
    cut -d, -f$columns "quiet/$table.csv" >wanted
    cut -d, -f$columns "lost/$table.csv" | cmp wanted - || fail "table $table is another"
done
python3 - "$before" <<'P'
import csv, sys
rows = list(csv.DictReader(open("lost/run_source.csv")))
times = {r["snapshot_time"][:19].replace(" ", "T") for r in rows}
assert rows and all("2020" < t < sys.argv[1] for t in times), times
P
run lost && fail 'a run without a server that has nothing to continue'
echo 'continued without a server'
