#include "pipeline/standardise/standardise.h"

/* Division codes: GB/T 2260 (2 + 2 + 2), then 3 for the township and 3 for the village. The
 * standard form leaves off the levels that are zeros: 530303000000 and 530303 are one county. */

enum { VILLAGE_DIGITS = 12, ROOM = 24 };

static bool is_known_length(uint32_t n)
{
    return n == 2 || n == 4 || n == 6 || n == 9 || n == 12 || n == 14 || n == 15;
}

/* 530303.0: a spreadsheet took the code for a number. */
static bool cut_fraction(hd_std_env *env)
{
    uint32_t n = env->n;
    while (n > 0 && env->points[n - 1] == '0')
        n--;
    if (n == 0 || n == env->n || env->n - n > 2 || env->points[n - 1] != '.')
        return false;
    env->n = n - 1;
    return true;
}

/* Only the digits; dots and hyphens between levels are dropped. False: something else is there. */
static bool read_digits(const hd_std_env *env, char *digits, uint32_t *n, uint32_t *reasons)
{
    *n = 0;
    for (uint32_t i = 0; i < env->n; i++) {
        uint32_t point = env->points[i];
        if (point == '.' || point == '-' || point == '\'' || point == 0x2018 || point == 0x2019) {
            *reasons |= HD_REASON_BIT(blanks);
            continue;
        }
        if (!hd_std_is_digit(point) || *n == ROOM)
            return false;
        digits[(*n)++] = (char)point;
    }
    return true;
}

static uint32_t significant(const char *digits, uint32_t n)
{
    static const struct {
        uint32_t level, above;
    } levels[] = {{12, 9}, {9, 6}, {6, 4}, {4, 2}};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        uint32_t level = levels[i].level, above = levels[i].above;
        if (n == level && memcmp(digits + above, "000", level - above) == 0)
            n = above;
    }
    return n;
}

hd_std_result hd_std_division(hd_std_env *env, hd_str raw)
{
    hd_std_result settled;
    if (hd_std_settled(env, raw, HD_STD_BLANKS_DROP, &settled))
        return settled;
    char digits[ROOM];
    uint32_t n, reasons = settled.reasons;
    if (cut_fraction(env))
        reasons |= HD_REASON_BIT(note);
    if (!read_digits(env, digits, &n, &reasons))
        return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(division_form));
    bool known_length = is_known_length(n);
    if (known_length && n > VILLAGE_DIGITS) { /* the villagers' group behind it */
        reasons |= HD_REASON_BIT(note);
        n = VILLAGE_DIGITS;
    }
    n = significant(digits, n);
    if (hd_std_all_same(digits, n) && (digits[0] == '0' || digits[0] == '9'))
        return hd_std_none(HD_STATE_placeholder, reasons | HD_REASON_BIT(placeholder));
    if (!known_length || digits[0] == '0')
        return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(division_form));
    memcpy(env->text, digits, n);
    return hd_std_good((hd_str){env->text, n}, reasons);
}
