#!/bin/sh
# Reading tables: the same bytes as from a file, in any order of rows, divided or not, by any number of
# threads; two databases; rows of one key; and one snapshot while others write. usage: read.sh HEDUI
set -eu
hedui=$(realpath "$1")
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
start_postgres log_statement=all
cd "$work"
tables='person person_value person_link person_history relation discrepancy mention'

config() { # PLACE...: hedui.yaml, of a household register that is there
    cat <<Y
site: 530303
link: {model: model.json}
sources:
  household:
    type: household
$(printf '    %s\n' "$@")
    key: [rybh]
    mentions:
      self: {name: xm, sex: xb, id_number: sfzh, birth_date: csrq, registered_address: zz, household: hh}
Y
}

run() { # OUT [OPTION...]
    out=$1
    shift
    "$hedui" run --quiet --as-of 2026-01-01 --csv "$out" "$@" >said 2>&1 || fail "run $out: $(cat said)"
}

expect_same() { # OUT OTHER
    for table in $tables; do
        cmp "$1/$table.csv" "$2/$table.csv" || fail "$table is not the same in $1 and $2"
    done
    # by its record's id, not by where it stood
    cut -d, -f6- "$1/reject.csv" | sort >wanted
    cut -d, -f6- "$2/reject.csv" | sort | cmp wanted - || fail "reject is not the same in $1 and $2"
}

# Rows read, linked, rejected, filtered, of all sources.
counts() { # OUT
    awk -F, 'NR > 1 {r += $3; l += $4; j += $5; f += $6} END {print r, l, j, f}' "$1/run_source.csv"
}

# ---- the same as from a file ----

createdb -T template0 one
createdb -T template0 two
"$hedui" generate --persons 1500 --seed 4 --out county >/dev/null
sed '1s/^\xEF\xBB\xBF//' county/data/household.csv | tr -d '\r' >plain.csv
ask one "CREATE TABLE plain ($(sed -n '1s/,/ text, /gp' plain.csv) text)"
ask one "\\copy plain FROM 'plain.csv' (FORMAT csv, HEADER)"
# rows of one key: with other values, with the same, and where only what is not linked differs
ask one "INSERT INTO plain SELECT rybh, xm || '某', cym, xb, sfzh, csrq, mz, hyzk, xzqh, zz, lxdh, hh, yhzgx,
        zt, gxsj FROM plain WHERE rybh LIKE '%0'" \
    "INSERT INTO plain SELECT * FROM plain WHERE rybh LIKE '%05'" \
    "INSERT INTO plain (rybh, xm) VALUES ('', 'x'), (NULL, 'y'), (NULL, NULL)"
ask one "\\copy plain TO 'household.csv' (FORMAT csv, HEADER)"
config 'csv: household.csv' >hedui.yaml
run file
[ "$(grep -c ',key_twice$' file/reject.csv)" -gt 100 ] || fail 'rows of one key are rejected'
config 'postgresql: "dbname=one"' 'table: plain' >hedui.yaml
run table
for name in $tables; do
    cmp "file/$name.csv" "table/$name.csv" || fail "$name is not the same from a file and a table"
done
[ "$(counts file)" = "$(counts table)" ] || fail 'counts of a file and a table'
grep -q ',xxh3-multiset:[0-9a-f]\{32\},20..-..-..T..:..:..Z$' table/run_source.csv ||
    fail 'checksum and time of a snapshot'

# ---- divided: each row is followed by eight blocks whose rows are gone, about 100 MB in all ----

spread() { # TABLE ORDER
    ask one "CREATE TABLE $1 AS TABLE plain WITH NO DATA" "ALTER TABLE $1 ADD pad text" \
        "ALTER TABLE $1 ALTER pad SET STORAGE PLAIN" \
        "INSERT INTO $1 SELECT p.*, CASE WHEN i > 0 THEN repeat('x', 7000) END
             FROM (SELECT * FROM plain ORDER BY $2) p, generate_series(0, 8) i" \
        "DELETE FROM $1 WHERE pad IS NOT NULL"
}
spread by_key rybh
spread shuffled "md5(rybh || xm)"
# the same in partitions of two levels, one of which is longer than all others
ask one "CREATE TABLE parted (LIKE by_key INCLUDING STORAGE) PARTITION BY LIST (xb)" \
    "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN ('1')" \
    "CREATE TABLE parted_rest PARTITION OF parted DEFAULT PARTITION BY HASH (rybh)" \
    "CREATE TABLE parted_0 PARTITION OF parted_rest FOR VALUES WITH (MODULUS 3, REMAINDER 0)" \
    "CREATE TABLE parted_2 PARTITION OF parted_rest FOR VALUES WITH (MODULUS 3, REMAINDER 1)" \
    "CREATE TABLE parted_3 PARTITION OF parted_rest FOR VALUES WITH (MODULUS 3, REMAINDER 2)" \
    "INSERT INTO parted SELECT p.*, CASE WHEN i > 0 THEN repeat('x', 7000) END
         FROM plain p, generate_series(0, 8) i" \
    "DELETE FROM parted WHERE pad IS NOT NULL"
