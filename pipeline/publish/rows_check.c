/* discrepancy, decision. */

#include <stdio.h>

#include "pipeline/config/catalogue.h"
#include "pipeline/publish/tables.h"

/* ---- discrepancy ---- */

enum {
    ID,
    RULE,
    KIND,
    SEVERITY,
    STATE,
    OWNER_UNIT,
    PERSON_ID,
    FIELD,
    SOURCE_A,
    RECORD_ID_A,
    ROLE_A,
    VALUE_A,
    SOURCE_B,
    RECORD_ID_B,
    ROLE_B,
    VALUE_B,
    MESSAGE,
    FIRST_RUN,
    LAST_RUN,
    N_COLUMNS
};

static const hd_discrepancy *discrepancy_of(const hd_rows *rows)
{
    return &rows->outcome->discrepancies->item[rows->item];
}

static const hd_rule *rule_of(const hd_rows *rows)
{
    return &rows->outcome->ruleset->rules[discrepancy_of(rows)->rule];
}

static bool next_discrepancy(hd_rows *rows)
{
    if (rows->at == rows->outcome->discrepancies->n)
        return false;
    rows->item = rows->tables->by_discrepancy_id[rows->at];
    rows->person = discrepancy_of(rows)->person;
    return true;
}

static hd_cell id_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(hd_str_from(discrepancy_of(rows)->id));
}

static hd_cell rule_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(rule_of(rows)->code);
}

static hd_cell kind_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(rule_of(rows)->kind);
}

static hd_cell severity_cell(hd_rows *rows, const hd_column *column)
{
    static const char *const names[] = {
        [HD_SEVERITY_INFO] = "info", [HD_SEVERITY_WARN] = "warn", [HD_SEVERITY_ERROR] = "error"};
    (void)column;
    return hd_cell_text(hd_str_from(names[rule_of(rows)->severity]));
}

static hd_cell open_cell(hd_rows *rows, const hd_column *column)
{
    (void)rows, (void)column;
    return hd_cell_text(HD_STR("open"));
}

static hd_cell owner_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(discrepancy_of(rows)->owner_unit);
}

static hd_cell field_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    int field = discrepancy_of(rows)->field;
    return field < 0 ? (hd_cell){0} : hd_cell_text(rows->outcome->ruleset->fields[field].code);
}

/* Makes `rows` stand at the mention that the column is about, a or b; false: there is none. */
static bool stand_at_side(hd_rows *rows, const hd_column *column)
{
    const hd_discrepancy *d = discrepancy_of(rows);
    rows->mention = column->name.ptr[column->name.len_bytes - 1] == 'b' ? d->b : d->a;
    return rows->mention != HD_NO_MENTION;
}

static hd_cell source_cell(hd_rows *rows, const hd_column *column)
{
    return stand_at_side(rows, column) ? hd_cell_of_source(rows, column) : (hd_cell){0};
}

static hd_cell record_id_cell(hd_rows *rows, const hd_column *column)
{
    return stand_at_side(rows, column) ? hd_cell_of_record_id(rows, column) : (hd_cell){0};
}

static hd_cell role_cell(hd_rows *rows, const hd_column *column)
{
    return stand_at_side(rows, column) ? hd_cell_of_role(rows, column) : (hd_cell){0};
}

/* The standard value; as it was written where there is none, or where that is what is wrong. */
static hd_cell value_cell(hd_rows *rows, const hd_column *column)
{
    int field = discrepancy_of(rows)->field;
    if (field < 0 || !stand_at_side(rows, column))
        return (hd_cell){0};
    hd_str standard = hd_tables_standard(rows->tables, rows->mention, (uint32_t)field);
    if (standard.ptr && !rule_of(rows)->about_form)
        return hd_cell_text(standard);
    return hd_cell_text(
        hd_mention_written(rows->outcome->mentions, rows->mention, (uint32_t)field));
}

static hd_cell message_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(
        hd_text_for(rows->outcome->ruleset->catalogue, "rule", rule_of(rows)->code, "name"));
}

static bool is_text(const hd_cell *cell, hd_str text)
{
    return cell->type == HD_CELL_TEXT && hd_str_eq(cell->text, text);
}

/* Found again: what a steward made of it stays, but what was resolved is open once more. */
static void settle_discrepancy(const hd_cell *old, hd_cell *row)
{
    if (!old)
        return;
    row[FIRST_RUN] = old[FIRST_RUN];
    row[STATE] =
        is_text(&old[STATE], HD_STR("resolved")) ? hd_cell_text(HD_STR("reopened")) : old[STATE];
}

