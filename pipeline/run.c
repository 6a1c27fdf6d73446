#include "pipeline/run.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/progress.h"
#include "pipeline/analyse/train.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/config/key.h"
#include "pipeline/io/file.h"
#include "pipeline/lock.h"
#include "pipeline/manifest.h"

enum { N_STAGES = 9 };

typedef hd_status stage_call(hd_ctx *ctx, hd_run *run);

static hd_status extract(hd_ctx *ctx, hd_run *r)
{
    return hd_extract_run(ctx, r->ruleset, r->key, &r->extract);
}

static hd_status standardise(hd_ctx *ctx, hd_run *r)
{
    return hd_standardise_run(ctx, r->ruleset, &r->extract, &r->mentions);
}

static hd_status block(hd_ctx *ctx, hd_run *r)
{
    hd_computed_set computed; /* what keys and comparisons are made of, once for both */
    hd_computed_init(&computed, &r->mentions);
    hd_status status = hd_block_run(ctx, r->ruleset, &computed, &r->blocks);
    if (status == HD_OK)
        status = hd_plan_make(ctx, r->ruleset, &computed, &r->plan);
    hd_computed_release(&computed);
    return status;
}

static hd_status match(hd_ctx *ctx, hd_run *r)
{
    return hd_match_run(ctx, &r->plan, r->model, &r->blocks, &r->edges);
}

static hd_status cluster(hd_ctx *ctx, hd_run *r)
{
    return hd_cluster_run(ctx, &r->plan, r->model, &r->edges, &r->clusters);
}

static hd_status reconcile(hd_ctx *ctx, hd_run *r)
{
    HD_TRY(hd_previous_read(ctx, r->store, &r->previous));
    return hd_reconcile_run(ctx, r->ruleset, r->model, &r->mentions, &r->clusters, r->key,
                            &r->previous, &r->persons);
}

static hd_status check(hd_ctx *ctx, hd_run *r)
{
    return hd_check_run(ctx, r->ruleset, &r->mentions, &r->clusters, &r->persons, r->key,
                        r->options.as_of, &r->discrepancies);
}

static hd_status report(hd_ctx *ctx, hd_run *r)
{
    if (r->options.dry_run || !r->folder)
        return HD_OK;
    HD_TRY(hd_folder_make(ctx, r->folder, 0700));
    return hd_report_run(ctx, &r->outcome, r->folder);
}

/* `current` names the last run that was published: made beside and renamed over it. */
static hd_status set_current(hd_ctx *ctx, hd_run *r)
{
    const char *runs = hd_ruleset_path(&r->arena, r->ruleset, r->ruleset->runs_folder).ptr;
    const char *temporary = hd_arena_printf(&r->arena, "%s/.current.%ld", runs, (long)getpid()).ptr;
    const char *current = hd_arena_printf(&r->arena, "%s/current", runs).ptr;
    unlink(temporary);
    if (symlink(r->outcome.run_id.ptr, temporary) != 0 || rename(temporary, current) != 0)
        return HD_FAIL(ctx, errno == ENOSPC ? HD_SPACE : HD_STORE, "cannot set %s: %s", current,
                       strerror(errno));
    return HD_OK;
}

/* The manifest is there before the tables say so: then a kill leaves at most `current` behind. */
static hd_status write_manifest(hd_ctx *ctx, const hd_change_counts *counts, void *arg)
{
    hd_run *r = arg;
    return hd_manifest_write(ctx, &r->outcome, counts, r->folder);
}

static hd_status publish(hd_ctx *ctx, hd_run *r)
{
    const hd_publish_hook manifest = {write_manifest, r};
    if (!r->options.dry_run && r->folder) {
        HD_TRY(hd_publish_run(ctx, r->store, &r->outcome, &manifest, &r->published));
        HD_TRY(set_current(ctx, r));
    }
    return r->options.csv ? hd_publish_csv(ctx, r->store, &r->outcome, r->options.csv) : HD_OK;
}

/* ---- around the stages ---- */

