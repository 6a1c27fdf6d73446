#include <criterion/criterion.h>

#include "base/mem.h"
#include "pipeline/mention.h"
#include "tests/unit/pipeline/io/scratch.h"

/* Two sources and five mentions, made by hand:
 *   0 birth B1 child    name 张三 (ok), birth_date 2020-01-00
 *   1 birth B1 mother   name 李四, written 李 四 (repaired: blanks)
 *   2 birth B2 child    name ？ (placeholder)
 *   3 death B1 self     name 张三
 *   4 death B2 self     nothing of interest */
static const char config[] = "site: 530303\n"
                             "sources:\n"
                             "  birth:\n"
                             "    type: birth\n"
                             "    csv: birth.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      child: {name: xm, birth_date: csrq}\n"
                             "      mother: {name: mqxm}\n"
                             "  death:\n"
                             "    type: death\n"
                             "    csv: death.csv\n"
                             "    key: [id]\n"
                             "    mentions:\n"
                             "      self: {name: xm}\n";

typedef struct fixture {
    hd_ruleset *ruleset;
    hd_extract extract;
    hd_mentions mentions;
    uint32_t name, birth_date, phone;
} fixture;

static hd_str ids[] = {{"B1", 2}, {"B2", 2}};
static uint16_t source_of[] = {0, 0, 0, 1, 1};
static uint8_t role_of_mention[] = {0, 1, 0, 0, 0};
static uint32_t record_of[] = {0, 0, 1, 0, 1};

/* Intern `written` and give it a standard form; returns its number. */
static hd_value_no add_value(fixture *f, uint32_t field, const char *written, hd_value value,
                             hd_state state, uint32_t reasons)
{
    hd_values *values = &f->extract.values;
    uint32_t pool = values->pool_of[field];
    hd_value_no no = hd_pool_intern(values->written[pool], hd_str_from(written));
    uint32_t limit = hd_pool_limit(values->written[pool]);
    bool fresh = !values->standard[pool];
    values->standard[pool] = hd_realloc(values->standard[pool], limit, sizeof(hd_standard));
    if (fresh)
        values->standard[pool][0] = (hd_standard){HD_NULL, 0, HD_STATE_missing};
    values->standard[pool][no] = (hd_standard){value, reasons, (uint8_t)state};
    return no;
}

static hd_text text_of(const fixture *f, const char *text)
{
    return hd_pool_intern(f->ruleset->texts, hd_str_from(text));
}

static void fill_columns(fixture *f)
{
    hd_mentions *m = &f->mentions;
    hd_value_no zhang = add_value(f, f->name, "张三", text_of(f, "张三"), HD_STATE_ok, 0);
    hd_value_no li = add_value(f, f->name, "李 四", text_of(f, "李四"), HD_STATE_repaired,
                               HD_REASON_BIT(blanks));
    hd_value_no mark =
        add_value(f, f->name, "？", HD_NULL, HD_STATE_placeholder, HD_REASON_BIT(placeholder));
    hd_value_no date =
        add_value(f, f->birth_date, "2020.1", 20200100, HD_STATE_ok, HD_REASON_BIT(date_partial));
    add_value(f, f->phone, "1", HD_NULL, HD_STATE_invalid, 0);
    hd_value_no *name = hd_alloc_zero(5, sizeof *name), *born = hd_alloc_zero(5, sizeof *born);
    name[0] = name[3] = zhang;
    name[1] = li;
    name[2] = mark;
    born[0] = date;
    m->column[f->name] = name;
    m->column[f->birth_date] = born;
}

static void open_fixture(fixture *f)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    scratch_make();
    hd_status status =
        hd_ruleset_load(&ctx, scratch_text("hedui.yaml", config), HEDUI_RULES_DIR, &f->ruleset);
    scratch_remove();
    cr_assert_eq(status, HD_OK, "%s", ctx.frames[0].text);
    f->name = (uint32_t)hd_field_find(f->ruleset, HD_STR("name"));
    f->birth_date = (uint32_t)hd_field_find(f->ruleset, HD_STR("birth_date"));
    f->phone = (uint32_t)hd_field_find(f->ruleset, HD_STR("phone"));
    hd_values_init(&f->extract.values, f->ruleset);
    f->extract.n_records = 2;
    f->extract.records = hd_alloc_zero(2, sizeof *f->extract.records);
    for (unsigned i = 0; i < 2; i++) {
        f->extract.records[i].n = 2;
        f->extract.records[i].record_id = ids;
    }
    f->mentions = (hd_mentions){.n = 5,
                                .source = source_of,
                                .role = role_of_mention,
                                .record = record_of,
                                .ruleset = f->ruleset,
                                .extract = &f->extract};
    fill_columns(f);
    hd_mentions_name_texts(&f->mentions);
}

