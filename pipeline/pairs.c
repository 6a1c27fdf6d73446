#include "pipeline/pairs.h"

#include "base/mem.h"
#include "base/parallel.h"
#include "pipeline/batch.h"

enum {
    TASK_PAIRS = 200000, /* enough to hide the hand-out, small enough to share evenly */
    AHEAD = 8,           /* blocks, mostly of two or three members */
    SMALL = 24,          /* members: below, most of 64 lanes beside one mention would be empty */
    PIECE = 512,         /* members of a large block whose columns are at hand: 80 KiB */
    ROOM = PIECE + HD_BATCH_PAIRS + 16, /* lanes read past the end; no power of two, or all columns
                                           would lie in the same few sets of a cache */
    KNOWN_WORDS = ROOM / HD_LANES + 2
};

/* Small blocks, or one piece of a large one against all members up to it. */
typedef struct pair_task {
    uint32_t pass, begin, end; /* blocks */
    uint32_t piece;            /* of block `begin`, where it is large */
} pair_task;

/* Members of a piece of a large block, as columns of ROOM. */
typedef struct block_piece {
    const hd_mention *member;
    uint32_t n;
    uint32_t *slots;  /* [slot] */
    hd_lanes *known;  /* [need × KNOWN_WORDS] slot 0 by bits */
    uint32_t *blocks; /* [pass] */
    uint32_t *record, *source;
    const uint32_t *row[ROOM];
    uint8_t **prepared, **prepared_a; /* [measure]; NULL where it has no such form */
} block_piece;

/* One thread's. */
typedef struct worker {
    hd_env env;
    hd_pair_batch batch;
    hd_mention a[HD_BATCH_PAIRS], b[HD_BATCH_PAIRS]; /* of the lanes, of pairs of small blocks … */
    const uint32_t *row_a[HD_BATCH_PAIRS], *row_b[HD_BATCH_PAIRS];
    uint32_t n;     /* … so many */
    hd_lanes first; /* of the batch's lanes those that no pass before makes */
    block_piece piece;
    uint64_t n_pairs[HD_PASSES_MAX];
} worker;

typedef struct walk {
    const hd_plan *plan;
    const hd_blocks *blocks;
    bool distinct;
    const hd_bounds *bounds; /* NULL: every pair is visited */
    hd_pair_visit *visit;
    void *arg;
    pair_task *tasks;
    uint32_t n_tasks;
    size_t cap;
    worker *workers;
} walk;

/* ---- tasks ---- */

static uint32_t block_size(const hd_pass_blocks *blocks, uint32_t b)
{
    return blocks->start[b + 1] - blocks->start[b];
}

static void add_task(walk *w, pair_task task)
{
    HD_GROW(w->tasks, w->cap, w->n_tasks + 1);
    w->tasks[w->n_tasks++] = task;
}

static void plan_tasks(walk *w, uint32_t pass)
{
    const hd_pass_blocks *blocks = &w->blocks->pass[pass];
    uint64_t n_pairs = 0;
    uint32_t begin = 0;
    for (uint32_t b = 0; b < blocks->n_blocks; b++) {
        uint64_t n = block_size(blocks, b);
        for (uint32_t piece = 1; n >= SMALL && piece * PIECE < n; piece++)
            add_task(w, (pair_task){pass, b, b + 1, piece});
        n_pairs += n * (n - 1) / 2;
        if (n_pairs < TASK_PAIRS && b + 1 < blocks->n_blocks)
            continue;
        add_task(w, (pair_task){.pass = pass, .begin = begin, .end = b + 1});
        begin = b + 1;
        n_pairs = 0;
    }
}

/* ---- pairs ---- */

static const uint32_t *blocks_of(const walk *w, hd_mention i)
{
    return w->blocks->block_of + (size_t)i * w->blocks->n_passes;
}

/* Compares what the batch holds, and shows what is to be seen. */
static void compare(const walk *w, uint32_t number, uint32_t pass, const hd_mention *a,
                    const hd_mention *b)
{
    worker *own = &w->workers[number];
    hd_pair_batch *batch = &own->batch;
    own->n_pairs[pass] += (uint64_t)__builtin_popcountll(batch->lanes);
    hd_lanes shown = hd_pair_batch_compare(batch);
    unsigned i;
    while (hd_lanes_next(&shown, &i)) {
        hd_pair pair = {.a = a[i],
                        .b = b[i],
                        .row_a = batch->row[0][i],
                        .row_b = batch->row[1][i],
                        .pass = pass,
                        .pattern = batch->pattern[i],
                        .weight = batch->weight[i],
                        .first = own->first >> i & 1};
        w->visit(w->arg, number, &pair);
    }
}

