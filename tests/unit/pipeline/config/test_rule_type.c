#include "rule_case.h"

Test(rule_type, names)
{
    rule_case *rc = rule_case_new();
    REFUSED(rc, "nmae = \"x\"", "1: unknown name \"nmae\"; the nearest is \"name\"");
    REFUSED(rc, "first(a.nmae, name)", "7: unknown name \"a.nmae\"");
    REFUSED(rc, "`家庭地址` = name", "1: unknown name \"家庭地址\"; the nearest is \"家庭 地址\"");
    REFUSED(rc, "yes and missing", "9: \"missing\" is a function: write missing(...)");
    cr_assert_str_eq(rc->ctx.hint, "");
    REFUSED(rc, "wife.name", "1: unknown name \"wife.name\"");
    cr_assert_str_eq(rc->ctx.hint,
                     "known names: name, former_name, birth_date, death_date, month_only, "
                     "division, n, no_n, yes, no, maybe, 姓名, 家庭 地址");
    rc->scope.list = NULL;
    REFUSED(rc, "nmae = \"x\"", "1: unknown name \"nmae\"");
    cr_assert_str_eq(rc->ctx.hint, "");
    rule_case_free(rc);
}

static hd_str endless_list(void *arg, uint32_t i)
{
    (void)arg;
    return i < 1000 ? HD_STR("quite_another") : HD_STR_NULL;
}

static hd_str list_of_a_pair(void *arg, uint32_t i)
{
    char *name = arg;
    if (i == 2)
        return HD_STR_NULL;
    snprintf(name, 8, "%c.name", i ? 'b' : 'a');
    return (hd_str){name, 6};
}

/* Names that are put together for each call. */
Test(rule_type, list_may_reuse_its_memory)
{
    rule_case *rc = rule_case_new();
    char name[8];
    rc->scope.list = list_of_a_pair;
    rc->scope.derive = NULL;
    rc->scope.arg = name;
    REFUSED(rc, "name = \"x\" and a.nmae",
            "16: unknown name \"a.nmae\"; the nearest is \"a.name\"");
    REFUSED(rc, "wife.name", "1: unknown name \"wife.name\"");
    cr_assert_str_eq(rc->ctx.hint, "known names: a.name, b.name");
    rule_case_free(rc);
}

static hd_str empty_list(void *arg, uint32_t i)
{
    (void)arg, (void)i;
    return HD_STR_NULL;
}

Test(rule_type, hint_holds_what_it_can)
{
    rule_case *rc = rule_case_new();
    rc->scope.list = endless_list;
    REFUSED(rc, "x", "1: unknown name \"x\"");
    cr_assert_eq(strlen(rc->ctx.hint), HD_FRAME_BYTES - 1);
    rc->scope.list = empty_list;
    REFUSED(rc, "x", "1: unknown name \"x\"");
    cr_assert_str_eq(rc->ctx.hint, "known names: none");
    rule_case_free(rc);
}

Test(rule_type, functions)
{
    rule_case *rc = rule_case_new();
    REFUSED(rc, "lenght(name)", "1: unknown function \"lenght\"; the nearest is \"length\"");
    REFUSED(rc, "5 < sha256(name)", "5: unknown function \"sha256\"");
    REFUSED(rc, "prefix(name)", "1: prefix() takes 2 arguments, not 1");
    REFUSED(rc, "length()", "1: length() takes 1 argument, not 0");
    REFUSED(rc, "length(name, name)", "1: length() takes 1 argument, not 2");
    REFUSED(rc, "5 = first(n)", "5: first() takes at least 2 arguments, not 1");
    REFUSED(rc, "prefix(division, name)",
            "18: prefix() needs number as its 2nd argument, not text");
    REFUSED(rc, "prefix(birth_date, 4)", "8: prefix() needs text as its 1st argument, not date");
    REFUSED(rc, "year(name)", "6: year() needs date as its 1st argument, not text");
    REFUSED(rc, "year(\"1980-01-02\")",
            "6: year() needs date as its 1st argument, not text; write date(\"1980-01-02\")");
    REFUSED(rc, "concat(name, name, yes)", "20: concat() needs text as its 3rd argument, not bool");
    REFUSED(rc, "concat(name, name, name, n)",
            "26: concat() needs text as its 4th argument, not number");
    REFUSED(rc, "first(null, name, null, birth_date)",
            "25: first() needs text as its 4th argument, not date");
    REFUSED(rc, "first(birth_date, \"1980\")",
            "19: first() needs date as its 2nd argument, not text; write date(\"1980\")");
    hd_buf text = {0};
    hd_buf_addf(&text, "join(name");
    for (int i = 2; i < 111; i++)
        hd_buf_addf(&text, i == 11 || i == 12 || i == 13 || i == 21 ? ",name" : ",null");
    hd_buf_addf(&text, ",5)");
    REFUSED(rc, text.ptr, "556: join() needs text as its 111th argument, not number");
    hd_buf_release(&text);
    REFUSED(rc, "join(name,null,null,null,null,null,null,null,null,null,null,null,5)",
            "66: join() needs text as its 13th argument, not number");
    REFUSED(rc,
            "join(name,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,"
            "null,null,null,null,5)",
            "106: join() needs text as its 21st argument, not number");
    rule_case_free(rc);
}

