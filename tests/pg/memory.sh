#!/bin/sh
# Memory that cannot be had: from databases into a database. HEDUI_MEMORY and HEDUI_SEED: how many times, and
# when (tests/support/memory.sh). usage: memory.sh HEDUI
set -eu
# shellcheck source=tests/support/pg-nights.sh
. "$(dirname "$0")/../support/pg-nights.sh"
# shellcheck source=tests/support/memory.sh
. "$root/tests/support/memory.sh"

use_plain_build
make_county 300
make_nights
need_strace
refuse_all_memory "${HEDUI_MEMORY:-8}"
