/* Comments on tables and columns, in the county's language; and what was defined as which. */

#include <stdio.h>

#include "base/hash.h"
#include "base/progress.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/store/postgres_private.h"

static hd_status is_defined(hd_ctx *ctx, hd_postgres_store *s, const hd_str given[2], bool *out)
{
    hd_pg_rows *rows;
    HD_TRY(hd_pg_ask(ctx, s->write,
                     "SELECT 1 FROM hedui.definition WHERE name = $1 AND digest = $2", given, 2,
                     &rows));
    *out = hd_pg_n_rows(rows) > 0;
    hd_pg_rows_free(rows);
    return HD_OK;
}

static hd_status note_definition(hd_ctx *ctx, hd_postgres_store *s, const hd_str given[2])
{
    hd_pg_rows *rows;
    HD_TRY(hd_pg_ask(ctx, s->write,
                     "INSERT INTO hedui.definition (name, digest) VALUES ($1, $2) "
                     "ON CONFLICT (name) DO UPDATE SET digest = EXCLUDED.digest RETURNING 1",
                     given, 2, &rows));
    hd_pg_rows_free(rows);
    return HD_OK;
}

/* `may`: asked where it is not defined so yet; NULL: nothing to ask. */
static hd_status define(hd_ctx *ctx, hd_postgres_store *s, const char *name, hd_str sql,
                        hd_status (*may)(hd_ctx *ctx, hd_postgres_store *s, bool *out))
{
    char digest[2 * HD_DIGEST_BYTES + 1];
    hd_digest state;
    bool stays, allowed = true;
    hd_digest_init(&state);
    hd_digest_add(&state, sql.ptr, sql.len_bytes);
    hd_digest_hex(&state, digest);
    hd_str given[] = {hd_str_from(name), hd_str_from(digest)};
    HD_TRY(is_defined(ctx, s, given, &stays));
    if (!stays && may)
        HD_TRY(may(ctx, s, &allowed));
    if (stays || !allowed)
        return HD_OK;
    HD_TRY_DOING(ctx, hd_pg_run(ctx, s->write, sql.ptr), "defining %s", name);
    return note_definition(ctx, s, given);
}

hd_status hd_postgres_define(hd_ctx *ctx, hd_postgres_store *s, const char *name, hd_str sql)
{
    return define(ctx, s, name, sql, NULL);
}

static hd_str text_of(const hd_catalogue *texts, const char *table, hd_str column)
{
    char key[160];
    snprintf(key, sizeof key, "table.%s.%.*s", table, HD_ARG(column));
    hd_str text = hd_text_of(texts, key);
    if (!hd_str_eq(text, hd_str_from(key)))
        return text;
    snprintf(key, sizeof key, "table.any.%.*s", HD_ARG(column));
    return hd_text_of(texts, key);
}

static void add_comment(hd_buf *sql, const char *what, const hd_table *table,
                        const hd_column *column, hd_str text)
{
    hd_buf_addf(sql, "COMMENT ON %s hedui.%s", what, table->name);
    if (column) {
        hd_buf_add_char(sql, '.');
        hd_quoted_name(sql, column->name);
    }
    hd_buf_add(sql, HD_STR(" IS "));
    hd_pg_add_literal(sql, text);
    hd_buf_add(sql, HD_STR(";\n"));
}

static void add_comments(hd_buf *sql, const hd_ruleset *ruleset, const hd_table *table)
{
    const hd_catalogue *texts = ruleset->catalogue;
    bool is_view = table->form == HD_TABLE_VIEW;
    add_comment(sql, is_view ? "VIEW" : "TABLE", table, NULL,
                text_of(texts, table->name, HD_STR("about")));
    for (uint32_t i = 0; i < table->n_columns; i++) {
        const hd_column *column = &table->columns[i];
        hd_str text = column->shows_field
                          ? hd_text_for(texts, "field", ruleset->fields[column->field].code, NULL)
                          : text_of(texts, table->name, column->name);
        add_comment(sql, "COLUMN", table, column, text);
    }
}

/* Comments are the owner's. A night of another role is not lost for a text that is another now: the
 * next run of the owner writes it. */
static hd_status may_comment(hd_ctx *ctx, hd_postgres_store *s, bool *out)
{
    int64_t n_others;
    HD_TRY(hd_pg_integer(ctx, s->write,
                         "SELECT count(*) FROM pg_catalog.pg_class "
                         "WHERE relnamespace = to_regnamespace('hedui') AND relkind IN ('r', 'v') "
                         "AND NOT pg_catalog.pg_has_role(relowner, 'USAGE')",
                         &n_others));
    *out = n_others == 0;
    if (*out)
        return HD_OK;
    hd_buf note = {0};
    hd_buf_add(&note, hd_text_of(s->base.ruleset->catalogue, "store.comments_left"));
    hd_progress_note(ctx, note.ptr);
    hd_buf_release(&note);
    return HD_OK;
}

hd_status hd_postgres_comment(hd_ctx *ctx, hd_postgres_store *s)
{
    hd_buf sql = {0};
    for (uint32_t i = 0; i < s->base.n_tables; i++)
        add_comments(&sql, s->base.ruleset, &s->base.tables[i]);
    hd_status status = define(ctx, s, "comments", hd_buf_str(&sql), may_comment);
    hd_buf_release(&sql);
    return status;
}
