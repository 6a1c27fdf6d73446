#!/bin/sh
# A full disk and interrupted calls: from files into SQLite. HEDUI_SEED: which calls. usage: full.sh HEDUI
set -eu
hedui=$(realpath "$1")
root=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
config=county/hedui.yaml
# shellcheck source=tests/support/nights.sh
. "$root/tests/support/nights.sh"
# shellcheck source=tests/support/sqlite-nights.sh
. "$root/tests/support/sqlite-nights.sh"
# shellcheck source=tests/support/full.sh
. "$root/tests/support/full.sh"

make_county 300
make_nights
need_strace
fill_disks "${HEDUI_FULL:-2}"
interrupt_calls read pread64 write pwrite64
