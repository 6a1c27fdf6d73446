#include "base/mem.h"
#include "pipeline/store/store_kind.h"

hd_store *hd_store_postgres_new(void)
{
    hd_store *store = hd_alloc_zero(1, sizeof *store);
    store->kind = &hd_store_postgres;
    return store;
}

static hd_status open_store(hd_ctx *ctx, hd_store *store, bool *exists)
{
    (void)store;
    *exists = false;
    return HD_FAIL(ctx, HD_STORE, "a store in PostgreSQL is not supported yet");
}

static void close_store(hd_store *store)
{
    (void)store;
}

const hd_store_kind hd_store_postgres = {.open = open_store, .close = close_store};
