#include "pipeline/analyse/recall.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "pipeline/pairs.h"

enum {
    ONE = 1 << 16,    /* a probability of 1, as a whole number */
    LEAST_BITS = -10, /* pairs below this, a match in a thousand, are not looked at */
    DRAWS = 20000,    /* of a kind: an error of 0.1 % where 2 % are not seen */
    ITERATIONS = 50,  /* of the shares of a kind */
    KIND_LEAST = 50,  /* matches; kinds with fewer are taken together */
    DRAW_SEED = 19490301
};

/* ---- seen: the matches among the blocked pairs ---- */

/* One pair, later several: of one kind, agreeing on the same keys. */
typedef struct tally {
    uint32_t kind;
    uint64_t mask, probability;
} tally;

typedef struct tallies {
    tally *item;
    size_t n, cap;
} tallies;

typedef struct collect_job {
    const hd_plan *plan;
    const hd_key_list *keys;
    hd_weights weights;
    uint32_t role_base[HD_SOURCES_MAX], n_roles; /* a source's roles are numbered from here */
    tallies *found;                              /* [worker] */
} collect_job;

/* Source and role of both mentions, whichever comes first. */
static uint32_t kind_of(const collect_job *job, hd_mention a, hd_mention b)
{
    const hd_mentions *m = job->plan->mentions;
    uint32_t x = job->role_base[m->source[a]] + m->role[a];
    uint32_t y = job->role_base[m->source[b]] + m->role[b];
    return x < y ? x * job->n_roles + y : y * job->n_roles + x;
}

static void collect_pair(void *arg, uint32_t worker, const hd_pair *pair)
{
    collect_job *job = arg;
    tallies *to = &job->found[worker];
    uint64_t probability = (uint64_t)lround(hd_weight_probability(pair->weight) * ONE);
    HD_GROW(to->item, to->cap, to->n + 1);
    to->item[to->n++] = (tally){kind_of(job, pair->a, pair->b),
                                hd_keys_agreeing(job->keys, pair->a, pair->b), probability};
}

static int by_kind_and_mask(const void *x, const void *y)
{
    const tally *a = x, *b = y;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (a->mask > b->mask) - (a->mask < b->mask);
}

/* Sorted, equal ones added up. */
static void sum_up(tallies *all)
{
    size_t n = 0;
    if (all->n)
        qsort(all->item, all->n, sizeof *all->item, by_kind_and_mask);
    for (size_t i = 0; i < all->n; i++) {
        if (n && !by_kind_and_mask(&all->item[n - 1], &all->item[i]))
            all->item[n - 1].probability += all->item[i].probability;
        else
            all->item[n++] = all->item[i];
    }
    all->n = n;
}

static void join(tallies *found, unsigned n_threads, tallies *out)
{
    for (unsigned t = 0; t < n_threads; t++) {
        sum_up(&found[t]);
        HD_GROW(out->item, out->cap, out->n + found[t].n + 1);
        if (found[t].n)
            memcpy(out->item + out->n, found[t].item, found[t].n * sizeof *out->item);
        out->n += found[t].n;
        hd_free(found[t].item);
    }
    sum_up(out);
}

static hd_status collect(hd_ctx *ctx, const hd_plan *plan, const hd_model *model,
                         const hd_blocks *blocks, const hd_key_list *keys, tallies *out)
{
    collect_job job = {.plan = plan, .keys = keys};
    for (uint32_t s = 0; s < plan->ruleset->n_sources; s++) {
        job.role_base[s] = job.n_roles;
        job.n_roles += plan->ruleset->sources[s].n_roles;
    }
    hd_weights_make(plan, model, &job.weights);
    job.found = hd_alloc_zero(ctx->n_threads, sizeof *job.found);
    uint64_t n_pairs[HD_PASSES_MAX];
    hd_status status = hd_pairs_weigh(ctx, plan, blocks, &job.weights, LEAST_BITS * HD_WEIGHT_ONE,
                                      collect_pair, &job, n_pairs);
    join(job.found, ctx->n_threads, out);
    hd_free(job.found);
    hd_weights_release(&job.weights);
    return status;
}

/* ---- not seen: one kind ---- */

