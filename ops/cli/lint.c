#include "pipeline/analyse/lint.h"

#include <stdio.h>

#include "ops/cli/cli.h"
#include "pipeline/analyse/grants.h"

static const char *config = "hedui.yaml", *role = "hedui_reader";
static bool grants;

static hd_status check(hd_ctx *ctx, hd_ruleset *ruleset)
{
    uint32_t n_examples = 0;
    hd_buf failures = {0};
    hd_status status = hd_lint_examples(ctx, ruleset, &n_examples, &failures);
    if (failures.len_bytes)
        fputs(failures.ptr, stderr);
    if (status == HD_OK && failures.len_bytes)
        status = HD_FAIL(ctx, HD_CONFIG, "examples of rules do not hold");
    if (status == HD_OK)
        printf(
            "%s: %u sources, %u fields, %u passes, %u comparisons, %u rules, %u examples: fine\n",
            config, ruleset->n_sources, ruleset->n_fields, ruleset->n_passes,
            ruleset->n_comparisons, ruleset->n_rules, n_examples);
    hd_buf_release(&failures);
    return status;
}

static void print_grants(const hd_ruleset *ruleset)
{
    hd_buf out = {0};
    hd_grants_add(&out, ruleset, hd_str_from(role));
    fwrite(hd_buf_str(&out).ptr, 1, out.len_bytes, stdout);
    hd_buf_release(&out);
}

static hd_status lint(hd_ctx *ctx)
{
    hd_ruleset *ruleset = NULL;
    hd_status status = HD_OK;
    HD_TRY(hd_ruleset_load(ctx, config, NULL, &ruleset));
    if (grants)
        print_grants(ruleset);
    else
        status = check(ctx, ruleset);
    hd_ruleset_free(ruleset);
    return status;
}

const cli_command cli_lint = {
    .name = "lint",
    .purpose = "check a configuration and the rules without touching data",
    .arguments = "[--config FILE] [--grants [--role NAME]]",
    .summary = "Check a configuration and its rules, and run the rules' examples; no data is read.",
    .options =
        {
            CLI_CONFIG(config),
            {"grants", NULL,
             "print, as SQL for their owners, what a role must be granted to read the sources",
             NULL, &grants},
            {"role", "NAME", "that role (default: hedui_reader)", &role, NULL},
        },
    .run = lint,
};
