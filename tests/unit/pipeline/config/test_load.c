/* What a configuration becomes. What is refused: test_load_errors.c. */

#include "config_files.h"

#include "pipeline/config/catalogue.h"

static config_files files;

static void setup(void)
{
    files = files_open();
}

static void teardown(void)
{
    files_close(&files);
}

TestSuite(load, .init = setup, .fini = teardown);

static const char full[] =
    "site: 530303\n"
    "language: zh\n"
    "store: db/county.db\n"
    "sources:\n"
    "  household:\n"
    "    type: household\n"
    "    csv: data/household*.csv.gz\n"
    "    encoding: auto\n"
    "    key: [record_id]\n"
    "    mentions:\n"
    "      self: {name: xm, former_name: cym, sex: xb, id_number: sfzh, birth_date: csrq,\n"
    "             residence_division: xzqh, address: zz, phone: lxdh, household: hh}\n"
    "  birth:\n"
    "    type: birth\n"
    "    csv: [data/birth1.csv, data/birth2.csv]\n"
    "    encoding: gb18030\n"
    "    delimiter: \"|\"\n"
    "    key: [cert_no, xm]\n"
    "    key_is_personal: true\n"
    "    filter: zt != \"作废\"\n"
    "    record: {registered: djrq}\n"
    "    mentions:\n"
    "      mother: {name: mqxm, id_number: mqsfzh, sex: '=\"2\"'}\n"
    "      child: {name: xm, birth_date: '=concat(nian, \"-\", yue)'}\n"
    "      child2: {name: xm2, birth_date: csrq2}\n"
    "      father: {name: fqxm, id_number: fqsfzh}\n"
    "fields: {suburb: {kind: text, person: true}}\n"
    "link: {model: models/county.json, match_threshold: 9.5, cluster_alarm_size: 60}\n"
    "gates: {rejected_share: {warn: 0.001, stop: 0.02}}\n";

static void expect_str(hd_str got, const char *want)
{
    cr_expect(hd_str_eq(got, hd_str_from(want)), "%.*s, not %s", HD_ARG(got), want);
}

static const hd_source *source(const char *code)
{
    int found = hd_source_find(files.ruleset, hd_str_from(code));
    cr_assert_geq(found, 0);
    return &files.ruleset->sources[found];
}

static const hd_pass *pass(const char *code)
{
    for (uint32_t i = 0; i < files.ruleset->n_passes; i++)
        if (hd_str_eq(files.ruleset->passes[i].code, hd_str_from(code)))
            return &files.ruleset->passes[i];
    return NULL;
}

static const hd_comparison *comparison(const char *code)
{
    for (uint32_t i = 0; i < files.ruleset->n_comparisons; i++)
        if (hd_str_eq(files.ruleset->comparisons[i].code, hd_str_from(code)))
            return &files.ruleset->comparisons[i];
    return NULL;
}

static const hd_rule *rule(const char *code)
{
    for (uint32_t i = 0; i < files.ruleset->n_rules; i++)
        if (hd_str_eq(files.ruleset->rules[i].code, hd_str_from(code)))
            return &files.ruleset->rules[i];
    return NULL;
}

static const hd_survivorship *survivorship(const char *code)
{
    int field = hd_field_find(files.ruleset, hd_str_from(code));
    for (uint32_t i = 0; i < files.ruleset->n_survivorship; i++)
        if (files.ruleset->survivorship[i].field == field)
            return &files.ruleset->survivorship[i];
    return NULL;
}

Test(load, general)
{
    expect_loads(&files, full);
    const hd_ruleset *r = files.ruleset;
    expect_str(r->site, "530303");
    expect_str(r->language, "zh");
    expect_str(r->folder, files.dir);
    expect_str(r->path, files_path(&files, "hedui.yaml"));
    expect_str(r->store, "db/county.db");
    expect_str(r->runs_folder, "db/runs");
    expect_str(r->model_path, "models/county.json");
    cr_expect_eq(r->match_threshold_bits, 9.5);
    cr_expect_eq(r->review_threshold_bits, 0);
    cr_expect_eq(r->block_cap_pairs, 2000000);
    cr_expect_eq(r->pass_limit_pairs, 1000000000);
    cr_expect_eq(r->cluster_alarm_size, 60);
    cr_expect_eq(r->rejected_share.warn, 0.001);
    cr_expect_eq(r->rejected_share.stop, 0.02);
    cr_expect_not_null(r->han);
    cr_expect_not_null(r->divisions);
    cr_expect_not_null(r->catalogue);
    cr_expect_eq(strlen(r->hash), 64);
}

Test(load, what_is_left_out_has_a_default)
{
    expect_loads(&files, SOURCE);
    const hd_ruleset *r = files.ruleset;
    cr_expect_null(r->site.ptr);
    expect_str(r->language, "zh");
    cr_expect_null(r->store.ptr);
    cr_expect_null(r->store_database.conninfo.ptr);
    cr_expect_not(r->has_store);
    cr_expect_null(r->model_path.ptr);
    expect_str(r->runs_folder, "runs");
    cr_expect_eq(r->link_mode, HD_LINK_BOTH);
    cr_expect_eq(r->match_threshold_bits, 5);
    cr_expect_lt(r->rejected_share.warn, 0);
    cr_expect_lt(r->rejected_share.stop, 0);
    const hd_source *h = source("h");
    cr_expect_eq(h->encoding, HD_ENCODING_AUTO);
    cr_expect_eq(h->delimiter, ',');
    cr_expect_not(h->key_is_personal);
    cr_expect_null(h->filter);
    cr_expect_eq(h->n_record, 0);
}

Test(load, store_none_and_store_beside)
{
    expect_loads(&files, "store: none\n" SOURCE);
    cr_expect_null(files.ruleset->store.ptr);
    cr_expect_not(files.ruleset->has_store);
    expect_loads(&files, "store: county.db\n" SOURCE);
    expect_str(files.ruleset->runs_folder, "runs");
    expect_loads(&files, "store: /var/lib/hedui/county.db\n" SOURCE);
    expect_str(files.ruleset->runs_folder, "/var/lib/hedui/runs");
    cr_expect(files.ruleset->has_store);
}

