/* What the compiled conditions of a plan say of a pair, one pair at a time; pipeline/batch.c does
 * so for 64. */

#include <math.h>

#include "pipeline/config/functions.h"
#include "pipeline/plan.h"

/* ---- a node ---- */

const hd_pair_node *hd_pair_or_false(const hd_pair_node *node)
{
    bool or_false = node->op == HD_OP_CALL && node->function == HD_FUNCTION_first &&
                    node->n_args == 2 && node->type == HD_TYPE_BOOL &&
                    node->args[1]->op == HD_OP_LITERAL && node->args[1]->literal == 0;
    return or_false ? node->args[0] : NULL;
}

static hd_value eval(const hd_plan *plan, const hd_pair_node *node, const uint32_t *const row[2],
                     hd_env *env);

static hd_value compare(const hd_plan *plan, const hd_pair_node *node, const uint32_t *const row[2],
                        hd_env *env)
{
    hd_value x = eval(plan, node->args[0], row, env);
    hd_value y = x == HD_NULL ? HD_NULL : eval(plan, node->args[1], row, env);
    if (y == HD_NULL)
        return HD_NULL;
    return hd_value_compare((hd_op)node->op, (hd_type)node->args[0]->type, x, y, env->texts);
}

/* Kleene: `decides` is the value that settles it (0 for and, 1 for or). */
static hd_value connect(const hd_plan *plan, const hd_pair_node *node, const uint32_t *const row[2],
                        hd_env *env, hd_value decides)
{
    hd_value result = !decides;
    for (uint32_t i = 0; i < node->n_args; i++) {
        hd_value v = eval(plan, node->args[i], row, env);
        if (v == decides)
            return decides;
        if (v == HD_NULL)
            result = HD_NULL;
    }
    return result;
}

static hd_value calculate(const hd_pair_node *node, hd_value x, hd_value y)
{
    if (x == HD_NULL || y == HD_NULL)
        return HD_NULL;
    double a = hd_number(x), b = hd_number(y), r;
    switch (node->op) {
    case HD_OP_ADD:
        r = a + b;
        break;
    case HD_OP_SUB:
        r = a - b;
        break;
    case HD_OP_MUL:
        r = a * b;
        break;
    default:
        r = b != 0 ? a / b : NAN;
    }
    return isfinite(r) ? hd_value_number(r + 0.0) : HD_NULL;
}

static hd_value among(const hd_plan *plan, const hd_pair_node *node, const uint32_t *const row[2],
                      hd_env *env)
{
    hd_value x = eval(plan, node->args[0], row, env);
    bool unknown = x == HD_NULL;
    for (uint32_t i = 1; i < node->n_args && x != HD_NULL; i++) {
        hd_value y = eval(plan, node->args[i], row, env);
        if (x == y)
            return 1;
        unknown |= y == HD_NULL;
    }
    return unknown ? HD_NULL : 0;
}

static hd_value first(const hd_plan *plan, const hd_pair_node *node, const uint32_t *const row[2],
                      hd_env *env)
{
    hd_value v = HD_NULL;
    for (uint32_t i = 0; i < node->n_args && v == HD_NULL; i++)
        v = eval(plan, node->args[i], row, env);
    return v;
}

static hd_value call(const hd_plan *plan, const hd_pair_node *node, const uint32_t *const row[2],
                     hd_env *env)
{
    if (node->function == HD_FUNCTION_first)
        return first(plan, node, row, env);
    hd_value args[UINT8_MAX];
    for (uint32_t i = 0; i < node->n_args; i++)
        args[i] = eval(plan, node->args[i], row, env);
    return hd_function_call(node->function, args, node->n_args, env);
}

