# Nights from files into SQLite, for the tests of tests/e2e, which begin with it: it takes their argument, goes
# to an empty folder, `work`, which goes with them, and gives them nights.sh.
# shellcheck shell=sh

hedui=$(realpath "$1")
root=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
config=county/hedui.yaml
# shellcheck source=tests/support/nights.sh
. "$root/tests/support/nights.sh"

fail() { # MESSAGE
    echo "FAILED: $1"
    exit 1
}

# The store is a file of the county's folder, which is kept as a whole.
keep_store() { # NAME
    :
}

bring_store() { # NAME
    :
}

make_county() { # PERSONS
    "$hedui" generate --persons "$1" --seed 15 --out county >/dev/null
    sed -i 's/^language: .*/language: en/' county/hedui.yaml
    printf '%064d\n' 7 >county/530303.key
    chmod 0600 county/530303.key
}

change_rows() {
    sed -i -e '5~7d' county/data/marriage.csv
    sed -i -e '1!s/,13/,18/' -e '9~11d' county/data/household.csv
}

# Of a copy, so that what a killed writer left is still there for the next one to find.
tables() {
    rm -rf seen
    mkdir seen
    [ ! -f county/county.db ] || cp county/county.db* seen/
    python3 "$root/tests/support/sqlite-tables" seen/county.db
}
