# A run that is lost when it has kept what it read, but not published. To be read by a test's shell.

# Starts `hedui run` with these arguments and kills it so; 1: it was never lost in time, which another
# try may be. RUNS: its folder of runs; said: what it printed.
lose_run() { # RUNS ARGUMENT...
    lose_runs=$1
    shift
    : >said
    "$hedui" run "$@" >said 2>&1 &
    while kill -0 $! 2>/dev/null && ! grep -q '^\[3/' said; do
        sleep 0.01
    done
    kill -9 $! || true
    { wait $! || true; } 2>/dev/null
    [ -n "$(ls "$lose_runs"/*/mentions.hdm 2>/dev/null)" ]
}
