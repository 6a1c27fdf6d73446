#ifndef HD_STORE_POSTGRES_PRIVATE_H
#define HD_STORE_POSTGRES_PRIVATE_H

/* What the parts of the PostgreSQL store share. */

#include "pipeline/io/pg.h"
#include "pipeline/store/store_kind.h"

enum { HD_POSTGRES_LANES_MAX = 3 }; /* mention takes half of the time: more would wait for it */

typedef struct hd_postgres_store {
    hd_store base;
    hd_pg *write; /* HD_STORE_WRITE: holds the lock and the transaction */
    hd_pg *read;  /* its own, so that rows are read while others are written */
    hd_pg *lane[HD_POSTGRES_LANES_MAX]; /* where tables are written apart: [0] is `write` */
    bool is_apart;                      /* and not yet committed as hedui */
    const char *schema;                 /* in which tables that are new are filled */
    bool reading;                       /* between read_begin and read_end */
    bool had_lock;                      /* on this connection, or one that was lost */
    uint32_t version;
    bool is_fresh[HD_STORE_TABLES_MAX]; /* made in this transaction: holds nothing yet */
} hd_postgres_store;

static inline hd_postgres_store *hd_postgres_of(hd_store *store)
{
    return (hd_postgres_store *)store;
}

/* The connection for what is asked between the rows: the one that writes, where there is one. */
static inline hd_pg *hd_postgres_asked(hd_postgres_store *s)
{
    return s->write ? s->write : s->read;
}

static inline bool *hd_postgres_fresh(hd_postgres_store *s, const hd_table *table)
{
    return &s->is_fresh[table - s->base.tables];
}

/* postgres_schema.c */
hd_status hd_postgres_columns(hd_ctx *ctx, hd_store *store, const hd_table *table, hd_arena *arena,
                              hd_stored_columns *out);
/* Before the transaction of a run: what is there, as it is declared. */
hd_status hd_postgres_migrate(hd_ctx *ctx, hd_postgres_store *s);
/* In it: what is not there yet. */
hd_status hd_postgres_create(hd_ctx *ctx, hd_postgres_store *s);
hd_status hd_postgres_finish(hd_ctx *ctx, hd_store *store, const hd_view *views, uint32_t n_views);
/* postgres_fresh.c */
/* Of a new store: all tables, apart, if that may be. */
hd_status hd_postgres_apart_begin(hd_ctx *ctx, hd_postgres_store *s);
/* Begins the transaction at whose end they are the store. */
hd_status hd_postgres_apart_name(hd_ctx *ctx, hd_postgres_store *s);
void hd_postgres_apart_drop(hd_postgres_store *s); /* where that was not committed */
/* Before and after a new table takes its rows. */
hd_status hd_postgres_fresh_begin(hd_ctx *ctx, hd_postgres_store *s, hd_pg *pg,
                                  const hd_table *table);
hd_status hd_postgres_fresh_end(hd_ctx *ctx, hd_postgres_store *s, hd_pg *pg,
                                const hd_table *table);
uint32_t hd_postgres_n_indexes(hd_store *store, const hd_table *table);
hd_status hd_postgres_index(hd_ctx *ctx, hd_store *store, uint32_t lane, const hd_table *table,
                            uint32_t i);
/* When all indexes are there: whoever a new table names is a person. */
hd_status hd_postgres_references(hd_ctx *ctx, hd_postgres_store *s);
/* In the last transaction: the index of a new table's key becomes its key. */
hd_status hd_postgres_keys(hd_ctx *ctx, hd_postgres_store *s);
/* Of a table that has its rows; of columns that a county does not have nothing. */
hd_status hd_postgres_make_index(hd_ctx *ctx, hd_postgres_store *s, hd_pg *pg,
                                 const hd_index *index);
/* postgres_comments.c */
hd_status hd_postgres_comment(hd_ctx *ctx, hd_postgres_store *s);
/* Runs `sql` where hedui.definition has another digest, or none, under `name`. */
hd_status hd_postgres_define(hd_ctx *ctx, hd_postgres_store *s, const char *name, hd_str sql);
/* postgres_writer.c */
hd_status hd_postgres_writer(hd_ctx *ctx, hd_store *store, uint32_t lane, const hd_table *table,
                             hd_writer **out);
hd_status hd_postgres_take_back(hd_ctx *ctx, hd_store *store, hd_str table, hd_str run);

#endif
