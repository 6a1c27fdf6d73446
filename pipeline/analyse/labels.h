#ifndef HD_ANALYSE_LABELS_H
#define HD_ANALYSE_LABELS_H

/* What people said of pairs of mentions, and who each mention is: files that a run is judged by.
 *
 * Labels: CSV with source_a, record_id_a, role_a, source_b, record_id_b, role_b, decision (same,
 * different, unknown or nothing), and optionally stratum and weight_of_stratum, the pairs that each
 * line stands for (`hedui label` writes them); without, all pairs are one stratum and stand for
 * themselves.
 * Truth: CSV with source, record_id, role, person_id. */

#include "pipeline/run.h"

typedef enum hd_decision {
    HD_DECISION_UNKNOWN,
    HD_DECISION_SAME,
    HD_DECISION_DIFFERENT
} hd_decision;

typedef struct hd_label {
    hd_mention a, b; /* a < b */
    hd_decision decision;
    uint32_t stratum;
    uint64_t line;
} hd_label;

typedef struct hd_label_stratum {
    hd_str code;
    double size; /* sum of its lines' weights */
    uint32_t n_lines, n_decided;
} hd_label_stratum;

typedef struct hd_labels {
    hd_label *label; /* by a, b */
    uint32_t n;
    uint32_t n_decided;
    hd_label_stratum *stratum; /* in the order of the file */
    uint32_t n_strata;
    bool weighted; /* the file tells strata and weights */
    hd_arena arena;
} hd_labels;

/* HD_SOURCE with the line: a mention that the data does not have, a pair twice, a decision or a
 * weight that is none. Needs `run` as far as its mentions. Release in any case. */
hd_status hd_labels_read(hd_ctx *ctx, const hd_run *run, const char *path, hd_labels *out);
void hd_labels_release(hd_labels *labels);

typedef struct hd_truth {
    hd_mention *mention; /* [n] HD_NO_MENTION: the data has none such */
    uint32_t *person;    /* [n] equal numbers are one person */
    uint32_t n, n_missing;
} hd_truth;

/* HD_SOURCE where none of its mentions is in the data. Release in any case. */
hd_status hd_truth_read(hd_ctx *ctx, const hd_run *run, const char *path, hd_truth *out);
void hd_truth_release(hd_truth *truth);

#endif
