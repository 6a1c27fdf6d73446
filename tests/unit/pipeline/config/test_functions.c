#include "matchers/comparator.h"
#include "rule_case.h"

typedef struct function_case {
    const char *expr, *want;
} function_case;

static void check(const function_case *cases, size_t n)
{
    rule_case *rc = rule_case_with_han();
    for (size_t i = 0; i < n; i++)
        EVALUATES(rc, cases[i].expr, cases[i].want);
    rule_case_free(rc);
}

#define CHECK(cases) check(cases, sizeof cases / sizeof *(cases))

Test(functions, what_is_there)
{
    static const function_case cases[] = {
        {"first(name, 姓名)", "\"张三丰\""},
        {"first(former_name, null, 姓名)", "\"李四\""},
        {"first(former_name, former_name)", "null"},
        {"first(death_date, birth_date)", "1980-01-02"},
        {"first(\"\", name)", "\"\""},
        {"known(name)", "true"},
        {"known(former_name)", "false"},
        {"known(\"\")", "true"},
        {"known(maybe)", "false"},
        {"missing(name)", "false"},
        {"missing(former_name)", "true"},
        {"missing(null)", "true"},
    };
    CHECK(cases);
}

Test(functions, parts_of_texts)
{
    static const function_case cases[] = {
        {"prefix(division, 6)", "\"530303\""},
        {"prefix(name, 2)", "\"张三\""},
        {"prefix(name, 3)", "\"张三丰\""},
        {"prefix(name, 4)", "null"},
        {"prefix(name, 0)", "\"\""},
        {"prefix(name, -1)", "null"},
        {"prefix(name, 1.5)", "null"},
        {"prefix(name, 99999999999)", "null"},
        {"prefix(\"\", 0)", "\"\""},
        {"prefix(\"\", 1)", "null"},
        {"prefix(\"a𠮷b\", 2)", "\"a𠮷\""},
        {"suffix(division, 3)", "\"002\""},
        {"suffix(name, 1)", "\"丰\""},
        {"suffix(name, 3)", "\"张三丰\""},
        {"suffix(name, 0)", "\"\""},
        {"suffix(name, 4)", "null"},
        {"suffix(name, -1)", "null"},
        {"suffix(\"a𠮷b\", 2)", "\"𠮷b\""},
        {"length(name)", "3"},
        {"length(\"a𠮷\")", "2"},
        {"length(\"\")", "0"},
        {"contains(name, \"三\")", "true"},
        {"contains(name, \"三张\")", "false"},
        {"contains(name, \"\")", "true"},
        {"contains(\"\", name)", "false"},
        {"starts(name, \"张三\")", "true"},
        {"starts(name, \"三\")", "false"},
        {"starts(name, \"张三丰丰\")", "false"},
        {"starts(\"\", \"\")", "true"},
    };
    CHECK(cases);
}

