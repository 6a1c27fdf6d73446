#include <math.h>

#include "matchers/date.h"
#include "rule_case.h"

/* yes, no and maybe are columns, so nothing of this is folded. Kleene, Introduction to
 * Metamathematics (1952), § 64. */
Test(rule_eval, kleene)
{
    rule_case *rc = rule_case_new();
    EVALUATES(rc, "yes and yes", "true");
    EVALUATES(rc, "yes and no", "false");
    EVALUATES(rc, "yes and maybe", "null");
    EVALUATES(rc, "no and yes", "false");
    EVALUATES(rc, "no and no", "false");
    EVALUATES(rc, "no and maybe", "false");
    EVALUATES(rc, "maybe and yes", "null");
    EVALUATES(rc, "maybe and no", "false");
    EVALUATES(rc, "maybe and maybe", "null");
    EVALUATES(rc, "yes or yes", "true");
    EVALUATES(rc, "yes or no", "true");
    EVALUATES(rc, "yes or maybe", "true");
    EVALUATES(rc, "no or yes", "true");
    EVALUATES(rc, "no or no", "false");
    EVALUATES(rc, "no or maybe", "null");
    EVALUATES(rc, "maybe or yes", "true");
    EVALUATES(rc, "maybe or no", "null");
    EVALUATES(rc, "maybe or maybe", "null");
    EVALUATES(rc, "not yes", "false");
    EVALUATES(rc, "not no", "true");
    EVALUATES(rc, "not maybe", "null");
    EVALUATES(rc, "maybe and yes and no", "false");
    EVALUATES(rc, "maybe or no or yes", "true");
    EVALUATES(rc, "null and false", "false");
    EVALUATES(rc, "null or true", "true");
    EVALUATES(rc, "not null", "null");
    rule_case_free(rc);
}

Test(rule_eval, only_true_holds)
{
    rule_case *rc = rule_case_new();
    cr_assert(hd_expr_holds(compiled(rc, "yes"), &rc->env));
    cr_assert_not(hd_expr_holds(compiled(rc, "no"), &rc->env));
    cr_assert_not(hd_expr_holds(compiled(rc, "maybe"), &rc->env));
    cr_assert_not(hd_expr_holds(compiled(rc, "null"), &rc->env));
    rule_case_free(rc);
}

static uint32_t loads(rule_case *rc, const char *text)
{
    const hd_expr *expr = compiled(rc, text);
    rc->n_loads = 0;
    hd_expr_eval(expr, &rc->env);
    return rc->n_loads;
}

Test(rule_eval, stops_where_it_is_decided)
{
    rule_case *rc = rule_case_new();
    cr_expect_eq(loads(rc, "no and yes and yes"), 1);
    cr_expect_eq(loads(rc, "yes or no or no"), 1);
    cr_expect_eq(loads(rc, "maybe and no and yes"), 2);
    cr_expect_eq(loads(rc, "maybe or maybe or no"), 3);
    cr_expect_eq(loads(rc, "first(name, 姓名, name)"), 1);
    cr_expect_eq(loads(rc, "first(former_name, 姓名, name)"), 2);
    cr_expect_eq(loads(rc, "former_name = name"), 1);
    cr_expect_eq(loads(rc, "former_name in (name, name)"), 1);
    cr_expect_eq(loads(rc, "name in (former_name, name, name)"), 3);
    cr_expect_eq(loads(rc, "no_n + n"), 1);
    cr_expect_eq(loads(rc, "concat(former_name, name)"), 1);
    cr_expect_eq(loads(rc, "join(former_name, name)"), 2);
    rule_case_free(rc);
}

Test(rule_eval, numbers)
{
    rule_case *rc = rule_case_new();
    EVALUATES(rc, "n + 1", "8");
    EVALUATES(rc, "n - 8", "-1");
    EVALUATES(rc, "n * 0.5", "3.5");
    EVALUATES(rc, "n / 2", "3.5");
    EVALUATES(rc, "-n", "-7");
    EVALUATES(rc, "n / 0", "null");
    EVALUATES(rc, "0 / 0", "null");
    EVALUATES(rc, "0 / (n - 7)", "null");
    EVALUATES(rc, "n + no_n", "null");
    EVALUATES(rc, "no_n * n", "null");
    EVALUATES(rc, "-no_n", "null");
    EVALUATES(rc, "1 / 3", "0.3333333333333333");
    EVALUATES(rc, "0.1 + 0.2", "0.30000000000000004");
    EVALUATES(rc, "999999999999999 * 999999999999999", "9.99999999999998e+29");
    /* No negative zero: it would be another key than zero. */
    cr_assert_eq(compiled(rc, "0 * -1")->literal, hd_value_number(0.0));
    cr_assert_eq(compiled(rc, "-0")->literal, hd_value_number(0.0));
    rule_case_free(rc);
}