static void expect_store_database(const char *store, const char *conninfo, const char *waiver)
{
    char yaml[512];
    snprintf(yaml, sizeof yaml, "store: %s\n" SOURCE, store);
    expect_loads(&files, yaml);
    const hd_ruleset *r = files.ruleset;
    cr_expect(r->has_store);
    cr_expect_null(r->store.ptr);
    expect_str(r->runs_folder, "runs");
    cr_expect_str_eq(r->store_database.conninfo.ptr, conninfo);
    if (waiver)
        cr_expect_str_eq(r->store_database.tls_waiver.ptr, waiver);
    else
        cr_expect_null(r->store_database.tls_waiver.ptr);
}

Test(load, store_in_postgresql)
{
    expect_store_database("postgresql:service=county", "service=county", NULL);
    expect_store_database("\"postgresql: service=county\"", "service=county", NULL);
    expect_store_database("'postgresql:host=/run/postgresql dbname=a/b'",
                          "host=/run/postgresql dbname=a/b", NULL);
    expect_store_database("postgresql://h:5433/county", "postgresql://h:5433/county", NULL);
    expect_store_database("postgres:///county", "postgres:///county", NULL);
    expect_store_database("{postgresql: service=county}", "service=county", NULL);
    expect_store_database("{postgresql: host=h, tls_waiver: own cable}", "host=h", "own cable");
}

static const hd_source *load_in_postgresql(const char *settings)
{
    char yaml[512];
    snprintf(yaml, sizeof yaml,
             "sources:\n  h:\n    type: household\n    key: [id]\n    postgresql: service=p\n"
             "    %s\n" SOURCE_MENTIONS,
             settings);
    expect_loads(&files, yaml);
    return source("h");
}

Test(load, source_in_postgresql)
{
    const hd_source *h = load_in_postgresql("table: hu.ren\n    tls_waiver: own cable");
    cr_expect_str_eq(h->database.conninfo.ptr, "service=p");
    cr_expect_str_eq(h->database.tls_waiver.ptr, "own cable");
    cr_expect_eq(h->database.pos.line, 5);
    cr_expect_eq(h->encoding, HD_ENCODING_AUTO);
    cr_expect_eq(h->n_csv, 0);
    cr_expect_null(h->query.ptr);
    h = load_in_postgresql("query: select * from t;\n    encoding: gb18030");
    cr_expect_null(h->database.tls_waiver.ptr);
    cr_expect_eq(h->encoding, HD_ENCODING_GB18030);
    cr_expect_null(h->table.ptr);
    expect_str(h->query, "select * from t");
    expect_str(h->place, "query");
    h = load_in_postgresql("query: |\n      select 1 -- ;\n      where x = ';' ;\n       ;");
    expect_str(h->query, "select 1 -- ;\nwhere x = ';'");
}

static void expect_table(const char *written, const char *schema, const char *table)
{
    char settings[256];
    snprintf(settings, sizeof settings, "table: '%s'", written);
    const hd_source *h = load_in_postgresql(settings);
    expect_str(h->place, written);
    expect_str(h->table, table);
    if (schema)
        expect_str(h->schema, schema);
    else
        cr_expect_null(h->schema.ptr);
}

Test(load, table_names)
{
    expect_table("t", NULL, "t");
    expect_table("Hu.Ren", "Hu", "Ren");
    expect_table("人口.户籍", "人口", "户籍");
    expect_table("\"a.b\".c", "a.b", "c");
    expect_table("a.\"b\"\".\"\"c\"", "a", "b\".\"c");
    expect_table("\"\"\"\"", NULL, "\"");
    expect_table("a b; drop table t --", NULL, "a b; drop table t --");
}

Test(load, timeouts)
{
    expect_loads(&files, SOURCE);
    const hd_waits *w = &files.ruleset->waits;
    cr_expect(w->connect == 10 && w->retry == 30 && w->lock == 60);
    cr_expect(w->statement == 3600 && w->idle == 3600);
    expect_loads(&files, "timeouts: {retry: 0, lock: 5, idle: 86400}\n" SOURCE);
    w = &files.ruleset->waits;
    cr_expect(w->connect == 10 && w->retry == 0 && w->lock == 5);
    cr_expect(w->statement == 3600 && w->idle == 86400);
}

Test(load, paths_are_below_the_folder)
{
    hd_arena arena = {0};
    char expected[128];
    expect_loads(&files, SOURCE);
    snprintf(expected, sizeof expected, "%s/a.db", files.dir);
    expect_str(hd_ruleset_path(&arena, files.ruleset, HD_STR("a.db")), expected);
    expect_str(hd_ruleset_path(&arena, files.ruleset, HD_STR("/a.db")), "/a.db");
    hd_arena_release(&arena);
}

Test(load, folder_of_a_bare_name_is_the_working_folder)
{
    files_write(&files, "hedui.yaml", SOURCE);
    cr_assert_eq(chdir(files.dir), 0);
    cr_assert_eq(hd_ruleset_load(&files.ctx, "hedui.yaml", NULL, &files.ruleset), HD_OK);
    expect_str(files.ruleset->folder, ".");
    expect_str(files.ruleset->path, "hedui.yaml");
    hd_ruleset_free(files.ruleset);
    files.ruleset = NULL;
    files_pack(&files); /* a rules folder of a bare name */
    files_write(&files, "packed/checks.yaml", "x: 1\n");
    cr_assert_eq(hd_ruleset_load(&files.ctx, "hedui.yaml", "packed", &files.ruleset), HD_CONFIG);
    cr_expect_str_eq(files.ctx.frames[0].text, "packed/checks.yaml:1:1: unknown key \"x\"");
    hd_ctx_clear(&files.ctx);
    cr_assert_eq(hd_ruleset_load(&files.ctx, "/hedui-not-there.yaml", NULL, &files.ruleset),
                 HD_CONFIG);
    cr_expect_str_eq(files.ctx.frames[0].text, "/hedui-not-there.yaml: there is no such file");
    cr_assert_eq(chdir("/"), 0);
}