Test(functions, texts_made)
{
    static const function_case cases[] = {
        {"substring(name, 1, 2)", "\"张三\""},
        {"substring(name, 2, 2)", "\"三丰\""},
        {"substring(name, 2, 9)", "\"三丰\""},
        {"substring(name, 4, 1)", "\"\""},
        {"substring(name, 1, 0)", "\"\""},
        {"substring(name, 0, 1)", "null"},
        {"substring(name, 1, -1)", "null"},
        {"substring(name, 99999999999, 99999999999)", "\"\""},
        {"substring(\"\", 1, 1)", "\"\""},
        {"lower(\"Li MÍNG-ÀÞ×ß Z1\")", "\"li míng-àþ×ß z1\""},
        {"lower(\"ĀāŁłŹŸǍǙǸǹ\")", "\"āāłłźÿǎǚǹǹ\""},
        {"lower(\"ＡＺ［张\")", "\"ａｚ［张\""},
        {"lower(\"@[`{\")", "\"@[`{\""},
        {"lower(\"\")", "\"\""},
        {"recode(\"0\", \"0\", \"1\", \"1\", \"2\")", "\"1\""},
        {"recode(\" 1 \", \"0\", \"1\", \"1\", \"2\")", "\"2\""},
        {"recode(\"男\", \"0\", \"1\", \"1\", \"2\")", "\"男\""},
        {"recode(\"7\", \"0\", \"1\", \"9\")", "\"9\""},
        {"recode(\"7\", \"0\", null)", "\"7\""},
        {"recode(\" 0 \", \"0\", null)", "null"},
        {"recode(\"0\", \"0\", name, null)", "\"张三丰\""},
        {"recode(\"7\", \"0\", name, null)", "null"},
        {"recode(\"7\", \"0\", null, \"7\", name, null)", "\"张三丰\""},
        {"recode(\"7\", null, \"1\", \"2\")", "\"2\""},
        {"recode(null, \"0\", \"1\", \"2\")", "null"},
        {"plain(\"O'Brien-NÚÑEZ\")", "\"obriennunez\""},
        {"plain(\" - \")", "null"},
        {"in_order(\"smith\", \"mary\")", "\"mary smith\""},
        {"in_order(\"mary\", \"smith\")", "\"mary smith\""},
        {"in_order(name, name)", "\"张三丰 张三丰\""},
        {"concat(name, \"-\", 姓名)", "\"张三丰-李四\""},
        {"concat(\"a\", \"b\", \"c\", \"d\", \"e\", \"f\")", "\"abcdef\""},
        {"concat(\"\", \"\")", "\"\""},
        {"concat(name, former_name)", "null"},
        {"concat(concat(name, \"1\"), concat(name, \"2\"))", "\"张三丰1张三丰2\""},
        {"join(name, former_name, \"x\")", "\"张三丰x\""},
        {"join(former_name, null)", "null"},
        {"join(former_name, \"\")", "\"\""},
        {"join(null, null, null, null, name, 姓名)", "\"张三丰李四\""},
        {"digits(\"电话0874-312 4567\")", "\"08743124567\""},
        {"digits(\"１３８xａ\")", "\"138\""},
        {"digits(name)", "null"},
        {"digits(\"\")", "null"},
    };
    CHECK(cases);
}

Test(functions, names)
{
    static const function_case cases[] = {
        {"surname(name)", "\"张\""},
        {"given(name)", "\"三丰\""},
        {"surname(\"欧阳锋\")", "\"欧阳\""},
        {"given(\"欧阳锋\")", "\"锋\""},
        {"given(\"张\")", "null"},
        {"surname(\"买买提·吐尔逊·三\")", "\"买买提\""},
        {"given(\"买买提·吐尔逊·三\")", "\"吐尔逊·三\""},
        {"surname(\"·三\")", "null"},
        {"given(\"·三\")", "\"三\""},
        {"given(\"张·\")", "null"},
        {"surname(\"Smith John P\")", "\"Smith\""},
        {"given(\"Smith John P\")", "\"John P\""},
        {"surname(\" Li  Ming \")", "\"Li\""},
        {"given(\" Li  Ming \")", "\"Ming\""},
        {"surname(\"Madonna\")", "\"Madonna\""},
        {"given(\"Madonna\")", "null"},
        {"surname(\"\")", "null"},
        {"given(\"\")", "null"},
        {"folded(\"張三\")", "\"张三\""},
        {"folded(\"\")", "null"},
        {"pinyin(name)", "\"zhang san feng\""},
        {"pinyin(\"单三\")", "\"shan san\""},
        {"pinyin(\"\")", "null"},
        {"fuzzy_pinyin(name)", "\"zan san fen\""},
        {"fuzzy_pinyin(\"\")", "null"},
        {"name_level(name, name)", "\"same\""},
        {"name_level(name, \"張三丰\")", "\"variant\""},
        {"name_level(name, \"张三锋\")", "\"same_reading\""},
        {"name_level(name, former_name)", "null"},
        {"name_alike(name, \"张三锋\", \"same_reading\")", "true"},
        {"name_alike(name, \"张三锋\", \"variant\")", "false"},
        {"name_alike(name, former_name, \"variant\")", "null"},
        {"name_similarity(name, name)", "1"},
        {"name_similarity(name, \"张三阳\") < 0.7", "true"},
    };
    CHECK(cases);
}

