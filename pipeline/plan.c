#include "pipeline/plan.h"

#include <math.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "pipeline/config/functions.h"

enum {
    ROWS_PIECE =
        1024, /* of about 128 bytes: they stay in the second cache while slots are filled */
    FEW_PATTERNS = 65536 /* their weights, 256 KiB, stay in the second cache */
};

/* A plan that is being made. */
typedef struct maker {
    hd_plan *plan;
    hd_computed_set *computed;
    uint32_t *number; /* [slot] in the computed set; slot 0: known bits */
    bool again;       /* only what asks for persons */
} maker;

/* ---- compile: expressions over a pair → nodes over slots ---- */

static uint32_t add_slot(maker *m, const hd_expr *expr)
{
    hd_plan *plan = m->plan;
    uint32_t number = hd_computed_add(m->computed, expr);
    for (uint32_t s = 1; s < plan->n_slots; s++)
        if (m->number[s] == number)
            return s;
    HD_ASSERT(plan->n_slots < UINT16_MAX);
    m->number[plan->n_slots] = number;
    plan->person_expr[plan->n_slots] = hd_expr_related(expr) ? expr : NULL;
    return plan->n_slots++;
}

static bool is_slot(const hd_pair_node *node)
{
    return node->op == HD_OP_REF;
}

/* Where both nodes are slots, of a and of b: false otherwise. */
static bool is_slot_pair(const hd_pair_node *x, const hd_pair_node *y, hd_pair_node *out)
{
    if (!is_slot(x) || !is_slot(y) || x->side == y->side)
        return false;
    out->slot_a = x->side ? y->slot : x->slot;
    out->slot_b = x->side ? x->slot : y->slot;
    return true;
}

/* Number of the measure of the node's slots; -1: there is no room for another. */
static int add_measure(hd_plan *plan, hd_measure_kind measure, const hd_pair_node *node)
{
    for (uint32_t i = 0; i < plan->n_measures; i++) {
        const hd_plan_measure *other = &plan->measure[i];
        if (other->measure == measure && other->slot_a == node->slot_a &&
            other->slot_b == node->slot_b)
            return (int)i;
    }
    if (plan->n_measures == HD_MEASURES_MAX)
        return -1;
    plan->measure[plan->n_measures] = (hd_plan_measure){measure, node->slot_a, node->slot_b};
    return (int)plan->n_measures++;
}

static void find_measure(hd_plan *plan, const hd_expr *expr, hd_pair_node *node)
{
    hd_measured measured;
    if (!hd_measure_find(expr, plan->ruleset->texts, &measured))
        return;
    const hd_pair_node *call = measured.call == expr ? node : node->args[0];
    if (!is_slot_pair(call->args[0], call->args[1], node))
        return;
    int number = add_measure(plan, measured.measure, node);
    if (number < 0)
        return;
    node->form = HD_PAIR_MEASURED;
    node->measure = (uint16_t)number;
    node->holds = measured.holds;
}

static void find_form(maker *m, const hd_expr *expr, hd_pair_node *node)
{
    if (node->op == HD_OP_EQ && is_slot_pair(node->args[0], node->args[1], node))
        node->form = HD_PAIR_SLOTS_EQUAL;
    else
        find_measure(m->plan, expr, node);
}

/* Rises with the time that a condition takes. */
static uint32_t cost_of(const hd_pair_node *node)
{
    enum { COST_EQUAL = 1, COST_NODE = 4, COST_CALL = 16, COST_NAME = 32 };
    if (node->form == HD_PAIR_SLOTS_EQUAL)
        return COST_EQUAL;
    uint32_t cost = node->op == HD_OP_AND || node->op == HD_OP_OR ? 0 : COST_NODE;
    if (node->op == HD_OP_CALL)
        cost = hd_function_takes_left(node->function) ? COST_NAME : COST_CALL;
    for (uint32_t i = 0; i < node->n_args; i++)
        cost += cost_of(node->args[i]);
    return cost;
}

/* What `and` and `or` come to does not depend on the order of their arguments: cheap ones often
 * decide. Those of one cost stay in order. */
