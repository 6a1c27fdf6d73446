#include "pipeline/plan.h"

#include "base/mem.h"
#include "base/parallel.h"
#include "pipeline/config/functions.h"

/* Of about 128 bytes: they stay in the second cache while slots are filled. */
enum { ROWS_PIECE = 1024 };

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
        out->radix = plan->n_patterns;
        plan->n_patterns *= in->n_levels + 1;
    }
    HD_ASSERT(plan->n_patterns <= HD_PATTERNS_MAX);
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
