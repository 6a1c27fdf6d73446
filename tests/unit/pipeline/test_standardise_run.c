#include <criterion/criterion.h>
#include <stdio.h>

#include "base/mem.h"
#include "mini.h"
#include "pipeline/stages.h"

/* A county by hand: the fields, two sources and what extract would have read. */

enum { NAME, SEX, BIRTH, ETHNICITY, MOTHER_NAME, EVENT, UNUSED, N_FIELDS };

typedef struct county {
    hd_ctx ctx;
    hd_ruleset ruleset;
    hd_extract extract;
    hd_mentions mentions;
    hd_arena arena;
} county;

static const hd_expr constant = {.op = HD_OP_LITERAL, .type = HD_TYPE_TEXT, .sides = 0};
static const hd_expr computed = {.op = HD_OP_REF, .type = HD_TYPE_TEXT, .sides = 1};

static void declare_fields(county *c)
{
    static hd_str from[] = {HD_STR("01"), HD_STR("汉族"), HD_STR("苗族")};
    static hd_str to[] = {HD_STR("01"), HD_STR("01"), HD_STR("06")};
    static hd_code_table table = {{"ethnicity", 9}, from, to, 3};
    static const hd_field fields[N_FIELDS] = {
        [NAME] = {.code = {"name", 4}, .kind = HD_KIND_name},
        [SEX] = {.code = {"sex", 3}, .kind = HD_KIND_sex},
        [BIRTH] = {.code = {"birth_date", 10}, .kind = HD_KIND_date},
        [ETHNICITY] = {.code = {"ethnicity", 9}, .kind = HD_KIND_code, .table = {"ethnicity", 9}},
        [MOTHER_NAME] = {.code = {"mother_name", 11}, .kind = HD_KIND_name},
        [EVENT] = {.code = {"event_date", 10}, .kind = HD_KIND_date},
        [UNUSED] = {.code = {"unused", 6}, .kind = HD_KIND_code}};
    memcpy(c->ruleset.fields, fields, sizeof fields);
    c->ruleset.n_fields = N_FIELDS;
    c->ruleset.code_tables = &table;
    c->ruleset.n_code_tables = 1;
}

/* birth: record {event_date}; child {name, birth_date, ethnicity}, mother {name, sex: constant,
 * event_date}; the child's mother_name from the mother's name.
 * household: self {name: computed, sex, birth_date}. */
static void declare_sources(county *c)
{
    static hd_input record[] = {{.field = EVENT, .column = 0}};
    static hd_input child[] = {{.field = NAME, .column = 1},
                               {.field = BIRTH, .column = 2},
                               {.field = ETHNICITY, .column = 3}};
    static hd_input mother[] = {{.field = NAME, .column = 4},
                                {.field = SEX, .column = -1, .expr = &constant},
                                {.field = EVENT, .column = 5}};
    static hd_role birth_roles[] = {{{"child", 5}, 0, child, 3, false},
                                    {{"mother", 6}, 1, mother, 3, false}};
    static hd_fill fills[] = {{0, 1, MOTHER_NAME, NAME}};
    static hd_input self[] = {{.field = NAME, .column = -1, .expr = &computed},
                              {.field = SEX, .column = 0},
                              {.field = BIRTH, .column = 1}};
    static hd_role household_roles[] = {{{"self", 4}, 2, self, 3, false}};
    static hd_source sources[] = {{.code = {"birth", 5},
                                   .type = {"birth", 5},
                                   .record = record,
                                   .n_record = 1,
                                   .roles = birth_roles,
                                   .n_roles = 2,
                                   .fills = fills,
                                   .n_fills = 1},
                                  {.code = {"household", 9},
                                   .type = {"household", 9},
                                   .roles = household_roles,
                                   .n_roles = 1}};
    static const char *const roles[] = {"child", "mother", "self"};
    c->ruleset.sources = sources;
    c->ruleset.n_sources = 2;
    for (uint32_t i = 0; i < 3; i++)
        c->ruleset.role_names[c->ruleset.n_role_names++] = hd_str_from(roles[i]);
}

static county *county_new(unsigned n_threads)
{
    county *c = hd_alloc_zero(1, sizeof *c);
    hd_ctx_init(&c->ctx, n_threads);
    c->ruleset.texts = hd_pool_new();
    declare_fields(c);
    declare_sources(c);
    hd_values_init(&c->extract.values, &c->ruleset);
    c->extract.records = HD_NEW_N(&c->arena, hd_records, 2);
    return c;
}

static void county_free(county *c)
{
    hd_mentions_release(&c->mentions);
    hd_values_release(&c->extract.values);
    hd_pool_free(c->ruleset.texts);
    hd_arena_release(&c->arena);
    hd_free(c);
}

