#include "pipeline/check/check.h"

/* ---- what a rule can find ---- */

enum function_number {
#define X(name, result, arguments, variadic, summary) FUNCTION_##name,
#include "pipeline/config/functions.def"
#undef X
    N_FUNCTIONS
};

static bool always_null(const hd_mentions *mentions, const hd_expr *expr);

static bool any_always_null(const hd_mentions *mentions, const hd_expr *expr)
{
    for (uint32_t i = 0; i < expr->n_args; i++) {
        if (always_null(mentions, expr->args[i]))
            return true;
    }
    return false;
}

static bool all_always_null(const hd_mentions *mentions, const hd_expr *expr)
{
    for (uint32_t i = 0; i < expr->n_args; i++) {
        if (!always_null(mentions, expr->args[i]))
            return false;
    }
    return true;
}

/* Whether the expression is null for every mention, as no source has the fields that it needs. */
static bool always_null(const hd_mentions *mentions, const hd_expr *expr)
{
    switch ((hd_op)expr->op) {
    case HD_OP_LITERAL:
        return expr->literal == HD_NULL;
    case HD_OP_REF:
        return (expr->ref.what == HD_REF_VALUE || expr->ref.what == HD_REF_LEFT ||
                expr->ref.what == HD_REF_ORIGINAL) &&
               !mentions->column[expr->ref.index];
    case HD_OP_CALL:
        switch (expr->function) {
        case FUNCTION_known:
        case FUNCTION_missing:
            return false;
        case FUNCTION_first:
        case FUNCTION_join:
            return all_always_null(mentions, expr);
        default:
            return any_always_null(mentions, expr);
        }
    case HD_OP_AND: /* Kleene: a false side would decide */
    case HD_OP_OR:
        return all_always_null(mentions, expr);
    case HD_OP_IN:
        return always_null(mentions, expr->args[0]);
    default:
        return any_always_null(mentions, expr);
    }
}

/* Whether a condition holds for no mention, as no source has the fields that it needs. */
static bool never_holds(const hd_mentions *mentions, const hd_expr *expr)
{
    bool is_and = expr->op == HD_OP_AND, is_or = expr->op == HD_OP_OR;
    if (expr->op == HD_OP_REF && expr->ref.what == HD_REF_REASON)
        return !mentions->column[expr->ref.index];
    for (uint32_t i = 0; (is_and || is_or) && i < expr->n_args; i++) {
        if (never_holds(mentions, expr->args[i]) == is_and)
            return is_and;
    }
    return is_or || always_null(mentions, expr);
}

/* ---- what is computed ahead ---- */

/* References to what was computed look like builtins, from this number on. */
enum { FIRST_COMPUTED = 1024 };

hd_value hd_check_load(const void *row, const hd_ref *ref)
{
    const hd_check_row *r = row;
    if (ref->what != HD_REF_BUILTIN || ref->index < FIRST_COMPUTED)
        return hd_mention_load(&r->row, ref);
    const hd_computed *c = &r->computed->item[ref->index - FIRST_COMPUTED];
    return hd_computed_unpack((hd_type)c->expr->type, hd_computed_get(c, r->row.side[ref->side]));
}

/* Whether all that the expression reads is one field of one mention, and some source has it.
 * `field`: -1 at first. */
static bool reads_one_field(const hd_mentions *mentions, const hd_expr *expr, int *field)
{
    if (expr->op == HD_OP_REF) {
        bool plain = expr->ref.role < 0 && expr->ref.what != HD_REF_BUILTIN;
        if (!plain || (*field >= 0 && *field != expr->ref.index))
            return false;
        *field = expr->ref.index;
        return mentions->column[expr->ref.index] != NULL;
    }
    for (uint32_t i = 0; i < expr->n_args; i++) {
        if (!reads_one_field(mentions, expr->args[i], field))
            return false;
    }
    return true;
}

/* Numbers are not: they would lose precision, and what compares them is a bool again. */
static bool can_compute(const hd_mentions *mentions, const hd_expr *expr)
{
    int field = -1;
    bool is_value = expr->op == HD_OP_REF && expr->ref.what == HD_REF_VALUE;
    return !is_value && (expr->sides == 1 || expr->sides == 2) && expr->type != HD_TYPE_NUMBER &&
           reads_one_field(mentions, expr, &field);
}

/* The expression with everything that can be computed ahead replaced by a reference to it. */
static const hd_expr *take_out(hd_arena *arena, hd_computed_set *computed, const hd_expr *expr)
{
    if (!expr || expr->op == HD_OP_LITERAL)
        return expr;
    hd_expr *copy = HD_NEW(arena, hd_expr);
    *copy = *expr;
    if (can_compute(computed->mentions, expr)) {
        uint32_t number = FIRST_COMPUTED + hd_computed_add(computed, expr);
        HD_ASSERT(number <= UINT16_MAX);
        copy->op = HD_OP_REF;
        copy->n_args = 0;
        copy->ref = (hd_ref){.what = HD_REF_BUILTIN,
                             .side = expr->sides == 2,
                             .role = -1,
                             .index = (uint16_t)number};
        return copy;
    }
    copy->args = HD_NEW_N(arena, const hd_expr *, expr->n_args);
    for (uint32_t i = 0; i < expr->n_args; i++)
        copy->args[i] = take_out(arena, computed, expr->args[i]);
    return copy;
}

/* ---- the plan ---- */

static uint32_t count_conjuncts(const hd_expr *expr)
{
    if (expr->op != HD_OP_AND)
        return 1;
    uint32_t n = 0;
    for (uint32_t i = 0; i < expr->n_args; i++)
        n += count_conjuncts(expr->args[i]);
    return n;
}

static void add_conjuncts(hd_check_plan *plan, const hd_expr *expr)
{
    if (expr->op == HD_OP_AND) {
        for (uint32_t i = 0; i < expr->n_args; i++)
            add_conjuncts(plan, expr->args[i]);
        return;
    }
    hd_conjunction *c = expr->sides == 1   ? &plan->only_a
                        : expr->sides == 2 ? &plan->only_b
                                           : &plan->both;
    c->expr[c->n++] = expr;
}

static void take_apart(hd_arena *arena, hd_check_plan *plan)
{
    uint32_t n = count_conjuncts(plan->when);
    plan->only_a.expr = HD_NEW_N(arena, const hd_expr *, n);
    plan->only_b.expr = HD_NEW_N(arena, const hd_expr *, n);
    plan->both.expr = HD_NEW_N(arena, const hd_expr *, n);
    add_conjuncts(plan, plan->when);
}

void hd_check_plan_make(hd_arena *arena, hd_computed_set *computed, const hd_rule *rule,
                        hd_check_plan *out)
{
    const hd_mentions *mentions = computed->mentions;
    *out = (hd_check_plan){0};
    out->idle = (rule->when && never_holds(mentions, rule->when)) ||
                (rule->value && always_null(mentions, rule->value));
    if (out->idle)
        return;
    out->when = take_out(arena, computed, rule->when);
    out->unless = take_out(arena, computed, rule->unless);
    out->value = take_out(arena, computed, rule->value);
    if (rule->check == HD_CHECK_PAIR || rule->check == HD_CHECK_REVIEW)
        take_apart(arena, out);
}
