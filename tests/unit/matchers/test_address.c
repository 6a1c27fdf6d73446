#include <criterion/criterion.h>

#include "matchers/address.h"

static hd_arena arena;
static const hd_divisions *divisions;

static void load(void)
{
    hd_divisions_fault fault;
    divisions = hd_divisions_parse(&arena,
                                   HD_STR("530000\t云南省\t\t\t\n"
                                          "530300\t曲靖市\t1997\t\t\n"
                                          "530302\t麒麟区\t1997\t\t\n"
                                          "530323\t师宗县\t1997\t\t\n"
                                          "530328\t沾益县\t1997\t2015\t530303\n"
                                          "530303\t沾益区\t2016\t\t\n"
                                          "220000\t吉林省\t\t\t\n"
                                          "220200\t吉林市\t\t\t\n"
                                          "220104\t朝阳区\t\t\t\n"
                                          "110105\t朝阳区\t\t\t\n"),
                                   HD_STR("530303001\t西平街道\n"
                                          "530323001\t丹凤街道\t丹凤镇\n"
                                          "530323001203\t新村村委会\n"),
                                   &fault);
    cr_assert_not_null(divisions, "line %u: %s", fault.line, fault.what);
}

static void unload(void)
{
    hd_arena_release(&arena);
}

TestSuite(address, .init = load, .fini = unload);

typedef struct parts {
    const char *text, *division, *township, *village, *group, *road, *house;
} parts;

static void check_part(const char *text, const char *part, hd_str found, const char *expected)
{
    cr_expect(hd_str_eq(found, hd_str_from(expected)), "%s: %s \"%s\", was \"%.*s\"", text, part,
              expected, HD_ARG(found));
}

static void check(const parts *p)
{
    hd_address a;
    char digits[HD_DIVISION_DIGITS];
    hd_address_parse(divisions, hd_str_from(p->text), &a);
    hd_str code = {digits, a.division ? hd_division_print(a.division, digits) : 0};
    check_part(p->text, "division", code, p->division);
    check_part(p->text, "township", a.township, p->township);
    check_part(p->text, "village", a.village, p->village);
    check_part(p->text, "group", a.group, p->group);
    check_part(p->text, "road", a.road, p->road);
    check_part(p->text, "house", a.house, p->house);
}

Test(address, parts_that_the_tables_know)
{
    static const parts cases[] = {
        {"云南省曲靖市师宗县丹凤镇新村村委会三组12号", "530323001203", "丹凤镇", "新村村委会",
         "三组", "", "12号"},
        {"师宗县丹凤街道新村3组", "530323001203", "丹凤街道", "新村", "3组", "", ""},
        {"丹凤街道办事处新村村民委员会", "530323001203", "丹凤街道办事处", "新村村民委员会", "", "",
         ""},
        {"云南师宗丹凤镇", "530323001", "丹凤镇", "", "", "", ""},
        {"曲靖市沾益县西平镇", "530328", "西平镇", "", "", "", ""},
        {"吉林省吉林市", "2202", "", "", "", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i]);
}

/* An address keeps the name that the county had. */
Test(address, townships_of_a_county_that_ended_are_those_of_its_successor)
{
    check(&(parts){"沾益县西平街道3号", "530303001", "西平街道", "", "", "", "3号"});
    check(&(parts){"沾益县丹凤街道3号", "530328", "丹凤街道", "", "", "", "3号"});
}