static hd_value eval(const hd_plan *plan, const hd_pair_node *node, const uint32_t *const row[2],
                     hd_env *env)
{
    if (node->form == HD_PAIR_SLOTS_EQUAL) {
        uint32_t x = row[0][node->slot_a], y = row[1][node->slot_b];
        return x == HD_NONE || y == HD_NONE ? HD_NULL : x == y;
    }
    switch (node->op) {
    case HD_OP_LITERAL:
        return node->literal;
    case HD_OP_REF:
        return hd_computed_unpack((hd_type)node->type, row[node->side][node->slot]);
    case HD_OP_AND:
        return connect(plan, node, row, env, 0);
    case HD_OP_OR:
        return connect(plan, node, row, env, 1);
    case HD_OP_NOT: {
        hd_value v = eval(plan, node->args[0], row, env);
        return v == HD_NULL ? HD_NULL : !v;
    }
    case HD_OP_NEG: {
        hd_value v = eval(plan, node->args[0], row, env);
        return v == HD_NULL ? HD_NULL : hd_value_number(0.0 - hd_number(v));
    }
    case HD_OP_ADD:
    case HD_OP_SUB:
    case HD_OP_MUL:
    case HD_OP_DIV:
        return calculate(node, eval(plan, node->args[0], row, env),
                         eval(plan, node->args[1], row, env));
    case HD_OP_IN:
        return among(plan, node, row, env);
    case HD_OP_CALL:
        return call(plan, node, row, env);
    default:
        return compare(plan, node, row, env);
    }
}

static bool is_measured(const hd_plan *plan, const hd_pair_node *node, bool truth,
                        const uint32_t *const row[2], hd_env *env)
{
    uint32_t x = row[0][node->slot_a], y = row[1][node->slot_b];
    if (x == HD_NONE || y == HD_NONE)
        return false;
    uint8_t result = hd_measure_values(plan->measure[node->measure].measure, x, y, env);
    return (node->holds >> result & 1) == truth;
}

/* Whether a condition is known to be `truth`. What is unknown is neither, so that `and` and `or`
 * are the same with true and false exchanged (Kleene), and the first argument that is not known to
 * be what all must be decides. */
static bool is(const hd_plan *plan, const hd_pair_node *node, bool truth,
               const uint32_t *const row[2], hd_env *env)
{
    const hd_pair_node *inner;
    if (node->form == HD_PAIR_MEASURED)
        return is_measured(plan, node, truth, row, env);
    switch (node->op) {
    case HD_OP_NOT:
        return is(plan, node->args[0], !truth, row, env);
    case HD_OP_AND:
    case HD_OP_OR:
        break;
    default:
        inner = hd_pair_or_false(node);
        return inner ? is(plan, inner, true, row, env) == truth
                     : eval(plan, node, row, env) == (hd_value)truth;
    }
    bool any = truth == (node->op == HD_OP_OR); /* one decides; else it takes all */
    for (uint32_t i = 0; i < node->n_args; i++)
        if (is(plan, node->args[i], truth, row, env) == any)
            return any;
    return !any;
}

/* ---- a pair ---- */

hd_pattern hd_plan_pattern(const hd_plan *plan, const uint32_t *row_a, const uint32_t *row_b,
                           hd_env *env)
{
    const uint32_t *const row[2] = {row_a, row_b};
    uint32_t known = row_a[0] & row_b[0];
    hd_pattern pattern = 0;
    for (uint32_t c = 0; c < plan->n_comparisons; c++) {
        const hd_plan_comparison *comparison = &plan->comparison[c];
        if (!(known & comparison->known_bits) ||
            (comparison->unless && is(plan, comparison->unless, true, row, env)))
            continue;
        uint32_t level = 0;
        while (level + 1 < comparison->n_levels &&
               !is(plan, comparison->when[level], true, row, env))
            level++;
        pattern += (level + 1) * comparison->radix;
    }
    return pattern;
}

uint32_t hd_plan_level(const hd_plan *plan, hd_pattern pattern, uint32_t comparison)
{
    const hd_plan_comparison *c = &plan->comparison[comparison];
    return (uint32_t)(pattern / c->radix % (c->n_levels + 1));
}

bool hd_plan_condition_is(const hd_plan *plan, const hd_pair_node *condition, bool truth,
                          const uint32_t *row_a, const uint32_t *row_b, hd_env *env)
{
    const uint32_t *const row[2] = {row_a, row_b};
    return is(plan, condition, truth, row, env);
}

int hd_plan_conflict(const hd_plan *plan, const uint32_t *row_a, const uint32_t *row_b, hd_env *env)
{
    const uint32_t *const there[2] = {row_a, row_b}, *const back[2] = {row_b, row_a};
    for (uint32_t i = 0; i < plan->n_conflicts; i++)
        if (is(plan, plan->conflict[i], true, there, env) ||
            (plan->turns[i] && is(plan, plan->conflict[i], true, back, env)))
            return (int)i;
    return -1;
}
