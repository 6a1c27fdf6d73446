/* The store in PostgreSQL: whether it is ours, its lock, its connections and transactions. */

#include <endian.h>
#include <time.h>

#include "base/mem.h"
#include "base/progress.h"
#include "pipeline/io/pg_copy.h"
#include "pipeline/store/migrations.h"
#include "pipeline/store/postgres_private.h"

enum { OLDEST_SERVER = 150000, GONE_SOON_MS = 700, LOCK_PAUSE_MS = 50 };

hd_store *hd_store_postgres_new(void)
{
    hd_postgres_store *s = hd_alloc_zero(1, sizeof *s);
    s->base.kind = &hd_store_postgres;
    s->base.prefix = "hedui.";
    return &s->base;
}

/* ---- opening ---- */

static hd_pg_place place_of(hd_store *store)
{
    const hd_database *database = &store->ruleset->store_database;
    const hd_waits *waits = &store->ruleset->waits;
    return (hd_pg_place){
        .conninfo = database->conninfo.ptr,
        .shown = hd_arena_printf(&store->arena, "store %s", database->conninfo.ptr).ptr,
        .tls_waiver = database->tls_waiver.ptr,
        .code = HD_STORE,
        .waits = {waits->connect, waits->retry, waits->lock, waits->statement, waits->idle}};
}

static hd_status check_server(hd_ctx *ctx, const hd_store *store, const hd_pg *pg)
{
    uint32_t version = hd_pg_version(pg);
    if (version < OLDEST_SERVER)
        return HD_FAIL(ctx, HD_STORE, "store %s is PostgreSQL %u; a store needs %d or later",
                       store->shown, version / 10000, OLDEST_SERVER / 10000);
    if (hd_pg_encoding_of(pg) != HD_PG_UTF8)
        return HD_FAIL(ctx, HD_STORE, "the database of store %s is not in UTF8", store->shown);
    return HD_OK;
}

static hd_status check_version(hd_ctx *ctx, hd_postgres_store *s, hd_pg *pg)
{
    int64_t version;
    HD_TRY(hd_pg_integer(ctx, pg, "SELECT max(version) FROM hedui.schema_version", &version));
    s->version = (uint32_t)version;
    if (s->version <= hd_n_migrations)
        return HD_OK;
    hd_hint(ctx, "use the hedui that wrote it, or a later one");
    return HD_FAIL(ctx, HD_STORE, "store %s has schema %u, this hedui knows schema %u",
                   s->base.shown, s->version, hd_n_migrations);
}

/* A schema of this name that holds something, but nothing of ours, is somebody else's. */
static hd_status check_schema(hd_ctx *ctx, hd_postgres_store *s, hd_pg *pg)
{
    int64_t is_ours, n_relations;
    HD_TRY(
        hd_pg_integer(ctx, pg,
                      "SELECT count(*) FROM pg_catalog.pg_class WHERE relname = 'schema_version' "
                      "AND relnamespace = to_regnamespace('hedui')",
                      &is_ours));
    s->base.is_new = !is_ours;
    if (is_ours)
        return check_version(ctx, s, pg);
    HD_TRY(hd_pg_integer(ctx, pg,
                         "SELECT count(*) FROM pg_catalog.pg_class "
                         "WHERE relnamespace = to_regnamespace('hedui')",
                         &n_relations));
    if (n_relations == 0)
        return HD_OK;
    hd_hint(ctx, "name another database, or rename that schema");
    return HD_FAIL(ctx, HD_STORE, "schema hedui of store %s was not made by hedui", s->base.shown);
}

/* A session outlives its client for a moment (pg_open.c says how long): that of a run that was
 * killed just now, or our own of before the connection was lost, which the server may still be
 * committing. */
static double lock_patience_seconds(const hd_postgres_store *s)
{
    double soon = GONE_SOON_MS / 1e3, retry = s->base.ruleset->waits.retry;
    return s->had_lock && retry > soon ? retry : soon;
}

