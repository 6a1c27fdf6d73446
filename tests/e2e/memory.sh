#!/bin/sh
# Memory that cannot be had: from files into SQLite. HEDUI_MEMORY and HEDUI_SEED: how many times, and when
# (tests/support/memory.sh). usage: memory.sh HEDUI
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
# shellcheck source=tests/support/memory.sh
. "$root/tests/support/memory.sh"

use_plain_build
make_county 300
make_nights
need_strace
refuse_all_memory "${HEDUI_MEMORY:-12}"
