#ifndef HD_ANALYSE_ONE_PAIR_H
#define HD_ANALYSE_ONE_PAIR_H

/* Two written values of one field, compared outside any run: both are standardised, then the rules
 * say the level. What `hedui compare` shows.
 *
 * The comparison is the first of rules/linkage.yaml that is about the field: the first field that
 * its first `needs` reads is this one, or, but for codes and texts, one of the same kind (a
 * mother's name is compared as a name is). A field that has none is `same` or `differs`.
 *
 * The score rises with similarity, 0 … 1: of n levels the i-th (0: the best) has [(n-1-i)/n,
 * (n-i)/n], and inside a level the kind's own similarity (similarity_of, one_pair.c) orders pairs.
 * So a better level always has a score at least as high. Symmetric where the rules are. Of names
 * the reason is what their characters are to each other (matchers/han_name.h); of damaged ones what
 * is left is compared.
 *
 * One a thread; memory does not grow with the stream. Measured: 0.3 million pairs of names a second
 * of processor time, most of which differ, so that all conditions are tried (gcc 12 -O2). */

#include "matchers/han_name.h"
#include "pipeline/analyse/one_value.h"

typedef struct hd_compared {
    hd_str level;  /* its code; "missing" where a value has no standard form */
    double score;  /* negative where missing */
    hd_str reason; /* the condition of the level as the rules write it, empty: all the rest; of
                      names "伟:玮 same_reading"; where missing "a damaged, b placeholder". Valid
                      until the next call */
} hd_compared;

typedef struct hd_one_side {
    hd_str raw;
    hd_value value; /* in the pair's own texts */
    uint32_t reasons;
    hd_state state;
} hd_one_side;

typedef struct hd_one_pair {
    hd_one_field one;
    const hd_comparison *comparison; /* NULL: same or differs */
    uint16_t as_field;               /* what the rules take the values for */
    hd_transient transient;          /* conditions of the comparison's levels */
    const hd_expr *when[HD_LEVELS_MAX];
    hd_one_side side[2];
    hd_buf cell[2], reason;
    hd_han_name name[2];
} hd_one_pair;

/* `name` as in hd_one_field_open. Release in any case; `out` must stay where it is. */
hd_status hd_one_pair_open(hd_ctx *ctx, hd_ruleset *ruleset, hd_str name, hd_one_pair *out);
void hd_one_pair_release(hd_one_pair *pair);
hd_compared hd_one_pair_compare(hd_one_pair *pair, hd_str a, hd_str b);

#endif
