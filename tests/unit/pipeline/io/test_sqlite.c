#include "pipeline/io/sqlite.h"

#include "scratch.h"

TestSuite(sqlite, .init = scratch_make, .fini = scratch_remove);

static hd_db *open_empty(hd_ctx *ctx)
{
    hd_db *db;
    hd_ctx_init(ctx, 1);
    cr_assert_eq(hd_db_open(ctx, scratch_text("a.db", ""), "a.db", HD_DB_WRITE, &db), HD_OK);
    return db;
}

static hd_query *open_query(hd_ctx *ctx, hd_db *db, const char *sql)
{
    hd_query *query;
    cr_assert_eq(hd_query_open(ctx, db, sql, &query), HD_OK, "%s", ctx->frames[0].text);
    return query;
}

Test(sqlite, rows_come_back_as_they_went_in)
{
    hd_ctx ctx;
    hd_db *db = open_empty(&ctx);
    bool more;
    hd_cell out[5], in[5] = {hd_cell_text(HD_STR("张\"'\n")),
                             hd_cell_text(HD_STR("")),
                             hd_cell_integer(INT64_MIN),
                             {.type = HD_CELL_REAL, .real = 0.1}};
    cr_assert_eq(hd_db_run(&ctx, db, "CREATE TABLE t (a TEXT, b TEXT, c INTEGER, d REAL, e)"),
                 HD_OK);
    hd_query *insert = open_query(&ctx, db, "INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5)");
    hd_query_bind(insert, 0, in, 5);
    cr_assert_eq(hd_query_run(&ctx, insert), HD_OK);
    cr_expect_eq(hd_db_changed_rows(db), 1);
    hd_query *select = open_query(&ctx, db, "SELECT * FROM t");
    cr_assert_eq(hd_query_next(&ctx, select, &more), HD_OK);
    cr_assert(more);
    hd_query_row(select, out, 5);
    for (int i = 0; i < 5; i++)
        cr_expect(hd_cell_eq(&in[i], &out[i]), "column %d", i);
    cr_expect_eq(out[4].type, HD_CELL_NULL);
    cr_assert_eq(hd_query_next(&ctx, select, &more), HD_OK);
    cr_expect_not(more);
    cr_assert_eq(hd_query_next(&ctx, select, &more), HD_OK); /* from the start again */
    cr_expect(more);
    hd_query_close(insert);
    hd_query_close(select);
    hd_db_close(db);
}

Test(sqlite, cells_differ_by_type_and_value)
{
    hd_cell null = {0}, empty = hd_cell_text(HD_STR("")), a = hd_cell_text(HD_STR("a"));
    hd_cell one = hd_cell_integer(1), real = {.type = HD_CELL_REAL, .real = 1};
    cr_expect(hd_cell_eq(&null, &null));
    cr_expect_not(hd_cell_eq(&null, &empty));
    cr_expect_not(hd_cell_eq(&empty, &a));
    cr_expect_not(hd_cell_eq(&one, &real));
    cr_expect_eq(hd_cell_text(HD_STR_NULL).type, HD_CELL_NULL);
    cr_expect_lt(hd_cell_cmp(&empty, &a), 0);
    cr_expect_gt(hd_cell_cmp(&a, &empty), 0);
    hd_cell two = hd_cell_integer(2);
    cr_expect_lt(hd_cell_cmp(&one, &two), 0);
    cr_expect_eq(hd_cell_cmp(&one, &one), 0);
    cr_expect_eq(hd_cell_cmp(&real, &real), 0);
}

Test(sqlite, text_order_is_that_of_the_index)
{
    hd_ctx ctx;
    hd_db *db = open_empty(&ctx);
    hd_cell before = {0}, cell;
    bool more;
    cr_assert_eq(hd_db_run(&ctx, db,
                           "CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID;"
                           "INSERT INTO t VALUES ('b'), ('a'), ('ab'), ('张'), ('Z'), "
                           "('a~'), (''), ('𠮷')"),
                 HD_OK);
    hd_query *select = open_query(&ctx, db, "SELECT a FROM t ORDER BY a");
    char last[16];
    for (int i = 0; hd_query_next(&ctx, select, &more) == HD_OK && more; i++) {
        hd_query_row(select, &cell, 1);
        if (i > 0)
            cr_expect_lt(hd_cell_cmp(&before, &cell), 0);
        memcpy(last, cell.text.ptr, cell.text.len_bytes);
        before = hd_cell_text((hd_str){last, cell.text.len_bytes});
    }
    hd_query_close(select);
    hd_db_close(db);
}

Test(sqlite, an_integer_is_asked_at_once)
{
    hd_ctx ctx;
    hd_db *db = open_empty(&ctx);
    int64_t value;
    cr_expect_eq(hd_db_integer(&ctx, db, "SELECT 42", &value), HD_OK);
    cr_expect_eq(value, 42);
    cr_expect_eq(hd_db_integer(&ctx, db, "SELECT 42 WHERE false", &value), HD_OK);
    cr_expect_eq(value, 0);
    hd_db_close(db);
}

Test(sqlite, failures_name_the_store_and_no_value)
{
    hd_ctx ctx;
    hd_db *db = open_empty(&ctx);
    int64_t value;
    hd_query *query;
    cr_expect_eq(hd_db_integer(&ctx, db, "SELECT x", &value), HD_STORE);
    cr_expect_str_eq(ctx.frames[0].text, "cannot write store a.db: no such column: x");
    hd_ctx_clear(&ctx);
    cr_expect_eq(hd_query_open(&ctx, db, "SELEC", &query), HD_STORE);
    hd_ctx_clear(&ctx);
    cr_assert_eq(hd_db_run(&ctx, db, "CREATE TABLE t (a TEXT PRIMARY KEY)"), HD_OK);
    query = open_query(&ctx, db, "INSERT INTO t VALUES (?1)");
    hd_cell cell = hd_cell_text(HD_STR("110105"));
    hd_query_bind(query, 0, &cell, 1);
    cr_assert_eq(hd_query_run(&ctx, query), HD_OK);
    cr_expect_eq(hd_query_run(&ctx, query), HD_STORE);
    cr_expect_str_eq(ctx.frames[0].text, "cannot write store a.db: UNIQUE constraint failed: t.a");
    hd_query_close(query);
    hd_db_close(db);
}

Test(sqlite, a_file_that_is_not_there_is_not_made)
{
    hd_ctx ctx;
    hd_db *db = NULL;
    hd_ctx_init(&ctx, 1);
    cr_expect_eq(hd_db_open(&ctx, scratch_path("none.db"), "none.db", HD_DB_READ, &db), HD_STORE);
    cr_expect_str_eq(ctx.frames[0].text, "cannot read store none.db: unable to open database file");
    cr_expect_null(db);
    cr_expect_neq(access(scratch_path("none.db"), F_OK), 0);
    hd_db_close(NULL);
    hd_query_close(NULL);
}

/* A database can be as full as its limit on pages. */
Test(sqlite, a_full_store_is_out_of_space)
{
    hd_ctx ctx;
    hd_db *db = open_empty(&ctx);
    cr_assert_eq(hd_db_run(&ctx, db, "PRAGMA max_page_count = 3; CREATE TABLE t (a)"), HD_OK);
    cr_expect_eq(hd_db_run(&ctx, db, "INSERT INTO t VALUES (zeroblob(100000))"), HD_SPACE);
    cr_expect_str_eq(ctx.frames[0].text, "cannot write store a.db: database or disk is full");
    cr_expect_str_eq(ctx.hint, "make room on its disk and start again; nothing was changed");
    hd_db_close(db);
}
