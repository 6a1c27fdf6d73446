/* Where a table is, what columns it has, how each of them is sent, and how it can be divided. */

#include <stdlib.h>

#include "base/mem.h"
#include "pipeline/config/near_name.h"
#include "pipeline/extract/table.h"
#include "pipeline/io/gb18030.h"

/* What is asked, and with what. */
typedef struct finder {
    const hd_source *source;
    hd_pg *pg;
    hd_arena *arena;
    hd_gb18030 *gb; /* NULL: names are UTF-8 */
    hd_extract_table *out;
} finder;

/* A name as the catalog has it, and as a configuration can name it; null where it is no text. */
typedef struct name {
    hd_str raw, text;
} name;

static name read_name(const finder *f, hd_str raw)
{
    hd_buf scratch = {0};
    name n = {hd_arena_str(f->arena, raw), raw};
    if (f->gb && !hd_gb18030_text(f->gb, raw, &scratch, &n.text))
        n.text = HD_STR_NULL;
    n.text = hd_arena_str(f->arena, n.text);
    hd_buf_release(&scratch);
    return n;
}

/* ---- encoding ---- */

static hd_status choose_encoding(hd_ctx *ctx, finder *f)
{
    const hd_source *source = f->source;
    hd_pg_encoding encoding = hd_pg_encoding_of(f->pg);
    if (encoding == HD_PG_BYTES && source->encoding == HD_ENCODING_AUTO) {
        hd_hint(ctx, "nothing in such a database says how its texts are encoded");
        return HD_FAIL(ctx, HD_CONFIG,
                       "%s:%u:%u: the database of source %.*s is SQL_ASCII: `encoding:` must say "
                       "utf-8 or gb18030",
                       source->pos.file, source->pos.line, source->pos.column,
                       HD_ARG(source->code));
    }
    f->out->gb18030 = encoding == HD_PG_GB18030 ||
                      (encoding == HD_PG_BYTES && source->encoding == HD_ENCODING_GB18030);
    return f->out->gb18030 ? hd_gb18030_open(ctx, &f->gb) : HD_OK;
}

/* ---- the table ---- */

typedef struct relation {
    name schema, table;
    hd_str oid;
    bool visible; /* found without its schema */
} relation;

typedef struct relations {
    relation *item;
    uint32_t n;
} relations;

static hd_status list_relations(hd_ctx *ctx, const finder *f, relations *out)
{
    static const char sql[] =
        "SELECT c.oid, n.nspname, c.relname, pg_catalog.pg_table_is_visible(c.oid)"
        " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY n.nspname, c.relname";
    hd_pg_rows *rows;
    HD_TRY(hd_pg_ask(ctx, f->pg, sql, NULL, 0, &rows));
    out->n = hd_pg_n_rows(rows);
    out->item = HD_NEW_N(f->arena, relation, out->n);
    for (uint32_t i = 0; i < out->n; i++) {
        relation *r = &out->item[i];
        r->oid = hd_arena_str(f->arena, hd_pg_value(rows, i, 0));
        r->schema = read_name(f, hd_pg_value(rows, i, 1));
        r->table = read_name(f, hd_pg_value(rows, i, 2));
        r->visible = hd_str_eq(hd_pg_value(rows, i, 3), HD_STR("t"));
    }
    hd_pg_rows_free(rows);
    return HD_OK;
}

static bool is_wanted(const finder *f, const relation *r)
{
    const hd_source *source = f->source;
    if (!r->table.text.ptr || !hd_str_eq(r->table.text, source->table))
        return false;
    return source->schema.ptr ? r->schema.text.ptr && hd_str_eq(r->schema.text, source->schema)
                              : r->visible;
}

/* The schemas that have a table of that name, of which none was meant. */
static void hint_schemas(hd_ctx *ctx, const finder *f, const relations *all)
{
    hd_buf schemas = {0};
    for (uint32_t i = 0; i < all->n; i++) {
        const relation *r = &all->item[i];
        if (r->schema.text.ptr && hd_str_eq(r->table.text, f->source->table))
            hd_buf_addf(&schemas, "%s%.*s", schemas.len_bytes ? ", " : "", HD_ARG(r->schema.text));
    }
    if (schemas.len_bytes)
        hd_hint(ctx, "schemas that have one: %s; say which, as `table: schema.table`", schemas.ptr);
    else
        hd_hint(ctx, "names are taken as they are written: upper and lower case differ");
    hd_buf_release(&schemas);
}