Test(load, fields)
{
    expect_loads(&files, full);
    const hd_ruleset *r = files.ruleset;
    int suburb = hd_field_find(r, HD_STR("suburb"));
    cr_assert_eq(suburb, (int)r->n_fields - 1); /* after the packaged ones */
    cr_expect_eq(r->fields[suburb].kind, HD_KIND_text);
    cr_expect(r->fields[suburb].person);
    expect_str(r->fields[suburb].column, "suburb");
    const hd_field *ethnicity = &r->fields[hd_field_find(r, HD_STR("ethnicity"))];
    cr_expect_eq(ethnicity->kind, HD_KIND_code);
    expect_str(ethnicity->table, "ethnicity");
    const hd_field *division = &r->fields[hd_field_find(r, HD_STR("registered_division"))];
    expect_str(division->column, "registered_division_code");
    cr_expect_null(division->table.ptr);
    cr_expect_eq(hd_field_find(r, HD_STR("nothing")), -1);
    cr_expect_eq(hd_source_find(r, HD_STR("nothing")), -1);
}

Test(load, sources_and_their_columns)
{
    expect_loads(&files, full);
    cr_assert_eq(files.ruleset->n_sources, 2);
    expect_str(files.ruleset->sources[0].code, "birth"); /* by code */
    const hd_source *birth = source("birth");
    expect_str(birth->type, "birth");
    cr_assert_eq(birth->n_csv, 2);
    expect_str(birth->csv[1], "data/birth2.csv");
    cr_expect_eq(birth->encoding, HD_ENCODING_GB18030);
    cr_expect_eq(birth->delimiter, '|');
    cr_expect(birth->key_is_personal);
    /* each once, in the order of first use: key, filter, record, mentions */
    static const char *const columns[] = {"cert_no", "xm",  "zt",  "djrq",  "mqxm", "mqsfzh",
                                          "nian",    "yue", "xm2", "csrq2", "fqxm", "fqsfzh"};
    cr_assert_eq(birth->n_columns, sizeof columns / sizeof *columns);
    for (uint32_t i = 0; i < birth->n_columns; i++)
        expect_str(birth->columns[i], columns[i]);
    cr_assert_eq(birth->n_key, 2);
    cr_expect_eq(birth->key[0], 0);
    cr_expect_eq(birth->key[1], 1);
    cr_assert_not_null(birth->filter);
    cr_expect_eq(birth->filter->type, HD_TYPE_BOOL);
    cr_expect_eq(birth->pos.line, 13);
}

Test(load, mentions_are_columns_or_expressions)
{
    expect_loads(&files, full);
    const hd_source *birth = source("birth");
    cr_assert_eq(birth->n_roles, 4);
    static const char *const roles[] = {"child", "child2", "father", "mother"};
    for (uint32_t i = 0; i < 4; i++) {
        expect_str(birth->roles[i].code, roles[i]);
        expect_str(files.ruleset->role_names[birth->roles[i].number], roles[i]);
    }
    const hd_role *child = &birth->roles[0];
    cr_assert_eq(child->n_inputs, 2);
    cr_expect_eq(child->inputs[0].column, 1);
    cr_expect_null(child->inputs[0].expr);
    cr_expect_eq(child->inputs[1].column, -1);
    cr_assert_not_null(child->inputs[1].expr);
    cr_expect_eq(child->inputs[1].expr->type, HD_TYPE_TEXT);
    cr_expect_eq(child->inputs[1].expr->args[0]->ref.index, 6);
    cr_expect_eq(child->inputs[1].pos.line, 24);
    cr_assert_eq(birth->n_record, 1);
    cr_expect_eq(birth->record[0].field, hd_field_find(files.ruleset, HD_STR("registered")));
    const hd_input *sex = &birth->roles[3].inputs[2];
    cr_expect_eq(sex->expr->op, HD_OP_LITERAL);
    expect_str(hd_pool_get(files.ruleset->texts, (hd_text)sex->expr->literal), "2");
}

Test(load, codes_of_a_source_go_around_its_columns)
{
    expect_loads(&files, SOURCE_HEAD
                 "    mentions:\n      self: {name: xm, sex: xb, ethnicity: '=lower(mz)'}\n"
                 "    codes: {sex: {0: 男, 1: 女}, ethnicity: {'a\"b\\c': 汉族}}\n");
    const hd_source *h = source("h");
    const hd_role *self = &h->roles[0];
    cr_assert_eq(self->n_inputs, 3);
    cr_expect_eq(self->inputs[0].column, 1);
    for (uint32_t i = 1; i < 3; i++) {
        cr_assert_eq(self->inputs[i].column, -1);
        cr_assert_eq(self->inputs[i].expr->op, HD_OP_CALL);
        cr_expect_eq(self->inputs[i].expr->n_args, i == 1 ? 5 : 3);
    }
    expect_str(hd_pool_get(files.ruleset->texts, (hd_text)self->inputs[2].expr->args[1]->literal),
               "a\"b\\c");
    cr_expect_eq(h->n_columns, 4);
}

/* A household has the fills and relations of a person, and what roles its source likes. */
Test(load, a_type_may_be_as_another_with_roles_of_its_source)
{
    expect_loads(
        &files, SOURCE_HEAD
        "    mentions:\n      self: {name: xm}\n      spouse: {name: po, id_number: posf}\n"
        "      grandmother: {name: zm}\n");
    const hd_source *h = source("h");
    cr_assert_eq(h->n_roles, 3);
    cr_assert_eq(h->n_fills, 3, "two names and the spouse's number");
    cr_assert_eq(h->n_relations, 1);
    expect_str(h->roles[h->relations[0].role].code, "self");
    expect_str(h->roles[h->relations[0].other_role].code, "spouse");
}

Test(load, role_names_are_those_of_the_types_and_sources)
{
    expect_loads(&files, full);
    static const char *const roles[] = {"child",  "child2",   "child3",  "child4",
                                        "father", "guardian", "husband", "mother",
                                        "self",   "spouse",   "wife"};
    cr_assert_eq(files.ruleset->n_role_names, sizeof roles / sizeof *roles);
    for (uint32_t i = 0; i < files.ruleset->n_role_names; i++)
        expect_str(files.ruleset->role_names[i], roles[i]);
}

/* Written as role.field<role.field, in the order of the roles. */
static void expect_fill(const hd_source *s, uint32_t i, const char *want)
{
    const hd_field *fields = files.ruleset->fields;
    char got[128];
    cr_assert_lt(i, s->n_fills);
    const hd_fill *f = &s->fills[i];
    snprintf(got, sizeof got, "%.*s.%.*s<%.*s.%.*s", HD_ARG(s->roles[f->role].code),
             HD_ARG(fields[f->field].code), HD_ARG(s->roles[f->from_role].code),
             HD_ARG(fields[f->from_field].code));
    cr_expect_str_eq(got, want);
}