/* A number that is too large is null, and so never HD_NULL by its bits. */
Test(rule_eval, overflow_is_null)
{
    rule_case *rc = rule_case_new();
    hd_buf text = {0};
    hd_buf_addf(&text, "999999999999999");
    for (int i = 0; i < 30; i++)
        hd_buf_addf(&text, " * 999999999999999");
    EVALUATES(rc, text.ptr, "null");
    hd_buf_clear(&text);
    hd_buf_addf(&text, "known(0 * (999999999999999");
    for (int i = 0; i < 30; i++)
        hd_buf_addf(&text, " * 999999999999999");
    hd_buf_addf(&text, "))");
    EVALUATES(rc, text.ptr, "false");
    hd_buf_release(&text);
    rule_case_free(rc);
}

Test(rule_eval, comparisons)
{
    rule_case *rc = rule_case_new();
    EVALUATES(rc, "n = 7", "true");
    EVALUATES(rc, "n != 7", "false");
    EVALUATES(rc, "n < 7", "false");
    EVALUATES(rc, "n <= 7", "true");
    EVALUATES(rc, "n > 6.5", "true");
    EVALUATES(rc, "n >= 7.5", "false");
    EVALUATES(rc, "name = \"张三丰\"", "true");
    EVALUATES(rc, "name != 姓名", "true");
    /* By bytes: 张 is U+5F20, 李 U+674E. */
    EVALUATES(rc, "name < 姓名", "true");
    EVALUATES(rc, "name >= 姓名", "false");
    EVALUATES(rc, "\"ab\" < \"abc\" and \"B\" < \"a\" and \"a\" <= \"a\"", "true");
    EVALUATES(rc, "yes = (not no)", "true");
    EVALUATES(rc, "yes != no", "true");
    rule_case_free(rc);
}

Test(rule_eval, comparison_with_null)
{
    rule_case *rc = rule_case_new();
    static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        char text[64];
        snprintf(text, sizeof text, "former_name %s name", signs[i]);
        EVALUATES(rc, text, "null");
        snprintf(text, sizeof text, "n %s no_n", signs[i]);
        EVALUATES(rc, text, "null");
        snprintf(text, sizeof text, "death_date %s death_date", signs[i]);
        EVALUATES(rc, text, "null");
        snprintf(text, sizeof text, "null %s 5", signs[i]);
        EVALUATES(rc, text, "null");
    }
    EVALUATES(rc, "maybe = yes", "null");
    EVALUATES(rc, "null = null", "null");
    rule_case_free(rc);
}

Test(rule_eval, dates_are_ordered_by_what_both_know)
{
    rule_case *rc = rule_case_new();
    EVALUATES(rc, "birth_date = date(\"1980-01-02\")", "true");
    EVALUATES(rc, "birth_date < date(\"1980-01-03\")", "true");
    EVALUATES(rc, "birth_date < date(\"1980-01-02\")", "false");
    EVALUATES(rc, "birth_date <= date(\"1980-01-02\")", "true");
    EVALUATES(rc, "birth_date > date(\"1979-12-31\")", "true");
    EVALUATES(rc, "birth_date >= date(\"1980-02-01\")", "false");
    /* 1980-01, day not known */
    EVALUATES(rc, "month_only", "1980-01");
    EVALUATES(rc, "month_only = month_only", "true");
    EVALUATES(rc, "month_only = birth_date", "false");
    EVALUATES(rc, "month_only < birth_date", "null");
    EVALUATES(rc, "month_only >= month_only", "null");
    EVALUATES(rc, "month_only < date(\"1980-02-01\")", "true");
    EVALUATES(rc, "month_only > date(\"1979-12-31\")", "true");
    rule_case_free(rc);
}

static hd_value less(hd_date x, hd_date y)
{
    return hd_value_compare(HD_OP_LT, HD_TYPE_DATE, (hd_value)x, (hd_value)y, NULL);
}

Test(rule_eval, dates_with_a_year_only)
{
    cr_expect_eq(less(19800000, 19810000), 1);
    cr_expect_eq(less(19810000, 19801231), 0);
    cr_expect_eq(less(19800000, 19800000), HD_NULL);
    cr_expect_eq(less(19800000, 19800100), HD_NULL);
    cr_expect_eq(less(19800102, 19800000), HD_NULL);
    cr_expect_eq(less(19800200, 19800300), 1);
}

