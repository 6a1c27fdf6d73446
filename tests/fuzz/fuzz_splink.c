/* Any bytes as a condition of SQL: as a level, a null level and a blocking rule it becomes what the
 * rule language reads, or fails with a message. */

#include "base/utf8.h"
#include "pipeline/analyse/splink_rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static hd_ruleset ruleset = {
    .fields = {{.code = HD_STR("name"), .kind = HD_KIND_name},
               {.code = HD_STR("n"), .kind = HD_KIND_text},
               {.code = HD_STR("d"), .kind = HD_KIND_date}},
    .n_fields = 3,
};

/* Making a pool takes longer than a run: it is kept, but not so long that its texts pile up. */
static void renew(void)
{
    enum { RUNS_A_POOL = 10000 };
    static uint32_t n_runs;
    hd_arena_reset(&ruleset.arena);
    if (n_runs++ % RUNS_A_POOL)
        return;
    hd_pool_free(ruleset.texts);
    ruleset.texts = hd_pool_new();
}

/* It may have a wrong type, but it is an expression: what fails says so with its place. */
static void check(hd_scope scope, hd_str rule)
{
    hd_ctx ctx;
    const hd_expr *expr;
    hd_ctx_init(&ctx, 1);
    HD_ASSERT(rule.len_bytes > 0);
    hd_status status =
        hd_rule_compile(&ctx, &scope, (hd_source_pos){"fuzz", 1, 1}, rule, HD_TYPE_NULL, &expr);
    HD_ASSERT(status == HD_OK || (status == HD_CONFIG && ctx.n_frames > 0));
}

static void check_all(const hd_splink_texts *rules)
{
    for (uint32_t i = 0; i < rules->n; i++)
        check(hd_scope_mention(&ruleset), rules->text[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    hd_ctx ctx;
    hd_arena arena = {0};
    hd_str text = {(const char *)data, (uint32_t)n}, rule;
    hd_splink_texts keys;
    hd_splink_missing missing;
    if (n > UINT32_MAX || !hd_utf8_valid(text)) /* JSON holds no other */
        return 0;
    renew();
    hd_ctx_init(&ctx, 1);
    const hd_sql_source source = {&ctx, "fuzz", text, &arena};
    if (hd_splink_level(&source, &ruleset, &rule) == HD_OK)
        check(hd_scope_pair(&ruleset), rule);
    hd_ctx_clear(&ctx);
    if (hd_splink_null_level(&source, &ruleset, &missing) == HD_OK) {
        check_all(&missing.needs);
        if (missing.unless.ptr)
            check(hd_scope_pair(&ruleset), missing.unless);
    }
    hd_ctx_clear(&ctx);
    if (hd_splink_keys(&source, &ruleset, &keys) == HD_OK)
        check_all(&keys);
    hd_arena_release(&arena);
    return 0;
}
