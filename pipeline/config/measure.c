#include "pipeline/config/measure.h"

#include "matchers/date.h"
#include "matchers/han_name.h"
#include "matchers/idcard.h"
#include "matchers/lunar.h"
#include "matchers/text_distance.h"
#include "pipeline/config/functions.h"
#include "pipeline/config/name_cache.h"

_Static_assert((int)HD_N_NAME_LEVELS <= (int)HD_MEASURE_MOST, "a level is a result");
_Static_assert((int)HD_N_ID_DIFFERENCES <= (int)HD_MEASURE_MOST, "a difference is a result");

/* ---- find ---- */

typedef struct measured_function {
    hd_measure_kind measure;
    uint16_t holds; /* where the function is a bool; 0: it is a number, or the level is given */
} measured_function;

#define ONE(result) (uint16_t)(1u << (result))

/* By hd_function. */
static const measured_function functions[HD_N_FUNCTIONS] = {
    [HD_FUNCTION_name_alike] = {HD_MEASURE_name_level, 0},
    [HD_FUNCTION_id_same_old] = {HD_MEASURE_id_difference, ONE(HD_ID_same_old)},
    [HD_FUNCTION_id_one_digit] = {HD_MEASURE_id_difference, ONE(HD_ID_one_digit)},
    [HD_FUNCTION_id_swapped] = {HD_MEASURE_id_difference, ONE(HD_ID_swapped)},
    [HD_FUNCTION_id_except_area] = {HD_MEASURE_id_difference, ONE(HD_ID_except_area)},
    [HD_FUNCTION_id_except_date] = {HD_MEASURE_id_difference, ONE(HD_ID_except_date)},
    [HD_FUNCTION_id_two_digits] = {HD_MEASURE_id_difference, ONE(HD_ID_two_digits)},
    [HD_FUNCTION_day_month_swapped] = {HD_MEASURE_day_month_swapped, ONE(1)},
    [HD_FUNCTION_same_known_parts] = {HD_MEASURE_same_known_parts, ONE(1)},
    [HD_FUNCTION_same_as_lunar] = {HD_MEASURE_same_as_lunar, ONE(1)},
    [HD_FUNCTION_date_digits_differing] = {HD_MEASURE_date_digits, 0},
    [HD_FUNCTION_levenshtein] = {HD_MEASURE_levenshtein, 0},
    [HD_FUNCTION_damerau] = {HD_MEASURE_damerau, 0},
    [HD_FUNCTION_positions_differing] = {HD_MEASURE_positions, 0},
};

static bool is_number(const hd_expr *expr)
{
    return expr->op == HD_OP_CALL && (functions[expr->function].measure >= HD_MEASURE_date_digits);
}

/* name_alike(x, y, "level"): that level, and those before it. */
static uint16_t levels_up_to(const hd_expr *level, const hd_pool *texts)
{
    if (level->op != HD_OP_LITERAL || level->type != HD_TYPE_TEXT)
        return 0;
    int least = hd_name_level_find(hd_pool_get(texts, (hd_text)level->literal));
    return least < 0 ? 0 : (uint16_t)(ONE(least + 1) - 1);
}

/* What is more than HD_MEASURE_MOST must compare as that does. */
static uint16_t results_where(const hd_expr *comparison)
{
    const hd_expr *literal = comparison->args[1];
    if (literal->op != HD_OP_LITERAL || literal->literal == HD_NULL ||
        !(hd_number(literal->literal) < HD_MEASURE_MOST))
        return 0;
    uint16_t holds = 0;
    for (unsigned result = 0; result <= HD_MEASURE_MOST; result++)
        if (hd_value_compare((hd_op)comparison->op, HD_TYPE_NUMBER, hd_value_number(result),
                             literal->literal, NULL) == 1)
            holds |= ONE(result);
    return holds;
}

