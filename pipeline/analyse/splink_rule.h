#ifndef HD_ANALYSE_SPLINK_RULE_H
#define HD_ANALYSE_SPLINK_RULE_H

/* Conditions of a Splink model (splink_sql.h) in the rule language, so that both hold for the same
 * pairs: SQL's three-valued logic is the rule language's. What has no counterpart is an error that
 * names it. Splink's columns are fields, packaged derived names or names that the caller added to
 * ruleset->derived.
 *
 * Where the two differ by what they count: levenshtein, damerau_levenshtein and the Jaro functions
 * of DuckDB go by bytes, hedui's by characters, which is the same for ASCII; DuckDB's
 * damerau_levenshtein may edit a swapped pair again, hedui's may not, which shows from distance 2
 * on. */

#include "base/buf.h"
#include "pipeline/analyse/splink_sql.h"
#include "pipeline/config/ruleset.h"

typedef struct hd_splink_texts {
    hd_str *text;
    uint32_t n;
} hd_splink_texts;

/* A level's condition, over a. and b.; lives in the source's arena. HD_CONFIG. */
hd_status hd_splink_level(const hd_sql_source *source, hd_ruleset *ruleset, hd_str *out);

/* The condition of a null level as what a comparison has in its place. */
typedef struct hd_splink_missing {
    hd_splink_texts needs; /* of x_l IS NULL OR x_r IS NULL, for several columns joined by AND (any
                              of them is enough) or by OR (all are needed); none: never missing */
    hd_str unless;         /* what else is joined to that by OR, over a. and b.; null: nothing */
} hd_splink_missing;
hd_status hd_splink_null_level(const hd_sql_source *source, hd_ruleset *ruleset,
                               hd_splink_missing *out);

/* A blocking rule as the keys of a pass: l.x = r.x AND …, both sides alike; l.record <> r.record is
 * what hedui holds to anyway. HD_CONFIG. */
hd_status hd_splink_keys(const hd_sql_source *source, hd_ruleset *ruleset, hd_splink_texts *out);

/* As the rule language writes them: a name in backticks where it must be, a number without an
 * exponent. */
void hd_splink_add_name(hd_buf *out, hd_str name);
void hd_splink_add_number(hd_buf *out, double number); /* not negative */

#endif
