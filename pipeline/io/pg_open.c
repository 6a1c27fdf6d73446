/* A connection to PostgreSQL: whether it may be made, how long to try, and how its session is set.
 */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/progress.h"
#include "pipeline/io/pg_private.h"

enum { SETTINGS_MAX = 64, FIRST_PAUSE_MS = 250, LONGEST_PAUSE_MS = 8000 };

/* What PQconnectStartParams takes: the last one of a keyword counts. */
typedef struct settings {
    const char *keyword[SETTINGS_MAX + 1], *value[SETTINGS_MAX + 1];
    uint32_t n;
    PQconninfoOption *parsed;
} settings;

static void add_setting(settings *s, const char *keyword, const char *value)
{
    HD_ASSERT(s->n < SETTINGS_MAX);
    s->keyword[s->n] = keyword;
    s->value[s->n++] = value;
}

static void drop_setting(settings *s)
{
    s->keyword[--s->n] = NULL;
}

/* A dead network is noticed within about a minute, also while nothing is sent. */
static void add_our_own(settings *s)
{
    add_setting(s, "fallback_application_name", "hedui");
    add_setting(s, "gssencmode", "disable");
    add_setting(s, "keepalives_idle", "30");
    add_setting(s, "keepalives_interval", "10");
    add_setting(s, "keepalives_count", "3");
    add_setting(s, "tcp_user_timeout", "60000");
}

static hd_status fail_password(hd_ctx *ctx, const hd_pg_place *place)
{
    hd_hint(ctx, "put it into ~/.pgpass (mode 0600), or into the service's file");
    return HD_FAIL(ctx, HD_CONFIG, "%s: the connection string holds a password", place->shown);
}

/* libpq's message on a string that it cannot read repeats parts of it: a password may be one. */
static hd_status parse(hd_ctx *ctx, const hd_pg_place *place, settings *s)
{
    char *message = NULL;
    s->parsed = PQconninfoParse(place->conninfo, &message);
    if (!s->parsed)
        hd_pg_check_memory(message);
    PQfreemem(message);
    if (!s->parsed) {
        hd_hint(ctx, "as \"service=police\", or \"host=db.example dbname=police\"");
        return HD_FAIL(ctx, HD_CONFIG, "%s: the connection string cannot be read", place->shown);
    }
    for (const PQconninfoOption *option = s->parsed; option->keyword; option++) {
        if (!option->val)
            continue;
        if (strcmp(option->keyword, "password") == 0 || strcmp(option->keyword, "sslpassword") == 0)
            return fail_password(ctx, place);
        add_setting(s, option->keyword, option->val);
    }
    return HD_OK;
}

/* ---- off this host: TLS, and the server's name checked ---- */

