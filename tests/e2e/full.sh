#!/bin/sh
# A full disk and interrupted calls: from files into SQLite. HEDUI_SEED: which calls. usage: full.sh HEDUI
set -eu
# shellcheck source=tests/support/sqlite-nights.sh
. "$(dirname "$0")/../support/sqlite-nights.sh"
# shellcheck source=tests/support/full.sh
. "$root/tests/support/full.sh"

make_county 300
make_nights
need_strace
fill_disks "${HEDUI_FULL:-2}"
interrupt_calls read pread64 write pwrite64
