#!/bin/sh
# Readers who look every few milliseconds see the night before or the new one, never a mixture, while nights
# are published: in one statement, and in a transaction of several. usage: readers.sh HEDUI
set -eu
# shellcheck source=tests/support/pg-nights.sh
. "$(dirname "$0")/../support/pg-nights.sh"
nights=8
tables='person mention person_value person_link person_history relation discrepancy indicator run_source reject'

make_county 500

# what a night holds: its run, and a sum over the rows of each table and view
{
    echo "SELECT concat_ws(' ', (SELECT string_agg(id, ',' ORDER BY id) FROM hedui.run)"
    for table in $tables; do
        echo ", (SELECT coalesce(sum(hashtextextended(t::text, 0)), 0) FROM hedui.$table t)"
    done
    echo ')'
} >look.sql
{
    echo 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;'
    printf '%s\n' "SELECT string_agg(id, ',' ORDER BY id) AS runs FROM hedui.run \\gset"
    for table in $tables; do
        printf '%s\n' "SELECT coalesce(sum(hashtextextended(t::text, 0)), 0) AS $table FROM hedui.$table t \\gset"
    done
    # shellcheck disable=SC2086  # a list of names
    printf '%s\n' "\\echo :runs $(printf ':%s ' $tables)" 'COMMIT;'
} >look-slowly.sql

publish() { # NIGHT
    "$hedui" run --quiet --config $config --as-of "2026-01-0$1" >said 2>&1 || fail "night $1: $(cat said)"
    psql -XAtqd county -f look.sql >>nights
}

change() { # NIGHT
    ask police "UPDATE hj.czrk SET lxdh = '1$(($1 % 7 + 3))' || substr(lxdh, 3) WHERE lxdh LIKE '1%'" \
        "DELETE FROM hj.czrk WHERE rybh IN (SELECT rybh FROM hj.czrk ORDER BY md5(rybh::text) LIMIT 5)"
    ask civil "DELETE FROM \"T_HYDJ\" WHERE \"DJZH\" IN (SELECT \"DJZH\" FROM \"T_HYDJ\" ORDER BY \"DJZH\" LIMIT 3)"
}

publish 1
echo "$(cat look.sql) \\watch 0.005" | psql -XAtqd county >looked 2>/dev/null &
reader=$!
while [ ! -e enough ]; do cat look-slowly.sql; done | psql -XAtqd county >looked-slowly 2>/dev/null &
slow_reader=$!
for night in $(seq 2 $nights); do
    change "$night"
    publish "$night"
done
sleep 0.5
touch enough
kill $reader
wait $reader $slow_reader 2>/dev/null || true

# \watch says when, before each look; a reader may have been stopped in the middle of a line
check() { # WHAT FILE
    grep '^[0-9]\{8\}T' "$2" | sed '$d' | sort | uniq -c >seen
    sort nights >known
    others=$(awk '{$1 = ""; print substr($0, 2)}' seen | sort | comm -23 - known | wc -l)
    looks=$(awk '{n += $1} END {print n + 0}' seen)
    [ "$looks" -gt $((3 * nights)) ] || fail "$1: only $looks looks"
    [ "$others" = 0 ] || fail "$1: $others looks saw what no night was"
    echo "$1: $looks looks, $(wc -l <seen) of $nights nights seen, and nothing else"
}
[ "$(sort -u nights | wc -l)" = $nights ] || fail 'nights that changed nothing'
check 'one statement' looked
check 'one transaction of many statements' looked-slowly
