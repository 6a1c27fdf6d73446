#include "pipeline/analyse/suggest.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/parallel.h"

enum {
    BATCH = 32, /* candidates that are counted side by side, for any number of threads */
    TASKS = 64
};

/* A pass that finds fewer of all matches than this is not worth its name. */
static const double GAIN_LEAST = 0.0002;

typedef struct candidate {
    uint64_t keys;
    double gain; /* matches that no chosen pass finds */
    uint64_t n_pairs;
    bool counted;
} candidate;

typedef struct chooser {
    const hd_key_list *keys;
    const hd_recall *recall;
    uint64_t cap, budget;
    candidate *item;
    size_t n, room;
    uint64_t chosen[HD_SUGGEST_MAX];
    uint32_t n_chosen;
    size_t to_count[BATCH]; /* candidates */
    uint32_t n_to_count;
    hd_keyed **scratch; /* [worker] */
} chooser;

static uint32_t n_mentions(const chooser *c)
{
    return c->keys->computed.mentions->n;
}

/* ---- candidates ---- */

static void offer(chooser *c, uint64_t keys)
{
    HD_GROW(c->item, c->room, c->n + 1);
    c->item[c->n++] = (candidate){.keys = keys};
}

/* Keys that share a field say the same twice. */
static bool apart(const chooser *c, uint32_t x, uint32_t y)
{
    return !(c->keys->key[x].fields & c->keys->key[y].fields);
}

static void offer_all(chooser *c)
{
    uint32_t n = c->keys->n;
    for (uint32_t x = 0; x < n; x++) {
        offer(c, UINT64_C(1) << x);
        for (uint32_t y = x + 1; y < n; y++) {
            if (!apart(c, x, y))
                continue;
            offer(c, UINT64_C(1) << x | UINT64_C(1) << y);
            for (uint32_t z = y + 1; z < n; z++)
                if (apart(c, x, z) && apart(c, y, z))
                    offer(c, UINT64_C(1) << x | UINT64_C(1) << y | UINT64_C(1) << z);
        }
    }
}

/* ---- gains ---- */

static bool covered(const chooser *c, uint64_t mask)
{
    for (uint32_t p = 0; p < c->n_chosen; p++)
        if ((mask & c->chosen[p]) == c->chosen[p])
            return true;
    return false;
}

static hd_status find_gain(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    chooser *c = arg;
    uint64_t begin, end;
    hd_piece(c->n, TASKS, task, &begin, &end);
    for (uint64_t i = begin; i < end; i++)
        c->item[i].gain = 0;
    for (size_t k = 0; k < c->recall->n; k++) {
        const hd_agreement *cell = &c->recall->cell[k];
        if (covered(c, cell->mask))
            continue;
        for (uint64_t i = begin; i < end; i++)
            if ((cell->mask & c->item[i].keys) == c->item[i].keys)
                c->item[i].gain += cell->matches;
    }
    return HD_OK;
}

static int by_gain(const void *x, const void *y)
{
    const candidate *a = x, *b = y;
    if (a->gain != b->gain)
        return a->gain > b->gain ? -1 : 1;
    return (a->keys > b->keys) - (a->keys < b->keys);
}

/* What finds little more now finds no more later. */
static void drop_poor(chooser *c)
{
    double least = GAIN_LEAST * hd_recall_matches(c->recall);
    size_t kept = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->item[i].gain >= least && (!c->item[i].counted || c->item[i].n_pairs <= c->budget))
            c->item[kept++] = c->item[i];
    c->n = kept;
    if (kept)
        qsort(c->item, kept, sizeof *c->item, by_gain);
}

/* ---- pairs ---- */

/* What tells the mention's block apart; 0 where one of the keys is not there. */
static uint64_t hash_keys(const hd_key_list *keys, uint64_t mask, hd_mention i)
{
    uint64_t hash = 1;
    for (uint32_t k = 0; k < keys->n; k++) {
        if (!(mask >> k & 1))
            continue;
        uint32_t value = hd_computed_get(keys->key[k].computed, i);
        if (value == HD_NONE)
            return 0;
        hash = hd_hash_mix(hash, (uint64_t)k << 32 | value);
    }
    return hash;
}

uint64_t hd_keys_count_pairs(const hd_key_list *keys, uint64_t mask, uint64_t cap,
                             hd_keyed *scratch)
{
    uint32_t n = keys->computed.mentions->n, n_keyed = 0;
    for (hd_mention i = 0; i < n; i++) {
        uint64_t hash = hash_keys(keys, mask, i);
        if (hash)
            scratch[n_keyed++] = (hd_keyed){hash, i};
    }
    hd_sort_keyed(scratch, n_keyed);
    uint64_t pairs = 0;
    for (size_t i = 0, members; i < n_keyed; i += members) {
        members = hd_keyed_run(scratch + i, n_keyed - i);
        uint64_t made = (uint64_t)members * (members - 1) / 2;
        if (made > cap)
            return UINT64_MAX;
        pairs += made;
    }
    return pairs;
}