static void close_fixture(fixture *f)
{
    hd_mentions_forget_texts(&f->mentions);
    cr_expect_null(f->mentions.role_text);
    hd_free(f->mentions.column[f->name]);
    hd_free(f->mentions.column[f->birth_date]);
    hd_values_release(&f->extract.values);
    hd_free(f->extract.records);
    hd_ruleset_free(f->ruleset);
}

Test(mention, one_pool_a_kind_and_one_a_code_table)
{
    hd_ruleset ruleset = {.n_fields = 6};
    ruleset.fields[0] = (hd_field){.kind = HD_KIND_name};
    ruleset.fields[1] = (hd_field){.kind = HD_KIND_code, .table = HD_STR("ethnicity")};
    ruleset.fields[2] = (hd_field){.kind = HD_KIND_name};
    ruleset.fields[3] = (hd_field){.kind = HD_KIND_code};
    ruleset.fields[4] = (hd_field){.kind = HD_KIND_code, .table = HD_STR("marital")};
    ruleset.fields[5] = (hd_field){.kind = HD_KIND_code, .table = HD_STR("ethnicity")};
    hd_values values;
    hd_values_init(&values, &ruleset);
    static const uint8_t expected[] = {0, 1, 0, 2, 3, 1}, fields[] = {0, 1, 3, 4};
    cr_expect_eq(values.n_pools, 4);
    cr_expect_arr_eq(values.pool_of, expected, sizeof expected);
    cr_expect_arr_eq(values.field_of, fields, sizeof fields);
    for (uint32_t pool = 0; pool < values.n_pools; pool++) {
        cr_expect_not_null(values.written[pool]);
        cr_expect_null(values.standard[pool]);
    }
    hd_values_release(&values);
    cr_expect_eq(values.n_pools, 0);
    hd_values_release(&values);
}

Test(mention, reject_reasons)
{
    static const char *const names[] = {"columns",   "encoding",  "quote",
                                        "key_empty", "key_twice", "too_long"};
    for (unsigned i = 0; i < HD_N_REJECT_REASONS; i++)
        cr_expect_str_eq(hd_reject_reason_name((hd_reject_reason)i), names[i]);
}

Test(mention, what_was_written_and_what_it_stands_for)
{
    fixture f = {0};
    open_fixture(&f);
    const hd_mentions *m = &f.mentions;
    cr_expect(hd_str_eq(hd_mention_written(m, 1, f.name), HD_STR("李 四")));
    cr_expect_null(hd_mention_written(m, 4, f.name).ptr);
    cr_expect_null(hd_mention_written(m, 0, f.phone).ptr);
    cr_expect_eq(hd_mention_standard(m, 1, f.name)->reasons, HD_REASON_BIT(blanks));
    cr_expect_eq(hd_mention_standard(m, 4, f.name)->state, HD_STATE_missing);
    cr_expect_eq(hd_mention_standard(m, 0, f.phone)->state, HD_STATE_missing);
    cr_expect_eq(hd_mention_value(m, 2, f.name), HD_NULL);
    cr_expect_eq(hd_mention_value(m, 0, f.birth_date), 20200100);
    cr_expect(hd_str_eq(hd_mention_record_id(m, 4), HD_STR("B2")));
    close_fixture(&f);
}

Test(mention, siblings)
{
    fixture f = {0};
    open_fixture(&f);
    static const uint32_t expected[][2] = {{0, 2}, {0, 2}, {2, 1}, {3, 1}, {4, 1}};
    for (hd_mention i = 0; i < 5; i++) {
        hd_mention first;
        uint32_t n;
        hd_mention_siblings(&f.mentions, i, &first, &n);
        cr_expect_eq(first, expected[i][0]);
        cr_expect_eq(n, expected[i][1]);
    }
    close_fixture(&f);
}

typedef struct related {
    uint32_t n;
    hd_str relation;
    hd_mention mention, other;
} related;

static void take_related(void *arg, const hd_relation_rule *rule, hd_mention mention,
                         hd_mention other)
{
    related *out = arg;
    *out = (related){out->n + 1, rule->relation, mention, other};
}

/* B1 names both; B2 has no mother, and a record of one mention says nothing. */
Test(mention, a_record_relates_those_whom_it_names_together)
{
    fixture f = {0};
    related found = {0};
    open_fixture(&f);
    hd_mentions_each_related(&f.mentions, take_related, &found);
    cr_expect_eq(found.n, 1);
    cr_expect(hd_str_eq(found.relation, HD_STR("mother")));
    cr_expect_eq(found.mention, 0);
    cr_expect_eq(found.other, 1);
    close_fixture(&f);
}

