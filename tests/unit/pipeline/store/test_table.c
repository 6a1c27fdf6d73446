#include "pipeline/store/table.h"

#include <criterion/criterion.h>

static const hd_column columns[] = {
    {.name = {"source", 6}}, {.name = {"a \"b\"", 5}}, {.name = {"姓名", 6}}};
static const hd_table table = {.name = "t", .columns = columns, .n_columns = 3, .n_key = 1};

Test(table, columns_are_found_by_name)
{
    cr_expect_eq(hd_table_column(&table, HD_STR("source")), 0);
    cr_expect_eq(hd_table_column(&table, HD_STR("姓名")), 2);
    cr_expect_eq(hd_table_column(&table, HD_STR("Source")), -1);
}

Test(table, names_are_quoted_whatever_they_hold)
{
    hd_buf sql = {0};
    hd_column_names(&sql, &table, 0, 3, "");
    cr_expect_str_eq(sql.ptr, "\"source\", \"a \"\"b\"\"\", \"姓名\"");
    hd_buf_clear(&sql);
    hd_column_names(&sql, &table, 1, 3, "c.");
    cr_expect_str_eq(sql.ptr, "c.\"a \"\"b\"\"\", c.\"姓名\"");
    hd_buf_release(&sql);
}

Test(table, texts_are_quoted_whatever_they_hold)
{
    hd_buf sql = {0};
    hd_quoted_text(&sql, HD_STR("it's \"so\"; --"));
    cr_expect_str_eq(sql.ptr, "'it''s \"so\"; --'");
    hd_buf_release(&sql);
}
