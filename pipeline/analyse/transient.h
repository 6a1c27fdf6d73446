#ifndef HD_ANALYSE_TRANSIENT_H
#define HD_ANALYSE_TRANSIENT_H

/* Expressions of the rule language over a stream of values that has no end: the texts that they
 * make go into a pool that is thrown away now and then, so memory does not grow with the stream.
 * As literals are texts of one pool, the expressions are copied for each.
 *
 * Values and texts of the pool last until the next hd_transient_step. One a thread. */

#include "pipeline/config/ruleset.h"

typedef struct hd_transient {
    const hd_ruleset *ruleset;
    const hd_expr *const *given; /* texts of ruleset->texts; the caller's */
    uint32_t n;
    const hd_expr **expr; /* [n] the same over env.texts, which is what to evaluate; a NULL stays */
    hd_env env;           /* `load` and `row` are the caller's to set */
    hd_arena arena;
    uint32_t n_steps; /* since the pool is there */
} hd_transient;

void hd_transient_init(hd_transient *t, const hd_ruleset *ruleset, const hd_expr *const *given,
                       uint32_t n);
void hd_transient_step(hd_transient *t); /* before each value, or pair */
void hd_transient_release(hd_transient *t);

#endif
