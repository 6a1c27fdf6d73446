#ifndef HD_CONFIG_RULE_DIGEST_H
#define HD_CONFIG_RULE_DIGEST_H

/* A mark of what a comparison means: its levels, their compiled conditions with all that derived
 * names stand for, when it is missing, and whose frequency counts. What was estimated for one
 * mark does not hold for another. Layout, comments and the order of declarations do not count, nor
 * do the numbers of fields, functions and texts. */

#include "pipeline/config/ruleset.h"

enum { HD_RULE_MARK_CHARS = 16 };

/* Hex digits of SHA-256 and a NUL. */
void hd_comparison_mark(const hd_ruleset *ruleset, const hd_comparison *comparison,
                        char out[HD_RULE_MARK_CHARS + 1]);

#endif