static hd_status fail_no_table(hd_ctx *ctx, const finder *f, const relations *all)
{
    const hd_source *source = f->source;
    hd_near_name near = {.wanted = source->table};
    for (uint32_t i = 0; i < all->n; i++) {
        const relation *r = &all->item[i];
        if (r->table.text.ptr &&
            (source->schema.ptr ? hd_str_eq(r->schema.text, source->schema) : r->visible))
            hd_near_name_offer(&near, r->table.text);
    }
    hint_schemas(ctx, f, all);
    hd_source_pos pos = source->place_pos;
    if (near.best.ptr)
        return HD_FAIL(ctx, HD_SOURCE,
                       "%s:%u:%u: source %.*s: there is no table %.*s; the nearest is \"%.*s\"",
                       pos.file, pos.line, pos.column, HD_ARG(source->code), HD_ARG(source->place),
                       HD_ARG(near.best));
    return HD_FAIL(ctx, HD_SOURCE, "%s:%u:%u: source %.*s: there is no table %.*s%s", pos.file,
                   pos.line, pos.column, HD_ARG(source->code), HD_ARG(source->place),
                   source->schema.ptr ? "" : " on the search path");
}

/* Names of different bytes may be one text, in a database that knows no encoding. */
static hd_status find_relation(hd_ctx *ctx, const finder *f, const relations *all,
                               const relation **out)
{
    uint32_t n_found = 0;
    for (uint32_t i = 0; i < all->n; i++) {
        if (!is_wanted(f, &all->item[i]))
            continue;
        n_found++;
        *out = &all->item[i];
    }
    if (n_found == 0)
        return fail_no_table(ctx, f, all);
    if (n_found > 1)
        return HD_FAIL(ctx, HD_SOURCE, "source %.*s: %u tables are named %.*s",
                       HD_ARG(f->source->code), n_found, HD_ARG(f->source->place));
    return HD_OK;
}

/* ---- columns ---- */

/* Each as the catalog has it, [column of the source]. */
static hd_status pick_columns(hd_ctx *ctx, const finder *f, const name *names, uint32_t n,
                              hd_str *raw)
{
    const hd_source *source = f->source;
    hd_str *texts = HD_NEW_N(f->arena, hd_str, n);
    uint32_t *at = HD_NEW_N(f->arena, uint32_t, source->n_columns);
    for (uint32_t i = 0; i < n; i++)
        texts[i] = names[i].text.ptr ? names[i].text : HD_STR("");
    hd_extract_header header = {.names = texts, .n = n, .shown = source->place};
    HD_TRY(hd_extract_find_columns(ctx, source, &header, at));
    for (uint32_t i = 0; i < source->n_columns; i++)
        raw[i] = names[at[i]].raw;
    return HD_OK;
}

static hd_status columns_of_table(hd_ctx *ctx, const finder *f, hd_str oid, hd_str *raw)
{
    static const char sql[] =
        "SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = $1::pg_catalog.oid"
        " AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
    hd_pg_rows *rows;
    HD_TRY(hd_pg_ask(ctx, f->pg, sql, &oid, 1, &rows));
    uint32_t n = hd_pg_n_rows(rows);
    name *names = HD_NEW_N(f->arena, name, n);
    for (uint32_t i = 0; i < n; i++)
        names[i] = read_name(f, hd_pg_value(rows, i, 0));
    hd_pg_rows_free(rows);
    return pick_columns(ctx, f, names, n, raw);
}

/* The query alone is one statement, or it is refused here: only then is it put between brackets,
 * which it can no longer leave. */
static hd_status columns_of_query(hd_ctx *ctx, const finder *f, hd_str query, hd_str *raw)
{
    hd_pg_column *columns;
    uint32_t n;
    HD_TRY(hd_pg_describe(ctx, f->pg, query.ptr, f->arena, &columns, &n));
    name *names = HD_NEW_N(f->arena, name, n);
    for (uint32_t i = 0; i < n; i++)
        names[i] = read_name(f, columns[i].name);
    return pick_columns(ctx, f, names, n, raw);
}

static hd_str select_sql(const finder *f, const hd_str *raw, hd_str from, const hd_pg_type *types)
{
    hd_buf sql = {0};
    for (uint32_t i = 0; i < f->source->n_columns; i++) {
        hd_buf_add(&sql, i ? HD_STR(", ") : HD_STR("SELECT "));
        hd_pg_add_name(&sql, raw[i]);
        if (types && types[i] == HD_PG_OTHER)
            hd_buf_add(&sql, HD_STR("::pg_catalog.text"));
    }
    hd_buf_add(&sql, HD_STR(" FROM "));
    hd_buf_add(&sql, from);
    hd_str kept = hd_arena_str(f->arena, hd_buf_str(&sql));
    hd_buf_release(&sql);
    return kept;
}

