#ifndef HD_PIPELINE_COMPUTED_H
#define HD_PIPELINE_COMPUTED_H

/* Expressions over one mention, computed ahead of every loop that needs them: block's keys and
 * match's slots. An expression that reads one field costs a distinct written value, not a mention;
 * the others cost a mention each, but not their parts that read one field. The same expression
 * asked for twice is computed once, and so is one over two fields that share their distinct values
 * (the names of a mother and of a father).
 *
 * Shape   for one field [hd_value_no] → u32; for several [mention] → u32
 * A computed value is 32 bits: text its hd_text, date the hd_date, bool 0/1, number a float (exact
 * for whole numbers to 2^24). HD_NONE is null.
 * Peak memory: 4 bytes a distinct value, or a mention, of each expression. */

#include "hedui/status.h"
#include "pipeline/mention.h"

#define HD_NONE UINT32_MAX

typedef struct hd_computed {
    const hd_expr *expr;
    const hd_value_no *column; /* the one field's column; NULL: by mention */
    uint32_t *value;           /* by hd_value_no or by mention; NULL: `constant` for all */
    uint32_t constant;         /* of an expression over a field that no source has */
    uint32_t n_values;         /* room in `value` */
    const hd_expr *by_mention; /* of several fields: `expr`, its parts of one field taken out */
    const hd_expr *over_pool;  /* `expr` with the pool's own field for the one it reads */
    bool shared;               /* `value` is another's, which computes and frees it */
    bool done;
} hd_computed;

typedef struct hd_computed_set {
    const hd_mentions *mentions;
    hd_computed *item;
    uint32_t n;
    size_t cap;
    hd_arena arena;
} hd_computed_set;

void hd_computed_init(hd_computed_set *set, const hd_mentions *mentions);
void hd_computed_release(hd_computed_set *set);
/* Number of `expr` (which reads one side only, whichever) in the set; added where it is new. */
uint32_t hd_computed_add(hd_computed_set *set, const hd_expr *expr);
/* Compute all that were added and are not computed yet; parallel. */
hd_status hd_computed_run(hd_ctx *ctx, hd_computed_set *set);

static inline uint32_t hd_computed_get(const hd_computed *c, hd_mention i)
{
    if (!c->value)
        return c->constant;
    return c->value[c->column ? c->column[i] : i];
}

/* The expression with all of it that reads one field of one side, and is more than the field and no
 * number (those would lose precision), added to the set and replaced by a reference to it, which
 * hd_computed_load answers once it is computed. Lives in `arena`; NULL stays NULL. */
const hd_expr *hd_computed_take_out(hd_computed_set *set, hd_arena *arena, const hd_expr *expr);
/* What was taken out, where that is all of the expression; NULL: it is not. */
const hd_computed *hd_computed_whole(const hd_computed_set *set, const hd_expr *taken);
/* What hd_mention_load answers, and these. */
hd_value hd_computed_load(const hd_computed_set *set, const hd_mention_row *row, const hd_ref *ref);

/* Hash of a computed value of `type`; 0: null. Texts count by their bytes, so that a collision,
 * rare as it is, does not depend on the order in which texts were interned. */
uint64_t hd_computed_hash(hd_type type, uint32_t packed, const hd_pool *texts);
/* Key of a mention of the items with these numbers, for which none but equal values have one key:
 * one or two are their own key, since equal values have equal numbers; more are hashed by their
 * bytes, so that a collision, rare as it is, does not depend on how texts were numbered. 0: one is
 * null. */
uint64_t hd_computed_key(const hd_computed_set *set, const uint32_t *number, uint32_t n,
                         hd_mention i);
uint32_t hd_computed_pack(hd_type type, hd_value value);
hd_value hd_computed_unpack(hd_type type, uint32_t packed);

#endif
