/* person_link and person_value, which stand on the mentions, as views of the store. */

#include "pipeline/publish/tables.h"

static void add_value_term(hd_buf *sql, const hd_tables *tables, const char *prefix, uint32_t k)
{
    hd_str code = tables->outcome->ruleset->fields[tables->person_field[k]].code;
    hd_buf_add(sql, HD_STR("SELECT person_id, "));
    hd_quoted_text(sql, code);
    hd_buf_add(sql, HD_STR(" AS field, "));
    hd_quoted_name(sql, code);
    hd_buf_addf(sql, " AS value, source, record_id, role, CASE WHEN (won >> %u) & 1 = 1 THEN ", k);
    hd_quoted_text(sql, tables->won_words[k]);
    hd_buf_addf(sql, " ELSE 'lost' END AS why FROM %smention WHERE ", prefix);
    hd_quoted_name(sql, code);
    hd_buf_add(sql, HD_STR(" IS NOT NULL"));
}

/* One term a field. */
static void make_person_value(hd_buf *sql, const hd_tables *tables, const char *prefix)
{
    const hd_mentions *mentions = tables->outcome->mentions;
    uint32_t n_terms = 0;
    for (uint32_t i = 0; i < tables->n_person_fields; i++) {
        uint32_t k = tables->value_order[i];
        if (!mentions->column[tables->person_field[k]])
            continue;
        if (n_terms++)
            hd_buf_add(sql, HD_STR("\nUNION ALL "));
        add_value_term(sql, tables, prefix, k);
    }
    if (n_terms == 0)
        hd_buf_addf(sql,
                    "SELECT person_id, '' AS field, '' AS value, source, record_id, role, "
                    "'' AS why FROM %smention WHERE 1 = 0",
                    prefix);
}

static void make_person_link(hd_buf *sql, const hd_tables *tables, const char *prefix)
{
    const hd_table *table = hd_tables_find(tables, "person_link");
    hd_buf_add(sql, HD_STR("SELECT "));
    hd_column_names(sql, table, 0, table->n_columns, "");
    hd_buf_addf(sql, " FROM %smention", prefix);
}

static hd_view made(hd_tables *tables, const char *name, hd_buf *sql)
{
    hd_view view = {name, hd_arena_str(&tables->arena, hd_buf_str(sql))};
    hd_buf_release(sql);
    return view;
}

void hd_tables_views(hd_tables *tables, const char *prefix, hd_view views[HD_N_VIEWS])
{
    hd_buf link = {0}, value = {0};
    make_person_link(&link, tables, prefix);
    make_person_value(&value, tables, prefix);
    views[0] = made(tables, "person_link", &link);
    views[1] = made(tables, "person_value", &value);
}
