#ifndef HD_PIPELINE_INIT_DATABASE_H
#define HD_PIPELINE_INIT_DATABASE_H

/* A first configuration for the tables of a database in PostgreSQL, as hd_init_folder makes it of
 * files. */

#include "base/buf.h"
#include "hedui/status.h"

/* Looks at what the role may read (catalog.h) and appends the text of a hedui.yaml that belongs to
 * `config_path`, where the county's own rules/ are looked for. `tls_waiver` as in hd_pg_place, may
 * be NULL; `told_out` as in hd_init_folder. HD_CONFIG where the connection string is refused or no
 * column is recognised, HD_SOURCE where the database is not reached. Cost: a few small statements a
 * table, the longest of which is given up after a minute. */
hd_status hd_init_database(hd_ctx *ctx, const char *conninfo, const char *tls_waiver,
                           const char *config_path, const char *rules_dir, hd_buf *yaml_out,
                           hd_buf *told_out);

#endif
