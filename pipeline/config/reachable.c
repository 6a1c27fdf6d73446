/* Which expressions can have a value at all, given the fields that the sources map: a pass or a
 * comparison over fields that nobody has would only cost time. Errs on the side of "can". */

#include "pipeline/config/functions.h"
#include "pipeline/config/load.h"

static bool any_arg(const hd_loader *loader, const hd_expr *expr)
{
    for (uint32_t i = 0; i < expr->n_args; i++)
        if (hd_expr_reachable(loader, expr->args[i]))
            return true;
    return false;
}

static bool all_args(const hd_loader *loader, const hd_expr *expr)
{
    for (uint32_t i = 0; i < expr->n_args; i++)
        if (!hd_expr_reachable(loader, expr->args[i]))
            return false;
    return true;
}

/* Any of what it gives: what stands behind a text that its first may be, else the last, or the
 * first itself. */
static bool recode_reachable(const hd_loader *loader, const hd_expr *expr)
{
    bool or_itself = expr->n_args % 2 != 0;
    bool any = or_itself || hd_expr_reachable(loader, expr->args[expr->n_args - 1]);
    for (uint32_t i = 2; i < expr->n_args; i += 2)
        any |= hd_expr_reachable(loader, expr->args[i]);
    return any && hd_expr_reachable(loader, expr->args[0]);
}

static bool call_reachable(const hd_loader *loader, const hd_expr *expr)
{
    switch (expr->function) {
    case HD_FUNCTION_known:
    case HD_FUNCTION_missing:
        return true;
    case HD_FUNCTION_first:
    case HD_FUNCTION_join:
        return any_arg(loader, expr);
    case HD_FUNCTION_recode:
        return recode_reachable(loader, expr);
    default:
        return all_args(loader, expr);
    }
}

bool hd_expr_reachable(const hd_loader *loader, const hd_expr *expr)
{
    switch ((hd_op)expr->op) {
    case HD_OP_LITERAL:
        return expr->literal != HD_NULL;
    case HD_OP_REF:
        if (expr->ref.what == HD_REF_RELATED)
            return loader->ruleset->rounds > 1 &&
                   loader->ruleset->relations_said >> expr->ref.index & 1;
        return (expr->ref.what != HD_REF_VALUE && expr->ref.what != HD_REF_LEFT &&
                expr->ref.what != HD_REF_ORIGINAL) ||
               loader->mapped[expr->ref.index];
    case HD_OP_CALL:
        return call_reachable(loader, expr);
    case HD_OP_AND: /* null and false is false */
    case HD_OP_OR:
        return any_arg(loader, expr);
    case HD_OP_IN:
        return hd_expr_reachable(loader, expr->args[0]);
    default:
        return all_args(loader, expr);
    }
}
