#ifndef HD_ANALYSE_SPLINK_COLUMNS_H
#define HD_ANALYSE_SPLINK_COLUMNS_H

/* Private to splink_write: the columns of the table that an exported model is over. */

#include "pipeline/analyse/splink_write.h"

/* What the table has before them. */
enum { HD_SPLINK_KEYS = 5 };
extern const char *const hd_splink_keys_of_table[HD_SPLINK_KEYS];

/* The column of an expression over one mention, whichever side it reads; added where it is new.
 * Where there is no room, `full` is set and the first column stands for it. */
const hd_splink_column *hd_splink_column_of(const hd_ruleset *ruleset, hd_splink_written *out,
                                            const hd_expr *expr);

#endif