static void order_args(hd_pair_node *node)
{
    if (node->op != HD_OP_AND && node->op != HD_OP_OR)
        return;
    for (uint32_t i = 1; i < node->n_args; i++) {
        const hd_pair_node *arg = node->args[i];
        uint32_t at = i, cost = cost_of(arg);
        for (; at > 0 && cost_of(node->args[at - 1]) > cost; at--)
            node->args[at] = node->args[at - 1];
        node->args[at] = arg;
    }
}

static const hd_pair_node *compile(maker *m, const hd_expr *expr)
{
    hd_arena *arena = &m->plan->arena;
    hd_pair_node *node = HD_NEW(arena, hd_pair_node);
    node->type = expr->type;
    if (expr->sides == 1 || expr->sides == 2) {
        node->op = HD_OP_REF;
        node->side = expr->sides == 2;
        node->slot = (uint16_t)add_slot(m, expr);
        return node;
    }
    node->op = expr->op;
    node->function = expr->function;
    node->literal = expr->literal;
    node->n_args = expr->n_args;
    node->args = HD_NEW_N(arena, const hd_pair_node *, expr->n_args + 1u);
    for (uint32_t i = 0; i < expr->n_args; i++)
        node->args[i] = compile(m, expr->args[i]);
    order_args(node);
    find_form(m, expr, node);
    return node;
}

/* ---- evaluate a node for a pair ---- */

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

/* ---- make ---- */

static uint32_t count_nodes(const hd_expr *expr)
{
    uint32_t n = 1;
    for (uint32_t i = 0; i < expr->n_args; i++)
        n += count_nodes(expr->args[i]);
    return n;
}

/* An upper bound of the slots: every node of every expression could be one. */
static uint32_t count_slots(const hd_ruleset *ruleset)
{
    uint32_t n = 1;
    for (uint32_t c = 0; c < ruleset->n_comparisons; c++) {
        const hd_comparison *comparison = &ruleset->comparisons[c];
        n += comparison->n_needs + comparison->n_levels;
        n += comparison->unless ? count_nodes(comparison->unless) : 0;
        for (uint32_t l = 0; l < comparison->n_levels; l++)
            n += comparison->levels[l].when ? count_nodes(comparison->levels[l].when) : 0;
    }
    for (uint32_t i = 0; i < ruleset->n_conflicts; i++)
        n += count_nodes(ruleset->conflicts[i].when);
    return n;
}

static hd_status compile_needs(hd_ctx *ctx, maker *m, const hd_comparison *in,
                               hd_plan_comparison *out)
{
    for (uint32_t i = 0; i < in->n_needs; i++) {
        if (m->plan->n_needs == HD_PLAN_NEEDS_MAX)
            return HD_FAIL(ctx, HD_CONFIG, "comparisons need more than 32 values in all");
        m->plan->need_slot[m->plan->n_needs] = add_slot(m, in->needs[i]);
        out->known_bits |= UINT32_C(1) << m->plan->n_needs++;
    }
    return HD_OK;
}

/* ---- conditions that are the same with a and b exchanged ---- */

static bool is_turned(const hd_pair_node *x, const hd_pair_node *y);

static bool commutes(const hd_pair_node *node)
{
    return node->op == HD_OP_AND || node->op == HD_OP_OR || node->op == HD_OP_EQ ||
           node->op == HD_OP_NE ||
           (node->op == HD_OP_CALL && hd_function_is_symmetric(node->function));
}

/* Whether the arguments are the turned ones, each of another, where their order does not count. */
static bool args_are_turned(const hd_pair_node *x, const hd_pair_node *y)
{
    uint64_t taken = 0;
    uint32_t n_any = commutes(x) ? (x->op == HD_OP_CALL ? 2 : x->n_args) : 0;
    if (n_any > 64)
        return false;
    for (uint32_t i = 0; i < n_any; i++) {
        uint32_t k = 0;
        while (k < n_any && (taken >> k & 1 || !is_turned(x->args[i], y->args[k])))
            k++;
        if (k == n_any)
            return false;
        taken |= UINT64_C(1) << k;
    }
    for (uint32_t i = n_any; i < x->n_args; i++)
        if (!is_turned(x->args[i], y->args[i]))
            return false;
    return true;
}

