#include "pipeline/analyse/label_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/stat.h>

#include "mini_run.h"
#include "pipeline/analyse/labels.h"
#include "pipeline/io/file.h"

static const char CONFIG[] =
    "site: 530303\n"
    "sources:\n"
    "  a:\n"
    "    type: person\n    csv: a.csv\n    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, birth_date: birth, sex: sex, id_number: number, phone: phone}\n";
/* Eight of one name and day, four with one telephone, two of these of another sex; 1 and 2 share a
 * number. */
static const char PEOPLE[] = "id,name,birth,sex,number,phone\n"
                             "1,张伟,19491231,2,11010519491231002X,13912340001\n"
                             "2,张伟,19491231,2,11010519491231002X,13912340001\n"
                             "3,张伟,19491231,,,\n"
                             "4,张伟,19491231,,,\n"
                             "5,张伟,19491231,,,\n"
                             "6,张伟,19491231,,,\n"
                             "7,张伟,19491231,1,,13912340001\n"
                             "8,张伟,19491231,1,,13912340001\n"
                             "9,王芳,18800101,1,440524188001010014,\n";

/* Of its own, so that no exception of the packaged rule is in the way. */
static const char RULES[] = "conflicts:\n  - {code: sex, when: a.gender != b.gender}\n";

static hd_mini_run x;
static hd_label_sample sample;

static void begin(void)
{
    const char *const files[] = {"hedui.yaml", CONFIG, "rules/linkage.yaml", RULES, "a.csv",
                                 PEOPLE,       NULL};
    hd_mini_run_open(&x, 2, files);
}

static void end(void)
{
    hd_label_sample_release(&sample);
    hd_mini_run_close(&x);
}

TestSuite(label_sample, .init = begin, .fini = end);

Test(label_sample, enough_of_all_is_all_of_it)
{
    hd_label_draw(&x.run, 0, 1000, 1, &sample);
    uint64_t n_pairs = 0;
    for (uint32_t h = 0; h < sample.n_strata; h++) {
        cr_expect_gt(sample.stratum[h].n_pairs, 0);
        cr_expect_eq(sample.stratum[h].n_drawn, sample.stratum[h].n_pairs);
        n_pairs += sample.stratum[h].n_pairs;
    }
    cr_expect_eq(sample.n, n_pairs);
    cr_expect_geq(n_pairs, x.run.edges.n);
}

Test(label_sample, pairs_are_drawn_once_and_in_order)
{
    hd_label_draw(&x.run, 0, 1000, 1, &sample);
    for (uint32_t i = 0; i < sample.n; i++) {
        cr_expect_lt(sample.pair[i].a, sample.pair[i].b);
        for (uint32_t k = 0; k < i; k++)
            cr_expect(sample.pair[i].a != sample.pair[k].a || sample.pair[i].b != sample.pair[k].b);
    }
}

Test(label_sample, what_clusters_did_not_follow_is_a_stratum)
{
    hd_label_draw(&x.run, 0, 1000, 1, &sample);
    bool conflict = false;
    for (uint32_t i = 0; i < sample.n; i++) {
        hd_str code = sample.stratum[sample.pair[i].stratum].code;
        if (!hd_str_starts(code, HD_STR("conflict/")))
            continue;
        conflict = true;
        cr_expect_neq(x.run.clusters.of[sample.pair[i].a], x.run.clusters.of[sample.pair[i].b]);
    }
    cr_expect(conflict, "张伟 of both sexes");
}

Test(label_sample, every_stratum_is_drawn_from)
{
    hd_label_draw(&x.run, 0, 1, 1, &sample);
    for (uint32_t h = 0; h < sample.n_strata; h++)
        cr_expect_geq(sample.stratum[h].n_drawn, 1);
}

Test(label_sample, what_is_written_is_read_back)
{
    char path[128];
    hd_labels labels;
    struct stat info;
    snprintf(path, sizeof path, "%s/labels.csv", x.mini.folder);
    hd_label_draw(&x.run, 0, 10, 1, &sample);
    cr_assert_eq(hd_label_write(&x.mini.ctx, &x.run, &sample, false, path), HD_OK);
    cr_assert_eq(stat(path, &info), 0);
    cr_expect_eq(info.st_mode & 0777, 0600);
    cr_assert_eq(hd_labels_read(&x.mini.ctx, &x.run, path, &labels), HD_OK);
    cr_expect_eq(labels.n, sample.n);
    cr_expect_eq(labels.n_decided, 0);
    double size = 0, pairs = 0;
    for (uint32_t h = 0; h < labels.n_strata; h++)
        size += labels.stratum[h].size;
    for (uint32_t h = 0; h < sample.n_strata; h++)
        pairs += (double)sample.stratum[h].n_pairs;
    cr_expect_float_eq(size, pairs, 1e-6);
    hd_labels_release(&labels);
    cr_expect_eq(hd_label_write(&x.mini.ctx, &x.run, &sample, false, path), HD_USAGE,
                 "it may hold decisions");
}

Test(label_sample, values_are_masked_unless_asked_for)
{
    char path[128];
    hd_buf masked = {0}, clear = {0};
    hd_label_draw(&x.run, 0, 1000, 1, &sample);
    snprintf(path, sizeof path, "%s/masked.csv", x.mini.folder);
    cr_assert_eq(hd_label_write(&x.mini.ctx, &x.run, &sample, false, path), HD_OK);
    cr_assert_eq(hd_file_read(&x.mini.ctx, path, &masked), HD_OK);
    snprintf(path, sizeof path, "%s/clear.csv", x.mini.folder);
    cr_assert_eq(hd_label_write(&x.mini.ctx, &x.run, &sample, true, path), HD_OK);
    cr_assert_eq(hd_file_read(&x.mini.ctx, path, &clear), HD_OK);
    cr_expect_null(strstr(masked.ptr, "11010519491231002X"));
    cr_expect_not_null(strstr(clear.ptr, "11010519491231002X"));
    hd_buf_release(&masked);
    hd_buf_release(&clear);
}
