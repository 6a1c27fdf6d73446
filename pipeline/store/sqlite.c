/* The store in SQLite: which file, whether it is ours, and its transactions. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "pipeline/io/file.h"
#include "pipeline/store/sqlite_private.h"

enum { APPLICATION = 0x68647569 }; /* "hdui": PRAGMA application_id */

hd_store *hd_store_sqlite_new(void)
{
    hd_sqlite_store *s = hd_alloc_zero(1, sizeof *s);
    s->base.kind = &hd_store_sqlite;
    s->base.prefix = "";
    s->lock_fd = -1;
    return &s->base;
}

/* ---- the file ---- */

/* Made by us, so that nobody else may read it; journals get the same permissions from SQLite. */
static hd_status create_file(hd_ctx *ctx, hd_sqlite_store *s)
{
    int fd = open(s->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno != EEXIST)
        return HD_FAIL(ctx, errno == ENOSPC || errno == EDQUOT ? HD_SPACE : HD_STORE,
                       "cannot write store %s: %s", s->base.shown, strerror(errno));
    s->is_created = fd >= 0;
    if (fd >= 0)
        close(fd);
    return HD_OK;
}

/* SQLite's own lock is for the time of a transaction: between reading the last run and writing this
 * one, runs from other folders would have their turn. By one name, whatever path leads to the file;
 * who has it may be about to fill the file that we made. */
static hd_status take_lock(hd_ctx *ctx, hd_sqlite_store *s)
{
    char *real = realpath(s->path, NULL);
    const char *path = hd_arena_printf(&s->base.arena, "%s-lock", real ? real : s->path).ptr;
    free(real);
    hd_status status = hd_file_lock(ctx, path, s->base.shown, &s->lock_fd);
    if (status == HD_LOCKED)
        s->is_created = false;
    return status;
}

static hd_status check_store(hd_ctx *ctx, hd_sqlite_store *s)
{
    int64_t application, schema, n_objects;
    HD_TRY(hd_db_integer(ctx, s->db, "PRAGMA application_id", &application));
    HD_TRY(hd_db_integer(ctx, s->db, "PRAGMA user_version", &schema));
    HD_TRY(hd_db_integer(ctx, s->db, "SELECT count(*) FROM sqlite_master", &n_objects));
    s->base.is_new = n_objects == 0 && application == 0;
    if (s->base.is_new)
        return HD_OK;
    if (application != APPLICATION) {
        hd_hint(ctx, "`store:` must name a SQLite file that hedui made, or none yet");
        return HD_FAIL(ctx, HD_STORE, "%s is a SQLite file, but not a store of hedui",
                       s->base.shown);
    }
    if (schema > HD_STORE_SCHEMA) {
        hd_hint(ctx, "use the hedui that wrote it, or a later one");
        return HD_FAIL(ctx, HD_STORE, "store %s has schema %lld, this hedui knows schema %d",
                       s->base.shown, (long long)schema, HD_STORE_SCHEMA);
    }
    return HD_OK;
}

/* New pages need no journal: in a store that is empty a rollback journal costs nothing, where a
 * write-ahead log would write all twice. Once it has rows, readers must not wait for a run. Rows
 * are added at the end, for which a small cache is as good as a large one. */
static const char *settings(hd_store_use use, bool is_new)
{
    if (use == HD_STORE_READ)
        return "PRAGMA cache_size=-16384";
    if (is_new)
        return "PRAGMA page_size=8192; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;"
               "PRAGMA threads=4";
    return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536";
}

static hd_status open_store(hd_ctx *ctx, hd_store *store, bool *exists)
{
    hd_sqlite_store *s = hd_sqlite_of(store);
    struct stat st;
    s->path = hd_ruleset_path(&store->arena, store->ruleset, store->ruleset->store).ptr;
    store->shown = hd_arena_str(&store->arena, store->ruleset->store).ptr;
    *exists = store->use == HD_STORE_WRITE || stat(s->path, &st) == 0 || errno != ENOENT;
    if (!*exists)
        return HD_OK;
    if (store->use == HD_STORE_WRITE) {
        HD_TRY(create_file(ctx, s));
        HD_TRY(take_lock(ctx, s));
    }
    hd_db_use use = store->use == HD_STORE_WRITE ? HD_DB_WRITE : HD_DB_READ;
    HD_TRY(hd_db_open(ctx, s->path, store->shown, use, &s->db));
    HD_TRY(check_store(ctx, s));
    *exists = store->use == HD_STORE_WRITE || !store->is_new;
    return hd_db_run(ctx, s->db, settings(store->use, store->is_new));
}

