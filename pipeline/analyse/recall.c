#include "pipeline/analyse/recall.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "pipeline/pairs.h"

enum {
    DRAWS = 20000,   /* of a kind: an error of 0.1 % where 2 % are not made */
    ITERATIONS = 50, /* of the shares of a kind */
    KIND_LEAST = 50, /* matches; kinds with fewer are taken together */
    DRAW_SEED = 19490301
};

/* ---- matches: the pairs of the clusters ---- */

/* Pairs of one kind that agree on the same keys. */
typedef struct tally {
    uint32_t kind;
    uint64_t mask, n;
} tally;

typedef struct tallies {
    tally *item;
    size_t n, cap;
} tallies;

typedef struct kinds {
    uint32_t role_base[HD_SOURCES_MAX], n_roles; /* a source's roles are numbered from here */
} kinds;

static kinds number_roles(const hd_ruleset *ruleset)
{
    kinds k = {.n_roles = 0};
    for (uint32_t s = 0; s < ruleset->n_sources; s++) {
        k.role_base[s] = k.n_roles;
        k.n_roles += ruleset->sources[s].n_roles;
    }
    return k;
}

/* Source and role of both mentions, whichever comes first. */
static uint32_t kind_of(const kinds *k, const hd_mentions *m, hd_mention a, hd_mention b)
{
    uint32_t x = k->role_base[m->source[a]] + m->role[a];
    uint32_t y = k->role_base[m->source[b]] + m->role[b];
    return x < y ? x * k->n_roles + y : y * k->n_roles + x;
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
            all->item[n - 1].n += all->item[i].n;
        else
            all->item[n++] = all->item[i];
    }
    all->n = n;
}

static void collect(const hd_plan *plan, const hd_clusters *clusters, const hd_key_list *keys,
                    tallies *out)
{
    kinds k = number_roles(plan->ruleset);
    for (uint32_t c = 0; c < clusters->n; c++)
        for (uint32_t i = clusters->start[c]; i < clusters->start[c + 1]; i++)
            for (uint32_t j = i + 1; j < clusters->start[c + 1]; j++) {
                hd_mention a = clusters->member[i], b = clusters->member[j];
                if (!hd_pair_possible(plan, a, b))
                    continue;
                HD_GROW(out->item, out->cap, out->n + 1);
                out->item[out->n++] =
                    (tally){kind_of(&k, plan->mentions, a, b), hd_keys_agreeing(keys, a, b), 1};
            }
    sum_up(out);
}

/* Kinds of few matches get one number, and stand together. */
static void pool_small_kinds(tallies *all)
{
    size_t end;
    for (size_t i = 0; i < all->n; i = end) {
        uint64_t n = 0;
        for (end = i; end < all->n && all->item[end].kind == all->item[i].kind; end++)
            n += all->item[end].n;
        for (size_t k = i; k < end && n < KIND_LEAST; k++)
            all->item[k].kind = UINT32_MAX;
    }
    sum_up(all);
}

/* ---- not made by any pass: one kind ---- */

/* On which keys of one group two mentions agree. */
typedef struct outcome {
    uint64_t mask;
    double made, drawn, share; /* matches that passes make; draws that none makes; of all matches */
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
    uint64_t mask[DRAWS];
    uint32_t n_left; /* draws that no pass makes */
} kind_job;

static bool is_made(const uint64_t *passes, uint32_t n_passes, uint64_t mask)
{
    for (uint32_t p = 0; p < n_passes; p++)
        if (passes[p] && (mask & passes[p]) == passes[p])
            return true;
    return false;
}

static void add_made(outcomes *group, uint64_t mask, double matches)
{
    size_t i = 0;
    while (i < group->n && group->item[i].mask != mask)
        i++;
    if (i == group->n) {
        HD_GROW(group->item, group->cap, group->n + 1);
        group->item[group->n++] = (outcome){.mask = mask};
    }
    group->item[i].made += matches;
}

/* The matches that passes make, by group. Returns how many there are. */
static double add_all_made(kind_job *job, const tally *item, size_t n)
{
    double made = 0;
    for (uint32_t g = 0; g < job->keys->n_groups; g++)
        job->group[g].n = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_made(job->passes, job->n_passes, item[i].mask))
            continue;
        made += (double)item[i].n;
        for (uint32_t g = 0; g < job->keys->n_groups; g++)
            add_made(&job->group[g], item[i].mask & job->group_mask[g], (double)item[i].n);
    }
    return made;
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
    uint32_t n_groups = job->keys->n_groups, n_left = 0;
    for (uint32_t g = 0; g < n_groups; g++)
        for (size_t i = 0; i < job->group[g].n; i++)
            job->group[g].item[i].drawn = 0;
    for (uint32_t d = 0; d < DRAWS; d++) {
        uint64_t mask = 0;
        for (uint32_t g = 0; g < n_groups; g++) {
            job->drawn[d][g] = draw_one(&job->group[g], d, g);
            mask |= job->group[g].item[job->drawn[d][g]].mask;
        }
        job->mask[d] = mask;
        if (is_made(job->passes, job->n_passes, mask))
            continue;
        n_left++;
        for (uint32_t g = 0; g < n_groups; g++)
            job->group[g].item[job->drawn[d][g]].drawn++;
    }
    job->n_left = n_left;
    return (double)n_left / DRAWS;
}

