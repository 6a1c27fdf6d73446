#include <criterion/criterion.h>
#include <stdio.h>

#include "base/mem.h"
#include "mini.h"
#include "pipeline/plan.h"

/* Edges of chosen weights between persons of one name, so that nothing but what a test is about
 * decides. */

static const char CONFIG[] = "site: 530303\n"
                             "sources:\n"
                             "  a:\n"
                             "    type: person\n"
                             "    csv: a.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      self: {name: name, id_number: number}\n";
static const char PEOPLE[] =
    "id,name,number\n1,张伟,\n2,张伟,\n3,张伟,\n4,张伟,\n5,张伟,\n6,张伟,\n";

enum { EDGES_MAX = 4096 };

typedef struct county {
    hd_mini mini;
    hd_plan plan;
    hd_blocks blocks;
    hd_model model;
    hd_edge edge[EDGES_MAX];
    hd_edges edges;
    hd_given given;
    hd_clusters clusters;
} county;

static county *open_county(const char *more, const char *people, unsigned n_threads)
{
    char config[1024];
    county *c = hd_alloc_zero(1, sizeof *c);
    hd_mini_open(&c->mini, n_threads);
    snprintf(config, sizeof config, "%s%s", CONFIG, more);
    hd_mini_write(&c->mini, "hedui.yaml", config);
    hd_mini_write(&c->mini, "a.csv", people);
    hd_mini_read(&c->mini);
    hd_mini_block(&c->mini, &c->blocks, &c->plan);
    c->model.prior = 0.1;
    for (uint32_t i = 0; i < c->mini.ruleset->n_comparisons; i++) {
        for (uint32_t l = 0; l < c->mini.ruleset->comparisons[i].n_levels; l++)
            c->model.comparison[i].level[l] =
                l == 0 ? (hd_model_level){.m = 0.9, .u = 0.001, .frequency_floor = 0.001}
                       : (hd_model_level){.m = 0.01, .u = 0.1};
    }
    c->edges.edge = c->edge;
    return c;
}

/* Mentions are numbered by record id, from "1". Heaviest first is the caller's to see to. */
static void edge(county *c, uint32_t a, uint32_t b, double bits)
{
    c->edge[c->edges.n++] = (hd_edge){a - 1, b - 1, (int32_t)(bits * HD_WEIGHT_ONE), 0};
}

static void told(county *c, const char *pairs)
{
    char path[128], text[1024];
    snprintf(text, sizeof text,
             "source_a,record_id_a,role_a,source_b,record_id_b,role_b,decision\n%s", pairs);
    hd_mini_write(&c->mini, "pairs.csv", text);
    snprintf(path, sizeof path, "%s/pairs.csv", c->mini.folder);
    cr_assert_eq(hd_given_read(&c->mini.ctx, &c->mini.mentions, hd_mini_key, path, &c->given),
                 HD_OK);
}

static void cluster(county *c)
{
    cr_assert_eq(
        hd_cluster_run(&c->mini.ctx, &c->plan, &c->model, &c->edges, &c->given, &c->clusters),
        HD_OK);
    cr_assert_eq(hd_review_run(&c->mini.ctx, &c->plan, &c->model, &c->given, &c->clusters), HD_OK);
}

static bool together(const county *c, uint32_t a, uint32_t b)
{
    return c->clusters.of[a - 1] == c->clusters.of[b - 1];
}

static size_t reviews(const county *c, int conflict)
{
    size_t n = 0;
    for (size_t i = 0; i < c->clusters.n_review; i++)
        n += c->clusters.review[i].conflict == conflict;
    return n;
}

static void close_county(county *c)
{
    hd_clusters_release(&c->clusters);
    hd_given_release(&c->given);
    hd_blocks_release(&c->blocks);
    hd_plan_release(&c->plan);
    hd_mini_close(&c->mini);
    hd_free(c);
}

