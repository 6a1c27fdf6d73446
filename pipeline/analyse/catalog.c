#include "pipeline/analyse/catalog.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "pipeline/io/gb18030.h"

/* A table as the database has it: texts in the encoding of the connection. */
typedef struct table {
    hd_str oid, schema, name, comment;
    bool short_name; /* schema public, and found without it */
    bool is_view;
    int64_t n_estimated;
    hd_sample *sample;
    hd_str *columns, *comments;
    bool *sampled;              /* [column] */
    uint64_t n_utf8, n_gb18030; /* texts beyond ASCII that are such */
} table;

typedef struct catalog {
    hd_ctx *ctx;
    hd_pg *pg;
    const hd_deny *deny;
    hd_arena *arena;
    hd_gb18030 *gb;
    hd_buf decoded; /* what from_gb18030 made last */
    table *tables;
    uint32_t n_tables;
} catalog;

/* ---- encodings ---- */

/* Null where it is none. */
static hd_str from_gb18030(catalog *c, hd_str text)
{
    hd_str utf8;
    bool right = text.ptr && hd_gb18030_text(c->gb, text, &c->decoded, &utf8);
    return right ? utf8 : HD_STR_NULL;
}

static bool is_ascii(hd_str text)
{
    for (uint32_t i = 0; i < text.len_bytes; i++)
        if ((unsigned char)text.ptr[i] >= 0x80)
            return false;
    return true;
}

/* What a text says of the encoding, where the database says nothing. */
static void weigh(catalog *c, table *t, hd_str text)
{
    if (hd_pg_encoding_of(c->pg) != HD_PG_BYTES || is_ascii(text))
        return;
    t->n_utf8 += hd_utf8_valid(text);
    t->n_gb18030 += from_gb18030(c, text).ptr != NULL;
}

/* Most texts of Chinese in UTF-8 can be read as GB 18030 too, but not the other way round. AUTO:
 * nothing tells. */
static hd_encoding encoding_of(const table *t)
{
    if (t->n_utf8 + t->n_gb18030 == 0)
        return HD_ENCODING_AUTO;
    return t->n_utf8 >= t->n_gb18030 ? HD_ENCODING_UTF8 : HD_ENCODING_GB18030;
}

/* In UTF-8; null where it is none. */
static hd_str decode(catalog *c, hd_encoding encoding, hd_str text)
{
    if (encoding == HD_ENCODING_GB18030)
        text = from_gb18030(c, text);
    return text.ptr && hd_utf8_valid(text) ? hd_arena_str(c->arena, text) : HD_STR_NULL;
}

/* Before the encoding is known, in either. */
static bool is_denied(catalog *c, hd_str name, hd_str comment)
{
    if (hd_column_denied(c->deny, name, comment))
        return true;
    return hd_pg_encoding_of(c->pg) != HD_PG_UTF8 &&
           (hd_deny_has(c->deny, from_gb18030(c, name)) ||
            hd_deny_has(c->deny, from_gb18030(c, comment)));
}

/* ---- what the catalog says ---- */

static hd_str keep(catalog *c, const hd_pg_rows *rows, uint32_t row, uint32_t column)
{
    return hd_arena_str(c->arena, hd_pg_value(rows, row, column));
}

static bool is_true(const hd_pg_rows *rows, uint32_t row, uint32_t column)
{
    return hd_str_eq(hd_pg_value(rows, row, column), HD_STR("t"));
}

static hd_status read_tables(catalog *c)
{
    static const char sql[] =
        "SELECT c.oid, n.nspname, c.relname, pg_catalog.obj_description(c.oid, 'pg_class'),"
        "  n.nspname = 'public' AND pg_catalog.pg_table_is_visible(c.oid),"
        "  c.relkind IN ('v', 'm'), c.reltuples::bigint"
        " FROM pg_catalog.pg_class AS c"
        " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        "  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'hedui', "
        "'hedui_new')"
        "  AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits AS i WHERE i.inhrelid = c.oid)"
        "  AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')"
        "  AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')"
        " ORDER BY n.nspname, c.relname";
    hd_pg_rows *rows;
    HD_TRY(hd_pg_ask(c->ctx, c->pg, sql, NULL, 0, &rows));
    c->n_tables = hd_pg_n_rows(rows);
    c->tables = HD_NEW_N(c->arena, table, c->n_tables);
    for (uint32_t i = 0; i < c->n_tables; i++)
        c->tables[i] = (table){.oid = keep(c, rows, i, 0),
                               .schema = keep(c, rows, i, 1),
                               .name = keep(c, rows, i, 2),
                               .comment = keep(c, rows, i, 3),
                               .short_name = is_true(rows, i, 4),
                               .is_view = is_true(rows, i, 5),
                               .n_estimated = strtoll(keep(c, rows, i, 6).ptr, NULL, 10)};
    hd_pg_rows_free(rows);
    return HD_OK;
}

