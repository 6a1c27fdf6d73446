/* How long one value of a field takes: standardise_values FIELD FILE, a value a line. Prints how
 * many values there are, how many differ, and for the values that differ the nanoseconds of one,
 * the median of nine times through all of them. One thread; the values lie in memory as a run has
 * them. */

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/progress.h"
#include "pipeline/analyse/one_value.h"
#include "pipeline/io/file.h"

enum { TIMES = 9 };

typedef struct values {
    hd_pool *pool;
    hd_str *value; /* [n] each once */
    uint32_t n, n_lines;
} values;

static void take_lines(hd_str text, values *out)
{
    for (uint32_t n; text.len_bytes; text = (hd_str){text.ptr + n, text.len_bytes - n}) {
        const char *end = memchr(text.ptr, '\n', text.len_bytes);
        n = end ? (uint32_t)(end - text.ptr) : text.len_bytes;
        hd_pool_intern(out->pool, (hd_str){text.ptr, n});
        out->n_lines++;
        n += end != NULL;
    }
    uint32_t limit = hd_pool_limit(out->pool);
    out->value = hd_alloc_zero(limit, sizeof *out->value);
    for (hd_text i = 1; i < limit; i++)
        if (hd_pool_has(out->pool, i))
            out->value[out->n++] = hd_pool_get(out->pool, i);
}

static double seconds_of_all(hd_one_field *one, const values *v)
{
    double begin = hd_clock_seconds();
    for (uint32_t i = 0; i < v->n; i++)
        hd_one_field_standardise(one, v->value[i]);
    return hd_clock_seconds() - begin;
}

static int by_size(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static hd_status measure(hd_ctx *ctx, const char *field, const char *path)
{
    hd_buf text = {0};
    hd_ruleset *ruleset;
    hd_one_field one;
    values v = {.pool = hd_pool_new()};
    double seconds[TIMES];
    HD_TRY(hd_file_read(ctx, path, &text));
    take_lines(hd_buf_str(&text), &v);
    HD_TRY(hd_ruleset_load_packaged(ctx, NULL, NULL, &ruleset));
    HD_TRY(hd_one_field_open(ctx, ruleset, hd_str_from(field), &one));
    for (int i = 0; i < TIMES; i++)
        seconds[i] = seconds_of_all(&one, &v);
    qsort(seconds, TIMES, sizeof *seconds, by_size);
    printf("%u %u %.1f\n", v.n_lines, v.n, v.n ? seconds[TIMES / 2] / v.n * 1e9 : 0);
    hd_one_field_release(&one);
    hd_ruleset_free(ruleset);
    hd_free(v.value);
    hd_pool_free(v.pool);
    hd_buf_release(&text);
    return HD_OK;
}

int main(int argc, char **argv)
{
    hd_ctx ctx;
    if (argc != 3) {
        fprintf(stderr, "usage: standardise_values FIELD FILE\n");
        return 2;
    }
    hd_ctx_init(&ctx, 1);
    if (measure(&ctx, argv[1], argv[2]) == HD_OK)
        return 0;
    fprintf(stderr, "standardise_values: cannot measure %s\n", argv[1]);
    return 1;
}
