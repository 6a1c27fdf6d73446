# For the tests in which a night goes wrong; no test itself. One county stands before its `first` night, with
# an empty store and no model, or before its `second`, with other rows; what a night to which nothing happens
# makes of either is known. pg-nights.sh and sqlite-nights.sh source it. They set
#   hedui, root, work   the command, the tree, an empty folder that is the working folder
#   config              the configuration's path below work, in folder county
# and define
#   fail MESSAGE
#   keep_store NAME, bring_store NAME   a copy of the store as it is; the store as it was then
#   change_rows                         what the second night reads
#   tables                              all tables of the store that are inside the comparison, each in the
#                                       order of its key, and what the current run counted; to stdout
# shellcheck shell=sh

as_of() { # NIGHT
    case $1 in
    first) echo 2026-01-01 ;;
    second) echo 2026-01-02 ;;
    esac
}

# One thread, so that system calls come in one order. No leak is looked for under strace, which takes
# the place of the one who looks.
run() { # NIGHT [WRAPPER...]: to said and told, code to `code`
    night=$1
    shift
    code=0
    ASAN_OPTIONS="${ASAN_OPTIONS:-}${1:+:detect_leaks=0}" "$@" "$hedui" run --threads 1 \
        --as-of "$(as_of "$night")" --config "$config" >told 2>said || code=$?
}

expect_fine() { # WHAT
    [ "$code" = 0 ] || fail "$1: exit code $code: $(cat said)"
}

# What is outside the comparison: ids of runs, times, and what a run changed that came after one whose
# commit was its last act.
files() { # TO
    rm -rf "$1"
    cp -r county/runs/current/ "$1"
    sed -i -e "s/$(readlink county/runs/current)/RUN/" \
        -e 's|^\(<tr><td class="s">[^<]*</td>\)<td class="n">[0-9.]*</td><td class="n">[0-9]*</td></tr>$|\1|' \
        -e '/^<tr><td class="s">\(train\|extract\|standardise\|keep what was read\|take what was kept\)<.td>$/d' \
        "$1/report.html"
    python3 - "$1/manifest.json" <<'P'
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    manifest = json.load(file)
for key in "outside_comparison", "published", "model_trained":
    del manifest[key]
del manifest["counts"]["history"]
manifest["outputs"] = [o for o in manifest["outputs"] if o["path"] != "report.html"]
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(manifest, file, indent=1)
P
}

bring() { # NIGHT
    rm -rf county
    cp -a "before/$1" county
    bring_store "$1"
}

# before/NIGHT: the county; quiet/NIGHT: what comes of it; quiet/NIGHT.old: what its store holds before.
# calls/NIGHT: the system calls of that, where they can be seen.
make_nights() {
    mkdir before quiet calls
    can_trace=no
    ! strace -f -qq -o /dev/null true 2>/dev/null || can_trace=yes
    for night in first second; do
        [ $night = first ] || change_rows
        cp -a county before/$night
        keep_store $night
        tables >quiet/$night.old
        if [ $can_trace = yes ]; then
            run $night strace -f -qq -s 200 -o calls/$night
        else
            run $night
        fi
        expect_fine "the $night night"
        tables >quiet/$night
        files quiet/$night.files
        ! cmp -s quiet/$night.old quiet/$night || fail "the $night night changed nothing"
    done
}

# What readers see now: all of the night before, or all of this one. Sets `stands` to old or new.
expect_old_or_new() { # NIGHT WHAT
    tables >now
    if cmp -s now "quiet/$1.old"; then
        stands=old
    elif cmp -s now "quiet/$1"; then
        stands=new
    else
        diff "quiet/$1" now | head -n 5
        fail "$2: the tables are neither those of before nor those of the $1 night"
    fi
}

expect_old() { # NIGHT WHAT
    expect_old_or_new "$1" "$2"
    [ $stands = old ] || fail "$2: something was published"
}

# A night that ended well: what a quiet one leaves, and nothing more.
expect_whole() { # NIGHT WHAT
    tables >now
    diff "quiet/$1" now >differs || fail "$2: the tables are not those of a quiet night: $(head -n 5 differs)"
    files found
    diff -r found "quiet/$1.files" >differs || fail "$2: other files: $(head -n 5 differs)"
    left=$(find county -name mentions.hdm -o -name '.?*' ! -name .lock)
    [ -z "$left" ] || fail "$2: left behind: $left"
    for folder in county/runs/*/; do
        [ -f "$folder/manifest.json" ] || fail "$2: a run was left half: $(ls -RA "$folder")"
    done
}

# The next start finds all right.
expect_next_start() { # NIGHT WHAT
    cp said said.before
    run "$1"
    expect_fine "the start after: $2"
    expect_whole "$1" "after: $2"
}

# Names, numbers and addresses that stand in the county: none of them may stand in what a run says.
expect_private() { # FILE WHAT
    [ -s secrets ] || list_secrets >secrets
    ! grep -n -m 3 -F -f secrets "$1" >shown || fail "$2: a person's value stands in $1: $(cat shown)"
}

# Of each table of the county's: what is long enough to be nothing else.
list_secrets() {
    python3 - <<'P'
import csv, glob

def text_of(path):
    with open(path, "rb") as file:
        data = file.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")

def is_long(column, value):
    return "xm" in column and len(value) > 2 or "sfzh" in column and len(value) > 14 \
        or ("zz" in column or "dz" in column or column == "lxdh") and len(value) > 6

secrets = set()
for path in glob.glob("before/*/data/*.csv"):
    for row in csv.DictReader(text_of(path).splitlines()):
        secrets.update(value for column, value in row.items() if value and is_long(column, value))
print("\n".join(sorted(secrets)))
P
}

need_strace() {
    [ $can_trace = yes ] || {
        echo 'skipped: no system call can be seen here'
        exit 0
    }
}

# A night that is halted at the last CALL of a stage.
begin_and_halt() { # NIGHT STAGE CALL
    bring "$1"
    rm -f trace
    call=$("$root/tests/support/moments" "calls/$1" last "$2" | grep -m 1 "^$3 ")
    (
        run "$1" strace -f -qq -o trace -e "trace=${call% *}" \
            -e "inject=${call% *}:signal=SIGSTOP:when=${call#* }"
        exit $code
    ) &
    running=$!
    n=0
    while ! grep -q 'stopped by SIGSTOP' trace 2>/dev/null; do
        n=$((n + 1))
        [ $n -lt 6000 ] || fail "the $1 night was not halted in $2"
        sleep 0.05
    done
    halted=$(sed -n '1s/ .*//p' trace)
}

go_on() {
    kill -CONT "$halted"
}

end() { # sets `code`
    code=0
    wait $running || code=$?
}
