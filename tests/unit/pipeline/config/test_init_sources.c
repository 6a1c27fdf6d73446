/* What tables of a database are taken for. Files: test_init.c. */

#include "config_files.h"

#include "pipeline/config/init_guess.h"

static config_files files;
static hd_buf out;
static hd_loader loader;
static hd_init_place place;
static hd_sample samples[80];
static uint32_t n_samples;

static void setup(void)
{
    files = files_open();
    place = (hd_init_place){.shown = "the database", .conninfo = HD_STR("service=police")};
    cr_assert_eq(hd_loader_open(&files.ctx, files_path(&files, "hedui.yaml"), NULL, &loader),
                 HD_OK);
}

static void teardown(void)
{
    hd_ruleset_free(loader.ruleset);
    hd_buf_release(&out);
    files_close(&files);
}

TestSuite(init_sources, .init = setup, .fini = teardown);

static hd_str take_until(const char **text, const char *ends)
{
    size_t n = strcspn(*text, ends);
    hd_str word = hd_arena_str(loader.arena, (hd_str){*text, (uint32_t)n});
    *text += n;
    return word;
}

/* `columns`: "xm, f3 公民身份号码, bz!": names, some with a comment; '!': each value once. */
static hd_sample *add_table(const char *name, const char *columns)
{
    hd_sample *sample = &samples[n_samples++];
    uint32_t most = (uint32_t)strlen(columns);
    *sample = (hd_sample){.name = hd_str_from(name),
                          .stem = hd_str_from(name),
                          .table = hd_arena_printf(loader.arena, "s.%s", name),
                          .rows = HD_STR("7 rows")};
    sample->columns = HD_NEW_N(loader.arena, hd_str, most);
    sample->comments = HD_NEW_N(loader.arena, hd_str, most);
    sample->unique = HD_NEW_N(loader.arena, bool, most);
    for (const char *at = columns; *at; at += strspn(at, ", ")) {
        uint32_t c = sample->n_columns++;
        sample->columns[c] = take_until(&at, " ,!");
        if (*at == ' ')
            at++, sample->comments[c] = take_until(&at, ",!");
        sample->unique[c] = *at == '!';
        at += *at == '!';
    }
    return sample;
}

static void add_key(hd_sample *sample, bool primary, hd_sample_key key)
{
    hd_sample_key *keys = HD_NEW_N(loader.arena, hd_sample_key, sample->n_keys + 1);
    for (uint32_t i = 0; i < sample->n_keys; i++)
        keys[i] = sample->keys[i];
    key.primary = primary;
    keys[sample->n_keys++] = key;
    sample->keys = keys;
}

/* Guesses, and loads what was guessed. */
static void init(void)
{
    hd_buf_clear(&out);
    hd_status status = hd_init_sources(&loader, &place, samples, n_samples, &out, NULL);
    cr_assert_eq(status, HD_OK, "%s", files_error(&files));
    expect_loads(&files, out.ptr);
}

static void expect_has(const char *text)
{
    cr_expect_not_null(strstr(out.ptr, text), "no \"%s\" in:\n%s", text, out.ptr);
}

static void expect_lacks(const char *text)
{
    cr_expect_null(strstr(out.ptr, text), "\"%s\" in:\n%s", text, out.ptr);
}

/* One table of these columns. */
static hd_sample *guess(const char *columns)
{
    n_samples = 0;
    hd_sample *sample = add_table("t", columns);
    init();
    return sample;
}

static const char whole[] =
    "# Written by `hedui init`. What is marked \"# guess\" was guessed from the names of tables "
    "and\n"
    "# columns and their comments: check it, then let `hedui lint` check this file.\n"
    "\n"
    "# site: 530303   # code of the county; the key file beside is named by it\n"
    "language: zh\n"
    "store: county.db\n"
    "# store: postgresql:service=county   # or in PostgreSQL\n"
    "\n"
    "sources:\n"
    "  czrk:\n"
    "    # 常住人口, 7 rows\n"
    "    type: household  # guess: by the table's name\n"
    "    postgresql: \"service=police\"\n"
    "    table: s.czrk\n"
    "    key: [rybh, ssqx]  # guess: the primary key\n"
    "    mentions:\n"
    "      self:\n"
    "        name: xm  # guess\n"
    "        id_number: f3  # guess: by its comment\n"
    "    # not used: bz\n"
    "    # never read (rules/deny.yaml): f5\n"
    "\n"
    "# Share of rows that may be rejected before a run warns, and before it stops.\n"
    "gates: {rejected_share: {warn: 0.001, stop: 0.02}}\n";

Test(init_sources, the_whole_text)
{
    hd_sample *table = add_table("czrk", "rybh, ssqx, xm, f3 公民身份号码, bz, f5 避孕方法");
    table->comment = HD_STR("常住人口");
    add_key(table, true, (hd_sample_key){.columns = {0, 1}, .n = 2});
    init();
    cr_expect_str_eq(out.ptr, whole);
    cr_expect_str_eq(files.ruleset->sources[0].database.conninfo.ptr, "service=police");
    cr_expect_str_eq(files.ruleset->sources[0].table.ptr, "czrk");
}

