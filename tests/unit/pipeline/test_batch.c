#include "pipeline/pairs.h"

#include <criterion/criterion.h>

#include "base/hash.h"
#include "base/mem.h"
#include "mini.h"

/* One block of all, which is more than a piece, beside the small ones of the other passes. */
enum { N = 560, MENTIONS_MAX = 2 * N };

static const char CONFIG[] = "site: 530303\n"
                             "sources:\n"
                             "  a:\n"
                             "    type: person\n"
                             "    csv: a.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      self: {name: name, former_name: former, birth_date: birth, "
                             "sex: sex, id_number: number,\n"
                             "             phone: phone, mother_name: mother}\n"
                             "      spouse: {name: spouse, sex: '=\"2\"'}\n";

static const char PASSES[] = "passes:\n"
                             "  - {code: all, keys: [known(name) or missing(name)]}\n"
                             "comparisons:\n"
                             "  - code: called\n"
                             "    needs: [mother_name, phone]\n"
                             "    levels:\n"
                             "      - {code: same, when: a.mother_name = b.mother_name}\n"
                             "      - {code: sound, when: pinyin(a.mother_name) = "
                             "pinyin(b.mother_name)}\n"
                             "      - {code: one_phone, when: 'first(a.phone = b.phone, false) and "
                             "not first(a.name = b.name, false)'}\n"
                             "      - {code: differs}\n"
                             "    frequency:\n"
                             "      - {value: mother_name, level: same}\n"
                             "      - {value: pinyin(mother_name), level: sound}\n";

typedef struct county {
    hd_mini mini;
    hd_plan plan;
    hd_blocks blocks;
    hd_weights weights;
    hd_model model;
    hd_env env;
    hd_pattern *pattern; /* [a × MENTIONS_MAX + b] by hd_plan_pattern … */
    int32_t *weight;     /* … and hd_plan_weight */
    uint32_t n_bad;      /* pairs that are not as these say */
    uint64_t n, n_first; /* visited */
    uint64_t sum;        /* of a hash of each pair: which pairs they are */
} county;

static uint32_t draw(uint64_t *state, uint32_t n)
{
    *state = hd_hash_mix(*state, 7);
    return (uint32_t)(*state >> 33) % n;
}

/* Values that are often the same, or nearly: each level of each comparison is met. */
static void write_people(hd_mini *mini)
{
    static const char *const surnames[] = {"张", "章", "王", "汪", "李", "欧阳", "張"};
    static const char *const given[] = {"伟",   "玮",   "卫",   "芳", "□", "秀英",
                                        "秀音", "建国", "国建", "未", "末"};
    hd_buf text = {0};
    uint64_t state = 1;
    hd_buf_add(&text, HD_STR("id,name,former,birth,sex,number,phone,mother,spouse\n"));
    for (uint32_t i = 0; i < N; i++) {
        uint32_t day = 1 + draw(&state, 12), month = 1 + draw(&state, 12);
        hd_buf_addf(&text, "%u,%s%s%s,", i, surnames[draw(&state, 7)], given[draw(&state, 11)],
                    draw(&state, 3) ? "" : given[draw(&state, 11)]);
        hd_buf_addf(&text, "%s%s,", surnames[draw(&state, 7)], given[draw(&state, 11)]);
        hd_buf_addf(&text, "19%02u%02u%02u,%u,", 80 + draw(&state, 3), month, day,
                    1 + draw(&state, 2));
        if (draw(&state, 4))
            hd_buf_addf(&text, "5303031980%02u%02u00%u%u", 1 + draw(&state, 2),
                        10 + draw(&state, 3), draw(&state, 3), draw(&state, 10));
        hd_buf_addf(&text, ",1380000000%u,%s芳,", draw(&state, 10), surnames[draw(&state, 7)]);
        if (i % 9 == 0)
            hd_buf_addf(&text, "%s%s", surnames[draw(&state, 7)], given[draw(&state, 11)]);
        hd_buf_add_char(&text, '\n');
    }
    hd_buf_add_char(&text, '\0');
    hd_mini_write(mini, "a.csv", text.ptr);
    hd_buf_release(&text);
}

