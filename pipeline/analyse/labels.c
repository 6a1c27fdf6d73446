#include "pipeline/analyse/labels.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "pipeline/analyse/csv_rows.h"
#include "pipeline/naming.h"

/* ---- labels ---- */

enum {
    SOURCE_A,
    RECORD_A,
    ROLE_A,
    SOURCE_B,
    RECORD_B,
    ROLE_B,
    DECISION,
    STRATUM,
    WEIGHT,
    N_COLUMNS
};
static const char *const columns[N_COLUMNS] = {"source_a", "record_id_a", "role_a",
                                               "source_b", "record_id_b", "role_b",
                                               "decision", "stratum",     "weight_of_stratum"};

typedef struct label_reader {
    const hd_run *run;
    const char *path;
    hd_labels *out;
    size_t cap, strata_cap;
} label_reader;

static hd_status find_mention(hd_ctx *ctx, const label_reader *r, uint64_t line,
                              const hd_str *value, char side, hd_mention *out)
{
    if (hd_mention_by_key(&r->run->mentions, r->run->key, value[0], value[1], value[2], out))
        return HD_OK;
    hd_hint(ctx, "labels belong to the data that they were drawn from; a spreadsheet rounds long "
                 "numbers unless they are imported as text");
    return HD_FAIL(ctx, HD_SOURCE, "%s:%llu: the data has no such mention %c, of source \"%.*s\"",
                   r->path, (unsigned long long)line, side, HD_ARG(value[0]));
}

static hd_status read_decision(hd_ctx *ctx, const label_reader *r, uint64_t line, hd_str text,
                               hd_decision *out)
{
    static const struct {
        const char *text;
        hd_decision decision;
    } words[] = {{"same", HD_DECISION_SAME},
                 {"different", HD_DECISION_DIFFERENT},
                 {"unknown", HD_DECISION_UNKNOWN},
                 {"", HD_DECISION_UNKNOWN}};
    text = hd_str_trim(text);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (hd_str_eq(text, hd_str_from(words[i].text))) {
            *out = words[i].decision;
            return HD_OK;
        }
    return HD_FAIL(ctx, HD_SOURCE, "%s:%llu: decision must be same, different, unknown or nothing",
                   r->path, (unsigned long long)line);
}

static hd_status read_weight(hd_ctx *ctx, label_reader *r, uint64_t line, hd_str text, double *out)
{
    char number[64] = "", *end = number;
    *out = 1;
    if (hd_str_empty(text))
        return HD_OK;
    if (text.len_bytes < sizeof number) {
        memcpy(number, text.ptr, text.len_bytes);
        *out = strtod(number, &end);
    }
    if (end == number || *end || !(*out > 0 && *out < 1e18))
        return HD_FAIL(ctx, HD_SOURCE, "%s:%llu: weight_of_stratum must be a number above 0",
                       r->path, (unsigned long long)line);
    r->out->weighted = true;
    return HD_OK;
}

static uint32_t stratum_of(label_reader *r, hd_str code)
{
    hd_labels *out = r->out;
    for (uint32_t i = 0; i < out->n_strata; i++)
        if (hd_str_eq(out->stratum[i].code, code))
            return i;
    HD_GROW(out->stratum, r->strata_cap, out->n_strata + 1u);
    out->stratum[out->n_strata] =
        (hd_label_stratum){.code = hd_arena_str(&out->arena, code.ptr ? code : HD_STR(""))};
    return out->n_strata++;
}

