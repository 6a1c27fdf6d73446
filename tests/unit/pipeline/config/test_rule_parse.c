#include "rule_case.h"

Test(rule_parse, precedence)
{
    rule_case *rc = rule_case_new();
    EVALUATES(rc, "1 + 2 * 3", "7");
    EVALUATES(rc, "(1 + 2) * 3", "9");
    EVALUATES(rc, "10 - 4 - 3", "3");
    EVALUATES(rc, "24 / 4 / 2", "3");
    EVALUATES(rc, "-2 * -3 - -1", "7");
    EVALUATES(rc, "- - 2", "2");
    EVALUATES(rc, "-(1 + 2)", "-3");
    EVALUATES(rc, "1 + 1 = 2", "true");
    EVALUATES(rc, "true or false and false", "true");
    EVALUATES(rc, "(true or false) and false", "false");
    EVALUATES(rc, "not false and false", "false");
    EVALUATES(rc, "not (false and false)", "true");
    EVALUATES(rc, "not 1 = 2", "true");
    EVALUATES(rc, "1 in (1, 2) and not 3 in (1, 2) and 3 not in (1, 1 + 1)", "true");
    EVALUATES(rc, "(1 = 1) = (2 = 2)", "true");
    EVALUATES(rc, "1 + 1 in (2)", "true");
    rule_case_free(rc);
}

Test(rule_parse, literals)
{
    rule_case *rc = rule_case_new();
    EVALUATES(rc, "12.50", "12.5");
    EVALUATES(rc, "0.1", "0.1");
    EVALUATES(rc, "000012", "12");
    EVALUATES(rc, "999999999999999", "999999999999999");
    EVALUATES(rc, "0.000000000000001", "1e-15");
    EVALUATES(rc, "\"张\"", "\"张\"");
    EVALUATES(rc, "'it is \"so\"'", "\"it is \"so\"\"");
    EVALUATES(rc, "\"it's\"", "\"it's\"");
    EVALUATES(rc, "\"\\\"\\'\\\\\"", "\"\"'\\\"");
    EVALUATES(rc, "\"a\\\\b\"", "\"a\\b\"");
    EVALUATES(rc, "\"\"", "\"\"");
    EVALUATES(rc, "true", "true");
    EVALUATES(rc, "false", "false");
    EVALUATES(rc, "null", "null");
    rule_case_free(rc);
}

Test(rule_parse, a_text_is_written_as_it_is_read)
{
    rule_case *rc = rule_case_new();
    hd_buf written = {0};
    hd_rule_add_text(&written, HD_STR("it's \"so\", a\\b 张"));
    cr_assert_str_eq(written.ptr, "\"it's \\\"so\\\", a\\\\b 张\"");
    EVALUATES(rc, written.ptr, "\"it's \"so\", a\\b 张\"");
    hd_buf_release(&written);
    rule_case_free(rc);
}

Test(rule_parse, names)
{
    rule_case *rc = rule_case_new();
    EVALUATES(rc, "name", "\"张三丰\"");
    EVALUATES(rc, "`name`", "\"张三丰\"");
    EVALUATES(rc, "姓名", "\"李四\"");
    EVALUATES(rc, "`家庭 地址`", "\"某村\"");
    EVALUATES(rc, " \t\r\n a . `name`\n", "\"张三丰\"");
    EVALUATES(rc, "a.姓名=姓名", "true");
    /* A function's name without brackets is a name. */
    const hd_expr *expr = compiled(rc, "mother.name");
    cr_assert_eq(expr->op, HD_OP_REF);
    cr_assert_eq(expr->ref.role, 2);
    rule_case_free(rc);
}

