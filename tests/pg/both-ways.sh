#!/bin/sh
# The same rows give the same tables, byte for byte, from files into SQLite and from the departments'
# databases into the county's; and the tables in the county's database hold the same cells.
# usage: both-ways.sh HEDUI
set -eu
hedui=$(realpath "$1")
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
start_postgres
county=$work/county
files=$work/files
tables='person person_value person_link person_history relation discrepancy'
"$hedui" generate --persons 2000 --seed 21 --out "$county" >/dev/null
"$root/fixtures/departments/load" "$county"
"$root/fixtures/departments/export" "$county" "$files"
export PGSERVICEFILE="$county/pg_service.conf"

run() { # CONFIGURATION OUT
    "$hedui" run --quiet --config "$1" --as-of 2026-01-01 --csv "$2" >/dev/null
}

run "$files/hedui.yaml" "$work/A" # trains the model that the other uses
cp "$files/model-postgres.json" "$county/"
run "$county/hedui-postgres.yaml" "$work/B"
for table in $tables; do
    cmp "$work/A/$table.csv" "$work/B/$table.csv" ||
        fail "$table is not the same from files and from databases"
    psql -Xqd service=county -c "COPY (SELECT * FROM hedui.$table) TO STDOUT (FORMAT csv, HEADER)" \
        >"$work/$table.csv"
done

# An index on an id serves a join with the id of another table only where both compare alike.
others=$(psql -XAtqd service=county -c "SELECT string_agg(concat(table_name, '.', column_name), ' ')
    FROM information_schema.columns WHERE table_schema = 'hedui' AND collation_name IS DISTINCT FROM 'C'
    AND column_name ~ '(person|record|discrepancy|decision)_id(_[ab])?$'")
[ -z "$others" ] || fail "ids that are not in the order of their bytes: $others"

# Both are sorted by their cells, of which the key comes first. A measure is written 1.000000 in a file
# and 1 by PostgreSQL.
# shellcheck disable=SC2086  # a list of names
python3 - "$work" $tables <<'P'
import csv, sys

def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        header, *rest = csv.reader(file)
    return [header] + sorted(rest)

def same(a, b):
    try:
        return a == b or ("." in a and float(a) == float(b))
    except ValueError:
        return False

for table in sys.argv[2:]:
    wanted, found = rows(f"{sys.argv[1]}/B/{table}.csv"), rows(f"{sys.argv[1]}/{table}.csv")
    if len(wanted) != len(found) or len(wanted) < 2 and table != "person_history":
        sys.exit(f"{table}: {len(found) - 1} rows in PostgreSQL, {len(wanted) - 1} in the file")
    for number, (a, b) in enumerate(zip(wanted, found)):
        if len(a) != len(b) or not all(map(same, a, b)):
            sys.exit(f"{table}: row {number} in the order of keys is not the same in PostgreSQL")
P
echo 'the same both ways'