static void plain_model(county *x)
{
    x->model = (hd_model){.prior = 0.01};
    for (uint32_t c = 0; c < x->plan.n_comparisons; c++) {
        for (uint32_t l = 0; l < x->plan.comparison[c].n_levels; l++)
            x->model.comparison[c].level[l] = (hd_model_level){
                .m = 0.5 / (l + 1.0), .u = 0.01 * (l + 1.0), .frequency_floor = 0.001 * (l + 1.0)};
    }
}

static void weigh_all(county *x)
{
    x->pattern = hd_alloc_zero(MENTIONS_MAX * MENTIONS_MAX, sizeof *x->pattern);
    x->weight = hd_alloc_zero(MENTIONS_MAX * MENTIONS_MAX, sizeof *x->weight);
    for (hd_mention a = 0; a < x->plan.mentions->n; a++)
        for (hd_mention b = a + 1; b < x->plan.mentions->n; b++) {
            const uint32_t *row_a = hd_plan_row(&x->plan, a), *row_b = hd_plan_row(&x->plan, b);
            hd_pattern pattern = hd_plan_pattern(&x->plan, row_a, row_b, &x->env);
            x->pattern[a * MENTIONS_MAX + b] = pattern;
            x->weight[a * MENTIONS_MAX + b] =
                hd_plan_weight(&x->plan, &x->weights, pattern, row_a, row_b);
        }
}

static void open_county(county *x)
{
    *x = (county){0};
    hd_mini_open(&x->mini, 1);
    hd_mini_write(&x->mini, "hedui.yaml", CONFIG);
    hd_mini_write(&x->mini, "rules/linkage.yaml", PASSES);
    write_people(&x->mini);
    hd_mini_read(&x->mini);
    hd_mini_block(&x->mini, &x->blocks, &x->plan);
    x->env = hd_ruleset_env(x->mini.ruleset);
    plain_model(x);
    hd_weights_make(&x->plan, &x->model, &x->weights);
    weigh_all(x);
}

static void close_county(county *x)
{
    hd_free(x->pattern);
    hd_free(x->weight);
    hd_env_release(&x->env);
    hd_weights_release(&x->weights);
    hd_blocks_release(&x->blocks);
    hd_plan_release(&x->plan);
    hd_mini_close(&x->mini);
}

static uint64_t mark_of(hd_mention a, hd_mention b)
{
    return hd_hash_mix(a + 1, b + 1);
}

static void see(void *arg, uint32_t worker, const hd_pair *pair)
{
    (void)worker;
    county *x = arg;
    x->n_bad += pair->a >= pair->b;
    x->n_bad += x->pattern[pair->a * MENTIONS_MAX + pair->b] != pair->pattern;
    x->n++;
    x->n_first += pair->first;
    x->sum += mark_of(pair->a, pair->b);
}

static void see_weight(void *arg, uint32_t worker, const hd_pair *pair)
{
    county *x = arg;
    x->n_bad += x->weight[pair->a * MENTIONS_MAX + pair->b] != pair->weight;
    see(arg, worker, pair);
}

/* All pairs of two records; those that reach `threshold` alone are counted. */
static void count_all(const county *x, int32_t threshold, uint64_t *n, uint64_t *sum)
{
    const hd_mentions *m = x->plan.mentions;
    *n = *sum = 0;
    for (hd_mention a = 0; a < m->n; a++)
        for (hd_mention b = a + 1; b < m->n; b++)
            if (m->record[a] != m->record[b] && x->weight[a * MENTIONS_MAX + b] >= threshold) {
                *n += 1;
                *sum += mark_of(a, b);
            }
}

Test(batch, each_is_met_once_with_the_pattern_of_its_rows)
{
    county x;
    uint64_t n, sum;
    open_county(&x);
    cr_assert_eq(hd_pairs_walk(&x.mini.ctx, &x.plan, &x.blocks, see, &x), HD_OK);
    count_all(&x, INT32_MIN, &n, &sum);
    cr_expect_eq(x.n_bad, 0);
    cr_expect_eq(x.n, n);
    cr_expect_eq(x.sum, sum);
    close_county(&x);
}

Test(batch, in_all_passes_each_is_first_once)
{
    county x;
    uint64_t n, sum;
    open_county(&x);
    cr_assert_eq(hd_pairs_walk_passes(&x.mini.ctx, &x.plan, &x.blocks, see, &x), HD_OK);
    count_all(&x, INT32_MIN, &n, &sum);
    cr_expect_eq(x.n_bad, 0);
    cr_expect_gt(x.n, n, "some are made by several passes");
    cr_expect_eq(x.n_first, n);
    close_county(&x);
}