/* Wherever a mistake can be made, its place and what to do. */
Test(rule_parse, refused)
{
    rule_case *rc = rule_case_new();
    REFUSED(rc, "", "1: the expression is empty");
    REFUSED(rc, "  \n", "1: the expression is empty");
    REFUSED(rc, "name =", "7: expected a value, not the end");
    REFUSED(rc, "name = )", "8: expected a value, not \")\"");
    REFUSED(rc, "and", "1: expected a value, not \"and\"");
    REFUSED(rc, "name AND name", "6: expected an operator or the end, not \"AND\"");
    REFUSED(rc, "name name", "6: expected an operator or the end, not \"name\"");
    REFUSED(rc, "name \"x\"", "6: expected an operator or the end, not a text");
    REFUSED(rc, "name 5", "6: expected an operator or the end, not \"5\"");
    REFUSED(rc, "n = n = n", "7: expected an operator or the end, not \"=\"");
    REFUSED(rc, "not not yes", "5: expected a value, not \"not\"");
    REFUSED(rc, "(n", "3: expected an operator or \")\", not the end");
    REFUSED(rc, "(n]", "3: unexpected character \"]\" (U+005D)");
    REFUSED(rc, "n)", "2: expected an operator or the end, not \")\"");
    REFUSED(rc, "first(n n)", "9: expected \",\" or \")\", not \"n\"");
    REFUSED(rc, "first(n,)", "9: expected a value, not \")\"");
    REFUSED(rc, "`first`(n)", "8: expected an operator or the end, not \"(\"");
    REFUSED(rc, "n in 5", "6: expected \"(\", not \"5\"");
    REFUSED(rc, "n in ()", "7: expected a value, not \")\"");
    REFUSED(rc, "n in (1", "8: expected \",\" or \")\", not the end");
    REFUSED(rc, "n not = 5", "7: expected \"in\", not \"=\"");
    REFUSED(rc, "a.", "3: expected a name after \".\", not the end");
    REFUSED(rc, "a.in", "3: expected a name after \".\", not \"in\"");
    REFUSED(rc, "a.name.x", "7: expected an operator or the end, not \".\"");
    REFUSED(rc, "姓名 = \"李", "6: a closing \" is missing");
    REFUSED(rc, "'", "1: a closing ' is missing");
    REFUSED(rc, "\"\\\"", "1: a closing \" is missing");
    REFUSED(rc, "`x", "1: a closing ` is missing");
    REFUSED(rc, "`a\\b\"`", "1: unknown name \"a\\b\"\"");
    REFUSED(rc, "``", "1: there is no name in these backticks");
    REFUSED(rc, "name = \"张\\d\"", "10: a backslash in a text is written twice: \\\\");
    REFUSED(rc, "\"\\", "2: a backslash in a text is written twice: \\\\");
    REFUSED(rc, "n = 110105194912310021",
            "5: a number has at most 15 digits; write what is longer as a text");
    REFUSED(rc, "0.0000000000000001",
            "1: a number has at most 15 digits; write what is longer as a text");
    REFUSED(rc, "2nd", "1: a name that begins with a digit is written in backticks");
    REFUSED(rc, "1月", "1: a name that begins with a digit is written in backticks");
    REFUSED(rc, "1.", "1: a number needs a digit after the point");
    REFUSED(rc, "1.2.3", "4: expected an operator or the end, not \".\"");
    REFUSED(rc, "\"\xFF\"", "1: the expression is not UTF-8");
    rule_case_free(rc);
}

Test(rule_parse, signs_of_other_languages)
{
    rule_case *rc = rule_case_new();
    REFUSED(rc, "n == 5", "3: \"==\" is not known; write =");
    REFUSED(rc, "n <> 5", "3: \"<>\" is not known; write !=");
    REFUSED(rc, "n ≠ 5", "3: \"≠\" is not known; write !=");
    REFUSED(rc, "n ≤ 5", "3: \"≤\" is not known; write <=");
    REFUSED(rc, "n ≥ 5", "3: \"≥\" is not known; write >=");
    REFUSED(rc, "yes && no", "5: \"&&\" is not known; write and");
    REFUSED(rc, "yes || no", "5: \"||\" is not known; write or");
    REFUSED(rc, "!yes", "1: \"!\" is not known; write not");
    REFUSED(rc, "first（n, n)", "6: \"（\" (U+FF08) is not known; write (");
    REFUSED(rc, "姓名＝name", "3: \"＝\" (U+FF1D) is not known; write =");
    REFUSED(rc, "name = “张”", "8: \"“\" (U+201C) is not known; write \"");
    REFUSED(rc, "name = ‘张’", "8: \"‘\" (U+2018) is not known; write '");
    REFUSED(rc, "first(name、姓名)", "11: \"、\" (U+3001) is not known; write ,");
    REFUSED(rc, "a。name", "2: \"。\" (U+3002) is not known; write .");
    REFUSED(rc, "name\xE3\x80\x80= 姓名", "5: not an ordinary blank (U+3000)");
    REFUSED(rc, "name\xC2\xA0= 姓名", "5: not an ordinary blank (U+00A0)");
    REFUSED(rc, "name = §", "8: unexpected character \"§\" (U+00A7)");
    REFUSED(rc, "name = ｡", "8: unexpected character \"｡\" (U+FF61)");
    REFUSED(rc, "name = {", "8: unexpected character \"{\" (U+007B)");
    REFUSED(rc, "name\x01", "5: a control character (U+0001)");
    REFUSED(rc, "name\x7F", "5: a control character (U+007F)");
    rule_case_free(rc);
}

Test(rule_parse, position_is_that_of_the_file)
{
    rule_case *rc = rule_case_new();
    const hd_expr *expr;
    hd_status status =
        hd_rule_compile(&rc->ctx, &rc->scope, (hd_source_pos){"rules/x.yaml", 12, 31},
                        HD_STR("\"张\" = xyz"), HD_TYPE_BOOL, &expr);
    cr_assert_eq(status, HD_CONFIG);
    cr_assert_str_eq(rc->ctx.frames[0].text, "rules/x.yaml:12:37: unknown name \"xyz\"");
    hd_ctx_clear(&rc->ctx);
    status = hd_rule_compile(&rc->ctx, &rc->scope, (hd_source_pos){NULL, 1, 1}, HD_STR("("),
                             HD_TYPE_BOOL, &expr);
    cr_assert_eq(status, HD_CONFIG);
    cr_assert_str_eq(rc->ctx.frames[0].text, "expression:1:2: expected a value, not the end");
    rule_case_free(rc);
}