Test(load, fills_come_from_the_type_between_roles_that_are_there)
{
    expect_loads(&files, full);
    const hd_source *birth = source("birth");
    cr_assert_eq(birth->n_fills, 12);
    expect_fill(birth, 0, "child.mother_name<mother.name");
    expect_fill(birth, 1, "child.mother_id_number<mother.id_number");
    expect_fill(birth, 4, "child2.mother_name<mother.name"); /* like child */
    expect_fill(birth, 8, "father.spouse_name<mother.name");
    expect_fill(birth, 10, "mother.spouse_name<father.name");
    cr_expect_eq(source("household")->n_fills, 0);
}

Test(load, fills_from_fields_that_are_not_mapped_are_left_out)
{
    expect_loads(&files, "sources:\n  m:\n    type: marriage\n    csv: m.csv\n    key: id\n"
                         "    mentions: {husband: {name: a}, wife: {name: b, id_number: c}}\n");
    const hd_source *m = source("m");
    cr_assert_eq(m->n_fills, 3);
    expect_fill(m, 0, "husband.spouse_name<wife.name");
    expect_fill(m, 1, "husband.spouse_id_number<wife.id_number");
    expect_fill(m, 2, "wife.spouse_name<husband.name");
}

Test(load, relations_come_from_the_type)
{
    expect_loads(&files, full);
    const hd_source *birth = source("birth");
    cr_assert_eq(birth->n_relations, 4);
    for (uint32_t i = 0; i < 4; i++) {
        const hd_relation_rule *r = &birth->relations[i];
        cr_expect_eq(r->role, i % 2); /* child, child2 */
        expect_str(r->relation, i < 2 ? "mother" : "father");
        expect_str(birth->roles[r->other_role].code, i < 2 ? "mother" : "father");
        cr_expect_eq(r->start_field, -1);
        cr_expect_eq(r->end_field, -1);
    }
    expect_loads(&files, "sources:\n  m:\n    type: marriage\n    csv: m.csv\n    key: id\n"
                         "    mentions: {husband: {name: a}, wife: {name: b}}\n");
    const hd_source *m = source("m");
    cr_assert_eq(m->n_relations, 1);
    expect_str(m->relations[0].relation, "spouse");
    cr_expect_eq(m->relations[0].start_field, hd_field_find(files.ruleset, HD_STR("event_date")));
}

Test(load, derived_names_stand_for_their_expressions)
{
    expect_loads(&files, full);
    const hd_ruleset *r = files.ruleset;
    int birth = hd_field_find(r, HD_STR("birth_date"));
    const hd_expr *key = pass("name_birth")->keys[1];
    cr_assert_eq(key->op, HD_OP_CALL);
    cr_assert_eq(key->n_args, 3);
    cr_expect_eq(key->type, HD_TYPE_DATE);
    cr_expect_eq(key->args[0]->ref.index, birth);
    /* a.birth = b.birth: the same shape on each side */
    const hd_expr *same = comparison("birth")->levels[0].when;
    cr_assert_eq(same->op, HD_OP_EQ);
    cr_expect_eq(same->sides, 3);
    cr_expect_eq(same->args[0]->sides, 1);
    cr_expect_eq(same->args[1]->sides, 2);
    cr_expect_eq(same->args[0]->args[0]->ref.side, 0);
    cr_expect_eq(same->args[1]->args[0]->ref.side, 1);
    cr_expect_eq(same->args[1]->args[0]->sides, 2);
    cr_expect(hd_expr_same_shape(same->args[0], same->args[1]));
    cr_expect(hd_expr_same_shape(same->args[0], key));
}

Test(load, derived_names_of_a_pair)
{
    files_write(&files, "rules/linkage.yaml",
                "derived_pair:\n"
                "  one_day: a.birth = b.birth\n"
                "  one_kind: one_day and a.gender = b.gender\n"
                "conflicts: [{code: kind, when: not one_kind}]\n");
    expect_loads(&files, full);
    const hd_ruleset *r = files.ruleset;
    const hd_expr *when = r->conflicts[r->n_conflicts - 1].when;
    const hd_derived *one_day = &r->derived_pair[r->n_derived_pair - 2];
    cr_assert_eq(when->op, HD_OP_NOT);
    cr_expect_eq(when->args[0], one_day[1].expr);
    cr_assert_eq(when->args[0]->op, HD_OP_AND);
    cr_expect_eq(when->args[0]->args[0], one_day[0].expr);
    cr_expect_eq(one_day->expr->sides, 3);
}

Test(load, scope_of_a_mention)
{
    expect_loads(&files, full);
    hd_scope scope = hd_scope_mention(files.ruleset);
    hd_ref ref;
    hd_type type;
    cr_assert(scope.resolve(scope.arg, HD_STR_NULL, HD_STR("birth_date"), &ref, &type));
    cr_expect_eq(type, HD_TYPE_DATE);
    cr_expect_eq(ref.role, -1);
    cr_assert(scope.resolve(scope.arg, HD_STR("mother"), HD_STR("name"), &ref, &type));
    expect_str(files.ruleset->role_names[ref.role], "mother");
    cr_assert(scope.resolve(scope.arg, HD_STR_NULL, HD_STR("source_type"), &ref, &type));
    cr_expect_eq(ref.what, HD_REF_BUILTIN);
    cr_expect_eq(ref.index, HD_BUILTIN_SOURCE_TYPE);
    cr_expect_not(scope.resolve(scope.arg, HD_STR("a"), HD_STR("name"), &ref, &type));
    cr_expect_not(scope.resolve(scope.arg, HD_STR("mother"), HD_STR("source"), &ref, &type));
    cr_expect_not(scope.resolve(scope.arg, HD_STR_NULL, HD_STR("nothing"), &ref, &type));
    const hd_expr *birth = scope.derive(scope.arg, HD_STR("mother"), HD_STR("birth"));
    cr_assert_not_null(birth);
    expect_str(files.ruleset->role_names[birth->args[0]->ref.role], "mother");
    cr_expect_null(scope.derive(scope.arg, HD_STR("nobody"), HD_STR("birth")));
    cr_expect_null(scope.derive(scope.arg, HD_STR_NULL, HD_STR("name")));
}

