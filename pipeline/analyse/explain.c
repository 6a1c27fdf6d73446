#include "pipeline/analyse/explain.h"

#include "base/mem.h"
#include "pipeline/pairs.h"
#include "pipeline/weights.h"

enum { PAIRS_MAX = 4096 }; /* between two persons, to look at: cluster refuses more, too */

/* What an explanation is made with. */
typedef struct explainer {
    const hd_run *run;
    hd_explained *out;
    hd_weights weights;
    hd_env pair_env; /* scratch of the compiled conditions */
    hd_env row_env;  /* of expressions over mentions */
    hd_mention_row row;
} explainer;

static uint64_t fields_of(const hd_expr *expr)
{
    if (!expr)
        return 0;
    if (expr->op == HD_OP_REF)
        return expr->ref.what == HD_REF_BUILTIN || expr->ref.what == HD_REF_RELATED ||
                       expr->ref.role >= 0
                   ? 0
                   : UINT64_C(1) << expr->ref.index;
    uint64_t fields = 0;
    for (uint32_t i = 0; i < expr->n_args; i++)
        fields |= fields_of(expr->args[i]);
    return fields;
}

/* ---- weights ---- */

/* What a comparison at a level adds: the weight of a pattern that has nothing else. */
static int32_t contribution(const explainer *e, uint32_t c, uint32_t level)
{
    const hd_plan *plan = &e->run->plan;
    return hd_plan_weight(plan, &e->weights, level * plan->comparison[c].radix,
                          hd_plan_row(plan, e->out->a), hd_plan_row(plan, e->out->b)) -
           e->weights.prior;
}

static uint64_t needs_of(const hd_comparison *comparison)
{
    uint64_t fields = 0;
    for (uint32_t i = 0; i < comparison->n_needs; i++)
        fields |= fields_of(comparison->needs[i]);
    return fields;
}

uint64_t hd_explain_fields(const hd_ruleset *ruleset)
{
    uint64_t fields = 0;
    for (uint32_t c = 0; c < ruleset->n_comparisons; c++)
        fields |= needs_of(&ruleset->comparisons[c]);
    return fields;
}

static void look_at_fields(const explainer *e, uint32_t c, hd_explained_comparison *out)
{
    const hd_comparison *comparison = &e->run->ruleset->comparisons[c];
    out->fields = needs_of(comparison);
    for (uint32_t i = 0; i < comparison->n_needs; i++)
        out->persons |= hd_expr_related(comparison->needs[i]);
    if (out->level)
        out->fields |= fields_of(comparison->levels[out->level - 1].when);
}

/* The level that would do, of those the one that changes least. */
static void find_enough(const explainer *e, uint32_t c, int32_t has, hd_explained_comparison *out)
{
    int32_t lacks = e->out->threshold - e->out->weight;
    if (lacks <= 0) {
        out->decisive = e->out->weight - has < e->out->threshold;
        return;
    }
    for (uint32_t level = 1; level <= e->run->plan.comparison[c].n_levels; level++) {
        int32_t gain = contribution(e, c, level) - has;
        if (gain >= lacks && (!out->enough_level || gain < out->enough_gain)) {
            out->enough_level = level;
            out->enough_gain = gain;
        }
    }
}

static void weigh(explainer *e)
{
    const hd_plan *plan = &e->run->plan;
    const uint32_t *row_a = hd_plan_row(plan, e->out->a), *row_b = hd_plan_row(plan, e->out->b);
    hd_pattern pattern = hd_plan_pattern(plan, row_a, row_b, &e->pair_env);
    e->out->prior = e->weights.prior;
    e->out->weight = hd_plan_weight(plan, &e->weights, pattern, row_a, row_b);
    e->out->threshold = (int32_t)(e->run->ruleset->match_threshold_bits * HD_WEIGHT_ONE);
    e->out->n_comparisons = plan->n_comparisons;
    for (uint32_t c = 0; c < plan->n_comparisons; c++) {
        hd_explained_comparison *out = &e->out->comparison[c];
        out->level = hd_plan_level(plan, pattern, c);
        int32_t has = contribution(e, c, out->level);
        out->weight = e->weights.level[c][out->level];
        out->frequency = has - out->weight;
        look_at_fields(e, c, out);
        find_enough(e, c, has, out);
    }
}

/* ---- passes ---- */

