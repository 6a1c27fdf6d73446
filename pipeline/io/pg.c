#include "pipeline/io/pg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "pipeline/io/pg_private.h"

struct hd_pg_rows {
    PGresult *result;
};

/* ---- failures ---- */

static bool has_class(const char *state, const char *class)
{
    return strncmp(state, class, 2) == 0;
}

/* Messages of these classes speak of what the statement names and of the server; those of others,
 * as "invalid input syntax for type date", repeat values. */
static bool speaks_of_names(const char *state)
{
    static const char *const classes[] = {"08", "0A", "25", "28", "3D", "3F", "40",
                                          "42", "53", "54", "55", "57", "58"};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (has_class(state, classes[i]))
            return true;
    return false;
}

static bool ends_session(const char *state)
{
    return has_class(state, "08") || strcmp(state, "57P01") == 0 || strcmp(state, "57P02") == 0 ||
           strcmp(state, "57P03") == 0;
}

static bool is_full(const char *state)
{
    return strcmp(state, "53100") == 0 || strcmp(state, "53200") == 0;
}

static void hint_for(hd_ctx *ctx, const hd_pg *pg, const char *state)
{
    if (is_full(state))
        hd_hint(ctx, "make room on the server, then start again: nothing was changed");
    else if (strcmp(state, "55P03") == 0)
        hd_hint(ctx, "another session holds a lock; end it, or raise timeouts.lock");
    else if (strcmp(state, "57014") == 0)
        hd_hint(ctx, "it took longer than timeouts.statement, or was cancelled on the server");
    else if (strcmp(state, "42501") == 0 && pg->place.code == HD_SOURCE)
        hd_hint(ctx, "`hedui lint --grants` prints what the role must be granted");
    else if (strcmp(state, "42501") == 0)
        hd_hint(ctx, "run `hedui run` once as the role that owns schema hedui, then roles.sql: "
                     "docs/postgresql-roles.md");
}

/* The server's message is one line, in its own language; what follows it (DETAIL) shows rows. */
static void add_message(hd_buf *out, const PGresult *result, const char *state)
{
    static const int parts[] = {PG_DIAG_SCHEMA_NAME, PG_DIAG_TABLE_NAME, PG_DIAG_COLUMN_NAME,
                                PG_DIAG_CONSTRAINT_NAME};
    hd_buf_addf(out, "SQLSTATE %s", state);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (message && speaks_of_names(state))
        hd_buf_addf(out, ": %s", message);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *name = PQresultErrorField(result, parts[i]);
        if (name)
            hd_buf_addf(out, "%s%s", i ? ", " : " in ", name);
    }
}

/* libpq's own messages end in a line end and may have several lines. */
static void add_first_line(hd_buf *out, const char *text)
{
    hd_buf_add(out, (hd_str){text, (uint32_t)strcspn(text, "\n")});
}

void hd_pg_check_memory(const char *message)
{
    static const char *const says[] = {"out of memory", "cannot allocate memory"};
    bool is_out = !message;
    for (size_t i = 0; i < sizeof says / sizeof *says && !is_out; i++)
        is_out = strncmp(message, says[i], strlen(says[i])) == 0;
    if (is_out)
        hd_mem_exhausted("a connection");
}

hd_status hd_pg_fail_result(hd_ctx *ctx, hd_pg *pg, PGresult *result)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    hd_buf text = {0};
    hd_status code = pg->place.code;
    if (!state) {
        hd_pg_check_memory(PQerrorMessage(pg->conn));
        (void)PQconsumeInput(pg->conn); /* of a send that failed libpq tells before it looks why */
    }
    pg->lost = pg->lost || PQstatus(pg->conn) == CONNECTION_BAD || (state && ends_session(state));
    if (pg->lost)
        hd_hint(ctx, "the connection was lost: the server's log says why; then start again");
    if (state) {
        add_message(&text, result, state);
        code = is_full(state) ? HD_SPACE : code;
        hint_for(ctx, pg, state);
    } else {
        add_first_line(&text, PQerrorMessage(pg->conn));
    }
    hd_status status = HD_FAIL(ctx, code, "cannot %s %s: %s", pg->doing, pg->place.shown,
                               text.ptr ? text.ptr : "");
    hd_buf_release(&text);
    PQclear(result);
    return status;
}

hd_status hd_pg_drain(hd_ctx *ctx, hd_pg *pg)
{
    hd_status status = HD_OK;
    PGresult *result;
    while ((result = PQgetResult(pg->conn))) {
        ExecStatusType type = PQresultStatus(result);
        if (type == PGRES_COPY_IN || type == PGRES_COPY_OUT) { /* the connection broke in it */
            PQclear(result);
            return status != HD_OK ? status : hd_pg_fail_result(ctx, pg, NULL);
        }
        if (type == PGRES_COMMAND_OK && *PQcmdTuples(result))
            pg->n_changed = strtoull(PQcmdTuples(result), NULL, 10);
        if (type == PGRES_COMMAND_OK || type == PGRES_TUPLES_OK || status != HD_OK)
            PQclear(result);
        else
            status = hd_pg_fail_result(ctx, pg, result);
    }
    return status;
}

bool hd_pg_lost(const hd_pg *pg)
{
    return pg->lost || PQstatus(pg->conn) == CONNECTION_BAD;
}

const char *hd_pg_shown(const hd_pg *pg)
{
    return pg->place.shown;
}

void hd_pg_show_as(hd_pg *pg, const char *shown)
{
    pg->place.shown = shown;
}

