#include "base/hash.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/sort.h"
#include "pipeline/computed.h"
#include "pipeline/config/yaml.h"
#include "pipeline/stages.h"

enum { PIECE_VALUES = 32768, AHEAD = 16 /* mentions */ };

/* One part of a key. */
typedef struct key_part {
    uint32_t number; /* in the computed set */
    const hd_computed *computed;
    const uint64_t *hash; /* of each of the column's values, 0: none; NULL: computed by mention */
} key_part;

typedef struct pass_keys {
    key_part *key, *narrow;
} pass_keys;

/* Hashes of the values of one computed column, or of several that share them: there are some times
 * fewer than mentions, and their texts lie anywhere. */
typedef struct value_hashes {
    const hd_computed *computed;
    uint64_t *hash;
} value_hashes;

typedef struct hash_piece {
    uint32_t table, begin, end;
} hash_piece;

/* Room of a thread, for one pass after the other: mentions by their keys. */
typedef struct block_room {
    hd_keyed *items, *scratch;
} block_room;

typedef struct block_job {
    const hd_ruleset *ruleset;
    const hd_mentions *mentions;
    pass_keys keys[HD_PASSES_MAX];
    value_hashes *table;
    uint32_t n_tables;
    size_t tables_cap;
    hash_piece *piece;
    uint32_t n_pieces;
    size_t pieces_cap;
    block_room *room; /* [worker] */
    bool again;       /* only the passes that ask for persons */
    hd_blocks *out;
    hd_arena arena;
} block_job;

/* ---- keys ---- */

static uint64_t hash_value(const block_job *job, const hd_computed *computed, uint32_t value)
{
    return hd_computed_hash((hd_type)computed->expr->type, value, job->ruleset->texts);
}

static hd_status hash_values(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    const block_job *job = arg;
    const hash_piece *piece = &job->piece[task];
    const value_hashes *table = &job->table[piece->table];
    for (uint32_t i = piece->begin; i < piece->end; i++)
        table->hash[i] = hash_value(job, table->computed, table->computed->value[i]);
    return HD_OK;
}

static void add_pieces(block_job *job, uint32_t table, uint32_t n_values)
{
    for (uint32_t begin = 0; begin < n_values; begin += PIECE_VALUES) {
        HD_GROW(job->piece, job->pieces_cap, job->n_pieces + 1u);
        uint32_t end = n_values - begin < PIECE_VALUES ? n_values : begin + PIECE_VALUES;
        job->piece[job->n_pieces++] = (hash_piece){table, begin, end};
    }
}

/* The hashes of a column's values, to be filled by hash_values. */
static const uint64_t *hashes_of(block_job *job, const hd_computed *computed)
{
    if (!computed->column)
        return NULL;
    for (uint32_t t = 0; t < job->n_tables; t++)
        if (job->table[t].computed->value == computed->value)
            return job->table[t].hash;
    HD_GROW(job->table, job->tables_cap, job->n_tables + 1u);
    uint64_t *hash = hd_alloc_zero(computed->n_values, sizeof *hash);
    job->table[job->n_tables] = (value_hashes){computed, hash};
    add_pieces(job, job->n_tables++, computed->n_values);
    return hash;
}

static uint64_t part_hash(const block_job *job, const key_part *part, hd_mention i)
{
    if (part->hash)
        return part->hash[part->computed->column[i]];
    return hash_value(job, part->computed, hd_computed_get(part->computed, i));
}

/* Key of a mention: 0 where one of its parts is not there. */
static uint64_t key_hash(const block_job *job, const key_part *parts, uint32_t n, hd_mention i)
{
    uint64_t hash = 1;
    for (uint32_t k = 0; k < n; k++) {
        uint64_t next = part_hash(job, &parts[k], i);
        if (!next)
            return 0;
        hash = hd_hash_mix(hash, next);
    }
    return hash;
}

static void fetch_key(const key_part *parts, uint32_t n, hd_mention i)
{
    for (uint32_t k = 0; k < n; k++)
        if (parts[k].hash)
            __builtin_prefetch(&parts[k].hash[parts[k].computed->column[i]]);
}

/* ---- blocks ---- */

static uint64_t pairs_of(uint64_t n)
{
    return n * (n - 1) / 2;
}

/* Take `n` neighbours of one key as a block. Their values are in mention order: the sort is stable.
 */
static void take_block(hd_pass_blocks *pass, const hd_keyed *items, uint32_t n, uint32_t *n_members)
{
    pass->start[pass->n_blocks++] = *n_members;
    for (uint32_t i = 0; i < n; i++)
        pass->member[(*n_members)++] = items[i].value;
    pass->n_pairs += pairs_of(n);
    if (n > pass->largest)
        pass->largest = n;
}

