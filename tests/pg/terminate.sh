#!/bin/sh
# Sessions of hedui's that the server ends at any moment, and answers that do not arrive: the run succeeds by
# itself, or fails with exit code 3 and leaves what was there; the next start makes it right. HEDUI_SEED:
# which moments. usage: terminate.sh HEDUI
set -eu
# shellcheck source=tests/support/pg-nights.sh
. "$(dirname "$0")/../support/pg-nights.sh"
seed=${HEDUI_SEED:-1}

# A run that was disturbed, whatever it came to.
expect_right() { # NIGHT WHAT
    echo "$code" >>codes
    case $code in
    0) expect_whole "$1" "$2" ;;
    3)
        expect_old "$1" "$2"
        expect_private said "$2"
        expect_next_start "$1" "$2"
        ;;
    *) fail "$2: exit code $code: $(cat said)" ;;
    esac
}

print_codes() {
    echo "$(grep -c 0 codes || true) runs succeeded by themselves, $(grep -c 3 codes || true) at the next start"
}

make_county 300
make_nights

# ---- sessions that are ended: one of hedui's, each so many milliseconds ----

cat >end-sessions.sql <<'Q'
SELECT setseed(:seed);
CREATE TABLE ended (doing text);
-- Most of the time they wait for us, so one that is busy is looked for.
CREATE PROCEDURE end_sessions(longest_ms int) LANGUAGE plpgsql AS $$
DECLARE doing text;
BEGIN
    LOOP
        PERFORM pg_sleep(random() * longest_ms / 1000);
        FOR i IN 1 .. 100 LOOP
            PERFORM pg_stat_clear_snapshot(), pg_sleep(0.001);
            EXIT WHEN EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'hedui' AND state = 'active');
        END LOOP;
        SELECT CASE WHEN state = 'active' THEN split_part(query, ' ', 1) ELSE state END
            FROM (SELECT * FROM pg_stat_activity WHERE application_name = 'hedui'
                  ORDER BY state <> 'active', random() LIMIT 1) one
            WHERE pg_terminate_backend(pid) INTO doing;
        IF FOUND THEN
            INSERT INTO ended VALUES (doing);
        END IF;
        COMMIT;
    END LOOP;
END $$;
Q
psql -XAtqd postgres -v seed="0.$seed" -v ON_ERROR_STOP=1 -f end-sessions.sql >/dev/null
# How long a night takes here, in milliseconds: sessions end once or several times in that.
bring second
begin=$(date +%s%N)
run second
night_ms=$((($(date +%s%N) - begin) / 1000000))
: >codes
for percent in 120 90 70 50 40 30; do
    longest=$((night_ms * percent / 100))
    for night in first second; do
        bring $night
        PGAPPNAME=ender psql -XAtqd postgres -c "CALL end_sessions($longest)" >/dev/null 2>&1 &
        run $night
        ask postgres "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ender'" >/dev/null
        wait $! || true
        expect_right $night "the $night night, sessions ended within $longest ms"
    done
done
ask postgres "SELECT format('  %s ended while %s', count(*), doing) FROM ended GROUP BY doing ORDER BY 1"
[ "$(ask postgres 'SELECT count(*) FROM ended')" -gt 3 ] || fail 'hardly a session was ended'
print_codes

# ---- answers that do not arrive: the connection breaks on our side, the server may have done what was asked ----

if [ $can_trace = yes ]; then
    : >codes
    n_lost=0
    for night in first second; do
        total=$(grep -c ' recvfrom(' calls/$night)
        # the answers to the last statements are those of publishing; the last but two that of COMMIT
        for number in $(awk -v n="$total" -v seed="$seed" 'BEGIN { srand(seed)
                for (i = 0; i < 4; i++) print int(n * (i + rand()) / 4) + 1
                for (i = 0; i < 5; i++) print n - i }'); do
            bring $night
            run $night strace -f -qq -o broken -e trace=recvfrom -e "inject=recvfrom:error=ECONNRESET:when=$number"
            ! grep -q INJECTED broken || n_lost=$((n_lost + 1))
            expect_right $night "the $night night, answer $number of $total lost"
        done
    done
    echo "$n_lost answers were lost in $(wc -l <codes) runs"
    [ "$n_lost" -ge 6 ] || fail 'hardly an answer was lost'
    print_codes
fi
