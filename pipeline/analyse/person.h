#ifndef HD_ANALYSE_PERSON_H
#define HD_ANALYSE_PERSON_H

/* A person of a run, looked at closely: its mentions, how they came together, how well they hold
 * together, and who was kept apart from it. */

#include "pipeline/analyse/explain.h"
#include "pipeline/graph.h"

/* Two parts of the person becoming one. Heaviest first; contested edges were taken after others in
 * the run itself. */
typedef struct hd_person_join {
    const hd_edge *edge;
    uint32_t n_a, n_b; /* mentions of the parts of edge->a and edge->b before */
    int pass;          /* the first that makes the pair; -1: none, somebody told */
    bool bridge;       /* without it the person would fall apart */
} hd_person_join;

/* Another person that some pair speaks for, and why they are two. */
typedef struct hd_person_apart {
    uint32_t cluster;
    const hd_review *review; /* the heaviest pair of the two that is up */
    uint32_t n_pairs;        /* that are */
} hd_person_apart;

typedef struct hd_person_view {
    uint32_t cluster;
    const hd_mention *member; /* [n] in mention order; of the run */
    uint32_t n, n_sources;
    hd_person_join *join; /* [n_joins], n - 1 */
    uint32_t n_joins;
    hd_graph_metrics metrics;
    hd_person_apart *apart; /* heaviest first */
    uint32_t n_apart;
    hd_arena arena;
} hd_person_view;

/* `run` went to HD_RUN_TO_CLUSTER. */
void hd_person_look(const hd_run *run, uint32_t cluster, hd_person_view *out);
void hd_person_view_release(hd_person_view *view);

/* The person that a name stands for: a mention as hd_mention_by_name takes it, or a person_id of
 * the last published run, whose mentions are looked for in this one. HD_USAGE where there is none.
 * `n_published` gets the mentions that the person_id had, `n_elsewhere` those that are now with
 * somebody else, or gone; 0 of a mention. */
hd_status hd_person_by_name(hd_ctx *ctx, const hd_run *run, const char *name, uint32_t *cluster,
                            uint32_t *n_published, uint32_t *n_elsewhere);

/* In words, appended. */
void hd_person_text(const hd_run *run, const hd_person_view *view, hd_explain_style style,
                    hd_buf *out);

/* Its metrics in a sentence; nothing of a single mention. */
void hd_person_metrics_text(const hd_run *run, const hd_person_view *view, hd_buf *out);

#endif
