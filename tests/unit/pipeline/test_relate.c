#include "pipeline/relate.h"

#include <criterion/criterion.h>

#include "mini.h"

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
    "      self: {name: name, birth_date: born, mother_id_number: mother, spouse_id_number: "
    "spouse}\n";

static hd_mini mini;

static void setup(void)
{
    hd_mini_open(&mini, 2);
    hd_mini_write(&mini, "hedui.yaml", CONFIG);
    hd_mini_write(&mini, "birth.csv",
                  "id,child,born,child2,born2,mother\n"
                  "b,,20100708,,,李秀英\nt,,20150102,,20150102,吴敏\n");
    hd_mini_write(&mini, "house.csv",
                  "id,name,sex,born,hh,kin,number\n"
                  "h1,张三丰,1,19800102,1,户主,530303198001020018\n"
                  "h2,李秀英,2,19820304,1,妻,530303198203040025\n"
                  "h3,张子涵,1,20100708,1,子,\n"
                  "h4,张老汉,1,19500506,1,父亲,\n"
                  "h5,王芳,2,19900102,2,户主,530303198203040025\n"
                  "w,吴敏,2,19900102,3,户主,\n"
                  "w2,吴明,1,20150102,3,子,530303201501020035\n"
                  "w1,吴亮,1,20150102,3,子,530303201501020019\n"
                  "y,孙丽,2,19880606,4,户主,530303198806060025\n"
                  "x1,周明,1,20160304,5,孙子,530303201603040010\n"
                  "x2,周亮,1,20160304,5,孙子,530303201603040037\n");
    hd_mini_write(&mini, "card.csv",
                  "id,name,born,mother,spouse\n"
                  "c1,张子涵,20100708,530303198203040025,\n"
                  "c2,李秀英,19820304,,530303198001020018\n"
                  "d1,周明,20160304,530303198806060025,\nd2,周亮,20160304,530303198806060025,\n");
    hd_mini_read(&mini);
}

static void teardown(void)
{
    hd_relate_forget(&mini.mentions);
    hd_mini_close(&mini);
}

TestSuite(relate, .init = setup, .fini = teardown);

static bool relate(const char *persons)
{
    bool changed;
    hd_computed_set computed;
    hd_computed_init(&computed, &mini.mentions);
    hd_mini_persons(&mini, persons);
    cr_assert_eq(hd_relate_run(&mini.ctx, &mini.mentions, &mini.clusters, &computed, &changed),
                 HD_OK);
    hd_computed_release(&computed);
    return changed;
}

/* Expects that `of` has `is` (its person's smallest mention) for this relation; NULL: nobody. */
static void expect(hd_relation_kind relation, const char *of, const char *is)
{
    hd_mention found = mini.mentions.related[relation][hd_mini_mention(&mini, of)];
    cr_expect_eq(found, is ? hd_mini_mention(&mini, is) : HD_NO_MENTION, "%s of %s",
                 hd_relation_kind_name(relation), of);
}

Test(relate, a_record_says_who_its_mother_is)
{
    relate("birth/b/mother house/h2/self");
    expect(HD_RELATION_mother, "birth/b/child", "birth/b/mother");
    expect(HD_RELATION_mother, "birth/b/mother", NULL);
}

Test(relate, kinship_to_the_head_says_who_parents_are)
{
    relate("birth/b/mother house/h2/self");
    expect(HD_RELATION_mother, "house/h3/self", "birth/b/mother");
    expect(HD_RELATION_father, "house/h3/self", "house/h1/self");
    expect(HD_RELATION_spouse, "house/h1/self", "birth/b/mother");
    expect(HD_RELATION_mother, "house/h4/self", NULL);
}

/* The mother's number stands with two persons: it leads to neither. */
Test(relate, a_number_of_two_persons_leads_to_neither)
{
    relate("birth/b/mother house/h2/self");
    expect(HD_RELATION_mother, "card/c1/self", NULL);
    relate("birth/b/mother house/h2/self house/h5/self");
    expect(HD_RELATION_mother, "card/c1/self", "birth/b/mother");
}

/* Or two would agree because they were joined. */
Test(relate, a_mention_knows_only_what_it_says_itself)
{
    relate("house/h1/self card/c2/self");
    expect(HD_RELATION_spouse, "card/c2/self", NULL);
    relate("house/h4/self card/c2/self");
    expect(HD_RELATION_spouse, "card/c2/self", "house/h1/self");
    expect(HD_RELATION_spouse, "house/h4/self", NULL);
}

/* Of twins the police's numbers and the birth record have one order. */
static void expect_order(const char *of, const char *want)
{
    uint32_t found = mini.mentions.related[HD_BIRTH_ORDER][hd_mini_mention(&mini, of)];
    hd_str text = found == HD_NO_MENTION ? HD_STR("") : hd_pool_get(mini.ruleset->texts, found);
    cr_expect(hd_str_eq(text, hd_str_from(want)), "%s is %.*s, not %s", of, HD_ARG(text), want);
}

Test(relate, of_twins_one_is_the_first)
{
    relate("birth/t/mother house/w/self");
    expect_order("birth/t/child", "1/2");
    expect_order("birth/t/child2", "2/2");
    expect_order("house/w1/self", "1/2");
    expect_order("house/w2/self", "2/2");
    expect_order("birth/b/child", "");
    relate("birth/t/mother house/w/self|house/w1/self house/w2/self");
    expect_order("house/w1/self", "");
}

/* The household says the numbers, the cards say whose children they are. */
Test(relate, who_was_first_goes_by_all_that_is_known_of_a_person)
{
    relate("house/x1/self card/d1/self|house/x2/self card/d2/self");
    expect_order("card/d1/self", "");
    expect_order("house/x1/self", "1/2");
    expect_order("house/x2/self", "2/2");
    expect(HD_RELATION_mother, "house/x1/self", NULL);
}

Test(relate, nobody_is_his_own_relative)
{
    relate("house/h1/self house/h2/self");
    expect(HD_RELATION_spouse, "house/h1/self", NULL);
}

Test(relate, persons_go_by_their_smallest_mention)
{
    relate("house/h3/self card/c1/self");
    expect(HD_RELATION_self, "house/h3/self", "card/c1/self");
    expect(HD_RELATION_self, "card/c1/self", "card/c1/self");
}

Test(relate, what_is_as_it_was_has_not_changed)
{
    cr_expect(relate("birth/b/mother house/h2/self"));
    cr_expect(!relate("birth/b/mother house/h2/self"));
    cr_expect(relate("house/h2/self"));
    hd_relate_forget(&mini.mentions);
    cr_expect(relate("house/h2/self"));
}
