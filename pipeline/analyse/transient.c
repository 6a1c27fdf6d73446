#include "pipeline/analyse/transient.h"

enum { STEPS = 8192 }; /* texts of as many names and their keys stay in the second cache */

static const hd_expr *copy(hd_transient *t, const hd_expr *given)
{
    hd_expr *expr = HD_NEW(&t->arena, hd_expr);
    *expr = *given;
    if (expr->op == HD_OP_LITERAL && expr->type == HD_TYPE_TEXT && expr->literal != HD_NULL)
        expr->literal =
            hd_pool_intern(t->env.texts, hd_pool_get(t->ruleset->texts, (hd_text)given->literal));
    if (!given->n_args)
        return expr;
    expr->args = HD_NEW_N(&t->arena, const hd_expr *, given->n_args);
    for (uint32_t i = 0; i < given->n_args; i++)
        expr->args[i] = copy(t, given->args[i]);
    return expr;
}

static void begin(hd_transient *t)
{
    t->n_steps = 0;
    t->env.texts = hd_pool_new();
    t->expr = HD_NEW_N(&t->arena, const hd_expr *, t->n + 1u);
    for (uint32_t i = 0; i < t->n; i++)
        t->expr[i] = t->given[i] ? copy(t, t->given[i]) : NULL;
}

void hd_transient_init(hd_transient *t, const hd_ruleset *ruleset, const hd_expr *const *given,
                       uint32_t n)
{
    *t = (hd_transient){.ruleset = ruleset, .given = given, .n = n, .env = hd_ruleset_env(ruleset)};
    begin(t);
}

void hd_transient_step(hd_transient *t)
{
    if (t->n_steps++ < STEPS)
        return;
    hd_pool_free(t->env.texts);
    hd_arena_reset(&t->arena);
    hd_env_release(&t->env); /* it knows names by their numbers in the pool */
    begin(t);
}

void hd_transient_release(hd_transient *t)
{
    hd_pool_free(t->env.texts);
    hd_env_release(&t->env);
    hd_arena_release(&t->arena);
    *t = (hd_transient){0};
}
