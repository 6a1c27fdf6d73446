#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "night.h"

TestSuite(store, .init = nights_begin, .fini = nights_end);

static const night_files county = {.household = "h1,张伟,,19491231,,,,\nh2,李娜,,19800102,,,,\n",
                                   .resident = "r1,张伟,,19491231,,,\n"};
static const char persons[] = "household/h1/self resident/r1/self";

static char *file_bytes(const char *name)
{
    char *text = calloc(1, 64);
    FILE *file = fopen(night_path(name), "rb");
    cr_assert_not_null(file);
    cr_assert(fread(text, 1, 63, file) < 63);
    fclose(file);
    return text;
}

static void write_text(const char *name, const char *text)
{
    FILE *file = fopen(night_path(name), "wb");
    cr_assert_not_null(file);
    cr_assert(fputs(text, file) >= 0 && fclose(file) == 0);
}

static void expect_failure(hd_status status, const hd_ctx *ctx, hd_status code, const char *text,
                           const char *hint)
{
    cr_expect_eq(status, code);
    cr_expect_str_eq(ctx->frames[0].text, text);
    cr_expect_str_eq(ctx->hint, hint);
}

/* Publishes a night that was prepared while there was no store. */
static hd_status publish(night *n)
{
    hd_change_counts counts = {1, 1, 1};
    hd_status status = night_publish_run(n, &counts);
    if (status != HD_OK)
        night_expect_counts(counts, (hd_change_counts){0});
    return status;
}

/* ---- the file ---- */