/* Begin to fetch what says whether members are pairs. The caches hold no more than a few members':
 * what follows them comes in time by itself. */
static void fetch_blocks_of(const walk *w, const hd_mention *member, uint32_t n)
{
    for (uint32_t i = 0; i < n && i < AHEAD; i++)
        __builtin_prefetch(blocks_of(w, member[i]));
}

/* … and what a pair is compared by. */
static void fetch(const walk *w, hd_mention i)
{
    hd_plan_fetch_row(w->plan, i);
    __builtin_prefetch(&w->plan->mentions->record[i]);
    __builtin_prefetch(&w->plan->mentions->source[i]);
}

/* ---- small blocks ---- */

/* Of the lanes that were taken those that are pairs. */
static hd_lanes possible(const walk *w, const worker *own)
{
    hd_lanes lanes = 0;
    for (uint32_t i = 0; i < own->n; i++)
        lanes |= (hd_lanes)hd_pair_possible(w->plan, own->a[i], own->b[i]) << i;
    return lanes;
}

static void flush(const walk *w, uint32_t number, uint32_t pass)
{
    worker *own = &w->workers[number];
    if (!own->n)
        return;
    for (uint32_t i = own->n; i < HD_BATCH_PAIRS; i++) /* empty lanes are read, too */
        own->row_a[i] = own->row_b[i] = own->row_a[0];
    own->batch.columns = NULL;
    own->batch.row[0] = own->row_a;
    own->batch.row[1] = own->row_b;
    own->batch.lanes = possible(w, own);
    compare(w, number, pass, own->a, own->b);
    own->n = 0;
    own->first = 0;
}

/* It is looked at when the lanes are full: by then what it needs has come. */
static void add_pair(const walk *w, worker *own, hd_mention a, hd_mention b, bool first)
{
    uint32_t i = own->n++;
    own->a[i] = a;
    own->b[i] = b;
    own->first |= (hd_lanes)first << i;
    own->row_a[i] = hd_plan_row(w->plan, a);
    own->row_b[i] = hd_plan_row(w->plan, b);
    fetch(w, a);
    fetch(w, b);
}

static void walk_small(const walk *w, uint32_t number, uint32_t pass, const hd_mention *member,
                       uint32_t n)
{
    worker *own = &w->workers[number];
    for (uint32_t i = 0; i + 1 < n; i++) {
        hd_mention a = member[i];
        const uint32_t *blocks_a = blocks_of(w, a);
        for (uint32_t j = i + 1; j < n; j++) {
            hd_mention b = member[j];
            bool first = !hd_pair_made_before(blocks_a, blocks_of(w, b), pass);
            if (w->distinct && !first)
                continue;
            add_pair(w, own, a, b, first);
            if (own->n == HD_BATCH_PAIRS)
                flush(w, number, pass);
        }
    }
}

/* ---- large blocks ---- */

/* What is known of the members, a bit each, in a row of words for each need. */
static void turn_known(const hd_plan *plan, block_piece *p)
{
    memset(p->known, 0, (size_t)plan->n_needs * KNOWN_WORDS * sizeof *p->known);
    for (uint32_t i = 0; i < p->n; i++)
        for (uint32_t rest = p->slots[i]; rest; rest &= rest - 1)
            p->known[(uint32_t)__builtin_ctz(rest) * KNOWN_WORDS + i / HD_LANES] |= UINT64_C(1)
                                                                                    << i % HD_LANES;
}

static void prepare(worker *own, const hd_pair_batch *batch)
{
    block_piece *p = &own->piece;
    for (uint32_t m = 0; m < batch->plan->n_measures; m++) {
        const hd_plan_measure *measure = &batch->plan->measure[m];
        uint32_t bytes = hd_measure_prepared_bytes(measure->measure);
        for (uint32_t i = 0; bytes && i < p->n; i++) {
            uint32_t ahead = i + AHEAD < p->n ? p->row[i + AHEAD][measure->slot_b] : HD_NONE;
            if (ahead != HD_NONE)
                hd_measure_fetch(measure->measure, ahead, &own->env);
            hd_measure_prepare(measure->measure, p->row[i][measure->slot_b], &own->env,
                               p->prepared[m] + (size_t)i * bytes);
        }
    }
}

/* Columns of the members: slots, numbers of blocks before `pass`, records. */
static void turn(const walk *w, worker *own, uint32_t pass)
{
    block_piece *piece = &own->piece;
    const hd_mentions *mentions = w->plan->mentions;
    for (uint32_t i = 0; i < piece->n; i++) {
        hd_mention m = piece->member[i];
        if (i + AHEAD < piece->n) {
            fetch_blocks_of(w, &piece->member[i + AHEAD], 1);
            fetch(w, piece->member[i + AHEAD]);
        }
        const uint32_t *row = hd_plan_row(w->plan, m), *of = blocks_of(w, m);
        piece->row[i] = row;
        for (uint32_t s = 0; s < w->plan->n_slots; s++)
            piece->slots[(size_t)s * ROOM + i] = row[s];
        for (uint32_t p = 0; p < pass; p++)
            piece->blocks[(size_t)p * ROOM + i] = of[p];
        piece->record[i] = mentions->record[m];
        piece->source[i] = mentions->source[m];
    }
    turn_known(w->plan, piece);
    prepare(own, &own->batch);
}