for name in by_key shuffled parted; do
    config 'postgresql: "dbname=one"' "table: $name" >hedui.yaml
    for threads in 1 2 3; do
        run "$name-$threads" --threads $threads
        expect_same table "$name-$threads"
        [ "$(cut -d, -f3-9 table/run_source.csv)" = "$(cut -d, -f3-9 "$name-$threads/run_source.csv")" ] ||
            fail "counts and checksum of $name-$threads"
    done
done
[ "$(grep -c "COPY (SELECT .* WHERE ctid >= '([1-9]" "$cluster/server/log")" -ge 12 ] ||
    fail 'no table was divided'
grep -q "COPY (SELECT .* FROM .*parted.* WHERE ctid >= '([1-9]" "$cluster/server/log" ||
    fail 'no partitioned table was divided'
echo 'any order, divided, 1 to 3 threads: the same'

# Where a query gives its rows in another order the second time, which of two was meant is not known.
config 'postgresql: "dbname=one"' 'query: SELECT * FROM plain ORDER BY rybh, xm, plain::text' >hedui.yaml
run query
expect_same table query
config 'postgresql: "dbname=one"' 'query: SELECT * FROM plain ORDER BY random()' >hedui.yaml
code=0
"$hedui" run --quiet --csv no --as-of 2026-01-01 >said 2>&1 || code=$?
[ $code = 3 ] || fail "a query in no order: exit code $code"
grep -q 'its rows came in another order' said || fail "a query in no order: $(cat said)"

# ---- one snapshot, while rows move between two tables, and within them ----

ask two "CREATE TABLE here AS SELECT 'K' || i AS rybh, '张' || i AS xm, repeat('x', 7000) AS pad
        FROM generate_series(1, 12000) i WHERE false" \
    "ALTER TABLE here ALTER pad SET STORAGE PLAIN" \
    "INSERT INTO here SELECT 'K' || i, '张' || i, repeat('x', 7000) FROM generate_series(1, 9000) i" \
    "CREATE TABLE there (LIKE here)" "CREATE TABLE moved (n int)" "INSERT INTO moved VALUES (0)" \
    "CREATE TABLE stop (n int)"
cat >mover.sql <<'S'
DO $$
DECLARE id text;
BEGIN
    WHILE NOT EXISTS (SELECT FROM stop) LOOP
        FOR i IN 1..20 LOOP
            id := 'K' || 1 + floor(random() * 9000)::int;
            WITH gone AS (DELETE FROM here WHERE rybh = id RETURNING *)
                INSERT INTO there SELECT rybh, xm, NULL FROM gone;
            id := 'K' || 1 + floor(random() * 9000)::int;
            WITH gone AS (DELETE FROM there WHERE rybh = id RETURNING *)
                INSERT INTO here SELECT rybh, xm, NULL FROM gone;
            id := 'K' || 1 + floor(random() * 9000)::int;
            UPDATE here SET xm = xm || '' WHERE rybh = id;
        END LOOP;
        UPDATE moved SET n = n + 20;
        COMMIT;
    END LOOP;
END $$
S
ask two "CREATE INDEX ON here (rybh)" "CREATE INDEX ON there (rybh)" ANALYZE
psql -Xqd two -f mover.sql &
mover=$!
cat >hedui.yaml <<'Y'
site: 530303
link: {model: names.json}
sources:
  household:
    type: household
    postgresql: "dbname=two"
    table: here
    key: [rybh]
    mentions: {self: {name: xm}}
  other:
    type: person
    postgresql: "dbname=two"
    table: there
    key: [rybh]
    mentions: {self: {name: xm}}
  third:
    type: person
    postgresql: "dbname=one"
    table: plain
    filter: 'xm = "y"'
    key: [xm]
    mentions: {self: {name: xm, id_number: sfzh, birth_date: csrq}}
Y
n_plain=$(ask one 'SELECT count(*) FROM plain')
before=0
for i in 1 2 3 4; do
    run snapshot --threads 3
    now=$(ask two 'SELECT n FROM moved')
    [ "$now" -gt "$before" ] || fail 'nothing moved'
    before=$now
    [ "$(counts snapshot)" = "$((9000 + n_plain)) 9001 0 $((n_plain - 1))" ] ||
        fail "rows of one snapshot: $(counts snapshot), of $((9000 + n_plain))"
done
ask two 'INSERT INTO stop VALUES (1)'
wait $mover
echo "one snapshot, while $now rows moved: 9000 rows each time"
