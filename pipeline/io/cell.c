#include "pipeline/io/cell.h"

#include "hedui/status.h"

int hd_cell_cmp(const hd_cell *a, const hd_cell *b)
{
    HD_ASSERT(a->type == b->type);
    switch (a->type) {
    case HD_CELL_TEXT:
        return hd_str_cmp(a->text, b->text);
    case HD_CELL_INTEGER:
        return (a->integer > b->integer) - (a->integer < b->integer);
    case HD_CELL_REAL:
        return (a->real > b->real) - (a->real < b->real);
    default:
        HD_BUG("a key that is null");
    }
}