/* Of 64 members of a piece, from `at` on, those that may be a pair with `a`, as hd_pair_possible
 * says … */
static hd_lanes possible_with(const hd_plan *plan, hd_mention a, const block_piece *p, uint32_t at)
{
    const hd_mentions *m = plan->mentions;
    hd_lanes within = hd_lanes_equal(m->source[a], p->source + at);
    if (plan->ruleset->link_mode == HD_LINK_ACROSS)
        return ~within;
    hd_lanes one_record = within & hd_lanes_equal(m->record[a], p->record + at);
    return plan->ruleset->link_mode == HD_LINK_WITHIN ? within & ~one_record : ~one_record;
}

/* … and those with which an earlier pass made one. */
static hd_lanes made_with(const uint32_t *blocks_a, uint32_t pass, const block_piece *p,
                          uint32_t at)
{
    hd_lanes lanes = 0;
    for (uint32_t k = 0; k < pass; k++)
        if (blocks_a[k])
            lanes |= hd_lanes_equal(blocks_a[k], p->blocks + (size_t)k * ROOM + at);
    return lanes;
}

static void prepare_a(worker *own, const uint32_t *row)
{
    const hd_plan *plan = own->batch.plan;
    for (uint32_t i = 0; i < HD_BATCH_PAIRS; i++)
        own->row_a[i] = row;
    for (uint32_t m = 0; m < plan->n_measures; m++)
        if (own->piece.prepared[m])
            hd_measure_prepare(plan->measure[m].measure, row[plan->measure[m].slot_a], &own->env,
                               own->piece.prepared_a[m]);
}

/* `a` beside the piece's members from `from` on. */
static void walk_beside(const walk *w, uint32_t number, uint32_t pass, hd_mention a, uint32_t from)
{
    worker *own = &w->workers[number];
    block_piece *piece = &own->piece;
    hd_pair_batch *batch = &own->batch;
    hd_mention same[HD_BATCH_PAIRS];
    const uint8_t *prepared[HD_MEASURES_MAX];
    hd_batch_columns columns = {.stride = ROOM,
                                .known = piece->known,
                                .known_stride = KNOWN_WORDS,
                                .prepared = prepared,
                                .prepared_a = (const uint8_t *const *)piece->prepared_a};
    prepare_a(own, hd_plan_row(w->plan, a));
    for (uint32_t i = 0; i < HD_BATCH_PAIRS; i++)
        same[i] = a;
    for (uint32_t at = from; at < piece->n; at += HD_BATCH_PAIRS) {
        own->first = ~made_with(blocks_of(w, a), pass, piece, at);
        batch->lanes = hd_lanes_first(piece->n - at) & possible_with(w->plan, a, piece, at);
        if (w->distinct)
            batch->lanes &= own->first;
        columns.slots = piece->slots + at;
        columns.at = at;
        for (uint32_t m = 0; m < w->plan->n_measures; m++)
            prepared[m] = piece->prepared[m]
                              ? piece->prepared[m] +
                                    at * hd_measure_prepared_bytes(w->plan->measure[m].measure)
                              : NULL;
        batch->columns = &columns;
        batch->row[0] = own->row_a;
        batch->row[1] = piece->row + at;
        compare(w, number, pass, same, piece->member + at);
    }
}

static void walk_piece(const walk *w, uint32_t number, uint32_t pass, const hd_mention *member,
                       uint32_t n, uint32_t i)
{
    block_piece *piece = &w->workers[number].piece;
    uint32_t begin = i * PIECE, end = n - begin < PIECE ? n : begin + PIECE;
    piece->member = member + begin;
    piece->n = end - begin;
    turn(w, &w->workers[number], pass);
    for (uint32_t k = 0; k < end; k++)
        walk_beside(w, number, pass, member[k], k < begin ? 0 : k + 1 - begin);
    w->workers[number].first = 0;
}

/* ---- all blocks ---- */