Test(rule_eval, in)
{
    rule_case *rc = rule_case_new();
    EVALUATES(rc, "n in (1, 7)", "true");
    EVALUATES(rc, "n in (1, 2)", "false");
    EVALUATES(rc, "n not in (1, 2)", "true");
    EVALUATES(rc, "n in (1, null, 7)", "true");
    EVALUATES(rc, "n in (1, no_n)", "null");
    EVALUATES(rc, "n not in (1, no_n)", "null");
    EVALUATES(rc, "no_n in (1, 7)", "null");
    EVALUATES(rc, "name in (姓名, \"张三丰\")", "true");
    EVALUATES(rc, "birth_date in (date(\"1980-01-02\"))", "true");
    EVALUATES(rc, "yes in (no)", "false");
    rule_case_free(rc);
}

Test(rule_eval, same_shape)
{
    rule_case *rc = rule_case_new();
    static const struct {
        const char *x, *y;
        bool same;
    } cases[] = {
        {"lower(a.name)", "lower(b.name)", true},
        {"lower(a.name)", "lower(a.姓名)", false},
        {"lower(a.name)", "lower(mother.name)", false},
        {"lower(a.name)", "digits(a.name)", false},
        {"state(a.name)", "state(b.name)", true},
        {"state(a.name)", "original(a.name)", false},
        {"reason(name, 'dot')", "reason(name, 'width')", false},
        {"prefix(a.division, 6)", "prefix(b.division, 6)", true},
        {"prefix(a.division, 6)", "prefix(b.division, 9)", false},
        {"first(name, 姓名)", "first(name, 姓名, name)", false},
        {"n + 1", "n - 1", false},
        {"n", "name", false},
        {"source", "b.source", true},
        {"yes and no", "yes and no", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const hd_expr *x = compiled(rc, cases[i].x), *y = compiled(rc, cases[i].y);
        cr_expect_eq(hd_expr_same_shape(x, y), cases[i].same, "%s, %s", cases[i].x, cases[i].y);
        cr_expect_eq(hd_expr_same_shape(y, x), cases[i].same, "%s, %s", cases[i].y, cases[i].x);
    }
    rule_case_free(rc);
}

static const char *number_shown(rule_case *rc, double d)
{
    return value_shown(rc, HD_TYPE_NUMBER, hd_value_number(d));
}

Test(rule_eval, print)
{
    rule_case *rc = rule_case_new();
    static const hd_type types[] = {HD_TYPE_BOOL, HD_TYPE_NUMBER, HD_TYPE_TEXT, HD_TYPE_DATE,
                                    HD_TYPE_NULL};
    hd_buf out = {0};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        hd_value_print(&out, types[i], HD_NULL, rc->scope.texts);
    hd_value_print(&out, HD_TYPE_NULL, 5, rc->scope.texts);
    cr_assert_eq(out.len_bytes, 0);
    hd_buf_release(&out);
    cr_expect_str_eq(value_shown(rc, HD_TYPE_DATE, 19800102), "1980-01-02");
    cr_expect_str_eq(value_shown(rc, HD_TYPE_DATE, 19801200), "1980-12");
    cr_expect_str_eq(value_shown(rc, HD_TYPE_DATE, 19800000), "1980");
    cr_expect_str_eq(value_shown(rc, HD_TYPE_DATE, 10101), "0001-01-01");
    cr_expect_str_eq(value_shown(rc, HD_TYPE_BOOL, 1), "true");
    cr_expect_str_eq(value_shown(rc, HD_TYPE_BOOL, 0), "false");
    cr_expect_str_eq(number_shown(rc, 1000000), "1000000");
    cr_expect_str_eq(number_shown(rc, -0.0), "0");
    cr_expect_str_eq(number_shown(rc, 0.5), "0.5");
    cr_expect_str_eq(number_shown(rc, -2.25), "-2.25");
    cr_expect_str_eq(number_shown(rc, 1e15), "1e+15");
    cr_expect_str_eq(number_shown(rc, 2.0 / 3), "0.6666666666666666");
    rule_case_free(rc);
}

Test(rule_eval, bools_have_no_order, .exit_code = 70)
{
    hd_value_compare(HD_OP_LT, HD_TYPE_BOOL, 0, 1, NULL);
}

Test(rule_eval, only_comparisons_compare, .exit_code = 70)
{
    hd_value_compare(HD_OP_ADD, HD_TYPE_NUMBER, 0, 0, NULL);
}
