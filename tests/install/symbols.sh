#!/bin/sh
# No two objects of the rooms define the same global symbol, which one library of all would hide, and
# all are named hd_, because whoever links libhedui.a gets them. usage: symbols.sh ARCHIVE...
set -eu
# of a sanitizer's own symbols each has the name of another in it
nm -A --extern-only --defined-only "$@" | sed 's|.*/||' | awk '
    $NF ~ /^__(odr_)?[atu]san/ || NF < 3 { next }
    { sub(/:[^:]*$/, "", $1) }
    $NF !~ /^hd_/ { print $NF " of " $1 " is not named hd_"; bad = 1 }
    $NF in where { print $NF " is defined twice: " where[$NF] " " $1; bad = 1 }
    { where[$NF] = $1; n++ }
    END { if (!n) print "no symbols at all"; exit bad || !n }'
