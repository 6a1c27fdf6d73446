/* person, person_history, relation. */

#include "base/mem.h"
#include "base/sort.h"
#include "pipeline/publish/ahead.h"

/* ---- person ---- */

/* Person → the mention that won → its value's number → what is shown of it → its text. */
HD_AHEAD ask_ahead_field(const hd_rows *rows, uint32_t field)
{
    const uint32_t *person = rows->tables->by_person_id + rows->at;
    const hd_mention *won = rows->outcome->persons->won[field];
    const hd_value_no *column = rows->outcome->mentions->column[field];
    if (!won || !column)
        return;
    __builtin_prefetch(&won[person[4 * HD_AHEAD_STEP]]);
    hd_mention i = won[person[3 * HD_AHEAD_STEP]];
    if (i != HD_NO_MENTION)
        __builtin_prefetch(&column[i]);
    i = won[person[2 * HD_AHEAD_STEP]];
    if (i != HD_NO_MENTION)
        hd_ahead_shown(rows->tables, i, field);
    i = won[person[HD_AHEAD_STEP]];
    if (i != HD_NO_MENTION)
        hd_ahead_texts(rows->tables, i, field);
}

HD_AHEAD ask_ahead(const hd_rows *rows)
{
    if (rows->at + 4 * HD_AHEAD_STEP >= rows->outcome->persons->n)
        return;
    for (uint32_t k = 0; k < rows->tables->n_person_fields; k++)
        ask_ahead_field(rows, rows->tables->person_field[k]);
}

static bool next_person(hd_rows *rows)
{
    if (rows->at == rows->outcome->persons->n)
        return false;
    ask_ahead(rows);
    rows->person = rows->tables->by_person_id[rows->at];
    return true;
}

static hd_str won_text(const hd_rows *rows, uint32_t field)
{
    const hd_mention *won = rows->outcome->persons->won[field];
    if (!won || won[rows->person] == HD_NO_MENTION)
        return HD_STR_NULL;
    return hd_tables_standard(rows->tables, won[rows->person], field);
}

static hd_cell won_cell(hd_rows *rows, const hd_column *column)
{
    return hd_cell_text(won_text(rows, column->field));
}

/* What a source says of the person's standing in its register; where none does, whether they live.
 */
static hd_cell status_cell(hd_rows *rows, const hd_column *column)
{
    if (rows->outcome->persons->dead[rows->person])
        return hd_cell_text(HD_STR("死亡"));
    return hd_cell_text(won_text(rows, column->field));
}

/* What no source says, the form of the number does. */
static hd_cell id_type_cell(hd_rows *rows, const hd_column *column)
{
    hd_str said = won_text(rows, column->field);
    if (said.ptr || rows->tables->id_number_field < 0)
        return hd_cell_text(said);
    hd_str id = won_text(rows, (uint32_t)rows->tables->id_number_field);
    return hd_cell_text(rows->tables->id_type_code[hd_idcard_type(id)]);
}

/* The code of each type of document, of which the table's spellings hold the name. */
static void name_id_types(hd_tables *tables, const hd_field *field)
{
    const hd_ruleset *ruleset = tables->outcome->ruleset;
    const hd_code_table *codes =
        field->table.ptr ? hd_code_table_find(ruleset, field->table) : NULL;
    tables->id_number_field = hd_field_find(ruleset, HD_STR("id_number"));
    for (uint32_t i = 0; codes && i < codes->n; i++)
        for (hd_id_type type = HD_ID_TYPE_none + 1; type < HD_N_ID_TYPES; type++)
            if (hd_str_eq(codes->from[i], hd_str_from(hd_id_type_name(type))))
                tables->id_type_code[type] = codes->to[i];
}

static hd_cell spouse_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_of_person(rows, rows->outcome->persons->spouse[rows->person]);
}

static hd_cell mother_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_of_person(rows, rows->outcome->persons->mother[rows->person]);
}

static hd_cell father_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_of_person(rows, rows->outcome->persons->father[rows->person]);
}

static hd_cell n_records_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer(rows->outcome->persons->n_records[rows->person]);
}

