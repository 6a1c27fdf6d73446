/* run, run_source, reject, indicator: keyed by the run, and so outside the comparison of runs. */

#include "pipeline/publish/tables.h"

static hd_table run_table(const char *name, const hd_column *columns, uint32_t n_columns,
                          uint32_t n_key, bool (*next)(hd_rows *rows))
{
    return (hd_table){.name = name,
                      .form = HD_TABLE_JOURNAL,
                      .of_run = true,
                      .columns = columns,
                      .n_columns = n_columns,
                      .n_key = n_key,
                      .next = next};
}

/* ---- run ---- */

static bool next_run(hd_rows *rows)
{
    return rows->at == 0;
}

static hd_cell state_cell(hd_rows *rows, const hd_column *column)
{
    (void)rows, (void)column;
    return hd_cell_text(HD_STR("published"));
}

static hd_cell versions_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(rows->tables->versions);
}

static hd_cell checksums_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(rows->tables->checksums);
}

static hd_cell counts_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(rows->tables->counts);
}

static hd_cell previous_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(rows->tables->previous_run);
}

/* The tables of persons are written before this one. */
static hd_cell inserted_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer((int64_t)rows->tables->changes.inserted);
}

static hd_cell updated_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer((int64_t)rows->tables->changes.updated);
}

static hd_cell deleted_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer((int64_t)rows->tables->changes.deleted);
}

/* Of the first run there is nothing to go back to. */
static hd_cell can_undo_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer(rows->tables->previous_run.ptr != NULL);
}

void hd_declare_run(hd_tables *tables, hd_table *out)
{
    static const hd_column columns[] = {
        HD_COLUMN("id", TEXT, hd_cell_of_run_id),
        HD_COLUMN("as_of", TEXT, hd_cell_of_as_of),
        HD_COLUMN("previous_run", TEXT, previous_cell),
        HD_COLUMN("versions", TEXT, versions_cell),
        HD_COLUMN("checksums", TEXT, checksums_cell),
        HD_COLUMN("counts", TEXT, counts_cell),
        HD_COLUMN("inserted", INTEGER, inserted_cell),
        HD_COLUMN("updated", INTEGER, updated_cell),
        HD_COLUMN("deleted", INTEGER, deleted_cell),
        HD_COLUMN("can_undo", INTEGER, can_undo_cell),
        HD_COLUMN("state", TEXT, state_cell),
    };
    (void)tables;
    *out = run_table("run", columns, HD_COUNT_OF(columns), 1, next_run);
}

/* ---- run_source ---- */

static bool next_source(hd_rows *rows)
{
    rows->item = rows->at;
    return rows->at < rows->outcome->ruleset->n_sources;
}

static const hd_records *records_of(const hd_rows *rows)
{
    return &rows->outcome->extract->records[rows->item];
}

static hd_cell source_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(rows->outcome->ruleset->sources[rows->item].code);
}

static hd_cell read_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer((int64_t)records_of(rows)->n_rows_read);
}

static hd_cell linked_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer(records_of(rows)->n);
}

static hd_cell rejected_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer((int64_t)records_of(rows)->n_rejected);
}

static hd_cell filtered_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer((int64_t)records_of(rows)->n_filtered);
}

static hd_cell mentions_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer((int64_t)rows->outcome->mentions->n_mentions[rows->item]);
}

static hd_cell empty_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer((int64_t)rows->outcome->mentions->n_empty[rows->item]);
}

static hd_cell checksum_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(hd_str_from(records_of(rows)->checksum));
}

/* Files have no time at which all their rows held; a database has its snapshot's. */
static hd_cell snapshot_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(records_of(rows)->snapshot);
}