/* On which keys of one group two mentions agree. */
typedef struct outcome {
    uint64_t mask;
    double seen, drawn, share; /* matches; draws that no pass makes; of all matches */
} outcome;

typedef struct outcomes {
    outcome *item;
    size_t n, cap;
} outcomes;

typedef struct kind_job {
    const hd_key_list *keys;
    const uint64_t *passes;
    uint32_t n_passes;
    uint64_t group_mask[HD_KEY_LIST_MAX];
    outcomes group[HD_KEY_LIST_MAX];
    uint16_t drawn[DRAWS][HD_KEY_LIST_MAX]; /* [draw][group] number of the outcome */
} kind_job;

static bool is_made(const uint64_t *passes, uint32_t n_passes, uint64_t mask)
{
    for (uint32_t p = 0; p < n_passes; p++)
        if (passes[p] && (mask & passes[p]) == passes[p])
            return true;
    return false;
}

static void see(outcomes *group, uint64_t mask, double matches)
{
    size_t i = 0;
    while (i < group->n && group->item[i].mask != mask)
        i++;
    if (i == group->n) {
        HD_GROW(group->item, group->cap, group->n + 1);
        group->item[group->n++] = (outcome){.mask = mask};
    }
    group->item[i].seen += matches;
}

static double see_all(kind_job *job, const tally *item, size_t n)
{
    double seen = 0;
    for (uint32_t g = 0; g < job->keys->n_groups; g++)
        job->group[g].n = 0;
    for (size_t i = 0; i < n; i++) {
        double matches = (double)item[i].probability / ONE;
        seen += matches;
        for (uint32_t g = 0; g < job->keys->n_groups; g++)
            see(&job->group[g], item[i].mask & job->group_mask[g], matches);
    }
    return seen;
}

static uint16_t draw_one(const outcomes *group, uint64_t draw, uint32_t g)
{
    const uint64_t what[2] = {draw, g};
    double at = (double)(hd_hash64(what, sizeof what, DRAW_SEED) >> 11) * 0x1p-53;
    size_t i = 0;
    while (i + 1 < group->n && at >= group->item[i].share)
        at -= group->item[i++].share;
    return (uint16_t)i;
}

/* Draws pairs by the shares as they are; the share of them that no pass makes. */
static double draw_all(kind_job *job)
{
    uint32_t n_groups = job->keys->n_groups, n_unseen = 0;
    for (uint32_t g = 0; g < n_groups; g++)
        for (size_t i = 0; i < job->group[g].n; i++)
            job->group[g].item[i].drawn = 0;
    for (uint32_t d = 0; d < DRAWS; d++) {
        uint64_t mask = 0;
        for (uint32_t g = 0; g < n_groups; g++) {
            job->drawn[d][g] = draw_one(&job->group[g], d, g);
            mask |= job->group[g].item[job->drawn[d][g]].mask;
        }
        if (is_made(job->passes, job->n_passes, mask))
            continue;
        n_unseen++;
        for (uint32_t g = 0; g < n_groups; g++)
            job->group[g].item[job->drawn[d][g]].drawn++;
    }
    return (double)n_unseen / DRAWS;
}

static void set_shares(kind_job *job, double seen, double unseen, double unseen_share)
{
    for (uint32_t g = 0; g < job->keys->n_groups; g++)
        for (size_t i = 0; i < job->group[g].n; i++) {
            outcome *o = &job->group[g].item[i];
            double filled = unseen_share > 0 ? unseen * o->drawn / (unseen_share * DRAWS) : 0;
            o->share = (o->seen + filled) / (seen + unseen);
        }
}

/* EM: shares → matches not seen → shares. Returns the matches that are not seen. */
static double fit_kind(kind_job *job, const tally *item, size_t n)
{
    double seen = see_all(job, item, n), unseen = 0;
    set_shares(job, seen, 0, 0);
    for (int i = 0; i < ITERATIONS; i++) {
        double share = fmin(draw_all(job), 0.9), before = unseen;
        unseen = seen * share / (1 - share);
        set_shares(job, seen, unseen, share);
        if (fabs(unseen - before) <= 1e-3 * unseen)
            break;
    }
    return unseen;
}

/* ---- all kinds ---- */

