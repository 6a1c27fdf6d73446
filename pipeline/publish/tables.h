#ifndef HD_PUBLISH_TABLES_H
#define HD_PUBLISH_TABLES_H

/* The tables of the contract, each declared once: its columns, the type of each, and where its
 * value comes from. DDL, CSV header, differences and rows all follow from that. For
 * pipeline/publish only.
 *
 * A table's rows come in the order of its key, which is its first n_key columns, so that they can
 * be merged with what the store holds (merge.h). Nothing is allocated a row. Peak memory: 8 bytes a
 * mention, 4 a person, a relation and a discrepancy, 32 a distinct written value. */

#include "base/arena.h"
#include "matchers/idcard.h"
#include "pipeline/stages.h"
#include "pipeline/store/table.h"

typedef struct hd_tables hd_tables;

enum { HD_N_TABLES = 12 };

/* One distinct written value, ready to be shown. A short text stands in here: rows want values in
 * no order, and each further place is a further wait for memory. */
enum { HD_SHOWN_BYTES = 20 };
typedef struct hd_shown {
    uint32_t size;              /* of the standard value's text, plus 1; 0: there is none */
    char bytes[HD_SHOWN_BYTES]; /* of a longer text: its address */
    const hd_str *written;      /* as a JSON text with its quotes; NULL: it is the standard value */
} hd_shown;

typedef struct hd_indicator {
    hd_str code, unit;
    uint64_t numerator, denominator;
    bool is_share; /* else a count, without a denominator */
} hd_indicator;

/* Why a link was made, by its pattern of levels: each pattern's text is made once. */
typedef struct hd_reason_text {
    hd_pattern pattern;
    hd_str text; /* null: a free slot */
} hd_reason_text;

struct hd_tables {
    const hd_outcome *outcome;
    hd_arena arena;
    hd_table table[HD_N_TABLES];
    hd_str as_of; /* 2026-01-02 */
    uint32_t n_person_fields;
    uint16_t person_field[HD_FIELDS_MAX]; /* in the order of their columns */
    uint32_t *value_order;                /* numbers of person fields in the order of their codes */
    int id_number_field;                  /* -1: none */
    hd_str id_type_code[HD_N_ID_TYPES];   /* what the code table of field id_type calls each */
    hd_str won_words[HD_FIELDS_MAX];      /* of each person field: why a value won */
    uint32_t *by_person_id, *by_discrepancy_id, *by_relation; /* rows of a table, in key order */
    uint64_t *won;                  /* [mention] bit k: its person has its person_field[k] */
    hd_shown *shown[HD_FIELDS_MAX]; /* [pool][hd_value_no] */
    hd_arena *shown_arenas;         /* [worker] */
    uint32_t n_shown_arenas;
    hd_reason_text *reasons; /* open addressing */
    uint32_t n_reasons, reasons_mask;
    hd_indicator *indicators;
    uint32_t n_indicators;
    hd_str versions, checksums, counts; /* JSON */
    hd_str previous_run;                /* whose tables this run changes; null: none */
    hd_change_counts changes;           /* so far, as hd_publish_counts says */
};

/* Fails with HD_CONFIG where a field has the name of another column. Release either way. */
hd_status hd_tables_init(hd_ctx *ctx, const hd_outcome *outcome, hd_tables *tables);
void hd_tables_release(hd_tables *tables);
const hd_table *hd_tables_find(const hd_tables *tables, const char *name); /* never NULL */

/* A walk over the rows of one table: where it stands, for the columns to read. */
struct hd_rows {
    hd_tables *tables;
    const hd_table *table;
    const hd_outcome *outcome;
    size_t at;   /* rows so far */
    size_t item; /* relation, history, discrepancy, reject, indicator */
    uint32_t person;
    hd_mention mention;
    uint32_t order, field_at, member; /* person_value: next to look at */
    hd_buf text[2];                   /* of columns that put a text together */
};

void hd_rows_open(hd_rows *rows, hd_tables *tables, const hd_table *table);
bool hd_rows_next(hd_rows *rows, hd_cell *cells);
void hd_rows_close(hd_rows *rows);

