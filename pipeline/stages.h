#ifndef HD_PIPELINE_STAGES_H
#define HD_PIPELINE_STAGES_H

/* The nine stages, in the order in which run.c calls them, and what each hands on. A stage reads
 * what came before and returns one noun; none includes another. */

#include "base/arena.h"
#include "base/hash.h"
#include "hedui/status.h"
#include "pipeline/given.h"
#include "pipeline/mention.h"
#include "pipeline/model.h"
#include "pipeline/plan.h"
#include "pipeline/profile.h"
#include "pipeline/store/store.h"

/* ---- extract: sources → records, one snapshot each ---- */
/* `key`: the site's key, for record ids that are personal. On failure `out` is released. */
hd_status hd_extract_run(hd_ctx *ctx, const hd_ruleset *ruleset, const uint8_t key[32],
                         hd_extract *out);
void hd_extract_release(hd_extract *extract);

/* The files that the patterns of the sources match now. HD_SOURCE: a pattern matches none. On
 * failure `out` is released. */
hd_status hd_source_files_list(hd_ctx *ctx, const hd_ruleset *ruleset, hd_source_files *out);
void hd_source_files_release(hd_source_files *files);

/* ---- standardise: records → mentions ---- */
hd_status hd_standardise_run(hd_ctx *ctx, const hd_ruleset *ruleset, hd_extract *extract,
                             hd_mentions *out);
/* The second half of it, where the values have their standard form already. */
hd_status hd_mentions_make(hd_ctx *ctx, const hd_ruleset *ruleset, hd_extract *extract,
                           hd_mentions *out);
void hd_mentions_release(hd_mentions *mentions);

/* ---- block: mentions → blocks ---- */

/* The mentions of one key of a pass that make more pairs than the cap allows. */
typedef struct hd_key_over_cap {
    hd_mention first;
    uint32_t n_mentions;
} hd_key_over_cap;

/* One pass. Blocks hold two mentions or more. Members of a block are in mention order. What becomes
 * of a key is decided by its own mentions alone: other data change nothing. */
typedef struct hd_pass_blocks {
    uint32_t n_blocks;
    uint32_t *start; /* [n_blocks + 1] into member */
    hd_mention *member;
    uint64_t n_pairs;    /* of this pass alone, exact */
    uint64_t n_keyed;    /* mentions that have a key */
    uint32_t largest;    /* members of the largest block */
    uint32_t n_narrowed; /* blocks over the cap that were split by the second key */
    uint32_t n_left_out; /* mentions of these blocks that have no second key: compared with none */
    uint32_t n_refused;  /* of those, still over the cap: not compared, reported */
    uint64_t n_refused_pairs;
    hd_key_over_cap *over; /* narrowed or refused; in no stated order */
    size_t n_over, over_cap;
} hd_pass_blocks;

typedef struct hd_blocks {
    uint32_t n_passes;
    hd_pass_blocks *pass;
    /* [mention * n_passes + pass] number of the block, 1-based, 0: none. A pair belongs to the
     * first pass in which both have the same. */
    uint32_t *block_of;
} hd_blocks;

/* `computed`, of the mentions, gets the keys. */
hd_status hd_block_run(hd_ctx *ctx, const hd_ruleset *ruleset, hd_computed_set *computed,
                       hd_blocks *out);
/* HD_CONFIG where a pass makes more pairs than link.pass_limit_pairs: to be asked before pairs are
 * compared. */
hd_status hd_blocks_check(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_blocks *blocks);
/* Blocks anew by the passes that ask for persons; `computed` is one of its own. */
hd_status hd_block_again(hd_ctx *ctx, const hd_ruleset *ruleset, hd_computed_set *computed,
                         hd_blocks *blocks);
void hd_blocks_release(hd_blocks *blocks);

/* ---- match: blocks → edges ---- */
typedef struct hd_edge {
    hd_mention a, b;       /* a < b */
    int64_t weight : 24;   /* 1/1024 bit */
    uint64_t pattern : 40; /* hd_pattern */
} hd_edge;

enum { HD_EDGE_NONE = -(1 << 23), HD_EDGE_MOST = (1 << 23) - 1 }; /* of no pair: less, more */

/* Weights of more than 8191 bits either way, as no model but a mad one makes, count as so many. */
static inline hd_edge hd_edge_of(hd_mention a, hd_mention b, int32_t weight, hd_pattern pattern)
{
    int32_t most = HD_EDGE_MOST - 1;
    weight = weight > most ? most : weight < -most ? -most : weight;
    return (hd_edge){a, b, weight, pattern};
}

typedef struct hd_edges {
    hd_edge *edge; /* by weight, heaviest first, then a, b; weight >= review threshold */
    size_t n;
    uint64_t n_pairs;                   /* compared, each once */
    uint64_t pass_pairs[HD_PASSES_MAX]; /* of which first made by this pass */
} hd_edges;

hd_status hd_match_run(hd_ctx *ctx, const hd_plan *plan, const hd_model *model,
                       const hd_blocks *blocks, hd_edges *out);
