#include <criterion/criterion.h>

#include "capture.h"
#include "hedui/status.h"

Test(status, init_clears_and_takes_threads)
{
    hd_ctx ctx;
    memset(&ctx, 0xAA, sizeof ctx);
    hd_ctx_init(&ctx, 3);
    cr_assert_eq(ctx.n_threads, 3);
    cr_assert_eq(ctx.n_frames, 0);
    cr_assert_str_eq(ctx.hint, "");
    cr_assert_not(ctx.quiet);
    hd_ctx_init(&ctx, 0);
    cr_assert_geq(ctx.n_threads, 1);
}

static hd_status inner(hd_ctx *ctx, bool fail)
{
    if (fail)
        return HD_FAIL(ctx, HD_SOURCE, "row %d has %s", 7, "no columns");
    return HD_OK;
}

static hd_status outer(hd_ctx *ctx, bool fail)
{
    HD_TRY_DOING(ctx, inner(ctx, fail), "reading %s", "civil.csv");
    return HD_OK;
}

static hd_status outermost(hd_ctx *ctx, bool fail)
{
    HD_TRY(outer(ctx, fail));
    return HD_OK;
}

Test(status, chain_holds_cause_first)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    cr_assert_eq(outermost(&ctx, false), HD_OK);
    cr_assert_eq(ctx.n_frames, 0);
    cr_assert_eq(outermost(&ctx, true), HD_SOURCE);
    cr_assert_eq(ctx.n_frames, 2);
    cr_assert_str_eq(ctx.frames[0].text, "row 7 has no columns");
    cr_assert_eq(ctx.frames[0].code, HD_SOURCE);
    cr_assert_str_eq(ctx.frames[1].text, "reading civil.csv");
    cr_assert(strstr(ctx.frames[0].file, "test_status.c"));
    cr_assert_lt(ctx.frames[0].line, ctx.frames[1].line);
    hd_hint(&ctx, "check %s", "the header");
    cr_assert_str_eq(ctx.hint, "check the header");
    hd_ctx_clear(&ctx);
    cr_assert_eq(ctx.n_frames, 0);
    cr_assert_str_eq(ctx.hint, "");
    cr_assert_eq(ctx.n_threads, 1);
}

Test(status, full_chain_drops_the_newest)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    HD_FAIL(&ctx, HD_STORE, "cause");
    for (int i = 1; i < 20; i++)
        cr_assert_eq(hd_fail_doing(&ctx, HD_STORE, __FILE__, __LINE__, "frame %d", i), HD_STORE);
    cr_assert_eq(ctx.n_frames, HD_FRAMES_MAX);
    cr_assert_str_eq(ctx.frames[0].text, "cause");
    cr_assert_str_eq(ctx.frames[HD_FRAMES_MAX - 1].text, "frame 7");
    cr_assert_eq(HD_FAIL(&ctx, HD_SPACE, "late"), HD_SPACE);
    cr_assert_eq(ctx.n_frames, HD_FRAMES_MAX);
    cr_assert_eq(ctx.frames[HD_FRAMES_MAX - 1].code, HD_STORE);
}

Test(status, long_text_is_cut_between_characters)
{
    hd_ctx ctx;
    const char *units[] = {"a", "é", "曲", "𠀀"};
    for (size_t u = 0; u < 4; u++) {
        for (size_t shift = 0; shift < 5; shift++) {
            char text[1024] = "";
            memset(text, 'x', shift);
            while (strlen(text) < 600)
                strcat(text, units[u]);
            hd_ctx_init(&ctx, 1);
            HD_FAIL(&ctx, HD_CONFIG, "%s", text);
            size_t len = strlen(ctx.frames[0].text), unit = strlen(units[u]);
            cr_assert_eq((len - shift) % unit, 0);
            cr_assert_gt(len + unit, HD_FRAME_BYTES - 1);
            cr_assert_eq(memcmp(text, ctx.frames[0].text, len), 0);
            hd_hint(&ctx, "%s", text);
            cr_assert_eq(strlen(ctx.hint), len);
        }
    }
}

Test(status, failure_as_text)
{
    hd_ctx ctx;
    char text[HD_FAILURE_BYTES];
    hd_ctx_init(&ctx, 1);
    hd_failure_text(&ctx, HD_STORE, text);
    cr_assert_str_eq(text, "store: unknown cause\n");
    hd_status status = outermost(&ctx, true);
    hd_failure_text(&ctx, status, text);
    cr_assert_str_eq(text, "source: row 7 has no columns\n  while reading civil.csv\n");
    hd_hint(&ctx, "look at %s", "it");
    hd_failure_text(&ctx, status, text);
    cr_assert_str_eq(text,
                     "source: row 7 has no columns\n  while reading civil.csv\nHINT: look at it\n");
}

Test(status, longest_failure_fits_as_text)
{
    hd_ctx ctx;
    char long_text[HD_FRAME_BYTES + 1] = "", text[HD_FAILURE_BYTES];
    memset(long_text, 'x', sizeof long_text - 1);
    hd_ctx_init(&ctx, 1);
    for (int i = 0; i < HD_FRAMES_MAX; i++)
        HD_FAIL(&ctx, HD_LOCKED, "%s", long_text); /* the status with the longest stem */
    hd_hint(&ctx, "%s", long_text);
    hd_failure_text(&ctx, HD_LOCKED, text);
    cr_assert_eq(text[strlen(text) - 1], '\n'); /* what is cut has none */
}

Test(status, codes_have_exit_codes_and_stems)
{
    cr_assert_eq(hd_status_exit_code(HD_OK), 0);
    cr_assert_eq(hd_status_exit_code(HD_GATE), 1);
    cr_assert_eq(hd_status_exit_code(HD_USAGE), 2);
    cr_assert_eq(hd_status_exit_code(HD_CONFIG), 2);
    cr_assert_eq(hd_status_exit_code(HD_SOURCE), 3);
    cr_assert_eq(hd_status_exit_code(HD_STORE), 3);
    cr_assert_eq(hd_status_exit_code(HD_SPACE), 4);
    cr_assert_eq(hd_status_exit_code(HD_LOCKED), 5);
    cr_assert_eq(hd_status_exit_code(HD_BUG), 70);
    cr_assert_eq(hd_status_exit_code((hd_status)99), 70);
    cr_assert_str_eq(hd_status_stem(HD_CONFIG), "configuration");
    cr_assert_str_eq(hd_status_stem((hd_status)99), "unknown status");
}

static void bug(void)
{
    hd_bug("base/x.c", 12, "shard %d", 5);
}

static void failed_assertion(void)
{
    HD_ASSERT(1 + 1 == 3);
}

Test(status, bug_says_where_and_exits_70)
{
    captured c = capture(bug);
    cr_assert_eq(c.exit_code, 70);
    cr_assert_str_eq(c.text, "hedui: bug: base/x.c:12: shard 5\n");
    c = capture(failed_assertion);
    cr_assert_eq(c.exit_code, 70);
    cr_assert(strstr(c.text, ": assertion failed: 1 + 1 == 3\n"), "%s", c.text);
}
