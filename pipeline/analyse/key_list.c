#include "pipeline/analyse/key_list.h"

#include "base/buf.h"
#include "pipeline/analyse/first_fields.h"

static bool has(const hd_key_list *keys, const hd_expr *expr, uint32_t *number)
{
    for (*number = 0; *number < keys->n; ++*number)
        if (hd_expr_same_shape(keys->key[*number].expr, expr))
            return true;
    return false;
}

/* Bit of the key; 0 where there is no room for another. */
static uint64_t add(hd_key_list *keys, hd_str text, const hd_expr *expr)
{
    uint32_t number;
    if (has(keys, expr, &number))
        return UINT64_C(1) << number;
    if (keys->n == HD_KEY_LIST_MAX)
        return 0;
    keys->key[keys->n] = (hd_key){.text = text, .expr = expr, .fields = hd_first_fields(expr)};
    return UINT64_C(1) << keys->n++;
}

static void add_declared(hd_key_list *keys, const hd_ruleset *ruleset)
{
    for (uint32_t p = 0; p < ruleset->n_passes; p++)
        for (uint32_t k = 0; k < ruleset->passes[p].n_keys; k++)
            keys->declared[p] |=
                add(keys, ruleset->passes[p].key_texts[k], ruleset->passes[p].keys[k]);
}

static void add_derived(hd_key_list *keys, const hd_ruleset *ruleset)
{
    for (uint32_t i = 0; i < ruleset->n_derived; i++)
        if (ruleset->derived[i].expr->type != HD_TYPE_BOOL)
            add(keys, ruleset->derived[i].code, ruleset->derived[i].expr);
}

/* The expression with the field's code in the place of `value`. */
static hd_str for_field(hd_arena *arena, const char *pattern, hd_str code)
{
    const char *at = strstr(pattern, "value");
    return hd_arena_printf(arena, "%.*s%.*s%s", (int)(at - pattern), pattern, HD_ARG(code),
                           at + strlen("value"));
}

static hd_status add_fields(hd_ctx *ctx, hd_key_list *keys, hd_ruleset *ruleset,
                            const hd_mentions *mentions)
{
    static const struct {
        hd_kind kind;
        const char *pattern;
    } forms[] = {
#define X(kind, pattern) {HD_KIND_##kind, pattern},
#include "pipeline/analyse/key_list.def"
#undef X
    };
    hd_scope scope = hd_scope_mention(ruleset);
    for (uint32_t f = 0; f < ruleset->n_fields; f++)
        for (size_t i = 0; i < sizeof forms / sizeof *forms && mentions->column[f]; i++) {
            const hd_expr *expr;
            if (forms[i].kind != ruleset->fields[f].kind)
                continue;
            hd_str text = for_field(&ruleset->arena, forms[i].pattern, ruleset->fields[f].code);
            HD_TRY(hd_rule_compile(ctx, &scope, (hd_source_pos){"key_list.def", 1, 1}, text,
                                   HD_TYPE_NULL, &expr));
            add(keys, text, expr);
        }
    return HD_OK;
}

/* Keys that share a field, be it through others, get the same number; one that reads none stands
 * alone. */
static void group(hd_key_list *keys)
{
    uint64_t fields[HD_KEY_LIST_MAX];
    for (uint32_t k = 0; k < keys->n; k++) {
        if (!keys->key[k].fields)
            continue;
        uint64_t all = keys->key[k].fields;
        uint32_t kept = 0;
        for (uint32_t g = 0; g < keys->n_groups; g++) {
            if (fields[g] & all)
                all |= fields[g];
            else
                fields[kept++] = fields[g];
        }
        fields[kept++] = all;
        keys->n_groups = kept;
    }
    uint32_t n_groups = keys->n_groups;
    for (uint32_t k = 0; k < keys->n; k++) {
        for (uint32_t g = 0; g < n_groups; g++)
            if (fields[g] & keys->key[k].fields)
                keys->key[k].group = g;
        if (!keys->key[k].fields)
            keys->key[k].group = keys->n_groups++;
    }
}

hd_status hd_key_list_make(hd_ctx *ctx, hd_ruleset *ruleset, const hd_mentions *mentions,
                           hd_key_list *out)
{
    uint32_t number[HD_KEY_LIST_MAX];
    *out = (hd_key_list){0};
    hd_computed_init(&out->computed, mentions);
    add_declared(out, ruleset);
    add_derived(out, ruleset);
    HD_TRY(add_fields(ctx, out, ruleset, mentions));
    group(out);
    for (uint32_t k = 0; k < out->n; k++)
        number[k] = hd_computed_add(&out->computed, out->key[k].expr);
    HD_TRY_DOING(ctx, hd_computed_run(ctx, &out->computed), "computing the keys");
    for (uint32_t k = 0; k < out->n; k++)
        out->key[k].computed = &out->computed.item[number[k]];
    return HD_OK;
}

void hd_key_list_release(hd_key_list *keys)
{
    hd_computed_release(&keys->computed);
    *keys = (hd_key_list){0};
}

uint64_t hd_keys_agreeing(const hd_key_list *keys, hd_mention a, hd_mention b)
{
    uint64_t mask = 0;
    for (uint32_t k = 0; k < keys->n; k++) {
        uint32_t value = hd_computed_get(keys->key[k].computed, a);
        if (value != HD_NONE && value == hd_computed_get(keys->key[k].computed, b))
            mask |= UINT64_C(1) << k;
    }
    return mask;
}
