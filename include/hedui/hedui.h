#ifndef HEDUI_HEDUI_H
#define HEDUI_HEDUI_H

/* hedui in a program of one's own: check a configuration, run the pipeline. docs/embedding.md tells
 * how to link it, tests/install/example.c is a whole program.
 *
 * Errors     Status and chain, as hedui/status.h says. hd_ctx_init first; hd_ctx_clear before a
 *            context that holds a failure is used again.
 * Process    Nothing is printed but progress, on stderr (ctx.quiet: nothing at all); no signal,
 *            locale or other setting of the process is touched. Two things end the process with
 *            _exit, so that no atexit handler runs: memory that cannot be had (exit 4) and a bug
 *            (exit 70). Publishing is one transaction: what was published before them stands.
 * Threads    Any thread may call, with a context of its own; a run starts ctx.n_threads threads and
 *            has ended them when it returns. One process runs one job at a time.
 * Ownership  What is passed in is read during the call and not kept. */

#include "hedui/county.h"
#include "hedui/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of the library that is loaded: "0.1.0". Static storage. */
HD_API const char *hd_version(void);

/* What to run, and how. What is zero or NULL has the meaning that is said here. */
typedef struct hd_job {
    const char *config;    /* path of hedui.yaml; needed */
    const char *rules_dir; /* the rules that come with hedui; NULL: $HEDUI_RULES, else those that
                              are installed with the library */
    const char *csv;       /* folder that gets the tables as CSV too; NULL: none */
    int32_t as_of;         /* yyyymmdd, the run's only date: no clock is read; needed to run */
    bool dry_run;          /* publish nothing, keep no trained model */
    bool
        fresh; /* do all of it, even where a run that was lost could be continued, or one is done */
} hd_job;

/* The configuration, and the rules with their examples; no data is read, as_of is not looked at.
 * HD_CONFIG where something is wrong, with file, line and column; of examples that do not hold, the
 * first. */
HD_API hd_status hd_job_check(hd_ctx *ctx, const hd_job *job);

/* n_rows_read = n_linked + n_rejected + n_filtered */
typedef struct hd_source_counts {
    const char *source; /* its code in the configuration */
    uint64_t n_rows_read;
    uint64_t n_linked; /* rows that became records */
    uint64_t n_rejected;
    uint64_t n_filtered; /* by the configuration's own filter */
    uint64_t n_mentions; /* persons' appearances in the records: what was linked */
} hd_source_counts;

/* What a run read and found. */
typedef struct hd_summary {
    const char *run_id;
    bool done; /* by run_id, an earlier run for the same day, and nothing has changed since: this
                  one ended after reading, and of the counts below only rows are known */
    const char *folder;        /* of report.html and manifest.json; NULL: nothing was published */
    const char *model_trained; /* the model that this run trained and kept; NULL: it had one */
    const hd_source_counts *sources; /* [n_sources], by code */
    uint32_t n_sources;
    uint64_t n_pairs;         /* of mentions that were compared */
    uint64_t n_persons;       /* that the mentions turned out to be */
    uint64_t n_relations;     /* between persons, with the record that says so */
    uint64_t n_reviews;       /* pairs for a person to look at */
    uint64_t n_discrepancies; /* for the units to correct */
} hd_summary;

/* The whole pipeline, as `hedui run`. `*out` is the caller's, to give to hd_summary_free; NULL on
 * failure, and then nothing was published.
 * Fails  HD_USAGE for a job without config or as_of; HD_CONFIG; HD_GATE where more rows were
 *        rejected than the configuration allows; HD_SOURCE, HD_STORE, HD_SPACE for files and
 *        stores; HD_LOCKED where this process runs a job, or another one runs on the same store.
 * Cost   as `hedui run`: about 50 s and 2 GB for a county of a million persons (bench/README.md).
 */
HD_API hd_status hd_job_run(hd_ctx *ctx, const hd_job *job, hd_summary **out);
HD_API void hd_summary_free(hd_summary *summary); /* NULL: nothing to do */

#ifdef __cplusplus
}
#endif

#endif
