#include "pipeline/analyse/train.h"

#include <math.h>

#include "base/mem.h"
#include "pipeline/analyse/first_fields.h"
#include "pipeline/analyse/terms.h"
#include "pipeline/analyse/train_provenance.h"
#include "pipeline/pairs.h"

/* Expected pairs below which a level counts as never seen. */
static const double SEEN_LEAST = 0.5;

typedef struct level_sums {
    double of[HD_EM_COMPARISONS_MAX][HD_EM_LEVELS_MAX];
} level_sums;

typedef struct trainer {
    const hd_plan *plan;
    const hd_blocks *blocks;
    const hd_train_counts *counts;
    hd_training *training;
    hd_em_model start, model;
    level_sums matches, others; /* of the last round: among the sessions', among random pairs */
    uint64_t total_pairs;
    double prior;
} trainer;

static bool is_declared(const hd_comparison *comparison)
{
    return comparison->levels[0].m > 0;
}

/* What the rules declare is not estimated. */
static void declare(const trainer *t, hd_em_model *model)
{
    for (uint32_t c = 0; c < t->plan->n_comparisons; c++) {
        const hd_comparison *comparison = &t->plan->ruleset->comparisons[c];
        for (uint32_t l = 0; is_declared(comparison) && l < comparison->n_levels; l++) {
            model->m[c][l] = comparison->levels[l].m;
            model->u[c][l] = comparison->levels[l].u;
        }
    }
}

/* Before anything is known: of matches nine tenths agree best, the rest is shared. */
static void start_model(trainer *t)
{
    for (uint32_t c = 0; c < t->plan->n_comparisons; c++) {
        uint32_t n = t->plan->comparison[c].n_levels;
        for (uint32_t l = 0; l < n; l++)
            t->start.m[c][l] = l == 0 ? 0.9 : 0.1 / (n - 1);
    }
    declare(t, &t->start);
    t->model = t->start;
    t->prior = 1.0 / ((double)t->plan->mentions->n + 1);
}

static hd_em_options all_comparisons(const hd_plan *plan)
{
    hd_em_options options = {.max_iterations = 1};
    for (uint32_t c = 0; c < plan->n_comparisons; c++)
        options.use[c] = true;
    return options;
}

/* u: shares of the levels among random pairs, each counted by its probability of no match. */
static void estimate_u(trainer *t, bool first)
{
    hd_em_options options = all_comparisons(t->plan);
    const hd_em_data *data = &t->counts->random;
    level_sums *sum = &t->others;
    *sum = (level_sums){0};
    t->model.lambda = t->prior;
    for (size_t i = 0; i < data->n_patterns; i++) {
        const uint8_t *levels = data->levels + i * data->n_comparisons;
        double match = first ? 0 : hd_em_posterior(data, &options, &t->model, levels);
        for (uint32_t c = 0; c < data->n_comparisons; c++)
            if (levels[c])
                sum->of[c][levels[c] - 1] += (double)data->counts[i] * (1 - match);
    }
    for (uint32_t c = 0; c < data->n_comparisons; c++) {
        double total = 0;
        for (uint32_t l = 0; l < data->n_levels[c]; l++)
            total += sum->of[c][l] + 0.5;
        for (uint32_t l = 0; l < data->n_levels[c]; l++)
            t->model.u[c][l] = (sum->of[c][l] + 0.5) / total;
    }
    declare(t, &t->model);
}

/* ---- sessions ---- */

static void find_fixed(const hd_ruleset *ruleset, const hd_pass *pass, bool *fixed)
{
    uint64_t keys = 0;
    uint32_t persons = 0;
    for (uint32_t k = 0; k < pass->n_keys; k++) {
        keys |= hd_first_fields(pass->keys[k]);
        persons |= hd_expr_related(pass->keys[k]);
    }
    for (uint32_t c = 0; c < ruleset->n_comparisons; c++) {
        uint64_t reads = 0;
        uint32_t asks = 0;
        for (uint32_t i = 0; i < ruleset->comparisons[c].n_needs; i++) {
            reads |= hd_first_fields(ruleset->comparisons[c].needs[i]);
            asks |= hd_expr_related(ruleset->comparisons[c].needs[i]);
        }
        fixed[c] = reads & keys || asks & persons;
    }
}

/* Sessions of passes whose pairs can be told apart. */
static void plan_sessions(trainer *t)
{
    hd_training *out = t->training;
    for (uint32_t p = 0; p < t->blocks->n_passes; p++) {
        if (t->counts->session[p].n_patterns < 2)
            continue;
        hd_train_session *session = &out->session[out->n_sessions++];
        *session = (hd_train_session){.pass = p,
                                      .pairs = t->counts->session_pairs[p],
                                      .n_patterns = t->counts->session[p].n_patterns};
        find_fixed(t->plan->ruleset, &t->plan->ruleset->passes[p], session->fixed);
        session->fitted.step = HD_NEW_N(&out->arena, hd_em_step, HD_TRAIN_ITERATIONS);
    }
    for (uint32_t c = 0; c < t->plan->n_comparisons; c++) {
        out->always_fixed[c] = !is_declared(&t->plan->ruleset->comparisons[c]);
        for (uint32_t s = 0; s < out->n_sessions; s++)
            out->always_fixed[c] &= out->session[s].fixed[c];
    }
}

