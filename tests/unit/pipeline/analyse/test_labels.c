#include "pipeline/analyse/labels.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "mini_run.h"

static const char CONFIG[] = "site: 530303\n"
                             "sources:\n"
                             "  a:\n"
                             "    type: person\n    csv: a.csv\n    key: [id]\n"
                             "    mentions:\n      self: {name: name}\n";
static const char PEOPLE[] = "id,name\n1,张伟\n2,张伟\n3,王芳\n";
#define HEADER "source_a,record_id_a,role_a,source_b,record_id_b,role_b,decision"

static hd_mini_run x;
static hd_labels labels;
static hd_truth truth;

static void begin(void)
{
    const char *const files[] = {"hedui.yaml", CONFIG, "a.csv", PEOPLE, NULL};
    hd_mini_run_open(&x, 1, files);
}

static void end(void)
{
    hd_labels_release(&labels);
    hd_truth_release(&truth);
    hd_mini_run_close(&x);
}

TestSuite(labels, .init = begin, .fini = end);

static hd_status read(const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/labels.csv", x.mini.folder);
    hd_mini_write(&x.mini, "labels.csv", text);
    return hd_labels_read(&x.mini.ctx, &x.run, path, &labels);
}

Test(labels, are_read_in_the_order_of_their_mentions)
{
    cr_assert_eq(read(HEADER ",stratum,weight_of_stratum,name_a\n"
                             "a,3,self,a,1,self,different,low,7.5,x\n"
                             "a,1,self,a,2,self,same,high,2,x\n"
                             "a,2,self,a,3,self,,low,7.5,x\n"),
                 HD_OK);
    cr_assert_eq(labels.n, 3);
    cr_expect_eq(labels.n_decided, 2);
    cr_expect(labels.weighted);
    cr_expect_eq(labels.label[0].a, hd_mini_run_mention(&x, "a/1/self"));
    cr_expect_eq(labels.label[0].b, hd_mini_run_mention(&x, "a/2/self"));
    cr_expect_eq(labels.label[0].decision, HD_DECISION_SAME);
    cr_expect_eq(labels.label[1].decision, HD_DECISION_DIFFERENT);
    cr_assert_eq(labels.n_strata, 2);
    cr_expect_float_eq(labels.stratum[0].size, 15, 1e-12);
    cr_expect_eq(labels.stratum[0].n_decided, 1);
}

Test(labels, need_no_strata)
{
    cr_assert_eq(read(HEADER "\na,1,self,a,2,self,same\na,1,self,a,3,self,different\n"), HD_OK);
    cr_expect_not(labels.weighted);
    cr_assert_eq(labels.n_strata, 1);
    cr_expect_float_eq(labels.stratum[0].size, 2, 1e-12);
}

static void expect_failure(const char *text, const char *message)
{
    hd_ctx_clear(&x.mini.ctx);
    cr_expect_eq(read(text), HD_SOURCE);
    cr_expect_not_null(strstr(x.mini.ctx.frames[0].text, message), "%s", x.mini.ctx.frames[0].text);
    hd_labels_release(&labels);
}

Test(labels, what_is_wrong_is_told_with_its_line)
{
    expect_failure(HEADER "\na,1,self,a,2,self,same\na,1,self,a,99,self,same\n",
                   "labels.csv:3: the data has no such mention b, of source \"a\"");
    expect_failure(HEADER "\nb,1,self,a,2,self,same\n",
                   "labels.csv:2: the data has no such mention a, of source \"b\"");
    expect_failure(HEADER "\na,1,self,a,2,self,perhaps\n",
                   "labels.csv:2: decision must be same, different, unknown or nothing");
    expect_failure(HEADER "\na,1,self,a,1,self,same\n", "labels.csv:2: both sides are one mention");
    expect_failure(HEADER "\na,1,self,a,2,self,same\na,2,self,a,1,self,different\n",
                   "labels.csv:3: the pair stands on line 2, too");
    expect_failure(HEADER ",stratum,weight_of_stratum\na,1,self,a,2,self,same,s,-1\n",
                   "labels.csv:2: weight_of_stratum must be a number above 0");
}

Test(labels, a_record_that_is_not_there_is_not_named)
{
    cr_expect_eq(read(HEADER "\na,11010519491231002X,self,a,2,self,same\n"), HD_SOURCE);
    cr_expect_null(strstr(x.mini.ctx.frames[0].text, "11010519491231002X"));
}

static hd_status read_truth(const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/truth.csv", x.mini.folder);
    hd_mini_write(&x.mini, "truth.csv", text);
    return hd_truth_read(&x.mini.ctx, &x.run, path, &truth);
}

Test(labels, a_truth_may_name_what_the_data_lacks)
{
    cr_assert_eq(read_truth("source,record_id,role,person_id\na,1,self,P\na,9,self,P\n"), HD_OK);
    cr_expect_eq(truth.n, 2);
    cr_expect_eq(truth.n_missing, 1);
    cr_expect_eq(truth.person[0], truth.person[1]);
    cr_expect_eq(truth.mention[1], HD_NO_MENTION);
}

Test(labels, a_truth_of_other_data_is_refused)
{
    cr_expect_eq(read_truth("source,record_id,role,person_id\na,9,self,P\n"), HD_SOURCE);
}
