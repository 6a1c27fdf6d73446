/* What include/hedui/hedui.h promises: a thin layer over what the command line calls too. */

#include "hedui/hedui.h"

#include <stdatomic.h>

#include "base/mem.h"
#include "pipeline/analyse/lint.h"
#include "pipeline/run.h"

/* Progress is one line on one stderr (base/progress.c). */
static atomic_flag running = ATOMIC_FLAG_INIT;

const char *hd_version(void)
{
    return HEDUI_VERSION;
}

/* ---- check ---- */

static hd_status need_config(hd_ctx *ctx, const hd_job *job)
{
    if (job->config && *job->config)
        return HD_OK;
    return HD_FAIL(ctx, HD_USAGE, "a job needs the path of a configuration");
}

/* There may be many lines; a chain has room for the first. */
static hd_status check_examples(hd_ctx *ctx, hd_ruleset *ruleset)
{
    uint32_t n_examples = 0;
    hd_buf failures = {0};
    hd_status status = hd_lint_examples(ctx, ruleset, &n_examples, &failures);
    if (status == HD_OK && failures.len_bytes) {
        hd_hint(ctx, "`hedui lint` lists every example that does not hold");
        status = HD_FAIL(ctx, HD_CONFIG, "%.*s", (int)strcspn(failures.ptr, "\n"), failures.ptr);
    }
    hd_buf_release(&failures);
    return status;
}

hd_status hd_job_check(hd_ctx *ctx, const hd_job *job)
{
    hd_ruleset *ruleset = NULL;
    HD_TRY(need_config(ctx, job));
    HD_TRY(hd_ruleset_load(ctx, job->config, job->rules_dir, &ruleset));
    hd_status status = check_examples(ctx, ruleset);
    hd_ruleset_free(ruleset);
    return status;
}

/* ---- run ---- */

/* The summary comes first: the caller's pointer is that of the whole. */
typedef struct owned_summary {
    hd_summary summary;
    hd_arena arena;
} owned_summary;

static const char *copy(hd_arena *arena, const char *text)
{
    return hd_arena_str(arena, hd_str_from(text)).ptr;
}

static const hd_source_counts *count_sources(hd_arena *arena, const hd_run *run)
{
    uint32_t n = run->ruleset->n_sources;
    hd_source_counts *counts = HD_NEW_N(arena, hd_source_counts, n);
    for (uint32_t s = 0; s < n; s++) {
        const hd_records *records = &run->extract.records[s];
        counts[s] = (hd_source_counts){
            .source = hd_arena_str(arena, run->ruleset->sources[s].code).ptr,
            .n_rows_read = records->n_rows_read,
            .n_linked = records->n,
            .n_rejected = records->n_rejected,
            .n_filtered = records->n_filtered,
            .n_mentions = run->done ? 0 : run->mentions.n_mentions[s],
        };
    }
    return counts;
}

static hd_summary *summarise(const hd_run *run)
{
    owned_summary *owned = hd_alloc_zero(1, sizeof *owned);
    hd_arena *arena = &owned->arena;
    owned->summary = (hd_summary){
        .run_id = hd_arena_str(arena, run->outcome.run_id).ptr,
        .done = run->done,
        .folder = run->options.dry_run ? NULL : copy(arena, run->folder),
        .model_trained = copy(arena, run->model_written),
        .sources = count_sources(arena, run),
        .n_sources = run->ruleset->n_sources,
        .n_pairs = run->edges.n_pairs,
        .n_persons = run->persons.n,
        .n_relations = run->persons.n_relations,
        .n_reviews = run->clusters.n_asked,
        .n_discrepancies = run->discrepancies.n,
    };
    return &owned->summary;
}

static hd_status run_alone(hd_ctx *ctx, const hd_job *job, hd_summary **out)
{
    const hd_run_options options = {
        .config = job->config,
        .rules_dir = job->rules_dir,
        .csv = job->csv,
        .as_of = job->as_of,
        .dry_run = job->dry_run,
        .fresh = job->fresh,
    };
    hd_run run;
    hd_status status = hd_run_start(ctx, &options, HD_RUN_TO_PUBLISH, &run);
    if (status == HD_OK)
        *out = summarise(&run);
    hd_run_release(&run);
    return status;
}

hd_status hd_job_run(hd_ctx *ctx, const hd_job *job, hd_summary **out)
{
    *out = NULL;
    HD_TRY(need_config(ctx, job));
    if (!hd_date_exists(job->as_of / 10000, job->as_of / 100 % 100, job->as_of % 100))
        return HD_FAIL(ctx, HD_USAGE, "as of %d: a job needs a day, as 20260131", job->as_of);
    if (atomic_flag_test_and_set(&running))
        return HD_FAIL(ctx, HD_LOCKED, "this process runs a job already");
    hd_status status = run_alone(ctx, job, out);
    atomic_flag_clear(&running);
    return status;
}

void hd_summary_free(hd_summary *summary)
{
    if (!summary)
        return;
    owned_summary *owned = (owned_summary *)summary;
    hd_arena arena = owned->arena;
    hd_free(owned);
    hd_arena_release(&arena);
}
