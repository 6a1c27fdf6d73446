/* What names mean in expressions over a mention and over a pair of mentions. */

#include "pipeline/config/ruleset.h"

static const char *const builtins[] = {[HD_BUILTIN_SOURCE] = "source",
                                       [HD_BUILTIN_SOURCE_TYPE] = "source_type",
                                       [HD_BUILTIN_ROLE] = "role"};
enum { N_BUILTINS = sizeof builtins / sizeof *builtins };

static int role_find(const hd_ruleset *ruleset, hd_str code)
{
    for (uint32_t i = 0; i < ruleset->n_role_names; i++)
        if (hd_str_eq(ruleset->role_names[i], code))
            return (int)i;
    return -1;
}

static bool resolve_field(const hd_ruleset *ruleset, hd_str name, uint8_t side, int role,
                          hd_ref *ref, hd_type *type)
{
    int field = hd_field_find(ruleset, name);
    if (field < 0)
        return false;
    *ref = (hd_ref){
        .what = HD_REF_VALUE, .side = side, .role = (int16_t)role, .index = (uint16_t)field};
    *type = hd_kind_type(ruleset->fields[field].kind);
    return true;
}

static bool resolve_builtin(hd_str name, uint8_t side, hd_ref *ref, hd_type *type)
{
    for (uint16_t i = 0; i < N_BUILTINS; i++)
        if (hd_str_eq(name, hd_str_from(builtins[i]))) {
            *ref = (hd_ref){.what = HD_REF_BUILTIN, .side = side, .role = -1, .index = i};
            *type = HD_TYPE_TEXT;
            return true;
        }
    if (!hd_str_eq(name, HD_STR("birth_order")))
        return false;
    *ref = (hd_ref){.what = HD_REF_RELATED, .side = side, .role = -1, .index = HD_BIRTH_ORDER};
    *type = HD_TYPE_TEXT;
    return true;
}

/* "a" → 0, "b" → 1. */
static int side_of(hd_str qualifier)
{
    if (qualifier.len_bytes != 1 || (qualifier.ptr[0] != 'a' && qualifier.ptr[0] != 'b'))
        return -1;
    return qualifier.ptr[0] - 'a';
}

static bool resolve_mention(void *arg, hd_str qualifier, hd_str name, hd_ref *ref, hd_type *type)
{
    const hd_ruleset *ruleset = arg;
    if (!qualifier.ptr)
        return resolve_field(ruleset, name, 0, -1, ref, type) ||
               resolve_builtin(name, 0, ref, type);
    int role = role_find(ruleset, qualifier);
    return role >= 0 && resolve_field(ruleset, name, 0, role, ref, type);
}

static bool resolve_pair(void *arg, hd_str qualifier, hd_str name, hd_ref *ref, hd_type *type)
{
    int side = side_of(qualifier);
    return side >= 0 && (resolve_field(arg, name, (uint8_t)side, -1, ref, type) ||
                         resolve_builtin(name, (uint8_t)side, ref, type));
}

static int person_of_mention(void *arg, hd_str qualifier)
{
    (void)arg;
    return qualifier.ptr ? -1 : 0;
}

static int person_of_pair(void *arg, hd_str qualifier)
{
    (void)arg;
    return side_of(qualifier);
}

/* ---- derived names ---- */

static const hd_expr *find_in(const hd_derived *derived, uint32_t n, hd_str name)
{
    for (uint32_t i = 0; i < n; i++)
        if (hd_str_eq(derived[i].code, name))
            return derived[i].expr;
    return NULL;
}

static const hd_expr *derived_find(const hd_ruleset *ruleset, hd_str name)
{
    return find_in(ruleset->derived, ruleset->n_derived, name);
}

