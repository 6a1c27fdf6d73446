#include "pipeline/given.h"

#include <stdlib.h>

#include "base/mem.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/io/csv.h"
#include "pipeline/naming.h"

enum { A, B, DECISION, N_COLUMNS };
/* A mention's name in one column, or in three. */
static const char *const whole[N_COLUMNS] = {"a", "b", "decision"};
enum { SOURCE, RECORD, ROLE, N_PARTS };
static const char *const parts[2][N_PARTS] = {{"source_a", "record_id_a", "role_a"},
                                              {"source_b", "record_id_b", "role_b"}};
static const char *const parts_headed[2][N_PARTS] = {
    {"column.source_a", "column.record_a", "column.role_a"},
    {"column.source_b", "column.record_b", "column.role_b"}};

typedef struct reader {
    const hd_mentions *mentions;
    const uint8_t *key;
    const char *path;
    bool in_parts;
    uint32_t column[N_COLUMNS], part[2][N_PARTS];
    hd_given *out;
    size_t same_cap, different_cap;
} reader;

static hd_str text_of(const reader *r, const char *key)
{
    return hd_text_of(r->mentions->ruleset->catalogue, key);
}

/* By its name, or as the list of pairs for review heads it, in the language of its readers. */
static bool has_column(const reader *r, const hd_csv *csv, const char *name, const char *headed,
                       uint32_t *out)
{
    if (hd_csv_column(csv, name, out))
        return true;
    uint32_t n;
    const hd_str *head = hd_csv_header(csv, &n);
    for (*out = 0; *out < n; (*out)++)
        if (headed && hd_str_eq(head[*out], text_of(r, headed)))
            return true;
    return false;
}

static hd_status find_column(hd_ctx *ctx, const reader *r, const hd_csv *csv, const char *name,
                             const char *headed, uint32_t *out)
{
    if (!has_column(r, csv, name, headed, out))
        return HD_FAIL(ctx, HD_CONFIG, "%s has no column \"%s\"", r->path, name);
    return HD_OK;
}

static hd_status find_columns(hd_ctx *ctx, const hd_csv *csv, void *arg)
{
    reader *r = arg;
    r->in_parts =
        has_column(r, csv, parts[A][SOURCE], parts_headed[A][SOURCE], &r->part[A][SOURCE]);
    for (int side = A; side <= B; side++) {
        for (int i = 0; r->in_parts && i < N_PARTS; i++)
            HD_TRY(
                find_column(ctx, r, csv, parts[side][i], parts_headed[side][i], &r->part[side][i]));
        if (!r->in_parts)
            HD_TRY(find_column(ctx, r, csv, whole[side], NULL, &r->column[side]));
    }
    return find_column(ctx, r, csv, whole[DECISION], "column.decision", &r->column[DECISION]);
}

static bool says(const reader *r, hd_str decision, const char *code, const char *text)
{
    return hd_str_eq(decision, hd_str_from(code)) || hd_str_eq(decision, text_of(r, text));
}

static bool find(const reader *r, const hd_csv_row *row, int side, hd_mention *out)
{
    const hd_str *v = row->values;
    const uint32_t *part = r->part[side];
    if (!r->in_parts)
        return hd_mention_by_text(r->mentions, r->key, v[r->column[side]], out);
    return hd_mention_by_key(r->mentions, r->key, v[part[SOURCE]], v[part[RECORD]], v[part[ROLE]],
                             out);
}

