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
    "      self: {name: name, sex: sex, birth_date: birth, phone: phone, address: addr,\n"
    "             death_date: died, updated: updated}\n"
    "  resident:\n"
    "    type: resident\n"
    "    csv: resident.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, sex: sex, birth_date: birth, phone: phone, address: addr,\n"
    "             registered: registered, event_date: event}\n"
    "  migrant:\n"
    "    type: migrant\n"
    "    csv: migrant.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name, sex: sex, phone: phone}\n"
    "  death:\n"
    "    type: death\n"
    "    csv: death.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      self: {name: name}\n"
    "      reporter: {name: reporter}\n"
    "  birth:\n"
    "    type: birth\n"
    "    csv: birth.csv\n"
    "    key: [id]\n"
    "    mentions:\n"
    "      child: {name: child}\n"
    "      mother: {name: mother}\n"
    "      father: {name: father}\n"
    "  marriage:\n"
    "    type: marriage\n"
    "    csv: marriage.csv\n"
    "    key: [id]\n"
    "    record: {event_date: date}\n"
    "    mentions:\n"
    "      husband: {name: husband}\n"
    "      wife: {name: wife}\n"
    "  divorce:\n"
    "    type: divorce\n"
    "    csv: divorce.csv\n"
    "    key: [id]\n"
    "    record: {event_date: date}\n"
    "    mentions:\n"
    "      husband: {name: husband}\n"
    "      wife: {name: wife}\n";

/* Everything a test says of its county; NULL: a file with its header only. */
typedef struct county {
    const char *household; /* id,name,sex,birth,phone,addr,died,updated */
    const char *resident;  /* id,name,sex,birth,phone,addr,registered,event */
    const char *migrant;   /* id,name,sex,phone */
    const char *death;     /* id,name,reporter */
    const char *birth;     /* id,child,mother,father */
    const char *marriage;  /* id,husband,wife,date */
    const char *divorce;   /* id,husband,wife,date */
} county;

typedef struct fixture {
    hd_mini mini;
    hd_persons persons;
} fixture;

static void write_csv(hd_mini *mini, const char *name, const char *header, const char *rows)
{
    hd_buf text = {0};
    hd_buf_addf(&text, "%s\n%s", header, rows ? rows : "");
    hd_mini_write(mini, name, text.ptr);
    hd_buf_release(&text);
}

static void open_fixture(fixture *f, unsigned n_threads, county c)
{
    hd_mini *mini = &f->mini;
    hd_mini_open(mini, n_threads);
    hd_mini_write(mini, "hedui.yaml", config);
    write_csv(mini, "household.csv", "id,name,sex,birth,phone,addr,died,updated", c.household);
    write_csv(mini, "resident.csv", "id,name,sex,birth,phone,addr,registered,event", c.resident);
    write_csv(mini, "migrant.csv", "id,name,sex,phone", c.migrant);
    write_csv(mini, "death.csv", "id,name,reporter", c.death);
    write_csv(mini, "birth.csv", "id,child,mother,father", c.birth);
    write_csv(mini, "marriage.csv", "id,husband,wife,date", c.marriage);
    write_csv(mini, "divorce.csv", "id,husband,wife,date", c.divorce);
    hd_mini_read(mini);
}

static void reconcile(fixture *f, const char *groups, const hd_previous *previous)
{
    hd_mini *mini = &f->mini;
    hd_mini_persons(mini, groups);
    hd_status status = hd_reconcile_run(&mini->ctx, mini->ruleset, NULL, &mini->mentions,
                                        &mini->clusters, hd_mini_key, previous, &f->persons);
    cr_assert_eq(status, HD_OK);
    cr_assert_eq(f->persons.n, mini->clusters.n);
}

static void close_fixture(fixture *f)
{
    hd_persons_release(&f->persons);
    hd_mini_close(&f->mini);
}

static uint32_t person(const fixture *f, const char *mention)
{
    return f->mini.clusters.of[hd_mini_mention(&f->mini, mention)];
}

/* The mention `expected` gives its person the field; NULL: nobody gives `of`'s person one. */
static void expect_won(const fixture *f, const char *field, const char *of, const char *expected)
{
    int no = hd_field_find(f->mini.ruleset, hd_str_from(field));
    cr_assert_geq(no, 0);
    const hd_mention *won = f->persons.won[no];
    cr_assert_not_null(won);
    hd_mention want = expected ? hd_mini_mention(&f->mini, expected) : HD_NO_MENTION;
    cr_assert_eq(won[person(f, of)], want, "%s of %s: mention %u, not %s", field, of,
                 won[person(f, of)], expected ? expected : "none");
}

/* ---- survivorship ---- */