void hd_edges_release(hd_edges *edges);

/* ---- cluster: edges → clusters ---- */

/* A pair that looked like a match but did not join: for stewards. */
enum {
    HD_REVIEW_ONE_RECORD = -1,     /* two mentions of one record */
    HD_REVIEW_BETWEEN = -2,        /* weight between the thresholds */
    HD_REVIEW_AGAINST = -3,        /* the clusters' other pairs speak against it */
    HD_REVIEW_TOO_LARGE = -4,      /* too many mentions for a person, or for a component */
    HD_REVIEW_DUPLICATE_FREE = -5, /* two records of a source that has everybody once */
    HD_REVIEW_TOLD_APART = -6,     /* somebody said that they are two */
    HD_REVIEW_CONTESTED = -7,      /* one of them would as well go with a third */
    HD_REVIEW_BRIDGE = -8,         /* alone held two parts together that speak against each other */
    HD_REVIEW_LAST = HD_REVIEW_BRIDGE
};
const char *hd_review_code(int reason); /* of one of these: one_record, between … */

typedef struct hd_review {
    hd_mention a, b;
    int32_t weight;
    int16_t conflict; /* index into ruleset->conflicts; negative: HD_REVIEW_… */
    uint32_t n_pairs; /* pairs of the same two persons, of which this is the head; 0: of the rest */
    uint64_t value;   /* of an answer: how open the question is, by what hangs on it; 0: nothing */
} hd_review;

typedef struct hd_clusters {
    uint32_t n;
    uint32_t *of;       /* [mention] cluster; clusters are numbered by their smallest mention */
    uint32_t *start;    /* [n + 1] into member */
    hd_mention *member; /* in mention order */
    hd_edge *link; /* [mention] the edge by which it joined; weight HD_EDGE_NONE: none (first) */
    hd_review *review; /* after hd_review_run by value, greatest first; of two persons together */
    size_t n_review, n_review_persons; /* pairs of mentions, and of persons */
    size_t n_asked;    /* of the persons the first, of whom an answer is worth something */
    uint32_t n_alarms; /* clusters larger than the alarm size */
} hd_clusters;

/* `given` (pipeline/given.h): what somebody said about pairs; NULL: nothing. */
hd_status hd_cluster_run(hd_ctx *ctx, const hd_plan *plan, const hd_model *model,
                         const hd_edges *edges, const hd_given *given, hd_clusters *out);
enum { HD_APART_NOT = -100 }; /* nothing keeps two apart */
/* What keeps two mentions apart, whatever their values say: one record, a source that has everybody
 * once, or somebody who said so. One of HD_REVIEW_…, or HD_APART_NOT. */
int hd_pair_apart(const hd_mentions *mentions, const hd_given *given, hd_mention a, hd_mention b);
/* Of the last round's clusters: what of their reviews is asked, and in which order. Cost: up to 256
 * comparisons of two mentions for each two persons. */
hd_status hd_review_run(hd_ctx *ctx, const hd_plan *plan, const hd_model *model,
                        const hd_given *given, hd_clusters *clusters);
void hd_clusters_release(hd_clusters *clusters);

/* ---- reconcile: clusters → persons ---- */

#define HD_NO_PERSON UINT32_MAX

/* What the last published run said, as far as it decides this one. Empty at the first run. */
typedef struct hd_previous_person {
    hd_str id, first_run;
    uint32_t n; /* mentions, those that are no longer there among them */
} hd_previous_person;

typedef struct hd_previous {
    uint32_t *of; /* [mention of this run] person; HD_NO_PERSON: it was not there; NULL: no run */
    hd_previous_person *person; /* in the order of their first mentions */
    uint32_t n_persons;
    size_t n;        /* mentions that the run had */
    hd_str *retired; /* sorted person_ids that must not return */
    size_t n_retired;
    hd_str run; /* as whose work the tables stood; null: none */
    hd_arena arena;
} hd_previous;

typedef struct hd_relation {
    uint32_t person, other_person; /* clusters */
    hd_str relation;               /* spouse, parent, child: other is person's … */
    hd_date start_date, end_date;  /* 0: none */
    hd_mention mention;            /* whose record says so: source and record_id */
} hd_relation;

typedef enum hd_event {
    HD_EVENT_NEW,
    HD_EVENT_MERGED_INTO,
    HD_EVENT_SPLIT_FROM,
    HD_EVENT_RETIRED
} hd_event;
typedef struct hd_history {
    hd_str person_id, other_person_id;
    hd_event event;
} hd_history;

/* Persons are the clusters, in cluster order, as columns. */
typedef struct hd_persons {
    uint32_t n;
    hd_str *person_id;              /* 26 characters */
    hd_str *first_run;              /* null: this run */
    hd_mention *won[HD_FIELDS_MAX]; /* [field][person] whose value was chosen; HD_NO_MENTION: none;
                                       NULL where the field is no person field or has no column */
    uint16_t *n_records, *n_sources;
    uint8_t *dead;                      /* 1: a death record or a death date */
    uint32_t *spouse, *mother, *father; /* persons; HD_NO_PERSON: none */
    float *confidence;                  /* probability that all its mentions are one person */
    hd_relation *relation;              /* by person, relation, other, mention */
    size_t n_relations;
    hd_history *history; /* by person_id, event, other */
    size_t n_history;
    hd_arena arena;
} hd_persons;