/* Whether y is x with a and b exchanged, as far as its form shows. */
static bool is_turned(const hd_pair_node *x, const hd_pair_node *y)
{
    if (x->op != y->op || x->type != y->type || x->n_args != y->n_args)
        return false;
    if (is_slot(x))
        return x->side != y->side && x->slot == y->slot;
    if (x->op == HD_OP_LITERAL)
        return x->literal == y->literal;
    return x->function == y->function && args_are_turned(x, y);
}

static bool compares_slots(const hd_pair_node *node)
{
    if (node->op != HD_OP_AND && node->op != HD_OP_OR && node->op != HD_OP_NOT)
        return node->form == HD_PAIR_SLOTS_EQUAL || is_slot(node);
    for (uint32_t i = 0; i < node->n_args; i++)
        if (!compares_slots(node->args[i]))
            return false;
    return true;
}

static uint32_t cost_of_levels(const hd_plan *plan, uint32_t c, uint32_t begin, uint32_t end)
{
    uint32_t cost = 0;
    for (uint32_t l = begin; l < end; l++) {
        const hd_pair_node *when = plan->comparison[c].when[l];
        cost += when ? cost_of(when) : 0;
    }
    return cost;
}

/* By cost; of equal ones the one that was there stays before. */
static void add_step(hd_plan *plan, hd_plan_step step, uint32_t cost, uint32_t costs[])
{
    uint32_t at = plan->n_steps++;
    for (; at > 0 && costs[at - 1] > cost; at--) {
        plan->step[at] = plan->step[at - 1];
        costs[at] = costs[at - 1];
    }
    plan->step[at] = step;
    costs[at] = cost;
}

/* The first levels of a comparison that compare slots are a step, each other level another one; all
 * of those have the cost of the comparison's rest, which keeps them in order. */
static void make_steps(hd_plan *plan)
{
    enum { COSTLY = 1 << 20 };
    uint32_t costs[HD_COMPARISONS_MAX * HD_LEVELS_MAX];
    for (uint32_t c = 0; c < plan->n_comparisons; c++) {
        const hd_plan_comparison *comparison = &plan->comparison[c];
        uint8_t n = (uint8_t)comparison->n_levels, cheap = 0;
        bool begins_cheap = !comparison->unless || compares_slots(comparison->unless);
        while (begins_cheap && cheap + 1 < n && compares_slots(comparison->when[cheap]))
            cheap++;
        if (begins_cheap && cheap + 1 == n)
            cheap = n; /* the last level costs nothing */
        if (cheap > 0)
            add_step(plan, (hd_plan_step){(uint8_t)c, 0, cheap, false},
                     cost_of_levels(plan, c, 0, cheap), costs);
        uint32_t cost = COSTLY + cost_of_levels(plan, c, cheap, n);
        for (uint8_t l = cheap; l < n; l++)
            add_step(plan, (hd_plan_step){(uint8_t)c, l, l + 1, true}, cost, costs);
    }
}

static hd_status compile_comparisons(hd_ctx *ctx, maker *m)
{
    hd_plan *plan = m->plan;
    const hd_ruleset *ruleset = plan->ruleset;
    plan->n_patterns = 1;
    plan->n_comparisons = ruleset->n_comparisons;
    for (uint32_t c = 0; c < ruleset->n_comparisons; c++) {
        const hd_comparison *in = &ruleset->comparisons[c];
        hd_plan_comparison *out = &plan->comparison[c];
        HD_TRY(compile_needs(ctx, m, in, out));
        out->unless = in->unless ? compile(m, in->unless) : NULL;
        out->n_levels = in->n_levels;
        for (uint32_t l = 0; l < in->n_levels; l++) {
            const hd_level *level = &in->levels[l];
            out->when[l] = level->when ? compile(m, level->when) : NULL;
            out->frequency_slot[l] = level->frequency ? (int32_t)add_slot(m, level->frequency) : -1;
        }
        out->radix = (uint32_t)plan->n_patterns;
        plan->n_patterns *= in->n_levels + 1;
        if (plan->n_patterns > UINT32_MAX)
            return HD_FAIL(ctx, HD_CONFIG,
                           "comparisons have more than 2^32 combinations of levels, "
                           "at comparison %.*s",
                           HD_ARG(in->code));
    }
    make_steps(plan);
    return HD_OK;
}

