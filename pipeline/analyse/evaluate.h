#ifndef HD_ANALYSE_EVALUATE_H
#define HD_ANALYSE_EVALUATE_H

/* How good a clustering is, measured against the truth (or another clustering), both given as
 * files; of a run's own clusters by threshold see thresholds.h. Mentions that the truth does not
 * know are left out; mentions of the truth that have no link count as alone. */

#include "base/arena.h"
#include "base/hash.h"
#include "hedui/status.h"
#include "pipeline/analyse/partition.h"
#include "pipeline/config/ruleset.h"

typedef struct hd_error_recall {
    hd_str error;
    uint64_t n_mentions;
    uint64_t true_pairs, found_pairs; /* with such a mention on one side */
} hd_error_recall;

typedef struct hd_evaluation {
    hd_partition_measures measures; /* of the mentions of the truth */
    uint64_t n_missing_links, n_unknown_links;
    hd_error_recall *by_error; /* by error */
    uint32_t n_errors;
    hd_arena arena;
} hd_evaluation;

/* How personal keys are written in the files: as they are or as the run's hash of them, which `key`
 * makes. `ruleset` NULL: all are taken as they are. */
typedef struct hd_evaluate_names {
    const hd_ruleset *ruleset;
    uint8_t key[HD_KEY_BYTES];
} hd_evaluate_names;

/* CSV files with a header: `truth` and `links` have source, record_id, role, person_id; `errors`
 * (may be NULL) source, record_id, role, error. */
hd_status hd_evaluate(hd_ctx *ctx, const hd_evaluate_names *names, const char *truth,
                      const char *links, const char *errors, hd_evaluation *out);
void hd_evaluation_release(hd_evaluation *evaluation);

#endif
