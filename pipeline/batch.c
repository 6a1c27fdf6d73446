#include "pipeline/batch.h"

#include "base/mem.h"

enum { N = HD_BATCH_PAIRS };

/* ---- lanes ---- */

/* So many that all lanes together cost less than one by one: over four. */
static inline bool are_many(hd_lanes lanes)
{
    for (int i = 0; i < 4; i++)
        lanes &= lanes - 1;
    return lanes != 0;
}

static inline void add_to(uint32_t value[N], hd_lanes lanes, uint32_t add)
{
    unsigned lane;
    if (add == 0 || !lanes)
        return;
    if (!are_many(lanes)) {
        while (hd_lanes_next(&lanes, &lane))
            value[lane] += add;
        return;
    }
    hd_lanes_add(value, lanes, add);
}

/* Where nearly all lanes are meant, the others are taken back. */
static inline void add_weight(hd_pair_batch *batch, hd_lanes lanes, int32_t add)
{
    hd_lanes rest = batch->lanes & ~lanes;
    if (!lanes || are_many(rest)) {
        add_to((uint32_t *)batch->weight, lanes, (uint32_t)add);
        return;
    }
    batch->base += add;
    add_to((uint32_t *)batch->weight, rest, -(uint32_t)add);
}

/* ---- columns ---- */

static const uint32_t *column_of(hd_pair_batch *batch, unsigned side, uint32_t slot)
{
    size_t number = side * (size_t)batch->plan->n_slots + slot;
    uint32_t *column = batch->column + number * N;
    if (batch->fetched[number])
        return column;
    batch->fetched[number] = true;
    for (unsigned i = 0; i < N; i++)
        column[i] = batch->row[side][i][slot];
    return column;
}

static hd_lanes columns_equal(hd_pair_batch *batch, uint32_t slot_a, uint32_t slot_b)
{
    const uint32_t *a = column_of(batch, 0, slot_a), *b = column_of(batch, 1, slot_b);
    hd_lanes equal = 0;
    for (unsigned i = 0; i < N; i += 4) {
        hd_quad x = *(const hd_quad *)(a + i), y = *(const hd_quad *)(b + i);
        equal |= hd_quad_bits((x == y) & (x != HD_NONE)) << i;
    }
    return equal;
}

static const uint32_t *first_row(const hd_pair_batch *batch)
{
    return batch->row[0][__builtin_ctzll(batch->lanes)];
}

static hd_lanes slots_equal(hd_pair_batch *batch, uint32_t slot_a, uint32_t slot_b, hd_lanes wanted)
{
    hd_lanes equal = 0;
    unsigned i;
    if (are_many(wanted)) {
        if (!batch->columns)
            return columns_equal(batch, slot_a, slot_b) & wanted;
        uint32_t x = first_row(batch)[slot_a];
        const uint32_t *b = batch->columns->slots + slot_b * batch->columns->stride;
        return x == HD_NONE ? 0 : hd_lanes_equal(x, b) & wanted;
    }
    while (hd_lanes_next(&wanted, &i)) {
        uint32_t x = batch->row[0][i][slot_a];
        equal |= (hd_lanes)(x != HD_NONE && x == batch->row[1][i][slot_b]) << i;
    }
    return equal;
}

/* Lanes in which a side's slot, a bool, is `x`. */
static hd_lanes slot_is(hd_pair_batch *batch, unsigned side, uint32_t slot, uint32_t x)
{
    const hd_batch_columns *columns = batch->columns;
    if (!columns)
        return hd_lanes_equal(x, column_of(batch, side, slot));
    if (side == 1)
        return hd_lanes_equal(x, columns->slots + slot * columns->stride);
    return first_row(batch)[slot] == x ? UINT64_MAX : 0;
}

/* Lanes in which a and b have one of `bits` in common in their first slots. */
static hd_lanes common_bits(hd_pair_batch *batch, uint32_t bits)
{
    hd_lanes lanes = 0;
    const uint32_t *a = column_of(batch, 0, 0), *b = column_of(batch, 1, 0);
    for (unsigned i = 0; i < N; i += 4) {
        hd_quad common = *(const hd_quad *)(a + i) & *(const hd_quad *)(b + i) & bits;
        lanes |= hd_quad_bits(common != 0) << i;
    }
    return lanes & batch->lanes;
}