static void set_shares(kind_job *job, double made, double left)
{
    for (uint32_t g = 0; g < job->keys->n_groups; g++)
        for (size_t i = 0; i < job->group[g].n; i++) {
            outcome *o = &job->group[g].item[i];
            double filled = left > 0 ? left * o->drawn / job->n_left : 0;
            o->share = (o->made + filled) / (made + left);
        }
}

/* EM: shares → matches that no pass makes → shares. Returns these matches, of which job->mask then
 * holds draws. */
static double fit_kind(kind_job *job, const tally *item, size_t n)
{
    double made = add_all_made(job, item, n), left = 0;
    job->n_left = 0;
    if (made == 0)
        return 0;
    set_shares(job, made, 0);
    for (int i = 0; i < ITERATIONS; i++) {
        double share = fmin(draw_all(job), 0.9), before = left;
        left = made * share / (1 - share);
        if (fabs(left - before) <= 1e-3 * left)
            break;
        set_shares(job, made, left);
    }
    return left;
}

/* ---- all kinds ---- */

static void add_cell(hd_recall *out, size_t *cap, uint64_t mask, double matches)
{
    HD_GROW(out->cell, *cap, out->n + 1);
    out->cell[out->n++] = (hd_agreement){mask, matches};
}

/* What draws say beyond what was joined, in equal parts. */
static void add_guessed(const kind_job *job, double guessed, hd_recall *out, size_t *cap)
{
    if (guessed <= 0 || !job->n_left)
        return;
    for (uint32_t d = 0; d < DRAWS; d++)
        if (!is_made(job->passes, job->n_passes, job->mask[d]))
            add_cell(out, cap, job->mask[d], guessed / job->n_left);
    out->guessed += guessed;
}

static void add_kind(kind_job *job, const tally *item, size_t n, hd_recall *out, size_t *cap)
{
    double joined = 0;
    for (size_t i = 0; i < n; i++) {
        bool made = is_made(job->passes, job->n_passes, item[i].mask);
        add_cell(out, cap, item[i].mask, (double)item[i].n);
        joined += made ? 0 : (double)item[i].n;
        out->made += made ? (double)item[i].n : 0;
    }
    out->joined += joined;
    add_guessed(job, fit_kind(job, item, n) - joined, out, cap);
}

static void add_kinds(kind_job *job, const tallies *all, hd_recall *out, size_t *cap)
{
    size_t end;
    for (uint32_t k = 0; k < job->keys->n; k++)
        job->group_mask[job->keys->key[k].group] |= UINT64_C(1) << k;
    for (size_t i = 0; i < all->n; i = end) {
        for (end = i; end < all->n && all->item[end].kind == all->item[i].kind; end++)
            continue;
        add_kind(job, all->item + i, end - i, out, cap);
    }
    for (uint32_t g = 0; g < HD_KEY_LIST_MAX; g++)
        hd_free(job->group[g].item);
}

static int by_mask(const void *x, const void *y)
{
    const hd_agreement *a = x, *b = y;
    if (a->mask != b->mask)
        return a->mask < b->mask ? -1 : 1;
    return (a->matches > b->matches) - (a->matches < b->matches);
}

static void merge_cells(hd_recall *out)
{
    size_t kept = 0;
    if (out->n)
        qsort(out->cell, out->n, sizeof *out->cell, by_mask);
    for (size_t i = 0; i < out->n; i++) {
        if (kept && out->cell[kept - 1].mask == out->cell[i].mask)
            out->cell[kept - 1].matches += out->cell[i].matches;
        else
            out->cell[kept++] = out->cell[i];
    }
    out->n = kept;
}

void hd_recall_estimate(const hd_plan *plan, const hd_clusters *clusters, const hd_key_list *keys,
                        hd_recall *out)
{
    tallies all = {0};
    size_t cap = 0;
    *out = (hd_recall){0};
    collect(plan, clusters, keys, &all);
    pool_small_kinds(&all);
    kind_job *job = hd_alloc_zero(1, sizeof *job);
    job->keys = keys;
    job->passes = keys->declared;
    job->n_passes = plan->ruleset->n_passes;
    add_kinds(job, &all, out, &cap);
    merge_cells(out);
    hd_free(job);
    hd_free(all.item);
}

void hd_recall_release(hd_recall *recall)
{
    hd_free(recall->cell);
    *recall = (hd_recall){0};
}

double hd_recall_of(const hd_recall *recall, const uint64_t *passes, uint32_t n_passes)
{
    double found = 0, all = hd_recall_matches(recall);
    for (size_t i = 0; i < recall->n; i++)
        if (is_made(passes, n_passes, recall->cell[i].mask))
            found += recall->cell[i].matches;
    return all > 0 ? found / all : 1;
}