static hd_status read_columns(catalog *c, table *t)
{
    static const char sql[] =
        "SELECT a.attname, pg_catalog.col_description(a.attrelid, a.attnum),"
        "  'pg_catalog.bytea'::regtype IN (y.oid, y.typbasetype)"
        " FROM pg_catalog.pg_attribute AS a"
        " JOIN pg_catalog.pg_type AS y ON y.oid = a.atttypid"
        " WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped"
        "  AND pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')"
        " ORDER BY a.attnum";
    hd_pg_rows *rows;
    HD_TRY(hd_pg_ask(c->ctx, c->pg, sql, &t->oid, 1, &rows));
    uint32_t n = hd_pg_n_rows(rows);
    t->sample->n_columns = n;
    t->columns = HD_NEW_N(c->arena, hd_str, n);
    t->comments = HD_NEW_N(c->arena, hd_str, n);
    t->sampled = HD_NEW_N(c->arena, bool, n);
    for (uint32_t i = 0; i < n; i++) {
        t->columns[i] = keep(c, rows, i, 0);
        t->comments[i] = keep(c, rows, i, 1);
        t->sampled[i] = !is_true(rows, i, 2) && !is_denied(c, t->columns[i], t->comments[i]);
        weigh(c, t, t->columns[i]);
        weigh(c, t, t->comments[i]);
    }
    hd_pg_rows_free(rows);
    return HD_OK;
}

/* ---- keys ---- */

static bool find_column(const table *t, hd_str name, uint32_t *column)
{
    for (*column = 0; *column < t->sample->n_columns; ++*column)
        if (hd_str_eq(t->columns[*column], name))
            return true;
    return false;
}

/* Rows from `first` on that are of one index; a key with a column that cannot be read is none. */
static uint32_t take_key(const table *t, const hd_pg_rows *rows, uint32_t first)
{
    hd_sample_key *key = &t->sample->keys[t->sample->n_keys];
    hd_str index = hd_pg_value(rows, first, 0);
    bool can_be_read = true;
    uint32_t n = 0;
    *key = (hd_sample_key){.primary = is_true(rows, first, 1)};
    for (; first + n < hd_pg_n_rows(rows) && hd_str_eq(index, hd_pg_value(rows, first + n, 0));
         n++) {
        can_be_read &= n < HD_KEY_COLUMNS_MAX &&
                       find_column(t, hd_pg_value(rows, first + n, 2), &key->columns[n]);
        key->n += can_be_read;
    }
    t->sample->n_keys += can_be_read;
    return n;
}

/* Unique indexes over columns that are never null, the primary key and short ones first. What only
 * goes with an index (INCLUDE) is not of its key; servers before 11 do not know that. */
static hd_status read_keys(catalog *c, table *t)
{
    static const char sql[] =
        "SELECT i.indexrelid, i.indisprimary, a.attname"
        " FROM pg_catalog.pg_index AS i"
        " JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid"
        " CROSS JOIN LATERAL (SELECT i.%s::int) AS n (columns)"
        " CROSS JOIN LATERAL pg_catalog.generate_series(0, n.columns - 1) AS k (at)"
        " JOIN pg_catalog.pg_attribute AS a"
        "  ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.at]"
        " WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid"
        "  AND i.indpred IS NULL AND i.indexprs IS NULL"
        "  AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute AS b"
        "   WHERE b.attrelid = i.indrelid AND NOT b.attnotnull"
        "    AND b.attnum = ANY ((i.indkey::int2[])[0:n.columns - 1]))"
        " ORDER BY i.indisprimary DESC, n.columns, x.relname, k.at";
    hd_buf text = {0};
    hd_pg_rows *rows;
    hd_buf_addf(&text, sql, hd_pg_version(c->pg) >= 110000 ? "indnkeyatts" : "indnatts");
    hd_status status = hd_pg_ask(c->ctx, c->pg, text.ptr, &t->oid, 1, &rows);
    hd_buf_release(&text);
    HD_TRY(status);
    t->sample->keys = HD_NEW_N(c->arena, hd_sample_key, hd_pg_n_rows(rows));
    for (uint32_t row = 0; row < hd_pg_n_rows(rows);)
        row += take_key(t, rows, row);
    hd_pg_rows_free(rows);
    return HD_OK;
}