uint32_t hd_pg_version(const hd_pg *pg)
{
    return (uint32_t)PQserverVersion(pg->conn);
}

hd_pg_encoding hd_pg_encoding_of(const hd_pg *pg)
{
    return pg->encoding;
}

void hd_pg_close(hd_pg *pg)
{
    if (!pg)
        return;
    PQfinish(pg->conn);
    hd_free(pg);
}

/* ---- statements ---- */

hd_status hd_pg_run(hd_ctx *ctx, hd_pg *pg, const char *sql)
{
    pg->n_changed = 0;
    if (!PQsendQuery(pg->conn, sql))
        return hd_pg_fail_result(ctx, pg, NULL);
    return hd_pg_drain(ctx, pg);
}

uint64_t hd_pg_changed_rows(const hd_pg *pg)
{
    return pg->n_changed;
}

enum { PARAMETERS_MAX = 8 };

hd_status hd_pg_ask(hd_ctx *ctx, hd_pg *pg, const char *sql, const hd_str *parameters,
                    uint32_t n_parameters, hd_pg_rows **out)
{
    const char *values[PARAMETERS_MAX] = {NULL};
    hd_arena arena = {0};
    HD_ASSERT(n_parameters <= PARAMETERS_MAX);
    for (uint32_t i = 0; i < n_parameters; i++)
        values[i] = parameters[i].ptr ? hd_arena_str(&arena, parameters[i]).ptr : NULL;
    PGresult *result = PQexecParams(pg->conn, sql, (int)n_parameters, NULL, values, NULL, NULL, 0);
    hd_arena_release(&arena);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        return hd_pg_fail_result(ctx, pg, result);
    *out = hd_alloc(sizeof **out);
    (*out)->result = result;
    return HD_OK;
}

uint32_t hd_pg_n_rows(const hd_pg_rows *rows)
{
    return (uint32_t)PQntuples(rows->result);
}

hd_str hd_pg_value(const hd_pg_rows *rows, uint32_t row, uint32_t column)
{
    int r = (int)row, c = (int)column;
    if (PQgetisnull(rows->result, r, c))
        return HD_STR_NULL;
    return (hd_str){PQgetvalue(rows->result, r, c), (uint32_t)PQgetlength(rows->result, r, c)};
}

void hd_pg_rows_free(hd_pg_rows *rows)
{
    if (!rows)
        return;
    PQclear(rows->result);
    hd_free(rows);
}

hd_status hd_pg_integer(hd_ctx *ctx, hd_pg *pg, const char *sql, int64_t *out)
{
    hd_pg_rows *rows = NULL;
    *out = 0;
    HD_TRY(hd_pg_ask(ctx, pg, sql, NULL, 0, &rows));
    hd_str value = hd_pg_n_rows(rows) ? hd_pg_value(rows, 0, 0) : HD_STR_NULL;
    if (value.ptr)
        *out = strtoll(value.ptr, NULL, 10);
    hd_pg_rows_free(rows);
    return HD_OK;
}

static void take_columns(const PGresult *result, hd_arena *arena, hd_pg_column **columns,
                         uint32_t *n)
{
    *n = (uint32_t)PQnfields(result);
    *columns = HD_NEW_N(arena, hd_pg_column, *n);
    for (uint32_t i = 0; i < *n; i++) {
        (*columns)[i].name = hd_arena_str(arena, hd_str_from(PQfname(result, (int)i)));
        (*columns)[i].type = PQftype(result, (int)i);
    }
}

hd_status hd_pg_describe(hd_ctx *ctx, hd_pg *pg, const char *sql, hd_arena *arena,
                         hd_pg_column **columns, uint32_t *n)
{
    PGresult *result = PQprepare(pg->conn, "", sql, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return hd_pg_fail_result(ctx, pg, result);
    PQclear(result);
    result = PQdescribePrepared(pg->conn, "");
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return hd_pg_fail_result(ctx, pg, result);
    take_columns(result, arena, columns, n);
    PQclear(result);
    return HD_OK;
}

/* Names of locks are 64 bits in the database; ours begin with "hedu", so that they are told from
 * other programs' in pg_locks. */
hd_status hd_pg_try_lock(hd_ctx *ctx, hd_pg *pg, hd_str name, bool *got)
{
    enum { OURS = 0x68656475 };
    char sql[96];
    int64_t locked;
    int32_t number = (int32_t)(uint32_t)hd_hash64(name.ptr, name.len_bytes, 0);
    snprintf(sql, sizeof sql, "SELECT pg_catalog.pg_try_advisory_lock(%d, %d)::int", OURS, number);
    HD_TRY(hd_pg_integer(ctx, pg, sql, &locked));
    *got = locked != 0;
    return HD_OK;
}

/* ---- quoting ---- */

void hd_pg_add_name(hd_buf *out, hd_str name)
{
    hd_buf_add_char(out, '"');
    for (uint32_t i = 0; i < name.len_bytes; i++) {
        if (name.ptr[i] == '"')
            hd_buf_add_char(out, '"');
        hd_buf_add_char(out, name.ptr[i]);
    }
    hd_buf_add_char(out, '"');
}

void hd_pg_add_literal(hd_buf *out, hd_str text)
{
    hd_buf_add(out, HD_STR("E'"));
    for (uint32_t i = 0; i < text.len_bytes; i++) {
        if (text.ptr[i] == '\'' || text.ptr[i] == '\\')
            hd_buf_add_char(out, text.ptr[i]);
        hd_buf_add_char(out, text.ptr[i]);
    }
    hd_buf_add_char(out, '\'');
}