static hd_status fill_rows(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    const maker *m = arg;
    hd_plan *plan = m->plan;
    hd_mention begin = task * ROWS_PIECE, end = begin + ROWS_PIECE;
    if (end > plan->mentions->n)
        end = plan->mentions->n;
    for (uint32_t s = 1; s < plan->n_slots; s++) {
        if (m->again && !plan->person_expr[s])
            continue;
        const hd_computed *computed = &m->computed->item[m->number[s]];
        for (hd_mention i = begin; i < end; i++)
            plan->rows[(size_t)i * plan->stride + s] = hd_computed_get(computed, i);
    }
    for (hd_mention i = begin; i < end; i++) {
        uint32_t *row = plan->rows + (size_t)i * plan->stride, known = 0;
        for (uint32_t k = 0; k < plan->n_needs; k++)
            known |= (uint32_t)(row[plan->need_slot[k]] != HD_NONE) << k;
        row[0] = known;
    }
    return HD_OK;
}

static hd_status fill(hd_ctx *ctx, maker *m)
{
    return hd_parallel(ctx, (m->plan->mentions->n + ROWS_PIECE - 1) / ROWS_PIECE, fill_rows, m);
}

static hd_status make(hd_ctx *ctx, maker *m)
{
    hd_plan *plan = m->plan;
    const hd_ruleset *ruleset = plan->ruleset;
    m->number = HD_NEW_N(&plan->arena, uint32_t, count_slots(ruleset));
    plan->person_expr = HD_NEW_N(&plan->arena, const hd_expr *, count_slots(ruleset));
    HD_TRY(compile_comparisons(ctx, m));
    plan->n_conflicts = ruleset->n_conflicts;
    for (uint32_t i = 0; i < ruleset->n_conflicts; i++) {
        plan->conflict[i] = compile(m, ruleset->conflicts[i].when);
        plan->turns[i] = !is_turned(plan->conflict[i], plan->conflict[i]);
    }
    HD_TRY_DOING(ctx, hd_computed_run(ctx, m->computed), "computing what is compared");
    plan->stride = (plan->n_slots + 3) & ~UINT32_C(3);
    plan->rows = hd_alloc_mapped(plan->mentions->n, plan->stride * sizeof *plan->rows);
    return fill(ctx, m);
}

hd_status hd_plan_again(hd_ctx *ctx, hd_computed_set *computed, hd_plan *plan)
{
    maker m = {.plan = plan, .computed = computed, .again = true};
    m.number = hd_alloc_zero(plan->n_slots, sizeof *m.number);
    for (uint32_t s = 1; s < plan->n_slots; s++)
        if (plan->person_expr[s])
            m.number[s] = hd_computed_add(computed, plan->person_expr[s]);
    hd_status status = hd_computed_run(ctx, computed);
    if (status == HD_OK)
        status = fill(ctx, &m);
    hd_free(m.number);
    return status;
}

hd_status hd_plan_make(hd_ctx *ctx, const hd_ruleset *ruleset, hd_computed_set *computed,
                       hd_plan *plan)
{
    *plan = (hd_plan){.ruleset = ruleset, .mentions = computed->mentions, .n_slots = 1};
    maker m = {.plan = plan, .computed = computed};
    return make(ctx, &m);
}

void hd_plan_release(hd_plan *plan)
{
    hd_free_mapped(plan->rows);
    hd_arena_release(&plan->arena);
    *plan = (hd_plan){0};
}

/* ---- patterns and weights ---- */