static hd_status take_row(hd_ctx *ctx, const hd_csv_row *row, void *arg)
{
    reader *r = arg;
    if (row->fault != HD_CSV_FINE)
        return HD_FAIL(ctx, HD_CONFIG, "%s:%llu: not a row of as many values as columns", r->path,
                       (unsigned long long)row->line);
    hd_str decision = hd_str_trim(row->values[r->column[DECISION]]);
    if (hd_str_empty(decision) || says(r, decision, "unknown", "decision.unknown"))
        return HD_OK;
    bool same = says(r, decision, "same", "decision.same");
    hd_mention a, b;
    if (!same && !says(r, decision, "different", "decision.different")) {
        hd_str words[] = {text_of(r, "decision.same"), text_of(r, "decision.different"),
                          text_of(r, "decision.unknown")};
        hd_hint(ctx, "write same (%.*s), different (%.*s), unknown (%.*s) or nothing",
                HD_ARG(words[0]), HD_ARG(words[1]), HD_ARG(words[2]));
        return HD_FAIL(ctx, HD_CONFIG, "%s:%llu: this is no decision", r->path,
                       (unsigned long long)row->line);
    }
    if (!find(r, row, A, &a) || !find(r, row, B, &b)) {
        r->out->n_void++;
        return HD_OK;
    }
    if (a == b)
        return HD_FAIL(ctx, HD_CONFIG, "%s:%llu: both sides are the same mention", r->path,
                       (unsigned long long)row->line);
    hd_given_pair pair = {a < b ? a : b, a < b ? b : a};
    if (same) {
        HD_GROW(r->out->same, r->same_cap, r->out->n_same + 1);
        r->out->same[r->out->n_same++] = pair;
    } else {
        HD_GROW(r->out->different, r->different_cap, r->out->n_different + 1);
        r->out->different[r->out->n_different++] = pair;
    }
    return HD_OK;
}

static int by_mentions(const void *x, const void *y)
{
    const hd_given_pair *p = x, *q = y;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    return (p->b > q->b) - (p->b < q->b);
}

static size_t sort_pairs(hd_given_pair *pair, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(pair, n, sizeof *pair, by_mentions);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || by_mentions(&pair[kept - 1], &pair[i]) != 0)
            pair[kept++] = pair[i];
    return kept;
}

static bool holds(const hd_given_pair *pairs, size_t n, hd_mention a, hd_mention b)
{
    hd_given_pair pair = {a < b ? a : b, a < b ? b : a};
    return n && bsearch(&pair, pairs, n, sizeof pair, by_mentions);
}

static hd_status settle(hd_ctx *ctx, const reader *r)
{
    hd_given *out = r->out;
    out->n_same = sort_pairs(out->same, out->n_same);
    out->n_different = sort_pairs(out->different, out->n_different);
    out->told = hd_alloc_zero((size_t)r->mentions->n + 1, 1);
    for (size_t i = 0; i < out->n_same; i++)
        out->told[out->same[i].a] = out->told[out->same[i].b] = 1;
    for (size_t i = 0; i < out->n_different; i++) {
        hd_given_pair pair = out->different[i];
        out->told[pair.a] = out->told[pair.b] = 1;
        if (holds(out->same, out->n_same, pair.a, pair.b))
            return HD_FAIL(ctx, HD_CONFIG,
                           "%s: a pair is said to be the same and different (source %.*s)", r->path,
                           HD_ARG(r->mentions->ruleset->sources[r->mentions->source[pair.a]].code));
    }
    return HD_OK;
}

hd_status hd_given_read(hd_ctx *ctx, const hd_mentions *mentions, const uint8_t key[HD_KEY_BYTES],
                        const char *path, hd_given *out)
{
    *out = (hd_given){0};
    if (!path)
        return HD_OK;
    reader r = {.mentions = mentions, .key = key, .path = path, .out = out};
    hd_status status = hd_csv_each(ctx, path, HD_CSV_AUTO, find_columns, take_row, &r);
    if (status == HD_OK)
        status = settle(ctx, &r);
    if (status != HD_OK)
        hd_given_release(out);
    return status;
}

void hd_given_release(hd_given *given)
{
    hd_free(given->same);
    hd_free(given->different);
    hd_free(given->told);
    *given = (hd_given){0};
}

static bool spoken_of(const hd_given *given, hd_mention a, hd_mention b)
{
    return given && given->told && given->told[a] && given->told[b];
}

bool hd_given_same(const hd_given *given, hd_mention a, hd_mention b)
{
    return spoken_of(given, a, b) && holds(given->same, given->n_same, a, b);
}

bool hd_given_apart(const hd_given *given, hd_mention a, hd_mention b)
{
    return spoken_of(given, a, b) && holds(given->different, given->n_different, a, b);
}
