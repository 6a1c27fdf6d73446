#include "pipeline/analyse/evaluate.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/pool.h"
#include "pipeline/analyse/csv_rows.h"
#include "pipeline/naming.h"

/* Mentions of the truth, by number of their key in `keys`. */
typedef struct tally {
    const hd_evaluate_names *names;
    hd_pool *keys, *persons, *errors;
    uint32_t *truth, *link; /* [key] person; 0: none */
    size_t cap;
    uint32_t *item;                       /* [key] number among those that have a truth */
    uint32_t *both, *of_truth, *of_found; /* [item] mentions that share them */
    hd_error_recall *by_error;            /* [number in errors] */
    size_t errors_cap;
    hd_evaluation *out;
    hd_buf buf;
} tally;

static hd_text key_of(tally *t, const hd_str *value)
{
    char room[HD_ID_CHARS + 2];
    hd_str part[3] = {value[0], value[1], value[2]};
    if (t->names->ruleset)
        part[1] = hd_record_id_kept(t->names->ruleset, t->names->key, value[0], value[1], room);
    hd_buf_clear(&t->buf);
    for (int i = 0; i < 3; i++) {
        hd_buf_add(&t->buf, part[i]);
        hd_buf_add_char(&t->buf, '\x1f');
    }
    return hd_pool_intern(t->keys, hd_buf_str(&t->buf));
}

static hd_status read_file(hd_ctx *ctx, tally *t, const char *path, const char *last,
                           hd_csv_rows_take *take)
{
    const char *const names[] = {"source", "record_id", "role", last};
    return hd_csv_rows_read(ctx, path, names, 4, 4, take, t);
}

static void make_room(tally *t, uint32_t key)
{
    size_t before = t->cap, cap_link = t->cap;
    HD_GROW(t->truth, t->cap, (size_t)key + 1);
    HD_GROW(t->link, cap_link, (size_t)key + 1);
    for (size_t i = before; i < t->cap; i++)
        t->truth[i] = t->link[i] = 0;
}

static hd_status take_truth(hd_ctx *ctx, uint64_t line, const hd_str *value, void *arg)
{
    (void)ctx, (void)line;
    tally *t = arg;
    hd_text key = key_of(t, value);
    make_room(t, key);
    t->truth[key] = hd_pool_intern(t->persons, value[3]);
    return HD_OK;
}

static hd_status take_link(hd_ctx *ctx, uint64_t line, const hd_str *value, void *arg)
{
    (void)ctx, (void)line;
    tally *t = arg;
    hd_text key = key_of(t, value);
    make_room(t, key);
    t->link[key] = hd_pool_intern(t->persons, value[3]);
    t->out->n_unknown_links += t->truth[key] == 0;
    return HD_OK;
}

/* A mention without a link is alone: it gets a person of its own behind the others. */
static void compare(tally *t)
{
    uint32_t n_persons = hd_pool_limit(t->persons), n = 0;
    size_t room = t->cap + 1;
    uint32_t *truth = hd_alloc(room * sizeof *truth), *found = hd_alloc(room * sizeof *found);
    t->item = hd_alloc_zero(room, sizeof *t->item);
    t->both = hd_alloc_zero(room, sizeof *t->both);
    t->of_truth = hd_alloc_zero(room, sizeof *t->of_truth);
    t->of_found = hd_alloc_zero(room, sizeof *t->of_found);
    for (size_t key = 0; key < t->cap; key++) {
        if (!t->truth[key])
            continue;
        t->out->n_missing_links += !t->link[key];
        t->item[key] = n;
        truth[n] = t->truth[key];
        found[n++] = t->link[key] ? t->link[key] : n_persons + (uint32_t)key;
    }
    hd_partition_compare(truth, found, n, t->both, t->of_truth, t->of_found, &t->out->measures);
    hd_free(truth);
    hd_free(found);
}

static hd_status take_error(hd_ctx *ctx, uint64_t line, const hd_str *value, void *arg)
{
    (void)ctx, (void)line;
    tally *t = arg;
    hd_text key = key_of(t, value);
    if (key >= t->cap || !t->truth[key])
        return HD_OK;
    hd_text error = hd_pool_intern(t->errors, value[3]);
    size_t before = t->errors_cap;
    HD_GROW(t->by_error, t->errors_cap, (size_t)error + 1);
    for (size_t i = before; i < t->errors_cap; i++)
        t->by_error[i] = (hd_error_recall){0};
    hd_error_recall *e = &t->by_error[error];
    e->n_mentions++;
    e->true_pairs += t->of_truth[t->item[key]] - 1;
    e->found_pairs += t->both[t->item[key]] - 1;
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

static hd_status evaluate(hd_ctx *ctx, tally *t, const char *truth, const char *links,
                          const char *errors)
{
    HD_TRY(read_file(ctx, t, truth, "person_id", take_truth));
    HD_TRY(read_file(ctx, t, links, "person_id", take_link));
    compare(t);
    if (t->out->n_missing_links == t->out->measures.n_items) {
        hd_hint(ctx, "source, record_id and role must name the same mentions in both files");
        return HD_FAIL(ctx, HD_SOURCE, "%s and %s have no mention in common", truth, links);
    }
    if (errors) {
        HD_TRY(read_file(ctx, t, errors, "error", take_error));
        list_errors(t);
    }
    return HD_OK;
}

hd_status hd_evaluate(hd_ctx *ctx, const hd_evaluate_names *names, const char *truth,
                      const char *links, const char *errors, hd_evaluation *out)
{
    *out = (hd_evaluation){0};
    tally t = {.names = names, .out = out};
    t.keys = hd_pool_new();
    t.persons = hd_pool_new();
    t.errors = hd_pool_new();
    hd_status status = evaluate(ctx, &t, truth, links, errors);
    hd_pool_free(t.keys);
    hd_pool_free(t.persons);
    hd_pool_free(t.errors);
    uint32_t *const arrays[] = {t.truth, t.link, t.item, t.both, t.of_truth, t.of_found};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        hd_free(arrays[i]);
    hd_free(t.by_error);
    hd_buf_release(&t.buf);
    return status;
}

void hd_evaluation_release(hd_evaluation *evaluation)
{
    hd_arena_release(&evaluation->arena);
    *evaluation = (hd_evaluation){0};
}