uint32_t hd_plan_pattern(const hd_plan *plan, const uint32_t *row_a, const uint32_t *row_b,
                         hd_env *env)
{
    const uint32_t *const row[2] = {row_a, row_b};
    uint32_t known = row_a[0] & row_b[0], pattern = 0;
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

uint32_t hd_plan_level(const hd_plan *plan, uint32_t pattern, uint32_t comparison)
{
    const hd_plan_comparison *c = &plan->comparison[comparison];
    return pattern / c->radix % (c->n_levels + 1);
}

/* Prior and levels of a pattern, without term frequencies. */
static int32_t levels_weight(const hd_plan *plan, const hd_weights *weights, uint32_t pattern)
{
    int32_t weight = weights->prior;
    for (uint32_t c = 0; c < plan->n_comparisons; c++) {
        uint32_t radix = plan->comparison[c].n_levels + 1;
        weight += weights->level[c][pattern % radix];
        pattern /= radix;
    }
    return weight;
}

int32_t hd_plan_weight(const hd_plan *plan, const hd_weights *weights, uint32_t pattern,
                       const uint32_t *row_a, const uint32_t *row_b)
{
    int32_t weight =
        weights->by_pattern ? weights->by_pattern[pattern] : levels_weight(plan, weights, pattern);
    for (uint32_t rest = weights->with_frequency; rest; rest &= rest - 1) {
        uint32_t c = (uint32_t)__builtin_ctz(rest), level = hd_plan_level(plan, pattern, c);
        if (level && weights->frequency[c][level - 1]) {
            int32_t slot = plan->comparison[c].frequency_slot[level - 1];
            weight += hd_weights_frequency(weights, c, level - 1, row_a[slot], row_b[slot]);
        }
    }
    return weight;
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

static int32_t fixed(double bits)
{
    return (int32_t)lround(bits * HD_WEIGHT_ONE);
}

/* Adjustment of each value's weight; a value that the model does not know has the floor. */
static void make_frequencies(const hd_model_comparison *comparison, uint32_t l, hd_weights *out,
                             int32_t **table)
{
    const hd_model_level *level = &comparison->level[l];
    double u = 0;
    for (uint32_t i = 0; i <= l; i++)
        u += comparison->level[i].u;
    *table = hd_alloc((size_t)(out->n_frequency ? out->n_frequency : 1) * sizeof **table);
    int32_t unseen = fixed(log2(u / level->frequency_floor));
    for (uint32_t t = 0; t < out->n_frequency; t++)
        (*table)[t] = unseen;
    for (uint32_t i = 0; i < level->n_terms; i++)
        (*table)[level->terms[i].text] =
            fixed(log2(u / fmax(level->terms[i].frequency, level->frequency_floor)));
}

void hd_weights_make(const hd_plan *plan, const hd_model *model, hd_weights *out)
{
    *out = (hd_weights){.prior = fixed(log2(model->prior / (1 - model->prior))),
                        .n_frequency = hd_pool_limit(plan->ruleset->texts)};
    for (uint32_t c = 0; c < plan->n_comparisons; c++) {
        for (uint32_t l = 0; l < plan->comparison[c].n_levels; l++) {
            const hd_model_level *level = &model->comparison[c].level[l];
            out->level[c][l + 1] = fixed(log2(level->m / level->u));
            if (plan->comparison[c].frequency_slot[l] < 0 || !(level->frequency_floor > 0))
                continue;
            make_frequencies(&model->comparison[c], l, out, &out->frequency[c][l]);
            out->with_frequency |= UINT32_C(1) << c;
        }
    }
    if (plan->n_patterns > FEW_PATTERNS)
        return;
    out->by_pattern = hd_alloc(plan->n_patterns * sizeof *out->by_pattern);
    for (uint32_t p = 0; p < plan->n_patterns; p++)
        out->by_pattern[p] = levels_weight(plan, out, p);
}

void hd_weights_release(hd_weights *weights)
{
    for (uint32_t c = 0; c < HD_COMPARISONS_MAX; c++)
        for (uint32_t l = 0; l < HD_LEVELS_MAX; l++)
            hd_free(weights->frequency[c][l]);
    hd_free(weights->by_pattern);
    *weights = (hd_weights){0};
}
