#include "pipeline/analyse/lint.h"

#include <stdio.h>

#include "ops/cli/cli.h"
#include "pipeline/analyse/grants.h"
#include "pipeline/config/catalogue.h"

static const char *config = "hedui.yaml", *role = "hedui_reader";
static bool grants;

static const char *digits(char text[16], uint32_t n)
{
    snprintf(text, 16, "%u", n);
    return text;
}

static void print_fine(const hd_ruleset *ruleset, uint32_t n_examples)
{
    char text[6][16];
    hd_buf line = {0};
    hd_text_fill(&line, ruleset->catalogue, "lint.fine", "path", config, "sources",
                 digits(text[0], ruleset->n_sources), "fields", digits(text[1], ruleset->n_fields),
                 "passes", digits(text[2], ruleset->n_passes), "comparisons",
                 digits(text[3], ruleset->n_comparisons), "rules",
                 digits(text[4], ruleset->n_rules), "examples", digits(text[5], n_examples), NULL);
    printf("%s\n", line.ptr);
    hd_buf_release(&line);
}

static hd_status check(hd_ctx *ctx, hd_ruleset *ruleset)
{
    uint32_t n_examples = 0;
    hd_buf failures = {0};
    hd_status status = hd_lint_examples(ctx, ruleset, &n_examples, &failures);
    if (failures.len_bytes)
        fputs(failures.ptr, stderr);
    if (status == HD_OK && failures.len_bytes) {
        hd_hint(ctx,
                "mend the rule or its example; a value of the example may not be what it looks "
                "like: `hedui standardise --field FIELD` shows what becomes of it");
        status = HD_FAIL(ctx, HD_CONFIG, "examples of rules do not hold");
    }
    if (status == HD_OK)
        print_fine(ruleset, n_examples);
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