/* n times `before`, `middle`, n times `after`. */
static const char *nested(rule_case *rc, int n, const char *before, const char *middle,
                          const char *after)
{
    hd_buf text = {0};
    for (int i = 0; i < n; i++)
        hd_buf_addf(&text, "%s", before);
    hd_buf_addf(&text, "%s", middle);
    for (int i = 0; i < n; i++)
        hd_buf_addf(&text, "%s", after);
    const char *copy = hd_arena_str(&rc->arena, hd_buf_str(&text)).ptr;
    hd_buf_release(&text);
    return copy;
}

Test(rule_parse, depth_is_bounded)
{
    rule_case *rc = rule_case_new();
    EVALUATES(rc, nested(rc, 199, "(", "7", ")"), "7");
    REFUSED(rc, nested(rc, 200, "(", "7", ")"), "201: nested more than 200 deep");
    REFUSED(rc, nested(rc, 20000, "(", "7", ")"), "201: nested more than 200 deep");
    EVALUATES(rc, nested(rc, 199, "-", "7", ""), "-7");
    REFUSED(rc, nested(rc, 200, "-", "7", ""), "201: nested more than 200 deep");
    /* A chain of sums is as deep as it is long, for it is evaluated from the left. */
    EVALUATES(rc, nested(rc, 199, "n+", "n", ""), "1400");
    REFUSED(rc, nested(rc, 200, "n+", "n", ""), "1: nested more than 200 deep");
    REFUSED(rc, nested(rc, 20000, "n*", "n", ""), "1: nested more than 200 deep");
    rule_case_free(rc);
}

Test(rule_parse, width_is_bounded)
{
    rule_case *rc = rule_case_new();
    EVALUATES(rc, nested(rc, 254, "yes and ", "yes", ""), "true");
    REFUSED(rc, nested(rc, 255, "yes and ", "yes", ""), "2041: more than 255 parts");
    cr_assert_eq(compiled(rc, nested(rc, 254, "yes or ", "yes", ""))->n_args, 255);
    EVALUATES(rc, nested(rc, 1, "join(", nested(rc, 253, "name,", "name,name", ""), ")"),
              nested(rc, 1, "\"", nested(rc, 255, "张三丰", "", ""), "\""));
    REFUSED(rc, nested(rc, 1, "join(", nested(rc, 255, "n,", "n", ""), ")"),
            "516: more than 255 parts");
    REFUSED(rc, nested(rc, 60001, " ", "", ""), "1: an expression has at most 60000 bytes");
    rule_case_free(rc);
}

/* A character that nothing begins with, after all that can come before it. */
Test(rule_parse, refused_anywhere)
{
    static const char *const before[] = {
        "",
        "n ",
        "5 ",
        "\"x\" ",
        "yes ",
        "true ",
        "null ",
        "-",
        "(",
        "(n ",
        "(n) ",
        "first",
        "first(",
        "first(n,",
        "first(n ",
        "a",
        "a.",
        "a.name ",
        "n + ",
        "n * ",
        "n = ",
        "n <= ",
        "n in ",
        "n in (",
        "n in (1",
        "n in (1, ",
        "n in (1)",
        "n not ",
        "n not in ",
        "n not in (",
        "not ",
        "yes and ",
        "yes and yes ",
        "yes or ",
        "yes and no or ",
        "length(name) ",
        "`a b` ",
        "first()",
    };
    rule_case *rc = rule_case_new();
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        char text[64], want[64];
        snprintf(text, sizeof text, "%s§", before[i]);
        snprintf(want, sizeof want, "%zu: unexpected character \"§\" (U+00A7)",
                 strlen(before[i]) + 1);
        REFUSED(rc, text, want);
    }
    rule_case_free(rc);
}

Test(rule_parse, depth_is_bounded_anywhere)
{
    static const struct {
        const char *before, *after;
        uint32_t column;
    } cases[] = {
        {"", " = 1", 1},        {"1 = ", "", 5},         {"", " in (1)", 1}, {"1 in (", ")", 7},
        {"", " not in (1)", 1}, {"1 not in (", ")", 11}, {"not ", "", 5},    {"", " and yes", 1},
        {"yes and ", "", 9},    {"yes or ", "", 8},      {"-(", ")", 3},     {"", "-1", 1},
        {"1-(", ")", 4},        {"length(", ")", 8},
    };
    rule_case *rc = rule_case_new();
    const char *deep = nested(rc, 199, "n+", "n", "");
    cr_assert_not_null(compiled(rc, deep));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[600], want[64];
        snprintf(text, sizeof text, "%s%s%s", cases[i].before, deep, cases[i].after);
        snprintf(want, sizeof want, "%u: nested more than 200 deep", cases[i].column);
        REFUSED(rc, text, want);
    }
    /* "not in" is a node above "in". */
    char text[600];
    deep = nested(rc, 198, "n+", "n", "");
    snprintf(text, sizeof text, "%s in (1)", deep);
    cr_assert_not_null(compiled(rc, text));
    snprintf(text, sizeof text, "%s not in (1)", deep);
    REFUSED(rc, text, "1: nested more than 200 deep");
    rule_case_free(rc);
}
