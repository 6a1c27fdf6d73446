#ifndef HD_BASE_PARALLEL_H
#define HD_BASE_PARALLEL_H

/* Run `n_tasks` independent tasks on ctx->n_threads threads; tasks are handed out in rising order.
 * `worker` is 0 … n_threads-1, for per-thread scratch. Each worker has a ctx of its own; when tasks
 * fail, no further ones start, and the failure of the lowest task number is copied to `ctx`. */

#include "hedui/status.h"

typedef hd_status hd_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg);

hd_status hd_parallel(hd_ctx *ctx, uint32_t n_tasks, hd_task *run, void *arg);
/* The same on `n_threads`, where something else than processors says how many. */
hd_status hd_parallel_on(hd_ctx *ctx, uint32_t n_threads, uint32_t n_tasks, hd_task *run,
                         void *arg);

/* Tasks of `each` items, the last of what is left, of `total`; and the end of that which begins at
 * `begin`. */
static inline uint32_t hd_tasks_of(uint32_t total, uint32_t each)
{
    return (uint32_t)(((uint64_t)total + each - 1) / each);
}

static inline uint32_t hd_task_end(uint32_t total, uint32_t begin, uint32_t each)
{
    return total - begin < each ? total : begin + each;
}

/* [begin, end) of piece `i` of `n_pieces` nearly equal pieces of `total`. */
void hd_piece(uint64_t total, uint32_t n_pieces, uint32_t i, uint64_t *begin, uint64_t *end);

#endif
