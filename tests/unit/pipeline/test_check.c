#include <criterion/criterion.h>

#include "base/hash.h"
#include "base/mem.h"
#include "mini.h"

static const char config[] =
    "site: 530303\n"
    "sources:\n"
    "  household:\n"
    "    type: household\n"
    "    csv: household.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, sex: sex, id_number: idn, residence_division: lives,\n"
    "             registered_division: reg}\n"
    "  resident:\n"
    "    type: resident\n"
    "    csv: resident.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, sex: sex, id_number: idn, residence_division: lives,\n"
    "             registered_division: reg}\n"
    "  birth:\n"
    "    type: birth\n"
    "    csv: birth.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      child: {name: child}\n"
    "      mother: {name: mother}\n";

/* Every kind of check, each as small as it can be. */
static const char rules[] =
    "rules:\n"
    "  - code: t.mention\n"
    "    kind: form\n"
    "    check: mention\n"
    "    severity: warn\n"
    "    field: sex\n"
    "    when: sex = \"2\"\n"
    "    why: for a test\n"
    "    example: []\n"
    "  - code: t.one_way\n"
    "    kind: agreement\n"
    "    check: pair\n"
    "    severity: error\n"
    "    when: a.source = \"resident\" and b.source = \"household\" and a.sex != b.sex\n"
    "    why: for a test\n"
    "    example: []\n"
    "  - code: t.differs\n"
    "    kind: agreement\n"
    "    check: pair\n"
    "    severity: error\n"
    "    field: name\n"
    "    when: a.name != b.name\n"
    "    why: for a test\n"
    "    example: []\n"
    "  - code: t.computed\n"
    "    kind: agreement\n"
    "    check: pair\n"
    "    severity: error\n"
    "    when: state(a.sex) = \"ok\" and length(b.name) = 3 and\n"
    "      folded(a.name) != folded(b.name) and id_sex(b.id_number) != a.sex\n"
    "    why: for a test\n"
    "    example: []\n"
    "  - code: t.shared\n"
    "    kind: unique\n"
    "    check: shared\n"
    "    severity: error\n"
    "    field: id_number\n"
    "    value: id_number\n"
    "    when: id_valid(id_number)\n"
    "    why: for a test\n"
    "    example: []\n"
    "  - code: t.lacks\n"
    "    kind: coverage\n"
    "    check: lacks\n"
    "    severity: warn\n"
    "    when: source_type = \"birth\" and role = \"child\"\n"
    "    unless: source_type = \"household\"\n"
    "    why: for a test\n"
    "    example: []\n"
    "  - code: t.absent\n"
    "    kind: form\n"
    "    check: mention\n"
    "    severity: warn\n"
    "    field: phone\n"
    "    when: missing(phone) or reason(phone, \"phone_form\")\n"
    "    why: for a test\n"
    "    example: []\n"
    "  - code: t.role\n"
    "    kind: relation\n"
    "    check: mention\n"
    "    severity: warn\n"
    "    field: name\n"
    "    when: name = mother.name and role = \"child\"\n"
    "    why: for a test\n"
    "    example: []\n";

typedef struct fixture {
    hd_mini mini;
    hd_persons persons;
    hd_discrepancies found;
} fixture;

static void open_fixture(fixture *f, unsigned n_threads, const char *household,
                         const char *resident, const char *birth)
{
    static const char header[] = "id,name,sex,idn,lives,reg\n";
    hd_buf text = {0};
    hd_mini_open(&f->mini, n_threads);
    hd_mini_write(&f->mini, "hedui.yaml", config);
    hd_mini_write(&f->mini, "rules/checks.yaml", rules);
    hd_buf_addf(&text, "%s%s", header, household);
    hd_mini_write(&f->mini, "household.csv", text.ptr);
    hd_buf_clear(&text);
    hd_buf_addf(&text, "%s%s", header, resident);
    hd_mini_write(&f->mini, "resident.csv", text.ptr);
    hd_buf_clear(&text);
    hd_buf_addf(&text, "id,child,mother\n%s", birth);
    hd_mini_write(&f->mini, "birth.csv", text.ptr);
    hd_buf_release(&text);
    hd_mini_read(&f->mini);
}

static void check_clusters(fixture *f)
{
    hd_mini *mini = &f->mini;
    cr_assert_eq(hd_reconcile_run(&mini->ctx, mini->ruleset, NULL, &mini->mentions, &mini->clusters,
                                  hd_mini_key, NULL, &f->persons),
                 HD_OK);
    cr_assert_eq(hd_check_run(&mini->ctx, mini->ruleset, &mini->mentions, &mini->clusters,
                              &f->persons, hd_mini_key, 20260101, &f->found),
                 HD_OK);
}

