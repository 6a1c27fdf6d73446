#include "pipeline/extract/snapshots.h"

#include "base/mem.h"
#include "pipeline/database.h"

static bool same_database(const hd_database *a, const hd_database *b)
{
    return hd_str_eq(a->conninfo, b->conninfo) && hd_str_eq(a->tls_waiver, b->tls_waiver);
}

static uint32_t add_database(hd_snapshots *s, const hd_database *database)
{
    for (uint32_t i = 0; i < s->n; i++)
        if (same_database(s->item[i].database, database))
            return i;
    s->item[s->n] =
        (hd_snapshot){.database = database, .pg = HD_NEW_N(&s->arena, hd_pg *, s->n_workers)};
    return s->n++;
}

void hd_snapshots_init(hd_snapshots *s, const hd_ruleset *ruleset, uint32_t n_workers)
{
    uint32_t n = ruleset->n_sources;
    *s = (hd_snapshots){.ruleset = ruleset, .n_workers = n_workers};
    s->item = HD_NEW_N(&s->arena, hd_snapshot, n);
    s->of = HD_NEW_N(&s->arena, uint32_t, n);
    s->shown = HD_NEW_N(&s->arena, const char *, n);
    for (uint32_t i = 0; i < n; i++) {
        const hd_source *source = &ruleset->sources[i];
        s->shown[i] = hd_arena_printf(&s->arena, "source %.*s", HD_ARG(source->code)).ptr;
        s->of[i] = source->database.conninfo.ptr ? add_database(s, &source->database) : UINT32_MAX;
    }
}

static const char begin_sql[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

static hd_status open_one(hd_ctx *ctx, hd_snapshots *s, uint32_t source, hd_pg **out)
{
    hd_pg_place place = hd_database_place(s->ruleset, &s->ruleset->sources[source].database,
                                          s->shown[source], HD_SOURCE);
    HD_TRY(hd_pg_open(ctx, &place, HD_PG_READ, out));
    return hd_pg_run(ctx, *out, begin_sql);
}

static hd_status export(hd_ctx *ctx, hd_snapshots *s, hd_snapshot *snapshot)
{
    static const char sql[] = "SELECT pg_catalog.pg_export_snapshot(), "
                              "pg_catalog.to_char(pg_catalog.transaction_timestamp()"
                              " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
    hd_pg_rows *rows;
    HD_TRY(hd_pg_ask(ctx, snapshot->pg[0], sql, NULL, 0, &rows));
    snapshot->exported = (char *)hd_arena_str(&s->arena, hd_pg_value(rows, 0, 0)).ptr;
    snapshot->time = (char *)hd_arena_str(&s->arena, hd_pg_value(rows, 0, 1)).ptr;
    hd_pg_rows_free(rows);
    return HD_OK;
}

hd_status hd_snapshots_open(hd_ctx *ctx, hd_snapshots *s)
{
    for (uint32_t i = 0; i < s->ruleset->n_sources; i++) {
        hd_snapshot *snapshot = s->of[i] == UINT32_MAX ? NULL : &s->item[s->of[i]];
        if (!snapshot || snapshot->pg[0])
            continue;
        HD_TRY(open_one(ctx, s, i, &snapshot->pg[0]));
        HD_TRY(export(ctx, s, snapshot));
    }
    return HD_OK;
}

static hd_status import(hd_ctx *ctx, const hd_snapshot *snapshot, hd_pg *pg)
{
    hd_buf sql = {0};
    hd_buf_add(&sql, HD_STR("SET TRANSACTION SNAPSHOT "));
    hd_pg_add_literal(&sql, hd_str_from(snapshot->exported));
    hd_status status = hd_pg_run(ctx, pg, sql.ptr);
    hd_buf_release(&sql);
    return status;
}

hd_status hd_snapshots_get(hd_ctx *ctx, hd_snapshots *s, uint32_t source, uint32_t worker,
                           hd_pg **out)
{
    hd_snapshot *snapshot = &s->item[s->of[source]];
    hd_pg **pg = &snapshot->pg[worker];
    if (!*pg) {
        HD_TRY(open_one(ctx, s, source, pg));
        HD_TRY(import(ctx, snapshot, *pg));
    }
    hd_pg_show_as(*pg, s->shown[source]);
    *out = *pg;
    return HD_OK;
}

const char *hd_snapshots_time(const hd_snapshots *s, uint32_t source)
{
    return s->item[s->of[source]].time;
}

/* The server may have ended a connection that waited: only a question tells. */
static bool is_gone(hd_pg *pg)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    return hd_pg_lost(pg) || (hd_pg_run(&ctx, pg, "ROLLBACK") != HD_OK && hd_pg_lost(pg));
}

bool hd_snapshots_lost(hd_snapshots *s)
{
    bool lost = false;
    for (uint32_t i = 0; i < s->n; i++)
        for (uint32_t worker = 0; worker < s->n_workers; worker++)
            lost = lost || (s->item[i].pg[worker] && is_gone(s->item[i].pg[worker]));
    return lost;
}

void hd_snapshots_close(hd_snapshots *s)
{
    for (uint32_t i = 0; i < s->n; i++)
        for (uint32_t worker = 0; worker < s->n_workers; worker++) {
            hd_pg_close(s->item[i].pg[worker]);
            s->item[i].pg[worker] = NULL;
        }
}

void hd_snapshots_release(hd_snapshots *s)
{
    hd_snapshots_close(s);
    hd_arena_release(&s->arena);
    *s = (hd_snapshots){0};
}
