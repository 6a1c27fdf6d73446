#include "matchers/address.h"
#include "base/utf8.h"
#include "pipeline/standardise/standardise.h"

enum { RANKS_MAX = 16 };

static bool is_rank(uint32_t point)
{
    return point == U'省' || point == U'市' || point == U'县' || point == U'区' || point == U'州' ||
           point == U'旗' || point == U'盟';
}

/* What only its row, or its writer, understands. */
static bool points_elsewhere(const hd_std_env *env)
{
    static const char32_t *const words[] = {U"同上",     U"同前",   U"同左",     U"同户主",
                                            U"同户籍地", U"同户口", U"同现住址", U"户籍地"};
    return hd_std_is_any_word(env->points, env->n, words, sizeof words / sizeof *words);
}

/* Do two ranks have the same two characters before them? Nearly no address does, and needs no
 * look-up then. */
static bool may_repeat(const hd_std_env *env)
{
    uint64_t before[RANKS_MAX];
    uint32_t n = 0;
    for (uint32_t i = 2; i < env->n && n < RANKS_MAX; i++) {
        if (!is_rank(env->points[i]))
            continue;
        before[n] = (uint64_t)env->points[i - 2] << 32 | env->points[i - 1];
        for (uint32_t k = 0; k < n; k++) {
            if (before[k] == before[n])
                return true;
        }
        n++;
    }
    return false;
}

/* 师宗县师宗县丹凤镇: a form put the county before what named it already. */
static hd_str cut_repeated(const hd_std_env *env, char *text, uint32_t len_bytes, uint32_t *reasons)
{
    for (;;) { /* each round cuts something */
        hd_str twice = hd_address_repeated(env->divisions, (hd_str){text, len_bytes});
        if (hd_str_empty(twice))
            break;
        char *at = text + (twice.ptr - text), *after = at + twice.len_bytes;
        memmove(at, after, (size_t)(text + len_bytes - after));
        len_bytes -= twice.len_bytes;
        *reasons |= HD_REASON_BIT(address_repeated);
    }
    return (hd_str){text, len_bytes};
}

hd_std_result hd_std_address(hd_std_env *env, hd_str raw)
{
    hd_std_result settled;
    if (hd_std_settled(env, raw, HD_STD_BLANKS_DROP, &settled))
        return settled;
    /* a lone digit is a code that slipped into the column */
    if ((env->n == 1 && hd_std_is_digit(env->points[0])) || points_elsewhere(env))
        return hd_std_placeholder(0);
    hd_std_result result = hd_std_good_points(env, HD_STD_ADDRESS_MAX, settled.reasons);
    if (!result.text.ptr || !env->divisions || !may_repeat(env))
        return result;
    uint32_t reasons = settled.reasons;
    hd_str text = cut_repeated(env, env->text, result.text.len_bytes, &reasons);
    return hd_std_good(text, reasons);
}