Test(survivorship, the_better_state_wins_over_the_better_source)
{
    fixture f = {0};
    open_fixture(&f, 1,
                 (county){.household = "1,张 伟,,,,,,\n2,张伟,,,,,,\n",
                          .resident = "1,张纬,,,,,,\n2,张纬,,,,,,\n"});
    reconcile(&f, "household/1/self resident/1/self | household/2/self resident/2/self", NULL);
    expect_won(&f, "name", "household/1/self", "resident/1/self");
    expect_won(&f, "name", "household/2/self", "household/2/self");
    close_fixture(&f);
}

Test(survivorship, a_value_without_standard_form_never_wins)
{
    fixture f = {0};
    open_fixture(&f, 1, (county){.household = "1,张伟,x9,,,,,\n", .resident = "1,张伟,女,,,,,\n"});
    reconcile(&f, "household/1/self resident/1/self", NULL);
    expect_won(&f, "sex", "household/1/self", "resident/1/self");
    expect_won(&f, "phone", "household/1/self", NULL);
    expect_won(&f, "birth_date", "household/1/self", NULL);
    close_fixture(&f);
}

Test(survivorship, only_person_fields_that_some_source_has_are_chosen)
{
    fixture f = {0};
    open_fixture(&f, 1, (county){.household = "1,张伟,,,,,,\n"});
    reconcile(&f, "", NULL);
    const hd_ruleset *ruleset = f.mini.ruleset;
    cr_assert_null(f.persons.won[hd_field_find(ruleset, HD_STR("updated"))]);
    cr_assert_null(f.persons.won[hd_field_find(ruleset, HD_STR("ethnicity"))]);
    cr_assert_not_null(f.persons.won[hd_field_find(ruleset, HD_STR("name"))]);
    close_fixture(&f);
}

Test(survivorship, frequent_counts_sources_not_mentions)
{
    fixture f = {0};
    open_fixture(&f, 1,
                 (county){.household = "1,张伟,,,,,,\n2,张纬,,,,,,\n",
                          .resident = "1,张纬,,,,,,\n2,张伟,,,,,,\n3,张伟,,,,,,\n",
                          .migrant = "1,张纬,,\n"});
    reconcile(&f,
              "household/1/self resident/1/self migrant/1/self |"
              "household/2/self resident/2/self resident/3/self",
              NULL);
    /* two sources against one, though household is the better source */
    expect_won(&f, "name", "household/1/self", "resident/1/self");
    /* two mentions of one source are one voice, so the better source decides */
    expect_won(&f, "name", "household/2/self", "household/2/self");
    close_fixture(&f);
}

Test(survivorship, a_value_is_counted_in_whatever_state_it_is_said)
{
    fixture f = {0};
    open_fixture(&f, 1,
                 (county){.household = "1,张伟,,,,,,\n",
                          .resident = "1,张纬,,,,,,\n",
                          .migrant = "1,张 纬,,\n"});
    reconcile(&f, "household/1/self resident/1/self migrant/1/self", NULL);
    expect_won(&f, "name", "household/1/self", "resident/1/self");
    close_fixture(&f);
}

Test(survivorship, the_default_asks_source_before_frequency)
{
    fixture f = {0};
    open_fixture(&f, 1,
                 (county){.household = "1,张伟,1,,,,,\n",
                          .resident = "1,张伟,2,,,,,\n",
                          .migrant = "1,张伟,2,\n"});
    reconcile(&f, "household/1/self resident/1/self migrant/1/self", NULL);
    expect_won(&f, "sex", "household/1/self", "household/1/self");
    close_fixture(&f);
}

Test(survivorship, the_later_date_wins_updated_before_registered_before_event)
{
    fixture f = {0};
    open_fixture(&f, 1,
                 (county){.household = "1,张伟,,,13887412593,,,20200101\n"
                                       "2,张伟,,,13887412593,,,2020\n",
                          .resident = "1,张伟,,,13908745216,,20200102,\n"
                                      "2,张伟,,,13908745216,,20200102,20300101\n"
                                      "3,张伟,,,13769853041,,,20200103\n"
                                      "4,张伟,,,13629481357,,,\n"});
    reconcile(&f,
              "household/1/self resident/1/self resident/4/self |"
              "household/2/self resident/2/self resident/3/self",
              NULL);
    expect_won(&f, "phone", "household/1/self", "resident/1/self");
    /* resident/2 is of its registered date, whatever its event date */
    expect_won(&f, "phone", "household/2/self", "resident/3/self");
    close_fixture(&f);
}

Test(survivorship, longest_decides_at_last_then_the_smallest_mention)
{
    fixture f = {0};
    open_fixture(&f, 1,
                 (county){.household =
                              "1,张伟,,,,曲靖市麒麟区,,\n2,张伟,,,,曲靖市麒麟区南宁街道,,\n"
                              "3,张伟,,,,曲靖市麒麟区建宁街道,,\n"});
    reconcile(&f, "household/1/self household/2/self household/3/self", NULL);
    expect_won(&f, "address", "household/1/self", "household/2/self");
    expect_won(&f, "name", "household/1/self", "household/1/self");
    close_fixture(&f);
}