static hd_status stage(hd_ctx *ctx, hd_run *r, const char *name, stage_call *call)
{
    hd_outcome *o = &r->outcome;
    char key[64], label[96];
    snprintf(key, sizeof key, "stage.%s", name);
    hd_str text = hd_text_of(r->ruleset->catalogue, key);
    snprintf(label, sizeof label, "%.*s", HD_ARG(text));
    hd_progress_stage(ctx, o->n_stages + 1, r->n_stages, label);
    double begin = hd_clock_seconds();
    HD_TRY_DOING(ctx, call(ctx, r), "stage %s", name);
    o->stage[o->n_stages++] =
        (struct hd_stage_time){name, hd_clock_seconds() - begin, hd_mem_peak_bytes()};
    hd_progress_done(ctx, o->stage[o->n_stages - 1].seconds, "");
    return HD_OK;
}

/* What the gate stopped at must be seen: the rejected rows are kept although nothing is published.
 */
static hd_status stop_at_gate(hd_ctx *ctx, hd_run *r, const hd_gate_breach *breach)
{
    hd_str source = r->ruleset->sources[breach->source].code;
    if (breach->kind == HD_GATE_FEWER) {
        hd_hint(ctx, "see whether the source is whole; if so, raise gates.fewer_rows for this run");
        return HD_FAIL(ctx, HD_GATE,
                       "source %.*s: %llu of the %llu rows of the last run are gone, more than "
                       "gates.fewer_rows.stop %g",
                       HD_ARG(source), (unsigned long long)breach->n,
                       (unsigned long long)breach->of, breach->limit);
    }
    if (r->folder && !r->options.dry_run) {
        HD_TRY(hd_folder_make(ctx, r->folder, 0700));
        HD_TRY(hd_report_rejects(ctx, &r->outcome, r->folder));
        hd_hint(ctx, "%s/reject.csv holds the rows and the reasons", r->folder);
    }
    return HD_FAIL(ctx, HD_GATE,
                   "source %.*s: %llu of %llu rows were rejected, more than "
                   "gates.rejected_share.stop %g",
                   HD_ARG(source), (unsigned long long)breach->n, (unsigned long long)breach->of,
                   breach->limit);
}

static hd_status read_last_rows(hd_ctx *ctx, hd_run *r, hd_gates *gates)
{
    hd_str current;
    hd_stored_source *last;
    HD_TRY(hd_store_current(ctx, r->store, &r->arena, &current));
    if (!current.ptr)
        return HD_OK;
    HD_TRY(hd_store_run_sources(ctx, r->store, current, &r->arena, &last, &gates->n_last));
    gates->last = last;
    return HD_OK;
}

/* What the configuration does not allow stops the run before anything follows from it. */
static hd_status check_gates(hd_ctx *ctx, hd_run *r)
{
    hd_gate_breach breach = {.source = UINT32_MAX};
    r->gates = (hd_gates){.ruleset = r->ruleset, .extract = &r->extract};
    if (r->store) {
        HD_TRY(hd_store_read_begin(ctx, r->store));
        hd_status status = read_last_rows(ctx, r, &r->gates);
        hd_store_read_end(r->store);
        HD_TRY(status);
    }
    return hd_gates_next(&r->gates, true, &breach) ? stop_at_gate(ctx, r, &breach) : HD_OK;
}

const char *hd_run_model_path(hd_run *run)
{
    if (run->options.model)
        return run->options.model;
    hd_str path = run->ruleset->model_path.ptr ? run->ruleset->model_path : HD_STR("model.json");
    return hd_ruleset_path(&run->arena, run->ruleset, path).ptr;
}

static bool has_model(hd_run *r)
{
    return access(hd_run_model_path(r), F_OK) == 0;
}

static hd_status train(hd_ctx *ctx, hd_run *r)
{
    r->outcome.model_trained = true;
    return hd_train_run(ctx, &r->plan, &r->blocks, &r->model);
}

/* What later runs use is the text of a model: so does the run that made it. */
static hd_status keep_model(hd_ctx *ctx, hd_run *r)
{
    r->model_written = hd_run_model_path(r);
    HD_TRY(hd_model_save(ctx, r->model_written, r->ruleset, r->model));
    hd_model_free(r->model);
    r->model = NULL;
    return hd_model_load(ctx, r->model_written, r->ruleset, &r->model);
}

/* The model of the configuration; where there is none yet, one is trained, and kept by a run that
 * publishes. */
