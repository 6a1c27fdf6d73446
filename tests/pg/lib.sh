# For the tests of this folder, which source it; no test itself. Gives them the tree, `root`, an empty
# folder, `work`, and what is below; what they made goes with them.
# shellcheck shell=sh disable=SC2120
root=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d)
cluster=

clean_up() {
    [ -z "$cluster" ] || "$root/ops/postgres" stop "$cluster/server" --remove
    rm -rf "$cluster" "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# Sets and exports PGHOST, PGPORT and PGUSER. Not below TMPDIR, which the user who runs the server
# cannot enter. Nothing of it need outlive a power cut.
start_postgres() { # NAME=VALUE...
    settings=$*
    cluster=$(mktemp -d /tmp/hedui-pg-XXXXXX)
    chmod 0711 "$cluster"
    eval "$("$root/ops/postgres" start "$cluster/server" fsync=off "$@")"
}

# As it was started, after it was stopped.
start_server() {
    # shellcheck disable=SC2086  # a list of settings
    "$root/ops/postgres" start "$cluster/server" fsync=off $settings >/dev/null
}

ask() { # DATABASE SQL...
    database=$1
    shift
    for sql in "$@"; do
        psql -XAtqd "$database" -v ON_ERROR_STOP=1 -c "$sql" || fail "$sql"
    done
}

fail() { # MESSAGE
    echo "FAILED: $1"
    exit 1
}