/* Room for `n` records of a source; nothing is written yet. */
static void add_records(county *c, uint32_t source, uint32_t n)
{
    const hd_source *s = &c->ruleset.sources[source];
    hd_records *records = &c->extract.records[source];
    records->n = n;
    records->n_slots = s->n_record;
    for (uint32_t role = 0; role < s->n_roles; role++)
        records->n_slots += s->roles[role].n_inputs;
    records->slots = HD_NEW_N(&c->arena, hd_value_no *, records->n_slots);
    for (uint32_t slot = 0; slot < records->n_slots; slot++)
        records->slots[slot] = HD_NEW_N(&c->arena, hd_value_no, n);
}

static uint32_t field_of_slot(const hd_source *s, uint32_t slot)
{
    if (slot < s->n_record)
        return s->record[slot].field;
    slot -= s->n_record;
    uint32_t role = 0;
    for (; slot >= s->roles[role].n_inputs; role++)
        slot -= s->roles[role].n_inputs;
    return s->roles[role].inputs[slot].field;
}

/* One record's values, slot by slot; NULL: nothing. */
static void write_record(county *c, uint32_t source, uint32_t record, const char *const *values)
{
    hd_records *records = &c->extract.records[source];
    hd_values *v = &c->extract.values;
    for (uint32_t slot = 0; slot < records->n_slots; slot++) {
        uint32_t field = field_of_slot(&c->ruleset.sources[source], slot);
        records->slots[slot][record] =
            hd_pool_intern(v->written[v->pool_of[field]], hd_str_from(values[slot]));
    }
}

static void run(county *c)
{
    cr_assert_eq(hd_standardise_run(&c->ctx, &c->ruleset, &c->extract, &c->mentions), HD_OK);
}

/* "birth 0 child: name=张三 birth_date=19800102 …" for a mention; texts stay in the arena. */
static hd_str describe(county *c, hd_mention i)
{
    const hd_mentions *m = &c->mentions;
    const hd_source *s = &c->ruleset.sources[m->source[i]];
    hd_buf out = {0};
    hd_buf_addf(&out, "%.*s %u %.*s:", HD_ARG(s->code), m->record[i],
                HD_ARG(s->roles[m->role[i]].code));
    for (uint32_t field = 0; field < N_FIELDS; field++) {
        hd_value value = hd_mention_value(m, i, field);
        const hd_field *f = &c->ruleset.fields[field];
        if (value == HD_NULL)
            continue;
        hd_buf_addf(&out, " %.*s=", HD_ARG(f->code));
        if (f->kind == HD_KIND_date)
            hd_buf_addf(&out, "%u", (unsigned)value);
        else
            hd_buf_add(&out, hd_pool_get(c->ruleset.texts, (hd_text)value));
    }
    hd_str text = hd_arena_str(&c->arena, hd_buf_str(&out));
    hd_buf_release(&out);
    return text;
}

static void expect_mentions(county *c, const char *const *expected, uint32_t n)
{
    cr_assert_eq(c->mentions.n, n, "%u mentions", c->mentions.n);
    for (hd_mention i = 0; i < n; i++) {
        hd_str is = describe(c, i);
        cr_expect_str_eq(is.ptr, expected[i]);
    }
}

Test(standardise_run, records_become_mentions_in_order)
{
    county *c = county_new(1);
    add_records(c, 0, 2);
    add_records(c, 1, 1);
    write_record(c, 0, 0,
                 (const char *[]){"2020-01-02", "李 四", "2020年1月1日", "苗族", "王芳", "女",
                                  "2020-01-03"});
    write_record(
        c, 0, 1,
        (const char *[]){"2020-02-02", "张三", "2020.2.1", "汉族", "古丽•买买提", "女", NULL});
    write_record(c, 1, 0, (const char *[]){"张三", "1", "20200201"});
    run(c);
    expect_mentions(
        c,
        (const char *[]){
            "birth 0 child: name=李四 birth_date=20200101 ethnicity=06 mother_name=王芳 "
            "event_date=20200102",
            "birth 0 mother: name=王芳 sex=2 event_date=20200103",
            "birth 1 child: name=张三 birth_date=20200201 ethnicity=01 mother_name=古丽·买买提 "
            "event_date=20200202",
            "birth 1 mother: name=古丽·买买提 sex=2 event_date=20200202",
            "household 0 self: name=张三 sex=1 birth_date=20200201",
        },
        5);
    cr_expect_eq(c->mentions.n_mentions[0], 4);
    cr_expect_eq(c->mentions.n_mentions[1], 1);
    cr_expect_eq(c->mentions.n_empty[0], 0);
    cr_expect_eq(hd_mention_standard(&c->mentions, 0, NAME)->state, HD_STATE_repaired);
    cr_expect_eq(hd_mention_standard(&c->mentions, 0, NAME)->reasons, HD_REASON_BIT(blanks));
    cr_expect_eq(hd_mention_standard(&c->mentions, 4, ETHNICITY)->state, HD_STATE_missing);
    cr_expect_eq(hd_mention_standard(&c->mentions, 0, UNUSED)->state, HD_STATE_missing);
    cr_expect_null(c->mentions.column[UNUSED]);
    /* equal standard texts are one text, however they were written */
    cr_expect_eq(hd_mention_value(&c->mentions, 2, NAME), hd_mention_value(&c->mentions, 4, NAME));
    county_free(c);
}

