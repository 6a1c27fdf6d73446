# Nights from the departments' databases into the county's, for the tests of tests/pg, which begin with it: it
# takes their argument, starts a server with what `settings` lists, where that is set, goes to the empty
# folder, and gives them lib.sh and nights.sh.
# shellcheck shell=sh

hedui=$(realpath "$1")
# shellcheck source=tests/pg/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2086  # a list of settings
start_postgres ${settings:-shared_buffers=32MB}
cd "$work"
config=county/hedui-postgres.yaml
# shellcheck source=tests/support/nights.sh
. "$root/tests/support/nights.sh"

make_county() { # PERSONS
    "$hedui" generate --persons "$1" --seed 15 --out county >/dev/null
    "$root/fixtures/departments/load" county
    sed -i 's/^language: .*/language: en/' county/hedui-postgres.yaml
    printf '%064d\n' 7 >county/530303.key
    cp county/pg_service.conf services
    export PGSERVICEFILE="$work/services"
}

# The county's database holds its cards beside the store: a copy has both. Of the sources that change each
# night has its own, and the services say which.
keep_store() { # NAME
    ask postgres "CREATE DATABASE county_$1 TEMPLATE county" "CREATE DATABASE police_$1 TEMPLATE police" \
        "CREATE DATABASE civil_$1 TEMPLATE civil"
}

bring_store() { # NAME
    ask postgres 'DROP DATABASE county WITH (FORCE)' "CREATE DATABASE county TEMPLATE county_$1"
    sed -i "s/^dbname=\(police\|civil\).*/dbname=\1_$1/" services
}

change_rows() {
    ask civil "DELETE FROM \"T_HYDJ\" WHERE ctid IN (SELECT ctid FROM \"T_HYDJ\" ORDER BY \"DJZH\" LIMIT 3)"
    ask police "UPDATE hj.czrk SET lxdh = '18' || substr(lxdh, 3) WHERE lxdh LIKE '13%'" \
        "DELETE FROM hj.czrk WHERE rybh IN (SELECT rybh FROM hj.czrk ORDER BY rybh LIMIT 3)"
}

tables() {
    psql -XAtqd county -v ON_ERROR_STOP=1 -f "$root/tests/support/pg-tables.sql"
}
