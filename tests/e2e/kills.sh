#!/bin/sh
# A run that is killed at any moment loses nothing: from files into SQLite. HEDUI_KILLS and HEDUI_SEED:
# how many times, and when (tests/support/kills.sh). usage: kills.sh HEDUI
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
# shellcheck source=tests/support/kills.sh
. "$root/tests/support/kills.sh"

make_county 300
make_nights
lose_nights "${HEDUI_KILLS:-100}"
