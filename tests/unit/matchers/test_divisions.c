#include <criterion/criterion.h>
#include <stdio.h>

#include "base/mem.h"
#include "matchers/divisions.h"

static hd_arena arena;
static const hd_divisions *divisions;

/* ---- the packaged table ---- */

static void load(void)
{
    FILE *file = fopen(HEDUI_RULES_DIR "/tables/divisions.tsv", "rb");
    cr_assert_not_null(file);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *bytes = hd_alloc((size_t)size);
    cr_assert_eq(fread(bytes, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    hd_divisions_fault fault;
    divisions = hd_divisions_parse(&arena, (hd_str){bytes, (uint32_t)size}, HD_STR_NULL, &fault);
    hd_free(bytes);
    cr_assert_not_null(divisions, "line %u: %s", fault.line, fault.what);
}

static void unload(void)
{
    hd_arena_release(&arena);
}

TestSuite(divisions, .init = load, .fini = unload);

static hd_division_code code_of(const char *digits)
{
    return hd_division_read(hd_str_from(digits));
}

static void check_name(const char *digits, const char *name, bool in_use)
{
    const hd_division *found = hd_divisions_find(divisions, code_of(digits));
    cr_assert_not_null(found, "%s", digits);
    cr_expect(hd_str_eq(found->name, hd_str_from(name)), "%s: %.*s", digits, HD_ARG(found->name));
    cr_expect_eq(found->last == 0, in_use, "%s", digits);
}

static void check_current(const char *digits, const char *expected)
{
    char now[HD_DIVISION_DIGITS];
    hd_division_code code = hd_divisions_current(divisions, code_of(digits));
    hd_str text = {now, hd_division_print(code, now)};
    cr_expect(hd_str_eq(text, hd_str_from(expected)), "%s: %.*s", digits, HD_ARG(text));
}

Test(divisions, newest_name_of_a_code)
{
    check_name("530303", "沾益区", true);
    check_name("530328", "沾益县", false);
    check_name("532221", "曲靖县", false);
    check_name("5303", "曲靖市", true);
    check_name("53", "云南省", true);
    check_name("530802", "思茅区", true); /* was 翠云区 */
    check_name("430500", "邵阳市", true); /* 衡阳市 for a year */
    check_name("71", "台湾省", true);
    check_name("830000", "台湾居民", true);
    check_name("659012", "白杨市", true);
}

Test(divisions, codes_of_no_edition)
{
    static const char *const codes[] = {"530399", "990000",    "19",
                                        "000001", "530303999", "530303000001"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        cr_expect_null(hd_divisions_find(divisions, code_of(codes[i])), "%s", codes[i]);
    cr_expect_null(hd_divisions_find(divisions, 0));
    cr_expect_null(hd_divisions_find(divisions, UINT64_MAX));
}

Test(divisions, years_that_a_code_held)
{
    hd_division_code old = code_of("530328"), new = code_of("530303");
    cr_expect_not(hd_divisions_held(divisions, old, 1990));
    cr_expect(hd_divisions_held(divisions, old, 1997));
    cr_expect(hd_divisions_held(divisions, old, 2016)); /* gone at its end */
    cr_expect_not(hd_divisions_held(divisions, old, 2017));
    cr_expect_not(hd_divisions_held(divisions, new, 2015));
    cr_expect(hd_divisions_held(divisions, new, 2026));
    cr_expect(hd_divisions_held(divisions, code_of("532224"), 1950)); /* since ever */
    cr_expect(hd_divisions_held(divisions, code_of("530802"), 2004)); /* under another name */
    cr_expect_not(hd_divisions_held(divisions, code_of("530399"), 2000));
}

Test(divisions, what_stands_for_a_code_today)
{
    check_current("530328", "530303");
    check_current("532224", "530381"); /* 宣威县 → 532202 宣威市 → 530381 */
    check_current("532201", "530302"); /* 曲靖市 → 麒麟区, a name of its own */
    check_current("532200", "5303");
    check_current("532227", "530323");
    check_current("110103", "110101"); /* two districts that joined */
    check_current("533221", "533221"); /* cut in two: nothing is sure */
    check_current("530303", "530303");
    check_current("990000", "99");
    check_current("513001", "513001"); /* no successor is known */
}

Test(divisions, townships_go_with_their_county)
{
    check_current("530328101", "530303101");
    check_current("532227101203", "530323101203");
    check_current("530303101", "530303101");
    check_current("533221101", "533221101");
}

/* ---- codes ---- */

Test(divisions, codes_are_read_and_printed)
{
    static const char *const standard[] = {"53",        "5303",         "530303",
                                           "530303101", "530303101203", "530303000203"};
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++) {
        char digits[HD_DIVISION_DIGITS];
        hd_str text = {digits, hd_division_print(code_of(standard[i]), digits)};
        cr_expect(hd_str_eq(text, hd_str_from(standard[i])), "%s: %.*s", standard[i], HD_ARG(text));
    }
    cr_expect_eq(code_of("530303000000"), code_of("530303"));
    cr_expect_eq(code_of("530000"), code_of("53"));
    cr_expect_eq(hd_division_county(code_of("530303101203")), code_of("530303"));
    static const char *const wrong[] = {"", "5", "53030", "5303031", "53030x", "000000", "五三"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_expect_eq(code_of(wrong[i]), 0, "%s", wrong[i]);
}

/* ---- a county's places ---- */

static const hd_divisions *with_places(const char *places, hd_divisions_fault *fault)
{
    return hd_divisions_parse(&arena, HD_STR("530303\t沾益区\t2016\t\t\n"), hd_str_from(places),
                              fault);
}

Test(divisions, places_of_a_county)
{
    hd_divisions_fault fault;
    divisions = with_places("# townships\r\n"
                            "530303001\t西平街道\t西平镇\r\n"
                            "\n"
                            "530303107\t大坡乡\n"
                            "530303108\t老乡\t\t530303107\n"
                            "530303001201\t新村\t老村 新村委会\t",
                            &fault);
    cr_assert_not_null(divisions);
    check_name("530303001", "西平街道", true);
    check_name("530303107", "大坡乡", true);
    check_name("530303108", "老乡", false);
    check_name("530303001201", "新村", true);
    check_current("530303108", "530303107");
}

Test(divisions, a_county_goes_before_the_table)
{
    hd_divisions_fault fault;
    divisions = hd_divisions_parse(&arena,
                                   HD_STR("530303\t沾益区\t2016\t\t\n"
                                          "530328\t沾益县\t1997\t2015\t530303\n"),
                                   HD_STR("530303\t沾益区\t\t530309\n" /* newer than the table */
                                          "530328\t沾益县\t老沾益\n"),
                                   &fault);
    cr_assert_not_null(divisions);
    check_name("530303", "沾益区", false);
    check_current("530303", "530309");
    check_name("530328", "沾益县", false); /* another name ends nothing, and revives nothing */
    check_current("530328", "530309");
    hd_division_match found = hd_divisions_match(divisions, HD_STR("老沾益"), 0);
    cr_expect_eq(found.code, code_of("530328"));
}

Test(divisions, circle_of_a_county_ends)
{
    hd_divisions_fault fault;
    divisions = with_places("530303001\t甲镇\t\t530303002\n530303002\t乙镇\t\t530303001\n", &fault);
    cr_assert_not_null(divisions);
    check_current("530303001", "530303001");
}

Test(divisions, malformed_lines_are_told)
{
    static const char *const lines[] = {
        "530303001", "53030300\t甲镇",         "530303001\t",
        "\t甲镇",    "530303001\t甲镇\t\tabc", "530303001\t甲镇\t\t\t"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char places[128];
        hd_divisions_fault fault;
        snprintf(places, sizeof places, "# one\n%s\n", lines[i]);
        cr_expect_null(with_places(places, &fault), "%s", lines[i]);
        cr_expect(fault.in_places);
        cr_expect_eq(fault.line, 2);
        cr_expect_not_null(fault.what);
    }
    static const char *const rows[] = {"530303\t沾益区\t2016\t",      "530303\t沾益区\t16\t\t",
                                       "530303\t沾益区\t2016\tnow\t", "530303\t\t\t\t",
                                       "53030\t沾益区\t\t\t",         "530303\t沾益区\t\t\t5303x"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        hd_divisions_fault fault;
        cr_expect_null(hd_divisions_parse(&arena, hd_str_from(rows[i]), HD_STR_NULL, &fault));
        cr_expect_not(fault.in_places);
        cr_expect_eq(fault.line, 1);
    }
}

/* ---- names ---- */

static void check_match(const char *text, const char *within, const char *expected,
                        const char *name)
{
    hd_division_match found =
        hd_divisions_match(divisions, hd_str_from(text), *within ? code_of(within) : 0);
    char digits[HD_DIVISION_DIGITS];
    hd_str code = {digits, found.code ? hd_division_print(found.code, digits) : 0};
    cr_expect(hd_str_eq(code, hd_str_from(expected)), "%s: %.*s", text, HD_ARG(code));
    cr_expect_eq(found.len_bytes, strlen(name), "%s: %u bytes", text, found.len_bytes);
}

Test(divisions, names_open_a_text)
{
    check_match("云南省曲靖市师宗县", "", "53", "云南省");
    check_match("曲靖市师宗县", "53", "5303", "曲靖市");
    check_match("师宗县丹凤镇", "5303", "530323", "师宗县");
    check_match("师宗县丹凤镇", "", "530323", "师宗县"); /* in use before 532227 of old */
    check_match("沾益县", "", "530328", "沾益县");       /* of two that ended the later */
    check_match("沾益县", "532200", "532222", "沾益县");
    check_match("丹凤镇", "530323", "", "");
    check_match("", "", "", "");
}

Test(divisions, names_that_several_places_have)
{
    check_match("朝阳区三里屯", "", "", "朝阳区");
    check_match("朝阳区三里屯", "11", "110105", "朝阳区");
    check_match("鼓楼区", "3501", "350102", "鼓楼区");
    check_match("吉林市", "22", "2202", "吉林市");
}

Test(divisions, short_names_count_below_what_is_known)
{
    check_match("云南曲靖", "", "53", "云南");
    check_match("内蒙古赤峰", "", "15", "内蒙古");
    check_match("曲靖师宗", "", "", "");
    check_match("曲靖师宗", "53", "5303", "曲靖");
    check_match("师宗丹凤镇", "5303", "530323", "师宗");
    check_match("师宗路12号", "5303", "", "");
    check_match("宁蒗县", "53", "530724", "宁蒗县");
    check_match("宁蒗彝族自治县", "", "530724", "宁蒗彝族自治县");
    check_match("景谷永平镇", "5308", "530824", "景谷");
    check_match("凉山州", "", "5134", "凉山州");
    check_match("东乡县", "62", "622926", "东乡县");
    check_match("沙县", "35", "350405", "沙县"); /* 沙县区, which took the place of 沙县 */
}

Test(divisions, rows_of_the_list_are_no_names)
{
    check_match("市辖区", "5303", "", "");
    check_match("县", "11", "", "");
    check_match("省直辖县级行政单位", "42", "", "");
}

Test(divisions, names_of_a_county)
{
    hd_divisions_fault fault;
    divisions = with_places("530303001\t西平街道\t西平镇 西平\n"
                            "530303001201\t新村村委会\n"
                            "530303001202\t李家村民委员会\n"
                            "530303001203\t花园社区居委会\n",
                            &fault);
    cr_assert_not_null(divisions);
    check_match("西平镇新村", "530303", "530303001", "西平镇");
    check_match("西平新村", "", "530303001", "西平");
    check_match("新村三组", "530303001", "530303001201", "新村");
    check_match("新村村委会三组", "530303001", "530303001201", "新村村委会");
    check_match("李家村12号", "530303", "530303001202", "李家村");
    check_match("花园社区", "530303001", "530303001203", "花园社区");
}
