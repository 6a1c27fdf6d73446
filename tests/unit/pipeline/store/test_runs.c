#include "night.h"

#include "pipeline/store/store.h"

TestSuite(runs, .init = nights_begin, .fini = nights_end);

static const night_files county = {.household = "h1,张伟,,19491231,,,,\nh2,李娜,,19800102,,,,\n",
                                   .resident = "r1,张伟,,19491231,,,\n"};
static const night_files more = {.household = "h1,张伟,,19491231,,,,13912340077\n",
                                 .resident = "r1,张伟,,19491231,,,\nr2,王芳,,,,,\n"};
static const char persons[] = "household/h1/self resident/r1/self";
static const char all[] = "SELECT person_id, name, phone, changed_run FROM person ORDER BY 1";

/* A store open beside the nights; the ruleset is that of a night. */
typedef struct opened {
    night n;
    hd_store *store;
    hd_arena arena;
} opened;

static void open_store(opened *o, hd_store_use use)
{
    *o = (opened){0};
    night_begin(&o->n, 20260109, "R9", &county, persons);
    cr_assert_eq(hd_store_open(&o->n.mini.ctx, o->n.mini.ruleset, use, &o->store), HD_OK);
}

static void close_store(opened *o)
{
    hd_store_close(o->store);
    hd_arena_release(&o->arena);
    night_end(&o->n);
}

static hd_status go_back(const char *run, char *why)
{
    opened o;
    open_store(&o, HD_STORE_WRITE);
    hd_status status = hd_store_rollback(&o.n.mini.ctx, o.store, hd_str_from(run));
    snprintf(why, HD_FRAME_BYTES, "%s", status == HD_OK ? "" : o.n.mini.ctx.frames[0].text);
    close_store(&o);
    return status;
}

static void expect_back(const char *run)
{
    char why[HD_FRAME_BYTES];
    cr_expect_eq(go_back(run, why), HD_OK, "%s", why);
}

static void expect_no_way(const char *run, const char *want)
{
    char why[HD_FRAME_BYTES];
    cr_expect_eq(go_back(run, why), HD_USAGE);
    cr_expect_str_eq(why, want);
}

static hd_buf asked(const char *sql)
{
    sqlite3 *db = night_open_store();
    hd_buf is = night_ask(db, sql);
    sqlite3_close(db);
    return is;
}

Test(runs, form_a_chain_that_ends_in_the_current_one)
{
    opened o;
    hd_stored_run *runs;
    uint32_t n;
    night_publish(20260101, "R1", &county, persons);
    night_publish(20260102, "R2", &more, persons);
    open_store(&o, HD_STORE_READ);
    cr_assert_eq(hd_store_read_begin(&o.n.mini.ctx, o.store), HD_OK);
    cr_assert_eq(hd_store_runs(&o.n.mini.ctx, o.store, &o.arena, &runs, &n), HD_OK);
    cr_assert_eq(n, 2);
    cr_expect_null(runs[0].previous.ptr);
    cr_expect_not(runs[0].can_undo);
    cr_expect_not(runs[0].current);
    cr_expect(hd_str_eq(runs[1].previous, HD_STR("R1")));
    cr_expect(runs[1].can_undo);
    cr_expect(runs[1].current);
    cr_expect(hd_str_eq(runs[1].as_of, HD_STR("2026-01-02")));
    cr_expect_gt(runs[1].changes.updated, 0);
    cr_expect_gt(runs[1].changes.deleted, 0);
    hd_store_read_end(o.store);
    close_store(&o);
}

Test(runs, tell_what_was_read)
{
    opened o;
    hd_stored_source *sources;
    uint32_t n;
    night_publish(20260101, "R1", &county, persons);
    open_store(&o, HD_STORE_READ);
    cr_assert_eq(hd_store_read_begin(&o.n.mini.ctx, o.store), HD_OK);
    cr_assert_eq(hd_store_run_sources(&o.n.mini.ctx, o.store, HD_STR("R1"), &o.arena, &sources, &n),
                 HD_OK);
    cr_assert_eq(n, 3);
    cr_expect(hd_str_eq(sources[0].source, HD_STR("household")));
    cr_expect_eq(sources[0].rows_read, 2);
    cr_expect_eq(sources[0].mentions, 2);
    cr_expect_null(sources[0].snapshot.ptr);
    hd_store_read_end(o.store);
    close_store(&o);
}

Test(runs, are_taken_back_one_after_the_other)
{
    night_publish(20260101, "R1", &county, persons);
    hd_buf first = asked(all);
    night_publish(20260102, "R2", &more, persons);
    hd_buf second = asked(all);
    night_publish(20260103, "R3", &county, "");
    cr_expect_str_neq(first.ptr, second.ptr);
    expect_back("R2");
    night_expect(all, second.ptr);
    night_expect("SELECT id, state FROM run", "R1|published\nR2|published\nR3|rolled back\n");
    expect_back("R1");
    night_expect(all, first.ptr);
    night_expect("SELECT count(*) FROM undo", "0\n");
    night_expect("SELECT DISTINCT run FROM person_history", "2026-01-01\n");
    hd_buf_release(&first);
    hd_buf_release(&second);
}

/* What was there before and what comes after go on as if the night had not been. */
Test(runs, a_night_after_the_way_back_follows_the_one_before)
{
    night_publish(20260101, "R1", &county, persons);
    night_publish(20260102, "R2", &more, persons);
    hd_buf second = asked(all);
    expect_back("R1");
    night_publish(20260102, "R3", &more, persons);
    night_expect(all, second.ptr);
    night_expect("SELECT id, previous_run FROM run WHERE state = 'published'", "R1|\nR3|R1\n");
    hd_buf_release(&second);
}

Test(runs, without_a_way_back_are_told_so)
{
    night_publish(20260101, "R1", &county, persons);
    night_publish(20260102, "R2", &more, persons);
    expect_no_way("R0", "there is no run R0 in the store");
    expect_no_way("R2", "run R2 is the current one");
    expect_back("R1");
    expect_no_way("R2", "run R2 was taken back itself");
}

Test(runs, the_last_seven_can_be_taken_back)
{
    char run[16];
    for (int i = 1; i <= 10; i++) {
        snprintf(run, sizeof run, "R%02d", i);
        night_publish(20260100 + i, run, i % 2 ? &county : &more, persons);
    }
    night_expect("SELECT count(DISTINCT run), min(run) FROM undo", "7|R04\n");
    night_expect("SELECT min(id) FROM run WHERE can_undo", "R04\n");
    expect_no_way("R02", "there is no way back to run R02: what run R03 changed is no longer kept");
    expect_back("R03");
    night_expect("SELECT count(*) FROM undo", "0\n");
}