static bool is_this_host(const char *host, size_t n)
{
    static const char *const names[] = {"localhost", "::1", ""};
    if (n && (*host == '/' || *host == '@'))
        return true;
    if (n > 4 && strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") >= n)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == n && strncmp(host, names[i], n) == 0)
            return true;
    return false;
}

/* libpq takes lists, set apart by commas. */
static bool are_this_host(const char *hosts)
{
    for (;; hosts++) {
        size_t n = strcspn(hosts, ",");
        if (!is_this_host(hosts, n))
            return false;
        hosts += n;
        if (!*hosts)
            return true;
    }
}

/* What libpq makes of string, service file and environment. It tells only of a connection that was
 * begun: one with a setting that is none ends before a name is looked up or a packet sent. */
static PQconninfoOption *effective_options(settings *s)
{
    add_setting(s, "target_session_attrs", "none");
    PGconn *conn = PQconnectStartParams(s->keyword, s->value, 0);
    PQconninfoOption *options = conn ? PQconninfo(conn) : NULL;
    if (!options)
        hd_mem_exhausted("a connection");
    HD_ASSERT(PQstatus(conn) == CONNECTION_BAD);
    PQfinish(conn);
    drop_setting(s);
    return options;
}

static hd_status check_tls(hd_ctx *ctx, const hd_pg *pg, settings *s)
{
    const char *host = "", *address = "", *mode = "";
    PQconninfoOption *options = effective_options(s);
    for (const PQconninfoOption *option = options; option->keyword; option++) {
        if (option->val && strcmp(option->keyword, "host") == 0)
            host = option->val;
        else if (option->val && strcmp(option->keyword, "hostaddr") == 0)
            address = option->val;
        else if (option->val && strcmp(option->keyword, "sslmode") == 0)
            mode = option->val;
    }
    bool allowed = are_this_host(*address ? address : host) || strcmp(mode, "verify-full") == 0 ||
                   pg->place.tls_waiver;
    PQconninfoFree(options);
    if (allowed)
        return HD_OK;
    hd_hint(ctx, "say sslmode=verify-full in the service, or give the reason as tls_waiver");
    return HD_FAIL(ctx, HD_CONFIG,
                   "%s: it is on another host, and its connection is not sslmode=verify-full",
                   pg->place.shown);
}

/* ---- one attempt ---- */

static double seconds_for(const hd_pg *pg)
{
    return pg->place.waits.connect ? pg->place.waits.connect : 3600;
}

/* Waits until libpq can go on; false: time is up. */
static bool wait_for(const hd_pg *pg, PostgresPollingStatusType want, double deadline)
{
    for (;;) {
        double left = deadline - hd_clock_seconds();
        struct pollfd fd = {.fd = PQsocket(pg->conn),
                            .events = want == PGRES_POLLING_WRITING ? POLLOUT : POLLIN};
        int rc = left > 0 ? poll(&fd, 1, (int)(left * 1000) + 1) : 0;
        if (rc > 0)
            return true;
        if (rc == 0 && left <= 0)
            return false;
        if (rc < 0 && errno != EINTR)
            return false;
    }
}

static hd_status fail_connecting(hd_ctx *ctx, hd_pg *pg, const char *why)
{
    hd_buf text = {0};
    hd_pg_check_memory(PQerrorMessage(pg->conn));
    hd_buf_add(&text, hd_str_trim(hd_str_from(why ? why : PQerrorMessage(pg->conn))));
    for (size_t i = 0; i < text.len_bytes; i++)
        text.ptr[i] = text.ptr[i] == '\n' ? ' ' : text.ptr[i]; /* libpq gives a line to each host */
    hd_status status = HD_FAIL(ctx, pg->place.code, "cannot connect to %s: %s", pg->place.shown,
                               text.ptr ? text.ptr : "no reason was given");
    hd_buf_release(&text);
    return status;
}

static hd_status connect_once(hd_ctx *ctx, hd_pg *pg, const settings *s)
{
    pg->conn = PQconnectStartParams(s->keyword, s->value, 0);
    if (!pg->conn)
        hd_mem_exhausted("a connection");
    if (PQstatus(pg->conn) == CONNECTION_BAD)
        return fail_connecting(ctx, pg, NULL);
    double deadline = hd_clock_seconds() + seconds_for(pg);
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        if (!wait_for(pg, state, deadline))
            return fail_connecting(ctx, pg, "it did not answer in time");
        state = PQconnectPoll(pg->conn);
        if (state == PGRES_POLLING_FAILED)
            return fail_connecting(ctx, pg, NULL);
    }
    return HD_OK;
}

/* A server that takes connections but not this one says why, and will say so again; asking more
 * often may lock the account, so the question is asked without a password. One that is starting, or
 * does not answer, may in a while. */
static bool may_answer_later(hd_pg *pg, settings *s)
{
    char seconds[16];
    if (PQstatus(pg->conn) != CONNECTION_BAD) /* it went on too long */
        return true;
    snprintf(seconds, sizeof seconds, "%u", pg->place.waits.connect);
    add_setting(s, "connect_timeout", seconds);
    add_setting(s, "password", "");
    add_setting(s, "passfile", "/dev/null/none"); /* one that cannot be there is passed over */
    PGPing ping = PQpingParams(s->keyword, s->value, 0);
    for (int i = 0; i < 3; i++)
        drop_setting(s);
    return ping == PQPING_REJECT || ping == PQPING_NO_RESPONSE;
}