static void run_session(trainer *t, hd_train_session *session)
{
    hd_em_options options = {.fit_m = true,
                             .max_iterations = HD_TRAIN_ITERATIONS,
                             .tolerance = 1e-5,
                             .prior_pairs = HD_TRAIN_PRIOR_PAIRS};
    for (uint32_t c = 0; c < t->plan->n_comparisons; c++)
        options.use[c] = !session->fixed[c] && !is_declared(&t->plan->ruleset->comparisons[c]);
    hd_em_model model = t->model;
    memcpy(model.m, t->start.m, sizeof model.m);
    model.lambda = 0.5;
    hd_em_fit(&t->counts->session[session->pass], &options, &model, &session->fitted);
    session->matches = model.lambda * (double)session->pairs;
    t->training->iterations += session->fitted.iterations;
}

/* Shares of the levels in `sum`, as if HD_TRAIN_PRIOR_PAIRS more followed `before`. */
static void set_m(trainer *t, uint32_t c, const double *sum, const double *before)
{
    double total = 0, m[HD_LEVELS_MAX];
    uint32_t n = t->plan->comparison[c].n_levels;
    for (uint32_t l = 0; l < n; l++)
        total += sum[l];
    for (uint32_t l = 0; l < n; l++)
        m[l] = (sum[l] + HD_TRAIN_PRIOR_PAIRS * before[l]) / (total + HD_TRAIN_PRIOR_PAIRS);
    memcpy(t->model.m[c], m, n * sizeof *m);
}

/* m: the sessions' expected matches are added up, each where its pass leaves the comparison free.
 */
static void estimate_m(trainer *t)
{
    const hd_plan *plan = t->plan;
    t->matches = (level_sums){0};
    for (uint32_t s = 0; s < t->training->n_sessions; s++) {
        hd_train_session *session = &t->training->session[s];
        run_session(t, session);
        for (uint32_t c = 0; c < plan->n_comparisons; c++)
            for (uint32_t l = 0; !session->fixed[c] && l < plan->comparison[c].n_levels; l++)
                t->matches.of[c][l] += session->fitted.match[c][l];
    }
    for (uint32_t c = 0; c < plan->n_comparisons; c++)
        set_m(t, c, t->matches.of[c], t->start.m[c]);
    declare(t, &t->model);
}

/* Prior: expected matches among the blocked pairs, over all pairs; pairs that no pass makes are
 * taken as no matches. */
static void estimate_prior(trainer *t)
{
    hd_em_options options = all_comparisons(t->plan);
    const hd_em_data *data = &t->counts->all;
    for (int i = 0; i < 100; i++) {
        double matches = 0.5;
        t->model.lambda = t->prior;
        for (size_t k = 0; k < data->n_patterns; k++)
            matches +=
                (double)data->counts[k] *
                hd_em_posterior(data, &options, &t->model, data->levels + k * data->n_comparisons);
        double prior = fmin(matches / (double)(t->total_pairs + 1), 0.5);
        bool settled = fabs(prior - t->prior) < 1e-4 * prior;
        t->prior = prior;
        if (settled)
            break;
    }
}

/* ---- known matches ---- */

/* Their levels, weights scaled so that as many pairs are added as there are. */
static void add_known(const trainer *t, const hd_known_matches *known, level_sums *sum)
{
    double total = 0;
    hd_env env = hd_ruleset_env(t->plan->ruleset);
    for (size_t i = 0; i < known->n; i++)
        total += known->pair[i].weight;
    for (size_t i = 0; i < known->n; i++) {
        const hd_known_match *pair = &known->pair[i];
        hd_pattern pattern = hd_plan_pattern(t->plan, hd_plan_row(t->plan, pair->a),
                                             hd_plan_row(t->plan, pair->b), &env);
        for (uint32_t c = 0; c < t->plan->n_comparisons; c++) {
            uint32_t level = hd_plan_level(t->plan, pattern, c);
            if (level)
                sum->of[c][level - 1] += pair->weight * (double)known->n / total;
        }
    }
    hd_env_release(&env);
}

static void follow_known(trainer *t, const hd_known_matches *known)
{
    level_sums sum = {0};
    add_known(t, known, &sum);
    for (uint32_t c = 0; c < t->plan->n_comparisons; c++) {
        set_m(t, c, sum.of[c], t->model.m[c]);
        for (uint32_t l = 0; l < t->plan->comparison[c].n_levels; l++)
            t->matches.of[c][l] += sum.of[c][l];
    }
}

