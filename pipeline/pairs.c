#include "pipeline/pairs.h"

#include "base/mem.h"
#include "base/parallel.h"

enum {
    TASK_PAIRS = 200000, /* enough to hide the hand-out, small enough to share evenly */
    AHEAD = 8            /* blocks, mostly of two or three members */
};

typedef struct pair_task {
    uint32_t pass, begin, end; /* blocks */
} pair_task;

typedef struct walk {
    const hd_plan *plan;
    const hd_blocks *blocks;
    bool distinct;
    hd_pair_visit *visit;
    void *arg;
    pair_task *tasks;
    uint32_t n_tasks;
    size_t cap;
    hd_env *envs; /* [worker] */
} walk;

static void plan_tasks(walk *w, uint32_t pass)
{
    const hd_pass_blocks *blocks = &w->blocks->pass[pass];
    uint64_t n_pairs = 0;
    uint32_t begin = 0;
    for (uint32_t b = 0; b < blocks->n_blocks; b++) {
        uint64_t n = blocks->start[b + 1] - blocks->start[b];
        n_pairs += n * (n - 1) / 2;
        if (n_pairs < TASK_PAIRS && b + 1 < blocks->n_blocks)
            continue;
        HD_GROW(w->tasks, w->cap, w->n_tasks + 1);
        w->tasks[w->n_tasks++] = (pair_task){pass, begin, b + 1};
        begin = b + 1;
        n_pairs = 0;
    }
}

static const uint32_t *blocks_of(const walk *w, hd_mention i)
{
    return w->blocks->block_of + (size_t)i * w->blocks->n_passes;
}

static bool made_before(const uint32_t *x, const uint32_t *y, uint32_t pass)
{
    for (uint32_t p = 0; p < pass; p++)
        if (x[p] == y[p] && x[p])
            return true;
    return false;
}

static void walk_block(const walk *w, uint32_t worker, uint32_t pass, const hd_mention *member,
                       uint32_t n)
{
    hd_pair pair = {.pass = pass};
    for (uint32_t i = 0; i + 1 < n; i++) {
        pair.a = member[i];
        pair.row_a = hd_plan_row(w->plan, pair.a);
        const uint32_t *blocks_a = blocks_of(w, pair.a);
        for (uint32_t j = i + 1; j < n; j++) {
            pair.b = member[j];
            pair.first = !made_before(blocks_a, blocks_of(w, pair.b), pass);
            if ((w->distinct && !pair.first) || !hd_pair_possible(w->plan, pair.a, pair.b))
                continue;
            pair.row_b = hd_plan_row(w->plan, pair.b);
            pair.pattern = hd_plan_pattern(w->plan, pair.row_a, pair.row_b, &w->envs[worker]);
            w->visit(w->arg, worker, &pair);
        }
    }
}

/* The caches hold no more than a few members' rows: what follows them comes in time by itself. */
static void fetch(const walk *w, const hd_mention *member, uint32_t n)
{
    for (uint32_t i = 0; i < n && i < AHEAD; i++) {
        __builtin_prefetch(blocks_of(w, member[i]));
        hd_plan_fetch_row(w->plan, member[i]);
    }
}

static hd_status walk_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    const walk *w = arg;
    const pair_task *t = &w->tasks[task];
    const hd_pass_blocks *blocks = &w->blocks->pass[t->pass];
    for (uint32_t b = t->begin; b < t->end; b++) {
        if (b + AHEAD < t->end)
            fetch(w, blocks->member + blocks->start[b + AHEAD],
                  blocks->start[b + AHEAD + 1] - blocks->start[b + AHEAD]);
        walk_block(w, worker, t->pass, blocks->member + blocks->start[b],
                   blocks->start[b + 1] - blocks->start[b]);
    }
    return HD_OK;
}

static hd_status run(hd_ctx *ctx, walk *w)
{
    for (uint32_t p = 0; p < w->blocks->n_passes; p++)
        plan_tasks(w, p);
    w->envs = hd_alloc_zero(ctx->n_threads, sizeof *w->envs);
    for (uint32_t i = 0; i < ctx->n_threads; i++)
        w->envs[i] = hd_ruleset_env(w->plan->ruleset);
    hd_status status = hd_parallel(ctx, w->n_tasks, walk_task, w);
    for (uint32_t i = 0; i < ctx->n_threads; i++) {
        hd_env_release(&w->envs[i]);
    }
    hd_free(w->envs);
    hd_free(w->tasks);
    return status;
}

hd_status hd_pairs_walk(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                        hd_pair_visit *visit, void *arg)
{
    walk w = {.plan = plan, .blocks = blocks, .distinct = true, .visit = visit, .arg = arg};
    return run(ctx, &w);
}

hd_status hd_pairs_walk_passes(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                               hd_pair_visit *visit, void *arg)
{
    walk w = {.plan = plan, .blocks = blocks, .visit = visit, .arg = arg};
    return run(ctx, &w);
}

static uint64_t two_of(uint64_t n)
{
    return n ? n * (n - 1) / 2 : 0;
}

/* Mentions stand in the order of their sources. */
uint64_t hd_pairs_possible(const hd_plan *plan)
{
    const hd_mentions *m = plan->mentions;
    uint64_t all = two_of(m->n), within = 0;
    for (hd_mention begin = 0, end; begin < m->n; begin = end) {
        for (end = begin + 1; end < m->n && m->source[end] == m->source[begin]; end++)
            ;
        within += two_of(end - begin);
    }
    switch (plan->ruleset->link_mode) {
    case HD_LINK_ACROSS:
        return all - within;
    case HD_LINK_WITHIN:
        return within;
    default:
        return all;
    }
}
