#include <criterion/criterion.h>
#include <stdatomic.h>

#include "base/parallel.h"
#include "capture.h"

enum { N = 1000 };

typedef struct seen {
    atomic_uint runs[N];
    atomic_uint most_worker;
    atomic_uint threads; /* the n_threads a task found */
    uint32_t fail_from;  /* tasks from here on fail */
} seen;

static hd_status note(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    seen *s = arg;
    atomic_fetch_add(&s->runs[task], 1);
    unsigned most = atomic_load(&s->most_worker);
    while (most < worker && !atomic_compare_exchange_weak(&s->most_worker, &most, worker))
        ;
    atomic_store(&s->threads, ctx->n_threads);
    if (task >= s->fail_from) {
        hd_hint(ctx, "hint %u", task);
        return HD_FAIL(ctx, task % 2 ? HD_STORE : HD_SOURCE, "task %u", task);
    }
    return HD_OK;
}

static void run(hd_ctx *ctx, unsigned n_threads, uint32_t n_tasks, uint32_t fail_from, seen *s,
                hd_status *status)
{
    memset(s, 0, sizeof *s);
    s->fail_from = fail_from;
    hd_ctx_init(ctx, n_threads);
    *status = hd_parallel(ctx, n_tasks, note, s);
}

Test(parallel, every_task_once)
{
    static const unsigned threads[] = {1, 2, 3, 16, 2000};
    static const uint32_t tasks[] = {0, 1, 2, 15, N};
    static seen s;
    hd_ctx ctx;
    hd_status status;
    for (size_t t = 0; t < 5; t++) {
        for (size_t k = 0; k < 5; k++) {
            run(&ctx, threads[t] > 64 && tasks[k] > 64 ? 64 : threads[t], tasks[k], N, &s, &status);
            cr_assert_eq(status, HD_OK);
            cr_assert_eq(ctx.n_frames, 0);
            for (uint32_t i = 0; i < N; i++)
                cr_assert_eq(s.runs[i], i < tasks[k] ? 1 : 0);
            cr_assert_lt(s.most_worker, threads[t]);
        }
    }
}

Test(parallel, no_nesting_but_one_task_keeps_the_threads)
{
    static seen s;
    hd_ctx ctx;
    hd_status status;
    run(&ctx, 4, 100, N, &s, &status);
    cr_assert_eq(s.threads, 1);
    cr_assert_eq(ctx.n_threads, 4);
    run(&ctx, 4, 1, N, &s, &status);
    cr_assert_eq(s.threads, 4);
}

Test(parallel, lowest_failure_is_reported)
{
    static const unsigned threads[] = {1, 2, 7};
    static seen s;
    hd_ctx ctx;
    hd_status status;
    for (int round = 0; round < 100; round++) {
        for (size_t t = 0; t < 3; t++) {
            uint32_t from = (uint32_t)round * 9;
            char text[64];
            run(&ctx, threads[t], N, from, &s, &status);
            cr_assert_eq(status, from % 2 ? HD_STORE : HD_SOURCE);
            cr_assert_eq(ctx.n_frames, 1);
            snprintf(text, sizeof text, "task %u", from);
            cr_assert_str_eq(ctx.frames[0].text, text);
            snprintf(text, sizeof text, "hint %u", from);
            cr_assert_str_eq(ctx.hint, text);
            unsigned n_run = 0;
            for (uint32_t i = 0; i < N; i++)
                n_run += s.runs[i];
            cr_assert_geq(n_run, from + 1);
            cr_assert_leq(n_run, from + threads[t]);
        }
    }
}

/* A failure that one task handled is not part of the failure of a later one. */
static hd_status handles_then_fails(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)worker;
    (void)arg;
    HD_FAIL(ctx, HD_CONFIG, "handled");
    return task == 50 ? hd_fail_doing(ctx, HD_CONFIG, __FILE__, __LINE__, "last") : HD_OK;
}

Test(parallel, each_task_starts_with_an_empty_chain)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 2);
    cr_assert_eq(hd_parallel(&ctx, 51, handles_then_fails, NULL), HD_CONFIG);
    cr_assert_eq(ctx.n_frames, 2);
    cr_assert_str_eq(ctx.frames[1].text, "last");
}

Test(parallel, pieces_cover_without_overlap)
{
    static const uint64_t totals[] = {0, 1, 9, 10, 11, 1000003, UINT64_MAX};
    static const uint32_t pieces[] = {1, 2, 10, 64, 1000};
    for (size_t t = 0; t < sizeof totals / sizeof *totals; t++) {
        for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
            uint64_t at = 0, begin, end;
            for (uint32_t i = 0; i < pieces[p]; i++) {
                hd_piece(totals[t], pieces[p], i, &begin, &end);
                cr_assert_eq(begin, at);
                cr_assert_leq(end - begin - totals[t] / pieces[p], 1);
                at = end;
            }
            cr_assert_eq(at, totals[t]);
        }
    }
}

static void piece_out_of_range(void)
{
    uint64_t begin, end;
    hd_piece(10, 0, 0, &begin, &end);
}

Test(parallel, piece_out_of_range_is_a_bug)
{
    cr_assert_eq(capture(piece_out_of_range).exit_code, 70);
}