Test(survivorship, many_mentions_are_counted_as_few_are)
{
    fixture f = {0};
    hd_buf household = {0}, groups = {0};
    for (int i = 10; i < 50; i++) {
        hd_buf_addf(&household, "%d,%s,,,,,,\n", i, i % 2 ? "张伟" : "张玮");
        hd_buf_addf(&groups, "household/%d/self ", i);
    }
    hd_buf_addf(&groups, "resident/1/self migrant/1/self");
    open_fixture(&f, 1,
                 (county){.household = household.ptr,
                          .resident = "1,张纬,,,,,,\n",
                          .migrant = "1,张纬,,\n"});
    reconcile(&f, groups.ptr, NULL);
    expect_won(&f, "name", "household/10/self", "resident/1/self");
    hd_buf_release(&household);
    hd_buf_release(&groups);
    close_fixture(&f);
}

/* ---- person ids ---- */

#define ID(letter)                                                                              \
    (letter letter letter letter letter letter letter letter letter letter letter letter letter \
         letter letter letter letter letter letter letter letter letter letter letter letter    \
             letter)

static void expect_id(const fixture *f, const char *mention, const char *id)
{
    hd_str found = f->persons.person_id[person(f, mention)];
    cr_assert(hd_str_eq(found, hd_str_from(id)), "%s has %.*s, not %s", mention, HD_ARG(found), id);
}

static void expect_new_id(const fixture *f, const char *mention, const char *message)
{
    char id[HD_ID_CHARS + 1];
    hd_keyed_id(hd_mini_key, hd_str_from(message), id);
    expect_id(f, mention, id);
    cr_assert_null(f->persons.first_run[person(f, mention)].ptr);
}

/* Lines "id event other", ids cut to three characters. */
static void expect_history(const fixture *f, const char *expected)
{
    static const char *const events[] = {"new", "merged", "split", "retired"};
    hd_buf text = {0};
    for (size_t i = 0; i < f->persons.n_history; i++) {
        const hd_history *h = &f->persons.history[i];
        hd_buf_addf(&text, "%.3s %s %.3s\n", h->person_id.ptr, events[h->event],
                    h->other_person_id.ptr ? h->other_person_id.ptr : "-");
    }
    cr_assert_str_eq(text.ptr ? text.ptr : "", expected);
    hd_buf_release(&text);
}

/* What the last published run said of a mention in the role "self". */
typedef struct said {
    const char *source, *record_id, *id, *first_run;
} said;

static said link_of(const char *source, const char *record_id, const char *id,
                    const char *first_run)
{
    return (said){source, record_id, id, first_run};
}

static bool is_said_of(const fixture *f, const said *link, hd_mention i)
{
    const hd_mentions *m = &f->mini.mentions;
    const hd_source *source = &m->ruleset->sources[m->source[i]];
    return hd_str_eq(source->code, hd_str_from(link->source)) &&
           hd_str_eq(hd_mention_record_id(m, i), hd_str_from(link->record_id)) &&
           hd_str_eq(source->roles[m->role[i]].code, HD_STR("self"));
}

/* All of it as one; what it stands on is of the test's process. */
static const hd_previous *previous_of(const fixture *f, const said *links, size_t n)
{
    enum { MOST = 16 };
    static hd_previous_person person[MOST];
    static uint32_t of[MOST];
    static hd_previous previous;
    previous = (hd_previous){.of = of, .person = person, .n = n};
    memset(of, 0xFF, sizeof of);
    cr_assert(n <= MOST && f->mini.mentions.n <= MOST);
    for (size_t k = 0; k < n; k++) {
        uint32_t p = 0;
        while (p < previous.n_persons && !hd_str_eq(person[p].id, hd_str_from(links[k].id)))
            p++;
        if (p == previous.n_persons)
            person[previous.n_persons++] =
                (hd_previous_person){hd_str_from(links[k].id), hd_str_from(links[k].first_run), 0};
        person[p].n++;
        for (hd_mention i = 0; i < f->mini.mentions.n; i++)
            if (is_said_of(f, &links[k], i))
                of[i] = p;
    }
    return &previous;
}

static const county six = {.household = "1,张伟,,,,,,\n2,张伟,,,,,,\n3,张伟,,,,,,\n",
                           .resident = "1,张伟,,,,,,\n2,张伟,,,,,,\n3,张伟,,,,,,\n"};