static hd_status take_lock(hd_ctx *ctx, hd_postgres_store *s)
{
    double deadline = hd_clock_seconds() + lock_patience_seconds(s);
    bool got;
    HD_TRY(hd_pg_try_lock(ctx, s->write, HD_STR("store"), &got));
    while (!got && hd_clock_seconds() < deadline) {
        nanosleep(&(struct timespec){.tv_nsec = LOCK_PAUSE_MS * 1000000L}, NULL);
        HD_TRY(hd_pg_try_lock(ctx, s->write, HD_STR("store"), &got));
    }
    s->had_lock = s->had_lock || got;
    if (got)
        return HD_OK;
    hd_hint(ctx, "wait until it has ended; the lock goes with its session on the server");
    return HD_FAIL(ctx, HD_LOCKED, "another run writes to store %s", s->base.shown);
}

static hd_status open_store(hd_ctx *ctx, hd_store *store, bool *exists)
{
    hd_postgres_store *s = hd_postgres_of(store);
    bool writes = store->use == HD_STORE_WRITE;
    store->shown = store->ruleset->store_database.conninfo.ptr;
    hd_pg_place place = place_of(store);
    hd_pg **pg = writes ? &s->write : &s->read;
    HD_TRY(hd_pg_open(ctx, &place, writes ? HD_PG_WRITE : HD_PG_READ, pg));
    HD_TRY(check_server(ctx, store, *pg));
    if (writes)
        HD_TRY(take_lock(ctx, s));
    HD_TRY(check_schema(ctx, s, *pg));
    *exists = writes || !store->is_new;
    return HD_OK;
}

static void close_store(hd_store *store)
{
    hd_postgres_store *s = hd_postgres_of(store);
    for (int i = 1; i < HD_POSTGRES_LANES_MAX; i++)
        hd_pg_close(s->lane[i]);
    memset(s->lane, 0, sizeof s->lane);
    hd_postgres_apart_drop(s);
    hd_pg_close(s->write);
    hd_pg_close(s->read);
    s->write = s->read = NULL;
    s->reading = false;
    store->run_id = HD_STR_NULL;
}

static bool is_lost(const hd_store *store)
{
    const hd_postgres_store *s = (const hd_postgres_store *)store;
    bool lost = (s->write && hd_pg_lost(s->write)) || (s->read && hd_pg_lost(s->read));
    for (int i = 1; i < HD_POSTGRES_LANES_MAX; i++)
        lost = lost || (s->lane[i] && hd_pg_lost(s->lane[i]));
    return lost;
}

/* ---- reading ---- */

