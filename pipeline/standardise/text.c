#include "pipeline/standardise/standardise.h"

/* Texts are often keys (the number of a household), so zeros stand for none. */
static bool is_zeros(const hd_std_env *env)
{
    for (uint32_t i = 0; i < env->n; i++) {
        if (env->points[i] != '0')
            return false;
    }
    return env->n >= 2;
}

hd_std_result hd_std_text(hd_std_env *env, hd_str raw)
{
    hd_std_result settled;
    if (hd_std_settled(env, raw, HD_STD_BLANKS_ONE, &settled))
        return settled;
    if (is_zeros(env))
        return hd_std_placeholder(0);
    return hd_std_good_points(env, HD_STD_TEXT_MAX, settled.reasons);
}
