#include "pipeline/io/sqlite.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "base/mem.h"

enum { WAIT_MS = 60000 };

struct hd_db {
    sqlite3 *handle;
    const char *shown, *doing;
};

struct hd_query {
    hd_db *db;
    sqlite3_stmt *statement;
};

/* ---- failures ---- */

/* SQLite itself knows ENOSPC, but not a quota or a limit on files. Where it does not keep the
 * number of the failed call (at COMMIT), errno still does. */
static bool is_full(const hd_db *db, int code, int last_errno)
{
    int error = sqlite3_system_errno(db->handle);
    if (error == 0)
        error = last_errno;
    return code == SQLITE_FULL || code == SQLITE_NOMEM ||
           (code == SQLITE_IOERR && (error == ENOSPC || error == EDQUOT || error == EFBIG));
}

/* What readers and writer share is mapped into memory, too: where there is none SQLite calls it an
 * input or output error. */
static void check_memory(const hd_db *db, int last_errno)
{
    int code = sqlite3_extended_errcode(db->handle);
    if (code == SQLITE_IOERR_NOMEM || (code == SQLITE_IOERR_SHMMAP && last_errno == ENOMEM) ||
        ((code & 0xFF) == SQLITE_IOERR && sqlite3_system_errno(db->handle) == ENOMEM))
        hd_mem_exhausted("store %s", db->shown);
}

static hd_status fail(hd_ctx *ctx, const hd_db *db)
{
    int last_errno = errno, code = sqlite3_errcode(db->handle) & 0xFF;
    check_memory(db, last_errno);
    hd_status status = is_full(db, code, last_errno) ? HD_SPACE : HD_STORE;
    if (status == HD_SPACE)
        hd_hint(ctx, "make room on its disk and start again; nothing was changed");
    else if (code == SQLITE_BUSY)
        hd_hint(ctx, "another program writes to it; end that one, or wait");
    else if (code == SQLITE_NOTADB)
        hd_hint(ctx, "`store:` must name a SQLite file that hedui made, or none yet");
    return HD_FAIL(ctx, status, "cannot %s store %s: %s", db->doing, db->shown,
                   sqlite3_errmsg(db->handle));
}

/* ---- database ---- */

hd_status hd_db_open(hd_ctx *ctx, const char *path, const char *shown, hd_db_use use, hd_db **out)
{
    hd_db *db = hd_alloc_zero(1, sizeof *db);
    db->shown = shown;
    db->doing = use == HD_DB_WRITE ? "write" : "read";
    int rc = sqlite3_open_v2(path, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (!db->handle)
        hd_mem_exhausted("a connection to the store");
    if (rc != SQLITE_OK) {
        hd_status status = fail(ctx, db);
        hd_db_close(db);
        return status;
    }
    sqlite3_busy_timeout(db->handle, WAIT_MS);
    *out = db;
    return HD_OK;
}

void hd_db_close(hd_db *db)
{
    if (!db)
        return;
    int rc = sqlite3_close(db->handle);
    HD_ASSERT(rc == SQLITE_OK); /* else a query was not closed */
    hd_free(db);
}

hd_status hd_db_run(hd_ctx *ctx, hd_db *db, const char *sql)
{
    if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        return fail(ctx, db);
    return HD_OK;
}

hd_status hd_db_integer(hd_ctx *ctx, hd_db *db, const char *sql, int64_t *out)
{
    hd_query *query = NULL;
    bool more = false;
    *out = 0;
    HD_TRY(hd_query_open(ctx, db, sql, &query));
    hd_status status = hd_query_next(ctx, query, &more);
    if (more)
        *out = sqlite3_column_int64(query->statement, 0);
    hd_query_close(query);
    return status;
}

uint64_t hd_db_changed_rows(const hd_db *db)
{
    return (uint64_t)sqlite3_changes64(db->handle);
}

/* ---- queries ---- */

hd_status hd_query_open(hd_ctx *ctx, hd_db *db, const char *sql, hd_query **out)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
        SQLITE_OK)
        return fail(ctx, db);
    hd_query *query = hd_alloc(sizeof *query);
    *query = (hd_query){db, statement};
    *out = query;
    return HD_OK;
}

void hd_query_close(hd_query *query)
{
    if (!query)
        return;
    sqlite3_finalize(query->statement);
    hd_free(query);
}

void hd_query_bind(hd_query *query, uint32_t first, const hd_cell *cells, uint32_t n)
{
    sqlite3_stmt *statement = query->statement;
    int rc = SQLITE_OK;
    for (uint32_t i = 0; i < n && rc == SQLITE_OK; i++) {
        int parameter = (int)(first + i + 1);
        switch (cells[i].type) {
        case HD_CELL_NULL:
            rc = sqlite3_bind_null(statement, parameter);
            break;
        case HD_CELL_TEXT:
            rc = sqlite3_bind_text(statement, parameter, cells[i].text.ptr,
                                   (int)cells[i].text.len_bytes, SQLITE_STATIC);
            break;
        case HD_CELL_INTEGER:
            rc = sqlite3_bind_int64(statement, parameter, cells[i].integer);
            break;
        case HD_CELL_REAL:
            rc = sqlite3_bind_double(statement, parameter, cells[i].real);
            break;
        }
    }
    HD_ASSERT(rc == SQLITE_OK);
}

hd_status hd_query_run(hd_ctx *ctx, hd_query *query)
{
    int rc = sqlite3_step(query->statement);
    hd_status status = rc == SQLITE_DONE ? HD_OK : fail(ctx, query->db);
    sqlite3_reset(query->statement);
    return status;
}

hd_status hd_query_next(hd_ctx *ctx, hd_query *query, bool *more)
{
    int rc = sqlite3_step(query->statement);
    *more = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW)
        return HD_OK;
    hd_status status = rc == SQLITE_DONE ? HD_OK : fail(ctx, query->db);
    sqlite3_reset(query->statement);
    return status;
}

static hd_cell column(sqlite3_stmt *statement, int i)
{
    switch (sqlite3_column_type(statement, i)) {
    case SQLITE_NULL:
        return (hd_cell){0};
    case SQLITE_INTEGER:
        return hd_cell_integer(sqlite3_column_int64(statement, i));
    case SQLITE_FLOAT:
        return (hd_cell){.type = HD_CELL_REAL, .real = sqlite3_column_double(statement, i)};
    default: {
        const char *ptr = (const char *)sqlite3_column_text(statement, i);
        if (!ptr)
            hd_mem_exhausted("a value of the store");
        return hd_cell_text((hd_str){ptr, (uint32_t)sqlite3_column_bytes(statement, i)});
    }
    }
}

void hd_query_row(hd_query *query, hd_cell *cells, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        cells[i] = column(query->statement, (int)i);
}
