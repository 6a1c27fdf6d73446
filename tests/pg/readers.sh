#!/bin/sh
# Who reads while runs publish sees the night before or this one, never a mixture, through tables and
# views. usage: readers.sh HEDUI
set -eu
hedui=$(realpath "$1")
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
start_postgres
cd "$work"
psql -Xqd postgres -c 'CREATE DATABASE county'
"$hedui" generate --persons 500 --seed 16 --out county >/dev/null
sed -i 's|^store:.*|store: "postgresql:dbname=county"|' county/hedui.yaml

# All that the tables of persons hold, in one line: how many runs, rows and a sum of their hashes.
line='SELECT (SELECT count(*) FROM hedui.run)'
for table in person mention person_link person_value relation discrepancy person_history; do
    line="$line, (SELECT count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM hedui.$table t)"
done

night() { # NUMBER
    "$hedui" run --quiet --config county/hedui.yaml --as-of "2026-01-0$1" >/dev/null
    psql -XAtqd county -c "$line" >>nights
}

night 1
{ echo "$line"; echo '\watch 0.005'; } >reader.sql
psql -XAtqd county -f reader.sql >seen 2>reader.error &
reader=$!
for number in 2 3 4 5 6; do
    sed -i -e "1!s/,1[358]/,1$((number % 2 * 5 + 3))/" -e "$((number * 7))~31d" county/data/household.csv
    night $number
done
sleep 1 # the last night is seen, too
kill "$reader"
wait "$reader" || true
[ ! -s reader.error ] || fail "the reader was told: $(cat reader.error)"
grep '|' seen | sort | uniq -c >kinds
awk '{ print $2 }' kinds | sort >kinds.seen
sort nights >kinds.known
[ "$(sort -u nights | wc -l)" = 6 ] || fail 'two nights left the same'
mixed=$(comm -23 kinds.seen kinds.known | wc -l)
[ "$mixed" = 0 ] || fail "$mixed states were seen that no night left"
[ "$(wc -l <kinds.seen)" = 6 ] || fail "only $(wc -l <kinds.seen) of 6 nights were seen: the reader is too slow"
echo "$(grep -c '|' seen) looks, 6 nights, nothing between"
