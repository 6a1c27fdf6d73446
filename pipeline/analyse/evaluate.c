#include "pipeline/analyse/evaluate.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"
#include "pipeline/io/csv.h"

/* Mentions of the truth, by number of their key in `keys`. */
typedef struct tally {
    hd_ctx *ctx;
    hd_pool *keys, *persons, *errors;
    uint32_t *truth, *link; /* [key] person; 0: none */
    size_t cap;
    uint32_t *size_truth, *size_link; /* [person] mentions */
    uint32_t *size_both;              /* [key] mentions of its truth and its link */
    hd_error_recall *by_error;        /* [number in errors] */
    size_t errors_cap;
    hd_evaluation *out;
    hd_buf buf;
} tally;

typedef hd_status take_row(tally *t, hd_text key, hd_str value);

static hd_status find_column(hd_ctx *ctx, const hd_csv *csv, const char *path, const char *name,
                             uint32_t *out)
{
    uint32_t n;
    const hd_str *header = hd_csv_header(csv, &n);
    for (*out = 0; *out < n; (*out)++)
        if (hd_str_eq(header[*out], hd_str_from(name)))
            return HD_OK;
    return HD_FAIL(ctx, HD_CONFIG, "%s has no column \"%s\"", path, name);
}

static hd_text key_of(tally *t, const hd_csv_row *row, const uint32_t *column)
{
    hd_buf_clear(&t->buf);
    for (int i = 0; i < 3; i++) {
        hd_buf_add(&t->buf, row->values[column[i]]);
        hd_buf_add_char(&t->buf, '\x1f');
    }
    return hd_pool_intern(t->keys, hd_buf_str(&t->buf));
}

static hd_status read_rows(tally *t, hd_csv *csv, const char *path, const char *last,
                           take_row *take)
{
    const char *names[4] = {"source", "record_id", "role", last};
    uint32_t column[4];
    for (int i = 0; i < 4; i++)
        HD_TRY(find_column(t->ctx, csv, path, names[i], &column[i]));
    hd_csv_row row;
    bool more;
    for (;;) {
        HD_TRY(hd_csv_next(t->ctx, csv, &row, &more));
        if (!more)
            return HD_OK;
        if (row.fault != HD_CSV_FINE)
            return HD_FAIL(t->ctx, HD_SOURCE, "%s:%llu: not a row of four values", path,
                           (unsigned long long)row.line);
        HD_TRY(take(t, key_of(t, &row, column), row.values[column[3]]));
    }
}

static hd_status read_file(tally *t, const char *path, const char *last, take_row *take)
{
    hd_csv *csv = NULL;
    hd_status status = hd_csv_open(t->ctx, path, (hd_csv_options){.encoding = HD_CSV_UTF8}, &csv);
    if (status == HD_OK)
        status = read_rows(t, csv, path, last, take);
    hd_csv_close(csv);
    return status;
}

static void make_room(tally *t, uint32_t key)
{
    size_t before = t->cap, cap_link = t->cap;
    HD_GROW(t->truth, t->cap, (size_t)key + 1);
    HD_GROW(t->link, cap_link, (size_t)key + 1);
    for (size_t i = before; i < t->cap; i++)
        t->truth[i] = t->link[i] = 0;
}

static hd_status take_truth(tally *t, hd_text key, hd_str value)
{
    make_room(t, key);
    t->truth[key] = hd_pool_intern(t->persons, value);
    return HD_OK;
}

static hd_status take_link(tally *t, hd_text key, hd_str value)
{
    make_room(t, key);
    t->link[key] = hd_pool_intern(t->persons, value);
    t->out->n_unknown_links += t->truth[key] == 0;
    return HD_OK;
}

static uint64_t pairs_of(uint64_t n)
{
    return n ? n * (n - 1) / 2 : 0;
}

/* Mentions that share both truth and link lie together once sorted by both. */
static void count_both(tally *t, hd_keyed *items, size_t n)
{
    hd_sort_keyed(items, n);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && items[end].key == items[i].key; end++)
            continue;
        for (size_t k = i; k < end; k++)
            t->size_both[items[k].value] = (uint32_t)(end - i);
        t->out->right_pairs += pairs_of(end - i);
    }
}