Test(rule_type, result_of_first)
{
    rule_case *rc = rule_case_new();
    cr_assert_eq(compiled(rc, "first(null, birth_date)")->type, HD_TYPE_DATE);
    cr_assert_eq(compiled(rc, "first(name, null, name)")->type, HD_TYPE_TEXT);
    cr_assert_eq(compiled(rc, "first(null, null)")->type, HD_TYPE_NULL);
    cr_assert_eq(compiled(rc, "known(null)")->type, HD_TYPE_BOOL);
    rule_case_free(rc);
}

Test(rule_type, operators)
{
    rule_case *rc = rule_case_new();
    REFUSED(rc, "yes and name", "9: \"and\" needs bool, not text");
    REFUSED(rc, "yes and no and n", "16: \"and\" needs bool, not number");
    REFUSED(rc, "birth_date or yes", "1: \"or\" needs bool, not date");
    REFUSED(rc, "not name", "5: \"not\" needs bool, not text");
    REFUSED(rc, "n + name", "5: \"+\" needs number, not text");
    REFUSED(rc, "name - n", "1: \"-\" needs number, not text");
    REFUSED(rc, "n * yes", "5: \"*\" needs number, not bool");
    REFUSED(rc, "birth_date / n", "1: \"/\" needs number, not date");
    REFUSED(rc, "-name", "2: \"-\" needs number, not text");
    REFUSED(rc, "姓名 = n", "4: \"=\" cannot compare text with number");
    REFUSED(rc, "n != yes", "3: \"!=\" cannot compare number with bool");
    REFUSED(rc, "name < n", "6: \"<\" cannot compare text with number");
    REFUSED(rc, "birth_date = \"1980-01-02\"",
            "12: \"=\" cannot compare date with text; write date(\"1980-01-02\")");
    REFUSED(rc, "\"1980\" >= birth_date",
            "8: \">=\" cannot compare text with date; write date(\"1980\")");
    REFUSED(rc, "birth_date <= name", "12: \"<=\" cannot compare date with text");
    REFUSED(rc, "yes < no", "5: \"<\" does not order bool");
    REFUSED(rc, "null > no", "6: \">\" does not order bool");
    REFUSED(rc, "name in (\"x\", n)", "15: \"in\" cannot compare text with number");
    REFUSED(rc, "null in (\"x\", null, n)", "21: \"in\" cannot compare text with number");
    REFUSED(rc, "birth_date in (\"1980-01-02\")",
            "16: \"in\" cannot compare date with text; write date(\"1980-01-02\")");
    REFUSED(rc, "name not in (n)", "14: \"in\" cannot compare text with number");
    rule_case_free(rc);
}

