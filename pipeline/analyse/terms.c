#include "pipeline/analyse/terms.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "pipeline/io/csv.h"

enum {
    LEAST_COUNT = 12, /* a name that fewer mentions share is not written into a model */
    FLOOR_COUNT = 4   /* about one person's mentions */
};

/* ---- from the mentions ---- */

static uint32_t *count_texts(const hd_plan *plan, int32_t slot, uint32_t limit, uint32_t *n_known)
{
    uint32_t *count = hd_alloc_zero(limit + 1u, sizeof *count);
    *n_known = 0;
    for (hd_mention i = 0; i < plan->mentions->n; i++) {
        uint32_t text = hd_plan_row(plan, i)[slot];
        if (text < limit) {
            count[text]++;
            ++*n_known;
        }
    }
    return count;
}

void hd_terms_count(const hd_plan *plan, int32_t slot, hd_arena *arena, hd_model_level *out)
{
    uint32_t limit = hd_pool_limit(plan->ruleset->texts), n_known;
    uint32_t *count = count_texts(plan, slot, limit, &n_known);
    for (uint32_t text = 0; text < limit; text++)
        out->n_terms += count[text] >= LEAST_COUNT;
    out->terms = HD_NEW_N(arena, hd_term, out->n_terms + 1u);
    out->n_terms = 0;
    for (uint32_t text = 0; text < limit; text++)
        if (count[text] >= LEAST_COUNT)
            out->terms[out->n_terms++] = (hd_term){text, (double)count[text] / n_known};
    out->frequency_floor = FLOOR_COUNT / (n_known + 1.0);
    hd_free(count);
}

/* ---- from a table ---- */

typedef struct line {
    hd_text text;
    double count;
    uint64_t number;
} line;

typedef struct table {
    const char *path;
    const hd_ruleset *ruleset;
    uint32_t value, count; /* columns */
    line *item;
    size_t n, cap;
} table;

static hd_status find_column(hd_ctx *ctx, const table *t, const hd_csv *csv, const char *name,
                             uint32_t *out)
{
    if (hd_csv_column(csv, name, out))
        return HD_OK;
    hd_hint(ctx, "a table of frequencies is a CSV file with the columns value and count");
    return HD_FAIL(ctx, HD_SOURCE, "%s has no column \"%s\"", t->path, name);
}

static hd_status find_columns(hd_ctx *ctx, const hd_csv *csv, void *arg)
{
    table *t = arg;
    HD_TRY(find_column(ctx, t, csv, "value", &t->value));
    return find_column(ctx, t, csv, "count", &t->count);
}

static hd_status take_row(hd_ctx *ctx, const hd_csv_row *row, void *arg)
{
    table *t = arg;
    char number[32] = "", *end = number;
    double count = 0;
    if (row->fault != HD_CSV_FINE)
        return HD_FAIL(ctx, HD_SOURCE, "%s:%llu: not a row of its header's columns", t->path,
                       (unsigned long long)row->line);
    hd_str value = row->values[t->value], written = row->values[t->count];
    if (written.len_bytes < sizeof number) {
        memcpy(number, written.ptr, written.len_bytes);
        count = strtod(number, &end);
    }
    if (end == number || *end || !(count > 0 && count < 1e15))
        return HD_FAIL(ctx, HD_SOURCE, "%s:%llu: count must be a number above 0", t->path,
                       (unsigned long long)row->line);
    if (!value.len_bytes)
        return HD_FAIL(ctx, HD_SOURCE, "%s:%llu: value is empty", t->path,
                       (unsigned long long)row->line);
    HD_GROW(t->item, t->cap, t->n + 1);
    t->item[t->n++] = (line){hd_pool_intern(t->ruleset->texts, value), count, row->line};
    return HD_OK;
}

static int by_text(const void *x, const void *y)
{
    const line *a = x, *b = y;
    if (a->text != b->text)
        return a->text < b->text ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

/* Summed in the order of the file, so that it does not depend on the texts' numbers. */
static hd_status to_terms(hd_ctx *ctx, table *t, hd_arena *arena, hd_model_level *out)
{
    double total = 0, least = INFINITY;
    if (!t->n)
        return HD_FAIL(ctx, HD_SOURCE, "%s has no value", t->path);
    for (size_t i = 0; i < t->n; i++) {
        total += t->item[i].count;
        least = fmin(least, t->item[i].count);
    }
    qsort(t->item, t->n, sizeof *t->item, by_text);
    out->terms = HD_NEW_N(arena, hd_term, t->n);
    for (size_t i = 0; i < t->n; i++) {
        if (i && t->item[i].text == t->item[i - 1].text)
            return HD_FAIL(ctx, HD_SOURCE, "%s:%llu: the value stands on line %llu, too", t->path,
                           (unsigned long long)t->item[i].number,
                           (unsigned long long)t->item[i - 1].number);
        out->terms[out->n_terms++] = (hd_term){t->item[i].text, t->item[i].count / total};
    }
    out->frequency_floor = fmin(least / total, 0.5);
    return HD_OK;
}

hd_status hd_terms_read(hd_ctx *ctx, const hd_ruleset *ruleset, hd_str path, hd_arena *arena,
                        hd_model_level *out)
{
    table t = {.path = hd_ruleset_path(arena, ruleset, path).ptr, .ruleset = ruleset};
    hd_status status = hd_csv_each(ctx, t.path, HD_CSV_UTF8, find_columns, take_row, &t);
    if (status == HD_OK)
        status = to_terms(ctx, &t, arena, out);
    hd_free(t.item);
    return status;
}