Test(functions, identity_numbers)
{
    static const function_case cases[] = {
        {"id_birth_date(\"11010519491231002X\")", "1949-12-31"},
        {"id_birth_date(\"110105194912310021\")", "1949-12-31"},
        {"id_birth_date(\"110105194913310020\")", "null"},
        {"id_birth_date(\"110105491231002\")", "null"},
        {"id_birth_date(\"\")", "null"},
        {"id_sex(\"11010519491231002X\")", "\"2\""},
        {"id_sex(\"440524188001010014\")", "\"1\""},
        {"id_sex(\"1101051949123100\")", "null"},
        {"id_area(\"440524188001010014\")", "\"440524\""},
        {"id_area(\"X40524188001010014\")", "null"},
        {"id_area(\"440524\")", "null"},
        {"id_shown(\"440524188001010014\")", "\"4405240014\""},
        {"id_shown(\"44052418800101001X\")", "\"440524001X\""},
        {"id_shown(\"440524********001x\")", "\"440524001X\""},
        {"id_shown(\"440524＊＊＊＊＊＊＊＊0014\")", "\"4405240014\""},
        {"id_shown(\"440524XXXXXXXX001X\")", "\"440524001X\""},
        {"id_shown(\"4405241880****0014\")", "null"},
        {"id_shown(\"440***********0014\")", "null"},
        {"id_shown(\"4405240014\")", "null"},
        {"id_shown(\"G12345678\")", "null"},
        {"id_valid(\"11010519491231002X\")", "true"},
        {"id_valid(\"110105194912310021\")", "false"},
        {"id_valid(\"\")", "false"},
        {"id_birth_date(\"911124198108030024\")", "null"}, /* a foreign resident's */
        {"id_sex(\"911124198108030024\")", "null"},
        {"id_area(\"911124198108030024\")", "null"},
        {"id_valid(\"911124198108030024\")", "true"},
        {"id_type(\"11010519491231002X\")", "\"citizen\""},
        {"id_type(\"军字第0012345号\")", "\"military\""},
        {"id_type(\"?\")", "null"},
        {"id_same_old(\"11010519491231002X\", \"110105491231002\")", "true"},
        {"id_one_digit(\"11010519491231002X\", \"110105194912310021\")", "true"},
        {"id_one_digit(\"11010519491231002X\", \"11010519491231002X\")", "false"},
        {"id_one_digit(\"11010519491231002X\", null)", "null"},
        {"id_swapped(\"11010519491231002X\", \"11010519492131002X\")", "true"},
        {"id_except_area(\"11010519491231002X\", \"53030319491231002X\")", "true"},
        {"id_except_date(\"11010519491231002X\", \"11010519800102002X\")", "true"},
        {"id_two_digits(\"11010519491231002X\", \"11010519491231013X\")", "true"},
    };
    CHECK(cases);
}

Test(functions, dates)
{
    static const function_case cases[] = {
        {"date(\"1980-01-02\")", "1980-01-02"},
        {"text(date(\"1980-01-02\"))", "\"1980-01-02\""},
        {"date(\"2000-02-29\")", "2000-02-29"},
        {"date(concat(\"2001\", \"-02-29\"))", "null"},
        {"date(concat(\"1980\", \"/01/02\"))", "null"},
        {"date(concat(\"1980-01\", \"/02\"))", "null"},
        {"date(concat(\"1980-1\", \"-2\"))", "null"},
        {"date(concat(\"1980-01-0\", \"x\"))", "null"},
        {"date(concat(\"1980-0\", \"/-02\"))", "null"},
        {"date(concat(\"1980-01-0\", \":\"))", "null"},
        {"date(concat(\"0000-01-01\", \"\"))", "null"},
        {"date(name)", "null"},
        {"year(birth_date)", "1980"},
        {"month(month_only)", "1"},
        {"day(birth_date)", "2"},
        {"day(month_only)", "null"},
        {"complete(birth_date)", "true"},
        {"complete(month_only)", "false"},
        {"age(birth_date, date(\"2020-01-01\"))", "39"},
        {"age(birth_date, date(\"2020-01-02\"))", "40"},
        {"age(month_only, date(\"2020-01-01\"))", "40"},
        {"days_between(birth_date, date(\"1980-02-02\"))", "31"},
        {"days_between(date(\"1980-02-02\"), birth_date)", "-31"},
        {"same_known_parts(birth_date, month_only)", "true"},
        {"same_known_parts(birth_date, birth_date)", "true"},
        {"same_known_parts(birth_date, date(\"1980-01-03\"))", "false"},
        {"same_known_parts(month_only, date(\"1980-02-02\"))", "false"},
        {"same_known_parts(month_only, date(\"1981-01-02\"))", "false"},
        {"day_month_swapped(birth_date, date(\"1980-02-01\"))", "true"},
        {"day_month_swapped(birth_date, birth_date)", "false"},
        {"same_as_lunar(date(\"1980-03-01\"), date(\"1980-01-15\"))", "true"},
        {"same_as_lunar(date(\"1980-01-15\"), date(\"1980-03-01\"))", "true"},
        {"same_as_lunar(birth_date, birth_date)", "false"},
        {"date_digits_differing(birth_date, date(\"1981-01-03\"))", "2"},
        {"date_digits_differing(birth_date, month_only)", "0"},
    };
    CHECK(cases);
}