/* ---- for the declarations of tables ---- */

#define HD_NAME(n)                      \
    {                                   \
        "" n, (uint32_t)(sizeof(n) - 1) \
    }
#define HD_COLUMN(n, cell_type, make)                                    \
    {                                                                    \
        .name = HD_NAME(n), .type = HD_CELL_##cell_type, .value = (make) \
    }
#define HD_DECIMALS(n, digits, make)                                                    \
    {                                                                                   \
        .name = HD_NAME(n), .type = HD_CELL_REAL, .decimals = (digits), .value = (make) \
    }
#define HD_COUNT_OF(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

/* Each in a file of its own kind: rows_*.c. */
void hd_declare_person(hd_tables *tables, hd_table *out);
void hd_declare_mention(hd_tables *tables, hd_table *out);
void hd_declare_person_value(hd_tables *tables, hd_table *out);
void hd_declare_person_link(hd_tables *tables, hd_table *out);
void hd_declare_person_history(hd_tables *tables, hd_table *out);
void hd_declare_relation(hd_tables *tables, hd_table *out);
void hd_declare_discrepancy(hd_tables *tables, hd_table *out);
void hd_declare_decision(hd_tables *tables, hd_table *out);
void hd_declare_run(hd_tables *tables, hd_table *out);
void hd_declare_run_source(hd_tables *tables, hd_table *out);
void hd_declare_reject(hd_tables *tables, hd_table *out);
void hd_declare_indicator(hd_tables *tables, hd_table *out);

/* What several tables show. */
hd_cell hd_cell_of_source(hd_rows *rows, const hd_column *column);
hd_cell hd_cell_of_record_id(hd_rows *rows, const hd_column *column);
hd_cell hd_cell_of_role(hd_rows *rows, const hd_column *column);
hd_cell hd_cell_of_person_id(hd_rows *rows, const hd_column *column);
hd_cell hd_cell_of_run_id(hd_rows *rows, const hd_column *column);
hd_cell hd_cell_of_as_of(hd_rows *rows, const hd_column *column);
hd_cell hd_cell_of_person(const hd_rows *rows, uint32_t person); /* HD_NO_PERSON: null */
hd_cell hd_cell_of_real(double value, uint8_t decimals);

/* NULL where nothing was written. */
static inline const hd_shown *hd_tables_shown(const hd_tables *tables, hd_mention i, uint32_t field)
{
    const hd_mentions *mentions = tables->outcome->mentions;
    const hd_value_no *column = mentions->column[field];
    if (!column || column[i] == 0)
        return NULL;
    return &tables->shown[mentions->extract->values.pool_of[field]][column[i]];
}

/* Its standard value's text; null where there is none. It lives as long as the tables. */
static inline hd_str hd_shown_standard(const hd_shown *shown)
{
    if (!shown || shown->size == 0)
        return HD_STR_NULL;
    const char *ptr = shown->bytes;
    if (shown->size > HD_SHOWN_BYTES + 1)
        memcpy(&ptr, shown->bytes, sizeof ptr);
    return (hd_str){ptr, shown->size - 1};
}

static inline hd_str hd_tables_standard(const hd_tables *tables, hd_mention i, uint32_t field)
{
    return hd_shown_standard(hd_tables_shown(tables, i, field));
}

/* The numbers 0 … n-1 in the order of their texts, which are distinct. */
uint32_t *hd_order_by_text(hd_arena *arena, const hd_str *text, uint32_t n);

/* The SELECT of each view, with `prefix` before the tables; in the tables' arena. */
enum { HD_N_VIEWS = 2 };
void hd_tables_views(hd_tables *tables, const char *prefix, hd_view views[HD_N_VIEWS]);

/* The parts of hd_tables_init. */
hd_status hd_tables_show_values(hd_ctx *ctx, hd_tables *tables); /* shown */
void hd_tables_count_indicators(hd_ctx *ctx, hd_tables *tables);

#endif
