#include <criterion/criterion.h>

#include "pipeline/analyse/transient.h"

static hd_ctx ctx;
static hd_ruleset *ruleset;

static hd_value number_of_row(const void *row, const hd_ref *ref)
{
    (void)ref;
    return hd_value_number(*(const uint32_t *)row);
}

static bool resolve(void *arg, hd_str qualifier, hd_str name, hd_ref *ref, hd_type *type)
{
    (void)arg, (void)qualifier, (void)name;
    *ref = (hd_ref){.what = HD_REF_VALUE, .role = -1};
    *type = HD_TYPE_NUMBER;
    return true;
}

/* A literal text is found again in every pool. */
Test(transient, literals_stand_in_every_pool)
{
    hd_ctx_init(&ctx, 1);
    cr_assert_eq(hd_ruleset_load_packaged(&ctx, "en", HEDUI_RULES_DIR, &ruleset), HD_OK);
    const hd_scope scope = {.resolve = resolve, .arena = &ruleset->arena, .texts = ruleset->texts};
    const hd_expr *expr[2] = {NULL, NULL};
    cr_assert_eq(hd_rule_compile(&ctx, &scope, (hd_source_pos){"t", 1, 1},
                                 HD_STR("concat(\"long enough to lie beside its entry \", \"x\")"),
                                 HD_TYPE_TEXT, &expr[0]),
                 HD_OK);
    hd_transient t;
    uint32_t row = 0;
    hd_transient_init(&t, ruleset, expr, 2);
    t.env.load = number_of_row;
    t.env.row = &row;
    for (row = 0; row < 30000; row++) {
        hd_transient_step(&t);
        hd_value value = hd_expr_eval(t.expr[0], &t.env);
        cr_assert(hd_str_eq(hd_pool_get(t.env.texts, (hd_text)value),
                            HD_STR("long enough to lie beside its entry x")));
        cr_assert_null(t.expr[1]);
    }
    hd_transient_release(&t);
    hd_ruleset_free(ruleset);
}
