#include <criterion/criterion.h>
#include <pty.h>

#include "base/progress.h"
#include "capture.h"

static void two_stages(void)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    hd_progress_stage(&ctx, 3, 9, "block");
    hd_progress_done(&ctx, 1.239, "12 keys");
    hd_progress_note(&ctx, "so it is");
    hd_progress_stage(&ctx, 4, 9, "match");
    hd_progress_done(&ctx, 0, NULL);
}

static void quiet(void)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    ctx.quiet = true;
    hd_progress_stage(&ctx, 3, 9, "block");
    hd_progress_done(&ctx, 1.239, "12 keys");
    hd_progress_note(&ctx, "so it is");
}

Test(progress, plain_lines_elsewhere)
{
    captured c = capture(two_stages);
    cr_assert_str_eq(c.text, "[3/9] block  1.24 s  12 keys\nso it is\n[4/9] match  0.00 s\n");
}

Test(progress, line_is_redrawn_on_a_terminal)
{
    int master, terminal;
    cr_assert_eq(openpty(&master, &terminal, NULL, NULL, NULL), 0);
    captured c = capture_on(master, terminal, two_stages);
    cr_assert_str_eq(c.text, "\r\033[K[3/9] block …\r\033[K[3/9] block  1.24 s  12 keys\r\n"
                             "\r\033[Kso it is\r\n"
                             "\r\033[K[4/9] match …\r\033[K[4/9] match  0.00 s\r\n");
}

Test(progress, quiet_says_nothing)
{
    cr_assert_str_eq(capture(quiet).text, "");
}

Test(progress, clock_does_not_go_back)
{
    double last = hd_clock_seconds();
    for (int i = 0; i < 1000; i++) {
        double now = hd_clock_seconds();
        cr_assert_geq(now, last);
        last = now;
    }
}