/* ---- comments of columns ---- */

Test(init_sources, a_comment_counts_where_the_name_says_nothing)
{
    guess("id!, f1 姓名, f2 性别（1男2女）, f3 出生日期：八位, c4 联系电话, f5 母亲姓名");
    expect_has("name: f1  # guess: by its comment\n");
    expect_has("sex: f2  # guess: by its comment\n");
    expect_has("birth_date: f3  # guess: by its comment\n");
    expect_has("phone: c4  # guess: by its comment\n");
    expect_has("mother_name: f5  # guess: by its comment\n");
}

Test(init_sources, a_name_counts_more_than_a_comment)
{
    guess("id!, xm, poxm 姓名, csrq 日期, hh 编号");
    expect_has("        name: xm  # guess\n");
    expect_has("spouse_name: poxm  # guess\n");
    expect_has("birth_date: csrq  # guess\n");
    expect_has("household: hh  # guess\n");
}

Test(init_sources, a_comment_counts_more_than_a_name_that_many_a_number_has)
{
    guess("bh 公民身份号码!, xm, lsh!");
    expect_has("id_number: bh  # guess: by its comment\n");
    expect_has("key: [lsh]  # guess: each value once in the first rows\n");
}

Test(init_sources, a_comment_can_tell_the_key)
{
    guess("xm, xb, f1!, f2 流水号!");
    expect_has("key: [f2]  # guess: each value once in the first rows\n");
}

Test(init_sources, comments_with_a_role_before)
{
    add_table("jh", "djbh!, a1 男方姓名, a2 男方身份证号, b1 女方姓名");
    init();
    expect_has("type: marriage  # guess: by its columns\n");
    expect_has("      husband:\n        name: a1  # guess: by its comment\n"
               "        id_number: a2  # guess: by its comment\n");
    expect_has("      wife:\n        name: b1  # guess: by its comment\n");
}

Test(init_sources, a_comment_can_deny_a_column)
{
    guess("id!, xm, xb, name2 独生子女证号码!");
    expect_has("# never read (rules/deny.yaml): name2\n");
}

/* ---- the table ---- */

Test(init_sources, type_by_name_comment_columns_schema)
{
    add_table("csyxzm", "id!, xm, mqxm")->comment = HD_STR("死亡");
    add_table("t2", "id!, xm, swrq")->comment = HD_STR("流动人口信息表");
    add_table("t3", "id!, xm, swrq")->comment = HD_STR("表三");
    add_table("t4", "id!, xm, xb")->schema = HD_STR("qyrk");
    init();
    expect_has("  csyxzm:\n    # 死亡, 7 rows\n    type: birth  # guess: by the table's name\n");
    expect_has("  t2:\n    # 流动人口信息表, 7 rows\n"
               "    type: migrant  # guess: by the table's comment\n");
    expect_has("  t3:\n    # 表三, 7 rows\n    type: death  # guess: by its columns\n");
    expect_has("  t4:\n    # 7 rows\n    type: resident  # guess: by the schema's name\n");
}

Test(init_sources, tables_of_one_name_are_two_sources)
{
    add_table("czrk", "id!, xm, xb");
    add_table("czrk", "id!, xm, xb")->table = HD_STR("old.czrk");
    init();
    expect_has("  czrk:\n");
    expect_has("  czrk_2:\n");
    cr_expect_eq(files.ruleset->n_sources, 2);
}

Test(init_sources, what_is_left_out_takes_no_code)
{
    add_table("czrk", "dm, mc");
    add_table("czrk", "id!, xm, xb");
    init();
    expect_has("  # s.czrk is left out: no column was recognised\n    # its columns: dm, mc\n");
    expect_has("  czrk:\n");
}

Test(init_sources, a_list_of_codes_is_no_source)
{
    add_table("d_mz", "dm!, mz");
    add_table("czrk", "id!, xm, xb");
    init();
    expect_has("  # s.d_mz is left out: one column alone was recognised\n"
               "    # its columns: dm, mz\n");
    cr_expect_eq(files.ruleset->n_sources, 1);
}

Test(init_sources, names_that_yaml_would_misread)
{
    hd_sample *table = add_table("t", "id!, xm, xb");
    table->table = HD_STR("s.\"a.b\"\"c\"");
    table->comment = HD_STR("first\nsecond: #");
    init();
    expect_has("    # \"first\\u000Asecond: #\", 7 rows\n");
    expect_has("    table: \"s.\\\"a.b\\\"\\\"c\\\"\"\n");
    cr_expect_str_eq(files.ruleset->sources[0].schema.ptr, "s");
    cr_expect_str_eq(files.ruleset->sources[0].table.ptr, "a.b\"c");
}