Test(identity, a_new_person_is_named_by_its_smallest_mention)
{
    fixture f = {0};
    open_fixture(&f, 1, (county){.household = "1,张伟,,,,,,\n", .resident = "1,张伟,,,,,,\n"});
    reconcile(&f, "household/1/self resident/1/self", NULL);
    expect_new_id(&f, "resident/1/self",
                  "household\x1f"
                  "1\x1fself");
    cr_assert_eq(f.persons.n_history, 1);
    cr_assert_eq(f.persons.history[0].event, HD_EVENT_NEW);
    cr_assert(hd_str_eq(f.persons.history[0].person_id, f.persons.person_id[0]));
    cr_assert_null(f.persons.history[0].other_person_id.ptr);
    close_fixture(&f);
}

Test(identity, a_person_keeps_its_id_when_a_smaller_mention_joins)
{
    fixture f = {0};
    open_fixture(&f, 1, (county){.household = "1,张伟,,,,,,\n", .resident = "1,张伟,,,,,,\n"});
    said links[] = {link_of("resident", "1", ID("a"), "run1")};
    reconcile(&f, "household/1/self resident/1/self", previous_of(&f, links, 1));
    expect_id(&f, "household/1/self", ID("a"));
    cr_assert(hd_str_eq(f.persons.first_run[0], HD_STR("run1")));
    expect_history(&f, "");
    close_fixture(&f);
}

Test(identity, at_a_merge_the_id_of_most_mentions_stays)
{
    fixture f = {0};
    open_fixture(&f, 1, (county){.household = "1,张伟,,,,,,\n2,张伟,,,,,,\n3,张伟,,,,,,\n"});
    said links[] = {link_of("household", "1", ID("a"), "run1"),
                    link_of("household", "2", ID("b"), "run2"),
                    link_of("household", "3", ID("b"), "run2")};
    reconcile(&f, "household/1/self household/2/self household/3/self", previous_of(&f, links, 3));
    expect_id(&f, "household/1/self", ID("b"));
    cr_assert(hd_str_eq(f.persons.first_run[0], HD_STR("run2")));
    expect_history(&f, "aaa merged bbb\n");
    close_fixture(&f);
}

Test(identity, at_a_merge_of_equals_the_older_then_the_smaller_id_stays)
{
    fixture f = {0};
    open_fixture(&f, 1,
                 (county){.household = "1,张伟,,,,,,\n2,张伟,,,,,,\n3,张伟,,,,,,\n4,张伟,,,,,,\n"});
    said links[] = {
        link_of("household", "1", ID("a"), "run2"), link_of("household", "2", ID("b"), "run1"),
        link_of("household", "3", ID("d"), "run1"), link_of("household", "4", ID("c"), "run1")};
    reconcile(&f, "household/1/self household/2/self | household/3/self household/4/self",
              previous_of(&f, links, 4));
    expect_id(&f, "household/1/self", ID("b"));
    expect_id(&f, "household/3/self", ID("c"));
    expect_history(&f, "aaa merged bbb\nddd merged ccc\n");
    close_fixture(&f);
}

Test(identity, at_a_split_the_largest_part_keeps_the_id)
{
    fixture f = {0};
    open_fixture(&f, 1, (county){.household = "1,张伟,,,,,,\n2,张伟,,,,,,\n3,张伟,,,,,,\n"});
    said links[] = {link_of("household", "1", ID("a"), "run1"),
                    link_of("household", "2", ID("a"), "run1"),
                    link_of("household", "3", ID("a"), "run1")};
    reconcile(&f, "household/2/self household/3/self", previous_of(&f, links, 3));
    expect_id(&f, "household/2/self", ID("a"));
    expect_new_id(&f, "household/1/self",
                  "household\x1f"
                  "1\x1fself");
    cr_assert_eq(f.persons.n_history, 1);
    cr_assert_eq(f.persons.history[0].event, HD_EVENT_SPLIT_FROM);
    cr_assert(hd_str_eq(f.persons.history[0].person_id,
                        f.persons.person_id[person(&f, "household/1/self")]));
    cr_assert(hd_str_eq(f.persons.history[0].other_person_id, hd_str_from(ID("a"))));
    close_fixture(&f);
}

Test(identity, at_a_split_into_equals_the_part_with_the_smallest_mention_keeps_the_id)
{
    fixture f = {0};
    open_fixture(&f, 1, six);
    /* cluster {household/1, resident/2} is smaller by mention, but of the former person it holds
     * only resident/2, and the other part begins with household/2 */
    said links[] = {link_of("household", "2", ID("a"), "run1"),
                    link_of("resident", "2", ID("a"), "run1")};
    reconcile(&f, "household/1/self resident/2/self", previous_of(&f, links, 2));
    expect_id(&f, "household/2/self", ID("a"));
    close_fixture(&f);
}