static hd_value call(rule_case *rc, hd_function function, hd_value x, hd_value y)
{
    hd_value args[] = {x, y};
    unsigned n_args = (unsigned)strlen(hd_functions[function].arguments);
    return hd_function_call((uint16_t)function, args, n_args, &rc->env);
}

/* Dates of which only the year is known come from data alone. */
Test(functions, dates_with_a_year_only)
{
    rule_case *rc = rule_case_new();
    hd_value year = 19800000;
    cr_expect_eq(call(rc, HD_FUNCTION_month, year, 0), HD_NULL);
    cr_expect_eq(call(rc, HD_FUNCTION_day, year, 0), HD_NULL);
    cr_expect_eq(hd_number(call(rc, HD_FUNCTION_year, year, 0)), 1980);
    hd_str text = hd_pool_get(rc->env.texts, (hd_text)call(rc, HD_FUNCTION_text, year, 0));
    cr_expect(hd_str_eq(text, HD_STR("1980")));
    cr_expect_eq(call(rc, HD_FUNCTION_complete, year, 0), 0);
    cr_expect_eq(call(rc, HD_FUNCTION_same_known_parts, year, 19801231), 1);
    cr_expect_eq(call(rc, HD_FUNCTION_same_known_parts, 19801231, year), 1);
    cr_expect_eq(call(rc, HD_FUNCTION_same_known_parts, 19811231, year), 0);
    rule_case_free(rc);
}

Test(functions, distances)
{
    static const function_case cases[] = {
        {"levenshtein(name, \"张三\")", "1"},
        {"levenshtein(name, \"三张丰\")", "2"},
        {"levenshtein(\"\", name)", "3"},
        {"damerau(name, \"三张丰\")", "1"},
        {"damerau(name, name)", "0"},
        {"jaro_winkler(name, name)", "1"},
        {"jaro_winkler(name, \"ab\")", "0"},
        {"jaro_winkler(\"MARTHA\", \"MARHTA\") > 0.9611", "true"},
        {"jaro_winkler(\"MARTHA\", \"MARHTA\") < 0.9612", "true"},
        {"positions_differing(\"abcd\", \"abdc\")", "2"},
        {"positions_differing(\"ab\", \"abcd\")", "2"},
        {"bigram_overlap(\"ab\", \"xabx\")", "1"},
        {"bigram_overlap(\"abc\", \"bcd\")", "0.5"},
        {"bigram_dice(\"night\", \"nacht\")", "0.25"},
        {"bigram_jaccard(\"abcd\", \"abce\")", "0.5"},
        {"trigram_jaccard(\"abcde\", \"abcd\") > 0.66", "true"},
        {"exact(name, \"张三丰\") + exact(name, 姓名)", "1"},
        {"edit_similarity(\"张三丰明\", \"张三丰\")", "0.75"},
        {"jaro(\"MARTHA\", \"MARHTA\") < jaro_winkler(\"MARTHA\", \"MARHTA\")", "true"},
        {"prefix_overlap(name, \"张三\")", "1"},
        {"token_set(\"Mary-Ann Smith\", \"smith mary\")", "0"},
        {"token_set(lower(\"Mary-Ann Smith\"), \"smith mary ann\")", "1"},
        {"list_shared(\"张三、李四\", \"李四；王五\")", "1"},
        {"list_overlap(\"138 / 139\", \"139\")", "1"},
        {"id_similarity(\"11010519491231002X\", \"11010519491231002X\")", "1"},
        {"swapped(name, 姓名, \"李四\", \"张三丰\")", "true"},
        {"swapped(name, 姓名, name, 姓名)", "false"},
        {"swapped(name, name, name, name)", "false"},
        {"either_order(name, 姓名, \"李四\", \"张三丰\")", "1"},
    };
    CHECK(cases);
}

