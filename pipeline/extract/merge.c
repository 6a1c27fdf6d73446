#include "pipeline/extract/merge.h"

#include <endian.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"

enum { SHORT_RUN = 32 }; /* below, moving one by one costs less than the radix sort's tables */

/* ---- order by id ---- */

/* The next 8 bytes as a number, zeros behind the end: as ids hold no NUL, two ids of one key are
 * equal where its last byte is zero. */
static uint64_t prefix_at(hd_str id, uint32_t depth)
{
    uint64_t key = 0;
    uint32_t left = id.len_bytes > depth ? id.len_bytes - depth : 0;
    memcpy(&key, id.ptr + (left ? depth : 0), left < 8 ? left : 8);
    return be64toh(key);
}

static void sort_short(const hd_str *ids, uint32_t *order, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        uint32_t moving = order[i], j = i;
        for (; j > 0 && hd_str_cmp(ids[order[j - 1]], ids[moving]) > 0; j--)
            order[j] = order[j - 1];
        order[j] = moving;
    }
}

/* Ids that are equal in their first `depth` bytes. */
static void sort_run(const hd_str *ids, uint32_t *order, uint32_t n, uint32_t depth)
{
    if (n < SHORT_RUN) {
        sort_short(ids, order, n);
        return;
    }
    hd_keyed *keyed = hd_alloc(n * sizeof *keyed);
    for (uint32_t i = 0; i < n; i++)
        keyed[i] = (hd_keyed){prefix_at(ids[order[i]], depth), order[i]};
    hd_sort_keyed(keyed, n);
    for (uint32_t i = 0; i < n; i++)
        order[i] = keyed[i].value;
    for (uint32_t begin = 0, end; begin < n; begin = end) {
        for (end = begin + 1; end < n && keyed[end].key == keyed[begin].key; end++)
            ;
        if (end - begin > 1 && (keyed[begin].key & 0xFF) != 0)
            sort_run(ids, order + begin, end - begin, depth + 8);
    }
    hd_free(keyed);
}

void hd_extract_sort_ids(const hd_str *ids, uint32_t n, uint32_t *order)
{
    bool sorted = true; /* as files that are exported by their key are */
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        sorted = sorted && (i == 0 || hd_str_cmp(ids[i - 1], ids[i]) <= 0);
    }
    if (!sorted)
        sort_run(ids, order, n, 0);
}

/* ---- the rows of a source as one ---- */

/* Rows are numbered through all files, in their order. */
typedef struct merge {
    const hd_values *values;
    const hd_source *source;
    hd_extract_file *files;
    uint32_t n_files;
    uint32_t *start; /* [n_files + 1] number of each file's first row */
    uint32_t n, n_slots;
    hd_str *ids;
    uint32_t *order; /* rows by id */
} merge;

static uint32_t file_of(const merge *m, uint32_t row)
{
    uint32_t low = 0, high = m->n_files; /* start[low] <= row < start[high] */
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
    uint32_t file = file_of(m, row);
    return m->files[file].slots + (size_t)(row - m->start[file]) * m->n_slots;
}

static hd_status number_rows(hd_ctx *ctx, merge *m)
{
    uint64_t n = 0;
    m->start = hd_alloc((m->n_files + 1) * sizeof *m->start);
    for (uint32_t i = 0; i < m->n_files; i++) {
        m->start[i] = (uint32_t)n;
        n += m->files[i].n;
        if (n >= UINT32_MAX)
            return HD_FAIL(ctx, HD_SOURCE, "source %.*s has more than 2^32 records",
                           HD_ARG(m->source->code));
    }
    m->n = m->start[m->n_files] = (uint32_t)n;
    return HD_OK;
}

static void sort_rows(merge *m)
{
    m->ids = hd_alloc(m->n * sizeof *m->ids);
    for (uint32_t i = 0; i < m->n_files; i++) {
        hd_extract_file *file = &m->files[i];
        if (file->n)
            memcpy(m->ids + m->start[i], file->record_id, file->n * sizeof *m->ids);
        hd_free(file->record_id);
        file->record_id = NULL;
    }
    m->order = hd_alloc(m->n * sizeof *m->order);
    hd_extract_sort_ids(m->ids, m->n, m->order);
}

/* ---- ids that stand twice ---- */