/* ---- conditions ---- */

/* Of the lanes those in which both sides have a value, which is on its way. */
static hd_lanes both_known(const hd_pair_batch *batch, const hd_plan_measure *m, hd_lanes lanes)
{
    hd_lanes known = 0;
    unsigned i;
    while (hd_lanes_next(&lanes, &i)) {
        uint32_t x = batch->row[0][i][m->slot_a], y = batch->row[1][i][m->slot_b];
        if (x == HD_NONE || y == HD_NONE)
            continue;
        known |= UINT64_C(1) << i;
        hd_measure_fetch(m->measure, x, batch->env);
        hd_measure_fetch(m->measure, y, batch->env);
    }
    return known;
}

/* Where a or b has no value there is no result. */
static void measure(hd_pair_batch *batch, uint32_t number, hd_lanes lanes)
{
    const hd_plan_measure *m = &batch->plan->measure[number];
    struct hd_batch_measure *out = &batch->measure[number];
    const hd_batch_columns *columns = batch->columns;
    if (!out->done)
        memset(out->result, 0, sizeof out->result);
    out->done |= lanes;
    if (columns && columns->prepared[number])
        lanes &= ~hd_measure_prepared(m->measure, columns->prepared_a[number],
                                      columns->prepared[number], lanes, out->result);
    unsigned i;
    lanes = both_known(batch, m, lanes);
    while (hd_lanes_next(&lanes, &i)) {
        uint32_t x = batch->row[0][i][m->slot_a], y = batch->row[1][i][m->slot_b];
        out->result[hd_measure_values(m->measure, x, y, batch->env)] |= UINT64_C(1) << i;
    }
}

static hd_lanes is_measured(hd_pair_batch *batch, const hd_pair_node *node, hd_lanes wanted)
{
    const struct hd_batch_measure *m = &batch->measure[node->measure];
    hd_lanes holds = 0;
    if (wanted & ~m->done)
        measure(batch, node->measure, wanted & ~m->done);
    for (uint32_t results = node->holds; results; results &= results - 1)
        holds |= m->result[__builtin_ctz(results)];
    return holds & wanted;
}

static hd_lanes evaluate(const hd_pair_batch *batch, const hd_pair_node *node, bool truth,
                         hd_lanes wanted)
{
    hd_lanes lanes = 0;
    unsigned i;
    while (hd_lanes_next(&wanted, &i))
        lanes |= (hd_lanes)hd_plan_condition_is(batch->plan, node, truth, batch->row[0][i],
                                                batch->row[1][i], batch->env)
                 << i;
    return lanes;
}

/* Of the lanes that are wanted those in which the condition is known to be `truth`. What is unknown
 * is neither, so that `and` and `or` are the same with true and false exchanged (Kleene). */
static hd_lanes lanes_where(hd_pair_batch *batch, const hd_pair_node *node, bool truth,
                            hd_lanes wanted)
{
    hd_lanes lanes = 0;
    const hd_pair_node *inner;
    if (node->form == HD_PAIR_SLOTS_EQUAL && truth)
        return slots_equal(batch, node->slot_a, node->slot_b, wanted);
    if (node->form == HD_PAIR_MEASURED && truth)
        return is_measured(batch, node, wanted);
    switch (node->op) {
    case HD_OP_REF:
        return slot_is(batch, node->side, node->slot, truth) & wanted;
    case HD_OP_NOT:
        return lanes_where(batch, node->args[0], !truth, wanted);
    case HD_OP_AND:
    case HD_OP_OR:
        break;
    default:
        inner = hd_pair_or_false(node);
        if (!inner)
            return evaluate(batch, node, truth, wanted);
        lanes = lanes_where(batch, inner, true, wanted);
        return truth ? lanes : wanted & ~lanes;
    }
    bool any = truth == (node->op == HD_OP_OR); /* one decides; else it takes all */
    for (uint32_t i = 0; i < node->n_args && wanted; i++) {
        hd_lanes found = lanes_where(batch, node->args[i], truth, wanted);
        lanes |= found;
        wanted = any ? wanted & ~found : found;
    }
    return any ? lanes : wanted;
}

