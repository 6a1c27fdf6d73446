#ifndef HD_PIPELINE_CATALOG_H
#define HD_PIPELINE_CATALOG_H

/* The tables of a database, as its catalog and their first rows show them.
 *
 * Source: PostgreSQL 15 documentation, chapter 53 (system catalogs), 9.26 (access privileges). */

#include "pipeline/config/init_guess.h"
#include "pipeline/io/pg.h"

/* Tables, partitioned and foreign ones, views and materialised views of which the role may read
 * something, by schema and name, with the columns that it may read. Partitions, and other tables
 * whose rows their parent has as well, are not among them, nor are the system's tables and those of
 * a store of our own (schema hedui). Texts are in `arena`.
 *
 * Of the first HD_SAMPLE_ROWS rows each value is looked at, but for those of `deny` and of type
 * bytea, which are not asked for; a table of which no rows come in time is left out. Where the
 * database knows no encoding, names, comments and values tell it: a table in which all is ASCII is
 * taken to be as most others are. Fails with the code of the connection. */
hd_status hd_catalog_read(hd_ctx *ctx, hd_pg *pg, const hd_deny *deny, hd_arena *arena,
                          hd_sample **out, uint32_t *n);

#endif
