#ifndef HD_PIPELINE_RUN_H
#define HD_PIPELINE_RUN_H

/* One execution of the pipeline: the stages in order, each timed, and all that they made. */

#include "pipeline/gates.h"
#include "pipeline/stages.h"
#include "pipeline/unfinished.h"

struct hd_run;

typedef struct hd_run_options {
    const char *config;    /* path of hedui.yaml */
    const char *rules_dir; /* NULL: as hd_ruleset_load finds it */
    const char *csv;       /* folder that gets the tables as CSV too; NULL: none */
    const char *model;     /* overrides link.model; NULL: none */
    hd_date as_of;         /* the run's only date */
    bool dry_run;          /* publish nothing */
    bool fresh; /* do all of it: continue no run that was lost, rest on none that is done */
    /* Called once the mentions are there, before any work with them: what was said of them (labels,
     * a truth) is refused here, where it is wrong. NULL: nothing was. */
    hd_status (*ready)(hd_ctx *ctx, struct hd_run *run, void *arg);
    void *ready_arg;
} hd_run_options;

typedef struct hd_run {
    hd_run_options options;
    hd_ruleset *ruleset;
    uint8_t key[32];
    hd_extract extract;
    hd_gates gates; /* what they warn of is the caller's to say */
    hd_mentions mentions;
    hd_profile profile; /* of a run that reports or publishes */
    hd_plan plan;
    hd_blocks blocks;
    hd_model *model;
    hd_given given; /* what link.pairs says */
    hd_edges edges;
    hd_clusters clusters;
    hd_previous previous;
    hd_persons persons;
    hd_discrepancies discrepancies;
    hd_store *store; /* open for the whole run; NULL: none, or a run that ends before it */
    hd_change_counts published;
    hd_outcome outcome;
    const char *runs;         /* folder of all runs; NULL where there is no store */
    const char *folder;       /* runs/ID; NULL where nothing is published */
    bool publishes;           /* to the store, with reports: not a dry run, not without a store */
    hd_unfinished unfinished; /* the run before, where it was not finished */
    hd_stored_run *last;      /* the run as whose work the tables stand; NULL: none is known */
    bool done;                /* by `last`, whose folder `folder` is then: it ended after extract */
    hd_buf note;              /* what that means for this run, for readers; empty: nothing */
    int64_t begun_at;         /* seconds since 1970 */
    unsigned n_stages;        /* of a whole run, training included where there is no model */
    const char *model_written; /* the model that this run trained; NULL: none */
    int lock_fd;
    uint32_t n_threads;
    hd_arena arena;
} hd_run;

typedef enum hd_run_end {
    HD_RUN_TO_PLAN,    /* extract, standardise, block, compile the comparisons */
    HD_RUN_TO_CLUSTER, /* … match, cluster: what explain needs; nothing is written */
    HD_RUN_TO_PUBLISH  /* all */
} hd_run_end;

/* Runs as far as `end`. On failure nothing was published; what had been read is kept, and the next
 * run that publishes goes on from it where it may (pipeline/unfinished.h). Always hd_run_release
 * after. */
hd_status hd_run_start(hd_ctx *ctx, const hd_run_options *options, hd_run_end end, hd_run *run);
void hd_run_release(hd_run *run);
/* A model of a run that went to HD_RUN_TO_PLAN; `known`, `training`: as hd_train_model has them. */
struct hd_known_matches;
struct hd_training;
hd_status hd_run_train(hd_ctx *ctx, hd_run *run, const struct hd_known_matches *known,
                       struct hd_training *training, hd_model **out);

/* Where the model of a run that was started lies: options.model, else link.model, else model.json
 * beside the configuration. Lives as long as the run. */
const char *hd_run_model_path(hd_run *run);

#endif
