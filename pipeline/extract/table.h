#ifndef HD_EXTRACT_TABLE_H
#define HD_EXTRACT_TABLE_H

/* A table or a query of PostgreSQL → its rows, a part at a time, by COPY in binary.
 *
 * Only the columns that the configuration names are selected. A table of several blocks is divided
 * by ctid, about 32 MiB a part, where the server can begin in the middle of a table (14 or newer),
 * it and its partitions are plain tables, and the role may select ctid; all else is one part. */

#include "pipeline/extract/rows.h"
#include "pipeline/io/pg.h"
#include "pipeline/io/pg_type.h"

typedef struct hd_extract_table {
    const hd_source *source;
    hd_str select;       /* SELECT … FROM …, in the encoding of the connection */
    hd_pg_type *types;   /* [column of the source] */
    bool gb18030;        /* its texts are, else UTF-8 */
    uint64_t size_bytes; /* UINT64_MAX: unknown */
    uint64_t n_blocks;   /* of its longest partition; 0: it cannot be divided */
} hd_extract_table;

/* Looks it up, in the transaction of `pg`, which from then on keeps it from being dropped or
 * rewritten. HD_CONFIG: it lacks a column, or its encoding must be said; HD_SOURCE: it is not
 * there, or may not be read. */
hd_status hd_extract_table_find(hd_ctx *ctx, const hd_source *source, hd_pg *pg, hd_arena *arena,
                                hd_extract_table *out);

uint32_t hd_extract_table_n_parts(const hd_extract_table *table);
/* Sets what says which rows part `i` has. */
void hd_extract_table_part(const hd_extract_table *table, uint32_t i, hd_extract_part *part);

/* `pg` sees the snapshot in which the table was found. A row whose texts are none in its encoding,
 * or one of which is over 64 KiB, is rejected. */
hd_status hd_extract_table_read(hd_ctx *ctx, const hd_extract_table *table, hd_pg *pg,
                                hd_extract_reader *reader, hd_extract_part *part);
/* For hd_extract_merge: some rows of a part again. HD_SOURCE where they come in another order. */
hd_status hd_extract_table_rows(hd_ctx *ctx, const hd_extract_table *table, hd_pg *pg,
                                const hd_extract_part *part, hd_arena *arena, hd_extract_row *rows,
                                uint32_t n);

#endif