Test(identity, an_id_is_merged_into_where_its_largest_part_went)
{
    fixture f = {0};
    open_fixture(&f, 1, six);
    said links[] = {
        link_of("household", "1", ID("a"), "run1"), link_of("household", "2", ID("a"), "run1"),
        link_of("household", "3", ID("a"), "run1"), link_of("resident", "1", ID("b"), "run1"),
        link_of("resident", "2", ID("b"), "run1"),  link_of("resident", "3", ID("b"), "run1")};
    /* b: one mention goes, two stay with all of a */
    reconcile(&f,
              "household/1/self household/2/self household/3/self resident/1/self resident/2/self",
              previous_of(&f, links, 6));
    expect_id(&f, "household/1/self", ID("a"));
    expect_new_id(&f, "resident/3/self",
                  "resident\x1f"
                  "3\x1fself");
    cr_assert_eq(f.persons.n_history, 2);
    const hd_history *merged = &f.persons.history[0], *split = &f.persons.history[1];
    if (merged->event != HD_EVENT_MERGED_INTO) {
        merged = split;
        split = &f.persons.history[0];
    }
    cr_assert(hd_str_eq(merged->person_id, hd_str_from(ID("b"))));
    cr_assert(hd_str_eq(merged->other_person_id, hd_str_from(ID("a"))));
    cr_assert_eq(split->event, HD_EVENT_SPLIT_FROM);
    cr_assert(hd_str_eq(split->other_person_id, hd_str_from(ID("b"))));
    close_fixture(&f);
}

Test(identity, an_id_without_mentions_is_retired)
{
    fixture f = {0};
    open_fixture(&f, 1, (county){.household = "2,张伟,,,,,,\n"});
    said links[] = {link_of("gone", "1", ID("c"), "run1"),
                    link_of("household", "1", ID("b"), "run1"),
                    link_of("household", "2", ID("a"), "run1"),
                    link_of("zone", "1", ID("b"), "run1"), link_of("zone", "2", ID("d"), "run1")};
    reconcile(&f, "", previous_of(&f, links, 5));
    expect_id(&f, "household/2/self", ID("a"));
    expect_history(&f, "bbb retired -\nccc retired -\nddd retired -\n");
    close_fixture(&f);
}

Test(identity, an_id_that_was_ever_given_is_not_given_again)
{
    fixture f = {0};
    open_fixture(&f, 1, (county){.household = "1,张伟,,,,,,\n2,张伟,,,,,,\n3,张伟,,,,,,\n"});
    char first[HD_ID_CHARS + 1], again[HD_ID_CHARS + 1], retired[2][HD_ID_CHARS + 1];
    hd_keyed_id(hd_mini_key,
                HD_STR("household\x1f"
                       "1\x1fself"),
                first);
    hd_keyed_id(hd_mini_key,
                HD_STR("household\x1f"
                       "1\x1fself\x1f"
                       "1"),
                again);
    hd_keyed_id(hd_mini_key,
                HD_STR("household\x1f"
                       "3\x1fself"),
                retired[0]);
    hd_keyed_id(hd_mini_key,
                HD_STR("household\x1f"
                       "3\x1fself\x1f"
                       "1"),
                retired[1]);
    /* the person named by household/1 lives on in household/2 and is about to lose household/1 */
    said links[] = {link_of("household", "1", first, "run1"),
                    link_of("household", "2", first, "run1"),
                    link_of("household", "3", first, "run1")};
    reconcile(&f, "household/2/self household/3/self", previous_of(&f, links, 3));
    expect_id(&f, "household/2/self", first);
    expect_id(&f, "household/1/self", again);
    hd_persons_release(&f.persons);
    hd_str ids[] = {hd_str_from(retired[0]), hd_str_from(retired[1])};
    if (hd_str_cmp(ids[0], ids[1]) > 0) {
        ids[0] = hd_str_from(retired[1]);
        ids[1] = hd_str_from(retired[0]);
    }
    reconcile(&f, "", &(hd_previous){.retired = ids, .n_retired = 2});
    expect_new_id(&f, "household/3/self",
                  "household\x1f"
                  "3\x1fself\x1f"
                  "2");
    close_fixture(&f);
}

Test(identity, ids_outlive_the_previous_run)
{
    fixture f = {0};
    open_fixture(&f, 1, (county){.household = "1,张伟,,,,,,\n2,张伟,,,,,,\n"});
    uint32_t of[] = {0, 1};
    hd_previous previous = {.of = of, .n = 2, .n_persons = 2};
    previous.person = HD_NEW_N(&previous.arena, hd_previous_person, 2);
    for (uint32_t i = 0; i < 2; i++)
        previous.person[i] = (hd_previous_person){
            .id = hd_arena_str(&previous.arena, hd_str_from(i ? ID("b") : ID("a"))),
            .first_run = hd_arena_str(&previous.arena, HD_STR("run1")),
            .n = 1};
    reconcile(&f, "household/1/self household/2/self", &previous);
    hd_arena_release(&previous.arena);
    expect_id(&f, "household/1/self", ID("a"));
    cr_assert(hd_str_eq(f.persons.first_run[0], HD_STR("run1")));
    expect_history(&f, "bbb merged aaa\n");
    close_fixture(&f);
}

