#ifndef HD_ANALYSE_ONE_VALUE_H
#define HD_ANALYSE_ONE_VALUE_H

/* Values of one field by themselves, outside any run: standard form, state, reasons, and the keys
 * that the rules make of it (keys.def). What `hedui standardise` and `hedui compare` stand on.
 *
 * Any bytes are taken as a value; nothing of them is kept, so a stream may be as long as it likes.
 * One a thread. Measured, keys and CSV included (gcc 12 -O2): 0.9 million names a second of
 * processor time. */

#include "pipeline/analyse/transient.h"
#include "pipeline/standardise/standardise.h"

enum { HD_ONE_KEYS_MAX = 8 };

typedef struct hd_one_field {
    const hd_ruleset *ruleset;
    hd_field field; /* of a bare kind: its code is the kind's name */
    hd_type type;   /* of its standard value */
    hd_std_env *env;
    uint32_t n_keys;
    const char *key_name[HD_ONE_KEYS_MAX];
    hd_type key_type[HD_ONE_KEYS_MAX];
    const hd_expr *key[HD_ONE_KEYS_MAX];
    hd_transient transient;
    hd_value value; /* the one at hand, for the keys */
} hd_one_field;

/* `name`: a field of the ruleset, else a kind. HD_USAGE: neither. Release in any case; `out` must
 * stay where it is. */
hd_status hd_one_field_open(hd_ctx *ctx, hd_ruleset *ruleset, hd_str name, hd_one_field *out);
void hd_one_field_release(hd_one_field *one);

/* What hd_std_value says, by the field's kind and code table. */
hd_std_result hd_one_field_standardise(hd_one_field *one, hd_str raw);
/* The standard value of a result, appended as readers see it (1980-01-02); nothing where there is
 * none. */
void hd_one_field_print(const hd_one_field *one, const hd_std_result *result, hd_buf *out);
/* [n_keys] of the last result, null where it has no such key; valid until the next call. */
void hd_one_field_keys(hd_one_field *one, const hd_std_result *result, hd_value *keys);

/* The standard value as the rules know it, its text in `texts`. */
hd_value hd_one_value(const hd_std_result *result, hd_pool *texts);

#endif
