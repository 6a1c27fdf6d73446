#ifndef HD_REPORT_REPORT_H
#define HD_REPORT_REPORT_H

/* Private to the report stage: its parts. All read the outcome and write below one folder. */

#include "pipeline/naming.h"
#include "pipeline/stages.h"

/* Discrepancies in the order of the unit that owns them, then as they are. */
typedef struct hd_by_unit {
    uint32_t *order; /* [n] indexes into discrepancies */
    uint32_t *start; /* [n_units + 1] into order */
    hd_str *unit;    /* [n_units] division code; empty: not known */
    uint32_t n_units;
} hd_by_unit;

void hd_report_by_unit(const hd_discrepancies *discrepancies, hd_arena *arena, hd_by_unit *out);

/* What the lists repeat on every line, looked up once. Lives in `arena`. */
typedef struct hd_report_words {
    hd_str *rule, *kind; /* [rule] name, and what kind it is of */
    hd_str *field;       /* [field] */
    hd_str *conflict;    /* [conflict] */
    hd_str severity[HD_SEVERITY_ERROR + 1];
    hd_str review[1 - HD_REVIEW_LAST]; /* [-HD_REVIEW_…] */
    uint32_t who[HD_WHO_MAX], n_who;   /* fields that say who it is */
    int name;                          /* field; -1: there is none */
} hd_report_words;

void hd_report_words_init(const hd_outcome *outcome, hd_arena *arena, hd_report_words *out);

/* One file each, and nothing shared: they can be written at once. */
hd_status hd_report_page(hd_ctx *ctx, const hd_outcome *outcome, const hd_by_unit *units,
                         const char *folder);
/* Below `folder`/discrepancies, which must be there. */
hd_status hd_report_unit_file(hd_ctx *ctx, const hd_outcome *outcome, const hd_report_words *words,
                              const hd_by_unit *units, uint32_t unit, const char *folder);
hd_status hd_report_review_file(hd_ctx *ctx, const hd_outcome *outcome,
                                const hd_report_words *words, const char *folder);

/* Text of the catalogue under "<group>.<code>". */
hd_str hd_report_text(const hd_outcome *outcome, const char *group, hd_str code);

#endif
