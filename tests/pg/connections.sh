#!/bin/sh
# How databases are reached and lost: services, passwords, TLS, locks, servers that do not answer, stop
# or start, sessions that are ended. usage: connections.sh HEDUI
set -eu
hedui=$(realpath "$1")
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
start_postgres shared_buffers=32MB log_statement=all log_connections=on listen_addresses=127.0.0.1 port="$port"
log=$cluster/server/log
data=$cluster/server/data
cd "$work"
export HOME="$work" # no settings, passwords or certificates of who runs this

config() { # CONNINFO [LINE...]: hedui.yaml
    conninfo=$1
    shift
    cat >hedui.yaml <<Y
site: 530303
language: en
link: {model: model.json}
timeouts: {connect: 2, retry: 2, lock: 1, statement: 60}
sources:
  s:
    type: person
    postgresql: "$conninfo"
$(printf '    %s\n' "${@:-table: people}")
    key: [id]
    mentions: {self: {name: xm}}
Y
}

# A time limit only for what would never end.
run() {
    code=0
    timeout -k 5 300 "$hedui" run --quiet --as-of 2026-01-01 --csv out "$@" >said 2>&1 || code=$?
}

expect() { # CODE TEXT WHAT: a run ends so, and says so
    run
    [ $code = "$1" ] || fail "$3: exit code $code, not $1: $(cat said)"
    grep -qF -- "$2" said || fail "$3: $(cat said)"
}

expect_rows() { # ROWS WHAT: the run that was made read so many
    [ $code = 0 ] || fail "$2: exit code $code: $(cat said)"
    rows=$(sed -n 2p out/run_source.csv | cut -d, -f3,4)
    [ "$rows" = "$1,$1" ] || fail "$2: $rows rows"
}

ask postgres "CREATE TABLE people AS SELECT i::text AS id, '张' || i AS xm FROM generate_series(1, 50) i"

# ---- services, the environment, passwords ----

cat >services <<S
[police]
host=$PGHOST
port=$PGPORT
user=hedui
dbname=postgres
S
config 'service=police'
(
    export PGSERVICEFILE="$work/services"
    unset PGHOST PGPORT PGUSER
    run
    expect_rows 50 'a service'
)
config 'application_name=x'
PGDATABASE=postgres
export PGDATABASE
run
expect_rows 50 'the environment'
unset PGDATABASE
config 'service=nowhere'
expect 3 'definition of service "nowhere" not found' 'a service that is not there'

secret=Xq7geheim
for conninfo in "dbname=postgres password=$secret" "postgresql://reader:$secret@/postgres"; do
    config "$conninfo"
    expect 2 'hedui.yaml:8:18: the connection string holds a password' 'a password in the configuration'
    grep -qF "$secret" said && fail 'a message repeats the password'
    "$hedui" lint >said 2>&1 && fail 'lint takes a password in the configuration'
    grep -qF "$secret" said && fail 'lint repeats the password'
done

ask postgres "CREATE ROLE reader LOGIN PASSWORD '$secret'" 'GRANT SELECT (id, xm, ctid) ON people TO reader'
sed -i '1i local all reader scram-sha-256' "$data/pg_hba.conf"
ask postgres 'SELECT pg_reload_conf()' >/dev/null
: >"$log" # it shows the statement above
echo "*:*:*:reader:$secret" >pass
chmod 0600 pass
export PGPASSFILE="$work/pass"
config 'dbname=postgres user=reader' "query: SELECT id, xm FROM people WHERE pg_sleep(0.02) IS NOT NULL"
"$hedui" run --quiet --csv out --as-of 2026-01-01 >said 2>&1 &
pid=$!
n=0
while [ -e "/proc/$pid/cmdline" ] && kill -0 $pid 2>/dev/null; do
    tr '\0' ' ' <"/proc/$pid/cmdline" >>seen 2>/dev/null || true
    n=$((n + 1))
    [ $n -lt 3000 ] || fail 'a run with a password file does not end'
    sleep 0.1
