#include "pipeline/births.h"

#include <criterion/criterion.h>

#include "mini.h"
#include "pipeline/relate.h"

/* A birth of twins, their household and cards. */
static const char CONFIG[] =
    "site: 530303\n"
    "sources:\n"
    "  birth:\n"
    "    type: birth\n"
    "    csv: birth.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      child: {name: child, birth_date: born}\n"
    "      child2: {name: child2, birth_date: born2}\n"
    "      mother: {name: mother}\n"
    "  house:\n"
    "    type: household\n"
    "    csv: house.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, sex: sex, birth_date: born, household: hh, relation: kin,\n"
    "             id_number: number}\n"
    "  card:\n"
    "    type: resident\n"
    "    csv: card.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, birth_date: born, mother_id_number: mother}\n";

static hd_mini mini;

static void setup(void)
{
    hd_mini_open(&mini, 2);
    hd_mini_write(&mini, "hedui.yaml", CONFIG);
    hd_mini_write(&mini, "birth.csv",
                  "id,child,born,child2,born2,mother\nt,,20150102,,20150102,吴敏\n");
    hd_mini_write(&mini, "house.csv",
                  "id,name,sex,born,hh,kin,number\n"
                  "w,吴敏,2,19900102,3,户主,\n"
                  "w2,吴明,1,20150102,3,子,530303201501020035\n"
                  "w1,吴亮,1,20150102,3,子,530303201501020019\n"
                  "w3,吴丽,2,20170304,3,女,530303201703040022\n"
                  "y,孙丽,2,19880606,4,户主,530303198806060025\n"
                  "x1,周明,1,20160304,5,孙子,530303201603040010\n"
                  "x2,周亮,1,20160304,5,孙子,530303201603040037\n"
                  "z1,周红,2,20180304,5,长女,\n"
                  "z2,周兰,2,20180304,5,次女,\n"
                  "z3,周梅,2,20180304,5,次女,\n"
                  "v1,周军,1,20190304,5,长子,\n"
                  "v2,周兵,1,20190304,5,次子,\n");
    hd_mini_write(&mini, "card.csv",
                  "id,name,born,mother\n"
                  "d1,周明,20160304,530303198806060025\n"
                  "d2,周亮,20160304,530303198806060025\n");
    hd_mini_read(&mini);
}

static void teardown(void)
{
    hd_relate_forget(&mini.mentions);
    hd_mini_close(&mini);
}

TestSuite(births, .init = setup, .fini = teardown);

static void expect_order(const char *of, const char *want)
{
    uint32_t found = mini.mentions.related[HD_BIRTH_ORDER][hd_mini_mention(&mini, of)];
    hd_str text = found == HD_NO_MENTION ? HD_STR("") : hd_pool_get(mini.ruleset->texts, found);
    cr_expect(hd_str_eq(text, hd_str_from(want)), "%s is %.*s, not %s", of, HD_ARG(text), want);
}

/* The police's numbers and the birth record have one order. */
Test(births, of_twins_one_is_the_first)
{
    hd_mini_relate(&mini, "birth/t/mother house/w/self");
    expect_order("birth/t/child", "1/2");
    expect_order("birth/t/child2", "2/2");
    expect_order("house/w1/self", "1/2");
    expect_order("house/w2/self", "2/2");
}

Test(births, one_alone_has_no_order)
{
    hd_mini_relate(&mini, "birth/t/mother house/w/self");
    expect_order("house/w3/self", "");
    hd_mini_relate(&mini, "birth/t/mother house/w/self|house/w1/self house/w2/self");
    expect_order("house/w1/self", "");
}

/* The household says the numbers, the cards say whose children they are. */
Test(births, goes_by_all_that_is_known_of_a_person)
{
    hd_mini_relate(&mini, "house/x1/self card/d1/self|house/x2/self card/d2/self");
    expect_order("card/d1/self", "");
    expect_order("house/x1/self", "1/2");
    expect_order("house/x2/self", "2/2");
}

Test(births, a_household_says_who_is_the_elder)
{
    hd_mini_relate(&mini, "");
    expect_order("house/v1/self", "1/2");
    expect_order("house/v2/self", "2/2");
}

Test(births, two_who_are_alike_leave_all_without_an_order)
{
    hd_mini_relate(&mini, "");
    expect_order("house/z1/self", "");
    hd_mini_relate(&mini, "house/z2/self house/z3/self");
    expect_order("house/z1/self", "1/2");
    expect_order("house/z3/self", "2/2");
}
