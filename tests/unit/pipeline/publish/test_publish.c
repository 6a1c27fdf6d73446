#include "night.h"

TestSuite(publish, .init = nights_begin, .fini = nights_end);

static const night_files county = {
    .household = "h1,张伟,男,19491231,11010519491231002X,530303101001,人民路1号,13800000001\n"
                 "h2,李娜,2,1980-01-02,,530303101002,,\n",
    .resident = "r1,张偉,,1949年12月31日,11010519491231002X,正常,20250101\n",
    .marriage = "m1,张伟,李娜,20010203\n",
};

static const char persons[] = "household/h1/self resident/r1/self marriage/m1/husband |"
                              "household/h2/self marriage/m1/wife";

Test(publish, first_night_writes_every_row)
{
    hd_change_counts counts = night_publish(20260101, "R1", &county, persons);
    night_expect("SELECT name, birth_date, id_number, status, n_records, n_sources, first_run, "
                 "changed_run FROM person ORDER BY name",
                 "张伟|1949-12-31|11010519491231002X|正常|3|3|2026-01-01|2026-01-01\n"
                 "李娜|1980-01-02|||2|2|2026-01-01|2026-01-01\n");
    night_expect("SELECT count(*) FROM mention", "5\n");
    night_expect("SELECT source, record_id, role, weight, probability, reason FROM person_link",
                 "household|h1|self||1.0|first\n"
                 "household|h2|self||1.0|first\n"
                 "marriage|m1|husband|10.0|0.999024|name=same\n"
                 "marriage|m1|wife|10.0|0.999024|name=same\n"
                 "resident|r1|self|10.0|0.999024|name=variant id_number=same birth=same "
                 "sex=differs\n");
    night_expect("SELECT p.name, r.relation, o.name, start_date, end_date, source, record_id "
                 "FROM relation r JOIN person p USING (person_id) "
                 "JOIN person o ON o.person_id = r.other_person_id ORDER BY 1",
                 "张伟|spouse|李娜|2001-02-03||marriage|m1\n"
                 "李娜|spouse|张伟|2001-02-03||marriage|m1\n");
    night_expect("SELECT run, event, other_person_id, count(*) FROM person_history GROUP BY 1, 2",
                 "2026-01-01|new||2\n");
    night_expect("SELECT count(*) FROM decision", "0\n");
    night_expect("SELECT id, as_of, state FROM run", "R1|2026-01-01|published\n");
    night_expect("SELECT run, source, rows_read, rows_linked, rows_rejected, mentions, "
                 "mentions_empty FROM run_source",
                 "R1|household|2|2|0|2|0\nR1|marriage|1|1|0|2|0\nR1|resident|1|1|0|1|0\n");
    sqlite3 *db = night_open_store();
    hd_buf n = night_ask(db, "SELECT 2 + 5 + 2 + 2 + (SELECT count(*) FROM discrepancy)");
    cr_expect_eq(counts.inserted, strtoull(n.ptr, NULL, 10));
    hd_buf_release(&n);
    sqlite3_close(db);
    cr_expect_eq(counts.updated, 0);
    cr_expect_eq(counts.deleted, 0);
}

Test(publish, every_value_is_there_with_its_mention)
{
    night_publish(20260101, "R1", &county, persons);
    night_expect("SELECT field, value, source, role, why FROM person_value v JOIN person p "
                 "USING (person_id) WHERE p.name = '张伟' AND field IN ('name', 'birth_date', "
                 "'phone') ORDER BY field, source, role",
                 "birth_date|1949-12-31|household|self|won: state, frequent, source, recent\n"
                 "birth_date|1949-12-31|resident|self|lost\n"
                 "name|张伟|household|self|won: state, frequent, source, recent\n"
                 "name|张伟|marriage|husband|lost\n"
                 "name|张偉|resident|self|lost\n"
                 "phone|13800000001|household|self|won: state, recent, source\n");
    night_expect("SELECT written FROM mention WHERE source = 'resident'",
                 "{\"birth_date\":\"1949年12月31日\",\"updated\":\"20250101\"}\n");
    night_expect("SELECT written IS NULL FROM mention WHERE record_id = 'h2'", "1\n");
}

