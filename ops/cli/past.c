#include "ops/cli/past.h"

#include <jansson.h>

#include "ops/cli/cli.h"

hd_status cli_past_configure(hd_ctx *ctx, const char *config, cli_past *past)
{
    *past = (cli_past){0};
    HD_TRY(hd_ruleset_load(ctx, config, NULL, &past->ruleset));
    if (!past->ruleset->has_store) {
        hd_hint(ctx, "`store:` says where runs are kept");
        return HD_FAIL(ctx, HD_CONFIG, "%s names no store", config);
    }
    past->runs = hd_ruleset_path(&past->arena, past->ruleset, past->ruleset->runs_folder).ptr;
    return HD_OK;
}

hd_status cli_past_open(hd_ctx *ctx, hd_store_use use, cli_past *past)
{
    return hd_store_open(ctx, past->ruleset, use, &past->store);
}

void cli_past_close(cli_past *past)
{
    hd_store_close(past->store);
    hd_ruleset_free(past->ruleset);
    hd_arena_release(&past->arena);
}

hd_status cli_past_runs(hd_ctx *ctx, cli_past *past, hd_stored_run **runs, uint32_t *n)
{
    *runs = NULL;
    *n = 0;
    if (!past->store)
        return HD_OK;
    HD_TRY(hd_store_read_begin(ctx, past->store));
    hd_status status = hd_store_runs(ctx, past->store, &past->arena, runs, n);
    hd_store_read_end(past->store);
    return status;
}

uint64_t cli_past_count(const hd_stored_run *run, const char *name)
{
    if (!run->counts.ptr)
        return 0;
    json_t *counts = json_loadb(run->counts.ptr, run->counts.len_bytes, 0, NULL);
    json_int_t count = json_integer_value(json_object_get(counts, name));
    json_decref(counts);
    return count > 0 ? (uint64_t)count : 0;
}

const char *cli_past_state(const hd_stored_run *run)
{
    if (run->current)
        return "current";
    return hd_str_eq(run->state, HD_STR("published")) ? "published" : "rolled_back";
}
