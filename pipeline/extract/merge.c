#include "pipeline/extract/merge.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"
#include "pipeline/extract/columns.h"

/* ---- the rows of a source as one ---- */

/* Rows are numbered through all parts, in their order. */
typedef struct merge {
    const hd_extract_merging *given;
    const hd_source *source;
    hd_extract_part *parts;
    uint32_t n_parts;
    uint32_t *start; /* [n_parts + 1] number of each part's first row */
    uint32_t n, n_slots;
    hd_str *ids;
    uint32_t *order; /* rows by id */
} merge;

static uint32_t part_of(const merge *m, uint32_t row)
{
    uint32_t low = 0, high = m->n_parts; /* start[low] <= row < start[high] */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (m->start[middle] <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static const hd_value_no *slots_of(const merge *m, uint32_t row)
{
    uint32_t part = part_of(m, row);
    return m->parts[part].slots + (size_t)(row - m->start[part]) * m->n_slots;
}

static hd_status number_rows(hd_ctx *ctx, merge *m)
{
    uint64_t n = 0;
    m->start = hd_alloc((m->n_parts + 1) * sizeof *m->start);
    for (uint32_t i = 0; i < m->n_parts; i++) {
        m->start[i] = (uint32_t)n;
        n += m->parts[i].n;
        if (n >= UINT32_MAX)
            return HD_FAIL(ctx, HD_SOURCE, "source %.*s has more than 2^32 records",
                           HD_ARG(m->source->code));
    }
    m->n = m->start[m->n_parts] = (uint32_t)n;
    return HD_OK;
}

static void sort_rows(merge *m)
{
    m->ids = hd_alloc(m->n * sizeof *m->ids);
    for (uint32_t i = 0; i < m->n_parts; i++) {
        hd_extract_part *part = &m->parts[i];
        if (part->n)
            memcpy(m->ids + m->start[i], part->record_id, part->n * sizeof *m->ids);
        hd_free(part->record_id);
        part->record_id = NULL;
    }
    m->order = hd_alloc(m->n * sizeof *m->order);
    hd_sort_texts(m->ids, m->n, m->order);
}

/* ---- ids that stand twice ---- */

/* One of several rows with one id. */
typedef struct twin {
    uint32_t group; /* the same for rows of one id */
    uint32_t row;
    hd_extract_row read; /* what its part says */
} twin;

typedef struct twins {
    twin *item;
    uint32_t n;
    size_t cap;
    uint8_t *dropped; /* [row] 1: a smaller twin stays; NULL: there are no twins */
} twins;

static void add_twin(twins *t, uint32_t group, uint32_t row)
{
    HD_GROW(t->item, t->cap, (size_t)t->n + 1);
    t->item[t->n++] = (twin){.group = group, .row = row};
}

static void find_twins(const merge *m, twins *t)
{
    for (uint32_t i = 1; i < m->n; i++) {
        uint32_t before = m->order[i - 1], row = m->order[i];
        if (!hd_str_eq(m->ids[before], m->ids[row]))
            continue;
        if (t->n == 0 || t->item[t->n - 1].row != before)
            add_twin(t, i, before);
        add_twin(t, t->item[t->n - 1].group, row);
    }
}

static int compare_rows(const void *x, const void *y)
{
    const twin *a = x, *b = y;
    return (a->row > b->row) - (a->row < b->row);
}

/* What the twins of one part look like there. */
static hd_status read_again(hd_ctx *ctx, const merge *m, uint32_t part, twin *first, uint32_t n)
{
    const hd_extract_merging *given = m->given;
    const hd_extract_part *p = &m->parts[part];
    hd_extract_row *rows = hd_alloc(n * sizeof *rows);
    for (uint32_t i = 0; i < n; i++)
        rows[i] = (hd_extract_row){p->row[first[i].row - m->start[part]], 0, {0}};
    hd_status status = given->reread(ctx, given->reread_arg, p, given->arena, rows, n);
    for (uint32_t i = 0; i < n; i++)
        first[i].read = rows[i];
    hd_free(rows);
    return status;
}

static hd_status read_twins(hd_ctx *ctx, const merge *m, twins *t)
{
    qsort(t->item, t->n, sizeof *t->item, compare_rows);
    for (uint32_t begin = 0, end; begin < t->n; begin = end) {
        uint32_t part = part_of(m, t->item[begin].row);
        for (end = begin + 1; end < t->n && t->item[end].row < m->start[part + 1];)
            end++;
        HD_TRY(read_again(ctx, m, part, &t->item[begin], end - begin));
    }
    return HD_OK;
}

static int compare_slots(const merge *m, uint32_t a, uint32_t b)
{
    const hd_value_no *x = slots_of(m, a), *y = slots_of(m, b);
    for (uint32_t slot = 0; slot < m->n_slots; slot++) {
        if (x[slot] == y[slot])
            continue;
        uint32_t pool = m->given->values->pool_of[hd_extract_slot_field(m->source, slot)];
        const hd_pool *written = m->given->values->written[pool];
        return hd_str_cmp(hd_pool_get(written, x[slot]), hd_pool_get(written, y[slot]));
    }
    return 0;
}

/* Groups together, in each the row first that stays. */
static int compare_twins(const void *x, const void *y, void *arg)
{
    const twin *a = x, *b = y;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    int by_slots = compare_slots(arg, a->row, b->row);
    if (by_slots)
        return by_slots;
    int by_bytes = hd_str_cmp(a->read.raw, b->read.raw);
    return by_bytes ? by_bytes : compare_rows(a, b);
}

static void reject_twin(merge *m, const twin *t)
{
    hd_extract_part_add_reject(&m->parts[part_of(m, t->row)],
                               (hd_reject){.reason = HD_REJECT_KEY_TWICE,
                                           .row = t->read.number,
                                           .line = t->read.line,
                                           .record_id = m->ids[t->row],
                                           .text = t->read.raw});
}

static hd_status settle_twins(hd_ctx *ctx, merge *m, twins *t)
{
    find_twins(m, t);
    if (t->n == 0)
        return HD_OK;
    HD_TRY(read_twins(ctx, m, t));
    qsort_r(t->item, t->n, sizeof *t->item, compare_twins, m);
    t->dropped = hd_alloc_zero(m->n, 1);
    for (uint32_t i = 1; i < t->n; i++) {
        if (t->item[i].group != t->item[i - 1].group)
            continue;
        t->dropped[t->item[i].row] = 1;
        reject_twin(m, &t->item[i]);
    }
    return HD_OK;
}

/* ---- records ---- */

static int compare_rejects(const void *x, const void *y)
{
    const hd_reject *a = x, *b = y;
    return (a->row > b->row) - (a->row < b->row);
}

static int compare_digests(const void *x, const void *y)
{
    return memcmp(*(const char *const *)x, *(const char *const *)y, 64);
}

/* As `sha256sum FILES | cut -c-64 | sort | sha256sum`: neither names nor order count. */
static void sum_up_files(const merge *m, hd_records *out)
{
    const char **digests = hd_alloc(m->n_parts * sizeof *digests);
    for (uint32_t i = 0; i < m->n_parts; i++)
        digests[i] = m->parts[i].digest;
    qsort(digests, m->n_parts, sizeof *digests, compare_digests);
    hd_digest all;
    hd_digest_init(&all);
    for (uint32_t i = 0; i < m->n_parts; i++) {
        hd_digest_add(&all, digests[i], 64);
        hd_digest_add(&all, "\n", 1);
    }
    hd_digest_hex(&all, out->checksum);
    hd_free(digests);
    out->n_files = m->n_parts;
}

static void sum_up_rows(const merge *m, hd_records *out)
{
    hd_multiset sum = {0};
    for (uint32_t i = 0; i < m->n_parts; i++)
        hd_multiset_join(&sum, &m->parts[i].sum);
    snprintf(out->checksum, sizeof out->checksum, "xxh3-multiset:%016llx%016llx",
             (unsigned long long)sum.high, (unsigned long long)sum.low);
}

static void count(const merge *m, hd_records *out)
{
    for (uint32_t i = 0; i < m->n_parts; i++) {
        hd_extract_part *part = &m->parts[i];
        if (part->n_rejects)
            qsort(part->rejects, part->n_rejects, sizeof *part->rejects, compare_rejects);
        out->n_rows_read += part->n_rows;
        out->n_rejected += part->n_rejects;
        out->n_filtered += part->n_filtered;
        out->n_bytes_read += part->n_bytes;
    }
    HD_ASSERT(out->n_rows_read == out->n + out->n_rejected + out->n_filtered);
    if (m->parts->path)
        sum_up_files(m, out);
    else
        sum_up_rows(m, out);
}

static void gather(const merge *m, const twins *t, hd_records *out)
{
    out->record_id = hd_alloc_mapped(m->n, sizeof *out->record_id);
    out->n_slots = m->n_slots;
    out->slots = hd_alloc(m->n_slots * sizeof *out->slots);
    for (uint32_t slot = 0; slot < m->n_slots; slot++)
        out->slots[slot] = hd_alloc_mapped(m->n, sizeof *out->slots[slot]);
    for (uint32_t i = 0; i < m->n; i++) {
        uint32_t row = m->order[i];
        if (t->dropped && t->dropped[row])
            continue;
        const hd_value_no *slots = slots_of(m, row);
        for (uint32_t slot = 0; slot < m->n_slots; slot++)
            out->slots[slot][out->n] = slots[slot];
        out->record_id[out->n++] = m->ids[row];
    }
}

static void release_rows(merge *m)
{
    for (uint32_t i = 0; i < m->n_parts; i++) {
        hd_extract_part *part = &m->parts[i];
        hd_free(part->slots);
        hd_free(part->row);
        part->slots = NULL;
        part->row = NULL;
    }
    hd_free(m->start);
    hd_free(m->ids);
    hd_free(m->order);
}

hd_status hd_extract_merge(hd_ctx *ctx, const hd_extract_merging *merging, hd_records *out)
{
    const hd_source *source = &merging->ruleset->sources[merging->parts->source];
    merge m = {.given = merging,
               .source = source,
               .parts = merging->parts,
               .n_parts = merging->n_parts,
               .n_slots = hd_extract_n_slots(source)};
    twins t = {0};
    hd_status status = number_rows(ctx, &m);
    if (status == HD_OK) {
        sort_rows(&m);
        status = settle_twins(ctx, &m, &t);
    }
    if (status == HD_OK) {
        gather(&m, &t, out);
        count(&m, out);
    }
    release_rows(&m);
    hd_free(t.item);
    hd_free(t.dropped);
    return status;
}