static void add_cell(hd_recall *out, size_t *cap, uint64_t mask, double matches)
{
    HD_GROW(out->cell, *cap, out->n + 1);
    out->cell[out->n++] = (hd_agreement){mask, matches};
}

/* What was drawn and is not seen stands for the matches that are not seen, in equal parts. */
static void add_unseen(kind_job *job, double unseen, hd_recall *out, size_t *cap)
{
    double n = floor(draw_all(job) * DRAWS + 0.5);
    for (uint32_t d = 0; d < DRAWS && n > 0; d++) {
        uint64_t mask = 0;
        for (uint32_t g = 0; g < job->keys->n_groups; g++)
            mask |= job->group[g].item[job->drawn[d][g]].mask;
        if (!is_made(job->passes, job->n_passes, mask))
            add_cell(out, cap, mask, unseen / n);
    }
    out->unseen += n > 0 ? unseen : 0;
}

/* Kinds of few matches get one number, and stand together. */
static void pool_small_kinds(tallies *all)
{
    size_t end;
    for (size_t i = 0; i < all->n; i = end) {
        uint64_t matches = 0;
        for (end = i; end < all->n && all->item[end].kind == all->item[i].kind; end++)
            matches += all->item[end].probability;
        for (size_t k = i; k < end && matches < (uint64_t)KIND_LEAST * ONE; k++)
            all->item[k].kind = UINT32_MAX;
    }
    sum_up(all);
}

static void estimate_kinds(kind_job *job, const tallies *all, hd_recall *out, size_t *cap)
{
    size_t end;
    for (uint32_t k = 0; k < job->keys->n; k++)
        job->group_mask[job->keys->key[k].group] |= UINT64_C(1) << k;
    for (size_t i = 0; i < all->n; i = end) {
        for (end = i; end < all->n && all->item[end].kind == all->item[i].kind; end++)
            continue;
        double unseen = fit_kind(job, all->item + i, end - i);
        add_unseen(job, unseen, out, cap);
    }
    for (uint32_t g = 0; g < HD_KEY_LIST_MAX; g++)
        hd_free(job->group[g].item);
}

static int by_mask(const void *x, const void *y)
{
    const hd_agreement *a = x, *b = y;
    return (a->mask > b->mask) - (a->mask < b->mask);
}

static size_t merge_cells(hd_agreement *cell, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(cell, n, sizeof *cell, by_mask);
    for (size_t i = 0; i < n; i++) {
        if (kept && cell[kept - 1].mask == cell[i].mask)
            cell[kept - 1].matches += cell[i].matches;
        else
            cell[kept++] = cell[i];
    }
    return kept;
}

hd_status hd_recall_estimate(hd_ctx *ctx, const hd_plan *plan, const hd_model *model,
                             const hd_blocks *blocks, const hd_key_list *keys, hd_recall *out)
{
    tallies all = {0};
    size_t cap = 0;
    *out = (hd_recall){0};
    HD_TRY(collect(ctx, plan, model, blocks, keys, &all));
    for (size_t i = 0; i < all.n; i++) {
        add_cell(out, &cap, all.item[i].mask, (double)all.item[i].probability / ONE);
        out->seen += (double)all.item[i].probability / ONE;
    }
    out->n_seen = out->n = merge_cells(out->cell, out->n);
    pool_small_kinds(&all);
    kind_job *job = hd_alloc_zero(1, sizeof *job);
    *job = (kind_job){.keys = keys, .passes = keys->declared, .n_passes = blocks->n_passes};
    estimate_kinds(job, &all, out, &cap);
    out->n = out->n_seen + merge_cells(out->cell + out->n_seen, out->n - out->n_seen);
    hd_free(job);
    hd_free(all.item);
    return HD_OK;
}

void hd_recall_release(hd_recall *recall)
{
    hd_free(recall->cell);
    *recall = (hd_recall){0};
}

double hd_recall_of(const hd_recall *recall, const uint64_t *passes, uint32_t n_passes)
{
    double found = 0, all = recall->seen + recall->unseen;
    for (size_t i = 0; i < recall->n; i++)
        if (is_made(passes, n_passes, recall->cell[i].mask))
            found += recall->cell[i].matches;
    return all > 0 ? found / all : 1;
}
