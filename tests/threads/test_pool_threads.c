/* The pool and hd_parallel under many threads. A plain program, because Criterion runs nothing
 * under ThreadSanitizer. Exit 0: as it should be. */

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "base/pool.h"

#define CHECK(cond)                                                            \
    do {                                                                       \
        if (!(cond)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #cond); \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

enum { N_TASKS = 64, N_EACH = 4000, N_TEXTS = 50000, N_THREADS = 8 };

typedef struct shared {
    hd_pool *pool;
    hd_text *texts; /* [N_TASKS][N_EACH] */
} shared;

static uint32_t which(uint32_t task, uint32_t i)
{
    return (task * 7919 + i * 31) % N_TEXTS; /* every text comes from several tasks at once */
}

static hd_str text_of(char *out, uint32_t k)
{
    return (hd_str){out, (uint32_t)sprintf(out, "曲靖-%u", k)};
}

static hd_status intern_some(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    shared *sh = arg;
    CHECK(ctx->n_threads == 1 && worker < N_THREADS);
    for (uint32_t i = 0; i < N_EACH; i++) {
        char bytes[32];
        hd_str s = text_of(bytes, which(task, i));
        hd_text text = hd_pool_intern(sh->pool, s);
        sh->texts[task * N_EACH + i] = text;
        CHECK(hd_str_eq(hd_pool_get(sh->pool, text), s));
        CHECK(hd_pool_has(sh->pool, text));
        if (i % 500 == 0)
            CHECK(text < hd_pool_limit(sh->pool) && hd_pool_bytes(sh->pool) > 0);
    }
    return HD_OK;
}

static void equal_texts_have_equal_numbers(hd_ctx *ctx)
{
    shared sh = {hd_pool_new(), hd_alloc(N_TASKS * N_EACH * sizeof(hd_text))};
    CHECK(hd_parallel(ctx, N_TASKS, intern_some, &sh) == HD_OK);
    hd_text *first = hd_alloc_zero(N_TEXTS, sizeof *first);
    uint32_t n_distinct = 0, n_used = 0;
    for (uint32_t t = 0; t < N_TASKS; t++) {
        for (uint32_t i = 0; i < N_EACH; i++) {
            uint32_t k = which(t, i);
            hd_text text = sh.texts[t * N_EACH + i];
            n_distinct += first[k] == 0;
            CHECK(text != 0 && (first[k] == 0 || first[k] == text));
            first[k] = text;
            char bytes[32];
            CHECK(hd_str_eq(hd_pool_get(sh.pool, text), text_of(bytes, k)));
        }
    }
    for (hd_text t = 1; t < hd_pool_limit(sh.pool); t++)
        n_used += hd_pool_has(sh.pool, t);
    CHECK(n_used == n_distinct);
    hd_free(first);
    hd_free(sh.texts);
    hd_pool_free(sh.pool);
}

static hd_status fail_from_30(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)worker;
    atomic_fetch_add((atomic_uint *)arg, 1);
    return task >= 30 ? HD_FAIL(ctx, HD_SOURCE, "task %u", task) : HD_OK;
}

static void lowest_failure_wins(hd_ctx *ctx)
{
    for (int round = 0; round < 200; round++) {
        atomic_uint n_run = 0;
        hd_ctx_clear(ctx);
        CHECK(hd_parallel(ctx, 1000, fail_from_30, &n_run) == HD_SOURCE);
        CHECK(ctx->n_frames == 1 && strcmp(ctx->frames[0].text, "task 30") == 0);
        CHECK(n_run > 30 && n_run <= 30 + N_THREADS);
    }
}

int main(void)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, N_THREADS);
    equal_texts_have_equal_numbers(&ctx);
    lowest_failure_wins(&ctx);
    return 0;
}
