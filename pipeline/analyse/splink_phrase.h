#ifndef HD_ANALYSE_SPLINK_PHRASE_H
#define HD_ANALYSE_SPLINK_PHRASE_H

/* Private to splink_rule: expressions of SQL as expressions of the rule language, piece by piece.
 */

#include "pipeline/analyse/splink_rule.h"

enum { HD_SIDE_L = 1, HD_SIDE_R = 2 };

/* How tightly what was written holds together, as rule.h's grammar has it. */
typedef enum hd_tightness {
    HD_HOLDS_OR,
    HD_HOLDS_AND,
    HD_HOLDS_NOT,
    HD_HOLDS_COMPARE,
    HD_HOLDS_SUM,
    HD_HOLDS_PRODUCT,
    HD_HOLDS_ATOM
} hd_tightness;

/* An expression of the rule language. */
typedef struct hd_phrase {
    hd_str text; /* in the source's arena */
    hd_type type;
    unsigned sides; /* that it reads: bits */
    hd_tightness holds;
} hd_phrase;

/* Where a condition stands, which decides how it names the two sides. */
typedef enum hd_splink_place {
    HD_SPLINK_LEVEL,   /* "name_l", "name_r" */
    HD_SPLINK_BLOCKING /* l.name, r.name */
} hd_splink_place;

typedef struct hd_translator {
    const hd_sql_source *source;
    hd_ruleset *ruleset;
    hd_splink_place place;
    bool bare; /* one mention: no a. and b. before names */
} hd_translator;

/* HD_CONFIG where something in it has no counterpart. */
hd_status hd_phrase_translate(const hd_translator *t, const hd_sql_node *node, hd_phrase *out);

/* In parentheses where it holds less than `least`. */
void hd_phrase_add(hd_buf *out, const hd_phrase *part, hd_tightness least);

/* The side of a column, and its name without it; 0: neither's. */
unsigned hd_phrase_side(const hd_translator *t, const hd_sql_node *node, hd_str *name);

/* The text moves into the source's arena. */
static inline hd_str hd_phrase_keep(const hd_translator *t, hd_buf *text)
{
    hd_str kept = hd_arena_str(t->source->arena, hd_buf_str(text));
    hd_buf_release(text);
    return kept;
}

#endif