static hd_status read_begin(hd_ctx *ctx, hd_store *store)
{
    hd_postgres_store *s = hd_postgres_of(store);
    if (!s->read) {
        hd_pg_place place = place_of(store);
        HD_TRY(hd_pg_open(ctx, &place, HD_PG_READ, &s->read));
    }
    HD_TRY(hd_pg_run(ctx, s->read, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    s->reading = true;
    return HD_OK;
}

static void read_end(hd_store *store)
{
    hd_ctx ctx;
    hd_postgres_store *s = hd_postgres_of(store);
    hd_ctx_init(&ctx, 1);
    if (s->reading)
        (void)hd_pg_run(&ctx, s->read, "ROLLBACK"); /* nothing was written */
    s->reading = false;
}

typedef struct postgres_rows {
    hd_stored base;
    hd_pg_copy *copy;
    const char *shown;
    uint32_t n_columns;
    hd_cell_type types[HD_TABLE_COLUMNS_MAX];
    hd_str values[HD_TABLE_COLUMNS_MAX];
} postgres_rows;

static bool take_cell(hd_cell_type type, hd_str value, hd_cell *out)
{
    uint64_t big;
    *out = (hd_cell){0};
    if (!value.ptr)
        return true;
    if (type == HD_CELL_TEXT) {
        *out = hd_cell_text(value);
        return true;
    }
    if (value.len_bytes != sizeof big)
        return false;
    memcpy(&big, value.ptr, sizeof big);
    big = be64toh(big);
    out->type = type;
    if (type == HD_CELL_INTEGER)
        out->integer = (int64_t)big;
    else
        memcpy(&out->real, &big, sizeof big);
    return true;
}

static hd_status next_row(hd_ctx *ctx, hd_stored *stored, hd_cell *cells, bool *more)
{
    postgres_rows *rows = (postgres_rows *)stored;
    HD_TRY(hd_pg_copy_next(ctx, rows->copy, rows->values, more));
    for (uint32_t i = 0; *more && i < rows->n_columns; i++) {
        if (!take_cell(rows->types[i], rows->values[i], &cells[i]))
            return HD_FAIL(
                ctx, HD_STORE,
                "store %s is not as hedui made it: column %u of a query has another type",
                rows->shown, i + 1);
    }
    return HD_OK;
}

static void close_rows(hd_stored *stored)
{
    hd_pg_copy_close(((postgres_rows *)stored)->copy);
    hd_free(stored);
}

static hd_status select_rows(hd_ctx *ctx, hd_store *store, const char *sql,
                             const hd_cell_type *types, uint32_t n_columns, hd_stored **out)
{
    hd_postgres_store *s = hd_postgres_of(store);
    hd_pg_copy *copy;
    hd_buf text = {0};
    hd_buf_addf(&text, "COPY (%s) TO STDOUT (FORMAT binary)", sql);
    hd_status status = hd_pg_copy_open(ctx, s->reading ? s->read : hd_postgres_asked(s), text.ptr,
                                       n_columns, &copy);
    hd_buf_release(&text);
    HD_TRY(status);
    postgres_rows *rows = hd_alloc_zero(1, sizeof *rows);
    rows->base = (hd_stored){next_row, close_rows};
    rows->copy = copy;
    rows->shown = store->shown;
    rows->n_columns = n_columns;
    memcpy(rows->types, types, n_columns * sizeof *types);
    *out = &rows->base;
    return HD_OK;
}

/* ---- writing ---- */

static hd_status run_sql(hd_ctx *ctx, hd_store *store, const char *sql)
{
    return hd_pg_run(ctx, hd_postgres_of(store)->write, sql);
}

static hd_status begin_plain(hd_ctx *ctx, hd_store *store)
{
    return run_sql(ctx, store, "BEGIN");
}

/* As many as there are threads. A server that has no more sessions for us is written to by fewer.
 */
static void open_lanes(hd_ctx *ctx, hd_postgres_store *s)
{
    hd_pg_place place = place_of(&s->base);
    uint32_t *n = &s->base.n_lanes;
    while (*n < HD_POSTGRES_LANES_MAX && *n < ctx->n_threads &&
           hd_pg_open(ctx, &place, HD_PG_WRITE, &s->lane[*n]) == HD_OK)
        ++*n;
    hd_ctx_clear(ctx);
}

static hd_status begin(hd_ctx *ctx, hd_store *store)
{
    hd_postgres_store *s = hd_postgres_of(store);
    memset(s->is_fresh, 0, sizeof s->is_fresh);
    s->lane[0] = s->write;
    s->schema = "hedui";
    if (store->is_new)
        HD_TRY(hd_postgres_apart_begin(ctx, s));
    if (s->is_apart) {
        open_lanes(ctx, s);
        return HD_OK;
    }
    HD_TRY(hd_postgres_migrate(ctx, s));
    HD_TRY(run_sql(ctx, store, "BEGIN; SET LOCAL maintenance_work_mem TO '256MB'"));
    return hd_postgres_create(ctx, s);
}

static hd_status commit(hd_ctx *ctx, hd_store *store)
{
    HD_TRY(run_sql(ctx, store, "COMMIT"));
    hd_postgres_of(store)->is_apart = false;
    store->run_id = HD_STR_NULL;
    return HD_OK;
}

const hd_store_kind hd_store_postgres = {
    .open = open_store,
    .close = close_store,
    .lost = is_lost,
    .read_begin = read_begin,
    .read_end = read_end,
    .columns = hd_postgres_columns,
    .select = select_rows,
    .begin = begin,
    .writer_open = hd_postgres_writer,
    .n_indexes = hd_postgres_n_indexes,
    .index = hd_postgres_index,
    .finish = hd_postgres_finish,
    .commit = commit,
    .begin_plain = begin_plain,
    .run = run_sql,
    .take_back = hd_postgres_take_back,
};