/* A constant, a field of the record and blanks do not make a person appear. */
Test(standardise_run, empty_mentions_are_counted)
{
    county *c = county_new(2);
    add_records(c, 0, 5);
    add_records(c, 1, 3);
    write_record(c, 0, 0, (const char *[]){"2020-01-02", "李四", NULL, NULL, NULL, "女", NULL});
    write_record(c, 0, 1, (const char *[]){"2020-01-02", NULL, NULL, NULL, NULL, "女", NULL});
    write_record(c, 0, 2,
                 (const char *[]){"2020-01-02", " ", NULL, "\xE3\x80\x80", "王芳", "女", "\t"});
    write_record(c, 0, 3, (const char *[]){NULL, NULL, NULL, "汉族", NULL, "女", NULL});
    write_record(c, 0, 4, (const char *[]){NULL, "无", NULL, NULL, NULL, "女", "20200101"});
    write_record(c, 1, 1, (const char *[]){"张三", NULL, NULL});
    write_record(c, 1, 2, (const char *[]){NULL, NULL, "20000101"});
    run(c);
    expect_mentions(c,
                    (const char *[]){"birth 0 child: name=李四 event_date=20200102",
                                     "birth 2 mother: name=王芳 sex=2 event_date=20200102",
                                     "birth 3 child: ethnicity=01",
                                     "birth 4 child:", "birth 4 mother: sex=2 event_date=20200101",
                                     "household 1 self: name=张三",
                                     "household 2 self: birth_date=20000101"},
                    7);
    cr_expect_eq(c->mentions.n_mentions[0], 5);
    cr_expect_eq(c->mentions.n_empty[0], 5);
    cr_expect_eq(c->mentions.n_mentions[1], 2);
    cr_expect_eq(c->mentions.n_empty[1], 1);
    /* a placeholder was written, blanks were not */
    cr_expect_eq(hd_mention_standard(&c->mentions, 3, NAME)->state, HD_STATE_placeholder);
    cr_expect(hd_str_eq(hd_mention_written(&c->mentions, 3, NAME), HD_STR("无")));
    cr_expect(hd_str_eq(hd_mention_written(&c->mentions, 1, EVENT), HD_STR("2020-01-02")));
    cr_expect_null(hd_mention_written(&c->mentions, 2, EVENT).ptr);
    county_free(c);
}

Test(standardise_run, fills_only_what_is_empty)
{
    static hd_input child[] = {{.field = NAME, .column = 0}, {.field = MOTHER_NAME, .column = 1}};
    static hd_input mother[] = {{.field = NAME, .column = 2}};
    static hd_role roles[] = {{{"child", 5}, 0, child, 2, false},
                              {{"mother", 6}, 1, mother, 1, false}};
    static hd_fill fills[] = {{0, 1, MOTHER_NAME, NAME}, {0, 1, EVENT, BIRTH}};
    static hd_source source = {.code = {"birth", 5},
                               .type = {"birth", 5},
                               .roles = roles,
                               .n_roles = 2,
                               .fills = fills,
                               .n_fills = 2};
    county *c = county_new(1);
    c->ruleset.sources = &source;
    c->ruleset.n_sources = 1;
    add_records(c, 0, 5);
    write_record(c, 0, 0, (const char *[]){"张三", NULL, "王芳"});
    write_record(c, 0, 1, (const char *[]){"张三", "赵丽", "王芳"});
    write_record(c, 0, 2, (const char *[]){"张三", " ", "王芳"});
    write_record(c, 0, 3, (const char *[]){"张三", "无", "王芳"});
    write_record(c, 0, 4, (const char *[]){"张三", NULL, NULL});
    run(c);
    expect_mentions(
        c,
        (const char *[]){"birth 0 child: name=张三 mother_name=王芳", "birth 0 mother: name=王芳",
                         "birth 1 child: name=张三 mother_name=赵丽", "birth 1 mother: name=王芳",
                         "birth 2 child: name=张三 mother_name=王芳", "birth 2 mother: name=王芳",
                         "birth 3 child: name=张三", "birth 3 mother: name=王芳",
                         "birth 4 child: name=张三"},
        9);
    /* a fill's target has a column even where nobody has the field that it is filled from */
    cr_expect_not_null(c->mentions.column[EVENT]);
    cr_expect_null(c->mentions.column[BIRTH]);
    county_free(c);
}

