#include "base/utf8.h"
#include "pipeline/standardise/standardise.h"

/* Division codes: GB/T 2260 (2 + 2 + 2), then 3 for the township and 3 for the village. The
 * standard form leaves off the levels that are zeros: 530303000000 and 530303 are one county. Names
 * become codes where that is sure. */

enum {
    VILLAGE_DIGITS = 12,
    ROOM = 24,
    NAMES_MAX = 80 /* code points: five names, the longest of a division has 16 */
};

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

/* ---- the table ---- */

/* A code that has ended says what was true when it was written: that is no fault. One that no
 * edition knows is kept, as it may be newer than the table. */
static hd_std_result check_area(const hd_std_env *env, hd_str text, uint32_t reasons)
{
    hd_division_code code = env->divisions ? hd_division_read(text) : 0;
    hd_std_result result = hd_std_good(text, reasons);
    if (code == 0)
        return result;
    const hd_division *place = hd_divisions_find(env->divisions, code);
    if (!place)
        place = hd_divisions_find(env->divisions, hd_division_county(code));
    if (!place) {
        result.state = HD_STATE_suspicious;
        result.reasons |= HD_REASON_BIT(division_unknown);
    } else if (place->last) {
        result.reasons |= HD_REASON_BIT(division_old);
    }
    return result;
}

/* ---- names ---- */

static bool parts_names(uint32_t point)
{
    return point == '-' || point == '/' || point == '>' || point == ',' || point == '.' ||
           point == 0xB7 || point == 0x2014 || point == 0x3001;
}

/* env->points, without what parts names, into env->text. */
static hd_str write_names(hd_std_env *env)
{
    uint32_t len_bytes = 0;
    for (uint32_t i = 0; i < env->n; i++) {
        if (!parts_names(env->points[i]))
            len_bytes += hd_utf8_encode(env->points[i], env->text + len_bytes);
    }
    return (hd_str){env->text, len_bytes};
}

/* 云南省曲靖市师宗县, or 师宗县 alone. Nothing may be left over. */
static hd_std_result from_names(hd_std_env *env, uint32_t reasons)
{
    hd_std_result wrong = hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(division_form));
    if (!env->divisions || env->n > NAMES_MAX)
        return wrong;
    hd_division_code code = 0;
    for (hd_str rest = write_names(env); rest.len_bytes;) {
        hd_division_match match = hd_divisions_match(env->divisions, rest, code);
        if (match.code == 0)
            return wrong;
        code = match.code;
        rest = (hd_str){rest.ptr + match.len_bytes, rest.len_bytes - match.len_bytes};
    }
    uint32_t n = hd_division_print(code, env->text);
    return check_area(env, (hd_str){env->text, n}, reasons | HD_REASON_BIT(division_name));
}

/* 530323 师宗县: the name only says again what the code says. */
static bool cut_name(hd_std_env *env)
{
    uint32_t n = 0;
    while (n < env->n && hd_std_is_digit(env->points[n]))
        n++;
    bool whole = n == 6 || n == 9 || n == 12;
    if (!whole || n == env->n || (env->points[n] != '(' && !hd_is_han(env->points[n])))
        return false;
    env->n = n;
    return true;
}

/* ---- all of it ---- */

static hd_std_result from_digits(hd_std_env *env, const char *digits, uint32_t n, uint32_t reasons)
{
    bool known_length = is_known_length(n);
    if (known_length && n > VILLAGE_DIGITS) { /* the villagers' group behind it */
        reasons |= HD_REASON_BIT(note);
        n = VILLAGE_DIGITS;
    }
    n = significant(digits, n);
    if (hd_std_all_same(digits, n) && (digits[0] == '0' || digits[0] == '9'))
        return hd_std_placeholder(reasons);
    if (!known_length || digits[0] == '0')
        return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(division_form));
    memcpy(env->text, digits, n);
    return check_area(env, (hd_str){env->text, n}, reasons);
}

hd_std_result hd_std_division(hd_std_env *env, hd_str raw)
{
    hd_std_result settled;
    if (hd_std_settled(env, raw, HD_STD_BLANKS_DROP, &settled))
        return settled;
    char digits[ROOM];
    uint32_t n, reasons = settled.reasons, reasons_of_names = settled.reasons;
    if (cut_fraction(env) || cut_name(env))
        reasons |= HD_REASON_BIT(note);
    if (read_digits(env, digits, &n, &reasons))
        return from_digits(env, digits, n, reasons);
    return env->n && hd_is_han(env->points[0])
               ? from_names(env, reasons_of_names)
               : hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(division_form));
}
