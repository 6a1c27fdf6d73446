#ifndef HD_ANALYSE_FIRST_FIELDS_H
#define HD_ANALYSE_FIRST_FIELDS_H

/* Which fields decide the value of an expression: bits by field number. Of first(a, b) only those
 * of a count, since b seldom decides. */

#include "pipeline/config/ruleset.h"

_Static_assert(HD_FIELDS_MAX <= 64, "a field is a bit");

uint64_t hd_first_fields(const hd_expr *expr);

#endif