Test(standardise_run, nothing_at_all)
{
    county *c = county_new(2);
    add_records(c, 0, 0);
    add_records(c, 1, 0);
    run(c);
    cr_expect_eq(c->mentions.n, 0);
    cr_expect_eq(c->mentions.n_empty[0], 0);
    cr_expect_not_null(c->mentions.column[NAME]);
    hd_mentions_release(&c->mentions);
    c->ruleset.n_sources = 0;
    run(c);
    cr_expect_eq(c->mentions.n, 0);
    county_free(c);
}

/* Enough records and values for several tasks of each kind. */
static county *large_county(unsigned n_threads)
{
    enum { N_BIRTHS = 40000, N_HOUSEHOLD = 20000 };
    county *c = county_new(n_threads);
    add_records(c, 0, N_BIRTHS);
    add_records(c, 1, N_HOUSEHOLD);
    for (uint32_t i = 0; i < N_BIRTHS; i++) {
        char name[16], mother[16], date[16];
        snprintf(name, sizeof name, "张\xE4\xB8%c", (char)(0x80 + i % 64));
        snprintf(mother, sizeof mother, "王%c%u", 'A' + (char)(i % 26), i % 7777);
        snprintf(date, sizeof date, "%u-%u-%u", 1950 + i % 70, 1 + i % 12, 1 + i % 28);
        write_record(c, 0, i,
                     (const char *[]){date, i % 3 ? name : NULL, i % 5 ? date : NULL,
                                      i % 7 ? "汉族" : NULL, i % 4 ? mother : NULL, "女", NULL});
    }
    for (uint32_t i = 0; i < N_HOUSEHOLD; i++) {
        char date[16];
        snprintf(date, sizeof date, "%u", 19500101 + i);
        write_record(c, 1, i, (const char *[]){NULL, NULL, i % 2 ? date : NULL});
    }
    run(c);
    return c;
}

Test(standardise_run, threads_change_nothing)
{
    county *one = large_county(1), *four = large_county(4);
    cr_assert_gt(one->mentions.n, 60000);
    cr_assert_eq(one->mentions.n, four->mentions.n);
    for (uint32_t source = 0; source < 2; source++) {
        const hd_mentions *m = &one->mentions;
        uint32_t n_roles = one->ruleset.sources[source].n_roles;
        cr_assert_eq(m->n_empty[source], four->mentions.n_empty[source]);
        cr_assert_eq(m->n_empty[source] + m->n_mentions[source],
                     (uint64_t)one->extract.records[source].n * n_roles);
    }
    for (hd_mention i = 0; i < one->mentions.n; i++)
        cr_assert(hd_str_eq(describe(one, i), describe(four, i)), "mention %u", i);
    county_free(one);
    county_free(four);
}

/* A second run over the same extract replaces the first. */
Test(standardise_run, again)
{
    county *c = county_new(1);
    add_records(c, 0, 1);
    add_records(c, 1, 0);
    write_record(c, 0, 0, (const char *[]){NULL, "李四", NULL, NULL, NULL, "女", NULL});
    for (unsigned i = 0; i < 2; i++) {
        hd_mentions_release(&c->mentions);
        run(c);
        expect_mentions(c, (const char *[]){"birth 0 child: name=李四"}, 1);
    }
    county_free(c);
}

/* The address of a birth stands in both parents' mapping: it does not make a father. */
Test(standardise_run, a_column_of_several_roles_makes_no_mention)
{
    hd_mini mini;
    hd_mini_open(&mini, 1);
    hd_mini_write(&mini, "hedui.yaml",
                  "site: 530303\n"
                  "sources:\n"
                  "  birth:\n"
                  "    type: birth\n"
                  "    csv: birth.csv\n"
                  "    key: [id]\n"
                  "    mentions:\n"
                  "      mother: {name: mother, sex: '=\"2\"', address: home}\n"
                  "      father: {name: father, sex: '=\"1\"', address: home}\n");
    hd_mini_write(&mini, "birth.csv", "id,mother,father,home\n1,李秀英,,一组3号\n2,王芳,张伟,\n");
    hd_mini_read(&mini);
    cr_assert_eq(mini.mentions.n, 3);
    cr_assert_eq(mini.mentions.n_empty[0], 1);
    uint32_t address = (uint32_t)hd_field_find(mini.ruleset, HD_STR("address"));
    hd_mention mother = hd_mini_mention(&mini, "birth/1/mother");
    cr_assert_neq(hd_mention_value(&mini.mentions, mother, address), HD_NULL);
    hd_mini_close(&mini);
}