static void pause_ms(uint32_t ms)
{
    struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

static hd_status connect_patiently(hd_ctx *ctx, hd_pg *pg, settings *s)
{
    double deadline = hd_clock_seconds() + pg->place.waits.retry;
    for (uint32_t pause = FIRST_PAUSE_MS;; pause = pause < LONGEST_PAUSE_MS ? pause * 2 : pause) {
        hd_status status = connect_once(ctx, pg, s);
        if (status != pg->place.code || !may_answer_later(pg, s))
            return status;
        if (hd_clock_seconds() + pause / 1e3 > deadline) {
            hd_hint(ctx, "see that the server runs and is reached from here; then start again");
            return status;
        }
        hd_ctx_clear(ctx);
        PQfinish(pg->conn);
        pg->conn = NULL;
        pause_ms(pause);
    }
}

/* ---- the session ---- */

static void drop_notice(void *arg, const PGresult *result)
{
    (void)arg, (void)result; /* it may repeat values, and nobody asked */
}

/* Each as `SET name TO value`, where the server is new enough to know it. The server, too, notices
 * within a minute that our host is gone, and ends the session with its lock. */
static hd_status set_session(hd_ctx *ctx, hd_pg *pg, hd_pg_use use)
{
    const hd_pg_waits *waits = &pg->place.waits;
    uint32_t version = hd_pg_version(pg);
    hd_buf sql = {0};
    hd_buf_addf(&sql,
                "SET DateStyle TO 'ISO, MDY'; SET IntervalStyle TO 'postgres'; "
                "SET TimeZone TO 'Asia/Shanghai'; SET bytea_output TO 'hex'; "
                "SET standard_conforming_strings TO on; SET extra_float_digits TO 1; "
                "SET statement_timeout TO %llu; SET lock_timeout TO %llu;"
                "SET tcp_keepalives_idle TO 30; SET tcp_keepalives_interval TO 10;"
                "SET tcp_keepalives_count TO 3;",
                waits->statement * 1000ULL, waits->lock * 1000ULL);
    if (version >= 90600)
        hd_buf_addf(&sql, "SET idle_in_transaction_session_timeout TO %llu;",
                    waits->idle * 1000ULL);
    if (version >= 140000)
        hd_buf_addf(&sql, "SET idle_session_timeout TO 0;");
    if (version >= 110000)
        hd_buf_addf(&sql, "SET jit TO off;");
    if (use == HD_PG_READ) {
        hd_buf_addf(&sql,
                    "SET synchronize_seqscans TO off; SET default_transaction_read_only TO on;");
        if (version >= 90600)
            hd_buf_addf(&sql, "SET max_parallel_workers_per_gather TO 0;");
    } else {
        hd_buf_addf(&sql, "SET search_path TO pg_catalog;"); /* what we write, we name in full */
    }
    hd_status status = hd_pg_run(ctx, pg, sql.ptr);
    hd_buf_release(&sql);
    return status;
}

/* Where the server would convert texts, one that has no counterpart would fail a whole statement.
 * What we can decode comes as it is stored. */
static hd_status set_encoding(hd_ctx *ctx, hd_pg *pg)
{
    const char *server = PQparameterStatus(pg->conn, "server_encoding"), *client = "UTF8";
    pg->encoding = HD_PG_UTF8;
    if (server && strcmp(server, "SQL_ASCII") == 0) {
        pg->encoding = HD_PG_BYTES;
        client = server;
    } else if (server && strcmp(server, "EUC_CN") == 0) {
        pg->encoding = HD_PG_GB18030;
        client = server;
    }
    return PQsetClientEncoding(pg->conn, client) == 0 ? HD_OK : hd_pg_fail_result(ctx, pg, NULL);
}

/* So that a long statement, and with it our lock, ends soon after we do. A server on a system that
 * cannot tell refuses the setting, and goes on without. */
static void watch_client(hd_ctx *ctx, hd_pg *pg)
{
    if (hd_pg_version(pg) >= 140000 &&
        hd_pg_run(ctx, pg, "SET client_connection_check_interval TO 250") != HD_OK)
        hd_ctx_clear(ctx);
}

static hd_status open_session(hd_ctx *ctx, hd_pg *pg, hd_pg_use use, settings *s)
{
    HD_TRY(parse(ctx, &pg->place, s));
    HD_TRY(check_tls(ctx, pg, s));
    HD_TRY(connect_patiently(ctx, pg, s));
    PQsetNoticeReceiver(pg->conn, drop_notice, NULL);
    HD_TRY(set_encoding(ctx, pg));
    HD_TRY(set_session(ctx, pg, use));
    watch_client(ctx, pg);
    return HD_OK;
}

hd_status hd_pg_open(hd_ctx *ctx, const hd_pg_place *place, hd_pg_use use, hd_pg **out)
{
    hd_pg *pg = hd_alloc_zero(1, sizeof *pg);
    settings s = {.n = 0};
    *pg = (hd_pg){.place = *place, .doing = use == HD_PG_WRITE ? "write" : "read"};
    add_our_own(&s);
    hd_status status = open_session(ctx, pg, use, &s);
    PQconninfoFree(s.parsed);
    if (status != HD_OK) {
        hd_pg_close(pg);
        pg = NULL;
    }
    *out = pg;
    return status;
}
