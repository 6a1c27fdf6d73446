#ifndef HD_ANALYSE_KEY_LIST_H
#define HD_ANALYSE_KEY_LIST_H

/* Keys that a pass could have: those of the declared passes, the derived names, and what each
 * mapped field gives by its kind (key_list.def). Each once, at most 64, a bit each. */

#include "pipeline/computed.h"

enum { HD_KEY_LIST_MAX = 64 };

typedef struct hd_key {
    hd_str text; /* as it is written in a pass */
    const hd_expr *expr;
    const hd_computed *computed;
    uint64_t fields; /* that decide it */
    uint32_t group;  /* keys that share a field stand in one group */
} hd_key;

typedef struct hd_key_list {
    hd_key key[HD_KEY_LIST_MAX];
    uint32_t n, n_groups;
    uint64_t declared[HD_PASSES_MAX]; /* [pass] its keys */
    hd_computed_set computed;
} hd_key_list;

hd_status hd_key_list_make(hd_ctx *ctx, hd_ruleset *ruleset, const hd_mentions *mentions,
                           hd_key_list *out);
void hd_key_list_release(hd_key_list *keys);

/* Bits of the keys that both have, with one value. */
uint64_t hd_keys_agreeing(const hd_key_list *keys, hd_mention a, hd_mention b);

#endif
