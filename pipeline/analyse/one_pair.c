#include "pipeline/analyse/one_pair.h"

#include "matchers/text_distance.h"

/* ---- which comparison ---- */

/* The first field that an expression over one mention reads; -1: none. */
static int first_field(const hd_expr *expr)
{
    if (expr->op == HD_OP_REF)
        return (expr->ref.what == HD_REF_VALUE || expr->ref.what == HD_REF_LEFT) &&
                       expr->ref.role < 0
                   ? expr->ref.index
                   : -1;
    int field = -1;
    for (uint32_t i = 0; i < expr->n_args && field < 0; i++)
        field = first_field(expr->args[i]);
    return field;
}

static bool is_about(const hd_ruleset *ruleset, const hd_comparison *comparison,
                     const hd_field *wanted, int *field)
{
    *field = comparison->n_needs ? first_field(comparison->needs[0]) : -1;
    if (*field < 0)
        return false;
    const hd_field *found = &ruleset->fields[*field];
    bool own_meaning = wanted->kind == HD_KIND_code || wanted->kind == HD_KIND_text;
    return hd_str_eq(found->code, wanted->code) || (!own_meaning && found->kind == wanted->kind);
}

static void find_comparison(hd_one_pair *pair)
{
    const hd_ruleset *ruleset = pair->one.ruleset;
    int field;
    for (uint32_t c = 0; c < ruleset->n_comparisons && !pair->comparison; c++) {
        if (!is_about(ruleset, &ruleset->comparisons[c], &pair->one.field, &field))
            continue;
        pair->comparison = &ruleset->comparisons[c];
        pair->as_field = (uint16_t)field;
    }
}

/* ---- what the conditions read ---- */

static hd_value load_other(const hd_one_pair *pair, const hd_ref *ref)
{
    if (ref->what == HD_REF_STATE)
        return hd_pool_intern(pair->transient.env.texts,
                              hd_str_from(hd_state_name(HD_STATE_missing)));
    return ref->what == HD_REF_REASON ? 0 : HD_NULL;
}

static hd_value load_side(const void *row, const hd_ref *ref)
{
    const hd_one_pair *pair = row;
    const hd_one_side *side = &pair->side[ref->side];
    if (ref->what == HD_REF_BUILTIN || ref->role >= 0 || ref->index != pair->as_field)
        return load_other(pair, ref);
    switch (ref->what) {
    case HD_REF_VALUE:
        return side->state == HD_STATE_damaged ? HD_NULL : side->value;
    case HD_REF_LEFT:
        return side->value;
    case HD_REF_STATE:
        return hd_pool_intern(pair->transient.env.texts, hd_str_from(hd_state_name(side->state)));
    case HD_REF_REASON:
        return side->reasons >> ref->reason & 1;
    default:
        return hd_pool_intern(pair->transient.env.texts, side->raw);
    }
}

hd_status hd_one_pair_open(hd_ctx *ctx, hd_ruleset *ruleset, hd_str name, hd_one_pair *out)
{
    *out = (hd_one_pair){0};
    HD_TRY(hd_one_field_open(ctx, ruleset, name, &out->one));
    find_comparison(out);
    uint32_t n = out->comparison ? out->comparison->n_levels : 0;
    for (uint32_t i = 0; i < n; i++)
        out->when[i] = out->comparison->levels[i].when;
    hd_transient_init(&out->transient, ruleset, out->when, n);
    out->transient.env.load = load_side;
    out->transient.env.row = out;
    return HD_OK;
}

void hd_one_pair_release(hd_one_pair *pair)
{
    hd_one_field_release(&pair->one);
    hd_transient_release(&pair->transient);
    for (int i = 0; i < 2; i++)
        hd_buf_release(&pair->cell[i]);
    hd_buf_release(&pair->reason);
    *pair = (hd_one_pair){0};
}

/* ---- a pair ---- */

