#include <criterion/criterion.h>

#include "mini.h"
#include "pipeline/plan.h"

static const char CONFIG[] =
    "site: 530303\n"
    "sources:\n"
    "  a:\n"
    "    type: person\n"
    "    csv: a.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, birth_date: birth, sex: sex, id_number: number}\n"
    "  m:\n"
    "    type: marriage\n"
    "    csv: m.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      husband: {name: man, birth_date: man_birth}\n"
    "      wife: {name: woman, birth_date: woman_birth}\n";

static const char PEOPLE[] = "id,name,birth,sex,number\n"
                             "1,张伟,19491231,2,11010519491231002X\n"
                             "2,张伟,1949-12-31,女,\n"
                             "3,張偉,19491231,,11010519491231002X\n"
                             "4,王芳,18800101,1,440524188001010014\n"
                             "5,张伟,19491231,,440524194912310027\n";

typedef struct matched {
    hd_mini mini;
    hd_plan plan;
    hd_blocks blocks;
    hd_model model;
    hd_edges edges;
    hd_clusters clusters;
} matched;

/* Every level agrees nine times in ten for matches, one in a hundred otherwise. */
static void plain_model(matched *x)
{
    x->model = (hd_model){.prior = 0.1};
    for (uint32_t c = 0; c < x->mini.ruleset->n_comparisons; c++) {
        uint32_t n = x->mini.ruleset->comparisons[c].n_levels;
        for (uint32_t l = 0; l < n; l++) {
            x->model.comparison[c].level[l].frequency_floor = 0.01 / (n - 1);
            x->model.comparison[c].level[l].m = l + 1 < n ? 0.9 / (n - 1) : 0.1;
            x->model.comparison[c].level[l].u = l + 1 < n ? 0.01 / (n - 1) : 0.99;
        }
    }
}

static void match(matched *x, const char *people, const char *marriages)
{
    hd_mini_open(&x->mini, 2);
    hd_mini_write(&x->mini, "hedui.yaml", CONFIG);
    hd_mini_write(&x->mini, "a.csv", people);
    hd_mini_write(&x->mini, "m.csv", marriages);
    hd_mini_read(&x->mini);
    plain_model(x);
    hd_ctx *ctx = &x->mini.ctx;
    hd_mini_block(&x->mini, &x->blocks, &x->plan);
    cr_assert_eq(hd_match_run(ctx, &x->plan, &x->model, &x->blocks, &x->edges), HD_OK);
    cr_assert_eq(hd_cluster_run(ctx, &x->plan, &x->model, &x->edges, NULL, &x->clusters), HD_OK);
    cr_assert_eq(hd_review_run(ctx, &x->plan, &x->model, NULL, &x->clusters), HD_OK);
}

static void release(matched *x)
{
    hd_clusters_release(&x->clusters);
    hd_edges_release(&x->edges);
    hd_blocks_release(&x->blocks);
    hd_plan_release(&x->plan);
    hd_mini_close(&x->mini);
}

static const char NO_MARRIAGES[] = "id,man,man_birth,woman,woman_birth\n";

static uint32_t level_of(matched *x, const char *comparison, const char *a, const char *b)
{
    hd_env env = {.texts = x->mini.ruleset->texts, .han = x->mini.ruleset->han};
    hd_mention i = hd_mini_mention(&x->mini, a), k = hd_mini_mention(&x->mini, b);
    hd_pattern pattern =
        hd_plan_pattern(&x->plan, hd_plan_row(&x->plan, i), hd_plan_row(&x->plan, k), &env);
    hd_env_release(&env);
    for (uint32_t c = 0; c < x->mini.ruleset->n_comparisons; c++)
        if (hd_str_eq(x->mini.ruleset->comparisons[c].code, hd_str_from(comparison)))
            return hd_plan_level(&x->plan, pattern, c);
    cr_assert_fail("no comparison %s", comparison);
    return 0;
}

Test(match, levels_are_those_that_are_declared)
{
    matched x;
    match(&x, PEOPLE, NO_MARRIAGES);
    cr_assert_eq(level_of(&x, "name", "a/1/self", "a/2/self"), 1, "same");
    cr_assert_eq(level_of(&x, "name", "a/1/self", "a/3/self"), 2, "variant");
    cr_assert_eq(level_of(&x, "id_number", "a/1/self", "a/2/self"), 0, "missing");
    cr_assert_eq(level_of(&x, "id_number", "a/1/self", "a/3/self"), 1, "same");
    cr_assert_eq(level_of(&x, "birth", "a/1/self", "a/2/self"), 1, "same in another form");
    cr_assert_eq(level_of(&x, "sex", "a/2/self", "a/3/self"), 1, "sex inside the number counts");
    release(&x);
}