/* What is left early on is nothing that reaches the threshold, wherever that lies. */
Test(batch, those_that_reach_the_threshold_are_weighed)
{
    static const int32_t thresholds[] = {-4 * HD_WEIGHT_ONE, 0, 9 * HD_WEIGHT_ONE};
    county x;
    uint64_t all, n, sum, n_pairs[HD_PASSES_MAX];
    open_county(&x);
    count_all(&x, INT32_MIN, &all, &sum);
    for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++) {
        x.n = x.sum = 0;
        cr_assert_eq(hd_pairs_weigh(&x.mini.ctx, &x.plan, &x.blocks, &x.weights, thresholds[i],
                                    see_weight, &x, n_pairs),
                     HD_OK);
        count_all(&x, thresholds[i], &n, &sum);
        cr_expect_eq(x.n_bad, 0);
        cr_expect(n > 0 && n < all, "the threshold parts the pairs");
        cr_expect_eq(x.n, n);
        cr_expect_eq(x.sum, sum);
        for (uint32_t p = 1; p < HD_PASSES_MAX; p++)
            n_pairs[0] += n_pairs[p];
        cr_expect_eq(n_pairs[0], all, "all are counted");
    }
    close_county(&x);
}

/* ---- conditions of one pair ---- */

/* As the rule language says it, without a plan. */
static bool says(county *x, const hd_expr *when, hd_mention a, hd_mention b)
{
    hd_mention_row row = {x->plan.mentions, {a, b}};
    x->env.load = hd_mention_load;
    x->env.row = &row;
    return hd_expr_eval(when, &x->env) == 1;
}

typedef void see_rows(county *x, hd_mention a, hd_mention b, const uint32_t *row_a,
                      const uint32_t *row_b);

static void each_pair(see_rows *see_pair)
{
    county x;
    open_county(&x);
    for (hd_mention a = 0; a < x.plan.mentions->n; a += 3)
        for (hd_mention b = 0; b < x.plan.mentions->n; b += 2)
            if (a != b)
                see_pair(&x, a, b, hd_plan_row(&x.plan, a), hd_plan_row(&x.plan, b));
    cr_expect_eq(x.n_bad, 0);
    cr_expect_gt(x.n, 0);
    close_county(&x);
}

static void see_conflict(county *x, hd_mention a, hd_mention b, const uint32_t *row_a,
                         const uint32_t *row_b)
{
    const hd_ruleset *ruleset = x->mini.ruleset;
    int found = -1;
    for (uint32_t i = 0; i < ruleset->n_conflicts && found < 0; i++)
        if (says(x, ruleset->conflicts[i].when, a, b) || says(x, ruleset->conflicts[i].when, b, a))
            found = (int)i;
    x->n += found >= 0;
    x->n_bad += hd_plan_conflict(&x->plan, row_a, row_b, &x->env) != found;
}

Test(batch, conflicts_are_what_their_rules_say)
{
    each_pair(see_conflict);
}

static void see_turned(county *x, hd_mention a, hd_mention b, const uint32_t *row_a,
                       const uint32_t *row_b)
{
    (void)a, (void)b;
    for (uint32_t i = 0; i < x->plan.n_conflicts; i++) {
        const hd_pair_node *when = x->plan.conflict[i];
        bool there = hd_plan_condition_is(&x->plan, when, true, row_a, row_b, &x->env);
        bool back = hd_plan_condition_is(&x->plan, when, true, row_b, row_a, &x->env);
        x->n += !x->plan.turns[i];
        x->n_bad += !x->plan.turns[i] && there != back;
    }
}

Test(batch, what_does_not_turn_is_the_same_in_both_orders)
{
    each_pair(see_turned);
}

/* Those that name one side alone are asked in both orders, and no others. */
Test(batch, of_the_shipped_conflicts_that_of_kin_turns)
{
    county x;
    open_county(&x);
    for (uint32_t i = 0; i < x.plan.n_conflicts; i++) {
        hd_str code = x.mini.ruleset->conflicts[i].code;
        cr_expect_eq(x.plan.turns[i], hd_str_eq(code, HD_STR("kin")), "%.*s", HD_ARG(code));
    }
    close_county(&x);
}