/* ---- relations ---- */

/* Lines "mention relation mention start", by the smallest mention of each person. */
static void expect_relations(const fixture *f, const char *expected)
{
    hd_buf text = {0};
    const hd_mentions *m = &f->mini.mentions;
    const hd_clusters *clusters = &f->mini.clusters;
    for (size_t i = 0; i < f->persons.n_relations; i++) {
        const hd_relation *r = &f->persons.relation[i];
        hd_mention a = clusters->member[clusters->start[r->person]];
        hd_mention b = clusters->member[clusters->start[r->other_person]];
        int name = hd_field_find(m->ruleset, HD_STR("name"));
        cr_assert_eq(clusters->of[r->mention], r->person);
        hd_mention_print(&text, m, a, (uint32_t)name);
        hd_buf_addf(&text, " %.*s ", HD_ARG(r->relation));
        hd_mention_print(&text, m, b, (uint32_t)name);
        hd_buf_addf(&text, " %d %.*s\n", r->start_date,
                    HD_ARG(hd_mention_record_id(m, r->mention)));
    }
    cr_assert_str_eq(text.ptr ? text.ptr : "", expected);
    hd_buf_release(&text);
}

Test(relations, a_birth_names_parents_and_children)
{
    fixture f = {0};
    open_fixture(&f, 1, (county){.birth = "b1,王一,李娜,王强\nb2,王二,李娜,\n"});
    reconcile(&f, "birth/b1/mother birth/b2/mother", NULL);
    expect_relations(&f, "王一 parent 王强 0 b1\n"
                         "王一 parent 李娜 0 b1\n"
                         "王强 child 王一 0 b1\n"
                         "李娜 child 王一 0 b1\n"
                         "李娜 child 王二 0 b2\n"
                         "王二 parent 李娜 0 b2\n");
    uint32_t child = person(&f, "birth/b1/child"), mother = person(&f, "birth/b1/mother");
    cr_assert_eq(f.persons.mother[child], mother);
    cr_assert_eq(f.persons.father[child], person(&f, "birth/b1/father"));
    cr_assert_eq(f.persons.mother[person(&f, "birth/b2/child")], mother);
    cr_assert_eq(f.persons.father[person(&f, "birth/b2/child")], HD_NO_PERSON);
    cr_assert_eq(f.persons.mother[mother], HD_NO_PERSON);
    cr_assert_eq(f.persons.spouse[mother], HD_NO_PERSON);
    close_fixture(&f);
}

Test(relations, equal_ones_are_one_and_nobody_is_related_to_himself)
{
    fixture f = {0};
    open_fixture(&f, 1, (county){.birth = "b1,王一,李娜,\nb2,王一,李娜,\nb3,王三,王三,\n"});
    reconcile(&f,
              "birth/b1/mother birth/b2/mother | birth/b1/child birth/b2/child |"
              "birth/b3/child birth/b3/mother",
              NULL);
    expect_relations(&f, "王一 parent 李娜 0 b1\n李娜 child 王一 0 b1\n");
    cr_assert_eq(f.persons.mother[person(&f, "birth/b3/child")], HD_NO_PERSON);
    close_fixture(&f);
}

Test(relations, of_two_mothers_the_one_of_the_smallest_mention_counts)
{
    fixture f = {0};
    open_fixture(&f, 1, (county){.birth = "b1,王一,李娜,\nb2,王一,赵敏,\n"});
    reconcile(&f, "birth/b1/child birth/b2/child", NULL);
    cr_assert_eq(f.persons.mother[person(&f, "birth/b1/child")], person(&f, "birth/b1/mother"));
    cr_assert_eq(f.persons.n_relations, 4);
    close_fixture(&f);
}

