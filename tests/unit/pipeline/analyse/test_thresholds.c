#include "pipeline/analyse/thresholds.h"

#include <criterion/criterion.h>
#include <math.h>

#include "mini_run.h"

static const char CONFIG[] =
    "site: 530303\n"
    "sources:\n"
    "  a:\n"
    "    type: person\n    csv: a.csv\n    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, birth_date: birth, sex: sex, id_number: number}\n";
/* 1 and 2 agree in all, 1 and 3 in name and day, 4 is somebody else. */
static const char PEOPLE[] = "id,name,birth,sex,number\n"
                             "1,张伟,19491231,2,11010519491231002X\n"
                             "2,张伟,19491231,2,11010519491231002X\n"
                             "3,张伟,19491231,,\n"
                             "4,王芳,18800101,1,440524188001010014\n";

static hd_mini_run x;
static hd_thresholds t;

static void begin(void)
{
    const char *const files[] = {"hedui.yaml", CONFIG, "a.csv", PEOPLE, NULL};
    hd_mini_run_open(&x, 2, files);
}

static void end(void)
{
    hd_thresholds_release(&t);
    hd_mini_run_close(&x);
}

TestSuite(thresholds, .init = begin, .fini = end);

static hd_status run(double from, double to, double step, const hd_truth *truth,
                     const hd_labels *labels)
{
    return hd_thresholds_run(&x.mini.ctx, &x.run, (hd_threshold_range){from, to, step}, truth,
                             labels, &t);
}

Test(thresholds, a_higher_one_joins_no_more)
{
    cr_assert_eq(run(0, 40, 1, NULL, NULL), HD_OK);
    cr_assert_eq(t.n, 41);
    cr_expect_eq(t.point[0].n_persons, 2);
    cr_expect_eq(t.point[0].largest, 3);
    cr_expect_eq(t.point[0].n_pairs, 3);
    for (uint32_t i = 1; i < t.n; i++) {
        cr_expect_gt(t.point[i].threshold, t.point[i - 1].threshold);
        cr_expect_geq(t.point[i].n_persons, t.point[i - 1].n_persons);
    }
    cr_expect_eq(t.point[t.n - 1].n_persons, 4);
}

Test(thresholds, the_configured_one_is_among_them_and_gives_the_runs_persons)
{
    cr_assert_eq(run(0, 3, 1, NULL, NULL), HD_OK);
    cr_assert_eq(t.n, 5);
    const hd_threshold_point *p = &t.point[t.configured];
    cr_expect_eq(p->threshold, 5 * HD_WEIGHT_ONE);
    cr_expect_eq(p->n_persons, x.run.clusters.n);
    cr_expect_float_eq(x.run.ruleset->match_threshold_bits, 5, 1e-12, "the run stands as it did");
}

Test(thresholds, a_truth_judges_and_what_the_data_lacks_is_alone)
{
    hd_mention mention[] = {0, 1, 2, 3, HD_NO_MENTION};
    uint32_t person[] = {1, 1, 1, 2, 2};
    const hd_truth truth = {.mention = mention, .person = person, .n = 5, .n_missing = 1};
    cr_assert_eq(run(0, 40, 40, &truth, NULL), HD_OK);
    const hd_partition_measures *all = &t.point[0].measures, *none = &t.point[t.n - 1].measures;
    cr_expect_eq(all->true_pairs, 4);
    cr_expect_eq(all->right_pairs, 3);
    cr_expect_float_eq(all->pairwise.precision, 1, 1e-12);
    cr_expect_float_eq(all->pairwise.recall, 0.75, 1e-12);
    cr_expect_float_eq(none->pairwise.recall, 0, 1e-12);
    cr_expect_eq(t.best, 0);
}

Test(thresholds, labels_judge)
{
    hd_label label[] = {{0, 1, HD_DECISION_SAME, 0, 2},
                        {0, 2, HD_DECISION_DIFFERENT, 0, 3},
                        {0, 3, HD_DECISION_DIFFERENT, 0, 4},
                        {1, 2, HD_DECISION_UNKNOWN, 0, 5}};
    hd_label_stratum stratum = {.size = 4, .n_lines = 4, .n_decided = 3};
    const hd_labels labels = {
        .label = label, .n = 4, .n_decided = 3, .stratum = &stratum, .n_strata = 1};
    cr_assert_eq(run(0, 40, 40, NULL, &labels), HD_OK);
    cr_expect_eq(t.point[0].n_labels_wrong, 1);
    cr_expect_float_eq(t.point[0].estimates.precision.value, 0.5, 1e-12);
    cr_expect_float_eq(t.point[0].estimates.recall.value, 1, 1e-12);
    cr_expect_eq(t.point[t.n - 1].n_labels_missed, 1);
    cr_expect(isnan(t.point[t.n - 1].estimates.precision.value), "nothing was joined");
}

Test(thresholds, a_range_that_is_none_is_refused)
{
    cr_expect_eq(run(5, 1, 1, NULL, NULL), HD_USAGE);
    cr_expect_eq(run(0, 5, 0, NULL, NULL), HD_USAGE);
    cr_expect_eq(run(0, 1e9, 0.1, NULL, NULL), HD_USAGE);
    cr_expect_eq(run(-5, 5, 1, NULL, NULL), HD_USAGE, "pairs below 0 are not kept");
}