static hd_value value_of(explainer *e, const hd_expr *expr, hd_mention i)
{
    e->row = (hd_mention_row){&e->run->mentions, {i, i}};
    return hd_expr_eval(expr, &e->row_env);
}

static void compare_keys(explainer *e, const hd_pass *pass, hd_explained_pass *out)
{
    for (uint32_t k = 0; k < pass->n_keys && k < 32; k++) {
        hd_value a = value_of(e, pass->keys[k], e->out->a);
        hd_value b = value_of(e, pass->keys[k], e->out->b);
        uint64_t fields = fields_of(pass->keys[k]);
        uint32_t persons = hd_expr_related(pass->keys[k]);
        if (a == HD_NULL) {
            out->lacks[0] |= UINT32_C(1) << k;
            out->lacks_fields[0] |= fields;
            out->lacks_persons[0] |= persons;
        }
        if (b == HD_NULL) {
            out->lacks[1] |= UINT32_C(1) << k;
            out->lacks_fields[1] |= fields;
            out->lacks_persons[1] |= persons;
        }
        if (a != HD_NULL && b != HD_NULL && a != b) {
            out->differ |= UINT32_C(1) << k;
            out->differ_fields |= fields;
            out->differ_persons |= persons;
        }
    }
    out->same_key = !out->differ && !out->lacks[0] && !out->lacks[1];
}

static bool same_block(const hd_run *run, uint32_t pass, hd_mention a, hd_mention b)
{
    const hd_blocks *blocks = &run->blocks;
    uint32_t x = blocks->block_of[(size_t)a * blocks->n_passes + pass];
    return x && x == blocks->block_of[(size_t)b * blocks->n_passes + pass] &&
           hd_pair_possible(&run->plan, a, b);
}

int hd_explain_pass(const hd_run *run, hd_mention a, hd_mention b)
{
    for (uint32_t p = 0; p < run->blocks.n_passes; p++)
        if (same_block(run, p, a, b))
            return (int)p;
    return -1;
}

static void look_at_passes(explainer *e)
{
    e->out->n_passes = e->run->blocks.n_passes;
    e->out->first_pass = hd_explain_pass(e->run, e->out->a, e->out->b);
    for (uint32_t p = 0; p < e->out->n_passes; p++) {
        e->out->pass[p].same_block = same_block(e->run, p, e->out->a, e->out->b);
        compare_keys(e, &e->run->ruleset->passes[p], &e->out->pass[p]);
    }
}

/* ---- conflicts ---- */

/* All that hold, in either order. */
static uint64_t conflicts_of(explainer *e, hd_mention a, hd_mention b)
{
    const hd_ruleset *ruleset = e->run->ruleset;
    uint64_t found = 0;
    for (uint32_t i = 0; i < ruleset->n_conflicts; i++)
        for (int turned = 0; turned < 2; turned++) {
            e->row = (hd_mention_row){&e->run->mentions, {turned ? b : a, turned ? a : b}};
            if (hd_expr_holds(ruleset->conflicts[i].when, &e->row_env))
                found |= UINT64_C(1) << i;
        }
    return found;
}

/* ---- one person: the way from a to b ---- */

/* Place of a mention among its cluster's, which are in order. */
static uint32_t place_of(const hd_clusters *clusters, hd_mention i)
{
    uint32_t low = clusters->start[clusters->of[i]], high = clusters->start[clusters->of[i] + 1];
    uint32_t begin = low;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (clusters->member[middle] < i)
            low = middle + 1;
        else
            high = middle;
    }
    return low - begin;
}

/* A cluster's links are a tree over its members: from a on, the edge by which each is reached. */
static void reach(const hd_clusters *clusters, hd_mention a, const hd_edge **by)
{
    uint32_t begin = clusters->start[clusters->of[a]], end = clusters->start[clusters->of[a] + 1];
    uint32_t from = place_of(clusters, a);
    for (bool more = true; more;) {
        more = false;
        for (uint32_t i = begin; i < end; i++) {
            const hd_edge *link = &clusters->link[clusters->member[i]];
            if (link->weight == HD_EDGE_NONE)
                continue;
            uint32_t x = place_of(clusters, link->a), y = place_of(clusters, link->b);
            bool has_x = x == from || by[x], has_y = y == from || by[y];
            if (has_x == has_y)
                continue;
            by[has_x ? y : x] = link;
            more = true;
        }
    }
}

