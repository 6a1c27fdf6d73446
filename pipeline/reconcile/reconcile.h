#ifndef HD_PIPELINE_RECONCILE_H
#define HD_PIPELINE_RECONCILE_H

/* The parts of the reconcile stage; for pipeline/reconcile only. Each fills its columns of
 * `persons`, whose n is set and whose arena is open. */

#include "pipeline/stages.h"

enum { HD_RECONCILE_CHUNK = 8192 /* persons a task */ };

typedef struct hd_reconcile {
    const hd_ruleset *ruleset;
    const hd_mentions *mentions;
    const hd_clusters *clusters;
    hd_persons *persons;
} hd_reconcile;

/* won: for each person field the mention whose value the person has. */
hd_status hd_survivorship_choose(hd_ctx *ctx, const hd_reconcile *job);

/* person_id, first_run, history. `previous` may be NULL. */
hd_status hd_identity_assign(hd_ctx *ctx, const hd_reconcile *job, const uint8_t key[32],
                             const hd_previous *previous);

/* relation, spouse, mother, father. */
void hd_relations_find(const hd_reconcile *job);

/* Number of tasks for hd_parallel, and the persons [begin, end) of one. */
static inline uint32_t hd_reconcile_n_tasks(const hd_reconcile *job)
{
    return (uint32_t)(((uint64_t)job->clusters->n + HD_RECONCILE_CHUNK - 1) / HD_RECONCILE_CHUNK);
}

static inline void hd_reconcile_range(const hd_reconcile *job, uint32_t task, uint32_t *begin,
                                      uint32_t *end)
{
    uint32_t left = job->clusters->n - task * HD_RECONCILE_CHUNK;
    *begin = task * HD_RECONCILE_CHUNK;
    *end = *begin + (left < HD_RECONCILE_CHUNK ? left : HD_RECONCILE_CHUNK);
}

#endif
