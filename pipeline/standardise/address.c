#include "pipeline/standardise/standardise.h"

hd_std_result hd_std_address(hd_std_env *env, hd_str raw)
{
    hd_std_result settled;
    if (hd_std_settled(env, raw, HD_STD_BLANKS_DROP, &settled))
        return settled;
    /* a lone digit is a code that slipped into the column */
    if (env->n == 1 && hd_std_is_digit(env->points[0]))
        return hd_std_none(HD_STATE_placeholder, HD_REASON_BIT(placeholder));
    return hd_std_good_points(env, HD_STD_ADDRESS_MAX, settled.reasons);
}
