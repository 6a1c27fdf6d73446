#ifndef HD_ANALYSE_TRAIN_COUNTS_H
#define HD_ANALYSE_TRAIN_COUNTS_H

/* What training sees of the data: how many pairs have each agreement pattern, among pairs drawn at
 * random and among the pairs of each pass. All pairs of a pass are counted, none is drawn: the cost
 * of estimating is in distinct patterns.
 * The same for any number of threads and any order of rows: mentions are numbered by their keys,
 * counts are whole numbers, and patterns are sorted. */

#include "matchers/fs_em.h"
#include "pipeline/plan.h"
#include "pipeline/stages.h"

enum { HD_TRAIN_RANDOM_PAIRS = 2000000, HD_TRAIN_SEED = 20250101 };

typedef struct hd_train_counts {
    hd_em_data random, all, session[HD_PASSES_MAX]; /* all: each blocked pair once */
    uint64_t random_pairs, blocked_pairs, session_pairs[HD_PASSES_MAX];
    uint64_t ruled_out_pairs; /* blocked, but by a conflict no match: in no count of these */
    bool random_is_all;       /* there are so few that every pair was taken */
    hd_arena arena;
} hd_train_counts;

hd_status hd_train_count(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                         hd_train_counts *out);
void hd_train_counts_release(hd_train_counts *counts);

#endif