Test(init_sources, chinese_names_stay_plain)
{
    add_table("t", "编号!, 姓名, 性别")->table = HD_STR("户籍.常住人口");
    init();
    expect_has("    table: 户籍.常住人口\n");
    expect_has("name: 姓名  # guess\n");
}

Test(init_sources, encoding_of_a_database_that_knows_none)
{
    add_table("t1", "id!, xm, xb")->encoding = HD_ENCODING_GB18030;
    add_table("t2", "id!, xm, xb")->encoding = HD_ENCODING_UTF8;
    init();
    expect_has("    table: s.t1\n    encoding: gb18030  # guess\n");
    expect_has("    table: s.t2\n    encoding: utf-8  # guess\n");
}

Test(init_sources, the_waiver_is_written_with_each_table)
{
    place.tls_waiver = HD_STR("a cable between two cabinets");
    guess("id!, xm, xb");
    expect_has("    tls_waiver: \"a cable between two cabinets\"\n");
    cr_expect_str_eq(files.ruleset->sources[0].database.tls_waiver.ptr,
                     "a cable between two cabinets");
}

/* ---- key ---- */

/* The key of one table with these columns, and these keys of its own. */
static void expect_key(const char *columns, hd_sample_key primary, hd_sample_key index,
                       const char *want)
{
    n_samples = 0;
    hd_sample *table = add_table("t", columns);
    if (primary.n)
        add_key(table, true, primary);
    if (index.n)
        add_key(table, false, index);
    init();
    expect_has(want);
}

static const hd_sample_key none = {.n = 0}, first = {.columns = {0}, .n = 1},
                           second = {.columns = {1}, .n = 1}, both = {.columns = {1, 0}, .n = 2};

Test(init_sources, the_primary_key_counts_more_than_what_rows_look_like)
{
    expect_key("foo, lsh!, xm, xb", first, second, "    key: [foo]  # guess: the primary key\n");
    expect_key("foo, bar, lsh!, xm, xb", both, none,
               "    key: [bar, foo]  # guess: the primary key\n");
    expect_key("foo, lsh!, xm, xb", none, first, "    key: [foo]  # guess: a unique index\n");
}

Test(init_sources, a_household_or_a_division_may_stand_in_the_key)
{
    expect_key("hh, xh, xm, xb", both, none, "    key: [xh, hh]  # guess: the primary key\n");
    expect_lacks("key_is_personal");
    expect_has("household: hh  # guess\n");
    expect_key("xzqh, lsh, xm, xb", both, none, "    key: [lsh, xzqh]  # guess: the primary key\n");
    expect_key("djrq, xh, nanxm, nvxm", both, none, "    key: [xh, djrq]");
}

Test(init_sources, a_personal_key_is_the_last_resort)
{
    expect_key("sfzh!, foo, xm, xb", first, second, "    key: [foo]  # guess: a unique index\n");
    expect_key("sfzh!, lsh!, xm, xb", first, none, "    key: [lsh]  # guess: each value once");
    expect_key("sfzh!, foo!, xm, xb", first, none,
               "    key: [sfzh]  # guess: the primary key\n"
               "    key_is_personal: true  # guess: only a hash of it is shown\n");
    expect_key("xm, csrq, foo", both, none,
               "    key: [csrq, xm]  # guess: the primary key\n    key_is_personal: true");
    expect_key("lxdh, foo, xm", first, none,
               "    key: [lxdh]  # guess: the primary key\n    key_is_personal: true");
}

Test(init_sources, a_key_that_holds_a_column_that_is_never_read)
{
    expect_key("syzh!, lsh!, xm, xb", first, none, "    key: [lsh]  # guess: each value once");
    expect_key("syzh, foo, xm, xb", both, second, "    key: [foo]  # guess: a unique index\n");
}

Test(init_sources, an_empty_table_is_known_by_names_only)
{
    expect_key("foo, lsh, xm, xb", none, none, "    key: [lsh]  # guess: by its name only");
}

/* ---- failures ---- */

static void init_fails(const char *error, const char *hint)
{
    hd_buf_clear(&out);
    cr_expect_eq(hd_init_sources(&loader, &place, samples, n_samples, &out, NULL), HD_CONFIG);
    cr_expect_str_eq(files_error(&files), error);
    cr_expect_str_eq(files.ctx.hint, hint);
    cr_expect_eq(out.len_bytes, 0);
}

Test(init_sources, nothing_recognised)
{
    add_table("d_hyzk", "dm!, mc");
    init_fails("the database: no column of any table was recognised",
               "rules/columns.yaml lists the names that are; write hedui.yaml by hand");
}

Test(init_sources, more_tables_than_can_be_configured)
{
    for (int i = 0; i < 65; i++)
        add_table("t", "id!, xm, xb");
    init_fails("the database: 65 sources, at most 64 can be configured",
               "let the role read only what hedui is to read, and start again");
}
