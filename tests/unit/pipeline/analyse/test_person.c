#include "pipeline/analyse/person.h"

#include <criterion/criterion.h>

#include "mini_run.h"

static const char CONFIG[] =
    "site: 530303\nlanguage: en\n"
    "sources:\n"
    "  a:\n"
    "    type: person\n    csv: a.csv\n    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, birth_date: birth, sex: sex, id_number: number, phone: phone}\n"
    "  b:\n"
    "    type: person\n    csv: b.csv\n    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, birth_date: birth, sex: sex, id_number: number, phone: phone}\n";
/* Three of one person, and one that differs from them in sex. */
static const char A[] = "id,name,birth,sex,number,phone\n"
                        "1,张伟,19491231,2,11010519491231002X,13912340001\n"
                        "2,张伟,19491231,1,,13912340001\n";
static const char B[] = "id,name,birth,sex,number,phone\n"
                        "1,张伟,19491231,2,11010519491231002X,\n"
                        "2,张伟,19491231,2,,13912340001\n"
                        "3,王芳,18800101,1,440524188001010014,\n";

/* Of its own, so that no exception of the packaged rule is in the way. */
static const char RULES[] = "conflicts:\n  - {code: sex, when: a.gender != b.gender}\n";

static hd_mini_run x;
static hd_person_view view;

static void begin(void)
{
    const char *const files[] = {
        "hedui.yaml", CONFIG, "rules/linkage.yaml", RULES, "a.csv", A, "b.csv", B, NULL};
    hd_mini_run_open(&x, 2, files);
}

static void end(void)
{
    hd_person_view_release(&view);
    hd_mini_run_close(&x);
}

TestSuite(person, .init = begin, .fini = end);

static void look(const char *mention)
{
    hd_person_look(&x.run, x.run.clusters.of[hd_mini_run_mention(&x, mention)], &view);
}

Test(person, grows_join_by_join)
{
    look("a/1/self");
    cr_assert_eq(view.n, 3);
    cr_expect_eq(view.n_sources, 2);
    cr_assert_eq(view.n_joins, 2);
    cr_expect_eq(view.join[0].n_a + view.join[0].n_b, 2);
    cr_expect_eq(view.join[1].n_a + view.join[1].n_b, 3);
    cr_expect_geq(view.join[0].edge->weight, view.join[1].edge->weight);
    for (uint32_t i = 0; i < view.n_joins; i++)
        cr_expect_geq(view.join[i].pass, 0);
}

Test(person, a_triangle_has_no_bridge)
{
    look("a/1/self");
    cr_expect_eq(view.metrics.n_members, 3);
    uint32_t n_bridges = 0;
    for (uint32_t i = 0; i < view.n_joins; i++)
        n_bridges += view.join[i].bridge;
    cr_expect_eq(n_bridges, view.metrics.n_bridges, "every bridge is a join");
}

Test(person, who_was_kept_apart_is_told_once_and_why)
{
    look("a/1/self");
    cr_assert_eq(view.n_apart, 1);
    cr_expect_eq(view.apart[0].cluster, x.run.clusters.of[hd_mini_run_mention(&x, "a/2/self")]);
    cr_expect_geq(view.apart[0].review->conflict, 0);
    cr_expect_gt(view.apart[0].n_pairs, 0);
}

Test(person, one_mention_has_no_joins)
{
    look("b/3/self");
    cr_expect_eq(view.n, 1);
    cr_expect_eq(view.n_joins, 0);
    cr_expect_eq(view.n_apart, 0);
}

Test(person, in_words_masked_unless_asked_for)
{
    hd_buf masked = {0}, shown = {0};
    look("a/1/self");
    hd_person_text(&x.run, &view, (hd_explain_style){0}, &masked);
    hd_person_text(&x.run, &view, (hd_explain_style){.show_values = true}, &shown);
    cr_expect_null(strstr(masked.ptr, "11010519491231002X"));
    cr_expect_not_null(strstr(shown.ptr, "11010519491231002X"));
    cr_expect_not_null(strstr(masked.ptr, "sexes differ"));
    cr_expect_null(strstr(masked.ptr, "person."), "no text is missing");
    hd_buf_release(&masked);
    hd_buf_release(&shown);
}

Test(person, a_mention_names_its_person)
{
    uint32_t cluster, n_published, n_elsewhere;
    cr_expect_eq(
        hd_person_by_name(&x.mini.ctx, &x.run, "b:3", &cluster, &n_published, &n_elsewhere), HD_OK);
    cr_expect_eq(cluster, x.run.clusters.of[hd_mini_run_mention(&x, "b/3/self")]);
    cr_expect_eq(
        hd_person_by_name(&x.mini.ctx, &x.run, "b:9", &cluster, &n_published, &n_elsewhere),
        HD_USAGE);
    cr_expect_eq(hd_person_by_name(&x.mini.ctx, &x.run, "a6berred0j3ssw2djmymmab0xw", &cluster,
                                   &n_published, &n_elsewhere),
                 HD_USAGE, "there is no store");
}
