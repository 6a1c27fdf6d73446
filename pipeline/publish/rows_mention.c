/* mention, and the views of it: person_link, person_value. One row a mention holds all that is
 * known of it: a table of links beside it would store its key and its person's id a second time,
 * with an index each (at a million persons 2.2 GB and 33 s of CPU time, against 1.6 GB and 24 s).
 */

#include "base/hash.h"
#include "base/mem.h"
#include "pipeline/publish/ahead.h"
#include "pipeline/weights.h"

/* ---- mention: each standard value once, and what was written where it differs ---- */

HD_AHEAD ask_ahead(const hd_rows *rows)
{
    const hd_table *table = rows->table;
    const uint32_t *of = rows->outcome->clusters->of;
    const hd_str *person_id = rows->outcome->persons->person_id;
    hd_mention near = (hd_mention)rows->at + HD_AHEAD_STEP, far = near + HD_AHEAD_STEP;
    if (far >= rows->outcome->mentions->n)
        return;
    for (uint32_t i = 0; i < table->n_columns; i++) {
        if (!table->columns[i].shows_field)
            continue;
        hd_ahead_shown(rows->tables, far, table->columns[i].field);
        hd_ahead_texts(rows->tables, near, table->columns[i].field);
    }
    __builtin_prefetch(hd_mention_record_id(rows->outcome->mentions, near).ptr);
    __builtin_prefetch(&person_id[of[far]]);
    __builtin_prefetch(person_id[of[near]].ptr);
}

static bool next_mention(hd_rows *rows)
{
    if (rows->at == rows->outcome->mentions->n)
        return false;
    ask_ahead(rows);
    rows->mention = (hd_mention)rows->at;
    rows->person = rows->outcome->clusters->of[rows->mention];
    return true;
}

static hd_cell standard_cell(hd_rows *rows, const hd_column *column)
{
    return hd_cell_text(hd_tables_standard(rows->tables, rows->mention, column->field));
}

/* {"birth_date":"19800102","sex":"男"}: the fields whose written text is not the standard value. */
static hd_cell written_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    hd_buf *text = &rows->text[0];
    const hd_ruleset *ruleset = rows->outcome->ruleset;
    hd_buf_clear(text);
    for (uint32_t field = 0; field < ruleset->n_fields; field++) {
        const hd_shown *shown = hd_tables_shown(rows->tables, rows->mention, field);
        if (!shown || !shown->written)
            continue;
        hd_buf_add(text, text->len_bytes ? HD_STR(",\"") : HD_STR("{\""));
        hd_buf_add(text, ruleset->fields[field].code);
        hd_buf_add(text, HD_STR("\":"));
        hd_buf_add(text, *shown->written);
    }
    if (!text->len_bytes)
        return (hd_cell){0};
    hd_buf_add_char(text, '}');
    return hd_cell_text(hd_buf_str(text));
}

static hd_cell won_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer((int64_t)rows->tables->won[rows->mention]);
}

/* Person by person, as a person's mentions are few. */
static void mark_won(hd_tables *tables)
{
    const hd_persons *persons = tables->outcome->persons;
    tables->won = HD_NEW_N(&tables->arena, uint64_t, tables->outcome->mentions->n);
    for (uint32_t person = 0; person < persons->n; person++) {
        for (uint32_t k = 0; k < tables->n_person_fields; k++) {
            const hd_mention *won = persons->won[tables->person_field[k]];
            if (won && won[person] != HD_NO_MENTION)
                tables->won[won[person]] |= UINT64_C(1) << k;
        }
    }
}

/* ---- how the mention came to its person ---- */

static const hd_edge *link_of(const hd_rows *rows)
{
    const hd_edge *link = &rows->outcome->clusters->link[rows->mention];
    return link->weight == HD_EDGE_NONE ? NULL : link;
}

static hd_cell weight_cell(hd_rows *rows, const hd_column *column)
{
    const hd_edge *link = link_of(rows);
    if (!link)
        return (hd_cell){0};
    return hd_cell_of_real((double)link->weight / HD_WEIGHT_ONE, column->decimals);
}

static hd_cell probability_cell(hd_rows *rows, const hd_column *column)
{
    const hd_edge *link = link_of(rows);
    return hd_cell_of_real(link ? hd_weight_probability(link->weight) : 1, column->decimals);
}

