#ifndef HD_PIPELINE_PROFILE_H
#define HD_PIPELINE_PROFILE_H

/* How full and how good each mapped column is: counts only. A run writes them beside its report,
 * and `hedui profile` says what has changed since.
 *
 * Cost: one look at a distinct value's state for each value that is there. Figures do not depend on
 * the order of rows or on threads. */

#include "pipeline/mention.h"

#define HD_PROFILE_NAME "profile.json"

typedef struct hd_profile_counts {
    uint64_t rows; /* records of the source */
    uint64_t distinct;
    uint64_t state[HD_N_STATES]; /* missing too: together they are the rows */
} hd_profile_counts;

/* One input of a source's mapping: a field of the record, or of a role. Constants are none. */
typedef struct hd_profile_column {
    uint16_t source, field;
    hd_str role;               /* null: the record's */
    hd_str column;             /* as the source calls it; "=": an expression */
    const hd_value_no *values; /* [record] */
    hd_profile_counts now;
    uint64_t reason[HD_N_REASONS]; /* rows whose value has it */
} hd_profile_column;

typedef struct hd_profile {
    hd_profile_column *column; /* by source, then as they are mapped */
    uint32_t n;
} hd_profile;

/* Rows whose value is there, whatever its state. */
static inline uint64_t hd_profile_filled(const hd_profile_counts *counts)
{
    return counts->rows - counts->state[HD_STATE_missing];
}

/* Lists the columns; `now` is left at zero. Points into the ruleset and the extract. */
void hd_profile_list(const hd_ruleset *ruleset, const hd_extract *extract, hd_profile *out);
void hd_profile_release(hd_profile *profile);

/* Values that are there, by number; `count` [hd_pool_limit of the column's pool] must be zero. */
void hd_profile_count_values(const hd_extract *extract, const hd_profile_column *column,
                             uint32_t *count);
/* Fills `now` from them. */
void hd_profile_count_states(const hd_extract *extract, const uint32_t *count,
                             hd_profile_column *column);
/* Both, for all columns; parallel. */
hd_status hd_profile_count(hd_ctx *ctx, const hd_extract *extract, hd_profile *profile);

/* The counts as JSON: {"columns": [{"source", "role", "field", "rows", "distinct", "states"}]}. */
hd_status hd_profile_write(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_profile *profile,
                           const char *path);
/* What an earlier run wrote, for the same columns: `before` [profile->n], rows 0 where it had none.
 * `*found` false: there is no such file. HD_STORE: it is damaged. */
hd_status hd_profile_read(hd_ctx *ctx, const char *path, const hd_ruleset *ruleset,
                          const hd_profile *profile, hd_profile_counts *before, bool *found);

#endif
