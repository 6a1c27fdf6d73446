/* The publish stage: what differs between the store and this run, for readers in one transaction.
 */

#include "pipeline/publish/write.h"

/* What is told of the run holds the sum of what changed: it comes last, and is not in it. */
static hd_status write_tables(hd_ctx *ctx, hd_store *store, hd_tables *tables)
{
    hd_change_counts of_run;
    HD_TRY(hd_tables_write(ctx, store, tables, false, &tables->changes));
    return hd_tables_write(ctx, store, tables, true, &of_run);
}

/* Persons keep the ids that the last run gave them: of the last run that they know. Where a
 * connection was lost the lock was, too, and somebody else may have published. */
static hd_status check_base(hd_ctx *ctx, hd_store *store, hd_tables *tables)
{
    const hd_previous *previous = tables->outcome->previous;
    HD_TRY(hd_store_current(ctx, store, &tables->arena, &tables->previous_run));
    if (!previous || hd_str_eq(previous->run, tables->previous_run))
        return HD_OK;
    hd_hint(ctx, "start again; it goes on from what was read");
    return HD_FAIL(ctx, HD_STORE, "another run published into store %s meanwhile",
                   hd_store_shown(store));
}

static hd_status write_in_order(hd_ctx *ctx, hd_store *store, hd_tables *tables)
{
    HD_TRY(check_base(ctx, store, tables));
    return write_tables(ctx, store, tables);
}

static hd_status write_all(hd_ctx *ctx, hd_store *store, hd_tables *tables)
{
    hd_view views[HD_N_VIEWS];
    HD_TRY(hd_store_begin(ctx, store, tables->table, HD_N_TABLES, tables->outcome->run_id));
    HD_TRY(hd_store_read_begin(ctx, store));
    hd_status status = write_in_order(ctx, store, tables);
    hd_store_read_end(store);
    HD_TRY(status);
    hd_tables_views(tables, hd_store_prefix(store), views);
    return hd_store_finish(ctx, store, views, HD_N_VIEWS);
}

static hd_status publish_once(hd_ctx *ctx, hd_store *store, hd_tables *tables,
                              const hd_publish_hook *before_commit)
{
    tables->changes = (hd_change_counts){0};
    HD_TRY(write_all(ctx, store, tables));
    if (before_commit)
        HD_TRY(before_commit->call(ctx, &tables->changes, before_commit->arg));
    return hd_store_commit(ctx, store);
}

/* A commit whose answer was lost may have been done. */
static hd_status is_done(hd_ctx *ctx, hd_store *store, const hd_tables *tables, bool *done)
{
    hd_arena arena = {0};
    hd_str current;
    HD_TRY(hd_store_read_begin(ctx, store));
    hd_status status = hd_store_current(ctx, store, &arena, &current);
    hd_store_read_end(store);
    *done = status == HD_OK && current.ptr && hd_str_eq(current, tables->outcome->run_id);
    hd_arena_release(&arena);
    return status;
}

static hd_status publish(hd_ctx *ctx, hd_store *store, hd_tables *tables,
                         const hd_publish_hook *before_commit)
{
    enum { TRIES = 3 };
    hd_status status = publish_once(ctx, store, tables, before_commit);
    for (int i = 1; i < TRIES && status != HD_OK && hd_store_lost(store); i++) {
        bool done;
        hd_change_counts changes = tables->changes;
        hd_ctx_clear(ctx);
        HD_TRY(hd_store_reopen(ctx, store));
        HD_TRY(is_done(ctx, store, tables, &done));
        tables->changes = changes;
        status = done ? HD_OK : publish_once(ctx, store, tables, before_commit);
    }
    return status;
}

hd_status hd_publish_run(hd_ctx *ctx, hd_store *store, const hd_outcome *outcome,
                         const hd_publish_hook *before_commit, hd_change_counts *counts)
{
    hd_tables tables;
    *counts = (hd_change_counts){0};
    hd_status status = hd_tables_init(ctx, outcome, &tables);
    if (status == HD_OK)
        status = publish(ctx, store, &tables, before_commit);
    if (status == HD_OK)
        *counts = tables.changes;
    hd_tables_release(&tables);
    return status;
}
