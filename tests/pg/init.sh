#!/bin/sh
# A first configuration from databases: what it says of their tables, and what is never asked for.
# usage: init.sh HEDUI
set -eu
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
hedui=$(realpath "$1")
expected=$root/tests/pg/init
start_postgres shared_buffers=32MB log_statement=all log_line_prefix='%u@%d '
export PGSERVICEFILE="$work/pg_service.conf"

make_database() { # NAME ENCODING
    psql -XAtqd postgres -v ON_ERROR_STOP=1 \
        -c "CREATE DATABASE $1 ENCODING '$2' TEMPLATE template0 LOCALE 'C'"
    printf '[%s]\nhost=%s\nport=%s\nuser=reader\ndbname=%s\n' "$1" "$PGHOST" "$PGPORT" "$1" \
        >>"$PGSERVICEFILE"
}

fill() { # NAME
    psql -XAtqd "$1" -v ON_ERROR_STOP=1 -f - >/dev/null
}

make_database police UTF8
make_database health SQL_ASCII
make_database civil EUC_CN
fill police <"$expected/police.sql"
iconv -f UTF-8 -t GB18030 "$expected/health.sql" | PGCLIENTENCODING=SQL_ASCII fill health
PGCLIENTENCODING=SQL_ASCII fill health <"$expected/health-utf8.sql"
printf 'CREATE TABLE "\377" (id int, xm text, csrq date); GRANT SELECT ON "\377" TO reader' |
    PGCLIENTENCODING=SQL_ASCII fill health
PGCLIENTENCODING=UTF8 fill civil <"$expected/civil.sql"

for database in police health civil; do
    mkdir "$work/$database"
    cd "$work/$database"
    "$hedui" init "service=$database" >/dev/null
    diff -u "$expected/$database.yaml" hedui.yaml || fail "$database: not as expected"
    "$hedui" lint >/dev/null || fail "$database: hedui lint refuses what hedui init wrote"
    "$hedui" init --out again.yaml "postgresql:///?service=$database" >/dev/null
    sed "s|postgresql:///?service|service|" again.yaml | cmp - hedui.yaml
done

# what is never read, or may not be, is not even asked for
log=$cluster/server/log
grep -q '"gmsfhm"' "$log" || fail 'the log does not show what was asked for'
for column in byff f10 zp sfzh; do
    grep "^reader@police" "$log" | grep FROM | grep -F "\"$column\"" | grep -v '"death"' &&
        fail "$column was asked for"
done
grep '^reader@police .*ERROR' "$log" | grep -v 'division by zero' && fail 'a statement failed'

# what was written runs as it is
for database in police health civil; do
    "$hedui" run --quiet --as-of 2026-01-01 --config "$work/$database/hedui.yaml" \
        >"$work/said" 2>&1 || fail "$database: $(cat "$work/said")"
done

expect_failure() { # EXIT-CODE TEXT ARGUMENT...
    code=$1
    text=$2
    shift 2
    found=0
    said=$("$hedui" init "$@" 2>&1) || found=$?
    [ "$found" = "$code" ] || fail "hedui init $*: exit code $found, not $code"
    case $said in *"$text"*) ;; *) fail "hedui init $*: $said" ;; esac
}

cd "$work/police"
expect_failure 2 'hedui.yaml is there already' service=police
"$hedui" init --force service=police >/dev/null
expect_failure 2 'the connection string holds a password' --out a 'service=police password=hunter2'
expect_failure 2 'the role may read no table' --out a 'service=police dbname=postgres'
expect_failure 2 'and its connection is not sslmode=verify-full' --out a \
    'service=police host=db.example hostaddr=192.0.2.1'
expect_failure 3 'cannot connect to the database' --out a "service=police host=$work"
expect_failure 2 '--out is for databases' --out a "$work"
[ ! -e a ] || fail 'a failure wrote a file'
grep -q 'hunter2' "$log" && fail 'a password went to the server'
exit 0
