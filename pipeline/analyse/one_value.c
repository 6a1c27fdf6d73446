#include "pipeline/analyse/one_value.h"

#include "pipeline/config/near_name.h"

static const struct {
    hd_kind kind;
    const char *name, *rule;
} keys[] = {
#define X(kind, name, rule) {HD_KIND_##kind, #name, rule},
#include "pipeline/analyse/keys.def"
#undef X
};
enum { N_KEYS = sizeof keys / sizeof *keys };

/* ---- the field ---- */

static hd_status fail_unknown(hd_ctx *ctx, const hd_ruleset *ruleset, hd_str name)
{
    hd_near_name nearest = {.wanted = name};
    for (uint32_t i = 0; i < ruleset->n_fields; i++)
        hd_near_name_offer(&nearest, ruleset->fields[i].code);
    for (unsigned kind = 0; kind < HD_N_KINDS; kind++)
        hd_near_name_offer(&nearest, hd_str_from(hd_kind_name((hd_kind)kind)));
    if (!hd_near_name_hint(ctx, &nearest))
        hd_hint(ctx, "fields are listed in rules/fields.yaml");
    return HD_FAIL(ctx, HD_USAGE, "there is no field and no kind \"%.*s\"", HD_ARG(name));
}

static bool find_field(const hd_ruleset *ruleset, hd_str name, hd_field *out)
{
    int field = hd_field_find(ruleset, name);
    if (field >= 0) {
        *out = ruleset->fields[field];
        return true;
    }
    for (unsigned kind = 0; kind < HD_N_KINDS; kind++)
        if (hd_str_eq(name, hd_str_from(hd_kind_name((hd_kind)kind)))) {
            *out = (hd_field){.code = name, .kind = (hd_kind)kind};
            return true;
        }
    return false;
}

/* ---- keys ---- */

static hd_str list_names(void *arg, uint32_t i)
{
    (void)arg;
    return i == 0 ? HD_STR("value") : HD_STR_NULL;
}

static bool resolve_value(void *arg, hd_str qualifier, hd_str name, hd_ref *ref, hd_type *type)
{
    const hd_one_field *one = arg;
    *ref = (hd_ref){.what = HD_REF_VALUE, .role = -1};
    *type = one->type;
    return !qualifier.ptr && hd_str_eq(name, HD_STR("value"));
}

static hd_value load_value(const void *row, const hd_ref *ref)
{
    (void)ref;
    const hd_one_field *one = row;
    return one->value;
}

static hd_status compile_keys(hd_ctx *ctx, hd_ruleset *ruleset, hd_one_field *one)
{
    const hd_scope scope = {.arg = one,
                            .resolve = resolve_value,
                            .list = list_names,
                            .arena = &ruleset->arena,
                            .texts = ruleset->texts};
    for (uint32_t i = 0; i < N_KEYS; i++) {
        if (keys[i].kind != one->field.kind)
            continue;
        HD_ASSERT(one->n_keys < HD_ONE_KEYS_MAX);
        const hd_expr **key = &one->key[one->n_keys];
        HD_TRY(hd_rule_compile(ctx, &scope, (hd_source_pos){"pipeline/analyse/keys.def", 1, 1},
                               hd_str_from(keys[i].rule), HD_TYPE_NULL, key));
        one->key_name[one->n_keys] = keys[i].name;
        one->key_type[one->n_keys++] = (hd_type)(*key)->type;
    }
    return HD_OK;
}

hd_status hd_one_field_open(hd_ctx *ctx, hd_ruleset *ruleset, hd_str name, hd_one_field *out)
{
    *out = (hd_one_field){.ruleset = ruleset};
    if (!find_field(ruleset, name, &out->field))
        return fail_unknown(ctx, ruleset, name);
    out->type = hd_kind_type(out->field.kind);
    out->env = hd_std_env_new();
    hd_std_env_look_up(out->env, ruleset, &out->field);
    HD_TRY(compile_keys(ctx, ruleset, out));
    hd_transient_init(&out->transient, ruleset, out->key, out->n_keys);
    out->transient.env.load = load_value;
    out->transient.env.row = out;
    return HD_OK;
}

void hd_one_field_release(hd_one_field *one)
{
    hd_std_env_free(one->env);
    hd_transient_release(&one->transient);
    *one = (hd_one_field){0};
}

/* ---- a value ---- */

hd_std_result hd_one_field_standardise(hd_one_field *one, hd_str raw)
{
    return hd_std_value(one->env, one->field.kind, raw);
}

hd_value hd_one_value(const hd_std_result *result, hd_pool *texts)
{
    if (result->text.ptr)
        return hd_pool_intern(texts, result->text);
    return result->date ? (hd_value)result->date : HD_NULL;
}

void hd_one_field_print(const hd_one_field *one, const hd_std_result *result, hd_buf *out)
{
    if (result->text.ptr)
        hd_buf_add(out, result->text);
    else if (result->date)
        hd_value_print(out, HD_TYPE_DATE, (hd_value)result->date, one->ruleset->texts);
}

void hd_one_field_keys(hd_one_field *one, const hd_std_result *result, hd_value *out)
{
    if (!one->n_keys)
        return;
    hd_transient *t = &one->transient;
    hd_transient_step(t);
    one->value = hd_one_value(result, t->env.texts);
    for (uint32_t i = 0; i < one->n_keys; i++)
        out[i] = one->value == HD_NULL || result->state == HD_STATE_damaged
                     ? HD_NULL
                     : hd_expr_eval(t->expr[i], &t->env);
}
