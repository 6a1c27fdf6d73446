/* What each distinct written value looks like in the tables: made once a value, not once a row. */

#include "base/mem.h"
#include "base/parallel.h"
#include "pipeline/publish/tables.h"

enum { VALUES_A_TASK = 65536 };

typedef struct show_job {
    hd_tables *tables;
    uint32_t first_task[HD_FIELDS_MAX + 1]; /* [pool] */
    uint32_t limit[HD_FIELDS_MAX];
} show_job;

/* `text` lives as long as the tables, or is short. */
static void put_standard(hd_shown *shown, hd_str text)
{
    shown->size = text.len_bytes + 1;
    if (text.len_bytes <= HD_SHOWN_BYTES)
        memcpy(shown->bytes, text.ptr, text.len_bytes);
    else
        memcpy(shown->bytes, &text.ptr, sizeof text.ptr);
}

/* The text stands behind its length: what was asked for with one is there with both. */
static const hd_str *keep_written(hd_str text, hd_arena *arena)
{
    hd_str *kept = hd_arena_alloc(arena, sizeof *kept + text.len_bytes);
    memcpy(kept + 1, text.ptr, text.len_bytes);
    *kept = (hd_str){(const char *)(kept + 1), text.len_bytes};
    return kept;
}

/* Null where there is none. A date is put into `scratch`. */
static hd_str standard_text(const hd_tables *tables, uint32_t pool, hd_value standard,
                            hd_buf *scratch)
{
    const hd_ruleset *ruleset = tables->outcome->ruleset;
    if (standard == HD_NULL)
        return HD_STR_NULL;
    if (ruleset->fields[tables->outcome->extract->values.field_of[pool]].kind != HD_KIND_date)
        return hd_pool_get(ruleset->texts, (hd_text)standard);
    hd_buf_clear(scratch);
    hd_value_print(scratch, HD_TYPE_DATE, standard, ruleset->texts);
    HD_ASSERT(scratch->len_bytes <= HD_SHOWN_BYTES);
    return hd_buf_str(scratch);
}

static void show(const hd_tables *tables, uint32_t pool, hd_value_no no, hd_arena *arena,
                 hd_buf *scratch, hd_shown *out)
{
    const hd_values *values = &tables->outcome->extract->values;
    hd_str written = hd_pool_get(values->written[pool], no);
    hd_value value = hd_standard_value(&values->standard[pool][no]);
    hd_str standard = standard_text(tables, pool, value, scratch);
    if (standard.ptr)
        put_standard(out, standard);
    if (standard.ptr && hd_str_eq(standard, written))
        return;
    hd_buf_clear(scratch);
    hd_buf_add_json(scratch, written);
    out->written = keep_written(hd_buf_str(scratch), arena);
}

static hd_status show_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    const show_job *job = arg;
    const hd_values *values = &job->tables->outcome->extract->values;
    uint32_t pool = 0;
    while (task >= job->first_task[pool + 1])
        pool++;
    uint64_t begin = (uint64_t)(task - job->first_task[pool]) * VALUES_A_TASK;
    uint64_t end =
        begin + VALUES_A_TASK < job->limit[pool] ? begin + VALUES_A_TASK : job->limit[pool];
    hd_buf scratch = {0};
    for (uint64_t no = begin ? begin : 1; no < end; no++) {
        if (hd_pool_has(values->written[pool], (hd_text)no))
            show(job->tables, pool, (hd_value_no)no, &job->tables->shown_arenas[worker], &scratch,
                 &job->tables->shown[pool][no]);
    }
    hd_buf_release(&scratch);
    return HD_OK;
}

hd_status hd_tables_show_values(hd_ctx *ctx, hd_tables *tables)
{
    const hd_values *values = &tables->outcome->extract->values;
    show_job job = {.tables = tables};
    for (uint32_t pool = 0; pool < values->n_pools; pool++) {
        job.limit[pool] = hd_pool_limit(values->written[pool]);
        tables->shown[pool] =
            hd_alloc_zero_scattered((size_t)job.limit[pool] + 1, sizeof(hd_shown));
        job.first_task[pool + 1] =
            job.first_task[pool] + (job.limit[pool] + VALUES_A_TASK - 1) / VALUES_A_TASK;
    }
    tables->n_shown_arenas = ctx->n_threads;
    tables->shown_arenas = hd_alloc_zero(ctx->n_threads, sizeof *tables->shown_arenas);
    return hd_parallel(ctx, job.first_task[values->n_pools], show_task, &job);
}
