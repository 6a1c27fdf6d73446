#!/bin/sh
# The way back in the SQLite store. usage: rollback.sh HEDUI
set -eu
hedui=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$hedui" generate --persons 500 --seed 15 --out "$work/county" >/dev/null
cd "$work"
cat >dump <<'D'
#!/bin/sh
exec sqlite3 -csv -header county/county.db "SELECT * FROM $1"
D
chmod +x dump
"$here/../support/rollback-nights" "$hedui" county/hedui.yaml ./dump
