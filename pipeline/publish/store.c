#include "pipeline/publish/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Made by us, so that nobody else may read it; journals get the same permissions from SQLite. */
static hd_status create_file(hd_ctx *ctx, const hd_ruleset *ruleset, hd_store *store)
{
    int fd = open(store->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno != EEXIST)
        return HD_FAIL(ctx, errno == ENOSPC || errno == EDQUOT ? HD_SPACE : HD_STORE,
                       "cannot write store %.*s: %s", HD_ARG(ruleset->store), strerror(errno));
    store->is_created = fd >= 0;
    if (fd >= 0)
        close(fd);
    return HD_OK;
}

static hd_status check_store(hd_ctx *ctx, hd_store *store)
{
    int64_t application, schema, n_objects;
    HD_TRY(hd_db_integer(ctx, store->db, "PRAGMA application_id", &application));
    HD_TRY(hd_db_integer(ctx, store->db, "PRAGMA user_version", &schema));
    HD_TRY(hd_db_integer(ctx, store->db, "SELECT count(*) FROM sqlite_master", &n_objects));
    const char *shown = hd_db_shown(store->db);
    store->is_new = n_objects == 0 && application == 0;
    if (store->is_new)
        return HD_OK;
    if (application != HD_STORE_APPLICATION) {
        hd_hint(ctx, "`store:` must name a SQLite file that hedui made, or none yet");
        return HD_FAIL(ctx, HD_STORE, "%s is a SQLite file, but not a store of hedui", shown);
    }
    if (schema > HD_STORE_SCHEMA) {
        hd_hint(ctx, "use the hedui that wrote it, or a later one");
        return HD_FAIL(ctx, HD_STORE, "store %s has schema %lld, this hedui knows schema %d", shown,
                       (long long)schema, HD_STORE_SCHEMA);
    }
    return HD_OK;
}

/* New pages need no journal: in a store that is empty a rollback journal costs nothing, where a
 * write-ahead log would write all twice. Once it has rows, readers must not wait for a run. Rows
 * are added at the end, for which a small cache is as good as a large one. */
static const char *settings(hd_db_use use, bool is_new)
{
    if (use == HD_DB_READ)
        return "PRAGMA cache_size=-16384";
    if (is_new)
        return "PRAGMA page_size=8192; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;"
               "PRAGMA threads=4";
    return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536";
}

hd_status hd_store_open(hd_ctx *ctx, const hd_ruleset *ruleset, hd_db_use use, hd_arena *arena,
                        hd_store *store)
{
    *store = (hd_store){.path = hd_ruleset_path(arena, ruleset, ruleset->store).ptr};
    const char *shown = hd_arena_str(arena, ruleset->store).ptr;
    struct stat st;
    if (use == HD_DB_WRITE)
        HD_TRY(create_file(ctx, ruleset, store));
    else if (stat(store->path, &st) != 0 && errno == ENOENT)
        return HD_OK;
    HD_TRY(hd_db_open(ctx, store->path, shown, use, &store->db));
    HD_TRY(check_store(ctx, store));
    if (use == HD_DB_READ && store->is_new) {
        hd_store_close(store);
        return HD_OK;
    }
    return hd_db_run(ctx, store->db, settings(use, store->is_new));
}

void hd_store_close(hd_store *store)
{
    hd_db_close(store->db);
    store->db = NULL;
}