static void check(fixture *f, const char *groups)
{
    hd_mini_persons(&f->mini, groups);
    check_clusters(f);
}

static void close_fixture(fixture *f)
{
    hd_discrepancies_release(&f->found);
    hd_persons_release(&f->persons);
    hd_mini_close(&f->mini);
}

static void add_mention(hd_buf *text, const hd_mentions *m, hd_mention i)
{
    const hd_source *source = &m->ruleset->sources[m->source[i]];
    hd_buf_addf(text, " %.*s/%.*s/%.*s", HD_ARG(source->code), HD_ARG(hd_mention_record_id(m, i)),
                HD_ARG(source->roles[m->role[i]].code));
}

/* The discrepancies of one rule, lines " a b". */
static void expect_found(const fixture *f, const char *rule, const char *expected)
{
    hd_buf text = {0};
    bool known = false;
    for (uint32_t r = 0; r < f->mini.ruleset->n_rules; r++)
        known |= hd_str_eq(f->mini.ruleset->rules[r].code, hd_str_from(rule));
    cr_assert(known, "no rule %s", rule);
    for (size_t i = 0; i < f->found.n; i++) {
        const hd_discrepancy *d = &f->found.item[i];
        const hd_rule *of = &f->mini.ruleset->rules[d->rule];
        if (!hd_str_eq(of->code, hd_str_from(rule)))
            continue;
        cr_assert_eq(d->person, f->mini.clusters.of[d->a]);
        cr_assert_eq(d->field, of->field);
        add_mention(&text, &f->mini.mentions, d->a);
        if (d->b != HD_NO_MENTION)
            add_mention(&text, &f->mini.mentions, d->b);
        hd_buf_add_char(&text, '\n');
    }
    cr_assert_str_eq(text.ptr ? text.ptr : "", expected, "%s: found\n%s", rule,
                     text.ptr ? text.ptr : "");
    hd_buf_release(&text);
}

static const hd_discrepancy *only(const fixture *f, const char *rule)
{
    const hd_discrepancy *only = NULL;
    for (size_t i = 0; i < f->found.n; i++) {
        const hd_rule *of = &f->mini.ruleset->rules[f->found.item[i].rule];
        if (!hd_str_eq(of->code, hd_str_from(rule)))
            continue;
        cr_assert_null(only, "%s has more than one discrepancy", rule);
        only = &f->found.item[i];
    }
    cr_assert_not_null(only, "%s has found nothing", rule);
    return only;
}

Test(check, a_mention_for_which_the_condition_holds)
{
    fixture f = {0};
    open_fixture(&f, 1, "1,张伟,1,,,\n2,李娜,2,,,\n3,王强,,,,\n", "1,赵敏,女,,,\n", "");
    check(&f, "");
    expect_found(&f, "t.mention", " household/2/self\n resident/1/self\n");
    close_fixture(&f);
}

Test(check, the_first_mention_with_a_partner_against_each_of_them)
{
    fixture f = {0};
    open_fixture(&f, 1, "1,张伟,,,,\n2,张伟,,,,\n3,张纬,,,,\n4,李娜,,,,\n", "1,张玮,,,,\n", "");
    check(&f, "household/1/self household/2/self household/3/self resident/1/self");
    /* household/2 too has partners, but is not the first */
    expect_found(&f, "t.differs",
                 " household/1/self household/3/self\n household/1/self resident/1/self\n");
    close_fixture(&f);
}

Test(check, a_pair_is_found_in_either_order)
{
    fixture f = {0};
    open_fixture(&f, 1, "1,张伟,1,,,\n2,李娜,1,,,\n3,王强,1,,,\n", "1,张伟,2,,,\n2,李娜,1,,,\n",
                 "");
    check(&f,
          "household/1/self resident/1/self | household/2/self resident/2/self household/3/self");
    expect_found(&f, "t.one_way", " household/1/self resident/1/self\n");
    close_fixture(&f);
}

Test(check, what_depends_on_one_field_is_of_the_right_side)
{
    fixture f = {0};
    open_fixture(&f, 1, "1,張偉,1,,,\n2,张伟,1,,,\n3,张伟,,,,\n4,张伟,2,,,\n",
                 "1,张伟明,,11010519491231002X,,\n2,张伟,,11010519491231002X,,\n"
                 "3,张伟明,,11010519491231002X,,\n4,张伟明,,11010519491231002X,,\n",
                 "");
    check(&f, "household/1/self resident/1/self | household/2/self resident/2/self |"
              "household/3/self resident/3/self | household/4/self resident/4/self");
    expect_found(&f, "t.computed", " household/1/self resident/1/self\n");
    close_fixture(&f);
}

