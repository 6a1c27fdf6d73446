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
                  "id,child,born,mother\n"
                  "b,,20100708,李秀英\n");
    hd_mini_write(&mini, "house.csv",
                  "id,name,sex,born,hh,kin,number\n"
                  "h1,张三丰,1,19800102,1,户主,530303198001020018\n"
                  "h2,李秀英,2,19820304,1,妻,530303198203040025\n"
                  "h3,张子涵,1,20100708,1,子,\n"
                  "h4,张老汉,1,19500506,1,父亲,\n"
                  "h5,王芳,2,19900102,2,户主,530303198203040025\n");
    hd_mini_write(&mini, "card.csv",
                  "id,name,born,mother,spouse\n"
                  "c1,张子涵,20100708,530303198203040025,\n"
                  "c2,李秀英,19820304,,530303198001020018\n");
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
    return hd_mini_relate(&mini, persons);
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

Test(relate, parents_of_one_child_go_together)
{
    relate("");
    expect(HD_RELATION_as_parent, "birth/b/mother", "birth/b/mother");
    expect(HD_RELATION_as_parent, "house/h2/self", "house/h2/self");
    expect(HD_RELATION_as_parent, "house/h3/self", NULL);
    relate("birth/b/child house/h3/self");
    expect(HD_RELATION_as_parent, "house/h2/self", "birth/b/mother");
    expect(HD_RELATION_as_parent, "house/h1/self", "house/h1/self"); /* a father with fathers */
    /* and a mention knows only what is said of itself */
    relate("birth/b/child house/h3/self|house/h2/self card/c2/self");
    expect(HD_RELATION_as_parent, "card/c2/self", NULL);
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