Test(address, parts_that_only_their_form_tells)
{
    static const parts cases[] = {
        {"师宗县竹基镇李家村委会第四村民小组8号", "530323", "竹基镇", "李家村委会", "第四村民小组",
         "", "8号"},
        {"龙庆乡落红村大湾子组", "", "龙庆乡", "落红村", "大湾子组", "", ""},
        {"某某县竹基镇坞白社区", "", "竹基镇", "坞白社区", "", "", ""},
        {"朝阳区三里屯街道", "", "三里屯街道", "", "", "", ""},
        {"麒麟区人民路12号附3号2栋1单元301室", "530302", "", "", "", "人民路",
         "12号附3号2栋1单元301室"},
        {"麒麟区中关村大街5号", "530302", "", "", "", "中关村大街", "5号"},
        {"麒麟区花园小区3栋", "530302", "", "", "", "", "花园小区3栋"},
        {"城乡路5号", "", "", "", "", "城乡路", "5号"},
        {"李家村民小组5号", "", "", "", "李家村民小组", "", "5号"},
        {"12号", "", "", "", "", "", "12号"},
        {"", "", "", "", "", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i]);
}

static void check_key(void (*key)(const hd_address *, hd_buf *), const char *text,
                      const char *expected)
{
    hd_address a;
    hd_buf out = {0};
    hd_address_parse(divisions, hd_str_from(text), &a);
    hd_buf_add(&out, HD_STR("|"));
    key(&a, &out);
    cr_expect_str_eq(out.ptr + 1, expected, "%s: \"%s\"", text, out.ptr + 1);
    hd_buf_release(&out);
}

Test(address, one_village_has_one_key)
{
    check_key(hd_address_village_key, "师宗县丹凤镇新村三组", "530323001203");
    check_key(hd_address_village_key, "师宗县竹基镇李家村", "李家");
    check_key(hd_address_village_key, "师宗县竹基镇李家村委会", "李家");
    check_key(hd_address_village_key, "师宗县竹基镇李家村村民委员会8号", "李家");
    check_key(hd_address_village_key, "竹基镇坞白社区居委会", "坞白");
    check_key(hd_address_village_key, "竹基镇坞白社区", "坞白");
    check_key(hd_address_village_key, "竹基镇", "");
}

Test(address, one_house_has_one_key)
{
    check_key(hd_address_house_key, "李家村三组12号", "3组12");
    check_key(hd_address_house_key, "李家村3组十二号", "3组12");
    check_key(hd_address_house_key, "李家村第三村民小组12号", "3组12");
    check_key(hd_address_house_key, "李家村三社12", "3组12");
    check_key(hd_address_house_key, "李家村三生产队门牌012号", "3组12");
    check_key(hd_address_house_key, "李家村大湾子组一百零二号", "大湾子组102");
    check_key(hd_address_house_key, "人民路12号附3号", "人民路12-3");
    check_key(hd_address_house_key, "人民路12号3栋1单元301室", "人民路12-3-1-301");
    check_key(hd_address_house_key, "人民路12号3-1-301", "人民路12-3-1-301");
    check_key(hd_address_house_key, "人民路十二号三幢一单元三〇一", "人民路12-3-1-301");
    check_key(hd_address_house_key, "人民路一巷5号", "人民路一巷5");
    check_key(hd_address_house_key, "李家村", "");
}

static void check_repeated(const char *text, const char *expected)
{
    hd_str found = hd_address_repeated(divisions, hd_str_from(text));
    cr_expect(hd_str_eq(found, hd_str_from(expected)), "%s: \"%.*s\"", text, HD_ARG(found));
}

Test(address, divisions_that_stand_twice)
{
    check_repeated("师宗县师宗县丹凤镇", "师宗县");
    check_repeated("云南省云南省师宗县", "云南省");
    check_repeated("云南省曲靖市师宗县云南省曲靖市师宗县丹凤镇", "云南省曲靖市师宗县");
    check_repeated("云南省曲靖市师宗县师宗县丹凤镇", "师宗县");
    check_repeated("师宗县云南省曲靖市师宗县丹凤镇", "师宗县");
    check_repeated("云南省曲靖市师宗县丹凤镇", "");
    check_repeated("云南省云南大学", "");
    check_repeated("吉林省吉林市", "");
    check_repeated("师宗县麒麟区", "");
    check_repeated("", "");
}