/* ---- the first rows ---- */

/* Longer values say no more. NULL stands for each column that is not to be read. */
static void add_query(hd_buf *sql, const table *t)
{
    hd_buf_addf(sql, "SELECT ");
    for (uint32_t i = 0; i < t->sample->n_columns; i++) {
        hd_buf_addf(sql, i ? ", " : "");
        if (!t->sampled[i]) {
            hd_buf_addf(sql, "NULL");
            continue;
        }
        hd_buf_addf(sql, "pg_catalog.left(");
        hd_pg_add_name(sql, t->columns[i]);
        hd_buf_addf(sql, "::text, 1000)");
    }
    hd_buf_addf(sql, " FROM ");
    hd_pg_add_name(sql, t->schema);
    hd_buf_add_char(sql, '.');
    hd_pg_add_name(sql, t->name);
    hd_buf_addf(sql, " LIMIT %d", HD_SAMPLE_ROWS);
}

static void look_at_rows(catalog *c, table *t, const hd_pg_rows *rows)
{
    uint32_t n = hd_pg_n_rows(rows);
    hd_str *values = hd_alloc_zero(n + 1, sizeof *values);
    for (uint32_t i = 0; i < t->sample->n_columns; i++) {
        for (uint32_t r = 0; r < n; r++) {
            values[r] = hd_str_trim(hd_pg_value(rows, r, i));
            weigh(c, t, values[r]);
        }
        t->sample->unique[i] = hd_sample_unique(values, n);
    }
    hd_free(values);
}

/* How many rows there are: all, or as the last ANALYZE estimated. That a table is a view is told
 * because what it shows may be a source already. */
static hd_str tell_rows(catalog *c, const table *t, uint32_t n_read)
{
    const char *what = t->is_view ? "a view, " : "";
    if (n_read < HD_SAMPLE_ROWS)
        return hd_arena_printf(c->arena, "%s%u row%s", what, n_read, n_read == 1 ? "" : "s");
    if (t->n_estimated >= HD_SAMPLE_ROWS)
        return hd_arena_printf(c->arena, "%sabout %lld rows", what, (long long)t->n_estimated);
    return hd_arena_printf(c->arena, "%s%d rows or more", what, HD_SAMPLE_ROWS);
}

/* A view may fail, or take too long; the next table may do. */
static hd_status read_rows(catalog *c, table *t)
{
    hd_buf sql = {0};
    hd_pg_rows *rows;
    t->sample->unique = HD_NEW_N(c->arena, bool, t->sample->n_columns);
    add_query(&sql, t);
    hd_status status = hd_pg_ask(c->ctx, c->pg, sql.ptr, NULL, 0, &rows);
    hd_buf_release(&sql);
    if (status != HD_OK) {
        if (hd_pg_lost(c->pg))
            return status;
        hd_ctx_clear(c->ctx);
        t->sample->left_out = HD_LEFT_OUT_no_rows;
        return HD_OK;
    }
    look_at_rows(c, t, rows);
    t->sample->rows = tell_rows(c, t, hd_pg_n_rows(rows));
    hd_pg_rows_free(rows);
    return HD_OK;
}

/* ---- as a configuration writes it ---- */

static void add_part(hd_buf *out, hd_str part)
{
    if (memchr(part.ptr, '.', part.len_bytes) || memchr(part.ptr, '"', part.len_bytes))
        hd_pg_add_name(out, part);
    else
        hd_buf_add(out, part);
}