static hd_str make_reason(const hd_tables *tables, hd_pattern pattern, hd_arena *arena)
{
    const hd_ruleset *ruleset = tables->outcome->ruleset;
    hd_buf text = {0};
    for (uint32_t c = 0; c < ruleset->n_comparisons; c++) {
        uint32_t level = hd_plan_level(tables->outcome->plan, pattern, c);
        if (level == 0)
            continue;
        if (text.len_bytes)
            hd_buf_add_char(&text, ' ');
        hd_buf_add(&text, ruleset->comparisons[c].code);
        hd_buf_add_char(&text, '=');
        hd_buf_add(&text, ruleset->comparisons[c].levels[level - 1].code);
    }
    hd_str made = hd_arena_str(arena, hd_buf_str(&text));
    hd_buf_release(&text);
    return made;
}

static hd_reason_text *find_reason(const hd_tables *tables, hd_pattern pattern)
{
    uint32_t at = (uint32_t)hd_hash_mix(pattern, 0) & tables->reasons_mask;
    while (tables->reasons[at].text.ptr && tables->reasons[at].pattern != pattern)
        at = (at + 1) & tables->reasons_mask;
    return &tables->reasons[at];
}

static void grow_reasons(hd_tables *tables)
{
    hd_reason_text *before = tables->reasons;
    uint32_t n_before = before ? tables->reasons_mask + 1 : 0, n = n_before ? n_before * 2 : 1024;
    tables->reasons = hd_alloc_zero(n, sizeof *before);
    tables->reasons_mask = n - 1;
    for (uint32_t i = 0; i < n_before; i++) {
        if (before[i].text.ptr)
            *find_reason(tables, before[i].pattern) = before[i];
    }
    hd_free(before);
}

static hd_str reason_text(hd_tables *tables, hd_pattern pattern)
{
    if (tables->n_reasons * 2 >= (tables->reasons ? tables->reasons_mask : 0))
        grow_reasons(tables);
    hd_reason_text *reason = find_reason(tables, pattern);
    if (!reason->text.ptr) {
        *reason = (hd_reason_text){pattern, make_reason(tables, pattern, &tables->arena)};
        tables->n_reasons++;
    }
    return reason->text;
}

/* name=same id_number=one_digit: the levels of the pair by which the mention joined. */
static hd_cell reason_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    const hd_edge *link = link_of(rows);
    return hd_cell_text(link ? reason_text(rows->tables, link->pattern) : HD_STR("first"));
}

/* ---- the tables over mentions ---- */

static const hd_column mention_head[] = {
    HD_COLUMN("source", TEXT, hd_cell_of_source),
    HD_COLUMN("record_id", TEXT, hd_cell_of_record_id),
    HD_COLUMN("role", TEXT, hd_cell_of_role),
    HD_COLUMN("person_id", TEXT, hd_cell_of_person_id),
    HD_DECIMALS("weight", 3, weight_cell),
    HD_DECIMALS("probability", 6, probability_cell),
    HD_COLUMN("reason", TEXT, reason_cell),
};

static const hd_column mention_tail[] = {
    HD_COLUMN("written", TEXT, written_cell),
    HD_COLUMN("won", INTEGER, won_cell),
};

void hd_declare_mention(hd_tables *tables, hd_table *out)
{
    const hd_outcome *outcome = tables->outcome;
    const uint32_t n_head = HD_COUNT_OF(mention_head), n_tail = HD_COUNT_OF(mention_tail);
    uint32_t n = n_head;
    hd_column *columns =
        HD_NEW_N(&tables->arena, hd_column, n_head + outcome->ruleset->n_fields + n_tail);
    memcpy(columns, mention_head, sizeof mention_head);
    for (uint32_t field = 0; field < outcome->ruleset->n_fields; field++) {
        if (outcome->mentions->column[field])
            columns[n++] = (hd_column){.name = outcome->ruleset->fields[field].code,
                                       .type = HD_CELL_TEXT,
                                       .field = (uint16_t)field,
                                       .shows_field = true,
                                       .value = standard_cell};
    }
    memcpy(columns + n, mention_tail, sizeof mention_tail);
    mark_won(tables);
    *out = (hd_table){.name = "mention",
                      .columns = columns,
                      .n_columns = n + n_tail,
                      .n_key = 3,
                      .next = next_mention};
}

