#!/bin/sh
# A run that is killed at any moment loses nothing: from files into SQLite. HEDUI_KILLS and HEDUI_SEED:
# how many times, and when (tests/support/kills.sh). usage: kills.sh HEDUI
set -eu
# shellcheck source=tests/support/sqlite-nights.sh
. "$(dirname "$0")/../support/sqlite-nights.sh"
# shellcheck source=tests/support/kills.sh
. "$root/tests/support/kills.sh"

make_county 300
make_nights
lose_nights "${HEDUI_KILLS:-100}"
