#ifndef HD_PIPELINE_DATABASE_H
#define HD_PIPELINE_DATABASE_H

/* A database of the configuration, as pipeline/io opens it. */

#include "pipeline/config/ruleset.h"
#include "pipeline/io/pg.h"

/* `shown`: "source household", "the store"; `code`: HD_SOURCE or HD_STORE. Points into the ruleset.
 */
static inline hd_pg_place hd_database_place(const hd_ruleset *ruleset, const hd_database *database,
                                            const char *shown, hd_status code)
{
    const hd_waits *waits = &ruleset->waits;
    return (hd_pg_place){
        .conninfo = database->conninfo.ptr,
        .shown = shown,
        .tls_waiver = database->tls_waiver.ptr,
        .code = code,
        .waits = {.connect = waits->connect,
                  .retry = waits->retry,
                  .lock = waits->lock,
                  .statement = waits->statement,
                  .idle = waits->idle},
    };
}

#endif