static void count_sizes(tally *t)
{
    uint32_t n_persons = hd_pool_limit(t->persons);
    /* a mention without a link is alone: it gets a person of its own behind the others */
    size_t n_keys = t->cap, n = 0;
    t->size_truth = hd_alloc_zero(n_persons + n_keys + 1, sizeof *t->size_truth);
    t->size_link = hd_alloc_zero(n_persons + n_keys + 1, sizeof *t->size_link);
    t->size_both = hd_alloc_zero(n_keys + 1, sizeof *t->size_both);
    hd_keyed *items = hd_alloc((n_keys + 1) * sizeof *items);
    for (size_t key = 0; key < n_keys; key++) {
        if (!t->truth[key])
            continue;
        if (!t->link[key]) {
            t->out->n_missing_links++;
            t->link[key] = n_persons + (uint32_t)key;
        }
        t->size_truth[t->truth[key]]++;
        t->size_link[t->link[key]]++;
        items[n++] = (hd_keyed){(uint64_t)t->truth[key] << 32 | t->link[key], (uint32_t)key};
    }
    t->out->n_mentions = n;
    count_both(t, items, n);
    hd_free(items);
    for (size_t p = 0; p < n_persons + n_keys; p++) {
        t->out->true_pairs += pairs_of(t->size_truth[p]);
        t->out->linked_pairs += pairs_of(t->size_link[p]);
    }
}

static hd_measure measure(double right_of_found, double found, double right_of_true,
                          double all_true)
{
    hd_measure m = {found > 0 ? right_of_found / found : 1,
                    all_true > 0 ? right_of_true / all_true : 1, 0};
    m.f1 = m.precision + m.recall > 0 ? 2 * m.precision * m.recall / (m.precision + m.recall) : 0;
    return m;
}

static void measure_all(tally *t)
{
    hd_evaluation *out = t->out;
    double precision = 0, recall = 0, n = (double)out->n_mentions;
    for (size_t key = 0; key < t->cap; key++) {
        if (!t->truth[key])
            continue;
        precision += (double)t->size_both[key] / t->size_link[t->link[key]];
        recall += (double)t->size_both[key] / t->size_truth[t->truth[key]];
    }
    double right = (double)out->right_pairs;
    out->pairwise = measure(right, (double)out->linked_pairs, right, (double)out->true_pairs);
    out->bcubed = measure(precision, n, recall, n);
}

static hd_status take_error(tally *t, hd_text key, hd_str value)
{
    if (key >= t->cap || !t->truth[key])
        return HD_OK;
    hd_text error = hd_pool_intern(t->errors, value);
    size_t before = t->errors_cap;
    HD_GROW(t->by_error, t->errors_cap, (size_t)error + 1);
    for (size_t i = before; i < t->errors_cap; i++)
        t->by_error[i] = (hd_error_recall){0};
    hd_error_recall *e = &t->by_error[error];
    e->n_mentions++;
    e->true_pairs += t->size_truth[t->truth[key]] - 1;
    e->found_pairs += t->size_both[key] - 1;
    return HD_OK;
}

static int by_error_name(const void *x, const void *y)
{
    return hd_str_cmp(((const hd_error_recall *)x)->error, ((const hd_error_recall *)y)->error);
}

static void list_errors(tally *t)
{
    hd_evaluation *out = t->out;
    out->by_error = HD_NEW_N(&out->arena, hd_error_recall, t->errors_cap + 1);
    for (size_t i = 0; i < t->errors_cap; i++) {
        if (!t->by_error[i].n_mentions)
            continue;
        out->by_error[out->n_errors] = t->by_error[i];
        out->by_error[out->n_errors++].error =
            hd_arena_str(&out->arena, hd_pool_get(t->errors, (hd_text)i));
    }
    qsort(out->by_error, out->n_errors, sizeof *out->by_error, by_error_name);
}

static hd_status evaluate(tally *t, const char *truth, const char *links, const char *errors)
{
    HD_TRY(read_file(t, truth, "person_id", take_truth));
    HD_TRY(read_file(t, links, "person_id", take_link));
    count_sizes(t);
    if (t->out->n_missing_links == t->out->n_mentions) {
        hd_hint(t->ctx, "source, record_id and role must name the same mentions in both files");
        return HD_FAIL(t->ctx, HD_SOURCE, "%s and %s have no mention in common", truth, links);
    }
    measure_all(t);
    if (errors) {
        HD_TRY(read_file(t, errors, "error", take_error));
        list_errors(t);
    }
    return HD_OK;
}

hd_status hd_evaluate(hd_ctx *ctx, const char *truth, const char *links, const char *errors,
                      hd_evaluation *out)
{
    *out = (hd_evaluation){0};
    tally t = {.ctx = ctx, .out = out};
    t.keys = hd_pool_new();
    t.persons = hd_pool_new();
    t.errors = hd_pool_new();
    hd_status status = evaluate(&t, truth, links, errors);
    hd_pool_free(t.keys);
    hd_pool_free(t.persons);
    hd_pool_free(t.errors);
    hd_free(t.truth);
    hd_free(t.link);
    hd_free(t.size_truth);
    hd_free(t.size_link);
    hd_free(t.size_both);
    hd_free(t.by_error);
    hd_buf_release(&t.buf);
    return status;
}

void hd_evaluation_release(hd_evaluation *evaluation)
{
    hd_arena_release(&evaluation->arena);
    *evaluation = (hd_evaluation){0};
}
