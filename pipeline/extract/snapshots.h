#ifndef HD_EXTRACT_SNAPSHOTS_H
#define HD_EXTRACT_SNAPSHOTS_H

/* One snapshot of each database that sources name, and connections that see it: one a thread and
 * database, as a connection serves one thread at a time. Sources with the same connection string
 * share them.
 *
 * The thread that opens the snapshots is worker 0: its connection exports the snapshot, and the
 * others, opened when they are first needed, import it. So what all threads read held at one time,
 * whatever others write meanwhile.
 * Source: PostgreSQL 15 documentation, 9.27.5 "Snapshot Synchronization Functions". */

#include "hedui/status.h"
#include "pipeline/config/ruleset.h"
#include "pipeline/io/pg.h"

typedef struct hd_snapshot {
    const hd_database *database;
    hd_pg **pg;     /* [worker]; NULL: not opened */
    char *exported; /* what the server calls it */
    char *time;     /* its time, UTC, ISO 8601 */
} hd_snapshot;

typedef struct hd_snapshots {
    const hd_ruleset *ruleset;
    uint32_t n_workers;
    hd_snapshot *item;
    uint32_t n;
    uint32_t *of;       /* [source] index into item; UINT32_MAX: its rows are in files */
    const char **shown; /* [source] "source household" */
    hd_arena arena;
} hd_snapshots;

/* Nothing is opened yet. Points into the ruleset. */
void hd_snapshots_init(hd_snapshots *snapshots, const hd_ruleset *ruleset, uint32_t n_workers);
/* A transaction in each database, and its snapshot. On failure some may be open. */
hd_status hd_snapshots_open(hd_ctx *ctx, hd_snapshots *snapshots);
/* The worker's connection to the database of `source`, which messages then name. */
hd_status hd_snapshots_get(hd_ctx *ctx, hd_snapshots *snapshots, uint32_t source, uint32_t worker,
                           hd_pg **out);
const char *hd_snapshots_time(const hd_snapshots *snapshots, uint32_t source);
/* Whether a connection is gone, so that the snapshot cannot be had again. No worker runs. */
bool hd_snapshots_lost(hd_snapshots *snapshots);
/* Closes all connections; they may be opened again. */
void hd_snapshots_close(hd_snapshots *snapshots);
void hd_snapshots_release(hd_snapshots *snapshots);

#endif