/* What the server says of the columns decides how they are asked for. */
static hd_status plan_select(hd_ctx *ctx, const finder *f, const hd_str *raw, hd_str from)
{
    hd_pg_column *columns;
    uint32_t n;
    hd_str plain = select_sql(f, raw, from, NULL);
    HD_TRY(hd_pg_describe(ctx, f->pg, plain.ptr, f->arena, &columns, &n));
    HD_ASSERT(n == f->source->n_columns);
    f->out->types = HD_NEW_N(f->arena, hd_pg_type, n);
    for (uint32_t i = 0; i < n; i++)
        f->out->types[i] = hd_pg_type_of(columns[i].type);
    f->out->select = select_sql(f, raw, from, f->out->types);
    for (uint32_t i = 0; i < n; i++)
        if (f->out->types[i] == HD_PG_OTHER)
            f->out->types[i] = HD_PG_TEXT;
    return HD_OK;
}

/* ---- its size ---- */

/* Of a partitioned table, and of one that others inherit from, a range of ctid is that range of
 * each of them. Tables of another access method, foreign ones too, may give rows in no order of
 * ctid. */
static hd_status measure(hd_ctx *ctx, const finder *f, hd_str oid)
{
    static const char sql[] =
        "WITH RECURSIVE tree(oid) AS (SELECT $1::pg_catalog.oid UNION"
        "  SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree t ON i.inhparent = t.oid)"
        " SELECT pg_catalog.bool_and(c.relkind = 'p' OR c.relkind IN ('r', 'm')"
        "   AND coalesce(a.amname = 'heap', false))"
        "  AND pg_catalog.has_column_privilege($1::pg_catalog.oid, 'ctid', 'SELECT'),"
        " pg_catalog.sum(pg_catalog.pg_relation_size(c.oid))::pg_catalog.int8,"
        " pg_catalog.max(pg_catalog.pg_relation_size(c.oid)),"
        " pg_catalog.current_setting('block_size')"
        " FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid"
        " LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam";
    if (hd_pg_version(f->pg) < 140000)
        return HD_OK;
    hd_pg_rows *rows;
    HD_TRY(hd_pg_ask(ctx, f->pg, sql, &oid, 1, &rows));
    bool divisible = hd_pg_n_rows(rows) && hd_str_eq(hd_pg_value(rows, 0, 0), HD_STR("t"));
    if (divisible) {
        uint64_t longest_bytes = strtoull(hd_pg_value(rows, 0, 2).ptr, NULL, 10);
        f->out->size_bytes = strtoull(hd_pg_value(rows, 0, 1).ptr, NULL, 10);
        f->out->n_blocks = longest_bytes / strtoull(hd_pg_value(rows, 0, 3).ptr, NULL, 10);
    }
    hd_pg_rows_free(rows);
    return HD_OK;
}

/* ---- all of it ---- */

static hd_status find_table(hd_ctx *ctx, const finder *f)
{
    relations all;
    const relation *found = NULL;
    HD_TRY(list_relations(ctx, f, &all));
    HD_TRY(find_relation(ctx, f, &all, &found));
    hd_str *raw = HD_NEW_N(f->arena, hd_str, f->source->n_columns);
    HD_TRY(columns_of_table(ctx, f, found->oid, raw));
    hd_buf from = {0};
    hd_pg_add_name(&from, found->schema.raw);
    hd_buf_add_char(&from, '.');
    hd_pg_add_name(&from, found->table.raw);
    hd_status status = plan_select(ctx, f, raw, hd_buf_str(&from));
    hd_buf_release(&from);
    return status == HD_OK ? measure(ctx, f, found->oid) : status;
}

/* A comment at the query's end must not swallow the bracket. */
static hd_status find_query(hd_ctx *ctx, const finder *f)
{
    hd_buf query = {0}, from = {0};
    if (f->gb)
        hd_gb18030_encode(f->gb, f->source->query, &query);
    else
        hd_buf_add(&query, f->source->query);
    hd_buf_addf(&from, "(\n%s\n) AS q", query.ptr);
    hd_str *raw = HD_NEW_N(f->arena, hd_str, f->source->n_columns);
    hd_status status = columns_of_query(ctx, f, hd_buf_str(&query), raw);
    if (status == HD_OK)
        status = plan_select(ctx, f, raw, hd_buf_str(&from));
    hd_buf_release(&query);
    hd_buf_release(&from);
    if (status == HD_SOURCE)
        hd_fail_doing(ctx, status, __FILE__, __LINE__, "query at %s:%u:%u",
                      f->source->place_pos.file, f->source->place_pos.line,
                      f->source->place_pos.column);
    return status;
}

hd_status hd_extract_table_find(hd_ctx *ctx, const hd_source *source, hd_pg *pg, hd_arena *arena,
                                hd_extract_table *out)
{
    finder f = {.source = source, .pg = pg, .arena = arena, .out = out};
    *out = (hd_extract_table){.source = source, .size_bytes = UINT64_MAX};
    hd_status status = choose_encoding(ctx, &f);
    if (status == HD_OK)
        status = source->table.ptr ? find_table(ctx, &f) : find_query(ctx, &f);
    hd_gb18030_close(f.gb);
    return status;
}
