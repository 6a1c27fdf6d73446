# Kills a run at a chosen moment, many times: for kills.sh of tests/e2e and of tests/pg, which source it
# after nights.sh. Each stage of each night is hit; right after it readers see the night before or this
# one, never a mixture; and what the next start leaves is what a night leaves to which nothing happened.
# HEDUI_KILLS: how many in all. HEDUI_SEED: which moments.
# shellcheck shell=sh

: "${HEDUI_SEED:=1}"

# The stage in which the run is that said so far only what is in `said`.
stage_of() { # NIGHT
    awk -v done="$(grep -c '^\[[0-9]*/' said)" -v manifests="$(ls -d county/runs/*/manifest.json 2>/dev/null | wc -l)" \
        -v before="$(ls -d "before/$1"/runs/*/manifest.json 2>/dev/null | wc -l)" 'NR == 1 {
            stage = $(done + 1)
            if (stage == "publish" && manifests > before) stage = "commit"
            if (stage == "commit" && manifests == before) stage = "publish"
            if (done >= NF - 2) stage = "end"
            print stage }' "moments/$1"
}

# Without strace: at a random time of the night. What is over in no time is then hardly ever hit.
run_for() { # NIGHT SECONDS
    run "$1" timeout -s KILL "$2"
}

lose_one() { # NIGHT STAGE CALL NUMBER
    bring "$1"
    if [ $can_trace = yes ]; then
        what="the $1 night, killed in its call $4 of $3 ($2)"
        run "$1" strace -f -qq -o /dev/null -e trace="$3" -e inject="$3:signal=SIGKILL:when=$4"
    else
        what="the $1 night, killed after $4 s"
        run_for "$1" "$4"
    fi
    [ "$code" != 0 ] || return 0 # that moment did not come
    [ "$code" = 137 ] || fail "$what: exit code $code: $(cat said)"
    hit=$(stage_of "$1")
    expect_old_or_new "$1" "$what"
    echo "$1 $hit $stands" >>hits
    run "$1"
    if [ "$code" = 5 ]; then # the server has not noticed yet that its client is gone
        echo "$1 $hit locked" >>hits
        sleep 1
        run "$1"
    fi
    expect_fine "the start after: $what"
    ! grep -q 'is continued' said || echo "$1 $hit continued" >>hits
    expect_whole "$1" "$what"
}

# Moments for N kills of a night, to moments/NIGHT: the stages in a line, then the moments.
choose_moments() { # NIGHT N
    if [ $can_trace = yes ]; then
        "$root/tests/support/moments" "calls/$1" stages "$2" "$HEDUI_SEED" >"moments/$1"
        return
    fi
    bring "$1"
    begin=$(date +%s%N)
    run "$1"
    sed -n 's/^\[[0-9]*\/[0-9]*\] \(.*\)  [0-9.]* s.*/\1/p' said | tr ' ' '-' | tr '\n' ' ' >"moments/$1"
    echo commit end >>"moments/$1"
    awk -v ns=$(($(date +%s%N) - begin)) -v n="$2" -v seed="$HEDUI_SEED" 'BEGIN { srand(seed)
        for (i = 0; i < n; i++) print "time sleep", ns / 1e9 * (i + rand()) / n }' >>"moments/$1"
}

# A stage that no moment hit (of one that waits for a server, calls are not always as many) is hit where it
# says that it is done: that call comes always.
hit_all_stages() { # NIGHT
    for stage in $(head -n 1 "moments/$1"); do
        grep -q "^$1 $stage " hits && continue
        [ $can_trace = no ] || "$root/tests/support/moments" "calls/$1" last "$stage" >last
        while [ $can_trace = yes ] && ! grep -q "^$1 $stage " hits && read -r call number; do
            lose_one "$1" "$stage" "$call" "$number"
        done <last
        [ $can_trace = no ] || grep -q "^$1 $stage " hits || fail "no kill hit stage $stage of the $1 night"
    done
}

print_hits() {
    awk '$3 == "old" || $3 == "new" { n[$2, $1]++; if (!($2 in seen)) { seen[$2] = 1; order[++k] = $2 } }
        { kind[$3]++ }
        END { printf "%-20s %5s %6s\n", "killed in stage", "first", "second"
            for (i = 1; i <= k; i++)
                printf "%-20s %5d %6d\n", order[i], n[order[i], "first"], n[order[i], "second"]
            printf "%d kills: %d left the night before, %d the new one; %d starts continued the lost run, " \
                "%d found its lock still held\n", kind["old"] + kind["new"], kind["old"], kind["new"],
                kind["continued"], kind["locked"] }' hits
}

lose_nights() { # N
    mkdir moments
    : >hits
    for night in first second; do
        choose_moments $night $(($1 / 2))
        while read -r stage call number; do
            lose_one $night "$stage" "$call" "$number"
        done <<M
$(sed 1d moments/$night)
M
        hit_all_stages $night
    done
    print_hits
    [ $can_trace = yes ] || echo 'no system call can be seen here: kills came at random times'
}