/* One of several rows with one id. */
typedef struct twin {
    uint32_t group; /* the same for rows of one id */
    uint32_t row;
    hd_extract_row read; /* what its file says */
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

/* What the twins of one file look like there. */
static hd_status read_again(hd_ctx *ctx, const hd_ruleset *ruleset, const merge *m, uint32_t file,
                            hd_arena *arena, twin *first, uint32_t n)
{
    hd_extract_row *rows = hd_alloc(n * sizeof *rows);
    for (uint32_t i = 0; i < n; i++)
        rows[i] = (hd_extract_row){m->files[file].row[first[i].row - m->start[file]], 0, {0}};
    hd_status status = hd_extract_file_rows(ctx, ruleset, &m->files[file], arena, rows, n);
    for (uint32_t i = 0; i < n; i++)
        first[i].read = rows[i];
    hd_free(rows);
    return status;
}

static hd_status read_twins(hd_ctx *ctx, const hd_ruleset *ruleset, const merge *m, twins *t,
                            hd_arena *arena)
{
    qsort(t->item, t->n, sizeof *t->item, compare_rows);
    for (uint32_t begin = 0, end; begin < t->n; begin = end) {
        uint32_t file = file_of(m, t->item[begin].row);
        for (end = begin + 1; end < t->n && t->item[end].row < m->start[file + 1];)
            end++;
        HD_TRY(read_again(ctx, ruleset, m, file, arena, &t->item[begin], end - begin));
    }
    return HD_OK;
}

static int compare_slots(const merge *m, uint32_t a, uint32_t b)
{
    const hd_value_no *x = slots_of(m, a), *y = slots_of(m, b);
    for (uint32_t slot = 0; slot < m->n_slots; slot++) {
        if (x[slot] == y[slot])
            continue;
        uint32_t pool = m->values->pool_of[hd_extract_slot_field(m->source, slot)];
        const hd_pool *written = m->values->written[pool];
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
    hd_extract_file_add_reject(&m->files[file_of(m, t->row)],
                               (hd_reject){.reason = HD_REJECT_KEY_TWICE,
                                           .row = t->read.number,
                                           .line = t->read.line,
                                           .record_id = m->ids[t->row],
                                           .text = t->read.raw});
}

static hd_status settle_twins(hd_ctx *ctx, const hd_ruleset *ruleset, merge *m, twins *t,
                              hd_arena *arena)
{
    find_twins(m, t);
    if (t->n == 0)
        return HD_OK;
    HD_TRY(read_twins(ctx, ruleset, m, t, arena));
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
static void sum_up(const merge *m, hd_records *out)
{
    const char **digests = hd_alloc(m->n_files * sizeof *digests);
    for (uint32_t i = 0; i < m->n_files; i++)
        digests[i] = m->files[i].digest;
    qsort(digests, m->n_files, sizeof *digests, compare_digests);
    hd_digest all;
    hd_digest_init(&all);
    for (uint32_t i = 0; i < m->n_files; i++) {
        hd_digest_add(&all, digests[i], 64);
        hd_digest_add(&all, "\n", 1);
    }
    hd_digest_hex(&all, out->checksum);
    hd_free(digests);
}

static void count(const merge *m, hd_records *out)
{
    out->n_files = m->n_files;
    for (uint32_t i = 0; i < m->n_files; i++) {
        hd_extract_file *file = &m->files[i];
        if (file->n_rejects)
            qsort(file->rejects, file->n_rejects, sizeof *file->rejects, compare_rejects);
        out->n_rows_read += file->n_rows;
        out->n_rejected += file->n_rejects;
        out->n_filtered += file->n_filtered;
        out->n_bytes_read += file->n_bytes;
    }
    HD_ASSERT(out->n_rows_read == out->n + out->n_rejected + out->n_filtered);
    sum_up(m, out);
}

static void gather(const merge *m, const twins *t, hd_records *out)
{
    out->record_id = hd_alloc(m->n * sizeof *out->record_id);
    out->n_slots = m->n_slots;
    out->slots = hd_alloc(m->n_slots * sizeof *out->slots);
    for (uint32_t slot = 0; slot < m->n_slots; slot++)
        out->slots[slot] = hd_alloc(m->n * sizeof *out->slots[slot]);
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
    for (uint32_t i = 0; i < m->n_files; i++) {
        hd_extract_file *file = &m->files[i];
        hd_free(file->slots);
        hd_free(file->row);
        file->slots = NULL;
        file->row = NULL;
    }
    hd_free(m->start);
    hd_free(m->ids);
    hd_free(m->order);
}

hd_status hd_extract_merge(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_values *values,
                           hd_extract_file *files, uint32_t n_files, hd_arena *arena,
                           hd_records *out)
{
    const hd_source *source = &ruleset->sources[files->source];
    merge m = {.values = values,
               .source = source,
               .files = files,
               .n_files = n_files,
               .n_slots = hd_extract_n_slots(source)};
    twins t = {0};
    hd_status status = number_rows(ctx, &m);
    if (status == HD_OK) {
        sort_rows(&m);
        status = settle_twins(ctx, ruleset, &m, &t, arena);
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