bool hd_measure_find(const hd_expr *expr, const hd_pool *texts, hd_measured *out)
{
    *out = (hd_measured){.call = expr};
    if (expr->op == HD_OP_CALL && !is_number(expr)) {
        out->holds = expr->function == HD_FUNCTION_name_alike ? levels_up_to(expr->args[2], texts)
                                                              : functions[expr->function].holds;
    } else if (expr->op >= HD_OP_EQ && expr->op <= HD_OP_GE && is_number(expr->args[0])) {
        out->call = expr->args[0];
        out->holds = results_where(expr);
    }
    if (out->holds)
        out->measure = functions[out->call->function].measure;
    return out->holds != 0;
}

/* ---- measure ---- */

static uint8_t at_most(uint32_t result)
{
    return (uint8_t)(result < HD_MEASURE_MOST ? result : HD_MEASURE_MOST);
}

uint8_t hd_measure_values(hd_measure_kind measure, uint32_t x, uint32_t y, hd_env *env)
{
    switch (measure) {
    case HD_MEASURE_name_level:
        if (!env->names)
            env->names = hd_name_cache_new();
        return (uint8_t)hd_name_cache_match(env->names, env->han, env->texts, x, y).level;
    case HD_MEASURE_id_difference:
        return (uint8_t)hd_idcard_compare(hd_pool_get(env->texts, x), hd_pool_get(env->texts, y));
    case HD_MEASURE_day_month_swapped:
        return hd_date_swapped((hd_date)x, (hd_date)y);
    case HD_MEASURE_same_known_parts: {
        const hd_value dates[] = {x, y};
        return (uint8_t)hd_function_apply(HD_FUNCTION_same_known_parts, dates, 2, env);
    }
    case HD_MEASURE_same_as_lunar:
        return hd_lunar_same((hd_date)x, (hd_date)y);
    case HD_MEASURE_date_digits:
        return at_most(hd_date_digits_differing((hd_date)x, (hd_date)y));
    case HD_MEASURE_levenshtein:
        return at_most(hd_levenshtein(hd_pool_get(env->texts, x), hd_pool_get(env->texts, y)));
    case HD_MEASURE_damerau:
        return at_most(hd_damerau(hd_pool_get(env->texts, x), hd_pool_get(env->texts, y)));
    case HD_MEASURE_positions:
        return at_most(
            hd_positions_differing(hd_pool_get(env->texts, x), hd_pool_get(env->texts, y)));
    default:
        HD_BUG("measure %d", (int)measure);
    }
}

void hd_measure_fetch(hd_measure_kind measure, uint32_t x, const hd_env *env)
{
    bool of_dates = measure >= HD_MEASURE_day_month_swapped && measure <= HD_MEASURE_date_digits;
    if (!of_dates)
        hd_pool_fetch(env->texts, x);
}

/* ---- prepared ---- */

uint32_t hd_measure_prepared_bytes(hd_measure_kind measure)
{
    return measure == HD_MEASURE_id_difference ? sizeof(uint64_t) : 0;
}

void hd_measure_prepare(hd_measure_kind measure, uint32_t x, hd_env *env, void *out)
{
    HD_ASSERT(measure == HD_MEASURE_id_difference);
    uint64_t packed = x == UINT32_MAX ? 0 : hd_idcard_pack(hd_pool_get(env->texts, x));
    memcpy(out, &packed, sizeof packed);
}

hd_lanes hd_measure_prepared(hd_measure_kind measure, const void *a, const void *b, hd_lanes wanted,
                             hd_lanes result[HD_MEASURE_MOST + 1])
{
    HD_ASSERT(measure == HD_MEASURE_id_difference);
    uint64_t x;
    const uint64_t *y = b;
    hd_lanes differ = 0;
    memcpy(&x, a, sizeof x);
    for (unsigned i = 0; i < HD_LANES; i++)
        differ |= (hd_lanes)hd_idcard_packed_differ(x, y[i]) << i;
    differ &= wanted;
    result[HD_ID_differs] |= differ;
    return differ;
}