Test(cluster, what_fits_two_that_are_kept_apart_joins_neither)
{
    county *c = open_county("", PEOPLE, 2);
    told(c, "a,2,self,a,3,self,different\n");
    edge(c, 1, 2, 10);
    edge(c, 1, 3, 9);
    cluster(c);
    cr_expect(!together(c, 1, 2) && !together(c, 1, 3));
    cr_expect_eq(reviews(c, HD_REVIEW_CONTESTED), 2);
    close_county(c);
}

Test(cluster, what_fits_one_of_two_much_better_joins_it)
{
    county *c = open_county("", PEOPLE, 2);
    told(c, "a,2,self,a,3,self,different\n");
    edge(c, 1, 2, 20);
    edge(c, 1, 3, 9);
    cluster(c);
    cr_expect(together(c, 1, 2) && !together(c, 1, 3));
    cr_expect_eq(reviews(c, HD_REVIEW_TOLD_APART), 1);
    close_county(c);
}

/* 1 could as well be 3, if that were not 4. */
Test(cluster, a_rival_that_belongs_elsewhere_is_none)
{
    county *c = open_county("", PEOPLE, 2);
    told(c, "a,2,self,a,3,self,different\na,1,self,a,4,self,different\n");
    edge(c, 3, 4, 13);
    edge(c, 1, 2, 10);
    edge(c, 1, 3, 9.5);
    cluster(c);
    cr_expect(together(c, 1, 2));
    cr_expect(together(c, 3, 4));
    cr_expect(!together(c, 1, 3));
    close_county(c);
}

Test(cluster, a_source_that_has_everybody_once_joins_nobody)
{
    county *c = open_county("    duplicate_free: true\n", PEOPLE, 2);
    edge(c, 1, 2, 30);
    cluster(c);
    cr_expect(!together(c, 1, 2));
    cr_expect_eq(reviews(c, HD_REVIEW_DUPLICATE_FREE), 1);
    close_county(c);
}

Test(cluster, told_the_same_are_one_in_spite_of_a_conflict)
{
    county *c = open_county("",
                            "id,name,number\n1,张伟,11010519491231002X\n2,张伟,"
                            "440524194912310043\n3,张伟,\n",
                            2);
    edge(c, 1, 2, 30);
    cluster(c);
    cr_expect(!together(c, 1, 2));
    hd_clusters_release(&c->clusters);
    told(c, "a,1,self,a,2,self,same\na,1,self,a,3,self,same\n");
    cluster(c);
    cr_expect(together(c, 1, 2) && together(c, 1, 3));
    close_county(c);
}

Test(cluster, told_apart_wins_where_same_would_lead_around_it)
{
    county *c = open_county("", PEOPLE, 2);
    told(c, "a,1,self,a,2,self,same\na,2,self,a,3,self,same\na,1,self,a,3,self,different\n");
    cluster(c);
    cr_expect(together(c, 1, 2));
    cr_expect(!together(c, 1, 3));
    close_county(c);
}

Test(cluster, a_component_over_the_cap_is_cut_at_its_lightest_edges)
{
    county *c = open_county("link: {component_cap: 2}\n", PEOPLE, 2);
    edge(c, 1, 2, 12);
    edge(c, 3, 4, 11);
    edge(c, 2, 3, 10);
    cluster(c);
    cr_expect(together(c, 1, 2) && together(c, 3, 4) && !together(c, 2, 3));
    cr_expect_eq(reviews(c, HD_REVIEW_TOO_LARGE), 1);
    close_county(c);
}

/* The edge claims more than all that the pairs between the two parts say. */
Test(cluster, a_bridge_between_parts_that_have_little_else_gives_way)
{
    county *c = open_county("", PEOPLE, 2);
    edge(c, 1, 2, 90);
    edge(c, 3, 4, 90);
    edge(c, 2, 3, 80);
    cluster(c);
    cr_expect(together(c, 1, 2) && together(c, 3, 4) && !together(c, 2, 3));
    cr_expect_eq(reviews(c, HD_REVIEW_BRIDGE), 1);
    cr_expect_eq(c->clusters.link[0].weight, HD_EDGE_NONE, "the first of its person");
    cr_expect_eq(c->clusters.link[2].weight, HD_EDGE_NONE, "the first of the other person");
    close_county(c);
}