static hd_status get_model(hd_ctx *ctx, hd_run *r, hd_run_end end)
{
    if (has_model(r)) {
        HD_TRY(hd_model_load(ctx, hd_run_model_path(r), r->ruleset, &r->model));
    } else {
        HD_TRY(stage(ctx, r, "train", train));
        if (end == HD_RUN_TO_PUBLISH && !r->options.dry_run)
            HD_TRY(keep_model(ctx, r));
    }
    r->outcome.model = r->model;
    return HD_OK;
}

/* Before any work, so that a store that is not there, or in use, costs no night. */
static hd_status open_store(hd_ctx *ctx, hd_run *r)
{
    bool publishes = r->folder && !r->options.dry_run;
    if (publishes) {
        const char *runs = hd_ruleset_path(&r->arena, r->ruleset, r->ruleset->runs_folder).ptr;
        HD_TRY(hd_runs_lock(ctx, runs, &r->lock_fd));
    }
    return hd_store_open(ctx, r->ruleset, publishes ? HD_STORE_WRITE : HD_STORE_READ, &r->store);
}

/* A name that no other run has: the time it started and a few random digits. */
static hd_str new_run_id(hd_arena *arena)
{
    char when[32];
    struct tm tm;
    time_t now = time(NULL);
    gmtime_r(&now, &tm);
    strftime(when, sizeof when, "%Y%m%dT%H%M%S", &tm);
    return hd_arena_printf(arena, "%s-%06x", when, randombytes_uniform(1 << 24));
}

static void describe(hd_run *r)
{
    hd_outcome *o = &r->outcome;
    o->ruleset = r->ruleset;
    o->extract = &r->extract;
    o->mentions = &r->mentions;
    o->plan = &r->plan;
    o->blocks = &r->blocks;
    o->edges = &r->edges;
    o->clusters = &r->clusters;
    o->persons = &r->persons;
    o->discrepancies = &r->discrepancies;
    o->as_of = r->options.as_of;
    o->run_id = new_run_id(&r->arena);
    if (r->ruleset->has_store) {
        hd_str runs = hd_ruleset_path(&r->arena, r->ruleset, r->ruleset->runs_folder);
        r->folder = hd_arena_printf(&r->arena, "%s/%s", runs.ptr, o->run_id.ptr).ptr;
    }
}

static hd_status run_stages(hd_ctx *ctx, hd_run *r, hd_run_end end)
{
    HD_TRY(stage(ctx, r, "extract", extract));
    HD_TRY(check_gates(ctx, r));
    HD_TRY(stage(ctx, r, "standardise", standardise));
    HD_TRY(stage(ctx, r, "block", block));
    if (end == HD_RUN_TO_PLAN)
        return HD_OK;
    HD_TRY(get_model(ctx, r, end));
    HD_TRY(stage(ctx, r, "match", match));
    HD_TRY(stage(ctx, r, "cluster", cluster));
    if (end == HD_RUN_TO_CLUSTER)
        return HD_OK;
    HD_TRY(stage(ctx, r, "reconcile", reconcile));
    HD_TRY(stage(ctx, r, "check", check));
    HD_TRY(stage(ctx, r, "report", report));
    return stage(ctx, r, "publish", publish);
}

hd_status hd_run_start(hd_ctx *ctx, const hd_run_options *options, hd_run_end end, hd_run *run)
{
    *run = (hd_run){.options = *options, .lock_fd = -1};
    HD_TRY(hd_ruleset_load(ctx, options->config, options->rules_dir, &run->ruleset));
    HD_TRY(hd_site_key(ctx, run->ruleset, run->key));
    describe(run);
    run->n_stages = N_STAGES + !has_model(run);
    if (end == HD_RUN_TO_PUBLISH)
        HD_TRY(open_store(ctx, run));
    return run_stages(ctx, run, end);
}

void hd_run_release(hd_run *run)
{
    hd_discrepancies_release(&run->discrepancies);
    hd_persons_release(&run->persons);
    hd_previous_release(&run->previous);
    hd_store_close(run->store);
    hd_clusters_release(&run->clusters);
    hd_edges_release(&run->edges);
    hd_model_free(run->model);
    hd_plan_release(&run->plan);
    hd_blocks_release(&run->blocks);
    hd_mentions_release(&run->mentions);
    hd_extract_release(&run->extract);
    hd_ruleset_free(run->ruleset);
    if (run->lock_fd >= 0)
        close(run->lock_fd);
    hd_arena_release(&run->arena);
}