static hd_cell n_sources_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer(rows->outcome->persons->n_sources[rows->person]);
}

static hd_cell confidence_cell(hd_rows *rows, const hd_column *column)
{
    double confidence = (double)rows->outcome->persons->confidence[rows->person];
    return hd_cell_of_real(confidence, column->decimals);
}

static hd_cell first_run_cell(hd_rows *rows, const hd_column *column)
{
    hd_str first_run = rows->outcome->persons->first_run[rows->person];
    return first_run.ptr ? hd_cell_text(first_run) : hd_cell_of_as_of(rows, column);
}

static const hd_column person_tail[] = {
    HD_COLUMN("spouse_person_id", TEXT, spouse_cell),
    HD_COLUMN("mother_person_id", TEXT, mother_cell),
    HD_COLUMN("father_person_id", TEXT, father_cell),
    HD_COLUMN("n_records", INTEGER, n_records_cell),
    HD_COLUMN("n_sources", INTEGER, n_sources_cell),
    HD_DECIMALS("confidence", 6, confidence_cell),
    HD_COLUMN("first_run", TEXT, first_run_cell),
    HD_COLUMN("changed_run", TEXT, hd_cell_of_as_of),
};

void hd_declare_person(hd_tables *tables, hd_table *out)
{
    const hd_ruleset *ruleset = tables->outcome->ruleset;
    const hd_persons *persons = tables->outcome->persons;
    uint32_t n = 1 + tables->n_person_fields + HD_COUNT_OF(person_tail);
    hd_column *columns = HD_NEW_N(&tables->arena, hd_column, n);
    columns[0] = (hd_column)HD_COLUMN("person_id", TEXT, hd_cell_of_person_id);
    for (uint32_t k = 0; k < tables->n_person_fields; k++) {
        const hd_field *field = &ruleset->fields[tables->person_field[k]];
        bool is_status = hd_str_eq(field->code, HD_STR("status"));
        bool is_id_type = hd_str_eq(field->code, HD_STR("id_type"));
        if (is_id_type)
            name_id_types(tables, field);
        columns[k + 1] = (hd_column){.name = field->column.ptr ? field->column : field->code,
                                     .type = HD_CELL_TEXT,
                                     .field = tables->person_field[k],
                                     .shows_field = true,
                                     .value = is_status    ? status_cell
                                              : is_id_type ? id_type_cell
                                                           : won_cell};
    }
    memcpy(columns + 1 + tables->n_person_fields, person_tail, sizeof person_tail);
    tables->by_person_id = hd_order_by_text(&tables->arena, persons->person_id, persons->n);
    *out = (hd_table){.name = "person",
                      .columns = columns,
                      .n_columns = n,
                      .n_key = 1,
                      .run_column = n - 1,
                      .next = next_person};
}

/* ---- person_history ---- */

static bool next_history(hd_rows *rows)
{
    rows->item = rows->at;
    return rows->at < rows->outcome->persons->n_history;
}

static const hd_history *history_of(const hd_rows *rows)
{
    return &rows->outcome->persons->history[rows->item];
}

static hd_cell history_person_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(history_of(rows)->person_id);
}

static hd_cell event_cell(hd_rows *rows, const hd_column *column)
{
    static const char *const names[] = {
        [HD_EVENT_NEW] = "new",
        [HD_EVENT_MERGED_INTO] = "merged into",
        [HD_EVENT_SPLIT_FROM] = "split from",
        [HD_EVENT_RETIRED] = "retired",
    };
    (void)column;
    return hd_cell_text(hd_str_from(names[history_of(rows)->event]));
}

/* Part of the key, so empty rather than null. */
static hd_cell history_other_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    hd_str other = history_of(rows)->other_person_id;
    return hd_cell_text(other.ptr ? other : HD_STR(""));
}

void hd_declare_person_history(hd_tables *tables, hd_table *out)
{
    static const hd_column columns[] = {
        HD_COLUMN("person_id", TEXT, history_person_cell),
        HD_COLUMN("run", TEXT, hd_cell_of_as_of),
        HD_COLUMN("event", TEXT, event_cell),
        HD_COLUMN("other_person_id", TEXT, history_other_cell),
    };
    (void)tables;
    *out = (hd_table){.name = "person_history",
                      .form = HD_TABLE_JOURNAL,
                      .columns = columns,
                      .n_columns = HD_COUNT_OF(columns),
                      .n_key = HD_COUNT_OF(columns),
                      .next = next_history};
}