Test(functions, numbers)
{
    static const function_case cases[] = {
        {"number(\" -12.5 \")", "-12.5"},
        {"number(name)", "null"},
        {"abs(n - 10)", "3"},
        {"abs(n)", "7"},
        {"number_distance(n, number(\"9.5\"))", "2.5"},
        {"number_similarity(n, 14)", "0.5"},
        {"days_apart(date(\"1980-02-02\"), birth_date)", "31"},
        {"days_apart(month_only, birth_date)", "0"},
    };
    CHECK(cases);
}

/* Each comparator is a function of the language, of two values, or of two fields of each side. */
Test(functions, comparators_take_what_they_compare)
{
    static const char *const arguments[] = {
        [HD_OPERAND_text] = "tt", [HD_OPERAND_number] = "nn",      [HD_OPERAND_date] = "dd",
        [HD_OPERAND_name] = "tt", [HD_OPERAND_two_texts] = "tttt",
    };
    for (int i = 0; i < HD_N_COMPARATORS; i++) {
        const hd_comparator *c = &hd_comparators[i];
        int function = hd_function_find(hd_str_from(c->name));
        cr_assert_geq(function, 0, "%s", c->name);
        cr_expect_str_eq(hd_functions[function].arguments, arguments[c->takes], "%s", c->name);
        cr_expect_eq(hd_functions[function].result, 'n', "%s", c->name);
    }
}

/* A value that is there, or a null, for an argument of this letter. */
static const char *argument(char letter, bool null)
{
    switch (letter) {
    case 'n':
        return null ? "no_n" : "n";
    case 'd':
        return null ? "death_date" : "birth_date";
    case 'b':
        return null ? "maybe" : "yes";
    default:
        return null ? "former_name" : "name";
    }
}

/* A literal that cannot be null. */
static bool is_code(const hd_function_form *form, size_t i)
{
    return i == 2 && hd_function_takes_name_level((uint16_t)(form - hd_functions));
}

static void call_with_null(rule_case *rc, const hd_function_form *form, size_t null_at)
{
    hd_buf text = {0};
    hd_buf_addf(&text, "%s(", form->name);
    for (size_t i = 0; form->arguments[i]; i++)
        hd_buf_addf(&text, "%s%s", i ? ", " : "",
                    is_code(form, i) ? "\"given\"" : argument(form->arguments[i], i == null_at));
    hd_buf_addf(&text, ")");
    EVALUATES(rc, text.ptr, "null");
    hd_buf_release(&text);
}

Test(functions, divisions)
{
    static const function_case cases[] = {
        {"current_division(\"530328\")", "\"530303\""},
        {"current_division(\"530328101203\")", "\"530303101203\""},
        {"current_division(\"530323\")", "\"530323\""},
        {"current_division(\"5303\")", "\"5303\""},
        {"current_division(\"530000\")", "\"53\""},
        {"current_division(\"999999\")", "\"999999\""},
        {"current_division(\"abc\")", "\"abc\""},
        {"address_division(\"师宗县丹凤镇新村三组12号\")", "\"530323001203\""},
        {"address_division(\"师宗县竹基镇\")", "\"530323\""},
        {"address_division(\"云南省\")", "null"},
        {"address_division(\"三组\")", "null"},
        {"address_village(\"师宗县丹凤镇新村三组12号\")", "\"530323001203\""},
        {"address_village(\"师宗县竹基镇李家村\")", "\"李家\""},
        {"address_village(\"师宗县\")", "null"},
        {"address_house(\"新村三组十二号\")", "\"3组12\""},
        {"address_house(\"新村\")", "null"},
    };
    CHECK(cases);
}

Test(functions, a_null_argument_gives_null)
{
    rule_case *rc = rule_case_with_han();
    for (uint16_t f = 0; f < HD_N_FUNCTIONS; f++) {
        const hd_function_form *form = &hd_functions[f];
        if (hd_function_takes_null(f) || form->arguments[0] == 'f' || form->arguments[0] == 'r')
            continue;
        for (size_t i = 0; form->arguments[i]; i++) {
            if (is_code(form, i))
                continue;
            call_with_null(rc, form, i);
            hd_value args[4] = {0};
            args[i] = HD_NULL;
            unsigned n_args = (unsigned)strlen(form->arguments);
            cr_expect_eq(hd_function_call(f, args, n_args, &rc->env), HD_NULL, "%s", form->name);
        }
    }
    rule_case_free(rc);
}

