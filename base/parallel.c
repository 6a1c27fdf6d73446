#include "base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"

struct job {
    hd_task *run;
    void *arg;
    uint32_t n_tasks;
    atomic_uint_fast64_t next; /* 64 bits: each worker steps once past the end */
    atomic_bool failed;
};

typedef struct worker {
    struct job *job;
    pthread_t thread;
    uint32_t number;
    uint32_t failed_task; /* where status is not HD_OK */
    hd_status status;
    hd_ctx ctx;
} worker;

/* A task whose number was taken is always run, even if another failed meanwhile: then every task
 * below a failed one has run, and the lowest failure is the same whatever the timing. */
static void *work(void *arg)
{
    worker *self = arg;
    struct job *job = self->job;
    while (!atomic_load(&job->failed)) {
        uint64_t task = atomic_fetch_add(&job->next, 1);
        if (task >= job->n_tasks)
            break;
        hd_ctx_clear(&self->ctx);
        self->status = job->run(&self->ctx, (uint32_t)task, self->number, job->arg);
        if (self->status != HD_OK) {
            self->failed_task = (uint32_t)task;
            atomic_store(&job->failed, true);
        }
    }
    return NULL;
}

static hd_status run_inline(hd_ctx *ctx, uint32_t n_tasks, hd_task *run, void *arg)
{
    for (uint32_t task = 0; task < n_tasks; task++)
        HD_TRY(run(ctx, task, 0, arg));
    return HD_OK;
}

static hd_status lowest_failure(hd_ctx *ctx, const worker *workers, uint32_t n_workers)
{
    const worker *lowest = NULL;
    for (uint32_t i = 0; i < n_workers; i++) {
        const worker *w = &workers[i];
        if (w->status != HD_OK && (!lowest || w->failed_task < lowest->failed_task))
            lowest = w;
    }
    if (!lowest)
        return HD_OK;
    memcpy(ctx->frames, lowest->ctx.frames, sizeof ctx->frames);
    ctx->n_frames = lowest->ctx.n_frames;
    memcpy(ctx->hint, lowest->ctx.hint, sizeof ctx->hint);
    return lowest->status;
}

hd_status hd_parallel(hd_ctx *ctx, uint32_t n_tasks, hd_task *run, void *arg)
{
    uint32_t n_workers = ctx->n_threads < n_tasks ? ctx->n_threads : n_tasks;
    if (n_workers <= 1)
        return run_inline(ctx, n_tasks, run, arg);

    struct job job = {.run = run, .arg = arg, .n_tasks = n_tasks};
    worker *workers = hd_alloc_zero(n_workers, sizeof *workers);
    for (uint32_t i = 0; i < n_workers; i++) {
        workers[i].job = &job;
        workers[i].number = i;
        hd_ctx_init(&workers[i].ctx, 1);
        workers[i].ctx.quiet = ctx->quiet;
    }
    uint32_t n_started = 1; /* the caller is worker 0 */
    /* Where the system refuses a thread, the workers there are do all the tasks. */
    while (n_started < n_workers &&
           pthread_create(&workers[n_started].thread, NULL, work, &workers[n_started]) == 0)
        n_started++;
    work(&workers[0]);
    for (uint32_t i = 1; i < n_started; i++)
        pthread_join(workers[i].thread, NULL);
    hd_status status = lowest_failure(ctx, workers, n_started);
    hd_free(workers);
    return status;
}

hd_status hd_parallel_on(hd_ctx *ctx, uint32_t n_threads, uint32_t n_tasks, hd_task *run, void *arg)
{
    uint32_t before = ctx->n_threads;
    ctx->n_threads = n_threads;
    hd_status status = hd_parallel(ctx, n_tasks, run, arg);
    ctx->n_threads = before;
    return status;
}

void hd_piece(uint64_t total, uint32_t n_pieces, uint32_t i, uint64_t *begin, uint64_t *end)
{
    HD_ASSERT(i < n_pieces);
    uint64_t each = total / n_pieces, longer = total % n_pieces; /* that many hold one more */
    *begin = each * i + (i < longer ? i : longer);
    *end = *begin + each + (i < longer);
}