static bool fade_discrepancy(hd_rows *rows, hd_cell *row)
{
    if (is_text(&row[STATE], HD_STR("resolved")))
        return true;
    row[STATE] = hd_cell_text(HD_STR("resolved"));
    row[LAST_RUN] = hd_cell_of_as_of(rows, NULL);
    return true;
}

void hd_declare_discrepancy(hd_tables *tables, hd_table *out)
{
    static const hd_column columns[N_COLUMNS] = {
        [ID] = HD_COLUMN("discrepancy_id", TEXT, id_cell),
        [RULE] = HD_COLUMN("rule", TEXT, rule_cell),
        [KIND] = HD_COLUMN("kind", TEXT, kind_cell),
        [SEVERITY] = HD_COLUMN("severity", TEXT, severity_cell),
        [STATE] = HD_COLUMN("state", TEXT, open_cell),
        [OWNER_UNIT] = HD_COLUMN("owner_unit", TEXT, owner_cell),
        [PERSON_ID] = HD_COLUMN("person_id", TEXT, hd_cell_of_person_id),
        [FIELD] = HD_COLUMN("field", TEXT, field_cell),
        [SOURCE_A] = HD_COLUMN("source_a", TEXT, source_cell),
        [RECORD_ID_A] = HD_COLUMN("record_id_a", TEXT, record_id_cell),
        [ROLE_A] = HD_COLUMN("role_a", TEXT, role_cell),
        [VALUE_A] = HD_COLUMN("value_a", TEXT, value_cell),
        [SOURCE_B] = HD_COLUMN("source_b", TEXT, source_cell),
        [RECORD_ID_B] = HD_COLUMN("record_id_b", TEXT, record_id_cell),
        [ROLE_B] = HD_COLUMN("role_b", TEXT, role_cell),
        [VALUE_B] = HD_COLUMN("value_b", TEXT, value_cell),
        [MESSAGE] = HD_COLUMN("message", TEXT, message_cell),
        [FIRST_RUN] = HD_COLUMN("first_run", TEXT, hd_cell_of_as_of),
        [LAST_RUN] = HD_COLUMN("last_run", TEXT, hd_cell_of_as_of),
    };
    const hd_discrepancies *all = tables->outcome->discrepancies;
    HD_ASSERT(all->n <= UINT32_MAX);
    hd_str *ids = HD_NEW_N(&tables->arena, hd_str, all->n);
    for (size_t i = 0; i < all->n; i++)
        ids[i] = hd_str_from(all->item[i].id);
    tables->by_discrepancy_id = hd_order_by_text(&tables->arena, ids, (uint32_t)all->n);
    *out = (hd_table){.name = "discrepancy",
                      .columns = columns,
                      .n_columns = N_COLUMNS,
                      .n_key = 1,
                      .run_column = LAST_RUN,
                      .next = next_discrepancy,
                      .settle = settle_discrepancy,
                      .fade = fade_discrepancy};
}

/* ---- decision: stewards write it, runs read it ---- */

static bool next_decision(hd_rows *rows)
{
    (void)rows;
    return false;
}

void hd_declare_decision(hd_tables *tables, hd_table *out)
{
    static const hd_column columns[] = {
        HD_COLUMN("decision_id", TEXT, NULL),    HD_COLUMN("made_at", TEXT, NULL),
        HD_COLUMN("made_by", TEXT, NULL),        HD_COLUMN("what", TEXT, NULL),
        HD_COLUMN("discrepancy_id", TEXT, NULL), HD_COLUMN("field", TEXT, NULL),
        HD_COLUMN("source_a", TEXT, NULL),       HD_COLUMN("record_id_a", TEXT, NULL),
        HD_COLUMN("role_a", TEXT, NULL),         HD_COLUMN("source_b", TEXT, NULL),
        HD_COLUMN("record_id_b", TEXT, NULL),    HD_COLUMN("role_b", TEXT, NULL),
        HD_COLUMN("value", TEXT, NULL),          HD_COLUMN("note", TEXT, NULL),
        HD_COLUMN("state", TEXT, NULL),
    };
    (void)tables;
    *out = (hd_table){.name = "decision",
                      .form = HD_TABLE_JOURNAL,
                      .columns = columns,
                      .n_columns = HD_COUNT_OF(columns),
                      .n_key = 1,
                      .next = next_decision};
}
