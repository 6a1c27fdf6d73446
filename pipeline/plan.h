#ifndef HD_PIPELINE_PLAN_H
#define HD_PIPELINE_PLAN_H

/* The comparison plan: the declared comparisons and conflicts, compiled so that the pair loop does
 * little. All that depends on one mention is hoisted out of the loop into slots; a mention's slots
 * stand together in one comparison row. What is left for a pair is mostly to compare two slots.
 *
 * Shape   rows[n_mentions × stride] of u32
 * Peak memory: 4 × stride bytes a mention, beside the computed values (pipeline/computed.h). */

#include "pipeline/computed.h"
#include "pipeline/config/measure.h"

/* Each comparison's level + 1, or 0 where missing, in mixed radix; below HD_PATTERNS_MAX. */
typedef uint64_t hd_pattern;

/* What a condition comes to, where that is one of the common cases; else it is evaluated. */
typedef enum hd_pair_form {
    HD_PAIR_ANY,
    HD_PAIR_SLOTS_EQUAL, /* slot_a of a = slot_b of b */
    HD_PAIR_MEASURED     /* `measure` gives one of the results in `holds` */
} hd_pair_form;

/* A node of a pair's condition: slots are leaves. */
typedef struct hd_pair_node {
    uint8_t op;   /* hd_op; HD_OP_REF: slot of a side */
    uint8_t type; /* hd_type of the result */
    uint8_t side; /* HD_OP_REF */
    uint8_t n_args;
    uint16_t slot;
    uint16_t function;
    uint8_t form; /* hd_pair_form */
    uint16_t slot_a, slot_b;
    uint16_t measure; /* into hd_plan.measure */
    uint16_t holds;   /* results, a bit each */
    hd_value literal;
    const struct hd_pair_node **args;
} hd_pair_node;

/* The condition x of `first(x, false)`: what is not known is false; NULL: another node. */
const hd_pair_node *hd_pair_or_false(const hd_pair_node *node);

typedef struct hd_plan_comparison {
    uint32_t known_bits;        /* bits of the row's first slot; known where a & b & known_bits */
    const hd_pair_node *unless; /* missing where it holds; NULL: none */
    uint32_t n_levels;
    const hd_pair_node *when[HD_LEVELS_MAX]; /* NULL: otherwise */
    hd_pattern radix;                        /* of this comparison in a pattern */
    int32_t frequency_slot[HD_LEVELS_MAX];   /* of the value whose frequency adjusts it; -1: none */
} hd_plan_comparison;

/* Two slots that are measured once a pair, for all conditions that ask. */
enum { HD_MEASURES_MAX = 64 }; /* what is over is evaluated */
typedef struct hd_plan_measure {
    hd_measure_kind measure;
    uint16_t slot_a, slot_b;
} hd_plan_measure;

/* Levels of one comparison that are looked at together: those that only compare slots, or a single
 * costly one. Cheap steps come first, of all comparisons: they often decide. */
typedef struct hd_plan_step {
    uint8_t comparison, begin, end; /* levels */
    bool costly;
} hd_plan_step;
enum { HD_PLAN_NEEDS_MAX = 32 }; /* bits of a row's first slot */

typedef struct hd_plan {
    hd_arena arena;
    const hd_ruleset *ruleset;
    const hd_mentions *mentions;
    uint32_t n_slots, stride;
    const hd_expr **person_expr; /* [slot] of those that ask for persons; NULL: the others */
    uint32_t need_slot[HD_PLAN_NEEDS_MAX], n_needs; /* bits of slot 0: known */
    uint32_t *rows;
    uint32_t n_comparisons;
    hd_plan_comparison comparison[HD_COMPARISONS_MAX];
    uint64_t n_patterns; /* product of (levels + 1): level 0 in a pattern is "missing" */
    hd_plan_step step[HD_COMPARISONS_MAX * HD_LEVELS_MAX];
    uint32_t n_steps;
    hd_plan_measure measure[HD_MEASURES_MAX];
    uint32_t n_measures;
    const hd_pair_node *conflict[HD_CONFLICTS_MAX];
    bool turns[HD_CONFLICTS_MAX]; /* another one with a and b exchanged */
    uint32_t n_conflicts;
} hd_plan;

/* Compiles and fills the rows from `computed`, of the mentions, which gets what it lacks and is not
 * needed afterwards. */
hd_status hd_plan_make(hd_ctx *ctx, const hd_ruleset *ruleset, hd_computed_set *computed,
                       hd_plan *plan);
/* Fills anew what asks for persons; `computed` is one of its own. */
hd_status hd_plan_again(hd_ctx *ctx, hd_computed_set *computed, hd_plan *plan);
void hd_plan_release(hd_plan *plan);

static inline const uint32_t *hd_plan_row(const hd_plan *plan, hd_mention i)
{
    return plan->rows + (size_t)i * plan->stride;
}

/* Ask memory for a row that is about to be read. */
static inline void hd_plan_fetch_row(const hd_plan *plan, hd_mention i)
{
    const uint32_t *row = hd_plan_row(plan, i);
    for (uint32_t slot = 0; slot < plan->stride; slot += 16) /* 64 bytes: a line */
        __builtin_prefetch(row + slot);
}

/* Of a pair. `env`: scratch of the calling thread. Symmetric up to the declared conditions. */
hd_pattern hd_plan_pattern(const hd_plan *plan, const uint32_t *row_a, const uint32_t *row_b,
                           hd_env *env);
uint32_t hd_plan_level(const hd_plan *plan, hd_pattern pattern, uint32_t comparison);
/* Whether a condition is known to be true, or false, by evaluating it. */
bool hd_plan_condition_is(const hd_plan *plan, const hd_pair_node *condition, bool truth,
                          const uint32_t *row_a, const uint32_t *row_b, hd_env *env);
/* First conflict that holds in either order; -1: none. */
int hd_plan_conflict(const hd_plan *plan, const uint32_t *row_a, const uint32_t *row_b,
                     hd_env *env);

#endif
