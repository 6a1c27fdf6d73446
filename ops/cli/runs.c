#include <stdio.h>

#include "ops/cli/json.h"
#include "ops/cli/past.h"
#include "ops/cli/words.h"

static const char *config = "hedui.yaml";
static bool json;

static const char *const counted[] = {"persons", "discrepancies"};

static json_t *describe(const hd_stored_run *run)
{
    json_t *out = json_object(), *changes = json_object();
    json_object_set_new(out, "run", cli_json_text(run->id));
    json_object_set_new(out, "as_of", cli_json_text(run->as_of));
    json_object_set_new(out, "state", cli_json_text(run->state));
    json_object_set_new(out, "current", json_boolean(run->current));
    json_object_set_new(out, "previous_run", cli_json_text(run->previous));
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        json_object_set_new(out, counted[i], cli_json_count(cli_past_count(run, counted[i])));
    json_object_set_new(changes, "inserted", cli_json_count(run->changes.inserted));
    json_object_set_new(changes, "updated", cli_json_count(run->changes.updated));
    json_object_set_new(changes, "deleted", cli_json_count(run->changes.deleted));
    json_object_set_new(out, "changes", changes);
    json_object_set_new(out, "can_undo", json_boolean(run->can_undo));
    return out;
}

static void print_json(const hd_stored_run *runs, uint32_t n)
{
    json_t *out = json_array();
    for (uint32_t i = 0; i < n; i++)
        json_array_append_new(out, describe(&runs[i]));
    cli_json_print(out, 17);
}

static void print_table(const hd_catalogue *texts, const hd_stored_run *runs, uint32_t n)
{
    static const char *const head[] = {"runs.run",      "runs.as_of",    "runs.persons",
                                       "runs.problems", "runs.inserted", "runs.updated",
                                       "runs.deleted",  "runs.state"};
    cli_table table = {.n_columns = sizeof head / sizeof *head};
    cli_head(&table, texts, head);
    for (uint32_t i = 0; i < n; i++) {
        char key[64];
        snprintf(key, sizeof key, "runs.%s", cli_past_state(&runs[i]));
        cli_cell(&table, runs[i].id);
        cli_cell(&table, runs[i].as_of);
        for (size_t k = 0; k < sizeof counted / sizeof *counted; k++)
            cli_count(&table, cli_past_count(&runs[i], counted[k]));
        cli_count(&table, runs[i].changes.inserted);
        cli_count(&table, runs[i].changes.updated);
        cli_count(&table, runs[i].changes.deleted);
        cli_cell(&table, hd_text_of(texts, key));
    }
    cli_table_print(&table, stdout);
}

/* The oldest run to which there is a way back. */
static void print_way_back(const hd_catalogue *texts, const hd_stored_run *runs, uint32_t n)
{
    const hd_stored_run *oldest = NULL;
    hd_str wanted = HD_STR_NULL;
    for (uint32_t i = n; i-- > 0;) {
        if (!runs[i].current && !(wanted.ptr && hd_str_eq(wanted, runs[i].id)))
            continue;
        oldest = runs[i].current ? NULL : &runs[i];
        wanted = runs[i].can_undo ? runs[i].previous : HD_STR_NULL;
    }
    if (!oldest)
        return;
    char id[64];
    snprintf(id, sizeof id, "%.*s", HD_ARG(oldest->id));
    cli_say(texts, "runs.way_back", "run", id, NULL);
}

static hd_status list_runs(hd_ctx *ctx)
{
    cli_past past;
    hd_stored_run *runs;
    uint32_t n;
    hd_status status = cli_past_configure(ctx, config, &past);
    if (status == HD_OK)
        status = cli_past_open(ctx, HD_STORE_READ, &past);
    if (status == HD_OK)
        status = cli_past_runs(ctx, &past, &runs, &n);
    if (status == HD_OK && json)
        print_json(runs, n);
    else if (status == HD_OK && n == 0)
        cli_say(past.ruleset->catalogue, "runs.none", NULL);
    else if (status == HD_OK) {
        print_table(past.ruleset->catalogue, runs, n);
        print_way_back(past.ruleset->catalogue, runs, n);
    }
    cli_past_close(&past);
    return status;
}

const cli_command cli_runs = {
    .name = "runs",
    .purpose = "all runs that were published, and how far back one can go",
    .arguments = "[--config FILE] [--json]",
    .summary = "List the runs that the store knows, oldest first.",
    .options =
        {
            CLI_CONFIG(config),
            {"json", NULL, "for programs", NULL, &json},
        },
    .run = list_runs,
};