/* A block over the cap is split by the second keys; what is still over it is refused. */
static void narrow_block(const block_job *job, uint32_t p, hd_keyed *items, hd_keyed *scratch,
                         uint32_t n, uint32_t *n_members)
{
    hd_pass_blocks *pass = &job->out->pass[p];
    uint64_t cap = job->ruleset->block_cap_pairs;
    const hd_pass *rule = &job->ruleset->passes[p];
    uint32_t n_kept = 0;
    HD_GROW(pass->over, pass->over_cap, pass->n_over + 1);
    pass->over[pass->n_over++] = (hd_key_over_cap){items[0].value, n};
    for (uint32_t i = 0; i < n && rule->n_narrow; i++) {
        uint64_t key = key_hash(job, job->keys[p].narrow, rule->n_narrow, items[i].value);
        if (key)
            items[n_kept++] = (hd_keyed){key, items[i].value};
    }
    if (!n_kept) {
        pass->n_refused++;
        pass->n_refused_pairs += pairs_of(n);
        return;
    }
    pass->n_narrowed++;
    pass->n_left_out += n - n_kept;
    hd_sort_keyed_in(items, scratch, n_kept);
    for (uint32_t i = 0, length; i < n_kept; i += length) {
        length = (uint32_t)hd_keyed_run(items + i, n_kept - i);
        if (length > 1 && pairs_of(length) <= cap) {
            take_block(pass, items + i, length, n_members);
        } else if (length > 1) {
            pass->n_refused++;
            pass->n_refused_pairs += pairs_of(length);
        }
    }
}

static void release_pass(hd_pass_blocks *pass)
{
    hd_free_mapped(pass->start);
    hd_free_mapped(pass->member);
    hd_free(pass->over);
    *pass = (hd_pass_blocks){0};
}

/* Where there was an earlier one of the pass. */
static void clear_pass(hd_blocks *blocks, uint32_t p, uint32_t n_mentions)
{
    release_pass(&blocks->pass[p]);
    for (size_t i = 0; i < n_mentions; i++)
        blocks->block_of[i * blocks->n_passes + p] = 0;
}

static bool wanted(const block_job *job, uint32_t p)
{
    return !job->again || job->ruleset->passes[p].asks_persons;
}

static block_room *room_of(const block_job *job, uint32_t worker)
{
    block_room *room = &job->room[worker];
    size_t n = (size_t)job->mentions->n + 1;
    if (!room->items)
        *room = (block_room){hd_alloc(n * sizeof(hd_keyed)), hd_alloc(n * sizeof(hd_keyed))};
    return room;
}

static hd_status block_pass(hd_ctx *ctx, uint32_t p, uint32_t worker, void *arg)
{
    (void)ctx;
    const block_job *job = arg;
    if (!wanted(job, p))
        return HD_OK;
    if (job->again)
        clear_pass(job->out, p, job->mentions->n);
    hd_pass_blocks *pass = &job->out->pass[p];
    uint32_t n = job->mentions->n, n_keyed = 0, n_members = 0;
    const block_room *room = room_of(job, worker);
    hd_keyed *items = room->items;
    for (hd_mention i = 0; i < n; i++) {
        if (i + AHEAD < n)
            fetch_key(job->keys[p].key, job->ruleset->passes[p].n_keys, i + AHEAD);
        uint64_t key = key_hash(job, job->keys[p].key, job->ruleset->passes[p].n_keys, i);
        if (key)
            items[n_keyed++] = (hd_keyed){key, i};
    }
    hd_sort_keyed_in(items, room->scratch, n_keyed);
    pass->n_keyed = n_keyed;
    pass->start = hd_alloc_mapped((size_t)n_keyed / 2 + 2, sizeof *pass->start);
    pass->member = hd_alloc_mapped(n_keyed, sizeof *pass->member);
    for (uint32_t i = 0, length; i < n_keyed; i += length) {
        length = (uint32_t)hd_keyed_run(items + i, n_keyed - i);
        if (length > 1 && pairs_of(length) <= job->ruleset->block_cap_pairs)
            take_block(pass, items + i, length, &n_members);
        else if (length > 1)
            narrow_block(job, p, items + i, room->scratch, length, &n_members);
    }
    pass->start[pass->n_blocks] = n_members;
    for (uint32_t b = 0; b < pass->n_blocks; b++)
        for (uint32_t m = pass->start[b]; m < pass->start[b + 1]; m++)
            job->out->block_of[(size_t)pass->member[m] * job->out->n_passes + p] = b + 1;
    return HD_OK;
}

/* ---- all passes ---- */

