#include "pipeline/analyse/grants.h"

#include <criterion/criterion.h>

static hd_str columns[] = {HD_STR("id"), HD_STR("a\"b")};

static hd_source table_of(const char *code, const char *conninfo, const char *schema,
                          const char *table)
{
    return (hd_source){.code = hd_str_from(code),
                       .database = {.conninfo = hd_str_from(conninfo)},
                       .schema = hd_str_from(schema),
                       .table = hd_str_from(table),
                       .place = hd_str_from(table),
                       .columns = columns,
                       .n_columns = 2};
}

static void expect(hd_source *sources, uint32_t n, const char *role, const char *expected)
{
    hd_ruleset ruleset = {.sources = sources, .n_sources = n};
    hd_buf out = {0};
    hd_buf_add(&out, HD_STR(""));
    hd_grants_add(&out, &ruleset, hd_str_from(role));
    cr_expect_str_eq(out.ptr, expected, "%s", out.ptr);
    hd_buf_release(&out);
}

Test(grants, by_database)
{
    hd_source sources[] = {table_of("birth", "service=health", "w", "birth"),
                           {.code = HD_STR("death")},
                           table_of("household", "service=police", NULL, "t;\n--"),
                           table_of("resident", "service=health", "w", "card")};
    sources[3].table = HD_STR_NULL;
    sources[3].query = HD_STR("select 1");
    expect(sources, 4, "hedui_reader",
           "-- database service=health\n"
           "-- source birth\n"
           "GRANT USAGE ON SCHEMA \"w\" TO \"hedui_reader\";\n"
           "GRANT SELECT (\"id\", \"a\"\"b\") ON \"w\".\"birth\" TO \"hedui_reader\";\n"
           "-- fails for a view, which needs it not: by it threads share a table\n"
           "GRANT SELECT (ctid) ON \"w\".\"birth\" TO \"hedui_reader\";\n"
           "-- source resident is a query: what it reads is for its author to grant\n"
           "-- database service=police\n"
           "-- source household\n"
           "-- no schema is named: the role must be able to use that of t; -- too\n"
           "GRANT SELECT (\"id\", \"a\"\"b\") ON \"t;\n--\" TO \"hedui_reader\";\n"
           "-- fails for a view, which needs it not: by it threads share a table\n"
           "GRANT SELECT (ctid) ON \"t;\n--\" TO \"hedui_reader\";\n");
}

Test(grants, files_need_none)
{
    hd_source files = {.code = HD_STR("death")};
    expect(&files, 1, "r", "");
}

Test(grants, role_is_a_name)
{
    hd_source source = table_of("h", "service=p", "s", "t");
    expect(&source, 1, "x\"; --",
           "-- database service=p\n"
           "-- source h\n"
           "GRANT USAGE ON SCHEMA \"s\" TO \"x\"\"; --\";\n"
           "GRANT SELECT (\"id\", \"a\"\"b\") ON \"s\".\"t\" TO \"x\"\"; --\";\n"
           "-- fails for a view, which needs it not: by it threads share a table\n"
           "GRANT SELECT (ctid) ON \"s\".\"t\" TO \"x\"\"; --\";\n");
}
