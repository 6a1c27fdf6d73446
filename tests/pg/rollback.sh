#!/bin/sh
# The way back in a store in PostgreSQL. usage: rollback.sh HEDUI
set -eu
hedui=$(realpath "$1")
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
start_postgres
psql -Xqd postgres -c 'CREATE DATABASE county'
"$hedui" generate --persons 500 --seed 15 --out "$work/county" >/dev/null
cd "$work"
sed 's|^store:.*|store: "postgresql:dbname=county"|' county/hedui.yaml >county/postgres.yaml
cat >dump <<'D'
#!/bin/sh
psql -Xqd county -c "COPY (SELECT * FROM hedui.$1) TO STDOUT (FORMAT csv, HEADER)" | LC_ALL=C sort
D
chmod +x dump
"$root/tests/support/rollback-nights" "$hedui" county/postgres.yaml ./dump
