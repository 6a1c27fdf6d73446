#include "pipeline/publish/tables.h"

#include <math.h>

#include "base/mem.h"
#include "base/sort.h"
#include "pipeline/manifest.h"

/* ---- cells ---- */

hd_cell hd_cell_of_source(hd_rows *rows, const hd_column *column)
{
    (void)column;
    const hd_mentions *m = rows->outcome->mentions;
    return hd_cell_text(m->ruleset->sources[m->source[rows->mention]].code);
}

hd_cell hd_cell_of_record_id(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(hd_mention_record_id(rows->outcome->mentions, rows->mention));
}

hd_cell hd_cell_of_role(hd_rows *rows, const hd_column *column)
{
    (void)column;
    const hd_mentions *m = rows->outcome->mentions;
    const hd_source *source = &m->ruleset->sources[m->source[rows->mention]];
    return hd_cell_text(source->roles[m->role[rows->mention]].code);
}

hd_cell hd_cell_of_person(const hd_rows *rows, uint32_t person)
{
    if (person == HD_NO_PERSON)
        return (hd_cell){0};
    return hd_cell_text(rows->outcome->persons->person_id[person]);
}

hd_cell hd_cell_of_person_id(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_of_person(rows, rows->person);
}

hd_cell hd_cell_of_run_id(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(rows->outcome->run_id);
}

hd_cell hd_cell_of_as_of(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(rows->tables->as_of);
}

/* Rounded to what is shown, so that the store and the CSV file say the same number. */
hd_cell hd_cell_of_real(double value, uint8_t decimals)
{
    static const double powers[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
    HD_ASSERT(decimals < HD_COUNT_OF(powers));
    double power = powers[decimals];
    return (hd_cell){.type = HD_CELL_REAL, .real = round(value * power) / power};
}

/* ---- order ---- */

uint32_t *hd_order_by_text(hd_arena *arena, const hd_str *text, uint32_t n)
{
    uint32_t *order = hd_arena_alloc(arena, (size_t)n * sizeof *order);
    hd_sort_texts(text, n, order);
    return order;
}

/* ---- tables ---- */

typedef void declare_table(hd_tables *tables, hd_table *out);

static declare_table *const declarations[HD_N_TABLES] = {
    hd_declare_person,      hd_declare_mention,        hd_declare_person_value,
    hd_declare_person_link, hd_declare_person_history, hd_declare_relation,
    hd_declare_discrepancy, hd_declare_decision,       hd_declare_run,
    hd_declare_run_source,  hd_declare_reject,         hd_declare_indicator,
};

/* A county may call a field as it likes; a table cannot have a name twice. */
static hd_status check_names(hd_ctx *ctx, const hd_table *table)
{
    for (uint32_t i = 0; i < table->n_columns; i++) {
        int first = hd_table_column(table, table->columns[i].name);
        if (first == (int)i)
            continue;
        hd_hint(ctx, "call the field otherwise");
        return HD_FAIL(ctx, HD_CONFIG, "two columns of table %s have the name \"%.*s\"",
                       table->name, HD_ARG(table->columns[i].name));
    }
    return HD_OK;
}

static void find_person_fields(hd_tables *tables)
{
    const hd_ruleset *ruleset = tables->outcome->ruleset;
    for (uint32_t field = 0; field < ruleset->n_fields; field++) {
        if (ruleset->fields[field].person)
            tables->person_field[tables->n_person_fields++] = (uint16_t)field;
    }
}

static void describe_run(hd_tables *tables)
{
    hd_buf text = {0};
    hd_value_print(&text, HD_TYPE_DATE, (hd_value)tables->outcome->as_of, NULL);
    tables->as_of = hd_arena_str(&tables->arena, hd_buf_str(&text));
    hd_buf_release(&text);
    tables->versions = hd_manifest_versions(&tables->arena);
    tables->checksums = hd_manifest_checksums(&tables->arena, tables->outcome);
    tables->counts = hd_manifest_counts(&tables->arena, tables->outcome);
}

hd_status hd_tables_init(hd_ctx *ctx, const hd_outcome *outcome, hd_tables *tables)
{
    *tables = (hd_tables){.outcome = outcome};
    find_person_fields(tables);
    describe_run(tables);
    HD_TRY(hd_tables_show_values(ctx, tables));
    hd_tables_count_indicators(ctx, tables);
    for (uint32_t i = 0; i < HD_N_TABLES; i++) {
        declarations[i](tables, &tables->table[i]);
        HD_ASSERT(tables->table[i].n_columns <= HD_TABLE_COLUMNS_MAX);
        HD_TRY(check_names(ctx, &tables->table[i]));
    }
    return HD_OK;
}

void hd_tables_release(hd_tables *tables)
{
    for (uint32_t i = 0; i < tables->n_shown_arenas; i++)
        hd_arena_release(&tables->shown_arenas[i]);
    hd_free(tables->shown_arenas);
    for (uint32_t pool = 0; pool < HD_FIELDS_MAX; pool++)
        hd_free(tables->shown[pool]);
    hd_free(tables->reasons);
    hd_arena_release(&tables->arena);
    *tables = (hd_tables){0};
}

const hd_table *hd_tables_find(const hd_tables *tables, const char *name)
{
    for (uint32_t i = 0; i < HD_N_TABLES; i++) {
        if (strcmp(tables->table[i].name, name) == 0)
            return &tables->table[i];
    }
    HD_BUG("no table %s", name);
}

/* ---- rows ---- */

void hd_rows_open(hd_rows *rows, hd_tables *tables, const hd_table *table)
{
    *rows = (hd_rows){.tables = tables, .table = table, .outcome = tables->outcome};
}

bool hd_rows_next(hd_rows *rows, hd_cell *cells)
{
    const hd_table *table = rows->table;
    if (!table->next(rows))
        return false;
    rows->at++;
    for (uint32_t i = 0; i < table->n_columns; i++)
        cells[i] = table->columns[i].value(rows, &table->columns[i]);
    return true;
}

void hd_rows_close(hd_rows *rows)
{
    hd_buf_release(&rows->text[0]);
    hd_buf_release(&rows->text[1]);
}