/* ---- comparisons ---- */

/* The most that the frequencies of a level add. */
static int32_t most_frequency(const hd_weights *weights, uint32_t c, uint32_t l)
{
    int32_t most = 0; /* a value that the table does not hold adds nothing */
    for (uint32_t i = 0; weights->frequency[c][l] && i < weights->n_frequency; i++)
        if (weights->frequency[c][l][i] > most)
            most = weights->frequency[c][l][i];
    return most;
}

void hd_bounds_make(const hd_plan *plan, const hd_weights *weights, int32_t threshold,
                    hd_bounds *out)
{
    *out = (hd_bounds){.weights = weights, .threshold = threshold};
    for (uint32_t c = 0; c < plan->n_comparisons; c++) {
        const hd_plan_comparison *comparison = &plan->comparison[c];
        int32_t best = INT32_MIN;
        for (uint32_t l = comparison->n_levels; l-- > 0;) {
            int32_t most = weights->level[c][l + 1] + most_frequency(weights, c, l);
            best = most > best ? most : best;
            out->best_from[c][l] = best;
        }
        out->best[c] = comparison->unless && best < 0 ? 0 : best;
    }
}

/* Word of the 64 bits from `at` on. */
static hd_lanes bits_from(const hd_lanes *words, size_t at)
{
    size_t word = at / HD_LANES, shift = at % HD_LANES;
    return shift ? words[word] >> shift | words[word + 1] << (HD_LANES - shift) : words[word];
}

/* What is known on both sides, of pairs of one mention. */
static void open_beside(hd_pair_batch *batch)
{
    const hd_batch_columns *columns = batch->columns;
    hd_lanes known[HD_PLAN_NEEDS_MAX];
    uint32_t known_a = first_row(batch)[0];
    for (uint32_t rest = known_a; rest; rest &= rest - 1) {
        unsigned k = (unsigned)__builtin_ctz(rest);
        known[k] = bits_from(columns->known + k * columns->known_stride, columns->at);
    }
    for (uint32_t c = 0; c < batch->plan->n_comparisons; c++) {
        batch->open[c] = 0;
        for (uint32_t rest = known_a & batch->plan->comparison[c].known_bits; rest;
             rest &= rest - 1)
            batch->open[c] |= known[__builtin_ctz(rest)];
        batch->open[c] &= batch->lanes;
    }
}

/* The bounds before anything is compared, by what is known on both sides. */
static void begin_weights(hd_pair_batch *batch)
{
    batch->base = batch->bounds->weights->prior;
    memset(batch->weight, 0, sizeof batch->weight);
    for (uint32_t c = 0; c < batch->plan->n_comparisons; c++)
        add_weight(batch, batch->open[c], batch->bounds->best[c]);
}

static void begin(hd_pair_batch *batch)
{
    const hd_plan *plan = batch->plan;
    memset(batch->n_found, 0, sizeof batch->n_found);
    memset(batch->fetched, 0, 2 * (size_t)plan->n_slots * sizeof *batch->fetched);
    for (uint32_t m = 0; m < plan->n_measures; m++)
        batch->measure[m].done = 0;
    if (batch->columns)
        open_beside(batch);
    else
        for (uint32_t c = 0; c < plan->n_comparisons; c++)
            batch->open[c] = common_bits(batch, plan->comparison[c].known_bits);
    if (batch->bounds)
        begin_weights(batch);
}

static void add_frequencies(hd_pair_batch *batch, const hd_weights *weights, uint32_t c, uint32_t l,
                            hd_lanes lanes)
{
    int32_t slot = batch->plan->comparison[c].frequency_slot[l];
    unsigned i;
    while (hd_lanes_next(&lanes, &i))
        batch->weight[i] +=
            hd_weights_frequency(weights, c, l, batch->row[0][i][slot], batch->row[1][i][slot]);
}

/* What `unless` says before the first level: missing, which weighs nothing. */
static void begin_comparison(hd_pair_batch *batch, uint32_t c, hd_lanes left)
{
    const hd_bounds *bounds = batch->bounds;
    const hd_pair_node *unless = batch->plan->comparison[c].unless;
    if (!unless)
        return;
    hd_lanes missing = lanes_where(batch, unless, true, batch->open[c] & left);
    batch->open[c] &= ~missing;
    if (!bounds)
        return;
    add_weight(batch, missing, -bounds->best[c]);
    add_weight(batch, batch->open[c], bounds->best_from[c][0] - bounds->best[c]);
}