Test(relations, the_last_marriage_makes_the_spouse)
{
    fixture f = {0};
    open_fixture(&f, 1,
                 (county){.marriage = "m1,王强,李娜,2000-01-01\nm2,王强,赵敏,2005-01-01\n"
                                      "m3,王强,李娜,2010-01-01\nm4,周明,吴静,\nm5,周明,郑爽,\n"});
    reconcile(&f,
              "marriage/m1/husband marriage/m2/husband marriage/m3/husband |"
              "marriage/m1/wife marriage/m3/wife | marriage/m4/husband marriage/m5/husband",
              NULL);
    uint32_t man = person(&f, "marriage/m1/husband");
    /* married again: the relation is told once, of its smallest mention, but the last date counts
     */
    cr_assert_eq(f.persons.spouse[man], person(&f, "marriage/m1/wife"));
    cr_assert_eq(f.persons.spouse[person(&f, "marriage/m2/wife")], man);
    /* without dates the larger mention */
    cr_assert_eq(f.persons.spouse[person(&f, "marriage/m4/husband")],
                 person(&f, "marriage/m5/wife"));
    expect_relations(&f, "王强 spouse 李娜 20000101 m1\n"
                         "王强 spouse 赵敏 20050101 m2\n"
                         "李娜 spouse 王强 20000101 m1\n"
                         "赵敏 spouse 王强 20050101 m2\n"
                         "周明 spouse 吴静 0 m4\n"
                         "周明 spouse 郑爽 0 m5\n"
                         "吴静 spouse 周明 0 m4\n"
                         "郑爽 spouse 周明 0 m5\n");
    close_fixture(&f);
}

Test(relations, a_marriage_that_ended_makes_no_spouse)
{
    fixture f = {0};
    open_fixture(&f, 1, (county){.marriage = "m1,王强,李娜,2000-01-01\nm2,王强,赵敏,2005-01-01\n"});
    hd_ruleset *ruleset = f.mini.ruleset;
    hd_source *marriage = &ruleset->sources[hd_source_find(ruleset, HD_STR("marriage"))];
    cr_assert_eq(marriage->n_relations, 1);
    marriage->relations[0].end_field = marriage->relations[0].start_field;
    reconcile(&f, "marriage/m1/husband marriage/m2/husband", NULL);
    for (uint32_t p = 0; p < f.persons.n; p++)
        cr_assert_eq(f.persons.spouse[p], HD_NO_PERSON);
    cr_assert_eq(f.persons.n_relations, 4);
    cr_assert_eq(f.persons.relation[0].end_date, 20000101);
    close_fixture(&f);
}

Test(relations, a_divorce_ends_the_marriage_unless_they_marry_again)
{
    fixture f = {0};
    open_fixture(&f, 1,
                 (county){.marriage = "m1,王强,李娜,2000-01-01\nm2,周明,吴静,2001-01-01\n"
                                      "m3,周明,吴静,2010-01-01\n",
                          .divorce = "d1,王强,李娜,2004-01-01\nd2,周明,吴静,2004-01-01\n"
                                     "d3,高远,郑爽,\n"});
    reconcile(&f,
              "marriage/m1/husband divorce/d1/husband | marriage/m1/wife divorce/d1/wife |"
              "marriage/m2/husband marriage/m3/husband divorce/d2/husband |"
              "marriage/m2/wife marriage/m3/wife divorce/d2/wife",
              NULL);
    cr_expect_eq(f.persons.spouse[person(&f, "marriage/m1/husband")], HD_NO_PERSON);
    cr_expect_eq(f.persons.spouse[person(&f, "marriage/m1/wife")], HD_NO_PERSON);
    cr_expect_eq(f.persons.spouse[person(&f, "marriage/m2/husband")],
                 person(&f, "marriage/m2/wife"));
    cr_expect_eq(f.persons.spouse[person(&f, "divorce/d3/husband")], HD_NO_PERSON);
    cr_assert_eq(f.persons.n_relations, 6);
    for (size_t i = 0; i < f.persons.n_relations; i++) {
        const hd_relation *r = &f.persons.relation[i];
        bool ended = r->person == person(&f, "marriage/m1/husband") ||
                     r->other_person == person(&f, "marriage/m1/husband");
        cr_expect_eq(r->end_date, ended ? 20040101 : 0);
    }
    close_fixture(&f);
}

/* ---- the rest ---- */

Test(reconcile, counts_records_and_sources)
{
    fixture f = {0};
    open_fixture(
        &f, 1, (county){.household = "1,王强,,,,,,\n2,王强,,,,,,\n", .marriage = "1,王强,王强,\n"});
    reconcile(&f, "household/1/self household/2/self marriage/1/husband marriage/1/wife", NULL);
    cr_assert_eq(f.persons.n, 1);
    cr_assert_eq(f.persons.n_records[0], 3);
    cr_assert_eq(f.persons.n_sources[0], 2);
    close_fixture(&f);
}

Test(reconcile, dead_is_who_is_in_a_death_record_or_has_a_death_date)
{
    fixture f = {0};
    open_fixture(
        &f, 1,
        (county){.household = "1,王强,,,,,20200101,\n2,李娜,,,,,,\n", .death = "1,赵敏,周明\n"});
    reconcile(&f, "", NULL);
    cr_assert(f.persons.dead[person(&f, "household/1/self")]);
    cr_assert_not(f.persons.dead[person(&f, "household/2/self")]);
    cr_assert(f.persons.dead[person(&f, "death/1/self")]);
    cr_assert_not(f.persons.dead[person(&f, "death/1/reporter")]);
    close_fixture(&f);
}