/* `key`: the site's key; `previous` may be NULL. */
hd_status hd_reconcile_run(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_model *model,
                           const hd_mentions *mentions, const hd_clusters *clusters,
                           const uint8_t key[32], const hd_previous *previous, hd_persons *out);
void hd_persons_release(hd_persons *persons);

/* ---- check: mentions and persons → discrepancies ---- */
typedef struct hd_discrepancy {
    uint32_t rule;     /* index into ruleset->rules */
    uint32_t person;   /* of a */
    int16_t field;     /* -1: none */
    hd_mention a, b;   /* b HD_NO_MENTION where only one is involved */
    hd_str owner_unit; /* division that can correct it: township (9 digits) where known */
    char id[27];       /* keyed hash of rule and mention keys: stable from run to run */
} hd_discrepancy;

typedef struct hd_discrepancies {
    hd_discrepancy *item; /* by rule, then a, b */
    size_t n;
    hd_arena arena;
} hd_discrepancies;

hd_status hd_check_run(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_mentions *mentions,
                       const hd_clusters *clusters, const hd_persons *persons,
                       const uint8_t key[32], hd_date as_of, hd_discrepancies *out);
void hd_discrepancies_release(hd_discrepancies *discrepancies);

/* ---- report and publish: everything → files and tables ---- */

/* All that a finished run knows; what report, publish and the CSV writer read. */
typedef struct hd_outcome {
    const hd_ruleset *ruleset;
    const hd_model *model;
    const hd_extract *extract;
    const hd_profile *profile; /* counted: of what is reported and published */
    const hd_mentions *mentions;
    const hd_plan *plan;
    const hd_blocks *blocks;
    const hd_edges *edges;
    const hd_clusters *clusters;
    const hd_persons *persons;
    const hd_discrepancies *discrepancies;
    const hd_previous *previous; /* what persons stand on; NULL: it does not matter */
    hd_date as_of;
    char pairs_checksum[65];        /* SHA-256 of link.pairs; "": there is none */
    char key_mark[HD_ID_CHARS + 1]; /* tells the site's key from another: hd_artefact_key_mark */
    hd_str run_id;                  /* 20260101T010203-ab12cd: outside the comparison of runs */
    struct hd_stage_time {
        const char *stage;
        double seconds;
        size_t peak_bytes;   /* anonymous memory, highest so far */
        size_t mapped_bytes; /* pages of mapped files, highest so far */
        size_t text_bytes;   /* of `peak_bytes` the distinct texts and their standard forms */
    } stage[16];
    uint32_t n_stages;
    bool model_trained;           /* this run made its model */
    const struct hd_gates *gates; /* for what they warn of; NULL: of nothing */
} hd_outcome;

/* Writes report.html, discrepancies/<township>.csv, review.csv, reject.csv and profile.json
 * (pipeline/profile.h) below `folder`, which exists. */
hd_status hd_report_run(hd_ctx *ctx, const hd_outcome *outcome, const char *folder);
/* reject.csv alone: what a run that a gate stops leaves. Needs ruleset and extract only. */
hd_status hd_report_rejects(hd_ctx *ctx, const hd_outcome *outcome, const char *folder);

/* Called when all is written and only the commit is left, with the rows that changed, but for the
 * tables that are keyed by the run (run, run_source, reject, indicator): a run that found what the
 * last one found counts nothing. A failure of it is one of publishing. */
typedef struct hd_publish_hook {
    hd_status (*call)(hd_ctx *ctx, const hd_change_counts *counts, void *arg);
    void *arg;
} hd_publish_hook;

/* Tables of the contract into the store, which is open for writing: differences by key in one
 * transaction. Where a connection is lost it is made again, and all is begun anew, a bounded number
 * of times. On failure nothing changed; HD_STORE too where another run published after
 * `outcome->previous` was read. `before_commit` may be NULL. */
hd_status hd_publish_run(hd_ctx *ctx, hd_store *store, const hd_outcome *outcome,
                         const hd_publish_hook *before_commit, hd_change_counts *counts);
/* The same tables as CSV files in `folder` (made if it is not there): what the store (NULL: none)
 * holds once this run is published. */
hd_status hd_publish_csv(hd_ctx *ctx, hd_store *store, const hd_outcome *outcome,
                         const char *folder);
/* What the store holds from the last published run, by this run's mentions; an empty one where
 * there is none, or `store` is NULL. A lost connection is made again, a bounded number of times. */
hd_status hd_previous_read(hd_ctx *ctx, hd_store *store, const hd_mentions *mentions,
                           hd_previous *out);
void hd_previous_release(hd_previous *previous);

#endif
