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

static hd_shown show(const hd_tables *tables, uint32_t pool, hd_value_no no, hd_arena *arena,
                     hd_buf *scratch)
{
    const hd_ruleset *ruleset = tables->outcome->ruleset;
    const hd_values *values = &tables->outcome->extract->values;
    hd_value standard = hd_standard_value(&values->standard[pool][no]);
    hd_str written = hd_pool_get(values->written[pool], no);
    hd_shown shown = {0};
    if (standard != HD_NULL && ruleset->fields[values->field_of[pool]].kind == HD_KIND_date) {
        hd_buf_clear(scratch);
        hd_value_print(scratch, HD_TYPE_DATE, standard, ruleset->texts);
        shown.standard = hd_arena_str(arena, hd_buf_str(scratch));
    } else if (standard != HD_NULL) {
        shown.standard = hd_pool_get(ruleset->texts, (hd_text)standard);
    }
    if (shown.standard.ptr && hd_str_eq(shown.standard, written))
        return shown;
    hd_buf_clear(scratch);
    hd_buf_add_json(scratch, written);
    shown.written = hd_arena_str(arena, hd_buf_str(scratch));
    return shown;
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
            job->tables->shown[pool][no] = show(job->tables, pool, (hd_value_no)no,
                                                &job->tables->shown_arenas[worker], &scratch);
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
        tables->shown[pool] = hd_alloc_zero((size_t)job.limit[pool] + 1, sizeof(hd_shown));
        job.first_task[pool + 1] =
            job.first_task[pool] + (job.limit[pool] + VALUES_A_TASK - 1) / VALUES_A_TASK;
    }
    tables->n_shown_arenas = ctx->n_threads;
    tables->shown_arenas = hd_alloc_zero(ctx->n_threads, sizeof *tables->shown_arenas);
    return hd_parallel(ctx, job.first_task[values->n_pools], show_task, &job);
}
