#include <stdio.h>

#include "ops/cli/json.h"
#include "ops/cli/past.h"
#include "ops/cli/words.h"
#include "pipeline/lock.h"

static const char *config = "hedui.yaml";
static bool json;

typedef struct view {
    cli_past past;
    const hd_stored_run *run; /* the current one; NULL: none was published yet */
    hd_stored_source *sources;
    uint32_t n_sources;
    bool running;
} view;

static hd_status look(hd_ctx *ctx, view *v)
{
    hd_stored_run *runs;
    uint32_t n;
    HD_TRY(cli_past_configure(ctx, config, &v->past));
    HD_TRY(cli_past_open(ctx, HD_STORE_READ, &v->past));
    v->running = hd_runs_locked(v->past.runs);
    HD_TRY(cli_past_runs(ctx, &v->past, &runs, &n));
    for (uint32_t i = 0; i < n; i++)
        v->run = runs[i].current ? &runs[i] : v->run;
    if (!v->run)
        return HD_OK;
    HD_TRY(hd_store_read_begin(ctx, v->past.store));
    hd_status status = hd_store_run_sources(ctx, v->past.store, v->run->id, &v->past.arena,
                                            &v->sources, &v->n_sources);
    hd_store_read_end(v->past.store);
    return status;
}

/* ---- for programs ---- */

static json_t *describe_sources(const view *v)
{
    json_t *out = json_array();
    for (uint32_t i = 0; i < v->n_sources; i++) {
        const hd_stored_source *s = &v->sources[i];
        json_t *source = json_object();
        json_object_set_new(source, "source", cli_json_text(s->source));
        json_object_set_new(source, "rows_read", cli_json_count(s->rows_read));
        json_object_set_new(source, "rows_linked", cli_json_count(s->rows_linked));
        json_object_set_new(source, "rows_rejected", cli_json_count(s->rows_rejected));
        json_object_set_new(source, "rows_filtered", cli_json_count(s->rows_filtered));
        json_object_set_new(source, "mentions", cli_json_count(s->mentions));
        json_object_set_new(source, "snapshot_time", cli_json_text(s->snapshot));
        json_array_append_new(out, source);
    }
    return out;
}

static void print_json(const view *v)
{
    json_t *out = json_object();
    json_object_set_new(out, "running", json_boolean(v->running));
    json_object_set_new(out, "run", v->run ? cli_json_text(v->run->id) : json_null());
    if (v->run) {
        json_t *counts = json_loadb(v->run->counts.ptr, v->run->counts.len_bytes, 0, NULL);
        json_object_set_new(out, "as_of", cli_json_text(v->run->as_of));
        json_object_set_new(out, "counts", counts ? counts : json_null());
        json_object_set_new(out, "inserted", cli_json_count(v->run->changes.inserted));
        json_object_set_new(out, "updated", cli_json_count(v->run->changes.updated));
        json_object_set_new(out, "deleted", cli_json_count(v->run->changes.deleted));
        json_object_set_new(out, "sources", describe_sources(v));
    }
    cli_json_print(out, 17);
}

/* ---- for people ---- */

static void print_run(const hd_catalogue *texts, const hd_stored_run *run)
{
    const struct {
        const char *key;
        uint64_t count;
    } rows[] = {
        {"summary.persons", cli_past_count(run, "persons")},
        {"summary.discrepancies", cli_past_count(run, "discrepancies")},
        {"summary.reviews", cli_past_count(run, "reviews")},
        {"runs.inserted", run->changes.inserted},
        {"runs.updated", run->changes.updated},
        {"runs.deleted", run->changes.deleted},
    };
    cli_table table = {.n_columns = 2};
    cli_cell(&table, hd_text_of(texts, "runs.run"));
    cli_cell(&table, run->id);
    cli_cell(&table, hd_text_of(texts, "runs.as_of"));
    cli_cell(&table, run->as_of);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cli_cell(&table, hd_text_of(texts, rows[i].key));
        cli_count(&table, rows[i].count);
    }
    cli_table_print(&table, stdout);
}

static void print_sources(const hd_catalogue *texts, const view *v)
{
    static const char *const head[] = {"summary.source",   "summary.rows_read", "summary.linked",
                                       "summary.rejected", "summary.filtered",  "summary.mentions",
                                       "runs.snapshot"};
    cli_table table = {.n_columns = sizeof head / sizeof *head};
    cli_head(&table, texts, head);
    for (uint32_t i = 0; i < v->n_sources; i++) {
        const hd_stored_source *s = &v->sources[i];
        const uint64_t counts[] = {s->rows_read, s->rows_linked, s->rows_rejected, s->rows_filtered,
                                   s->mentions};
        cli_cell(&table, s->source);
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
            cli_count(&table, counts[k]);
        cli_cell(&table, s->snapshot.ptr ? s->snapshot : HD_STR("–"));
    }
    printf("\n");
    cli_table_print(&table, stdout);
}

static void print_text(const view *v)
{
    const hd_catalogue *texts = v->past.ruleset->catalogue;
    if (v->running) {
        cli_say(texts, "runs.running", NULL);
        printf("\n");
    }
    if (!v->run) {
        cli_say(texts, "runs.none", NULL);
        return;
    }
    print_run(texts, v->run);
    print_sources(texts, v);
}

static hd_status show_status(hd_ctx *ctx)
{
    view v = {0};
    hd_status status = look(ctx, &v);
    if (status == HD_OK)
        (json ? print_json : print_text)(&v);
    cli_past_close(&v.past);
    return status;
}

const cli_command cli_status = {
    .name = "status",
    .purpose = "the last run, what it read, and whether one is going on",
    .arguments = "[--config FILE] [--json]",
    .summary = "Show the run as whose work the tables stand, and whether a run is going on now.",
    .options =
        {
            CLI_CONFIG(config),
            {"json", NULL, "for programs", NULL, &json},
        },
    .run = show_status,
};
