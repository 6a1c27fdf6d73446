#!/bin/sh
# The man page renders without a warning. usage: man.sh PAGE
set -u
warnings=$(groff -ww -man -K utf8 -T utf8 "$1" 2>&1 >/dev/null)
[ -z "$warnings" ] && exit 0
printf '%s\n' "$warnings"
exit 1