Test(cluster, a_bridge_between_parts_that_agree_holds)
{
    county *c = open_county("", PEOPLE, 2);
    edge(c, 1, 2, 90);
    edge(c, 3, 4, 90);
    edge(c, 2, 3, 10);
    cluster(c);
    cr_expect(together(c, 1, 4));
    close_county(c);
}

/* ---- what is asked, and in which order ---- */

/* What it is worth to know whether two mentions are one; 0 where nothing is, or it is not asked. */
static uint64_t worth(const county *c, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < c->clusters.n_review; i++)
        if (c->clusters.review[i].a == a - 1 && c->clusters.review[i].b == b - 1)
            return c->clusters.review[i].value;
    return 0;
}

Test(cluster, pairs_of_two_persons_are_one_question_and_what_decides_more_comes_first)
{
    county *c = open_county("", PEOPLE, 2);
    edge(c, 1, 2, 30);
    edge(c, 3, 4, 30);
    edge(c, 5, 6, 4);
    edge(c, 1, 3, 4);
    edge(c, 2, 4, 3);
    cluster(c);
    cr_assert_eq(c->clusters.n_review, 3);
    cr_expect_eq(c->clusters.n_review_persons, 2);
    cr_expect_eq(c->clusters.n_asked, 2);
    const hd_review *r = c->clusters.review;
    cr_expect(r[0].a == 0 && r[0].b == 2 && r[0].n_pairs == 2, "four pairs hang on it");
    cr_expect(r[1].a == 1 && r[1].b == 3 && r[1].n_pairs == 0);
    cr_expect(r[2].a == 4 && r[2].conflict == HD_REVIEW_BETWEEN && r[2].n_pairs == 1);
    cr_expect_gt(r[0].value, r[2].value);
    close_county(c);
}

Test(cluster, what_was_answered_is_not_asked_again)
{
    county *c = open_county("", PEOPLE, 2);
    told(c, "a,1,self,a,3,self,different\n");
    edge(c, 1, 2, 30);
    edge(c, 2, 3, 20);
    cluster(c);
    cr_assert_eq(c->clusters.n_review, 1);
    cr_expect_eq(c->clusters.review[0].value, 0);
    cr_expect_eq(c->clusters.n_asked, 0);
    close_county(c);
}

Test(cluster, answers_that_contradict_each_other_are_asked_again)
{
    county *c = open_county("", PEOPLE, 2);
    told(c, "a,1,self,a,2,self,same\na,2,self,a,3,self,same\na,1,self,a,3,self,different\n");
    cluster(c);
    cr_assert_eq(c->clusters.n_review, 1);
    cr_expect_eq(c->clusters.n_asked, 1);
    close_county(c);
}

/* 1 to 3 and 4, 5 to 7 and 8: the heaviest pair is the same, the others are not. */
Test(cluster, all_records_of_the_two_speak_not_the_heaviest_pair_alone)
{
    county *c = open_county("",
                            "id,name,number\n1,张伟,\n2,李娜,\n3,李娜,\n4,张伟,\n"
                            "5,张伟,\n6,张伟,\n7,张伟,\n8,张伟,\n",
                            2);
    edge(c, 2, 3, 31);
    edge(c, 5, 6, 31);
    edge(c, 6, 7, 31);
    edge(c, 1, 4, 4);
    edge(c, 5, 8, 4);
    told(c, "a,1,self,a,2,self,same\n");
    cluster(c);
    cr_expect_eq(c->clusters.n_asked, 2);
    cr_expect_gt(worth(c, 5, 8), worth(c, 1, 4));
    close_county(c);
}