/* ---- relation ---- */

static bool next_relation(hd_rows *rows)
{
    const hd_persons *persons = rows->outcome->persons;
    if (rows->at == persons->n_relations)
        return false;
    rows->item = rows->tables->by_relation[rows->at];
    rows->person = persons->relation[rows->item].person;
    rows->mention = persons->relation[rows->item].mention;
    return true;
}

static const hd_relation *relation_of(const hd_rows *rows)
{
    return &rows->outcome->persons->relation[rows->item];
}

static hd_cell relation_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(relation_of(rows)->relation);
}

static hd_cell other_person_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_of_person(rows, relation_of(rows)->other_person);
}

static hd_cell date_cell(hd_buf *text, hd_date date)
{
    if (!date)
        return (hd_cell){0};
    hd_buf_clear(text);
    hd_value_print(text, HD_TYPE_DATE, (hd_value)date, NULL);
    return hd_cell_text(hd_buf_str(text));
}

static hd_cell start_date_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return date_cell(&rows->text[0], relation_of(rows)->start_date);
}

static hd_cell end_date_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return date_cell(&rows->text[1], relation_of(rows)->end_date);
}

/* Relations come by the numbers of the persons: by person, relation, other. Their groups of one
 * person and relation are numbered, so that texts need not be compared again. */
static uint32_t *number_groups(const hd_persons *persons)
{
    uint32_t *group = hd_alloc(persons->n_relations * sizeof *group);
    for (size_t i = 0; i < persons->n_relations; i++) {
        const hd_relation *this = &persons->relation[i], *before = this - 1;
        bool same =
            i > 0 && this->person == before->person && hd_str_eq(this->relation, before->relation);
        group[i] = i == 0 ? 0 : group[i - 1] + !same;
    }
    return group;
}

/* By the ids of both: least significant first, each pass stable. */
static uint32_t *order_relations(hd_tables *tables)
{
    const hd_persons *persons = tables->outcome->persons;
    size_t n = persons->n_relations;
    HD_ASSERT(n <= UINT32_MAX);
    uint32_t *rank = hd_alloc((size_t)persons->n * sizeof *rank);
    for (uint32_t i = 0; i < persons->n; i++)
        rank[tables->by_person_id[i]] = i;
    uint32_t *group = number_groups(persons);
    hd_keyed *items = hd_alloc(n * sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = (hd_keyed){rank[persons->relation[i].other_person], (uint32_t)i};
    hd_sort_keyed(items, n);
    for (size_t i = 0; i < n; i++) {
        uint32_t r = items[i].value;
        items[i].key = (uint64_t)rank[persons->relation[r].person] << 32 | group[r];
    }
    hd_sort_keyed(items, n);
    uint32_t *order = hd_arena_alloc(&tables->arena, n * sizeof *order);
    for (size_t i = 0; i < n; i++)
        order[i] = items[i].value;
    hd_free(items);
    hd_free(group);
    hd_free(rank);
    return order;
}

void hd_declare_relation(hd_tables *tables, hd_table *out)
{
    static const hd_column columns[] = {
        HD_COLUMN("person_id", TEXT, hd_cell_of_person_id),
        HD_COLUMN("relation", TEXT, relation_cell),
        HD_COLUMN("other_person_id", TEXT, other_person_cell),
        HD_COLUMN("start_date", TEXT, start_date_cell),
        HD_COLUMN("end_date", TEXT, end_date_cell),
        HD_COLUMN("source", TEXT, hd_cell_of_source),
        HD_COLUMN("record_id", TEXT, hd_cell_of_record_id),
    };
    tables->by_relation = order_relations(tables);
    *out = (hd_table){.name = "relation",
                      .columns = columns,
                      .n_columns = HD_COUNT_OF(columns),
                      .n_key = 3,
                      .next = next_relation};
}
