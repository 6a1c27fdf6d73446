#include <sys/stat.h>

#include "night.h"
#include "pipeline/io/csv.h"
#include "pipeline/io/file.h"

TestSuite(csv, .init = nights_begin, .fini = nights_end);

static const night_files county = {
    .household = "h1,张伟,男,19491231,11010519491231002X,530303101001,人民路1号,13800000001\n"
                 "\"h\"\"2,\",李娜,2,1980-01-02,,530303101002,\"a\nb\",\n"
                 ",无名,,,,,,\n",
    .resident = "r1,张偉,,1949年12月31日,11010519491231002X,正常,20250101\n",
    .marriage = "m1,张伟,李娜,20010203\n",
};
static const char persons[] = "household/h1/self resident/r1/self marriage/m1/husband";

static const char *const tables[] = {
    "person",      "mention",  "person_value", "person_link", "person_history", "relation",
    "discrepancy", "decision", "run",          "run_source",  "reject",         "indicator"};

static void write_csv(night *n, const char *folder)
{
    cr_assert_eq(night_publish_csv(n, night_path(folder)), HD_OK, "%s", n->mini.ctx.frames[0].text);
}

static hd_buf file_text(const char *folder, const char *table)
{
    hd_ctx ctx;
    hd_buf text = {0};
    char name[128];
    hd_ctx_init(&ctx, 1);
    snprintf(name, sizeof name, "%s/%s.csv", folder, table);
    cr_assert_eq(hd_file_read(&ctx, night_path(name), &text), HD_OK, "%s", ctx.frames[0].text);
    return text;
}

/* The table as SQLite tells it, written as CSV; REAL with the decimals that the contract says. */
static hd_buf store_text(sqlite3 *db, const char *table, const char *order)
{
    hd_buf out = {0};
    char sql[256];
    sqlite3_stmt *query;
    snprintf(sql, sizeof sql, "SELECT * FROM %s %s", table, order);
    cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK);
    int n = sqlite3_column_count(query);
    for (int i = 0; i < n; i++)
        hd_buf_addf(&out, "%s%s", sqlite3_column_name(query, i), i + 1 < n ? "," : "\n");
    while (sqlite3_step(query) == SQLITE_ROW) {
        for (int i = 0; i < n; i++) {
            bool is_weight = strcmp(sqlite3_column_name(query, i), "weight") == 0;
            if (sqlite3_column_type(query, i) == SQLITE_FLOAT)
                hd_buf_addf(&out, "%.*f", is_weight ? 3 : 6, sqlite3_column_double(query, i));
            else
                hd_csv_add_value(&out, HD_CSV_PLAIN,
                                 hd_str_from((const char *)sqlite3_column_text(query, i)));
            hd_buf_add_char(&out, i + 1 < n ? ',' : '\n');
        }
    }
    sqlite3_finalize(query);
    return out;
}

static void expect_same_as_store(const char *folder)
{
    sqlite3 *db = night_open_store();
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        bool is_view = strcmp(tables[i], "person_value") == 0;
        hd_buf csv = file_text(folder, tables[i]);
        hd_buf sql = store_text(
            db, tables[i], is_view ? "ORDER BY person_id, field, source, record_id, role" : "");
        cr_expect_str_eq(csv.ptr, sql.ptr, "%s\n%s---\n%s", tables[i], csv.ptr, sql.ptr);
        hd_buf_release(&csv);
        hd_buf_release(&sql);
    }
    sqlite3_close(db);
}

/* The files of the second night, written before it is published, are what the store then holds. */
Test(csv, says_what_the_store_holds)
{
    night n;
    hd_change_counts counts;
    night_begin(&n, 20260101, "R1", &county, persons);
    write_csv(&n, "csv");
    cr_expect_neq(access(night_path("county.db"), F_OK), 0);
    cr_assert_eq(night_publish_run(&n, &counts), HD_OK);
    night_end(&n);
    expect_same_as_store("csv");

    night_files second = county;
    second.resident = "r1,张偉,,1949年12月31日,,正常,20250101\nr2,王芳,,,,,\n";
    second.marriage = NULL;
    night_run_sql("INSERT INTO decision (decision_id, note) VALUES ('d1', 'a \"b\"')");
    night_begin(&n, 20260102, "R2", &second, "");
    write_csv(&n, "csv");
    cr_assert_eq(night_publish_run(&n, &counts), HD_OK);
    night_end(&n);
    cr_expect_gt(counts.updated, 0);
    cr_expect_gt(counts.deleted, 0);
    expect_same_as_store("csv");
}