static void take_step(hd_pair_batch *batch, const hd_plan_step *step, hd_lanes left)
{
    const hd_bounds *bounds = batch->bounds;
    uint32_t c = step->comparison;
    const hd_plan_comparison *comparison = &batch->plan->comparison[c];
    if (step->begin == 0)
        begin_comparison(batch, c, left);
    hd_lanes open = batch->open[c] & left;
    if (!open)
        return;
    uint32_t l = step->begin;
    for (; l < step->end && open; l++) {
        const hd_pair_node *when = comparison->when[l];
        hd_lanes found = when ? lanes_where(batch, when, true, open) : open;
        open &= ~found;
        batch->found[c][l] = found;
        if (!bounds)
            continue;
        int32_t best = bounds->best_from[c][step->begin];
        add_weight(batch, found, bounds->weights->level[c][l + 1] - best);
        if (bounds->weights->frequency[c][l])
            add_frequencies(batch, bounds->weights, c, l, found);
    }
    if (bounds && open) /* the last level leaves none open */
        add_weight(batch, open,
                   bounds->best_from[c][step->end] - bounds->best_from[c][step->begin]);
    batch->open[c] = open;
    batch->n_found[c] = (uint8_t)l;
}

static void add_level(hd_pattern pattern[N], hd_lanes lanes, hd_pattern add)
{
    unsigned lane;
    while (hd_lanes_next(&lanes, &lane))
        pattern[lane] += add;
}

static void make_patterns(hd_pair_batch *batch, hd_lanes lanes)
{
    memset(batch->pattern, 0, sizeof batch->pattern);
    for (uint32_t c = 0; c < batch->plan->n_comparisons; c++) {
        const hd_plan_comparison *comparison = &batch->plan->comparison[c];
        for (uint32_t l = 0; l < batch->n_found[c]; l++)
            add_level(batch->pattern, batch->found[c][l] & lanes, (l + 1) * comparison->radix);
    }
}

/* Of the lanes those that can still reach the threshold, or have. */
static hd_lanes in_reach(const hd_pair_batch *batch, hd_lanes left)
{
    hd_lanes lanes = 0;
    unsigned i;
    if (!batch->bounds)
        return left;
    int32_t least = batch->bounds->threshold - batch->base;
    if (are_many(left))
        return left & hd_lanes_at_least(batch->weight, least);
    while (hd_lanes_next(&left, &i))
        lanes |= (hd_lanes)(batch->weight[i] >= least) << i;
    return lanes;
}

hd_lanes hd_pair_batch_compare(hd_pair_batch *batch)
{
    const hd_plan *plan = batch->plan;
    hd_lanes left = batch->lanes;
    if (!left)
        return 0;
    begin(batch);
    for (uint32_t i = 0; i < plan->n_steps && left; i++) {
        if (plan->step[i].costly)
            left = in_reach(batch, left);
        take_step(batch, &plan->step[i], left);
    }
    left = in_reach(batch, left);
    if (left) {
        make_patterns(batch, left);
        add_to((uint32_t *)batch->weight, UINT64_MAX, (uint32_t)batch->base);
    }
    return left;
}

void hd_pair_batch_init(hd_pair_batch *batch, const hd_plan *plan, hd_env *env,
                        const hd_bounds *bounds)
{
    *batch = (hd_pair_batch){.plan = plan, .env = env, .bounds = bounds};
    batch->column = hd_alloc_lines(2 * (size_t)plan->n_slots, N * sizeof *batch->column);
    batch->fetched = hd_alloc_zero(2 * (size_t)plan->n_slots, sizeof *batch->fetched);
    batch->measure = hd_alloc_zero(plan->n_measures, sizeof *batch->measure);
}

void hd_pair_batch_release(hd_pair_batch *batch)
{
    hd_free(batch->column);
    hd_free(batch->fetched);
    hd_free(batch->measure);
    *batch = (hd_pair_batch){0};
}