/* The head of a mention's row. */
void hd_declare_person_link(hd_tables *tables, hd_table *out)
{
    (void)tables;
    *out = (hd_table){.name = "person_link",
                      .form = HD_TABLE_VIEW,
                      .columns = mention_head,
                      .n_columns = HD_COUNT_OF(mention_head),
                      .n_key = 3,
                      .next = next_mention};
}

/* ---- person_value: of each person each value that a mention has of a field ---- */

static uint16_t field_of(const hd_rows *rows)
{
    return rows->tables->person_field[rows->tables->value_order[rows->field_at]];
}

/* The next value of the person at which `rows` stands. */
static bool find_value(hd_rows *rows)
{
    const hd_clusters *clusters = rows->outcome->clusters;
    for (; rows->field_at < rows->tables->n_person_fields; rows->field_at++) {
        while (rows->member < clusters->start[rows->person + 1]) {
            rows->mention = clusters->member[rows->member++];
            if (hd_tables_standard(rows->tables, rows->mention, field_of(rows)).ptr)
                return true;
        }
        rows->member = clusters->start[rows->person];
    }
    return false;
}

static bool next_value(hd_rows *rows)
{
    const hd_clusters *clusters = rows->outcome->clusters;
    while (rows->order == 0 || !find_value(rows)) {
        if (rows->order == clusters->n)
            return false;
        rows->person = rows->tables->by_person_id[rows->order++];
        rows->member = clusters->start[rows->person];
        rows->field_at = 0;
    }
    return true;
}

static hd_cell field_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(rows->outcome->ruleset->fields[field_of(rows)].code);
}

static hd_cell value_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(hd_tables_standard(rows->tables, rows->mention, field_of(rows)));
}

static hd_cell why_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    uint32_t k = rows->tables->value_order[rows->field_at];
    bool won = rows->tables->won[rows->mention] >> k & 1;
    return hd_cell_text(won ? rows->tables->won_words[k] : HD_STR("lost"));
}

/* "won: state, source": the criteria by which the field's value is chosen, in their order. */
static hd_str make_won_words(hd_tables *tables, uint16_t field)
{
    static const char *const names[] = {
        [HD_PREFER_STATE] = "state",       [HD_PREFER_SOURCE] = "source",
        [HD_PREFER_FREQUENT] = "frequent", [HD_PREFER_RECENT] = "recent",
        [HD_PREFER_LONGEST] = "longest",
    };
    const hd_ruleset *ruleset = tables->outcome->ruleset;
    const hd_survivorship *rule = hd_survivorship_find(ruleset, field);
    hd_buf text = {0};
    hd_buf_add(&text, HD_STR("won"));
    for (uint32_t i = 0; rule && i < rule->n_prefer; i++)
        hd_buf_addf(&text, "%s %s", i ? "," : ":", names[rule->prefer[i]]);
    hd_str words = hd_arena_str(&tables->arena, hd_buf_str(&text));
    hd_buf_release(&text);
    return words;
}

void hd_declare_person_value(hd_tables *tables, hd_table *out)
{
    static const hd_column columns[] = {
        HD_COLUMN("person_id", TEXT, hd_cell_of_person_id),
        HD_COLUMN("field", TEXT, field_cell),
        HD_COLUMN("value", TEXT, value_cell),
        HD_COLUMN("source", TEXT, hd_cell_of_source),
        HD_COLUMN("record_id", TEXT, hd_cell_of_record_id),
        HD_COLUMN("role", TEXT, hd_cell_of_role),
        HD_COLUMN("why", TEXT, why_cell),
    };
    hd_str codes[HD_FIELDS_MAX];
    for (uint32_t k = 0; k < tables->n_person_fields; k++) {
        codes[k] = tables->outcome->ruleset->fields[tables->person_field[k]].code;
        tables->won_words[k] = make_won_words(tables, tables->person_field[k]);
    }
    tables->value_order = hd_order_by_text(&tables->arena, codes, tables->n_person_fields);
    *out = (hd_table){.name = "person_value",
                      .form = HD_TABLE_VIEW,
                      .columns = columns,
                      .n_columns = HD_COUNT_OF(columns),
                      .n_key = 0,
                      .next = next_value};
}