static void find_path(explainer *e)
{
    const hd_clusters *clusters = &e->run->clusters;
    uint32_t c = clusters->of[e->out->a], n = clusters->start[c + 1] - clusters->start[c], left = n;
    const hd_edge **by = HD_NEW_N(&e->out->arena, const hd_edge *, n);
    const hd_edge **path = HD_NEW_N(&e->out->arena, const hd_edge *, n);
    reach(clusters, e->out->a, by);
    for (hd_mention at = e->out->b; at != e->out->a;) {
        const hd_edge *edge = by[place_of(clusters, at)];
        HD_ASSERT(edge && left);
        path[--left] = edge;
        at = edge->a == at ? edge->b : edge->a;
    }
    e->out->path = path + left;
    e->out->n_path = n - left;
}

/* ---- two persons: what stands between them ---- */

static void look_at_other_pair(explainer *e, hd_mention i, hd_mention k)
{
    hd_explained_others *out = &e->out->others;
    const hd_plan *plan = &e->run->plan;
    hd_mention a = i < k ? i : k, b = i < k ? k : i;
    const uint32_t *row_a = hd_plan_row(plan, a), *row_b = hd_plan_row(plan, b);
    hd_pattern pattern = hd_plan_pattern(plan, row_a, row_b, &e->pair_env);
    out->evidence += hd_plan_weight(plan, &e->weights, pattern, row_a, row_b) - e->weights.prior;
    out->n_pairs++;
    if (a == e->out->a && b == e->out->b)
        return;
    if (hd_mention_same_record(&e->run->mentions, a, b) && !out->one_record) {
        out->one_record = true;
        out->one_record_pair[0] = a;
        out->one_record_pair[1] = b;
    }
    uint64_t conflicts = conflicts_of(e, a, b);
    if (conflicts && !out->conflicts) {
        out->conflict_pair[0] = a;
        out->conflict_pair[1] = b;
    }
    out->conflicts |= conflicts;
}

static const hd_review *find_review(const explainer *e)
{
    const hd_clusters *clusters = &e->run->clusters;
    uint32_t of_a = clusters->of[e->out->a], of_b = clusters->of[e->out->b];
    const hd_review *found = NULL;
    for (size_t i = 0; i < clusters->n_review; i++) {
        const hd_review *r = &clusters->review[i];
        if (r->a == e->out->a && r->b == e->out->b)
            return r;
        uint32_t x = clusters->of[r->a], y = clusters->of[r->b];
        bool between = (x == of_a && y == of_b) || (x == of_b && y == of_a);
        if (between && (!found || r->weight > found->weight))
            found = r;
    }
    return found;
}

static void look_between(explainer *e)
{
    const hd_clusters *clusters = &e->run->clusters;
    uint32_t of_a = clusters->of[e->out->a], of_b = clusters->of[e->out->b];
    uint64_t n_a = clusters->start[of_a + 1] - clusters->start[of_a];
    uint64_t n_b = clusters->start[of_b + 1] - clusters->start[of_b];
    e->out->others.review = find_review(e);
    if (n_a * n_b > PAIRS_MAX) {
        e->out->others.too_many = true;
        return;
    }
    for (uint32_t x = clusters->start[of_a]; x < clusters->start[of_a + 1]; x++)
        for (uint32_t y = clusters->start[of_b]; y < clusters->start[of_b + 1]; y++)
            look_at_other_pair(e, clusters->member[x], clusters->member[y]);
}

/* ---- two persons: who contests the pair ---- */

static bool pair_kept_apart(explainer *e, hd_mention a, hd_mention b)
{
    return hd_pair_apart(&e->run->mentions, &e->run->given, a, b) != HD_APART_NOT ||
           conflicts_of(e, a, b);
}

/* Whether any pair of the two mentions' persons is. */
static bool kept_apart(explainer *e, hd_mention a, hd_mention b)
{
    const hd_clusters *c = &e->run->clusters;
    uint32_t of_a = c->of[a], of_b = c->of[b];
    uint64_t n_a = c->start[of_a + 1] - c->start[of_a], n_b = c->start[of_b + 1] - c->start[of_b];
    if (n_a * n_b > PAIRS_MAX)
        return false;
    for (uint32_t x = c->start[of_a]; x < c->start[of_a + 1]; x++)
        for (uint32_t y = c->start[of_b]; y < c->start[of_b + 1]; y++)
            if (pair_kept_apart(e, c->member[x], c->member[y]))
                return true;
    return false;
}

/* Whether `rival` leads from `shared`, one end of the pair, to a third person who cannot be the
 * other end, as cluster asks of a contested edge. */
