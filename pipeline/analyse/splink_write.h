#ifndef HD_ANALYSE_SPLINK_WRITE_H
#define HD_ANALYSE_SPLINK_WRITE_H

/* Linkage rules and a model of hedui's as Splink's settings JSON (5.0, DuckDB). What depends on one
 * mention becomes a column that hd_splink_write_table computes: a field or derived name by its own
 * name, any other expression by a name made of it; dates are texts (1980-01-02). What compares two
 * mentions becomes SQL over these columns. A function of two mentions that SQL does not have
 * (name_alike, say) has NULL in its place, which never holds, so that its pairs fall to a later
 * level; m and u stay as they are, and a note says where that is so.
 *
 * Comparisons and passes that ask for the persons of an earlier round are left out: Splink has one
 * round. m, u and the prior are kept, as are passes (without their second keys) and the levels with
 * term frequencies, which Splink counts anew. hd_splink_read reads the result back. */

#include "pipeline/analyse/splink_read.h"
#include "pipeline/plan.h"

enum { HD_SPLINK_COLUMNS_MAX = 256 };

typedef struct hd_splink_column {
    hd_str name;
    hd_str rule; /* the expression, in the rule language */
    const hd_expr *expr;
} hd_splink_column;

typedef struct hd_splink_written {
    hd_arena arena;
    hd_splink_column column[HD_SPLINK_COLUMNS_MAX];
    uint32_t n_columns;
    bool full;       /* there were more than there is room for */
    hd_buf settings; /* JSON */
    hd_buf columns;  /* YAML, as hd_splink_read_columns reads it: those that are no packaged name */
    hd_buf notes;    /* what has no counterpart, a line each */
} hd_splink_written;

/* Whatever happens, the caller releases `out`. HD_CONFIG where there are too many columns. */
hd_status hd_splink_write(hd_ctx *ctx, const hd_ruleset *ruleset, const hd_model *model,
                          hd_splink_written *out);
void hd_splink_written_release(hd_splink_written *written);

/* One row a mention, in their order: unique_id, record, source, record_id, role, the columns. CSV;
 * for its owner alone. */
hd_status hd_splink_write_table(hd_ctx *ctx, const char *path, const hd_mentions *mentions,
                                const hd_splink_written *written);

#endif
