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
        case FUNCTION_recode:
            return always_null(mentions, expr->args[0]);
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

hd_value hd_check_load(const void *row, const hd_ref *ref)
{
    const hd_check_row *r = row;
    return hd_computed_load(r->computed, &r->row, ref);
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
    out->when = hd_computed_take_out(computed, arena, rule->when);
    out->unless = hd_computed_take_out(computed, arena, rule->unless);
    out->value = hd_computed_take_out(computed, arena, rule->value);
    if (rule->check == HD_CHECK_PAIR || rule->check == HD_CHECK_REVIEW)
        take_apart(arena, out);
}