Test(publish, the_same_again_writes_nothing)
{
    night_publish(20260101, "R1", &county, persons);
    hd_change_counts counts = night_publish(20260101, "R2", &county, persons);
    night_expect_counts(counts, (hd_change_counts){0});
    night_expect("SELECT id FROM run", "R1\nR2\n");
    night_expect("SELECT run, count(*) FROM run_source GROUP BY run", "R1|3\nR2|3\n");
    night_expect("SELECT count(DISTINCT run) FROM indicator", "2\n");
    night_expect("SELECT count(*) FROM person_history", "2\n");
}

Test(publish, a_later_night_without_changes_moves_no_changed_run)
{
    night_publish(20260101, "R1", &county, persons);
    night_publish(20260102, "R2", &county, persons);
    night_expect("SELECT DISTINCT first_run, changed_run FROM person", "2026-01-01|2026-01-01\n");
}

Test(publish, one_changed_record_writes_few_rows)
{
    night_publish(20260101, "R1", &county, persons);
    night_files changed = county;
    changed.household =
        "h1,张伟,男,19491231,11010519491231002X,530303101001,人民路1号,13800000009\n"
        "h2,李娜,2,1980-01-02,,530303101002,,\n";
    hd_change_counts counts = night_publish(20260101, "R2", &changed, persons);
    night_expect_counts(counts, (hd_change_counts){.updated = 2}); /* person, mention */
    night_expect("SELECT phone FROM person WHERE name = '张伟'", "13800000009\n");
    counts = night_publish(20260103, "R3", &county, persons);
    night_expect("SELECT name, changed_run FROM person ORDER BY name",
                 "张伟|2026-01-03\n李娜|2026-01-01\n");
}

Test(publish, persons_merge_and_go)
{
    night_files two = {.household = "h1,张伟,,19491231,,,,\n", .resident = "r1,张伟,,,,,\n"};
    night_publish(20260101, "R1", &two, "");
    night_expect("SELECT count(*) FROM person", "2\n");
    night_publish(20260102, "R2", &two, "household/h1/self resident/r1/self");
    night_expect("SELECT count(*) FROM person", "1\n");
    night_expect("SELECT count(DISTINCT person_id) FROM person_link", "1\n");
    night_expect("SELECT run, event, h.other_person_id = p.person_id FROM person_history h, "
                 "person p WHERE h.person_id NOT IN (SELECT person_id FROM person) "
                 "ORDER BY run",
                 "2026-01-01|new|0\n2026-01-02|merged into|1\n");
    two.resident = NULL;
    night_publish(20260103, "R3", &two, "");
    night_expect("SELECT source FROM mention", "household\n");
    two.household = NULL;
    hd_change_counts counts = night_publish(20260104, "R4", &two, "");
    night_expect("SELECT count(*) FROM person UNION ALL SELECT count(*) FROM mention", "0\n0\n");
    night_expect("SELECT event FROM person_history WHERE run = '2026-01-04'", "retired\n");
    cr_expect_eq(counts.deleted, 2); /* person, mention */
    cr_expect_eq(counts.inserted, 1);
}

/* Ids move up and down as 200 pairs part and meet, each row under the cursor that reads the table.
 */