done
code=0
wait $pid || code=$?
expect_rows 50 'a password file'
[ -s seen ] || fail 'no command line was seen'
for file in seen said out/*.csv "$log"; do
    grep -qF "$secret" "$file" && fail "the password stands in $file"
done
echo '*:*:*:reader:wrong' >pass
: >"$log"
expect 3 'password authentication failed' 'a wrong password'
[ "$(grep -c 'FATAL:  password authentication failed' "$log")" = 1 ] || fail 'a wrong password is tried again'
rm pass
expect 3 'no password supplied' 'no password'
unset PGPASSFILE

# ---- what a role may ----

ask postgres 'CREATE ROLE narrow LOGIN' 'CREATE SCHEMA apart' 'CREATE TABLE apart.people AS TABLE people'
config 'dbname=postgres user=narrow'
expect 3 'SQLSTATE 42501: permission denied for table people' 'a role without grants'
grep -q 'hedui lint --grants' said || fail 'a role without grants is told of none'
config 'dbname=postgres user=narrow' 'table: apart.people'
expect 3 'SQLSTATE 42501: permission denied for schema apart' 'a role without the schema'
"$hedui" lint --grants --role narrow >grants.sql || fail 'lint --grants'
psql -Xqd postgres -v ON_ERROR_STOP=1 -f grants.sql || fail 'grants are no SQL'
run
expect_rows 50 'a role with the grants that lint prints'
[ "$(psql -XAtqd postgres -U narrow -c 'SELECT count(ctid) FROM apart.people')" = 50 ] || fail 'ctid'

# ---- TLS ----

waits='of the database that is off this host'
config 'host=db.example dbname=postgres'
expect 2 'it is on another host, and its connection is not sslmode=verify-full' "TLS $waits"
config 'hostaddr=192.0.2.1 sslmode=require dbname=postgres'
expect 2 'it is on another host' "TLS $waits, without its name"
config 'host=localhost,192.0.2.1 dbname=postgres'
expect 2 'it is on another host' "TLS $waits, second of two"
PGHOSTADDR=192.0.2.1
export PGHOSTADDR
config 'host=localhost dbname=postgres'
expect 2 'it is on another host' "TLS $waits, by the environment"
unset PGHOSTADDR
# nothing is sent: no name is looked up, no socket made
config 'host=db.example dbname=postgres'
ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0" timeout 120 strace -f -qq -e trace=socket,connect,sendto \
    -o sent "$hedui" run --quiet --csv out >/dev/null 2>&1 || true
[ ! -s sent ] || fail "before the refusal: $(head -n 3 sent)"
config 'host=192.0.2.1 dbname=postgres' 'table: people' 'tls_waiver: a cable of our own'
expect 3 'cannot connect to source s' 'a waiver'
config 'host=192.0.2.1 sslmode=verify-full sslrootcert=system dbname=postgres'
expect 3 'cannot connect to source s' 'verify-full'

certify() { # CA NAME: NAME.crt and NAME.key
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$2.key" -out "$2.csr" \
        -subj "/CN=$2" 2>/dev/null
    printf 'subjectAltName=DNS:%s\n' "$2" >"$2.ext"
    openssl x509 -req -in "$2.csr" -CA "$1.crt" -CAkey "$1.key" -CAcreateserial -days 2 -out "$2.crt" \
        -extfile "$2.ext" 2>/dev/null
}
for ca in right wrong; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout $ca.key \
        -out $ca.crt -days 2 -subj "/CN=$ca" 2>/dev/null
done
certify right db.example
for kind in key crt; do
    cp db.example.$kind "$data/server.$kind"
    chown --reference="$data/PG_VERSION" "$data/server.$kind"
    chmod 0600 "$data/server.$kind"
done
ask postgres "ALTER SYSTEM SET ssl TO on" 'SELECT pg_reload_conf()' >/dev/null
by_tls="hostaddr=127.0.0.1 port=$port dbname=postgres sslmode=verify-full"
config "host=db.example $by_tls sslrootcert=$work/right.crt"
n=0
run
while [ $code != 0 ] && [ $n -lt 20 ]; do # the server reads its settings again when it likes
    n=$((n + 1))
    sleep 0.5
    run
done
expect_rows 50 'verify-full'
config "host=db.example $by_tls sslrootcert=$work/wrong.crt"
expect 3 'certificate verify failed' 'another CA'
config "host=db.other $by_tls sslrootcert=$work/right.crt"
expect 3 'does not match host name' 'another name'
echo 'passwords, grants, TLS: fine'

# ---- locks and servers that do not answer ----

psql -Xqd postgres -c 'BEGIN; LOCK TABLE people; SELECT pg_sleep(600)' >/dev/null 2>&1 &
locker=$!
while [ "$(ask postgres "SELECT count(*) FROM pg_locks WHERE relation = 'people'::regclass AND granted
        AND mode = 'AccessExclusiveLock'")" = 0 ]; do sleep 0.1; done
config 'dbname=postgres'
expect 3 'SQLSTATE 55P03' 'a table that is locked'
grep -q timeouts.lock said || fail 'a lock: no hint'
ask postgres "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%'
    AND pid <> pg_backend_pid()" >/dev/null
wait $locker || true

python3 -c '
import socket, time
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen(50)
print(s.getsockname()[1], flush=True)
time.sleep(300)' >deaf 2>/dev/null &
deaf=$!
while [ ! -s deaf ]; do sleep 0.1; done
config "host=127.0.0.1 port=$(cat deaf) dbname=postgres"
expect 3 'cannot connect to source s: it did not answer in time' 'a server that never answers'
kill $deaf
wait $deaf 2>/dev/null || true

# ---- servers that stop and start, sessions that are ended ----

config 'dbname=postgres'
"$root/ops/postgres" stop "$cluster/server"
expect 3 'cannot connect to source s' 'a server that is stopped'
sed -i 's/retry: 2/retry: 120/' hedui.yaml
(
    sleep 2
    start_server
) &
run
expect_rows 50 'a server that starts meanwhile'
wait $! || fail 'the server did not start again'

slow="query: SELECT id, xm FROM people WHERE pg_sleep(0.05) IS NOT NULL"
ended="SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'hedui'
    AND query LIKE 'COPY%' AND state = 'active'"
config 'dbname=postgres' "$slow"
(
    while [ "$(ask postgres "$ended")" = 0 ]; do sleep 0.1; done
) &
run
wait $!
expect_rows 50 'a session that is ended'
(
    while [ ! -e stop ]; do
        ask postgres "$ended" >/dev/null
        sleep 0.1
    done
) &
expect 3 'source s' 'a session that is ended each time'
touch stop
wait $!
(
    while [ "$(ask postgres "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hedui'
        AND query LIKE 'COPY%'")" = 0 ]; do sleep 0.1; done
    "$root/ops/postgres" stop "$cluster/server"
    start_server
) &
sed -i 's/retry: 2/retry: 120/' hedui.yaml
run
wait $! || fail 'the server did not start once more'
expect_rows 50 'a server that is restarted'
echo 'locks, silence, lost connections: fine'