static hd_status walk_task(hd_ctx *ctx, uint32_t task, uint32_t number, void *arg)
{
    (void)ctx;
    const walk *w = arg;
    const pair_task *t = &w->tasks[task];
    const hd_pass_blocks *blocks = &w->blocks->pass[t->pass];
    for (uint32_t b = t->begin; b < t->end; b++) {
        const hd_mention *member = blocks->member + blocks->start[b];
        uint32_t n = block_size(blocks, b);
        if (b + AHEAD < t->end)
            fetch_blocks_of(w, blocks->member + blocks->start[b + AHEAD],
                            block_size(blocks, b + AHEAD));
        if (n < SMALL) {
            walk_small(w, number, t->pass, member, n);
        } else {
            flush(w, number, t->pass);
            walk_piece(w, number, t->pass, member, n, t->piece);
        }
    }
    flush(w, number, t->pass);
    return HD_OK;
}

static void make_piece(const walk *w, block_piece *p)
{
    const hd_plan *plan = w->plan;
    p->slots = hd_alloc_zero(plan->n_slots, ROOM * sizeof *p->slots);
    p->known = hd_alloc_zero(plan->n_needs + 1u, KNOWN_WORDS * sizeof *p->known);
    p->blocks = hd_alloc_zero(w->blocks->n_passes + 1u, ROOM * sizeof *p->blocks);
    p->record = hd_alloc_zero(ROOM, sizeof *p->record);
    p->source = hd_alloc_zero(ROOM, sizeof *p->source);
    p->prepared = hd_alloc_zero(plan->n_measures, sizeof *p->prepared);
    p->prepared_a = hd_alloc_zero(plan->n_measures, sizeof *p->prepared_a);
    for (uint32_t m = 0; m < plan->n_measures; m++) {
        uint32_t bytes = hd_measure_prepared_bytes(plan->measure[m].measure);
        p->prepared[m] = bytes ? hd_alloc_zero(ROOM, bytes) : NULL;
        p->prepared_a[m] = bytes ? hd_alloc_zero(1, bytes) : NULL;
    }
}

static void release_piece(const walk *w, block_piece *p)
{
    for (uint32_t m = 0; m < w->plan->n_measures; m++) {
        hd_free(p->prepared[m]);
        hd_free(p->prepared_a[m]);
    }
    hd_free(p->prepared);
    hd_free(p->prepared_a);
    hd_free(p->slots);
    hd_free(p->known);
    hd_free(p->blocks);
    hd_free(p->record);
    hd_free(p->source);
}

static void make_workers(walk *w, unsigned n_threads)
{
    w->workers = hd_alloc_zero(n_threads, sizeof *w->workers);
    for (unsigned i = 0; i < n_threads; i++) {
        worker *own = &w->workers[i];
        own->env = hd_ruleset_env(w->plan->ruleset);
        hd_pair_batch_init(&own->batch, w->plan, &own->env, w->bounds);
        make_piece(w, &own->piece);
    }
}

static void release_workers(walk *w, unsigned n_threads)
{
    for (unsigned i = 0; i < n_threads; i++) {
        hd_pair_batch_release(&w->workers[i].batch);
        hd_env_release(&w->workers[i].env);
        release_piece(w, &w->workers[i].piece);
    }
    hd_free(w->workers);
}

/* `n_pairs` may be NULL. */
static hd_status run(hd_ctx *ctx, walk *w, uint64_t *n_pairs)
{
    for (uint32_t p = 0; p < w->blocks->n_passes; p++)
        plan_tasks(w, p);
    make_workers(w, ctx->n_threads);
    hd_status status = hd_parallel(ctx, w->n_tasks, walk_task, w);
    for (uint32_t p = 0; n_pairs && p < HD_PASSES_MAX; p++) {
        n_pairs[p] = 0;
        for (unsigned i = 0; i < ctx->n_threads; i++)
            n_pairs[p] += w->workers[i].n_pairs[p];
    }
    release_workers(w, ctx->n_threads);
    hd_free(w->tasks);
    return status;
}

hd_status hd_pairs_walk(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                        hd_pair_visit *visit, void *arg)
{
    walk w = {.plan = plan, .blocks = blocks, .distinct = true, .visit = visit, .arg = arg};
    return run(ctx, &w, NULL);
}

hd_status hd_pairs_walk_passes(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                               hd_pair_visit *visit, void *arg)
{
    walk w = {.plan = plan, .blocks = blocks, .visit = visit, .arg = arg};
    return run(ctx, &w, NULL);
}

hd_status hd_pairs_weigh(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                         const hd_weights *weights, int32_t threshold, hd_pair_visit *visit,
                         void *arg, uint64_t n_pairs[HD_PASSES_MAX])
{
    hd_bounds bounds;
    hd_bounds_make(plan, weights, threshold, &bounds);
    walk w = {.plan = plan,
              .blocks = blocks,
              .distinct = true,
              .bounds = &bounds,
              .visit = visit,
              .arg = arg};
    return run(ctx, &w, n_pairs);
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