Test(publish, many_rows_that_change_their_person)
{
    hd_buf household = {0}, resident = {0}, pairs = {0};
    for (int i = 0; i < 200; i++) {
        hd_buf_addf(&household, "h%d,张伟,,19491231,,,,\n", i);
        hd_buf_addf(&resident, "r%d,张伟,,19491231,,,\n", i);
        hd_buf_addf(&pairs, "household/h%d/self resident/r%d/self|", i, i);
    }
    night_files files = {.household = household.ptr, .resident = resident.ptr};
    for (hd_date as_of = 20260101; as_of <= 20260104; as_of++) {
        bool apart = as_of % 2 == 1;
        char run[16];
        snprintf(run, sizeof run, "R%d", as_of);
        night_publish(as_of, run, &files, apart ? "" : pairs.ptr);
        night_expect("SELECT count(*) FROM mention", "400\n");
        night_expect("SELECT count(*) FROM person", apart ? "400\n" : "200\n");
        night_expect("SELECT count(*) FROM mention LEFT JOIN person p USING (person_id) "
                     "WHERE p.person_id IS NULL",
                     "0\n");
        hd_change_counts counts = night_publish(as_of, "again", &files, apart ? "" : pairs.ptr);
        night_expect_counts(counts, (hd_change_counts){0});
    }
    hd_buf_release(&household);
    hd_buf_release(&resident);
    hd_buf_release(&pairs);
}

Test(publish, a_run_that_knows_an_older_night_is_refused)
{
    night late;
    hd_change_counts counts;
    night_publish(20260101, "R1", &county, persons);
    night_begin(&late, 20260102, "R3", &county, "");
    night_publish(20260102, "R2", &county, persons);
    cr_expect_eq(night_publish_run(&late, &counts), HD_STORE);
    night_expect_counts(counts, (hd_change_counts){0});
    const char *text = late.mini.ctx.frames[0].text;
    cr_expect(strstr(text, "another run published into store"), "%s", text);
    night_expect("SELECT id FROM run ORDER BY id", "R1\nR2\n");
    night_end(&late);
}

Test(publish, what_a_steward_wrote_is_not_touched)
{
    night_publish(20260101, "R1", &county, persons);
    night_run_sql("INSERT INTO decision (decision_id, what) VALUES ('d1', 'same')");
    night_publish(20260102, "R2", &county, "");
    night_expect("SELECT decision_id, what FROM decision", "d1|same\n");
}

Test(publish, a_field_that_is_no_longer_mapped_is_emptied)
{
    night_publish(20260101, "R1", &county, persons);
    night_run_sql("ALTER TABLE mention ADD COLUMN suburb TEXT;"
                  "UPDATE mention SET suburb = 'x'; CREATE VIEW own AS SELECT suburb, value FROM "
                  "mention JOIN person_value USING (person_id)");
    night_publish(20260102, "R2", &county, persons);
    night_expect("SELECT count(suburb), count(*) FROM mention", "0|5\n");
    night_expect("SELECT DISTINCT suburb FROM own", "\n");
}

Test(publish, a_field_that_is_new_gets_its_column)
{
    night_publish(20260101, "R1", &county, persons);
    night_run_sql("DROP INDEX mention_by_person; ALTER TABLE mention RENAME TO was;"
                  "CREATE TABLE mention (source TEXT NOT NULL, record_id TEXT NOT NULL, role TEXT "
                  "NOT NULL, person_id TEXT, PRIMARY KEY (source, record_id, role)) WITHOUT ROWID;"
                  "INSERT INTO mention SELECT source, record_id, role, person_id FROM was");
    hd_change_counts counts = night_publish(20260101, "R2", &county, persons);
    night_expect_counts(counts, (hd_change_counts){.updated = 5});
    night_expect("SELECT name FROM mention WHERE record_id = 'h2'", "李娜\n");
    night_expect("SELECT value FROM person_value WHERE record_id = 'h2' AND field = 'name'",
                 "李娜\n");
}

Test(publish, a_field_cannot_be_called_like_a_column)
{
    night n;
    night_files files = {.household = "h1,张伟,,,,,,\n",
                         .fields = "fields:\n  written: {kind: text}\n",
                         .mapping = ", written: phone"};
    night_begin(&n, 20260101, "R1", &files, "");
    hd_change_counts counts;
    hd_ctx *ctx = &n.mini.ctx;
    cr_expect_eq(night_publish_run(&n, &counts), HD_CONFIG);
    cr_expect_str_eq(ctx->frames[0].text, "two columns of table mention have the name \"written\"");
    cr_expect_str_eq(ctx->hint, "call the field otherwise");
    cr_expect_neq(access(night_path("county.db"), F_OK), 0);
    night_end(&n);
}
