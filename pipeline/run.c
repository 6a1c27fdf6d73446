#include "pipeline/run.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/config/key.h"
#include "pipeline/current.h"
#include "pipeline/done.h"
#include "pipeline/io/file.h"
#include "pipeline/lock.h"
#include "pipeline/manifest.h"
#include "pipeline/rounds.h"

/* A run that publishes keeps what it read, which is a stage more. One that is continued takes what
 * was kept, in place of reading, standardising and keeping. */
enum { N_STAGES = 9, N_KEEP = 1, N_READ = 3, N_CONTINUE = 1 };

typedef hd_status stage_call(hd_ctx *ctx, hd_run *run);

static hd_status extract(hd_ctx *ctx, hd_run *r)
{
    return hd_extract_run(ctx, r->ruleset, r->key, &r->extract);
}

static hd_status standardise(hd_ctx *ctx, hd_run *r)
{
    return hd_standardise_run(ctx, r->ruleset, &r->extract, &r->mentions);
}

static const char *artefact_path(hd_run *r)
{
    return hd_arena_printf(&r->arena, "%s/" HD_ARTEFACT_NAME, r->folder).ptr;
}

/* From here on the run can be lost and the next one need not read again. */
static hd_status keep(hd_ctx *ctx, hd_run *r)
{
    hd_artefact_about about = {.run_id = r->outcome.run_id,
                               .ruleset_hash = hd_str_from(r->ruleset->hash),
                               .key_mark = hd_str_from(r->outcome.key_mark),
                               .as_of = r->options.as_of,
                               .read_at = r->begun_at};
    HD_TRY(hd_folder_make(ctx, r->folder, 0700));
    hd_status status = hd_artefact_write(ctx, artefact_path(r), &about, r->ruleset, &r->extract);
    if (status != HD_OK)
        rmdir(r->folder); /* nothing is in it: no run is left half there */
    return status;
}