static key_part *add_parts(hd_arena *arena, hd_computed_set *set, const hd_expr **exprs, uint32_t n)
{
    key_part *parts = HD_NEW_N(arena, key_part, n + 1u);
    for (uint32_t k = 0; k < n; k++)
        parts[k].number = hd_computed_add(set, exprs[k]);
    return parts;
}

static void find_parts(block_job *job, const hd_computed_set *set, key_part *parts, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++) {
        parts[k].computed = &set->item[parts[k].number];
        parts[k].hash = hashes_of(job, parts[k].computed);
    }
}

static hd_status make_keys(hd_ctx *ctx, block_job *job, hd_computed_set *computed)
{
    const hd_ruleset *ruleset = job->ruleset;
    for (uint32_t p = 0; p < ruleset->n_passes; p++) {
        const hd_pass *pass = &ruleset->passes[p];
        if (!wanted(job, p))
            continue;
        job->keys[p].key = add_parts(&job->arena, computed, pass->keys, pass->n_keys);
        job->keys[p].narrow = add_parts(&job->arena, computed, pass->narrow, pass->n_narrow);
    }
    HD_TRY_DOING(ctx, hd_computed_run(ctx, computed), "computing the keys");
    for (uint32_t p = 0; p < ruleset->n_passes; p++) {
        if (!wanted(job, p))
            continue;
        find_parts(job, computed, job->keys[p].key, ruleset->passes[p].n_keys);
        find_parts(job, computed, job->keys[p].narrow, ruleset->passes[p].n_narrow);
    }
    return hd_parallel(ctx, job->n_pieces, hash_values, job);
}

static void release(block_job *job)
{
    for (uint32_t t = 0; t < job->n_tables; t++)
        hd_free(job->table[t].hash);
    hd_free(job->table);
    hd_free(job->piece);
    hd_arena_release(&job->arena);
}

static hd_status run(hd_ctx *ctx, block_job *job, hd_computed_set *computed)
{
    hd_status status = make_keys(ctx, job, computed);
    job->room = hd_alloc_zero(ctx->n_threads, sizeof *job->room);
    if (status == HD_OK)
        status = hd_parallel(ctx, job->ruleset->n_passes, block_pass, job);
    for (unsigned i = 0; i < ctx->n_threads; i++) {
        hd_free(job->room[i].items);
        hd_free(job->room[i].scratch);
    }
    hd_free(job->room);
    release(job);
    return status;
}

hd_status hd_block_run(hd_ctx *ctx, const hd_ruleset *ruleset, hd_computed_set *computed,
                       hd_blocks *out)
{
    const hd_mentions *mentions = computed->mentions;
    *out = (hd_blocks){.n_passes = ruleset->n_passes};
    out->pass = hd_alloc_zero(ruleset->n_passes + 1u, sizeof *out->pass);
    out->block_of = hd_alloc_mapped((size_t)mentions->n * ruleset->n_passes, sizeof *out->block_of);
    block_job job = {.ruleset = ruleset, .mentions = mentions, .out = out};
    return run(ctx, &job, computed);
}

hd_status hd_block_again(hd_ctx *ctx, const hd_ruleset *ruleset, hd_computed_set *computed,
                         hd_blocks *blocks)
{
    block_job job = {
        .ruleset = ruleset, .mentions = computed->mentions, .again = true, .out = blocks};
    return run(ctx, &job, computed);
}

hd_status hd_blocks_check(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_blocks *blocks)
{
    for (uint32_t p = 0; p < blocks->n_passes; p++) {
        const hd_pass *rule = &ruleset->passes[p];
        const hd_pass_blocks *pass = &blocks->pass[p];
        if (pass->n_pairs <= ruleset->pass_limit_pairs)
            continue;
        hd_hint(
            ctx,
            "give the pass another key, or `narrow:` and a lower link.block_cap_pairs, or raise "
            "the limit; `hedui blocks` shows its largest blocks");
        return HD_FAIL(ctx, HD_CONFIG,
                       HD_AT
                       "pass %.*s makes %llu pairs, more than link.pass_limit_pairs %llu; its "
                       "largest block has %u mentions",
                       HD_POS(rule->pos), HD_ARG(rule->code), (unsigned long long)pass->n_pairs,
                       (unsigned long long)ruleset->pass_limit_pairs, pass->largest);
    }
    return HD_OK;
}

void hd_blocks_release(hd_blocks *blocks)
{
    for (uint32_t p = 0; p < blocks->n_passes; p++)
        release_pass(&blocks->pass[p]);
    hd_free(blocks->pass);
    hd_free_mapped(blocks->block_of);
    *blocks = (hd_blocks){0};
}
