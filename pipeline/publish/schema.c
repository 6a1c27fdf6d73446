/* Tables, indexes and the view of the store, from the declarations. */

#include "pipeline/publish/merge.h"
#include "pipeline/publish/store.h"

static hd_status run(hd_ctx *ctx, hd_db *db, hd_buf *sql)
{
    hd_status status = hd_db_run(ctx, db, sql->ptr);
    hd_buf_release(sql);
    return status;
}

static void add_type(hd_buf *sql, const hd_column *column)
{
    static const char *const names[] = {
        [HD_CELL_TEXT] = "TEXT", [HD_CELL_INTEGER] = "INTEGER", [HD_CELL_REAL] = "REAL"};
    hd_quoted_name(sql, column->name);
    hd_buf_addf(sql, " %s", names[column->type]);
}

/* Rows are stored by their key, as they are merged by it. */
static hd_status create_table(hd_ctx *ctx, hd_db *db, const hd_table *table)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "CREATE TABLE %s (", table->name);
    for (uint32_t i = 0; i < table->n_columns; i++) {
        add_type(&sql, &table->columns[i]);
        hd_buf_add(&sql, i < table->n_key ? HD_STR(" NOT NULL, ") : HD_STR(", "));
    }
    hd_buf_add(&sql, HD_STR("PRIMARY KEY ("));
    hd_column_names(&sql, table, 0, table->n_key);
    hd_buf_add(&sql, HD_STR(")) WITHOUT ROWID"));
    return run(ctx, db, &sql);
}

/* ---- a store that was made under other rules ---- */

static hd_status add_column(hd_ctx *ctx, hd_db *db, const hd_table *table, const hd_column *column)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "ALTER TABLE %s ADD COLUMN ", table->name);
    add_type(&sql, column);
    return run(ctx, db, &sql);
}

/* What is no longer mapped must not stay with an old value; the column does, for the views of
 * others that name it. */
static hd_status empty_column(hd_ctx *ctx, hd_db *db, const hd_table *table, hd_str name)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "UPDATE %s SET ", table->name);
    hd_quoted_name(&sql, name);
    hd_buf_add(&sql, HD_STR(" = NULL WHERE "));
    hd_quoted_name(&sql, name);
    hd_buf_add(&sql, HD_STR(" IS NOT NULL"));
    return run(ctx, db, &sql);
}

hd_status hd_schema_columns(hd_ctx *ctx, hd_db *db, const hd_table *table, hd_arena *arena,
                            hd_stored_columns *out)
{
    hd_query *query;
    hd_cell name = hd_cell_text(hd_str_from(table->name));
    bool more;
    *out = (hd_stored_columns){0};
    HD_TRY(hd_query_open(ctx, db, "SELECT name FROM pragma_table_info(?1)", &query));
    hd_query_bind(query, 0, &name, 1);
    hd_status status = hd_query_next(ctx, query, &more);
    for (; status == HD_OK && more; status = hd_query_next(ctx, query, &more)) {
        hd_cell column;
        hd_query_row(query, &column, 1);
        int declared = hd_table_column(table, column.text);
        if (declared >= 0)
            out->has[declared] = true;
        else if (out->n_other < HD_TABLE_COLUMNS_MAX)
            out->other[out->n_other++] = hd_arena_str(arena, column.text);
        out->n++;
    }
    hd_query_close(query);
    return status;
}

/* Fields come and go with the mapping. */
static hd_status align_columns(hd_ctx *ctx, hd_db *db, const hd_table *table,
                               const hd_stored_columns *stored)
{
    for (uint32_t i = 0; i < table->n_columns; i++) {
        if (!stored->has[i])
            HD_TRY(add_column(ctx, db, table, &table->columns[i]));
    }
    for (uint32_t i = 0; i < stored->n_other && table->form == HD_TABLE_STATE; i++)
        HD_TRY(empty_column(ctx, db, table, stored->other[i]));
    return HD_OK;
}

static hd_status align_table(hd_ctx *ctx, hd_db *db, const hd_table *table, hd_arena *arena)
{
    hd_stored_columns stored;
    HD_TRY(hd_schema_columns(ctx, db, table, arena, &stored));
    return stored.n ? align_columns(ctx, db, table, &stored) : create_table(ctx, db, table);
}

hd_status hd_schema_tables(hd_ctx *ctx, hd_db *db, hd_tables *tables)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "PRAGMA application_id=%d; PRAGMA user_version=%d", HD_STORE_APPLICATION,
                HD_STORE_SCHEMA);
    HD_TRY(run(ctx, db, &sql));
    for (uint32_t i = 0; i < HD_N_TABLES; i++) {
        if (tables->table[i].form != HD_TABLE_VIEW)
            HD_TRY(align_table(ctx, db, &tables->table[i], &tables->arena));
    }
    return HD_OK;
}

/* ---- indexes that readers need ---- */

static const struct index {
    const char *name, *table, *columns[2];
} indexes[] = {
    {"person_by_name", "person", {"name"}},
    {"person_by_id_number", "person", {"id_number"}},
    {"mention_by_person", "mention", {"person_id"}},
    {"discrepancy_by_owner", "discrepancy", {"owner_unit", "state"}},
    {"discrepancy_by_person", "discrepancy", {"person_id"}},
};

