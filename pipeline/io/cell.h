#ifndef HD_IO_CELL_H
#define HD_IO_CELL_H

/* One value of a row of the store, SQLite's or PostgreSQL's. */

#include "base/view.h"

typedef enum hd_cell_type {
    HD_CELL_NULL,
    HD_CELL_TEXT,
    HD_CELL_INTEGER,
    HD_CELL_REAL
} hd_cell_type;

typedef struct hd_cell {
    hd_cell_type type;
    union {
        hd_str text; /* UTF-8, not retained */
        int64_t integer;
        double real;
    };
} hd_cell;

static inline hd_cell hd_cell_text(hd_str text)
{
    return text.ptr ? (hd_cell){.type = HD_CELL_TEXT, .text = text} : (hd_cell){0};
}

static inline hd_cell hd_cell_integer(int64_t integer)
{
    return (hd_cell){.type = HD_CELL_INTEGER, .integer = integer};
}

static inline bool hd_cell_eq(const hd_cell *a, const hd_cell *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case HD_CELL_TEXT:
        return hd_str_eq(a->text, b->text);
    case HD_CELL_INTEGER:
        return a->integer == b->integer;
    case HD_CELL_REAL:
        return a->real == b->real;
    default:
        return true;
    }
}

int hd_cell_cmp(const hd_cell *a, const hd_cell *b); /* by bytes; of one type, none null */

#endif