static hd_status count_one(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    chooser *c = arg;
    candidate *item = &c->item[c->to_count[task]];
    if (!c->scratch[worker])
        c->scratch[worker] = hd_alloc((n_mentions(c) + 1u) * sizeof **c->scratch);
    item->n_pairs = hd_keys_count_pairs(c->keys, item->keys, c->cap, c->scratch[worker]);
    item->counted = true;
    return HD_OK;
}

/* Gain for what a pass costs; of one that is not counted yet, as if it made no pairs. */
static double worth(const chooser *c, const candidate *item)
{
    return item->gain / ((item->counted ? (double)item->n_pairs : 0) + n_mentions(c));
}

static const candidate *best_of(const chooser *c)
{
    const candidate *best = NULL;
    for (size_t i = 0; i < c->n; i++) {
        const candidate *item = &c->item[i];
        if (item->counted && item->n_pairs <= c->budget &&
            (!best || worth(c, item) > worth(c, best)))
            best = item;
    }
    return best;
}

/* Most gain first, so that few need to be counted until none that is left can be the next, even if
 * it made no pairs. */
static hd_status count_next(hd_ctx *ctx, chooser *c, hd_suggestion *out)
{
    do {
        const candidate *best = best_of(c);
        double least = best ? worth(c, best) : 0;
        c->n_to_count = 0;
        for (size_t i = 0; i < c->n && c->n_to_count < BATCH; i++)
            if (!c->item[i].counted && worth(c, &c->item[i]) > least)
                c->to_count[c->n_to_count++] = i;
        out->n_counted += c->n_to_count;
        HD_TRY(hd_parallel(ctx, c->n_to_count, count_one, c));
    } while (c->n_to_count);
    return HD_OK;
}

/* ---- choosing ---- */

static hd_status choose(hd_ctx *ctx, chooser *c, hd_suggestion *out)
{
    while (c->n_chosen < HD_SUGGEST_MAX) {
        HD_TRY(hd_parallel(ctx, TASKS, find_gain, c));
        drop_poor(c);
        HD_TRY(count_next(ctx, c, out));
        const candidate *best = best_of(c);
        if (!best)
            break;
        c->budget -= best->n_pairs;
        out->pass[c->n_chosen].n_pairs = best->n_pairs;
        c->chosen[c->n_chosen++] = best->keys;
    }
    return HD_OK;
}

/* Leaves out what the others make needless, looking at those first that were chosen first, when
 * least was known of what would follow. */
static void prune(chooser *c, hd_suggestion *out)
{
    uint32_t n = c->n_chosen;
    for (uint32_t p = 0; p < n;) {
        uint64_t without[HD_SUGGEST_MAX];
        uint32_t kept = 0;
        for (uint32_t i = 0; i < n; i++)
            if (i != p)
                without[kept++] = c->chosen[i];
        double all = hd_recall_of(c->recall, c->chosen, n);
        if (all - hd_recall_of(c->recall, without, kept) >= GAIN_LEAST) {
            p++;
            continue;
        }
        memmove(out->pass + p, out->pass + p + 1, (n - p - 1) * sizeof *out->pass);
        memcpy(c->chosen, without, kept * sizeof *without);
        n = kept;
    }
    out->n = n;
}

static void tell(const chooser *c, hd_suggestion *out)
{
    for (uint32_t p = 0; p < out->n; p++) {
        out->pass[p].keys = c->chosen[p];
        out->pass[p].alone = hd_recall_of(c->recall, &c->chosen[p], 1);
        out->pass[p].total = hd_recall_of(c->recall, c->chosen, p + 1);
    }
}

hd_status hd_suggest_passes(hd_ctx *ctx, const hd_key_list *keys, const hd_recall *recall,
                            uint64_t budget, uint64_t cap, hd_suggestion *out)
{
    *out = (hd_suggestion){0};
    chooser c = {.keys = keys, .recall = recall, .cap = cap, .budget = budget};
    offer_all(&c);
    c.scratch = hd_alloc_zero(ctx->n_threads, sizeof *c.scratch);
    hd_status status = choose(ctx, &c, out);
    if (status == HD_OK) {
        prune(&c, out);
        tell(&c, out);
    }
    for (unsigned t = 0; t < ctx->n_threads; t++)
        hd_free(c.scratch[t]);
    hd_free(c.scratch);
    hd_free(c.item);
    return status;
}
