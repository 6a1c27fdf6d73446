#!/bin/sh
# The first night into a database, whose tables are written apart and some at once: readers see nothing or all,
# whatever goes wrong, and what others have made there stays. usage: first-night.sh HEDUI
set -eu
# shellcheck source=tests/support/pg-nights.sh
. "$(dirname "$0")/../support/pg-nights.sh"

run() { # THREADS
    rm -rf county/runs
    code=0
    "$hedui" run --quiet --threads "$1" --config $config --as-of 2026-01-01 >said 2>&1 || code=$?
}

expect_whole() { # WHAT
    [ $code = 0 ] || fail "$1: exit code $code: $(cat said)"
    tables >now
    cmp -s now whole || fail "$1: other tables than a quiet night by one thread leaves"
    echo "$1: fine"
}

expect_schemas() { # LIST WHAT
    found=$(ask county "SELECT string_agg(nspname, ' ' ORDER BY nspname) FROM pg_namespace WHERE nspname ~ 'hedui'")
    [ "$found" = "$1" ] || fail "$2: schemas $found"
}

# One statement: how many rows each table holds, or nothing where there is no store.
cat >look.sql <<'Q'
SELECT 'seen ' || coalesce(string_agg((xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM hedui.%I', name),
                                                                false, true, '')))[1]::text, ' '), 'nothing')
FROM unnest('{person,mention,person_value,relation,discrepancy,run,indicator}'::text[]) AS name
WHERE to_regclass('hedui.run') IS NOT NULL
Q

make_county 500
run 1 # makes the model
ask county 'SET client_min_messages TO warning; DROP SCHEMA hedui CASCADE'
keep_store trained
bring_store trained
run 1
[ $code = 0 ] || fail "one thread: $(cat said)"
tables >whole
all=$(psql -XAtqd county -f look.sql)

# ---- readers ----

bring_store trained
echo "$(cat look.sql) \\watch 0.002" | psql -XAtqd county >looked 2>/dev/null &
reader=$!
run 4
expect_whole 'four threads'
sleep 0.2
kill $reader
wait $reader 2>/dev/null || true
# \watch says when, before each look; the reader may have been stopped in the middle of a line
grep '^seen' looked | sed '$d' | sort | uniq -c | sort -rn >seen
[ "$(sed 's/^ *[0-9]* //' seen | sort)" = "$(printf '%s\n' "$all" 'seen nothing' | sort)" ] ||
    fail "readers saw other than nothing and all: $(cat seen)"
expect_schemas hedui 'after a first night'
echo "$(awk '{n += $1} END {print n}' seen) looks saw nothing, or all"

# ---- what others have made ----

bring_store trained
ask county 'CREATE ROLE looker' 'CREATE SCHEMA hedui' \
    'ALTER DEFAULT PRIVILEGES IN SCHEMA hedui GRANT SELECT ON TABLES TO looker'
run 4
expect_whole 'a schema that was made for it'
[ "$(ask county "SELECT has_table_privilege('looker', 'hedui.person', 'SELECT')")" = t ] ||
    fail 'a schema that was made for it: its default privileges are lost'
expect_schemas hedui 'a schema that was made for it'

bring_store trained
ask county 'CREATE SCHEMA hedui_new' 'CREATE TABLE hedui_new.theirs AS SELECT 1 AS one'
run 4
expect_whole "somebody else's schema hedui_new"
[ "$(ask county 'SELECT one FROM hedui_new.theirs')" = 1 ] || fail "somebody else's schema hedui_new"

# ---- what goes wrong ----

# Each index that is made calls break(); how often, the sequence knows: it forgets nothing at a rollback.
break_with() { # PLPGSQL
    bring_store trained
    ask county 'CREATE SEQUENCE n_indexes' "CREATE FUNCTION break() RETURNS event_trigger LANGUAGE plpgsql AS
        \$\$ BEGIN $1; END \$\$" \
        "CREATE EVENT TRIGGER break ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION break()"
}

mend() {
    ask county 'DROP EVENT TRIGGER break'
    run 4
    expect_whole "after: $1"
    expect_schemas hedui "after: $1"
}

what='an index that cannot be made'
break_with "IF nextval('public.n_indexes') = 3 THEN RAISE 'no' USING ERRCODE = '42501'; END IF"
run 4
[ $code = 3 ] || fail "$what: exit code $code: $(cat said)"
grep -q 'publishing table' said || fail "$what: $(cat said)"
expect_schemas '' "$what"
mend "$what"

what='a session that is ended while it makes an index'
break_with "IF nextval('public.n_indexes') = 3 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF"
run 4
expect_whole "$what"
expect_schemas hedui "$what"

what='a run that is killed while its sessions make indexes'
break_with "PERFORM pg_sleep(CASE nextval('public.n_indexes') WHEN 1 THEN 0 ELSE 600 END)"
rm -rf county/runs
"$hedui" run --quiet --threads 4 --config $config --as-of 2026-01-01 >said 2>&1 &
running=$!
until [ "$(ask county "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%'
        AND wait_event = 'PgSleep'")" -ge 2 ]; do sleep 0.05; done
kill -KILL $running
wait $running 2>/dev/null || true
[ "$(psql -XAtqd county -f look.sql)" = 'seen nothing' ] || fail "$what: something was published"
expect_schemas hedui_new "$what"
until [ "$(ask county "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hedui'")" = 0 ]; do
    sleep 0.05
done
mend "$what"