static void take_side(hd_one_pair *pair, hd_str raw, hd_one_side *side)
{
    hd_std_result r = hd_one_field_standardise(&pair->one, raw);
    *side = (hd_one_side){raw, hd_one_value(&r, pair->transient.env.texts), r.reasons, r.state};
}

static hd_compared missing(hd_one_pair *pair)
{
    hd_buf_clear(&pair->reason);
    for (int i = 0; i < 2; i++)
        if (pair->side[i].value == HD_NULL || pair->side[i].state == HD_STATE_damaged)
            hd_buf_addf(&pair->reason, "%s%c %s", pair->reason.len_bytes ? ", " : "", "ab"[i],
                        hd_state_name(pair->side[i].state));
    return (hd_compared){HD_STR("missing"), -1, hd_buf_str(&pair->reason)};
}

static hd_str text_of(hd_one_pair *pair, int i)
{
    if (pair->one.type == HD_TYPE_TEXT)
        return hd_pool_get(pair->transient.env.texts, (hd_text)pair->side[i].value);
    hd_buf_clear(&pair->cell[i]);
    hd_buf_add_digits(&pair->cell[i], pair->side[i].value, 8);
    return hd_buf_str(&pair->cell[i]);
}

/* How alike the two values are, 0 … 1, inside one level. A kind with a comparator of its own has it
 * here; the others go by their characters. */
typedef double similarity(hd_one_pair *pair);

static double by_characters(hd_one_pair *pair)
{
    return hd_jaro_winkler(text_of(pair, 0), text_of(pair, 1));
}

/* Of codes one digit more or less means nothing. */
static double by_equality(hd_one_pair *pair)
{
    return pair->side[0].value == pair->side[1].value;
}

static double by_name(hd_one_pair *pair)
{
    for (int i = 0; i < 2; i++)
        hd_han_name_prepare(pair->one.ruleset->han, text_of(pair, i), &pair->name[i]);
    return hd_han_name_compare(&pair->name[0], &pair->name[1]).score;
}

static similarity *const similarity_of[HD_N_KINDS] = {
    [HD_KIND_name] = by_name,
    [HD_KIND_sex] = by_equality,
    [HD_KIND_code] = by_equality,
};

static double score(hd_one_pair *pair, uint32_t level, uint32_t n_levels)
{
    similarity *alike = similarity_of[pair->one.field.kind];
    alike = alike ? alike : by_characters;
    return (n_levels - 1 - level + alike(pair)) / n_levels;
}

/* What the characters of two names are to each other, once `score` has prepared them; of the others
 * the condition as the rules write it. */
static hd_str reason(hd_one_pair *pair, const hd_level *level)
{
    if (pair->one.field.kind != HD_KIND_name)
        return level->written.ptr ? level->written : HD_STR("");
    hd_buf_clear(&pair->reason);
    hd_han_name_explain(&pair->name[0], &pair->name[1], &pair->reason);
    return hd_buf_str(&pair->reason);
}

static hd_compared same_or_not(hd_one_pair *pair)
{
    bool same = pair->side[0].value == pair->side[1].value;
    return (hd_compared){same ? HD_STR("same") : HD_STR("differs"), score(pair, !same, 2),
                         same ? HD_STR("a = b") : HD_STR("")};
}

hd_compared hd_one_pair_compare(hd_one_pair *pair, hd_str a, hd_str b)
{
    hd_transient *t = &pair->transient;
    hd_transient_step(t);
    take_side(pair, a, &pair->side[0]);
    take_side(pair, b, &pair->side[1]);
    if (pair->side[0].value == HD_NULL || pair->side[1].value == HD_NULL)
        return missing(pair);
    if (!pair->comparison)
        return same_or_not(pair);
    uint32_t level = 0;
    while (level + 1 < t->n && !hd_expr_holds(t->expr[level], &t->env))
        level++;
    const hd_level *found = &pair->comparison->levels[level];
    double likeness = score(pair, level, t->n);
    return (hd_compared){found->code, likeness, reason(pair, found)};
}