Test(load, scope_of_a_pair)
{
    expect_loads(&files, full);
    hd_scope scope = hd_scope_pair(files.ruleset);
    hd_ref ref;
    hd_type type;
    cr_assert(scope.resolve(scope.arg, HD_STR("b"), HD_STR("name"), &ref, &type));
    cr_expect_eq(ref.side, 1);
    cr_assert(scope.resolve(scope.arg, HD_STR("a"), HD_STR("role"), &ref, &type));
    cr_expect_eq(ref.side, 0);
    cr_expect_eq(ref.index, HD_BUILTIN_ROLE);
    cr_expect_not(scope.resolve(scope.arg, HD_STR_NULL, HD_STR("name"), &ref, &type));
    cr_expect_not(scope.resolve(scope.arg, HD_STR("c"), HD_STR("name"), &ref, &type));
    cr_expect_not(scope.resolve(scope.arg, HD_STR("mother"), HD_STR("name"), &ref, &type));
    cr_expect_null(scope.derive(scope.arg, HD_STR_NULL, HD_STR("birth")));
}

/* Every name of the list is valid, and there is one for each. */
static uint32_t list_all(hd_scope scope)
{
    uint32_t n = 0;
    for (;; n++) {
        hd_str name = scope.list(scope.arg, n), qualifier = HD_STR_NULL;
        hd_ref ref;
        hd_type type;
        if (!name.ptr)
            return n;
        const char *dot = memchr(name.ptr, '.', name.len_bytes);
        if (dot) {
            qualifier = (hd_str){name.ptr, (uint32_t)(dot - name.ptr)};
            name = (hd_str){dot + 1, name.len_bytes - qualifier.len_bytes - 1};
        }
        cr_expect(scope.derive(scope.arg, qualifier, name) ||
                      scope.resolve(scope.arg, qualifier, name, &ref, &type),
                  "%.*s", HD_ARG(name));
    }
}

Test(load, scopes_list_all_names)
{
    expect_loads(&files, full);
    /* and of the mention itself: source, source_type, role, birth_order */
    uint32_t values = files.ruleset->n_fields + files.ruleset->n_derived;
    cr_expect_eq(list_all(hd_scope_mention(files.ruleset)),
                 values + 4 + values * files.ruleset->n_role_names);
    cr_expect_eq(list_all(hd_scope_pair(files.ruleset)),
                 2 * (values + 4) + files.ruleset->n_derived_pair);
}

Test(load, passes_and_comparisons_of_unmapped_fields_are_left_out)
{
    expect_loads(&files, SOURCE); /* name, birth_date */
    cr_expect_eq(files.ruleset->n_passes, 1);
    cr_expect_not_null(pass("name_birth"));
    cr_expect_eq(files.ruleset->n_comparisons, 2);
    cr_expect_not_null(comparison("name"));
    cr_expect_not_null(comparison("birth"));
    /* birth and gender are known from the number too */
    expect_loads(&files, SOURCE_HEAD "    mentions:\n      self: {name: xm, id_number: sfzh}\n");
    cr_expect_not_null(pass("id_number"));
    cr_expect_not_null(pass("name_birth"));
    cr_expect_not_null(pass("given_place"));
    cr_expect_null(pass("name_household"));
    cr_expect_not_null(comparison("sex"));
    cr_expect_null(comparison("place"));
}

Test(load, filled_fields_count_as_mapped)
{
    expect_loads(&files, "sources:\n  m:\n    type: marriage\n    csv: m.csv\n    key: id\n"
                         "    mentions: {husband: {name: a}, wife: {name: b}}\n");
    cr_expect_not_null(pass("name_spouse"));
    cr_expect_not_null(comparison("spouse"));
}

Test(load, reachable_by_operators)
{
    files_write(&files, "rules/linkage.yaml",
                "derived:\n"
                "  never: phone\n"
                "passes:\n"
                "  - {code: p1, keys: [known(phone)]}\n"
                "  - {code: p2, keys: [\"join(phone, name)\"]}\n"
                "  - {code: p3, keys: [\"concat(phone, name)\"]}\n"
                "  - {code: p4, keys: [phone = \"1\" and name = \"x\"]}\n"
                "  - {code: p5, keys: [\"phone in (name, \\\"x\\\")\"]}\n"
                "  - {code: p6, keys: [not (never = name)]}\n"
                "  - {code: p7, keys: [state(phone)]}\n"
                "  - {code: p8, keys: [original(phone)]}\n"
                "  - {code: p9, keys: [source, \"name in (phone, \\\"x\\\")\"]}\n"
                "  - {code: p10, keys: [\"\\\"x\\\"\"]}\n");
    expect_loads(&files, SOURCE);
    cr_expect_not_null(pass("p1"));
    cr_expect_not_null(pass("p2"));
    cr_expect_null(pass("p3"));
    cr_expect_not_null(pass("p4"));
    cr_expect_null(pass("p5"));
    cr_expect_null(pass("p6"));
    cr_expect_not_null(pass("p7"));
    cr_expect_null(pass("p8"));
    cr_expect_not_null(pass("p9"));
    cr_expect_not_null(pass("p10"));
}

Test(load, comparisons_and_levels)
{
    expect_loads(&files, full);
    const hd_comparison *name = comparison("name");
    cr_assert_not_null(name);
    cr_expect_eq(name->n_needs, 1);
    cr_assert_eq(name->n_levels, 11);
    expect_str(name->levels[0].code, "same");
    cr_expect_eq(name->levels[0].when->sides, 3);
    cr_expect_null(name->levels[10].when);
    cr_assert_not_null(name->levels[0].frequency);
    cr_expect_null(name->levels[0].frequency_table.ptr);
    cr_expect_null(comparison("birth")->levels[0].frequency);
    cr_expect_eq(pass("name_birth")->n_keys, 2);
    cr_expect_eq(pass("name_birth")->n_narrow, 1);
    cr_assert_gt(files.ruleset->n_conflicts, 0);
    cr_expect_eq(files.ruleset->conflicts[0].when->sides, 3);
}