/* A damaged name is compared by what is left of it, and is no value otherwise. */
Test(match, damaged_names_are_compared_and_never_equal)
{
    enum { LEFT_SAME = 6 };
    matched x;
    match(&x,
          "id,name,birth,sex,number\n1,张□明,19800101,,\n2,张□明,19800101,,\n"
          "3,张三明,19800101,,\n4,张yu明,19800101,,\n5,张煜明,19800101,,\n",
          NO_MARRIAGES);
    cr_expect_eq(level_of(&x, "name", "a/1/self", "a/2/self"), LEFT_SAME);
    cr_expect_eq(level_of(&x, "name", "a/1/self", "a/3/self"), LEFT_SAME);
    cr_expect_eq(level_of(&x, "name", "a/4/self", "a/5/self"), 3, "same sound");
    const hd_mentions *m = x.plan.mentions;
    uint32_t name = (uint32_t)hd_field_find(x.mini.ruleset, HD_STR("name"));
    for (hd_mention i = 0; i < m->n; i++)
        if (hd_mention_standard(m, i, name)->state == HD_STATE_damaged)
            cr_expect_eq(hd_mention_value(m, i, name), HD_NULL);
    release(&x);
}

Test(match, edges_come_heaviest_first_and_each_once)
{
    matched x;
    match(&x, PEOPLE, NO_MARRIAGES);
    cr_assert_gt(x.edges.n, 2);
    for (size_t i = 0; i < x.edges.n; i++) {
        const hd_edge *e = &x.edges.edge[i];
        cr_assert_lt(e->a, e->b);
        cr_assert(
            i == 0 || e[-1].weight > e->weight ||
            (e[-1].weight == e->weight && (e[-1].a < e->a || (e[-1].a == e->a && e[-1].b < e->b))));
    }
    release(&x);
}

static int32_t weight_of(matched *x, const char *a, const char *b)
{
    hd_mention i = hd_mini_mention(&x->mini, a), k = hd_mini_mention(&x->mini, b);
    for (size_t e = 0; e < x->edges.n; e++)
        if (x->edges.edge[e].a == i && x->edges.edge[e].b == k)
            return x->edges.edge[e].weight;
    cr_assert_fail("no edge between %s and %s", a, b);
    return 0;
}

Test(match, the_weight_of_a_pair_is_a_matter_of_its_two_mentions)
{
    matched all, few;
    match(&all, PEOPLE, NO_MARRIAGES);
    match(&few,
          "id,name,birth,sex,number\n1,张伟,19491231,2,11010519491231002X\n"
          "3,张偉,19491231,,11010519491231002X\n",
          NO_MARRIAGES);
    cr_expect_eq(weight_of(&all, "a/1/self", "a/3/self"), weight_of(&few, "a/1/self", "a/3/self"));
    release(&all);
    release(&few);
}

Test(cluster, two_valid_numbers_are_never_one_person)
{
    matched x;
    match(&x, PEOPLE, NO_MARRIAGES);
    const uint32_t *of = x.clusters.of;
    hd_mention one = hd_mini_mention(&x.mini, "a/1/self");
    cr_assert_eq(of[one], of[hd_mini_mention(&x.mini, "a/3/self")]);
    cr_assert_neq(of[one], of[hd_mini_mention(&x.mini, "a/5/self")]);
    /* 2, without a number, could be either */
    cr_assert_neq(of[one], of[hd_mini_mention(&x.mini, "a/2/self")]);
    bool reviewed = false, contested = false;
    for (size_t i = 0; i < x.clusters.n_review; i++) {
        reviewed |= x.clusters.review[i].conflict >= 0;
        contested |= x.clusters.review[i].conflict == HD_REVIEW_CONTESTED;
    }
    cr_assert(reviewed && contested, "the pairs are kept for stewards");
    release(&x);
}

Test(cluster, mentions_of_one_record_stay_apart)
{
    matched x;
    match(&x, "id,name,birth,sex,number\n1,张伟,19800101,,\n",
          "id,man,man_birth,woman,woman_birth\n7,张伟,19800101,张伟,19800101\n");
    const uint32_t *of = x.clusters.of;
    cr_assert_neq(of[hd_mini_mention(&x.mini, "m/7/husband")],
                  of[hd_mini_mention(&x.mini, "m/7/wife")]);
    release(&x);
}

Test(cluster, members_stand_in_mention_order)
{
    matched x;
    match(&x, PEOPLE, NO_MARRIAGES);
    uint32_t n = 0;
    for (uint32_t c = 0; c < x.clusters.n; c++)
        for (uint32_t i = x.clusters.start[c]; i < x.clusters.start[c + 1]; i++, n++) {
            cr_assert_eq(x.clusters.of[x.clusters.member[i]], c);
            cr_assert(i == x.clusters.start[c] || x.clusters.member[i - 1] < x.clusters.member[i]);
        }
    cr_assert_eq(n, x.mini.mentions.n);
    release(&x);
}