static hd_status make_index(hd_ctx *ctx, hd_db *db, const hd_table *table,
                            const struct index *index)
{
    hd_buf sql = {0};
    hd_buf_addf(&sql, "CREATE INDEX IF NOT EXISTS %s ON %s (", index->name, index->table);
    for (int i = 0; i < 2 && index->columns[i]; i++) {
        if (hd_table_column(table, hd_str_from(index->columns[i])) < 0) {
            hd_buf_release(&sql); /* a county without this field */
            return HD_OK;
        }
        hd_buf_add(&sql, i ? HD_STR(", ") : HD_STR(""));
        hd_quoted_name(&sql, hd_str_from(index->columns[i]));
    }
    hd_buf_add_char(&sql, ')');
    return run(ctx, db, &sql);
}

hd_status hd_schema_indexes(hd_ctx *ctx, hd_db *db, const hd_tables *tables)
{
    for (uint32_t i = 0; i < HD_COUNT_OF(indexes); i++) {
        const hd_table *table = hd_tables_find(tables, indexes[i].table);
        HD_TRY(make_index(ctx, db, table, &indexes[i]));
    }
    return HD_OK;
}

/* ---- views over the mentions ---- */

static void add_quoted_text(hd_buf *sql, hd_str text)
{
    hd_buf_add_char(sql, '\'');
    for (uint32_t i = 0; i < text.len_bytes; i++) {
        if (text.ptr[i] == '\'')
            hd_buf_add_char(sql, '\'');
        hd_buf_add_char(sql, text.ptr[i]);
    }
    hd_buf_add_char(sql, '\'');
}

static void add_value_term(hd_buf *sql, const hd_tables *tables, uint32_t k)
{
    hd_str code = tables->outcome->ruleset->fields[tables->person_field[k]].code;
    hd_buf_add(sql, HD_STR("SELECT person_id, "));
    add_quoted_text(sql, code);
    hd_buf_add(sql, HD_STR(" AS field, "));
    hd_quoted_name(sql, code);
    hd_buf_addf(sql, " AS value, source, record_id, role, CASE WHEN won >> %u & 1 THEN ", k);
    add_quoted_text(sql, tables->won_words[k]);
    hd_buf_add(sql, HD_STR(" ELSE 'lost' END AS why FROM mention WHERE "));
    hd_quoted_name(sql, code);
    hd_buf_add(sql, HD_STR(" IS NOT NULL"));
}

/* One term a field. */
static void make_person_value(hd_buf *sql, const hd_tables *tables)
{
    const hd_mentions *mentions = tables->outcome->mentions;
    uint32_t n_terms = 0;
    hd_buf_add(sql, HD_STR("CREATE VIEW person_value AS\n"));
    for (uint32_t i = 0; i < tables->n_person_fields; i++) {
        uint32_t k = tables->value_order[i];
        if (!mentions->column[tables->person_field[k]])
            continue;
        if (n_terms++)
            hd_buf_add(sql, HD_STR("\nUNION ALL "));
        add_value_term(sql, tables, k);
    }
    if (n_terms == 0)
        hd_buf_add(sql, HD_STR("SELECT person_id, '' AS field, '' AS value, source, record_id, "
                               "role, '' AS why FROM mention WHERE false"));
}

static void make_person_link(hd_buf *sql, const hd_tables *tables)
{
    const hd_table *table = hd_tables_find(tables, "person_link");
    hd_buf_add(sql, HD_STR("CREATE VIEW person_link AS\nSELECT "));
    hd_column_names(sql, table, 0, table->n_columns);
    hd_buf_add(sql, HD_STR(" FROM mention"));
}

/* Whether the store has the view just so. */
static hd_status is_current(hd_ctx *ctx, hd_db *db, const char *name, hd_str sql, bool *out)
{
    hd_query *query;
    hd_cell cells[] = {hd_cell_text(hd_str_from(name)), hd_cell_text(sql)};
    HD_TRY(
        hd_query_open(ctx, db, "SELECT 1 FROM sqlite_master WHERE name = ?1 AND sql = ?2", &query));
    hd_query_bind(query, 0, cells, 2);
    hd_status status = hd_query_next(ctx, query, out);
    hd_query_close(query);
    return status;
}

static hd_status align_view(hd_ctx *ctx, hd_db *db, const char *name, hd_buf *sql)
{
    bool stays = false;
    hd_buf drop = {0};
    hd_buf_addf(&drop, "DROP VIEW IF EXISTS %s", name);
    hd_status status = is_current(ctx, db, name, hd_buf_str(sql), &stays);
    if (status == HD_OK && !stays)
        status = hd_db_run(ctx, db, drop.ptr);
    if (status == HD_OK && !stays)
        status = hd_db_run(ctx, db, sql->ptr);
    hd_buf_release(&drop);
    hd_buf_release(sql);
    return status;
}

hd_status hd_schema_views(hd_ctx *ctx, hd_db *db, const hd_tables *tables)
{
    hd_buf link = {0}, value = {0};
    make_person_link(&link, tables);
    HD_TRY(align_view(ctx, db, "person_link", &link));
    make_person_value(&value, tables);
    return align_view(ctx, db, "person_value", &value);
}