Test(check, a_pair_is_of_one_person)
{
    fixture f = {0};
    open_fixture(&f, 1, "1,张伟,1,,,\n", "1,李娜,2,,,\n", "");
    check(&f, "");
    expect_found(&f, "t.differs", "");
    expect_found(&f, "t.one_way", "");
    close_fixture(&f);
}

Test(check, a_value_of_several_persons_the_smallest_against_each_other_person)
{
    fixture f = {0};
    open_fixture(&f, 1,
                 "1,张伟,,11010519491231002X,,\n2,李娜,,11010519491231002X,,\n"
                 "3,王强,,11010519491231002X,,\n4,赵敏,,440524188001010014,,\n",
                 "1,张伟,,11010519491231002X,,\n2,李娜,,11010519491231002X,,\n"
                 "3,周明,,110105194912310021,,\n4,吴静,,110105194912310021,,\n"
                 "5,赵敏,,440524188001010014,,\n",
                 "");
    check(&f, "household/1/self resident/1/self | household/2/self resident/2/self |"
              "household/4/self resident/5/self");
    /* resident/3 and /4 share a number too, but the condition does not hold for it */
    expect_found(&f, "t.shared",
                 " household/1/self household/2/self\n household/1/self household/3/self\n");
    close_fixture(&f);
}

Test(check, a_person_that_lacks_a_mention)
{
    fixture f = {0};
    open_fixture(&f, 1, "1,王一,,,,\n", "1,王二,,,,\n",
                 "b1,王一,李娜\nb2,王二,李娜\nb3,王二,赵敏\n");
    check(&f, "household/1/self birth/b1/child | resident/1/self birth/b2/child birth/b3/child");
    expect_found(&f, "t.lacks", " birth/b2/child\n");
    close_fixture(&f);
}

Test(check, a_field_that_no_source_has_is_missing)
{
    fixture f = {0};
    open_fixture(&f, 1, "1,王一,,,,\n", "", "");
    check(&f, "");
    expect_found(&f, "t.absent", " household/1/self\n");
    close_fixture(&f);
}

Test(check, a_rule_that_can_not_hold_finds_nothing_and_costs_nothing)
{
    fixture f = {0};
    hd_mini *mini = &f.mini;
    open_fixture(&f, 1, "1,王一,,,,\n", "", "");
    static const char *const conditions[] = {
        "phone = \"1\"",
        "name = \"王一\" and length(phone) = 11",
        "reason(phone, \"phone_form\")",
        "phone = \"1\" or not contains(phone, \"2\")",
        "first(phone, former_name) in (\"1\", \"2\")",
        "phone != \"1\" and known(name)",
        "join(phone, former_name) = \"x\"",
        "original(phone) = \"x\" or -days_between(death_date, updated) > 1",
    };
    hd_scope scope = hd_scope_mention(mini->ruleset);
    hd_mini_persons(mini, "");
    /* a mention that does not exist: whoever evaluates a condition over it reads out of bounds */
    mini->mentions.n = 1u << 20;
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        hd_rule rule = {.code = HD_STR("t"), .check = HD_CHECK_MENTION, .field = -1};
        cr_assert_eq(hd_rule_compile(&mini->ctx, &scope, (hd_source_pos){"t", 1, 1},
                                     hd_str_from(conditions[i]), HD_TYPE_BOOL, &rule.when),
                     HD_OK);
        hd_ruleset one = *mini->ruleset;
        one.rules = &rule;
        one.n_rules = 1;
        hd_persons persons = {.n = 1};
        cr_assert_eq(hd_check_run(&mini->ctx, &one, &mini->mentions, &mini->clusters, &persons,
                                  hd_mini_key, 0, &f.found),
                     HD_OK);
        cr_assert_eq(f.found.n, 0);
        hd_discrepancies_release(&f.found);
    }
    mini->mentions.n = 1;
    close_fixture(&f);
}

Test(check, a_condition_may_look_at_the_other_roles_of_the_record)
{
    fixture f = {0};
    open_fixture(&f, 1, "", "", "b1,李娜,李娜\nb2,王二,李娜\n");
    check(&f, "");
    expect_found(&f, "t.role", " birth/b1/child\n");
    close_fixture(&f);
}