static const char NUMBERED[] = "id,name,number\n"
                               "1,张伟,11010519491231002X\n2,张伟,440524198001010048\n"
                               "3,张伟,11010519491231002X\n4,张伟,440524198001010048\n"
                               "5,张伟,11010519491231002X\n6,张伟,440524198001010048\n";

/* The comparisons say nothing: ten to one that two are one, but for what is in conflict. */
static void ten_to_one(county *c)
{
    c->model.prior = 10.0 / 11;
    for (uint32_t i = 0; i < c->mini.ruleset->n_comparisons; i++)
        for (uint32_t l = 0; l < c->mini.ruleset->comparisons[i].n_levels; l++)
            c->model.comparison[i].level[l] = (hd_model_level){.m = 0.2, .u = 0.2};
}

/* What it is worth to know whether 1 and 2 are one, who have two numbers, the first with n_odd
 * records and the second with n_even. */
static uint64_t worth_of_two_numbers(uint32_t n_odd, uint32_t n_even)
{
    county *c = open_county("", NUMBERED, 2);
    ten_to_one(c);
    for (uint32_t i = 1; i < n_odd; i++)
        edge(c, 1, 1 + 2 * i, 60);
    for (uint32_t i = 1; i < n_even; i++)
        edge(c, 2, 2 + 2 * i, 60);
    edge(c, 1, 2, 30);
    cluster(c);
    cr_expect_eq(c->clusters.n_review, 1, "kept for rules that look at conflicts");
    uint64_t value = worth(c, 1, 2);
    cr_expect_eq(c->clusters.n_asked, value > 0);
    close_county(c);
    return value;
}

Test(cluster, one_record_in_conflict_with_many_is_one_error)
{
    uint64_t two = worth_of_two_numbers(2, 1), three = worth_of_two_numbers(3, 1);
    cr_expect_gt(two, 0);
    cr_expect_eq(two, three, "two pairs, three: numbers of two binary digits");
}

Test(cluster, each_record_that_would_be_wrong_makes_the_question_less_open)
{
    cr_expect_gt(worth_of_two_numbers(1, 1), worth_of_two_numbers(2, 2),
                 "though four pairs hang on the latter");
}

Test(cluster, what_three_errors_alone_would_explain_is_not_asked)
{
    cr_expect_eq(worth_of_two_numbers(3, 3), 0);
}

/* Many components, of edges drawn from a fixed seed: the result does not depend on threads. */
Test(cluster, threads_change_nothing)
{
    enum { N = 600 };
    hd_buf people = {0};
    hd_buf_addf(&people, "id,name,number\n");
    for (int i = 1; i <= N; i++)
        hd_buf_addf(&people, "%04d,张伟,\n", i);
    county *one = open_county("", people.ptr, 1), *many = open_county("", people.ptr, 8);
    uint64_t state = 7; /* of a linear congruential generator */
    for (uint32_t i = 0; i < 2 * N; i++) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
        uint32_t a = (uint32_t)(state >> 33) % N + 1, b = a + 1 + (uint32_t)(state >> 50) % 5;
        if (b > N)
            continue;
        edge(one, a, b, 40 - i * 0.03);
        edge(many, a, b, 40 - i * 0.03);
    }
    cluster(one);
    cluster(many);
    cr_assert_eq(one->clusters.n, many->clusters.n);
    cr_expect_arr_eq(one->clusters.of, many->clusters.of, N * sizeof(uint32_t));
    cr_assert_eq(one->clusters.n_review, many->clusters.n_review);
    for (size_t i = 0; i < one->clusters.n_review; i++) {
        const hd_review *x = &one->clusters.review[i], *y = &many->clusters.review[i];
        cr_assert(x->a == y->a && x->b == y->b && x->conflict == y->conflict);
        cr_assert_eq(x->value, y->value);
    }
    hd_buf_release(&people);
    close_county(one);
    close_county(many);
}
