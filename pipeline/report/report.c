#include "pipeline/report/report.h"

#include <stdlib.h>

#include "pipeline/config/catalogue.h"
#include "pipeline/io/file.h"

hd_str hd_report_text(const hd_outcome *outcome, const char *group, hd_str code)
{
    return hd_text_for(outcome->ruleset->catalogue, group, code, NULL);
}

typedef struct unit_item {
    hd_str unit;
    uint32_t index;
} unit_item;

static int by_unit(const void *x, const void *y)
{
    const unit_item *a = x, *b = y;
    int c = hd_str_cmp(a->unit, b->unit);
    return c ? c : (a->index > b->index) - (a->index < b->index);
}

void hd_report_by_unit(const hd_discrepancies *discrepancies, hd_arena *arena, hd_by_unit *out)
{
    size_t n = discrepancies->n;
    unit_item *items = HD_NEW_N(arena, unit_item, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (unit_item){discrepancies->item[i].owner_unit, (uint32_t)i};
    qsort(items, n, sizeof *items, by_unit);
    *out = (hd_by_unit){.order = HD_NEW_N(arena, uint32_t, n + 1),
                        .start = HD_NEW_N(arena, uint32_t, n + 2),
                        .unit = HD_NEW_N(arena, hd_str, n + 1)};
    for (size_t i = 0; i < n; i++) {
        out->order[i] = items[i].index;
        if (i == 0 || !hd_str_eq(items[i].unit, items[i - 1].unit)) {
            out->start[out->n_units] = (uint32_t)i;
            out->unit[out->n_units++] = items[i].unit;
        }
    }
    out->start[out->n_units] = (uint32_t)n;
}

hd_status hd_report_run(hd_ctx *ctx, const hd_outcome *outcome, const char *folder)
{
    hd_arena arena = {0};
    hd_by_unit units;
    hd_report_by_unit(outcome->discrepancies, &arena, &units);
    hd_status status = hd_report_page(ctx, outcome, &units, folder);
    if (status == HD_OK)
        status = hd_report_unit_files(ctx, outcome, &units, folder);
    if (status == HD_OK)
        status = hd_report_review_file(ctx, outcome, folder);
    if (status == HD_OK)
        status = hd_report_rejects(ctx, outcome, folder);
    hd_arena_release(&arena);
    return status;
}
