#ifndef HD_ANALYSE_GRANTS_H
#define HD_ANALYSE_GRANTS_H

/* The least that a role must be granted to read the sources that are tables of PostgreSQL: USAGE on
 * the schema, SELECT on the columns that the configuration names, and on ctid, by which a large
 * table is divided among threads. SQL for the owner of each database to run; no database is asked.
 */

#include "base/buf.h"
#include "pipeline/config/ruleset.h"

/* Appended, by database, then by source; nothing where all sources are files. */
void hd_grants_add(hd_buf *out, const hd_ruleset *ruleset, hd_str role);

#endif
