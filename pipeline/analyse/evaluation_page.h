#ifndef HD_ANALYSE_EVALUATION_PAGE_H
#define HD_ANALYSE_EVALUATION_PAGE_H

/* The page of an evaluation: what each threshold gives, how weights are spread, what the model
 * says, and, where two mentions are named, how they are weighed and whom they belong to. One file,
 * no script; values are masked unless asked for, and the file is its owner's (0600). */

#include "pipeline/analyse/explain.h"
#include "pipeline/analyse/thresholds.h"

typedef struct hd_evaluation_page {
    hd_run *run; /* to HD_RUN_TO_CLUSTER */
    const hd_thresholds *thresholds;
    uint32_t n_named; /* mentions whose persons are shown; of two also how they are weighed */
    hd_mention named[2];
    hd_explain_style style;
} hd_evaluation_page;

hd_status hd_evaluation_page_write(hd_ctx *ctx, const hd_evaluation_page *page, const char *path);

/* Parts of it, private to its files: appended to `out`. */
void hd_page_model(const hd_evaluation_page *page, hd_buf *out); /* model_page.c */
void hd_page_pair(const hd_evaluation_page *page, hd_buf *out);  /* pair_page.c; of two */
void hd_page_person(const hd_evaluation_page *page, hd_mention of, hd_buf *out); /* person_page.c */
hd_str hd_page_word(const hd_evaluation_page *page, const char *code); /* of group `page` */
void hd_page_paragraph(hd_buf *out, hd_str text);

#endif