static void close_store(hd_store *store)
{
    hd_sqlite_store *s = hd_sqlite_of(store);
    hd_db_close(s->db);
    s->db = NULL;
    if (s->is_created)
        unlink(s->path);
    s->is_created = false;
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    s->lock_fd = -1;
}

static bool never_lost(const hd_store *store)
{
    (void)store;
    return false;
}

/* ---- reading ---- */

/* Inside a transaction that is being written, reading is a part of it. */
static hd_status read_begin(hd_ctx *ctx, hd_store *store)
{
    return store->run_id.ptr ? HD_OK : hd_db_run(ctx, hd_sqlite_of(store)->db, "BEGIN");
}

static void read_end(hd_store *store)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    if (!store->run_id.ptr)
        (void)hd_db_run(&ctx, hd_sqlite_of(store)->db, "COMMIT"); /* nothing was written */
}

typedef struct sqlite_rows {
    hd_stored base;
    hd_query *query;
    uint32_t n_columns;
} sqlite_rows;

static hd_status next_row(hd_ctx *ctx, hd_stored *stored, hd_cell *cells, bool *more)
{
    sqlite_rows *rows = (sqlite_rows *)stored;
    HD_TRY(hd_query_next(ctx, rows->query, more));
    if (*more)
        hd_query_row(rows->query, cells, rows->n_columns);
    return HD_OK;
}

static void close_rows(hd_stored *stored)
{
    hd_query_close(((sqlite_rows *)stored)->query);
    hd_free(stored);
}

static hd_status select_rows(hd_ctx *ctx, hd_store *store, const char *sql,
                             const hd_cell_type *types, uint32_t n_columns, hd_stored **out)
{
    hd_query *query;
    (void)types; /* SQLite's values know theirs */
    HD_TRY(hd_query_open(ctx, hd_sqlite_of(store)->db, sql, &query));
    sqlite_rows *rows = hd_alloc(sizeof *rows);
    *rows = (sqlite_rows){{next_row, close_rows}, query, n_columns};
    *out = &rows->base;
    return HD_OK;
}

/* ---- writing ---- */

static hd_status run_sql(hd_ctx *ctx, hd_store *store, const char *sql)
{
    return hd_db_run(ctx, hd_sqlite_of(store)->db, sql);
}

static hd_status begin_plain(hd_ctx *ctx, hd_store *store)
{
    return run_sql(ctx, store, "BEGIN IMMEDIATE");
}

static hd_status begin(hd_ctx *ctx, hd_store *store)
{
    char sql[96];
    snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%d", APPLICATION,
             HD_STORE_SCHEMA);
    HD_TRY(begin_plain(ctx, store));
    HD_TRY(run_sql(ctx, store, sql));
    return hd_sqlite_align(ctx, store);
}

/* From the first run on readers see the last published run while the next is written. Where that
 * cannot be set now, as a reader is in the way, the next run sets it. */
static hd_status commit(hd_ctx *ctx, hd_store *store)
{
    HD_TRY(run_sql(ctx, store, "COMMIT"));
    hd_sqlite_of(store)->is_created = false;
    store->run_id = HD_STR_NULL;
    if (store->is_new && run_sql(ctx, store, "PRAGMA journal_mode=WAL") != HD_OK)
        hd_ctx_clear(ctx);
    return HD_OK;
}

const hd_store_kind hd_store_sqlite = {
    .open = open_store,
    .close = close_store,
    .lost = never_lost,
    .read_begin = read_begin,
    .read_end = read_end,
    .columns = hd_sqlite_columns,
    .select = select_rows,
    .begin = begin,
    .writer_open = hd_sqlite_writer,
    .finish = hd_sqlite_finish,
    .commit = commit,
    .begin_plain = begin_plain,
    .run = run_sql,
    .take_back = hd_sqlite_take_back,
};