Test(reconcile, confidence_is_that_of_the_weakest_link)
{
    fixture f = {0};
    open_fixture(&f, 1, six);
    hd_mini_persons(&f.mini, "household/1/self household/2/self household/3/self");
    hd_edge *link = f.mini.clusters.link;
    link[hd_mini_mention(&f.mini, "household/2/self")].weight = 10 * HD_WEIGHT_ONE;
    link[hd_mini_mention(&f.mini, "household/3/self")].weight = 2 * HD_WEIGHT_ONE;
    hd_status status = hd_reconcile_run(&f.mini.ctx, f.mini.ruleset, NULL, &f.mini.mentions,
                                        &f.mini.clusters, hd_mini_key, NULL, &f.persons);
    cr_assert_eq(status, HD_OK);
    cr_assert_float_eq(f.persons.confidence[person(&f, "household/1/self")], 0.8, 1e-6);
    cr_assert_eq(f.persons.confidence[person(&f, "resident/1/self")], 1.0F);
    close_fixture(&f);
}

Test(reconcile, nothing_in_nothing_out)
{
    fixture f = {0};
    open_fixture(&f, 2, (county){0});
    said links[] = {link_of("household", "1", ID("a"), "run1")};
    reconcile(&f, "", previous_of(&f, links, 1));
    cr_assert_eq(f.persons.n, 0);
    cr_assert_eq(f.persons.n_relations, 0);
    expect_history(&f, "aaa retired -\n");
    close_fixture(&f);
}

/* Over several chunks, so that tasks fall to several threads; persons reach across the sources. */
static void reconcile_many(fixture *f, unsigned n_threads)
{
    hd_buf household = {0}, resident = {0}, marriage = {0};
    for (int i = 0; i < 20000; i++) {
        hd_buf_addf(&household, "%d,张%s,%d,,,,,\n", i, i % 3 ? "伟" : "敏", i % 2 + 1);
        hd_buf_addf(&resident, "%d,张伟,%d,,,,,\n", i, i % 5 ? 1 : 2);
        hd_buf_addf(&marriage, "%d,张伟,李娜,2000-01-%02d\n", i, i % 28 + 1);
    }
    open_fixture(
        f, n_threads,
        (county){.household = household.ptr, .resident = resident.ptr, .marriage = marriage.ptr});
    hd_buf_release(&household);
    hd_buf_release(&resident);
    hd_buf_release(&marriage);
    uint32_t n = f->mini.mentions.n, *who = hd_alloc(n * sizeof *who);
    for (uint32_t i = 0; i < n; i++)
        who[i] = i % 30011;
    hd_mini_number_persons(&f->mini, who);
    hd_free(who);
    hd_status status = hd_reconcile_run(&f->mini.ctx, f->mini.ruleset, NULL, &f->mini.mentions,
                                        &f->mini.clusters, hd_mini_key, NULL, &f->persons);
    cr_assert_eq(status, HD_OK);
}

Test(reconcile, the_number_of_threads_does_not_matter)
{
    fixture one = {0}, four = {0};
    reconcile_many(&one, 1);
    reconcile_many(&four, 4);
    const hd_persons *a = &one.persons, *b = &four.persons;
    cr_assert_eq(a->n, 30011);
    cr_assert_eq(a->n, b->n);
    for (uint32_t p = 0; p < a->n; p++)
        cr_assert(hd_str_eq(a->person_id[p], b->person_id[p]));
    for (uint32_t field = 0; field < one.mini.ruleset->n_fields; field++) {
        cr_assert_eq(!a->won[field], !b->won[field]);
        if (a->won[field])
            cr_assert_arr_eq(a->won[field], b->won[field], a->n * sizeof(hd_mention));
    }
    cr_assert_arr_eq(a->spouse, b->spouse, a->n * sizeof *a->spouse);
    cr_assert_arr_eq(a->n_records, b->n_records, a->n * sizeof *a->n_records);
    cr_assert_eq(a->n_relations, b->n_relations);
    cr_assert_gt(a->n_relations, 30000);
    for (size_t i = 0; i < a->n_relations; i++) {
        const hd_relation *x = &a->relation[i], *y = &b->relation[i];
        cr_assert(x->person == y->person && x->other_person == y->other_person &&
                  x->mention == y->mention);
        cr_assert(i == 0 || x[-1].person < x->person ||
                  (x[-1].person == x->person && x[-1].other_person < x->other_person));
    }
    for (size_t i = 1; i < a->n_history; i++)
        cr_assert_lt(hd_str_cmp(a->history[i - 1].person_id, a->history[i].person_id), 0);
    close_fixture(&one);
    close_fixture(&four);
}