/* What match does: functions on values at hand, those that take a null too. */
Test(functions, called_on_values)
{
    rule_case *rc = rule_case_with_han();
    hd_value name = rc->value[0];
    cr_expect_eq(call(rc, HD_FUNCTION_first, HD_NULL, name), name);
    cr_expect_eq(call(rc, HD_FUNCTION_first, name, HD_NULL), name);
    cr_expect_eq(call(rc, HD_FUNCTION_first, HD_NULL, HD_NULL), HD_NULL);
    cr_expect_eq(call(rc, HD_FUNCTION_known, HD_NULL, 0), 0);
    cr_expect_eq(call(rc, HD_FUNCTION_known, name, 0), 1);
    cr_expect_eq(call(rc, HD_FUNCTION_missing, HD_NULL, 0), 1);
    cr_expect_eq(call(rc, HD_FUNCTION_missing, name, 0), 0);
    cr_expect_eq(call(rc, HD_FUNCTION_join, HD_NULL, name), name);
    cr_expect_eq(call(rc, HD_FUNCTION_levenshtein, name, name), hd_value_number(0));
    rule_case_free(rc);
}

Test(functions, state_is_no_function_at_run_time, .exit_code = 70)
{
    rule_case *rc = rule_case_new();
    call(rc, HD_FUNCTION_state, 0, 0);
}

Test(functions, reason_is_no_function_at_run_time, .exit_code = 70)
{
    rule_case *rc = rule_case_new();
    call(rc, HD_FUNCTION_reason, 0, 0);
}

Test(functions, original_is_no_function_at_run_time, .exit_code = 70)
{
    rule_case *rc = rule_case_new();
    call(rc, HD_FUNCTION_original, 0, 0);
}

Test(functions, unknown_number_is_a_bug, .exit_code = 70)
{
    rule_case *rc = rule_case_new();
    hd_function_call(HD_N_FUNCTIONS, NULL, 0, &rc->env);
}

Test(functions, names_need_the_han_table, .exit_code = 70)
{
    rule_case *rc = rule_case_new();
    call(rc, HD_FUNCTION_pinyin, 0, 0);
}

/* What a plan takes for symmetric is asked in one order only. */
Test(functions, symmetric_ones_do_not_mind_the_order)
{
    static const char *const texts[] = {"\"张三丰\"",
                                        "\"章三\"",
                                        "\"李四\"",
                                        "\"李四未\"",
                                        "\"四李\"",
                                        "\"5303031980010210\"",
                                        "\"530303198001021017\"",
                                        "\"530303198001021025\"",
                                        "\"530303198001120017\"",
                                        "\"530303800102101\""};
    static const char *const dates[] = {"date(\"1980-01-02\")", "date(\"1980-02-01\")",
                                        "date(\"1980-02-18\")", "date(\"1981-01-02\")",
                                        "birth_date",           "month_only"};
    static const char *const numbers[] = {"0", "7", "n", "-12.5", "1000"};
    rule_case *rc = rule_case_with_han();
    uint32_t n = 0;
    for (uint16_t f = 0; f < HD_N_FUNCTIONS; f++) {
        if (!hd_function_is_symmetric(f))
            continue;
        char of = hd_functions[f].arguments[0];
        const char *const *value = of == 'd' ? dates : of == 'n' ? numbers : texts;
        size_t n_values = of == 'd'   ? sizeof dates / sizeof *dates
                          : of == 'n' ? sizeof numbers / sizeof *numbers
                                      : sizeof texts / sizeof *texts;
        const char *last = hd_functions[f].arguments[2] ? ", \"part\"" : "";
        for (size_t i = 0; i < n_values * n_values; i++, n++) {
            char there[128], back[128], first[64];
            const char *x = value[i / n_values], *y = value[i % n_values];
            snprintf(there, sizeof there, "%s(%s, %s%s)", hd_functions[f].name, x, y, last);
            snprintf(back, sizeof back, "%s(%s, %s%s)", hd_functions[f].name, y, x, last);
            snprintf(first, sizeof first, "%s", evaluated(rc, there));
            EVALUATES(rc, back, first);
        }
    }
    cr_expect_gt(n, 0);
    rule_case_free(rc);
}