/* The value of an expression over mention `i`, or over the pair (i, j), as text. */
static void expect_over(const fixture *f, hd_mention i, hd_mention j, const char *expression,
                        const char *expected)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    hd_scope scope = i == j ? hd_scope_mention(f->ruleset) : hd_scope_pair(f->ruleset);
    const hd_expr *expr;
    hd_source_pos pos = {"test", 1, 1};
    hd_status status =
        hd_rule_compile(&ctx, &scope, pos, hd_str_from(expression), HD_TYPE_NULL, &expr);
    cr_assert_eq(status, HD_OK, "%s", ctx.frames[0].text);
    hd_mention_row row = {&f->mentions, {i, j}};
    hd_env env = {
        .texts = f->ruleset->texts, .han = f->ruleset->han, .load = hd_mention_load, .row = &row};
    hd_buf out = {0};
    hd_value_print(&out, (hd_type)expr->type, hd_expr_eval(expr, &env), f->ruleset->texts);
    cr_expect_str_eq(out.ptr ? out.ptr : "", expected, "%s of %u, %u: %s", expression, i, j,
                     out.ptr);
    hd_buf_release(&out);
    hd_env_release(&env);
}

Test(mention, expressions_over_one)
{
    fixture f = {0};
    open_fixture(&f);
    expect_over(&f, 0, 0, "name", "张三");
    expect_over(&f, 0, 0, "birth_date", "2020-01");
    expect_over(&f, 1, 1, "birth_date", "");
    expect_over(&f, 0, 0, "phone", "");
    expect_over(&f, 0, 0, "state(phone)", "missing");
    expect_over(&f, 1, 1, "state(name)", "repaired");
    expect_over(&f, 1, 1, "original(name)", "李 四");
    expect_over(&f, 4, 4, "original(name)", "");
    expect_over(&f, 1, 1, "source", "birth");
    expect_over(&f, 3, 3, "source_type", "death");
    expect_over(&f, 1, 1, "role", "mother");
    expect_over(&f, 3, 3, "role", "self");
    close_fixture(&f);
}

Test(mention, expressions_over_siblings)
{
    fixture f = {0};
    open_fixture(&f);
    expect_over(&f, 0, 0, "mother.name", "李四");
    expect_over(&f, 1, 1, "mother.name", "李四");
    expect_over(&f, 1, 1, "child.name", "张三");
    expect_over(&f, 2, 2, "mother.name", "");
    expect_over(&f, 2, 2, "state(mother.name)", "missing");
    expect_over(&f, 2, 2, "original(mother.name)", "");
    expect_over(&f, 0, 0, "original(mother.name)", "李 四");
    expect_over(&f, 3, 3, "child.name", "");
    close_fixture(&f);
}

static void expect_holds(const fixture *f, hd_mention i, const char *expression, bool expected)
{
    char text[128];
    snprintf(text, sizeof text, "%s = %s", expression, expected ? "true" : "false");
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    hd_scope scope = hd_scope_mention(f->ruleset);
    const hd_expr *expr;
    hd_status status = hd_rule_compile(&ctx, &scope, (hd_source_pos){"test", 1, 1},
                                       hd_str_from(text), HD_TYPE_BOOL, &expr);
    cr_assert_eq(status, HD_OK, "%s", ctx.frames[0].text);
    hd_mention_row row = {&f->mentions, {i, i}};
    hd_env env = {.texts = f->ruleset->texts, .load = hd_mention_load, .row = &row};
    cr_expect(hd_expr_holds(expr, &env), "%s of %u", text, i);
}

Test(mention, reasons)
{
    fixture f = {0};
    open_fixture(&f);
    expect_holds(&f, 1, "reason(name, \"blanks\")", true);
    expect_holds(&f, 1, "reason(name, \"placeholder\")", false);
    expect_holds(&f, 2, "reason(name, \"placeholder\")", true);
    expect_holds(&f, 0, "reason(mother.name, \"blanks\")", true);
    expect_holds(&f, 2, "reason(mother.name, \"blanks\")", false);
    expect_holds(&f, 4, "reason(name, \"blanks\")", false);
    expect_holds(&f, 0, "reason(phone, \"phone_form\")", false);
    close_fixture(&f);
}

Test(mention, expressions_over_two)
{
    fixture f = {0};
    open_fixture(&f);
    expect_over(&f, 0, 3, "first(a.birth_date, b.birth_date)", "2020-01");
    expect_over(&f, 3, 0, "b.birth_date", "2020-01");
    expect_over(&f, 3, 1, "concat(a.source, b.role)", "deathmother");
    close_fixture(&f);
}

Test(mention, printed)
{
    fixture f = {0};
    open_fixture(&f);
    hd_buf out = {0};
    hd_mention_print(&out, &f.mentions, 1, f.name);
    hd_buf_add_char(&out, '|');
    hd_mention_print(&out, &f.mentions, 0, f.birth_date);
    hd_buf_add_char(&out, '|');
    hd_mention_print(&out, &f.mentions, 2, f.name);
    hd_mention_print(&out, &f.mentions, 0, f.phone);
    cr_expect_str_eq(out.ptr, "李四|2020-01|");
    hd_buf_release(&out);
    close_fixture(&f);
}