static hd_status continue_run(hd_ctx *ctx, hd_run *r)
{
    HD_TRY(hd_artefact_load(ctx, r->unfinished.artefact, r->ruleset, &r->extract));
    hd_status status = hd_mentions_make(ctx, r->ruleset, &r->extract, &r->mentions);
    if (status != HD_OK)
        hd_extract_release(&r->extract);
    return status;
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

/* What is asked of people: of the last round alone. */
static hd_status review(hd_ctx *ctx, hd_run *r)
{
    return hd_review_run(ctx, &r->plan, r->model, &r->given, &r->clusters);
}

static hd_status cluster(hd_ctx *ctx, hd_run *r)
{
    HD_TRY(hd_cluster_run(ctx, &r->plan, r->model, &r->edges, &r->given, &r->clusters));
    return r->ruleset->rounds > 1 ? HD_OK : review(ctx, r);
}

static hd_rounds rounds_of(hd_run *r)
{
    return (hd_rounds){r->ruleset, &r->mentions, &r->plan,    &r->blocks,
                       &r->given,  &r->edges,    &r->clusters};
}

static hd_status relate(hd_ctx *ctx, hd_run *r)
{
    hd_rounds rounds = rounds_of(r);
    HD_TRY(hd_rounds_run(ctx, &rounds, r->model));
    return review(ctx, r);
}

static hd_status reconcile(hd_ctx *ctx, hd_run *r)
{
    HD_TRY(hd_previous_read(ctx, r->store, &r->mentions, &r->previous));
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
    if (!r->publishes && !r->options.csv)
        return HD_OK;
    hd_profile_list(r->ruleset, &r->extract, &r->profile);
    HD_TRY(hd_profile_count(ctx, &r->extract, &r->profile));
    return r->publishes ? hd_report_run(ctx, &r->outcome, r->folder) : HD_OK;
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
    if (r->publishes) {
        HD_TRY(hd_publish_run(ctx, r->store, &r->outcome, &manifest, &r->published));
        HD_TRY(hd_current_set(ctx, r->runs, r->outcome.run_id));
        HD_TRY(hd_file_remove(ctx, artefact_path(r)));
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
    o->stage[o->n_stages++] = (struct hd_stage_time){
        .stage = name,
        .seconds = hd_clock_seconds() - begin,
        .peak_bytes = hd_mem_peak_bytes(),
        .mapped_bytes = hd_mem_peak_mapped_bytes(),
        .text_bytes = hd_values_bytes(&r->extract.values) + hd_pool_bytes(r->ruleset->texts)};
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

static hd_status read_last_rows(hd_ctx *ctx, hd_store *store, void *arg)
{
    hd_run *r = arg;
    hd_str current;
    hd_stored_source *last;
    HD_TRY(hd_store_current(ctx, store, &r->arena, &current));
    if (!current.ptr)
        return HD_OK;
    HD_TRY(hd_store_run_sources(ctx, store, current, &r->arena, &last, &r->gates.n_last));
    r->gates.last = last;
    return HD_OK;
}

/* What the configuration does not allow stops the run before anything follows from it. */
static hd_status check_gates(hd_ctx *ctx, hd_run *r)
{
    hd_gate_breach breach = {.source = UINT32_MAX};
    r->gates = (hd_gates){.ruleset = r->ruleset, .extract = &r->extract};
    if (r->store)
        HD_TRY(hd_store_read(ctx, r->store, read_last_rows, r));
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
    hd_rounds rounds = rounds_of(r);
    r->outcome.model_trained = true;
    return hd_rounds_train(ctx, &rounds, NULL, NULL, &r->model);
}

hd_status hd_run_train(hd_ctx *ctx, hd_run *run, const struct hd_known_matches *known,
                       struct hd_training *training, hd_model **out)
{
    hd_rounds rounds = rounds_of(run);
    return hd_rounds_train(ctx, &rounds, known, training, out);
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

/* Before the sources are read, so that a model that cannot be used costs no night. */
static hd_status read_model(hd_ctx *ctx, hd_run *r)
{
    if (!has_model(r))
        return HD_OK;
    HD_TRY(hd_model_load(ctx, hd_run_model_path(r), r->ruleset, &r->model));
    r->outcome.model = r->model;
    return HD_OK;
}

/* Where there is no model yet, one is trained, and kept by a run that publishes. */
static hd_status get_model(hd_ctx *ctx, hd_run *r, hd_run_end end)
{
    if (r->model)
        return HD_OK;
    HD_TRY(stage(ctx, r, "train", train));
    if (end == HD_RUN_TO_PUBLISH && !r->options.dry_run)
        HD_TRY(keep_model(ctx, r));
    r->outcome.model = r->model;
    return HD_OK;
}

/* Before any work, so that a store that is not there, or in use, costs no night. */
static hd_status open_store(hd_ctx *ctx, hd_run *r)
{
    if (r->publishes)
        HD_TRY(hd_runs_lock(ctx, r->runs, &r->lock_fd));
    return hd_store_open(ctx, r->ruleset, r->publishes ? HD_STORE_WRITE : HD_STORE_READ, &r->store);
}

/* A name that no other run has: the time it started and a few random digits. */
static hd_str new_run_id(hd_run *r)
{
    char when[32];
    struct tm tm;
    time_t now = (time_t)r->begun_at;
    gmtime_r(&now, &tm);
    strftime(when, sizeof when, "%Y%m%dT%H%M%S", &tm);
    return hd_arena_printf(&r->arena, "%s-%06x", when, randombytes_uniform(1 << 24));
}

static void name_run(hd_run *r, hd_str run_id)
{
    r->outcome.run_id = run_id;
    if (r->runs)
        r->folder = hd_arena_printf(&r->arena, "%s/%s", r->runs, run_id.ptr).ptr;
}

static void describe(hd_run *r, hd_run_end end)
{
    hd_outcome *o = &r->outcome;
    o->ruleset = r->ruleset;
    o->extract = &r->extract;
    o->profile = &r->profile;
    o->mentions = &r->mentions;
    o->plan = &r->plan;
    o->blocks = &r->blocks;
    o->edges = &r->edges;
    o->clusters = &r->clusters;
    o->persons = &r->persons;
    o->discrepancies = &r->discrepancies;
    o->previous = &r->previous;
    o->gates = &r->gates;
    o->as_of = r->options.as_of;
    if (r->ruleset->has_store)
        r->runs = hd_ruleset_path(&r->arena, r->ruleset, r->ruleset->runs_folder).ptr;
    r->publishes = r->runs && end == HD_RUN_TO_PUBLISH && !r->options.dry_run;
    hd_artefact_key_mark(r->key, o->key_mark);
    r->begun_at = time(NULL);
    name_run(r, new_run_id(r));
    r->n_stages = N_STAGES + !has_model(r) + (r->ruleset->rounds > 1) + (r->publishes ? N_KEEP : 0);
}

/* ---- the run before ---- */

static void tell(hd_ctx *ctx, hd_run *r)
{
    hd_buf_clear(&r->note);
    hd_unfinished_tell(&r->note, r->ruleset->catalogue, &r->unfinished);
    if (r->note.len_bytes)
        hd_progress_note(ctx, r->note.ptr);
}

/* `current` as the store says, then what a run left that the store does not know. */
static hd_status look_back(hd_ctx *ctx, hd_run *r)
{
    hd_unfinished_for begins = {.ruleset = r->ruleset,
                                .key = r->key,
                                .runs = r->runs,
                                .as_of = r->options.as_of,
                                .now = r->begun_at,
                                .fresh = r->options.fresh};
    HD_TRY(hd_store_read_begin(ctx, r->store));
    hd_status status = hd_store_runs(ctx, r->store, &r->arena, &begins.stored, &begins.n_stored);
    hd_store_read_end(r->store);
    HD_TRY(status);
    for (uint32_t i = 0; i < begins.n_stored; i++) {
        if (!begins.stored[i].current)
            continue;
        r->last = &begins.stored[i];
        HD_TRY(hd_current_repair(ctx, r->runs, r->last->id));
    }
    HD_TRY(hd_unfinished_find(ctx, &begins, &r->unfinished));
    if (r->unfinished.artefact) {
        name_run(r, r->unfinished.run_id);
        r->n_stages += N_CONTINUE - N_READ;
    } else {
        tell(ctx, r);
    }
    return HD_OK;
}

/* What was kept and turns out to be damaged costs no more than reading the sources. */
static hd_status read_after_all(hd_ctx *ctx, hd_run *r)
{
    hd_ctx_clear(ctx);
    HD_TRY(hd_unfinished_refuse(ctx, &r->unfinished, HD_REFUSED_damaged));
    name_run(r, new_run_id(r));
    r->n_stages += N_READ - N_CONTINUE;
    tell(ctx, r);
    return HD_OK;
}

/* Nothing is left to do: what the last run made stands. */
static void rest_on_last(hd_run *r)
{
    hd_str as_of = r->last->as_of;
    r->done = true;
    name_run(r, r->last->id);
    hd_buf_clear(&r->note);
    hd_text_fill(&r->note, r->ruleset->catalogue, "done", "run", r->last->id.ptr, "as_of",
                 as_of.ptr, NULL);
}

/* ---- */

static hd_status get_mentions(hd_ctx *ctx, hd_run *r)
{
    if (r->unfinished.artefact) {
        if (stage(ctx, r, "continue", continue_run) == HD_OK) {
            tell(ctx, r);
            return check_gates(ctx, r); /* as it was then: for what they warn of */
        }
        HD_TRY(read_after_all(ctx, r));
    }
    HD_TRY(stage(ctx, r, "extract", extract));
    HD_TRY(check_gates(ctx, r));
    if (r->publishes && !r->options.fresh && !r->options.csv &&
        hd_done_already(&r->outcome, r->last, r->runs)) {
        rest_on_last(r);
        return HD_OK;
    }
    HD_TRY(stage(ctx, r, "standardise", standardise));
    return r->publishes ? stage(ctx, r, "keep", keep) : HD_OK;
}

static const char *pairs_path(hd_run *r)
{
    hd_str path = r->ruleset->pairs_path;
    return path.ptr ? hd_ruleset_path(&r->arena, r->ruleset, path).ptr : NULL;
}

static hd_status sum_pairs(hd_ctx *ctx, hd_run *r)
{
    const char *path = pairs_path(r);
    return path ? hd_file_sha256(ctx, path, r->outcome.pairs_checksum) : HD_OK;
}

/* What was said about pairs must be right before work starts. */
static hd_status read_pairs(hd_ctx *ctx, hd_run *r)
{
    HD_TRY_DOING(ctx, hd_given_read(ctx, &r->mentions, r->key, pairs_path(r), &r->given),
                 "reading what is said about pairs");
    return HD_OK;
}

static hd_status run_stages(hd_ctx *ctx, hd_run *r, hd_run_end end)
{
    HD_TRY(get_mentions(ctx, r));
    if (r->done)
        return HD_OK;
    if (r->options.ready)
        HD_TRY(r->options.ready(ctx, r, r->options.ready_arg));
    HD_TRY(read_pairs(ctx, r));
    HD_TRY(stage(ctx, r, "block", block));
    if (end == HD_RUN_TO_PLAN)
        return HD_OK;
    HD_TRY(hd_blocks_check(ctx, r->ruleset, &r->blocks));
    HD_TRY(get_model(ctx, r, end));
    HD_TRY(stage(ctx, r, "match", match));
    HD_TRY(stage(ctx, r, "cluster", cluster));
    if (r->ruleset->rounds > 1)
        HD_TRY(stage(ctx, r, "relate", relate));
    if (end == HD_RUN_TO_CLUSTER)
        return HD_OK;
    HD_TRY(stage(ctx, r, "reconcile", reconcile));
    HD_TRY(stage(ctx, r, "check", check));
    HD_TRY(stage(ctx, r, "report", report));
    return stage(ctx, r, "publish", publish);
}

hd_status hd_run_start(hd_ctx *ctx, const hd_run_options *options, hd_run_end end, hd_run *run)
{
    *run = (hd_run){.options = *options, .lock_fd = -1, .n_threads = ctx->n_threads};
    HD_TRY(hd_ruleset_load(ctx, options->config, options->rules_dir, &run->ruleset));
    HD_TRY(hd_site_key(ctx, run->ruleset, run->key));
    describe(run, end);
    if (end == HD_RUN_TO_PUBLISH)
        HD_TRY(open_store(ctx, run));
    if (run->publishes)
        HD_TRY(look_back(ctx, run));
    if (end != HD_RUN_TO_PLAN)
        HD_TRY(read_model(ctx, run));
    HD_TRY_DOING(ctx, sum_pairs(ctx, run), "reading what is said about pairs");
    return run_stages(ctx, run, end);
}

static void release_linked(hd_run *run)
{
    hd_clusters_release(&run->clusters);
    hd_edges_release(&run->edges);
    hd_plan_release(&run->plan);
}

static void release_results(hd_run *run)
{
    hd_discrepancies_release(&run->discrepancies);
    hd_persons_release(&run->persons);
    hd_previous_release(&run->previous);
    hd_profile_release(&run->profile);
}

static hd_status release_part(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    hd_run *run = arg;
    switch (task) {
    case 0:
        hd_mentions_release(&run->mentions);
        break;
    case 1:
        hd_blocks_release(&run->blocks);
        break;
    case 2:
        hd_extract_release(&run->extract);
        break;
    case 3:
        release_linked(run);
        break;
    default:
        release_results(run);
    }
    return HD_OK;
}

/* The system takes most of a second to take gigabytes back. */
static void release_large(hd_run *run)
{
    enum { N_PARTS = 5 };
    hd_ctx ctx;
    hd_ctx_init(&ctx, run->n_threads);
    (void)hd_parallel(&ctx, N_PARTS, release_part, run);
}

void hd_run_release(hd_run *run)
{
    release_large(run);
    hd_store_close(run->store);
    hd_given_release(&run->given);
    hd_model_free(run->model);
    hd_unfinished_release(&run->unfinished);
    hd_buf_release(&run->note);
    hd_ruleset_free(run->ruleset);
    if (run->lock_fd >= 0)
        close(run->lock_fd);
    hd_arena_release(&run->arena);
}
