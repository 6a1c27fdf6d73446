#include "pipeline/analyse/evaluate.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "mini.h"

/* Files in a temporary folder. */
static hd_mini mini;

static void begin(void)
{
    hd_mini_open(&mini, 1);
}

static void end(void)
{
    hd_mini_close(&mini);
}

TestSuite(evaluate, .init = begin, .fini = end);

static hd_evaluate_names names;

static hd_status evaluate(const char *truth, const char *links, const char *errors,
                          hd_evaluation *out)
{
    char path[3][128];
    const char *const file[3] = {"truth.csv", "links.csv", "errors.csv"};
    const char *const texts[3] = {truth, links, errors};
    for (int i = 0; i < 3; i++) {
        snprintf(path[i], sizeof path[i], "%s/%s", mini.folder, file[i]);
        if (texts[i])
            hd_mini_write(&mini, file[i], texts[i]);
    }
    return hd_evaluate(&mini.ctx, &names, path[0], path[1], errors ? path[2] : NULL, out);
}

/* Two persons of three and two mentions; the first is found as 2 + 1, the 1 with the second. */
static const char TRUTH[] = "source,record_id,role,person_id\n"
                            "a,1,self,P\na,2,self,P\nb,1,self,P\nb,2,self,Q\nb,3,self,Q\n";
static const char LINKS[] = "source,record_id,role,person_id,weight\n"
                            "a,1,self,x,\na,2,self,x,\nb,1,self,y,\nb,2,self,y,\nb,3,self,y,\n";

Test(evaluate, pairs_and_bcubed_by_hand)
{
    hd_evaluation e;
    cr_assert_eq(evaluate(TRUTH, LINKS, NULL, &e), HD_OK);
    /* true pairs 3 + 1, found pairs 1 + 3, right 1 + 1 */
    cr_assert_eq(e.measures.true_pairs, 4);
    cr_assert_eq(e.measures.found_pairs, 4);
    cr_assert_eq(e.measures.right_pairs, 2);
    cr_assert_float_eq(e.measures.pairwise.precision, 0.5, 1e-12);
    cr_assert_float_eq(e.measures.pairwise.recall, 0.5, 1e-12);
    cr_assert_float_eq(e.measures.pairwise.f1, 0.5, 1e-12);
    /* precision: 1, 1, 1/3, 2/3, 2/3; recall: 2/3, 2/3, 1/3, 1, 1 */
    cr_assert_float_eq(e.measures.bcubed.precision, 11.0 / 15, 1e-12);
    cr_assert_float_eq(e.measures.bcubed.recall, 11.0 / 15, 1e-12);
    hd_evaluation_release(&e);
}

Test(evaluate, what_has_no_link_is_alone_and_what_is_not_known_is_left_out)
{
    hd_evaluation e;
    cr_assert_eq(evaluate(TRUTH,
                          "source,record_id,role,person_id\na,1,self,x\na,2,self,x\nz,9,self,x\n",
                          NULL, &e),
                 HD_OK);
    cr_assert_eq(e.measures.n_items, 5);
    cr_assert_eq(e.n_missing_links, 3);
    cr_assert_eq(e.n_unknown_links, 1);
    cr_assert_eq(e.measures.found_pairs, 1);
    cr_assert_float_eq(e.measures.pairwise.precision, 1, 1e-12);
    cr_assert_float_eq(e.measures.pairwise.recall, 0.25, 1e-12);
    hd_evaluation_release(&e);
}

Test(evaluate, recall_by_error)
{
    hd_evaluation e;
    cr_assert_eq(evaluate(TRUTH, LINKS,
                          "source,record_id,role,error\nb,1,self,name\na,1,self,name\n"
                          "b,3,self,birth\nz,9,self,birth\n",
                          &e),
                 HD_OK);
    cr_assert_eq(e.n_errors, 2);
    cr_assert(hd_str_eq(e.by_error[0].error, HD_STR("birth")));
    cr_assert_eq(e.by_error[0].n_mentions, 1);
    cr_assert_eq(e.by_error[0].true_pairs, 1);
    cr_assert_eq(e.by_error[0].found_pairs, 1);
    cr_assert_eq(e.by_error[1].n_mentions, 2);
    cr_assert_eq(e.by_error[1].true_pairs, 4);
    cr_assert_eq(e.by_error[1].found_pairs, 1);
    hd_evaluation_release(&e);
}

/* The truth has a personal key as the county knows it, the run's links its hash. */
Test(evaluate, personal_keys_may_be_hidden_in_one_file)
{
    hd_source source = {.code = HD_STR("a"), .key_is_personal = true};
    hd_ruleset ruleset = {.sources = &source, .n_sources = 1};
    hd_evaluation e;
    char hash[HD_ID_CHARS + 1], links[256];
    names = (hd_evaluate_names){.ruleset = &ruleset, .key = {7}};
    hd_keyed_id(names.key, HD_STR("1"), hash);
    snprintf(links, sizeof links,
             "source,record_id,role,person_id\na,~%s,self,x\na,2,self,x\nb,1,self,x\n", hash);
    cr_assert_eq(evaluate(TRUTH, links, "source,record_id,role,error\na,1,self,name\n", &e), HD_OK);
    cr_expect_eq(e.n_missing_links, 2);
    cr_expect_eq(e.n_unknown_links, 0);
    cr_expect_eq(e.measures.right_pairs, 3);
    cr_expect_eq(e.n_errors, 1);
    hd_evaluation_release(&e);
    names = (hd_evaluate_names){0};
}

static void expect_failure(const char *truth, const char *links, hd_status status, const char *text)
{
    hd_evaluation e;
    hd_ctx_clear(&mini.ctx);
    cr_expect_eq(evaluate(truth, links, NULL, &e), status);
    cr_expect_not_null(strstr(mini.ctx.frames[0].text, text), "%s", mini.ctx.frames[0].text);
    hd_evaluation_release(&e);
}

Test(evaluate, files_that_do_not_fit)
{
    expect_failure("source,record_id,role\na,1,self\n", LINKS, HD_CONFIG,
                   "truth.csv has no column \"person_id\"");
    expect_failure(TRUTH, "source,record_id,role,person_id\na,1\n", HD_SOURCE,
                   "links.csv:2: not a row of as many values as the header has");
    expect_failure(TRUTH, "source,record_id,role,person_id\nz,1,self,x\n", HD_SOURCE,
                   "have no mention in common");
}