/* A copy that reads another side, or another role's mention of the record. */
static const hd_expr *copy_for(hd_arena *arena, const hd_expr *expr, uint8_t side, int role)
{
    hd_expr *copy = HD_NEW(arena, hd_expr);
    *copy = *expr;
    if (copy->sides)
        copy->sides = (uint8_t)(1 << side);
    if (copy->op == HD_OP_REF) {
        copy->ref.side = side;
        if (role >= 0 && copy->ref.role < 0 && copy->ref.what != HD_REF_BUILTIN)
            copy->ref.role = (int16_t)role;
    }
    if (expr->n_args) {
        copy->args = HD_NEW_N(arena, const hd_expr *, expr->n_args);
        for (uint32_t i = 0; i < expr->n_args; i++)
            copy->args[i] = copy_for(arena, expr->args[i], side, role);
    }
    return copy;
}

static const hd_expr *derive_mention(void *arg, hd_str qualifier, hd_str name)
{
    hd_ruleset *ruleset = arg;
    const hd_expr *expr = derived_find(ruleset, name);
    if (!expr || !qualifier.ptr)
        return expr;
    int role = role_find(ruleset, qualifier);
    return role < 0 ? NULL : copy_for(&ruleset->arena, expr, 0, role);
}

static const hd_expr *derive_pair(void *arg, hd_str qualifier, hd_str name)
{
    hd_ruleset *ruleset = arg;
    if (!qualifier.ptr)
        return find_in(ruleset->derived_pair, ruleset->n_derived_pair, name);
    const hd_expr *expr = derived_find(ruleset, name);
    int side = side_of(qualifier);
    return !expr || side < 0 ? NULL : copy_for(&ruleset->arena, expr, (uint8_t)side, -1);
}

/* ---- all valid names, for suggestions ---- */

/* i-th of fields and derived names; null past the end. */
static hd_str value_name(const hd_ruleset *ruleset, uint32_t i)
{
    if (i < ruleset->n_fields)
        return ruleset->fields[i].code;
    i -= ruleset->n_fields;
    return i < ruleset->n_derived ? ruleset->derived[i].code : HD_STR_NULL;
}

/* And of these and the builtins. */
static hd_str any_name(const hd_ruleset *ruleset, uint32_t i)
{
    uint32_t n_values = ruleset->n_fields + ruleset->n_derived;
    if (i < n_values)
        return value_name(ruleset, i);
    i -= n_values;
    if (i == N_BUILTINS)
        return HD_STR("birth_order");
    return i < N_BUILTINS ? hd_str_from(builtins[i]) : HD_STR_NULL;
}

static hd_str list_mention(void *arg, uint32_t i)
{
    hd_ruleset *ruleset = arg;
    uint32_t n_values = ruleset->n_fields + ruleset->n_derived;
    if (i < n_values + N_BUILTINS + 1)
        return any_name(ruleset, i);
    i -= n_values + N_BUILTINS + 1;
    if (n_values == 0 || i / n_values >= ruleset->n_role_names)
        return HD_STR_NULL;
    return hd_arena_printf(&ruleset->arena, "%.*s.%.*s", HD_ARG(ruleset->role_names[i / n_values]),
                           HD_ARG(value_name(ruleset, i % n_values)));
}

static hd_str list_pair(void *arg, uint32_t i)
{
    hd_ruleset *ruleset = arg;
    if (i < ruleset->n_derived_pair)
        return ruleset->derived_pair[i].code;
    i -= ruleset->n_derived_pair;
    hd_str name = any_name(ruleset, i / 2);
    if (!name.ptr)
        return name;
    return hd_arena_printf(&ruleset->arena, "%c.%.*s", i % 2 ? 'b' : 'a', HD_ARG(name));
}

hd_scope hd_scope_mention(hd_ruleset *ruleset)
{
    return (hd_scope){.arg = ruleset,
                      .resolve = resolve_mention,
                      .list = list_mention,
                      .derive = derive_mention,
                      .person_side = person_of_mention,
                      .arena = &ruleset->arena,
                      .texts = ruleset->texts};
}

hd_scope hd_scope_pair(hd_ruleset *ruleset)
{
    return (hd_scope){.arg = ruleset,
                      .resolve = resolve_pair,
                      .list = list_pair,
                      .derive = derive_pair,
                      .person_side = person_of_pair,
                      .arena = &ruleset->arena,
                      .texts = ruleset->texts};
}
