#include "pipeline/publish/write.h"

#include <pthread.h>

#include "base/parallel.h"
#include "pipeline/publish/merge.h"

/* ---- one table ---- */

static hd_status write_changes(hd_ctx *ctx, hd_merge *merge, hd_writer *writer)
{
    hd_change change;
    bool more;
    HD_TRY(hd_merge_next(ctx, merge, &change, &more));
    while (more) {
        HD_TRY(hd_writer_change(ctx, writer, merge->row, change));
        HD_TRY(hd_merge_next(ctx, merge, &change, &more));
    }
    return HD_OK;
}

static hd_status write_rows(hd_ctx *ctx, hd_tables *tables, const hd_table *table, hd_store *store,
                            hd_writer *writer, uint64_t *n_rows)
{
    hd_merge merge;
    bool is_state = table->form == HD_TABLE_STATE;
    hd_status status = hd_merge_open(ctx, tables, table, is_state ? store : NULL, &merge);
    if (status == HD_OK)
        status = write_changes(ctx, &merge, writer);
    *n_rows = is_state ? merge.n_rows : UINT64_MAX;
    hd_merge_close(&merge);
    return status;
}

static hd_status write_table(hd_ctx *ctx, hd_store *store, uint32_t lane, hd_tables *tables,
                             const hd_table *table, hd_change_counts *counts)
{
    hd_writer *writer;
    uint64_t n_rows;
    HD_TRY(hd_writer_open(ctx, store, lane, table, &writer));
    hd_status status = write_rows(ctx, tables, table, store, writer, &n_rows);
    if (status != HD_OK) {
        hd_writer_abandon(writer);
        return status;
    }
    return hd_writer_end(ctx, writer, n_rows, counts);
}

/* ---- all ---- */

/* First the rows of all tables, then the indexes of each that has its rows: what is short comes
 * last, so that no lane waits long for another. */
typedef struct write_job {
    hd_store *store;
    hd_tables *tables;
    uint32_t n_tables;
    struct written {
        const hd_table *table;
        hd_change_counts counts;
        bool has_rows;
        uint32_t n_indexes, next_index;
    } written[HD_N_TABLES];
    pthread_mutex_t lock; /* of all below, and of what is written */
    pthread_cond_t changed;
    uint32_t next_table, n_open; /* tables that are being filled */
} write_job;

/* Of a table: its rows, or an index. */
typedef struct write_item {
    struct written *of;
    bool is_index;
    uint32_t index;
} write_item;

static bool find_index(write_job *job, write_item *out)
{
    for (uint32_t i = 0; i < job->n_tables; i++) {
        struct written *of = &job->written[i];
        if (of->has_rows && of->next_index < of->n_indexes) {
            *out = (write_item){of, true, of->next_index++};
            return true;
        }
    }
    return false;
}

/* The next that can be done; waits for it. false: a table that was to be filled was not. */
static bool take(write_job *job, write_item *out)
{
    bool found = false;
    pthread_mutex_lock(&job->lock);
    if (job->next_table < job->n_tables) {
        *out = (write_item){.of = &job->written[job->next_table++]};
        job->n_open++;
        found = true;
    }
    while (!found && !(found = find_index(job, out)) && job->n_open > 0)
        pthread_cond_wait(&job->changed, &job->lock);
    pthread_mutex_unlock(&job->lock);
    return found;
}

static void end_rows(write_job *job, struct written *of, bool has_rows)
{
    pthread_mutex_lock(&job->lock);
    of->has_rows = has_rows;
    job->n_open--;
    pthread_cond_broadcast(&job->changed);
    pthread_mutex_unlock(&job->lock);
}

static hd_status write_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)task;
    write_job *job = arg;
    write_item item;
    if (!take(job, &item))
        return HD_OK; /* whoever failed tells */
    const hd_table *table = item.of->table;
    if (item.is_index) {
        HD_TRY_DOING(ctx, hd_store_index(ctx, job->store, worker, table, item.index),
                     "publishing table %s: its indexes", table->name);
        return HD_OK;
    }
    hd_status status = write_table(ctx, job->store, worker, job->tables, table, &item.of->counts);
    end_rows(job, item.of, status == HD_OK);
    HD_TRY_DOING(ctx, status, "publishing table %s", table->name);
    return HD_OK;
}

static uint32_t find_tables(write_job *job, bool of_run)
{
    uint32_t n_items = 0;
    for (uint32_t i = 0; i < HD_N_TABLES; i++) {
        const hd_table *table = &job->tables->table[i];
        if (table->form == HD_TABLE_VIEW || table->of_run != of_run)
            continue;
        uint32_t n_indexes = hd_store_n_indexes(job->store, table);
        job->written[job->n_tables++] = (struct written){.table = table, .n_indexes = n_indexes};
        n_items += 1 + n_indexes;
    }
    return n_items;
}

hd_status hd_tables_write(hd_ctx *ctx, hd_store *store, hd_tables *tables, bool of_run,
                          hd_change_counts *sum)
{
    write_job job = {.store = store,
                     .tables = tables,
                     .lock = PTHREAD_MUTEX_INITIALIZER,
                     .changed = PTHREAD_COND_INITIALIZER};
    uint32_t n_items = find_tables(&job, of_run);
    hd_status status = hd_parallel_on(ctx, hd_store_lanes(store), n_items, write_task, &job);
    *sum = (hd_change_counts){0};
    for (uint32_t i = 0; i < job.n_tables; i++) {
        sum->inserted += job.written[i].counts.inserted;
        sum->updated += job.written[i].counts.updated;
        sum->deleted += job.written[i].counts.deleted;
    }
    return status;
}