static hd_str written_name(catalog *c, const table *t, hd_str schema, hd_str name)
{
    hd_buf text = {0};
    if (!t->short_name) {
        add_part(&text, schema);
        hd_buf_add_char(&text, '.');
    }
    add_part(&text, name);
    hd_str written = hd_arena_str(c->arena, hd_buf_str(&text));
    hd_buf_release(&text);
    return written;
}

/* For readers, of a name in no encoding. */
static hd_str without_signs(catalog *c, hd_str name)
{
    char *shown = hd_arena_alloc(c->arena, name.len_bytes + 1);
    for (uint32_t i = 0; i < name.len_bytes; i++)
        shown[i] = (unsigned char)name.ptr[i] < 0x80 ? name.ptr[i] : '?';
    return (hd_str){shown, name.len_bytes};
}

/* `encoding`: of the texts, known or guessed. */
static void describe(catalog *c, const table *t, hd_encoding encoding)
{
    hd_sample *sample = t->sample;
    hd_str schema = decode(c, encoding, t->schema), name = decode(c, encoding, t->name);
    if (hd_pg_encoding_of(c->pg) == HD_PG_BYTES)
        sample->encoding = encoding;
    if (!schema.ptr || !name.ptr) {
        sample->left_out = HD_LEFT_OUT_name;
        schema = without_signs(c, t->schema);
        name = without_signs(c, t->name);
    }
    sample->name = sample->stem = name;
    sample->schema = schema;
    sample->table = written_name(c, t, schema, name);
    sample->comment = decode(c, encoding, t->comment);
    sample->columns = HD_NEW_N(c->arena, hd_str, sample->n_columns);
    sample->comments = HD_NEW_N(c->arena, hd_str, sample->n_columns);
    for (uint32_t i = 0; i < sample->n_columns; i++) {
        hd_str column = decode(c, encoding, t->columns[i]);
        bool is_expression =
            column.len_bytes && column.ptr[0] == '='; /* as a configuration reads */
        sample->columns[i] = is_expression ? HD_STR_NULL : column;
        sample->comments[i] = decode(c, encoding, t->comments[i]);
    }
}

/* What tables that say nothing of it are taken to be in. */
static hd_encoding encoding_of_most(const catalog *c)
{
    uint64_t n_utf8 = 0, n_gb18030 = 0;
    if (hd_pg_encoding_of(c->pg) == HD_PG_GB18030)
        return HD_ENCODING_GB18030;
    for (uint32_t i = 0; i < c->n_tables; i++) {
        n_utf8 += encoding_of(&c->tables[i]) == HD_ENCODING_UTF8;
        n_gb18030 += encoding_of(&c->tables[i]) == HD_ENCODING_GB18030;
    }
    return n_gb18030 > n_utf8 ? HD_ENCODING_GB18030 : HD_ENCODING_UTF8;
}

static hd_status read_all(catalog *c)
{
    HD_TRY(read_tables(c));
    hd_sample *samples = HD_NEW_N(c->arena, hd_sample, c->n_tables);
    for (uint32_t i = 0; i < c->n_tables; i++) {
        table *t = &c->tables[i];
        t->sample = &samples[i];
        weigh(c, t, t->name);
        weigh(c, t, t->comment);
        HD_TRY(read_columns(c, t));
        HD_TRY(read_keys(c, t));
        HD_TRY(read_rows(c, t));
    }
    hd_encoding most = encoding_of_most(c);
    for (uint32_t i = 0; i < c->n_tables; i++) {
        hd_encoding own = encoding_of(&c->tables[i]);
        describe(c, &c->tables[i], own == HD_ENCODING_AUTO ? most : own);
    }
    return HD_OK;
}

hd_status hd_catalog_read(hd_ctx *ctx, hd_pg *pg, const hd_deny *deny, hd_arena *arena,
                          hd_sample **out, uint32_t *n)
{
    catalog c = {.ctx = ctx, .pg = pg, .deny = deny, .arena = arena};
    HD_TRY(hd_gb18030_open(ctx, &c.gb));
    hd_status status = read_all(&c);
    hd_gb18030_close(c.gb);
    hd_buf_release(&c.decoded);
    *n = c.n_tables;
    *out = c.n_tables ? c.tables[0].sample : NULL;
    return status;
}