Test(load, survivorship_of_every_field_of_the_person)
{
    expect_loads(&files, full);
    uint32_t n = 0;
    for (uint32_t i = 0; i < files.ruleset->n_fields; i++)
        n += files.ruleset->fields[i].person;
    cr_expect_eq(files.ruleset->n_survivorship, n);
    const hd_survivorship *address = survivorship("address");
    cr_assert_eq(address->n_prefer, 4);
    cr_expect_eq(address->prefer[0], HD_PREFER_STATE);
    cr_expect_eq(address->prefer[3], HD_PREFER_LONGEST);
    expect_str(address->source_types[0], "household");
    cr_expect_eq(address->n_source_types, 9);
    const hd_survivorship *usual = survivorship("suburb");
    cr_assert_eq(usual->n_prefer, 4);
    cr_expect_eq(usual->prefer[1], HD_PREFER_SOURCE);
    const hd_survivorship *death = survivorship("death_date");
    cr_expect_eq(death->n_prefer, 2);
    cr_assert_eq(death->n_source_types, 3);
    expect_str(death->source_types[0], "death");
    cr_expect_null(survivorship("relation"));
}

Test(load, rules_and_examples)
{
    expect_loads(&files, full);
    const hd_rule *shared = rule("id.shared");
    cr_assert_not_null(shared);
    expect_str(shared->kind, "unique");
    cr_expect_eq(shared->check, HD_CHECK_SHARED);
    cr_expect_eq(shared->severity, HD_SEVERITY_ERROR);
    cr_expect_eq(shared->field, hd_field_find(files.ruleset, HD_STR("id_number")));
    cr_expect_not_null(shared->when);
    cr_expect_not_null(shared->value);
    cr_expect_null(shared->unless);
    cr_assert_eq(shared->n_examples, 2);
    const hd_example *found = &shared->examples[0];
    cr_expect(found->expect);
    cr_expect_not(shared->examples[1].expect);
    cr_assert_eq(found->n_mentions, 2);
    cr_expect_eq(found->mentions[1].person, 2);
    expect_str(found->mentions[1].type, "resident");
    expect_str(found->mentions[1].role, "self");
    cr_assert_eq(found->mentions[1].n_values, 2);
    expect_str(found->mentions[1].values[0], "李娜");
    const hd_rule *cover = rule("cover.birth_household");
    cr_expect_eq(cover->check, HD_CHECK_LACKS);
    cr_expect_eq(cover->field, -1);
    cr_expect_not_null(cover->unless);
    expect_str(cover->examples[0].mentions[0].role, "child");
    cr_expect_eq(cover->examples[0].mentions[0].person, 1);
    cr_expect_str_eq(cover->pos.file, "rules/checks.yaml");
}

static const char *table_to(const char *table, const char *from)
{
    static char to[64];
    const hd_code_table *t = hd_code_table_find(files.ruleset, hd_str_from(table));
    cr_assert_not_null(t);
    for (uint32_t i = 0; i < t->n; i++) {
        if (i)
            cr_assert_lt(hd_str_cmp(t->from[i - 1], t->from[i]), 0);
        if (hd_str_eq(t->from[i], hd_str_from(from)))
            snprintf(to, sizeof to, "%.*s", HD_ARG(t->to[i]));
    }
    return to;
}

Test(load, code_tables_with_the_countys_own_spellings)
{
    files_write(&files, "rules/tables/codes/marital.tsv",
                "# own\n\n10\t光棍\r\n20\t未婚\n77 \t 同居 \n77\t同居");
    files_write(&files, "rules/tables/codes/empty.tsv", "# nothing\n");
    files_write(&files, "rules/tables/codes/.hidden.tsv", "nonsense\n");
    files_write(&files, "rules/tables/codes/.tsv", "nonsense\n");
    files_write(&files, "rules/tables/codes/suburb.tsv", "A\t甲\nB\tA\n");
    files_write(&files, "rules/tables/codes/notes.txt", "not a table\n");
    expect_loads(&files, "fields: {suburb: {kind: code, table: suburb}}\n" SOURCE);
    cr_expect_str_eq(table_to("marital", "离婚"), "40");
    cr_expect_str_eq(table_to("marital", "光棍"), "10");
    cr_expect_str_eq(table_to("marital", "未婚"), "20"); /* own over packaged */
    cr_expect_str_eq(table_to("marital", "77"), "77");   /* a code spells itself */
    cr_expect_str_eq(table_to("suburb", "甲"), "A");
    cr_expect_str_eq(table_to("suburb", "A"), "B"); /* unless a line says otherwise */
    cr_expect_eq(hd_code_table_find(files.ruleset, HD_STR("empty"))->n, 0);
    cr_expect_null(hd_code_table_find(files.ruleset, HD_STR(".hidden")));
    cr_expect_null(hd_code_table_find(files.ruleset, HD_STR("notes")));
    cr_expect_null(hd_code_table_find(files.ruleset, HD_STR("nothing")));
}