Test(csv, a_column_that_the_store_lacks_is_no_trouble)
{
    night n;
    night_publish(20260101, "R1", &county, persons);
    night_run_sql("ALTER TABLE person RENAME COLUMN phone TO former_phone;"
                  "ALTER TABLE person RENAME COLUMN first_run TO was_first_run");
    night_run_sql("ALTER TABLE person RENAME COLUMN was_first_run TO first_run");
    night_begin(&n, 20260102, "R2", &county, persons);
    write_csv(&n, "csv");
    night_end(&n);
    hd_buf text = file_text("csv", "person");
    cr_expect(strstr(text.ptr, ",13800000001,"), "%s", text.ptr);
    cr_expect(strstr(text.ptr, ",2026-01-01,2026-01-02\n"), "%s", text.ptr);
    hd_buf_release(&text);
}

Test(csv, two_runs_without_a_store_are_alike_but_for_the_run)
{
    night n;
    for (int run = 0; run < 2; run++) {
        night_begin(&n, 20260101, run ? "R2" : "R1", &county, persons);
        n.mini.ruleset->has_store = false;
        write_csv(&n, run ? "second" : "first");
        night_end(&n);
    }
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        bool of_run = strcmp(tables[i], "run") == 0 || strcmp(tables[i], "run_source") == 0 ||
                      strcmp(tables[i], "reject") == 0 || strcmp(tables[i], "indicator") == 0;
        hd_buf first = file_text("first", tables[i]), second = file_text("second", tables[i]);
        if (of_run)
            cr_expect_str_neq(first.ptr, second.ptr, "%s", tables[i]);
        else
            cr_expect_str_eq(first.ptr, second.ptr, "%s", tables[i]);
        hd_buf_release(&first);
        hd_buf_release(&second);
    }
}

Test(csv, rejected_rows_are_told)
{
    night n;
    night_begin(&n, 20260101, "R1", &county, persons);
    write_csv(&n, "csv");
    night_end(&n);
    hd_buf text = file_text("csv", "reject");
    cr_expect_str_eq(text.ptr, "run,number,source,file,row,record_id,reason\n"
                               "R1,1,household,household.csv,3,,key_empty\n");
    hd_buf_release(&text);
}

Test(csv, indicators_are_numerator_and_denominator)
{
    night n;
    night_begin(&n, 20260101, "R1", &county, persons);
    write_csv(&n, "csv");
    night_end(&n);
    hd_buf text = file_text("csv", "indicator");
    cr_expect(strstr(text.ptr, "\nR1,persons,530303,3,,3.000000\n"), "%s", text.ptr);
    cr_expect(strstr(text.ptr, "\nR1,persons.valid_id_number,530303,1,3,0.333333\n"));
    cr_expect(strstr(text.ptr, "\nR1,persons.several_sources,530303,1,3,0.333333\n"));
    cr_expect(strstr(text.ptr, "\nR1,persons.filled.name,530303,3,3,1.000000\n"));
    cr_expect(strstr(text.ptr, "\nR1,rows.linked,household,2,3,0.666667\n"));
    cr_expect(strstr(text.ptr, "\nR1,rows.rejected,household,1,3,0.333333\n"));
    cr_expect(strstr(text.ptr, "\nR1,discrepancies.id.sex,530303,1,,1.000000\n"));
    hd_buf_release(&text);
}

Test(csv, files_are_for_their_owner)
{
    night n;
    struct stat st;
    night_begin(&n, 20260101, "R1", &county, persons);
    write_csv(&n, "csv");
    night_end(&n);
    cr_assert_eq(stat(night_path("csv/person.csv"), &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0600);
}

Test(csv, a_folder_that_cannot_be_made)
{
    night n;
    night_begin(&n, 20260101, "R1", &county, persons);
    FILE *file = fopen(night_path("csv"), "w");
    cr_assert_not_null(file);
    fclose(file);
    cr_expect_eq(night_publish_csv(&n, night_path("csv/below")), HD_STORE);
    night_end(&n);
}