void hd_declare_run_source(hd_tables *tables, hd_table *out)
{
    static const hd_column columns[] = {
        HD_COLUMN("run", TEXT, hd_cell_of_run_id),
        HD_COLUMN("source", TEXT, source_cell),
        HD_COLUMN("rows_read", INTEGER, read_cell),
        HD_COLUMN("rows_linked", INTEGER, linked_cell),
        HD_COLUMN("rows_rejected", INTEGER, rejected_cell),
        HD_COLUMN("rows_filtered", INTEGER, filtered_cell),
        HD_COLUMN("mentions", INTEGER, mentions_cell),
        HD_COLUMN("mentions_empty", INTEGER, empty_cell),
        HD_COLUMN("checksum", TEXT, checksum_cell),
        HD_COLUMN("snapshot_time", TEXT, snapshot_cell),
    };
    (void)tables;
    *out = run_table("run_source", columns, HD_COUNT_OF(columns), 2, next_source);
}

/* ---- reject ---- */

static bool next_reject(hd_rows *rows)
{
    rows->item = rows->at;
    return rows->at < rows->outcome->extract->n_rejects;
}

static const hd_reject *reject_of(const hd_rows *rows)
{
    return &rows->outcome->extract->rejects[rows->item];
}

static hd_cell number_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer((int64_t)rows->item + 1);
}

static hd_cell reject_source_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(rows->outcome->ruleset->sources[reject_of(rows)->source].code);
}

static hd_cell file_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(reject_of(rows)->file);
}

static hd_cell row_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer((int64_t)reject_of(rows)->row);
}

static hd_cell record_id_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(reject_of(rows)->record_id);
}

static hd_cell reason_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(hd_str_from(hd_reject_reason_name(reject_of(rows)->reason)));
}

/* Two files of a source may have one name, so the key is the place in the list. */
void hd_declare_reject(hd_tables *tables, hd_table *out)
{
    static const hd_column columns[] = {
        HD_COLUMN("run", TEXT, hd_cell_of_run_id),     HD_COLUMN("number", INTEGER, number_cell),
        HD_COLUMN("source", TEXT, reject_source_cell), HD_COLUMN("file", TEXT, file_cell),
        HD_COLUMN("row", INTEGER, row_cell),           HD_COLUMN("record_id", TEXT, record_id_cell),
        HD_COLUMN("reason", TEXT, reason_cell),
    };
    (void)tables;
    *out = run_table("reject", columns, HD_COUNT_OF(columns), 2, next_reject);
}

/* ---- indicator ---- */

static bool next_indicator(hd_rows *rows)
{
    rows->item = rows->at;
    return rows->at < rows->tables->n_indicators;
}

static const hd_indicator *indicator_of(const hd_rows *rows)
{
    return &rows->tables->indicators[rows->item];
}

static hd_cell code_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(indicator_of(rows)->code);
}

static hd_cell unit_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_text(indicator_of(rows)->unit);
}

static hd_cell numerator_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    return hd_cell_integer((int64_t)indicator_of(rows)->numerator);
}

static hd_cell denominator_cell(hd_rows *rows, const hd_column *column)
{
    (void)column;
    const hd_indicator *indicator = indicator_of(rows);
    return indicator->is_share ? hd_cell_integer((int64_t)indicator->denominator) : (hd_cell){0};
}

/* A share of nothing has no value. */
static hd_cell value_cell(hd_rows *rows, const hd_column *column)
{
    const hd_indicator *indicator = indicator_of(rows);
    double numerator = (double)indicator->numerator;
    if (!indicator->is_share)
        return hd_cell_of_real(numerator, column->decimals);
    if (indicator->denominator == 0)
        return (hd_cell){0};
    return hd_cell_of_real(numerator / (double)indicator->denominator, column->decimals);
}

void hd_declare_indicator(hd_tables *tables, hd_table *out)
{
    static const hd_column columns[] = {
        HD_COLUMN("run", TEXT, hd_cell_of_run_id),
        HD_COLUMN("code", TEXT, code_cell),
        HD_COLUMN("unit", TEXT, unit_cell),
        HD_COLUMN("numerator", INTEGER, numerator_cell),
        HD_COLUMN("denominator", INTEGER, denominator_cell),
        HD_DECIMALS("value", 6, value_cell),
    };
    (void)tables;
    *out = run_table("indicator", columns, HD_COUNT_OF(columns), 3, next_indicator);
}