Test(load, own_rules_replace_append_and_turn_off)
{
    files_write(&files, "rules/linkage.yaml",
                "derived: {usable_id: {off: true}, strong_id: id_number, gender: sex}\n"
                "passes:\n"
                "  - {code: id_number, keys: [strong_id]}\n"
                "  - {code: birth_place, off: true}\n"
                "  - {code: only_name, keys: [name], off: false}\n"
                "comparisons:\n"
                "  - {code: id_number, off: true}\n"
                "conflicts:\n"
                "  - {code: id_number, off: true}\n"
                "  - {code: sex, when: a.gender != b.gender}\n"
                "  - {code: birth, off: true}\n"
                "  - {code: two_names, off: true}\n"
                "  - {code: name_and_birth, off: true}\n"
                "  - {code: nothing_own, off: true}\n"
                "  - {code: kin, off: true}\n"
                "  - {code: unnamed, off: true}\n"
                "link: {match_threshold: 5, review_threshold: 1}\n");
    files_write(&files, "rules/fields.yaml", "fields: {phone: {kind: text}, nick: {kind: name}}\n");
    files_write(&files, "rules/checks.yaml", "rules:\n  - {code: id.two, off: true}\n");
    files_write(&files, "rules/reconcile.yaml",
                "default: [state, recent]\nsurvivorship:\n  - {field: name, prefer: [recent]}\n"
                "  - {field: phone, off: true}\n");
    files_write(&files, "rules/types.yaml", "types: {clinic: {}}\n");
    files_write(&files, "hedui.yaml",
                "link: {match_threshold: 6}\n" SOURCE_HEAD
                "    mentions:\n      self: {name: xm, id_number: sfzh}\n"
                "  c:\n    type: clinic\n    csv: c.csv\n    key: k\n"
                "    mentions: {patient: {nick: n, phone: p}}\n");
    cr_assert_eq(files_load(&files, NULL), HD_OK, "%s", files_error(&files));
    const hd_ruleset *r = files.ruleset;
    cr_assert_not_null(pass("id_number"));
    cr_expect_eq(pass("id_number")->n_narrow, 0);
    cr_expect_eq(pass("id_number"), &r->passes[0]); /* in its old place */
    cr_expect_null(pass("birth_place"));
    cr_expect_eq(pass("only_name"), &r->passes[r->n_passes - 1]);
    cr_expect_null(comparison("id_number"));
    cr_assert_eq(r->n_conflicts, 1);
    expect_str(r->conflicts[0].code, "sex");
    cr_expect_eq(r->match_threshold_bits, 6); /* hedui.yaml, over own, over packaged */
    cr_expect_eq(r->review_threshold_bits, 1);
    cr_expect_eq(r->fields[hd_field_find(r, HD_STR("phone"))].kind, HD_KIND_text);
    cr_expect_geq(hd_field_find(r, HD_STR("nick")), 0);
    cr_expect_null(rule("id.two"));
    cr_expect_eq(survivorship("name")->n_prefer, 1);
    cr_expect_eq(survivorship("sex")->n_prefer, 2);
    cr_expect_null(survivorship("phone")); /* the own field is not of the person */
}

Test(load, relations_and_what_asks_for_them)
{
    files_write(
        &files, "rules/linkage.yaml",
        "relations:\n"
        "  - {code: mother_number, off: true}\n"
        "  - {code: by_phone, relation: child, of: [phone], when: known(name), is: [phone]}\n"
        "link: {rounds: 5}\n");
    expect_loads(&files,
                 SOURCE_HEAD "    mentions:\n      self: {name: xm, phone: p, birth_date: b}\n");
    const hd_ruleset *r = files.ruleset;
    cr_assert_eq(r->n_lookups, 1, "the others need fields that no source has");
    expect_str(r->lookups[0].code, "by_phone");
    cr_expect_eq(r->lookups[0].relation, HD_RELATION_child);
    cr_expect_eq(r->rounds, 5);
    cr_expect_null(pass("birth_mother_person"), "nothing says who a mother is");
    cr_expect_null(comparison("mother_person"));
}

Test(load, where_nothing_says_relations_there_is_one_round)
{
    expect_loads(&files, SOURCE_HEAD "    mentions:\n      self: {name: xm, birth_date: b}\n");
    cr_expect_eq(files.ruleset->rounds, 1);
    expect_loads(&files, full);
    cr_expect_eq(files.ruleset->rounds, 2);
    cr_expect(comparison("mother_person")->asks_persons);
    cr_expect(!comparison("mother")->asks_persons);
    cr_expect(comparison("mother")->levels[0].family);
}

Test(load, roles_without_duplicates)
{
    expect_loads(&files, full);
    const hd_source *birth = source("birth");
    for (uint32_t i = 0; i < birth->n_roles; i++) /* as the type says */
        cr_expect_eq(birth->roles[i].duplicate_free,
                     hd_str_starts(birth->roles[i].code, HD_STR("child")));
    expect_loads(&files, SOURCE "    duplicate_free: true\n");
    cr_expect(source("h")->roles[0].duplicate_free);
    expect_loads(&files, SOURCE "    duplicate_free: [self]\n");
    cr_expect(source("h")->roles[0].duplicate_free);
}

Test(load, own_types_can_be_turned_off)
{
    files_pack(&files);
    files_write(&files, "rules/types.yaml", "types: {death: {off: true}}\n");
    files_write(&files, "packed/reconcile.yaml", "source_order: [household, death]\n");
    files_write(&files, "hedui.yaml", SOURCE);
    cr_assert_eq(files_load(&files, files_path(&files, "packed")), HD_CONFIG);
    cr_expect_str_eq(files_error(&files),
                     "packed/reconcile.yaml:1:27: unknown type of source \"death\"");
}

Test(load, hash_is_of_the_contents_only)
{
    char first[65];
    expect_loads(&files, SOURCE);
    memcpy(first, files.ruleset->hash, sizeof first);
    expect_loads(&files, SOURCE);
    cr_expect_str_eq(files.ruleset->hash, first);
    expect_loads(&files, SOURCE "# a comment\n");
    cr_expect_str_neq(files.ruleset->hash, first);
    files_write(&files, "rules/tables/codes/kinship.tsv", "# nothing\n");
    expect_loads(&files, SOURCE);
    cr_expect_str_neq(files.ruleset->hash, first);
    /* another folder, a packaged folder of another name: the same */
    config_files other = files_open();
    files_pack(&other);
    files_write(&other, "hedui.yaml", SOURCE);
    cr_assert_eq(files_load(&other, files_path(&other, "packed/")), HD_OK);
    cr_expect_str_eq(other.ruleset->hash, first);
    files_close(&other);
}

Test(load, rules_folder_from_the_environment)
{
    files_pack(&files);
    files_write(&files, "packed/text.en.yaml", "a: from the packed folder\n");
    setenv("HEDUI_RULES", files_path(&files, "packed"), 1);
    expect_loads(&files, SOURCE);
    expect_str(hd_text_of(files.ruleset->catalogue, "a"), "from the packed folder");
    setenv("HEDUI_RULES", "", 1); /* set to nothing is not set */
    expect_loads(&files, SOURCE);
    expect_str(hd_text_of(files.ruleset->catalogue, "a"), "a");
    unsetenv("HEDUI_RULES");
}

Test(load, hedui_yaml_beside_the_packaged_rules)
{
    char first[65];
    files_write(&files, "hedui.yaml", SOURCE);
    cr_assert_eq(files_load(&files, NULL), HD_OK);
    memcpy(first, files.ruleset->hash, sizeof first);
    cr_assert_eq(symlink(HEDUI_RULES_DIR, files_path(&files, "rules")), 0);
    cr_assert_eq(files_load(&files, NULL), HD_OK, "%s", files_error(&files));
    cr_expect_str_eq(files.ruleset->hash, first); /* not read twice */
}

