#include "pipeline/given.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "mini.h"

static const char CONFIG[] = "site: 530303\n"
                             "sources:\n"
                             "  a: {type: person, csv: a.csv, key: [id], mentions: {self: {name: "
                             "name}}}\n"
                             "  p: {type: person, csv: p.csv, key: [id], key_is_personal: true, "
                             "mentions: {self: {name: name}}}\n";
#define HEAD "source_a,record_id_a,role_a,source_b,record_id_b,role_b,decision\n"

static hd_mini mini;

static void setup(void)
{
    hd_mini_open(&mini, 1);
    hd_mini_write(&mini, "hedui.yaml", CONFIG);
    hd_mini_write(&mini, "a.csv", "id,name\n1,张伟\n2,张伟\n3,张伟\n");
    hd_mini_write(&mini, "p.csv", "id,name\n11,张伟\n12,张伟\n");
    hd_mini_read(&mini);
}

static void teardown(void)
{
    hd_mini_close(&mini);
}

TestSuite(given, .init = setup, .fini = teardown);

static hd_status read_text(const char *text, hd_given *out)
{
    char path[128];
    hd_mini_write(&mini, "pairs.csv", text);
    snprintf(path, sizeof path, "%s/pairs.csv", mini.folder);
    return hd_given_read(&mini.ctx, &mini.mentions, hd_mini_key, path, out);
}

static void refused(const char *text, const char *want)
{
    hd_given given;
    cr_expect_eq(read_text(text, &given), HD_CONFIG);
    cr_expect_not_null(strstr(mini.ctx.frames[0].text, want), "%s", mini.ctx.frames[0].text);
    hd_ctx_clear(&mini.ctx);
}

Test(given, pairs_hold_in_either_order)
{
    hd_given given;
    cr_assert_eq(read_text(HEAD "a,2,self,a,1,self,same\na,1,self,a,3,self,different\n"
                                "a,1,self,a,2,self,same\n",
                           &given),
                 HD_OK);
    cr_expect_eq(given.n_same, 1);
    cr_expect(hd_given_same(&given, 0, 1) && hd_given_same(&given, 1, 0));
    cr_expect(hd_given_apart(&given, 2, 0) && hd_given_apart(&given, 0, 2));
    cr_expect(!hd_given_same(&given, 1, 2) && !hd_given_apart(&given, 1, 2));
    hd_given_release(&given);
}

Test(given, nothing_given_is_nothing_said)
{
    hd_given given;
    cr_assert_eq(hd_given_read(&mini.ctx, &mini.mentions, hd_mini_key, NULL, &given), HD_OK);
    cr_expect(!hd_given_same(&given, 0, 1) && !hd_given_apart(&given, 0, 1));
    cr_expect(!hd_given_apart(NULL, 0, 1));
    hd_given_release(&given);
}

Test(given, a_record_that_is_gone_makes_its_pair_void)
{
    hd_given given;
    cr_assert_eq(read_text(HEAD "a,1,self,a,9,self,same\nb,1,self,a,2,self,different\n"
                                "a,1,wife,a,2,self,same\n",
                           &given),
                 HD_OK);
    cr_expect_eq(given.n_void, 3);
    cr_expect_eq(given.n_same + given.n_different, 0);
    hd_given_release(&given);
}

Test(given, a_mention_is_named_as_explain_takes_it)
{
    char hashed[HD_ID_CHARS + 1], text[160];
    hd_keyed_id(hd_mini_key, HD_STR("11"), hashed);
    snprintf(text, sizeof text,
             "a,b,decision\na:1,a:2:self,same\np:11,p:~%s,same\nnobody,a:1,same\n", hashed);
    hd_given given;
    cr_expect_eq(read_text(text, &given), HD_CONFIG); /* a personal key and its hash are one */
    cr_expect_not_null(strstr(mini.ctx.frames[0].text, "pairs.csv:3: both sides are the same"));
    cr_assert_eq(
        read_text("a,b,decision\na:1,a:2:self,same\nnobody,a:1,same\np:11,p:12,different\n",
                  &given),
        HD_OK);
    cr_expect_eq(given.n_same, 1);
    cr_expect_eq(given.n_different, 1);
    cr_expect_eq(given.n_void, 1);
    hd_given_release(&given);
}

Test(given, a_role_may_be_left_empty_and_a_personal_key_given_as_it_is)
{
    hd_given given;
    cr_assert_eq(read_text(HEAD "a,1,,p,12,,same\n", &given), HD_OK);
    cr_expect_eq(given.n_same, 1);
    hd_given_release(&given);
}

Test(given, what_is_left_open_says_nothing)
{
    hd_given given;
    cr_assert_eq(read_text(HEAD "a,1,self,a,2,self,\na,1,self,a,3,self,unknown\n"
                                "a,2,self,a,3,self, different \n",
                           &given),
                 HD_OK);
    cr_expect_eq(given.n_same + given.n_void, 0);
    cr_expect_eq(given.n_different, 1);
    hd_given_release(&given);
}

Test(given, the_review_list_is_read_as_it_is_headed)
{
    hd_given given;
    cr_assert_eq(read_text("原因,来源甲,记录甲,角色甲,来源乙,记录乙,角色乙,判断\n"
                           "x,a,1,self,a,2,self,同一人\nx,a,1,self,a,3,self,不是同一人\n"
                           "x,a,2,self,a,3,self,看不出\n",
                           &given),
                 HD_OK);
    cr_expect_eq(given.n_same, 1);
    cr_expect_eq(given.n_different, 1);
    hd_given_release(&given);
}

Test(given, what_is_wrong_is_said_with_its_line)
{
    refused("source_a,record_id_a\na,1\n", "has no column \"role_a\"");
    refused(HEAD "a,1,self,a,2,self,perhaps\n", "pairs.csv:2: this is no decision");
    refused(HEAD "a,1,self,a,2,self,same\na,1,self,a,1,self,same\n",
            "pairs.csv:3: both sides are the same mention");
    refused(HEAD "a,1,self\n", "pairs.csv:2: not a row of as many values as columns");
    refused(HEAD "a,1,self,a,2,self,same\na,2,self,a,1,self,different\n",
            "a pair is said to be the same and different (source a)");
}
