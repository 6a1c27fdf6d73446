#ifndef HD_STORE_TABLE_H
#define HD_STORE_TABLE_H

/* The shape of a table: what DDL, CSV header, differences and rows all follow from. Declared once,
 * by pipeline/publish. */

#include "pipeline/config/ruleset.h"
#include "pipeline/io/cell.h"

typedef struct hd_rows hd_rows; /* a walk over new rows: publish/tables.h */
typedef struct hd_column hd_column;
typedef struct hd_table hd_table;

struct hd_column {
    hd_str name;
    hd_cell_type type;
    uint8_t decimals; /* HD_CELL_REAL */
    uint16_t field;   /* of a column that shows a field; else of no meaning */
    bool shows_field;
    /* The value in the row at which `rows` stands; a text lives until the next row. */
    hd_cell (*value)(hd_rows *rows, const hd_column *column);
};

typedef enum hd_table_form {
    HD_TABLE_STATE,   /* what holds now: a stored row that is not found again goes, or fades */
    HD_TABLE_JOURNAL, /* what happened: rows are added, never changed */
    HD_TABLE_VIEW     /* a view in the store; as rows for CSV only */
} hd_table_form;

enum { HD_TABLE_COLUMNS_MAX = HD_FIELDS_MAX + 16, HD_KEY_MAX = 4 };

struct hd_table {
    const char *name;
    hd_table_form form;
    bool of_run; /* its key holds the run's id: outside the comparison of runs */
    const hd_column *columns;
    uint32_t n_columns, n_key; /* the key is the first n_key columns */
    uint32_t run_column;       /* names the run that last changed the row; 0: no column does */
    /* Steps to the next row; false at the end. */
    bool (*next)(hd_rows *rows);
    /* Brings a new row in line with the stored one of its key (NULL: none). May be NULL. */
    void (*settle)(const hd_cell *old, hd_cell *row);
    /* Whether a stored row that was not found again stays, and as what. NULL: it goes. */
    bool (*fade)(hd_rows *rows, hd_cell *row);
};

int hd_table_column(const hd_table *table, hd_str name); /* -1: none */

/* "a", "b", … of columns [begin, end), quoted for SQL; `before` stands before each ("t."). */
void hd_column_names(hd_buf *out, const hd_table *table, uint32_t begin, uint32_t end,
                     const char *before);
void hd_quoted_name(hd_buf *out, hd_str name);
void hd_quoted_text(hd_buf *out, hd_str text); /* 'it''s' */

#endif
