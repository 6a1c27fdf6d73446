#ifndef HD_PIPELINE_CHECK_H
#define HD_PIPELINE_CHECK_H

/* The parts of the check stage; for pipeline/check only: a rule, made ready to run. */

#include "pipeline/computed.h"

/* Conditions that must all hold; none: it holds. */
typedef struct hd_conjunction {
    const hd_expr **expr;
    uint32_t n;
} hd_conjunction;

/* All that depends on one field is taken out of the expressions and computed once for each distinct
 * value; what is left reads it from the set. A pair's `when` is taken apart at its `and`s: what
 * reads one side only is asked once a mention, and only mentions that pass are paired. */
typedef struct hd_check_plan {
    bool idle; /* can find nothing: it needs fields that no source has */
    const hd_expr *when, *unless, *value;
    hd_conjunction only_a, only_b, both;
} hd_check_plan;

/* Makes one rule ready; what it needs is added to `computed`, for hd_computed_run. */
void hd_check_plan_make(hd_arena *arena, hd_computed_set *computed, const hd_rule *rule,
                        hd_check_plan *out);

/* Row for hd_env: the mentions, and what was computed of them. */
typedef struct hd_check_row {
    hd_mention_row row;
    const hd_computed_set *computed;
} hd_check_row;
hd_value hd_check_load(const void *row, const hd_ref *ref);

#endif