Test(store, has_what_a_reader_needs_and_nobody_else_may_read_it)
{
    struct stat st;
    night_publish(20260101, "R1", &county, persons);
    cr_assert_eq(stat(night_path("county.db"), &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0600);
    night_expect("PRAGMA journal_mode", "wal\n");
    night_expect("PRAGMA application_id", "1751414121\n");
    night_expect("PRAGMA user_version", "2\n");
    night_expect("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
                 "ORDER BY name",
                 "discrepancy_by_owner\ndiscrepancy_by_person\nmention_by_person\n"
                 "person_by_id_number\nperson_by_name\nrelation_by_other\nundo_by_run\n");
    night_expect("PRAGMA integrity_check", "ok\n");
}

Test(store, a_person_is_found_without_reading_all)
{
    night_publish(20260101, "R1", &county, persons);
    sqlite3 *db = night_open_store();
    hd_buf plan = night_ask(db, "EXPLAIN QUERY PLAN SELECT * FROM person_value "
                                "WHERE person_id = 'x'");
    cr_expect(strstr(plan.ptr, "USING INDEX mention_by_person"), "%s", plan.ptr);
    cr_expect_null(strstr(plan.ptr, "SCAN mention"), "%s", plan.ptr);
    hd_buf_release(&plan);
    sqlite3_close(db);
}

Test(store, values_with_quotes_and_line_ends_are_kept)
{
    night_files odd = {.household = "\"h\"\"1'\",张伟,,,,,\"a \"\"b\"\"\nc'\\d\",\n"};
    night_publish(20260101, "R1", &odd, "");
    night_expect("SELECT record_id FROM mention", "h\"1'\n");
    night_expect("SELECT json_extract(written, '$.address') FROM mention", "a \"b\"\nc'\\d\n");
    hd_change_counts counts = night_publish(20260101, "R2", &odd, "");
    night_expect_counts(counts, (hd_change_counts){0});
}

/* ---- what is no store ---- */

Test(store, another_file_is_refused_and_left_alone)
{
    night n;
    night_begin(&n, 20260101, "R1", &county, persons);
    write_text("county.db", "id,name\n1,no database at all, longer than it should be");
    char expected[256];
    snprintf(expected, sizeof expected, "cannot write store %s: file is not a database",
             night_path("county.db"));
    expect_failure(publish(&n), &n.mini.ctx, HD_STORE, expected,
                   "`store:` must name a SQLite file that hedui made, or none yet");
    char *left = file_bytes("county.db");
    cr_expect_str_eq(left, "id,name\n1,no database at all, longer than it should be");
    free(left);
    night_end(&n);
}

Test(store, another_program_s_database_is_refused)
{
    night n;
    night_begin(&n, 20260101, "R1", &county, persons);
    sqlite3 *db;
    cr_assert_eq(sqlite3_open(night_path("county.db"), &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, "CREATE TABLE person (x)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    char expected[256];
    snprintf(expected, sizeof expected, "%s is a SQLite file, but not a store of hedui",
             night_path("county.db"));
    expect_failure(publish(&n), &n.mini.ctx, HD_STORE, expected,
                   "`store:` must name a SQLite file that hedui made, or none yet");
    hd_ctx_clear(&n.mini.ctx);
    hd_previous previous;
    expect_failure(night_read_previous(&n, &previous), &n.mini.ctx, HD_STORE, expected,
                   "`store:` must name a SQLite file that hedui made, or none yet");
    night_end(&n);
}

Test(store, a_later_schema_is_refused)
{
    night n;
    night_publish(20260101, "R1", &county, persons);
    night_begin(&n, 20260102, "R2", &county, persons);
    night_run_sql("PRAGMA user_version = 3");
    char expected[256];
    snprintf(expected, sizeof expected, "store %s has schema 3, this hedui knows schema 2",
             night_path("county.db"));
    expect_failure(publish(&n), &n.mini.ctx, HD_STORE, expected,
                   "use the hedui that wrote it, or a later one");
    night_end(&n);
}

/* ---- what cannot be written ---- */

Test(store, a_folder_that_is_not_there)
{
    night n;
    night_begin(&n, 20260101, "R1", &county, persons);
    n.mini.ruleset->store = HD_STR("nowhere/county.db");
    expect_failure(publish(&n), &n.mini.ctx, HD_STORE,
                   "cannot write store nowhere/county.db: No such file or directory", "");
    night_end(&n);
}

Test(store, a_folder_in_its_place)
{
    night n;
    night_begin(&n, 20260101, "R1", &county, persons);
    cr_assert_eq(mkdir(night_path("county.db"), 0700), 0);
    char expected[256];
    snprintf(expected, sizeof expected, "cannot write store %s: unable to open database file",
             night_path("county.db"));
    expect_failure(publish(&n), &n.mini.ctx, HD_STORE, expected, "");
    night_end(&n);
}

/* Permissions do not stop root, so root tries as nobody, in a process of its own. */
Test(store, a_file_that_may_not_be_written)
{
    night n;
    night_publish(20260101, "R1", &county, persons);
    night_begin(&n, 20260102, "R2", &county, "");
    cr_assert_eq(chmod(night_folder, 0555), 0);
    cr_assert_eq(chmod(night_path("county.db"), 0444), 0);
    cr_assert_eq(chmod(night_path("county.db-lock"), 0666), 0);
    pid_t pid = fork();
    if (pid == 0) {
        bool is_nobody = getuid() != 0 || setresuid(65534, 65534, 65534) == 0;
        hd_status status = is_nobody ? publish(&n) : HD_BUG;
        const char *text = n.mini.ctx.frames[0].text;
        _exit(strncmp(text, "cannot write store ", 19) == 0 ? (int)status : 99);
    }
    int status;
    waitpid(pid, &status, 0);
    cr_assert(WIFEXITED(status));
    cr_expect_eq(WEXITSTATUS(status), HD_STORE, "%d", WEXITSTATUS(status));
    cr_assert_eq(chmod(night_folder, 0700), 0);
    night_expect("SELECT id FROM run", "R1\n");
    night_end(&n);
}

Test(store, is_written_by_one_process)
{
    night n;
    hd_store *store, *other;
    night_publish(20260101, "R1", &county, persons);
    night_begin(&n, 20260102, "R2", &county, "");
    hd_ctx *ctx = &n.mini.ctx;
    cr_assert_eq(symlink(night_path("county.db"), night_path("other.db")), 0);
    cr_assert_eq(hd_store_open(ctx, n.mini.ruleset, HD_STORE_WRITE, &store), HD_OK);
    n.mini.ruleset->store = hd_str_from(night_path("other.db"));
    cr_expect_eq(hd_store_open(ctx, n.mini.ruleset, HD_STORE_WRITE, &other), HD_LOCKED);
    cr_expect_null(other);
    cr_expect_eq(hd_store_open(ctx, n.mini.ruleset, HD_STORE_READ, &other), HD_OK);
    hd_store_close(other);
    hd_store_close(store);
    cr_expect_eq(hd_store_open(ctx, n.mini.ruleset, HD_STORE_WRITE, &store), HD_OK);
    hd_store_close(store);
    night_end(&n);
}

/* In a process of its own, as a limit cannot be lifted again; its exit code is the status. */
static int publish_with_room(night *n, rlim_t bytes, char *message, size_t size_bytes)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){bytes, bytes});
        hd_status status = publish(n);
        const char *text = n->mini.ctx.frames[0].text;
        _exit(write(ends[1], text, strlen(text)) < 0 ? 99 : (int)status);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], message, size_bytes - 1);
    message[got > 0 ? got : 0] = '\0';
    close(ends[0]);
    int status;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Test(store, no_room_leaves_nothing_behind)
{
    night n;
    char message[256], expected[256];
    night_begin(&n, 20260101, "R1", &county, persons);
    int code = publish_with_room(&n, 20000, message, sizeof message);
    cr_expect_eq(code, HD_SPACE, "%d %s", code, message);
    snprintf(expected, sizeof expected, "cannot write store %s: disk I/O error",
             night_path("county.db"));
    cr_expect_str_eq(message, expected);
    cr_expect_neq(access(night_path("county.db"), F_OK), 0);
    night_end(&n);
}