static bool contests(explainer *e, const hd_review *pair, const hd_edge *rival, hd_mention shared)
{
    const uint32_t *of = e->run->clusters.of;
    hd_mention other = pair->a == shared ? pair->b : pair->a;
    hd_mention third = rival->a == shared ? rival->b : rival->a;
    return (rival->a == shared || rival->b == shared) && of[third] != of[shared] &&
           of[third] != of[other] && kept_apart(e, third, other) && !kept_apart(e, third, shared);
}

/* The heaviest edge that contests the pair: which of several was the reason does not matter. */
static void find_rival(explainer *e)
{
    hd_explained_others *out = &e->out->others;
    const hd_review *pair = out->review;
    if (!pair || pair->conflict != HD_REVIEW_CONTESTED)
        return;
    for (size_t i = 0; i < e->run->edges.n; i++) {
        const hd_edge *rival = &e->run->edges.edge[i];
        bool by_a = contests(e, pair, rival, pair->a);
        if (!by_a && !contests(e, pair, rival, pair->b))
            continue;
        out->rival = rival;
        out->shared = by_a ? pair->a : pair->b;
        out->third = rival->a == out->shared ? rival->b : rival->a;
        return;
    }
}

/* ---- the verdict ---- */

/* In the order in which cluster decides. */
static hd_verdict judge(const explainer *e)
{
    const hd_explained *out = e->out;
    const hd_mentions *m = &e->run->mentions;
    const hd_given *given = &e->run->given;
    if (out->path && hd_given_same(given, out->a, out->b))
        return HD_VERDICT_TOLD;
    if (out->path)
        return out->n_path == 1 ? HD_VERDICT_EDGE : HD_VERDICT_THROUGH;
    if (out->one_record)
        return HD_VERDICT_ONE_RECORD;
    if (hd_given_apart(given, out->a, out->b))
        return HD_VERDICT_TOLD_APART;
    if (m->source[out->a] == m->source[out->b] && hd_mention_duplicate_free(m, out->a) &&
        hd_mention_duplicate_free(m, out->b))
        return HD_VERDICT_DUPLICATE_FREE;
    if (out->not_asked)
        return HD_VERDICT_MODE;
    if (out->weight < out->threshold)
        return HD_VERDICT_BELOW;
    if (out->conflicts)
        return HD_VERDICT_CONFLICT;
    return out->first_pass < 0 ? HD_VERDICT_NOT_MADE : HD_VERDICT_OTHERS;
}

/* Whether nothing else stands against it: what all other pairs say counts, conflicts apart. */
static bool would_join_without(const hd_explained *out)
{
    const hd_explained_others *others = &out->others;
    uint64_t conflicts = out->conflicts | others->conflicts;
    if (others->one_record || others->too_many || others->evidence < 0)
        return false;
    if (out->verdict == HD_VERDICT_NOT_MADE)
        return !conflicts;
    bool by_conflict =
        out->verdict == HD_VERDICT_CONFLICT ||
        (out->verdict == HD_VERDICT_OTHERS && others->review && others->review->conflict >= 0);
    return by_conflict && out->first_pass >= 0;
}

void hd_explain(const hd_run *run, hd_mention a, hd_mention b, hd_explained *out)
{
    *out = (hd_explained){.a = a < b ? a : b, .b = a < b ? b : a};
    explainer e = {.run = run, .out = out};
    e.pair_env = e.row_env = hd_ruleset_env(run->ruleset);
    e.row_env.load = hd_mention_load;
    e.row_env.row = &e.row;
    hd_weights_make(&run->plan, run->model, &e.weights);
    out->one_record = hd_mention_same_record(&run->mentions, a, b);
    out->not_asked = !out->one_record && !hd_pair_possible(&run->plan, a, b);
    weigh(&e);
    look_at_passes(&e);
    out->conflicts = conflicts_of(&e, out->a, out->b);
    if (run->clusters.of[a] == run->clusters.of[b])
        find_path(&e);
    else
        look_between(&e);
    find_rival(&e);
    out->verdict = judge(&e);
    out->would_join_without = would_join_without(out);
    hd_weights_release(&e.weights);
    hd_env_release(&e.pair_env);
    hd_env_release(&e.row_env);
}

void hd_explained_release(hd_explained *explained)
{
    hd_arena_release(&explained->arena);
    *explained = (hd_explained){0};
}