static hd_status take_label(hd_ctx *ctx, uint64_t line, const hd_str *value, void *arg)
{
    label_reader *r = arg;
    hd_labels *out = r->out;
    hd_label label = {.line = line};
    double weight;
    HD_TRY(find_mention(ctx, r, line, value + SOURCE_A, 'a', &label.a));
    HD_TRY(find_mention(ctx, r, line, value + SOURCE_B, 'b', &label.b));
    HD_TRY(read_decision(ctx, r, line, value[DECISION], &label.decision));
    HD_TRY(read_weight(ctx, r, line, value[WEIGHT], &weight));
    if (label.a == label.b)
        return HD_FAIL(ctx, HD_SOURCE, "%s:%llu: both sides are one mention", r->path,
                       (unsigned long long)line);
    if (label.a > label.b) {
        hd_mention first = label.b;
        label.b = label.a;
        label.a = first;
    }
    label.stratum = stratum_of(r, value[STRATUM]);
    hd_label_stratum *stratum = &out->stratum[label.stratum];
    bool said = label.decision != HD_DECISION_UNKNOWN;
    stratum->size += weight;
    stratum->n_lines++;
    stratum->n_decided += said;
    out->n_decided += said;
    HD_GROW(out->label, r->cap, out->n + 1u);
    out->label[out->n++] = label;
    return HD_OK;
}

static int by_pair(const void *x, const void *y)
{
    const hd_label *a = x, *b = y;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    if (a->b != b->b)
        return a->b < b->b ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

hd_status hd_labels_read(hd_ctx *ctx, const hd_run *run, const char *path, hd_labels *out)
{
    *out = (hd_labels){0};
    label_reader r = {.run = run, .path = path, .out = out};
    HD_TRY(hd_csv_rows_read(ctx, path, columns, N_COLUMNS, STRATUM, take_label, &r));
    if (out->n)
        qsort(out->label, out->n, sizeof *out->label, by_pair);
    for (uint32_t i = 1; i < out->n; i++)
        if (out->label[i].a == out->label[i - 1].a && out->label[i].b == out->label[i - 1].b)
            return HD_FAIL(ctx, HD_SOURCE, "%s:%llu: the pair stands on line %llu, too", path,
                           (unsigned long long)out->label[i].line,
                           (unsigned long long)out->label[i - 1].line);
    return HD_OK;
}

void hd_labels_release(hd_labels *labels)
{
    hd_free(labels->label);
    hd_free(labels->stratum);
    hd_arena_release(&labels->arena);
    *labels = (hd_labels){0};
}

/* ---- truth ---- */

typedef struct truth_reader {
    const hd_run *run;
    hd_truth *out;
    hd_pool *persons;
    size_t cap, person_cap;
} truth_reader;

static hd_status take_truth(hd_ctx *ctx, uint64_t line, const hd_str *value, void *arg)
{
    (void)ctx, (void)line;
    truth_reader *r = arg;
    hd_truth *out = r->out;
    HD_GROW(out->mention, r->cap, out->n + 1u);
    HD_GROW(out->person, r->person_cap, out->n + 1u);
    if (!hd_mention_by_key(&r->run->mentions, r->run->key, value[0], value[1], value[2],
                           &out->mention[out->n])) {
        out->mention[out->n] = HD_NO_MENTION;
        out->n_missing++;
    }
    out->person[out->n++] = hd_pool_intern(r->persons, value[3]);
    return HD_OK;
}

hd_status hd_truth_read(hd_ctx *ctx, const hd_run *run, const char *path, hd_truth *out)
{
    static const char *const names[] = {"source", "record_id", "role", "person_id"};
    *out = (hd_truth){0};
    truth_reader r = {.run = run, .out = out, .persons = hd_pool_new()};
    hd_status status = hd_csv_rows_read(ctx, path, names, 4, 4, take_truth, &r);
    hd_pool_free(r.persons);
    HD_TRY(status);
    if (out->n_missing == out->n) {
        hd_hint(ctx, "source, record_id and role must name mentions of the configured sources");
        return HD_FAIL(ctx, HD_SOURCE, "%s names no mention of the data", path);
    }
    return HD_OK;
}

void hd_truth_release(hd_truth *truth)
{
    hd_free(truth->mention);
    hd_free(truth->person);
    *truth = (hd_truth){0};
}