/* Owner of t.mention's only discrepancy, at household/1 of a person that has resident/1 too. */
static void expect_owner(const char *household, const char *resident, const char *expected)
{
    fixture f = {0};
    open_fixture(&f, 1, household, resident, "");
    check(&f, "household/1/self resident/1/self");
    hd_str owner = only(&f, "t.mention")->owner_unit;
    cr_assert_eq(!owner.ptr, !expected);
    cr_assert(hd_str_eq(owner, hd_str_from(expected)), "owner %.*s", HD_ARG(owner));
    close_fixture(&f);
}

Test(check, the_township_where_the_person_lives_owns_it)
{
    expect_owner("1,李娜,2,,530303001002,530303004\n", "1,李娜,,,,\n", "530303001");
    expect_owner("1,李娜,2,,,530303004005\n", "1,李娜,,,530303002003,\n", "530303002");
}

Test(check, else_where_the_person_is_registered)
{
    expect_owner("1,李娜,2,,530303,530303004005\n", "1,李娜,,,,\n", "530303004");
    expect_owner("1,李娜,2,,,530303004\n", "1,李娜,,,,\n", "530303004");
}

Test(check, else_what_the_mention_says_and_nobody_where_that_is_not_known)
{
    expect_owner("1,李娜,,,530303,530303\n", "1,李娜,2,,530303002003,\n", "530303002");
    expect_owner("1,李娜,2,,530303,\n", "1,李娜,,,530303,530303\n", NULL);
    expect_owner("1,李娜,2,,,\n", "1,李娜,,,,\n", NULL);
}

Test(check, an_id_is_of_the_rule_and_the_mentions)
{
    fixture f = {0}, g = {0};
    open_fixture(&f, 1, "1,张伟,2,,,\n", "1,张纬,1,,,\n", "");
    check(&f, "household/1/self resident/1/self");
    char id[HD_ID_CHARS + 1];
    hd_keyed_id(hd_mini_key,
                HD_STR("t.mention\x1fhousehold\x1f"
                       "1\x1fself"),
                id);
    cr_assert_str_eq(only(&f, "t.mention")->id, id);
    hd_keyed_id(hd_mini_key,
                HD_STR("t.differs\x1fhousehold\x1f"
                       "1\x1fself\x1fresident\x1f"
                       "1\x1fself"),
                id);
    cr_assert_str_eq(only(&f, "t.differs")->id, id);
    /* the same among other records and other values */
    open_fixture(&g, 1, "0,吴静,1,,,\n1,张伟,2,,,\n", "0,吴静,1,,,\n1,张玮,2,,,\n", "");
    check(&g, "household/1/self resident/1/self");
    cr_assert_str_eq(only(&g, "t.differs")->id, id);
    close_fixture(&f);
    close_fixture(&g);
}

/* More than one task of every kind. */
static void check_many(fixture *f, unsigned n_threads)
{
    hd_buf household = {0}, resident = {0};
    for (int i = 0; i < 30000; i++) {
        hd_buf_addf(&household, "%d,张%s,%d,%s,,530303%03d\n", i, i % 3 ? "伟" : "敏", i % 2 + 1,
                    i % 50 ? "" : "11010519491231002X", i % 7 + 1);
        hd_buf_addf(&resident, "%d,张伟,%d,%s,,\n", i, i % 5 ? 1 : 2,
                    i % 70 ? "" : "440524188001010014");
    }
    open_fixture(f, n_threads, household.ptr, resident.ptr, "");
    hd_buf_release(&household);
    hd_buf_release(&resident);
    uint32_t n = f->mini.mentions.n, *who = hd_alloc(n * sizeof *who);
    for (uint32_t i = 0; i < n; i++)
        who[i] = i % 25013;
    hd_mini_number_persons(&f->mini, who);
    hd_free(who);
    check_clusters(f);
}

Test(check, comes_in_order_whatever_the_number_of_threads)
{
    fixture one = {0}, four = {0};
    check_many(&one, 1);
    check_many(&four, 4);
    cr_assert_gt(one.found.n, 30000);
    cr_assert_eq(one.found.n, four.found.n);
    for (size_t i = 0; i < one.found.n; i++) {
        const hd_discrepancy *x = &one.found.item[i], *y = &four.found.item[i];
        cr_assert(x->rule == y->rule && x->a == y->a && x->b == y->b && x->person == y->person);
        cr_assert(hd_str_eq(x->owner_unit, y->owner_unit));
        cr_assert_str_eq(x->id, y->id);
        cr_assert(
            i == 0 || x[-1].rule < x->rule ||
            (x[-1].rule == x->rule && (x[-1].a < x->a || (x[-1].a == x->a && x[-1].b < x->b))));
    }
    close_fixture(&one);
    close_fixture(&four);
}