Test(rule_type, what_is_wanted)
{
    rule_case *rc = rule_case_new();
    const hd_expr *expr;
    expect_refused(rc, " name", HD_TYPE_BOOL, "2: the expression must be bool, not text");
    expect_refused(rc, "yes or no", HD_TYPE_TEXT, "1: the expression must be text, not bool");
    expect_refused(rc, "\"1980-01-02\"", HD_TYPE_DATE,
                   "1: the expression must be date, not text; write date(\"1980-01-02\")");
    cr_assert_eq(try_compile(rc, "null", HD_TYPE_BOOL, &expr), HD_OK);
    cr_assert_eq(try_compile(rc, "n", HD_TYPE_NUMBER, &expr), HD_OK);
    rule_case_free(rc);
}

Test(rule_type, dates)
{
    rule_case *rc = rule_case_new();
    REFUSED(rc, "birth_date = date(\"1980-02-30\")",
            "19: \"1980-02-30\" is no date; a date is written as 1980-01-02");
    REFUSED(rc, "date(\"1980\")", "6: \"1980\" is no date; a date is written as 1980-01-02");
    cr_assert_eq(compiled(rc, "date(\"1980-02-29\")")->literal, 19800229);
    rule_case_free(rc);
}

Test(rule_type, field_functions)
{
    rule_case *rc = rule_case_new();
    const hd_expr *expr = compiled(rc, "state(b.name)");
    cr_assert_eq(expr->op, HD_OP_REF);
    cr_assert_eq(expr->type, HD_TYPE_TEXT);
    cr_assert_eq(expr->sides, 2);
    cr_assert_eq(expr->ref.what, HD_REF_STATE);
    cr_assert_eq(expr->ref.side, 1);
    cr_assert_eq(expr->ref.index, 0);
    cr_assert_eq(expr->ref.role, -1);
    expr = compiled(rc, "original(mother.birth_date)");
    cr_assert_eq(expr->type, HD_TYPE_TEXT);
    cr_assert_eq(expr->sides, 1);
    cr_assert_eq(expr->ref.what, HD_REF_ORIGINAL);
    cr_assert_eq(expr->ref.role, 2);
    cr_assert_eq(expr->ref.index, 2);
    expr = compiled(rc, "reason(name, \"id_checksum\")");
    cr_assert_eq(expr->type, HD_TYPE_BOOL);
    cr_assert_eq(expr->ref.what, HD_REF_REASON);
    cr_assert_eq(expr->ref.reason, HD_REASON_id_checksum);
    EVALUATES(rc, "state(name)", "\"repaired\"");
    EVALUATES(rc, "reason(name, 'width') and not reason(name, 'dot')", "true");
    EVALUATES(rc, "original(name)", "\"张 三丰\"");
    rule_case_free(rc);
}

Test(rule_type, field_functions_refused)
{
    rule_case *rc = rule_case_new();
    rc->derived = compiled(rc, "yes");
    REFUSED(rc, "state(\"name\")", "7: state() needs a field as its 1st argument");
    REFUSED(rc, "original(lower(name))", "10: original() needs a field as its 1st argument");
    REFUSED(rc, "state(source) = \"ok\"", "7: state() needs a field, and \"source\" is none");
    REFUSED(rc, "state(b.source) = \"ok\"", "7: state() needs a field, and \"b.source\" is none");
    REFUSED(rc, "state(gender) = \"ok\"", "7: state() needs a field, and \"gender\" is none");
    REFUSED(rc, "state(nmae)", "7: unknown name \"nmae\"; the nearest is \"name\"");
    REFUSED(rc, "state(name, name)", "1: state() takes 1 argument, not 2");
    REFUSED(rc, "reason(name, \"id_cheksum\")",
            "14: unknown reason \"id_cheksum\"; the nearest is \"id_checksum\"");
    REFUSED(rc, "reason(name, \"?\")", "14: unknown reason \"?\"");
    REFUSED(rc, "name_alike(name, name, \"swaped\")",
            "24: unknown level of names \"swaped\"; the nearest is \"swapped\"");
    REFUSED(rc, "name_alike(name, name, name)",
            "24: name_alike() needs a level in quotes as its 3rd argument");
    REFUSED(rc, "reason(name, name)",
            "14: reason() needs a reason code in quotes as its 2nd argument");
    REFUSED(rc, "reason(name, 5)",
            "14: reason() needs a reason code in quotes as its 2nd argument");
    rc->scope.columns = true;
    REFUSED(rc, "\"ok\" = state(name)",
            "8: state() cannot be used here: a column has only its text");
    rule_case_free(rc);
}

