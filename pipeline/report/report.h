#ifndef HD_REPORT_REPORT_H
#define HD_REPORT_REPORT_H

/* Private to the report stage: its parts. All read the outcome and write below one folder. */

#include "pipeline/stages.h"

/* Discrepancies in the order of the unit that owns them, then as they are. */
typedef struct hd_by_unit {
    uint32_t *order; /* [n] indexes into discrepancies */
    uint32_t *start; /* [n_units + 1] into order */
    hd_str *unit;    /* [n_units] division code; empty: not known */
    uint32_t n_units;
} hd_by_unit;

void hd_report_by_unit(const hd_discrepancies *discrepancies, hd_arena *arena, hd_by_unit *out);

hd_status hd_report_page(hd_ctx *ctx, const hd_outcome *outcome, const hd_by_unit *units,
                         const char *folder);
hd_status hd_report_unit_files(hd_ctx *ctx, const hd_outcome *outcome, const hd_by_unit *units,
                               const char *folder);
hd_status hd_report_review_file(hd_ctx *ctx, const hd_outcome *outcome, const char *folder);

/* Text of the catalogue under "<group>.<code>". */
hd_str hd_report_text(const hd_outcome *outcome, const char *group, hd_str code);

#endif