/* ---- what is left to say ---- */

/* Whether any pair had both values: one that later rounds alone can compare has none yet. */
static bool was_compared(const trainer *t, uint32_t c)
{
    double pairs = 0;
    for (uint32_t l = 0; l < t->plan->comparison[c].n_levels; l++)
        pairs += t->matches.of[c][l] + t->others.of[c][l];
    return pairs >= SEEN_LEAST;
}

static void list_unseen(trainer *t)
{
    hd_training *out = t->training;
    for (uint32_t c = 0; c < t->plan->n_comparisons; c++)
        for (uint32_t l = 0; was_compared(t, c) && l < t->plan->comparison[c].n_levels; l++) {
            hd_train_unseen unseen = {c, l, t->matches.of[c][l] < SEEN_LEAST,
                                      t->others.of[c][l] < SEEN_LEAST};
            if (unseen.in_matches || unseen.in_random)
                out->unseen[out->n_unseen++] = unseen;
            if (unseen.in_matches && unseen.in_random) /* else the numbers of pairs would decide */
                t->model.m[c][l] = t->model.u[c][l];
        }
}

/* What is not listed is no commoner than what two at random agree on: that bounds it in few data.
 */
static void set_frequencies(const trainer *t, uint32_t c, hd_model *model)
{
    double u = 0;
    for (uint32_t l = 0; l < t->plan->comparison[c].n_levels; l++) {
        const hd_level *rule = &t->plan->ruleset->comparisons[c].levels[l];
        hd_model_level *level = &model->comparison[c].level[l];
        u += level->u;
        if (!rule->frequency)
            continue;
        if (!rule->frequency_table.ptr)
            hd_terms_count(t->plan, t->plan->comparison[c].frequency_slot[l], &model->arena, level);
        level->frequency_floor = fmin(fmin(level->frequency_floor, u), 0.5);
    }
}

static void fill_model(const trainer *t, hd_model *model)
{
    model->prior = t->prior;
    for (uint32_t c = 0; c < t->plan->n_comparisons; c++) {
        for (uint32_t l = 0; l < t->plan->comparison[c].n_levels; l++) {
            model->comparison[c].level[l].m = t->model.m[c][l];
            model->comparison[c].level[l].u = t->model.u[c][l];
        }
        set_frequencies(t, c, model);
    }
    model->provenance = hd_train_provenance(&model->arena, t->plan, t->counts, t->training, model);
}

static void estimate(trainer *t, const hd_known_matches *known, hd_model *model)
{
    start_model(t);
    plan_sessions(t);
    for (int round = 0; round < HD_TRAIN_ROUNDS; round++) {
        estimate_u(t, round == 0);
        estimate_m(t);
        estimate_prior(t);
    }
    if (known && known->n)
        follow_known(t, known);
    list_unseen(t);
    fill_model(t, model);
}

/* Before anything is counted: a table that cannot be read costs no time. */
static hd_status read_tables(hd_ctx *ctx, const hd_ruleset *ruleset, hd_model *model)
{
    for (uint32_t c = 0; c < ruleset->n_comparisons; c++)
        for (uint32_t l = 0; l < ruleset->comparisons[c].n_levels; l++) {
            const hd_level *level = &ruleset->comparisons[c].levels[l];
            if (level->frequency_table.ptr)
                HD_TRY_DOING(ctx,
                             hd_terms_read(ctx, ruleset, level->frequency_table, &model->arena,
                                           &model->comparison[c].level[l]),
                             "reading the frequencies of comparison %.*s",
                             HD_ARG(ruleset->comparisons[c].code));
        }
    return HD_OK;
}

hd_status hd_train_model(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                         const hd_known_matches *known, hd_training *training, hd_model **out)
{
    hd_train_counts counts = {0};
    hd_training *own = hd_alloc_zero(1, sizeof *own);
    hd_model *model = hd_alloc_zero(1, sizeof *model);
    if (training)
        *training = (hd_training){0};
    hd_status status = read_tables(ctx, plan->ruleset, model);
    if (status == HD_OK)
        status = hd_train_count(ctx, plan, blocks, &counts);
    if (status == HD_OK) {
        trainer *t = hd_alloc_zero(1, sizeof *t);
        *t = (trainer){.plan = plan, .blocks = blocks, .counts = &counts};
        t->training = training ? training : own;
        t->training->n_known = known ? known->n : 0;
        t->total_pairs = hd_pairs_possible(plan);
        estimate(t, known, model);
        hd_free(t);
        *out = model;
    } else {
        hd_model_free(model);
    }
    hd_train_counts_release(&counts);
    hd_training_release(own);
    hd_free(own);
    return status;
}

void hd_training_release(hd_training *training)
{
    hd_arena_release(&training->arena);
    *training = (hd_training){0};
}
