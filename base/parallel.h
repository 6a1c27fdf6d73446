#ifndef HD_BASE_PARALLEL_H
#define HD_BASE_PARALLEL_H

/* Run `n_tasks` independent tasks on ctx->n_threads threads; tasks are handed out in rising order.
 * `worker` is 0 … n_threads-1, for per-thread scratch. Each worker has a ctx of its own; when tasks
 * fail, no further ones start, and the failure of the lowest task number is copied to `ctx`. */

#include "hedui/status.h"

typedef hd_status hd_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg);

hd_status hd_parallel(hd_ctx *ctx, uint32_t n_tasks, hd_task *run, void *arg);

/* [begin, end) of piece `i` of `n_pieces` nearly equal pieces of `total`. */
void hd_piece(uint64_t total, uint32_t n_pieces, uint32_t i, uint64_t *begin, uint64_t *end);

#endif