Test(rule_type, states)
{
    rule_case *rc = rule_case_new();
    EVALUATES(rc, "state(name) = \"repaired\" and \"ok\" != state(name)", "true");
    EVALUATES(rc, "state(name) in (\"ok\", \"suspicious\", null)", "null");
    EVALUATES(rc, "name = \"okay\"", "false");
    REFUSED(rc, "state(name) = \"okey\"", "15: unknown state \"okey\"; the nearest is \"ok\"");
    REFUSED(rc, "\"mising\" != state(a.name)",
            "1: unknown state \"mising\"; the nearest is \"missing\"");
    REFUSED(rc, "state(name) in (\"ok\", \"good\")", "23: unknown state \"good\"");
    REFUSED(rc, "state(name) not in (\"okk\")", "21: unknown state \"okk\"; the nearest is \"ok\"");
    rule_case_free(rc);
}

Test(rule_type, derived_names)
{
    rule_case *rc = rule_case_new();
    rc->derived = compiled(rc, "first(former_name, name)");
    const hd_expr *expr = compiled(rc, "gender = 姓名");
    cr_assert_eq(expr->args[0], rc->derived);
    cr_assert_eq(expr->sides, 1);
    EVALUATES(rc, "gender", "\"张三丰\"");
    REFUSED(rc, "a.gender = name", "1: unknown name \"a.gender\"");
    REFUSED(rc, "gender + 1", "1: \"+\" needs number, not text");
    rc->scope.derive = NULL;
    REFUSED(rc, "gender", "1: unknown name \"gender\"");
    rule_case_free(rc);
}

Test(rule_type, derived_names_count_for_depth)
{
    rule_case *rc = rule_case_new();
    rc->derived = compiled(rc, "no_n");
    for (int i = 0; i < 199; i++)
        rc->derived = compiled(rc, "1 - gender");
    EVALUATES(rc, "gender", "null");
    REFUSED(rc, "1 - gender", "1: nested more than 200 deep with its derived names");
    rule_case_free(rc);
}

Test(rule_type, constants_are_folded)
{
    rule_case *rc = rule_case_new();
    const hd_expr *expr = compiled(rc, "n = 1 + 2 * length(concat(\"a\", \"b\"))");
    cr_assert_eq(expr->args[1]->op, HD_OP_LITERAL);
    cr_assert_eq(expr->args[1]->n_args, 0);
    cr_assert_eq(expr->args[1]->type, HD_TYPE_NUMBER);
    cr_assert_eq(hd_number(expr->args[1]->literal), 5);
    cr_assert_eq(expr->sides, 1);
    expr = compiled(rc, "null = 1");
    cr_assert_eq(expr->op, HD_OP_LITERAL);
    cr_assert_eq(expr->type, HD_TYPE_BOOL);
    cr_assert_eq(expr->literal, HD_NULL);
    /* The Han table is not there yet when rules are compiled. */
    expr = compiled(rc, "pinyin(\"张\")");
    cr_assert_eq(expr->op, HD_OP_CALL);
    cr_assert_eq(expr->sides, 0);
    cr_assert_eq(expr->function, HD_FUNCTION_pinyin);
    cr_assert_eq(rc->n_loads, 0);
    rule_case_free(rc);
}

Test(rule_type, sides_and_columns)
{
    rule_case *rc = rule_case_new();
    const hd_expr *expr = compiled(rc, "姓名 = a.name and  lower(b.name) = name");
    cr_assert_eq(expr->op, HD_OP_AND);
    cr_assert_eq(expr->sides, 3);
    cr_assert_eq(expr->args[0]->sides, 1);
    cr_assert_eq(expr->args[1]->sides, 3);
    cr_assert_eq(expr->args[1]->args[0]->sides, 2);
    cr_assert_eq(expr->column, 1);
    cr_assert_eq(expr->args[0]->args[1]->column, 6);
    cr_assert_eq(expr->args[1]->column, 18);
    cr_assert_eq(expr->args[1]->args[0]->args[0]->column, 24);
    rule_case_free(rc);
}