Test(load, packaged_rules_may_say_little)
{
    files_pack(&files);
    files_write(&files, "packed/linkage.yaml", "# nothing\n");
    files_write(&files, "packed/reconcile.yaml", "");
    files_write(&files, "packed/checks.yaml", "");
    files_write(&files, "packed/deny.yaml", "");
    files_write(&files, "packed/text.en.yaml", "");
    files_write(&files, "hedui.yaml",
                "language: en\ngates: {rejected_share: {warn: 0.5}}\n" SOURCE);
    cr_assert_eq(files_load(&files, files_path(&files, "packed")), HD_OK, "%s",
                 files_error(&files));
    const hd_ruleset *r = files.ruleset;
    cr_expect_eq(r->match_threshold_bits, 5);
    cr_expect_eq(r->block_cap_pairs, 2000000);
    cr_expect_eq(r->cluster_alarm_size, 40);
    cr_expect_eq(r->n_passes + r->n_comparisons + r->n_conflicts + r->n_rules, 0);
    cr_expect_eq(survivorship("name")->n_prefer, 1);
    cr_expect_eq(survivorship("name")->prefer[0], HD_PREFER_STATE);
    cr_expect_eq(survivorship("name")->n_source_types, 0);
    expect_str(hd_text_of(r->catalogue, "field.name"), "field.name");
    cr_expect_eq(r->rejected_share.warn, 0.5);
    cr_expect_lt(r->rejected_share.stop, 0);
}

Test(load, gates_that_say_nothing)
{
    expect_loads(&files, "gates: {}\n" SOURCE);
    cr_expect_lt(files.ruleset->rejected_share.stop, 0);
    expect_loads(&files, "gates: {rejected_share: {stop: 1}}\n" SOURCE);
    cr_expect_eq(files.ruleset->rejected_share.stop, 1);
    cr_expect_lt(files.ruleset->rejected_share.warn, 0);
}

Test(load, the_gate_against_missing_rows_is_there_unless_it_is_said_otherwise)
{
    expect_loads(&files, SOURCE);
    cr_expect_eq(files.ruleset->fewer_rows.warn, 0.1);
    cr_expect_eq(files.ruleset->fewer_rows.stop, 0.5);
    expect_loads(&files, "gates: {fewer_rows: {warn: 0.3}}\n" SOURCE);
    cr_expect_eq(files.ruleset->fewer_rows.warn, 0.3);
    cr_expect_lt(files.ruleset->fewer_rows.stop, 0);
}

Test(load, fills_from_fields_of_the_record)
{
    expect_loads(&files, "sources:\n  m:\n    type: marriage\n    csv: m.csv\n    key: id\n"
                         "    record: {id_number: z}\n"
                         "    mentions: {husband: {phone: a}, wife: {phone: b}}\n");
    cr_assert_eq(source("m")->n_fills, 2);
    expect_fill(source("m"), 0, "husband.spouse_id_number<wife.id_number");
}

Test(load, free_of_nothing)
{
    hd_ruleset_free(NULL);
}

Test(load, packaged_rules_by_themselves)
{
    hd_ruleset *packaged;
    files_write(&files, "hedui.yaml", SOURCE);
    expect_loads(&files, SOURCE);
    cr_assert_eq(chdir(files.dir), 0);
    files_write(&files, "rules/fields.yaml", "fields: {name: {kind: text}}\n");
    cr_assert_eq(hd_ruleset_load_packaged(&files.ctx, "en", HEDUI_RULES_DIR, &packaged), HD_OK);
    int name = hd_field_find(packaged, HD_STR("name"));
    cr_expect_eq(packaged->fields[name].kind, HD_KIND_name); /* rules/ of this folder is not read */
    cr_expect_gt(packaged->n_comparisons, files.ruleset->n_comparisons); /* of all fields */
    cr_expect_eq(packaged->n_sources, 0);
    cr_expect_not(packaged->has_store);
    expect_str(hd_text_of(packaged->catalogue, "state.ok"), "good");
    hd_ruleset_free(packaged);
}

/* Its lines stand for the packaged ones; all others stay. */
Test(load, characters_of_the_county)
{
    files_write(&files, "rules/tables/han.tsv", "# own\n㛃\t丽\tli4\t\t\n丽\t㛃\tli4\t\t");
    files_write(&files, "rules/tables/surnames.tsv", "单\tdan1\n");
    files_write(&files, "rules/tables/shapes.tsv", "张\t李王\n");
    expect_loads(&files, SOURCE);
    const hd_han *han = files.ruleset->han;
    uint16_t readings[HD_HAN_SURNAME_MAX];
    cr_expect_eq(hd_han_fold(han, hd_han_fold(han, U'㛃')), hd_han_fold(han, U'㛃'));
    cr_expect_eq(hd_han_fold(han, hd_han_fold(han, U'丽')), hd_han_fold(han, U'丽'));
    cr_expect_str_eq(hd_han_syllable(han, hd_han_reading(han, U'㛃')), "li");
    cr_expect_eq(hd_han_fold(han, U'張'), U'张');
    cr_assert_eq(hd_han_known_surname(han, HD_STR("单小"), readings), 1);
    cr_expect_str_eq(hd_han_syllable(han, readings[0] / HD_HAN_TONES), "dan");
    cr_expect_eq(hd_han_known_surname(han, HD_STR("欧阳小"), readings), 2);
    cr_expect_eq(hd_han_alike(han, U'张')[0], U'李');
    cr_expect_eq(hd_han_alike(han, U'张')[2], 0);
    cr_expect_eq(hd_han_alike(han, U'未')[0] != 0, true);
}

Test(load, places_of_the_county)
{
    files_write(&files, "rules/tables/places.tsv", "530323001\t丹凤街道\t丹凤镇\n");
    expect_loads(&files, SOURCE);
    const hd_divisions *divisions = files.ruleset->divisions;
    const hd_division *found = hd_divisions_find(divisions, hd_division_read(HD_STR("530323001")));
    cr_assert_not_null(found);
    expect_str(found->name, "丹凤街道");
    cr_expect_not_null(hd_divisions_find(divisions, hd_division_read(HD_STR("530323"))));
}
