#include "pipeline/report/report.h"
#include "pipeline/profile.h"

#include <stdlib.h>

#include "base/parallel.h"
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

typedef struct job {
    const hd_outcome *outcome;
    const char *folder;
    hd_by_unit units;
    hd_report_words words;
} job;

/* The longest file first: it takes as long as all others. */
enum { TASK_REVIEW, TASK_PAGE, TASK_PROFILE, TASK_REJECTS, TASK_UNITS };

/* What `hedui profile` compares the sources of another day with. */
static hd_status write_profile(hd_ctx *ctx, const job *j)
{
    hd_arena arena = {0};
    const char *path = hd_arena_printf(&arena, "%s/" HD_PROFILE_NAME, j->folder).ptr;
    hd_status status = hd_profile_write(ctx, j->outcome->ruleset, j->outcome->profile, path);
    hd_arena_release(&arena);
    return status;
}

static hd_status write_file(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    const job *j = arg;
    (void)worker;
    switch (task) {
    case TASK_REVIEW:
        return hd_report_review_file(ctx, j->outcome, &j->words, j->folder);
    case TASK_PAGE:
        return hd_report_page(ctx, j->outcome, &j->units, j->folder);
    case TASK_PROFILE:
        return write_profile(ctx, j);
    case TASK_REJECTS:
        return hd_report_rejects(ctx, j->outcome, j->folder);
    default:
        return hd_report_unit_file(ctx, j->outcome, &j->words, &j->units, task - TASK_UNITS,
                                   j->folder);
    }
}

hd_status hd_report_run(hd_ctx *ctx, const hd_outcome *outcome, const char *folder)
{
    hd_arena arena = {0};
    job j = {.outcome = outcome, .folder = folder};
    const char *lists = hd_arena_printf(&arena, "%s/discrepancies", folder).ptr;
    hd_report_by_unit(outcome->discrepancies, &arena, &j.units);
    hd_report_words_init(outcome, &arena, &j.words);
    hd_status status = hd_folder_make(ctx, lists, 0700);
    if (status == HD_OK)
        status = hd_parallel(ctx, TASK_UNITS + j.units.n_units, write_file, &j);
    hd_arena_release(&arena);
    return status;
}