Test(store, no_room_leaves_what_was_published)
{
    night n;
    char message[256];
    night_publish(20260101, "R1", &county, persons);
    night_begin(&n, 20260102, "R2", &county, "");
    cr_expect_eq(publish_with_room(&n, 10000, message, sizeof message), HD_SPACE);
    night_expect("SELECT count(*) FROM person", "2\n");
    night_expect("SELECT id FROM run", "R1\n");
    night_end(&n);
}

/* Killed in the middle of its first transaction: pages are in the file, the journal is hot. */
Test(store, a_killed_first_night_counts_as_none)
{
    night n;
    night_begin(&n, 20260101, "R1", &county, persons);
    pid_t pid = fork();
    if (pid == 0) {
        sqlite3 *db;
        sqlite3_open(night_path("county.db"), &db);
        sqlite3_exec(db,
                     "PRAGMA cache_size = 1; BEGIN; PRAGMA application_id = 1751414121;"
                     "CREATE TABLE person (x); INSERT INTO person VALUES (zeroblob(100000));"
                     "INSERT INTO person VALUES (zeroblob(100000))",
                     NULL, NULL, NULL);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    cr_assert_eq(access(night_path("county.db-journal"), F_OK), 0);
    hd_previous previous;
    cr_assert_eq(night_read_previous(&n, &previous), HD_OK);
    cr_expect_eq(previous.n, 0);
    hd_previous_release(&previous);
    cr_assert_eq(publish(&n), HD_OK, "%s", n.mini.ctx.frames[0].text);
    night_expect("SELECT count(*) FROM person", "2\n");
    night_end(&n);
}

/* ---- who reads meanwhile ---- */

Test(store, a_reader_keeps_what_it_began_with)
{
    night_publish(20260101, "R1", &county, persons);
    sqlite3 *db = night_open_store();
    sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    hd_buf before = night_ask(db, "SELECT count(*) FROM person");
    night_publish(20260102, "R2", &county, "");
    hd_buf after = night_ask(db, "SELECT count(*) FROM person");
    cr_expect_str_eq(before.ptr, "2\n");
    cr_expect_str_eq(after.ptr, "2\n");
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    hd_buf now = night_ask(db, "SELECT count(*) FROM person");
    cr_expect_str_eq(now.ptr, "3\n");
    hd_buf_release(&before);
    hd_buf_release(&after);
    hd_buf_release(&now);
    sqlite3_close(db);
}

typedef struct watcher {
    bool stop; /* guarded by the atomic built-ins */
    unsigned n_old, n_new, n_other;
} watcher;

static void *watch(void *arg)
{
    watcher *w = arg;
    sqlite3 *db = night_open_store();
    while (!__atomic_load_n(&w->stop, __ATOMIC_ACQUIRE)) {
        hd_buf is = night_ask(db, "SELECT (SELECT count(*) FROM person), (SELECT count(DISTINCT "
                                  "person_id) FROM person_link), (SELECT count(*) FROM run)");
        w->n_old += strcmp(is.ptr, "2|2|1\n") == 0;
        w->n_new += strcmp(is.ptr, "3|3|2\n") == 0;
        w->n_other += strcmp(is.ptr, "2|2|1\n") != 0 && strcmp(is.ptr, "3|3|2\n") != 0;
        hd_buf_release(&is);
    }
    sqlite3_close(db);
    return NULL;
}

Test(store, readers_see_the_old_night_or_the_new_one)
{
    watcher w = {0};
    pthread_t thread;
    night_publish(20260101, "R1", &county, persons);
    cr_assert_eq(pthread_create(&thread, NULL, watch, &w), 0);
    usleep(50000);
    night_publish(20260102, "R2", &county, "");
    usleep(50000);
    __atomic_store_n(&w.stop, true, __ATOMIC_RELEASE);
    pthread_join(thread, NULL);
    cr_expect_gt(w.n_old, 0);
    cr_expect_gt(w.n_new, 0);
    cr_expect_eq(w.n_other, 0);
}
