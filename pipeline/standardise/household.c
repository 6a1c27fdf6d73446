/* Numbers of households: 户编码 of the whole-population cards, 18 digits (village 12, group 2,
 * serial 4), and 户号 of the police, mostly 9 digits, for which no national rule was found. So no
 * number is refused for its length: what looks like none is suspicious, and still tells households
 * apart. */

#include "pipeline/standardise/standardise.h"

enum { ROOM = 40, SHORTEST = 5, CODE_DIGITS = 18 };

static const char32_t *const notes[] = {U"户口簿编号", U"户口簿号", U"户口本号", U"户口号",
                                        U"户编码",     U"户编号",   U"户号",     U"家庭编号",
                                        U"编号",       U"第",       U"号",       U"户"};

/* Kinds of households (集体户 without its 户), which registers write where there is no number. */
static const char32_t *const kinds[] = {U"集体", U"集体户口", U"家庭", U"空挂", U"挂靠",
                                        U"农业", U"非农业",   U"农",   U"居民"};

static bool is_kind(const hd_std_env *env)
{
    return env->points[0] >= 0x80 &&
           hd_std_is_any_word(env->points, env->n, kinds, sizeof kinds / sizeof *kinds);
}

/* A draft in ASCII, letters in capitals, without hyphens between digits. */
typedef struct draft {
    char at[ROOM];
    uint32_t n, n_digits;
    uint32_t reasons;
} draft;

static bool is_hyphen(uint32_t point)
{
    return point == '-' || (point >= 0x2010 && point <= 0x2015) || point == 0x2212;
}

static bool read_draft(const hd_std_env *env, draft *d)
{
    for (uint32_t i = 0; i < env->n; i++) {
        uint32_t point = env->points[i];
        bool capital = point >= 'A' && point <= 'Z', small = point >= 'a' && point <= 'z';
        if (is_hyphen(point) && i > 0 && i + 1 < env->n)
            continue;
        if ((!hd_std_is_digit(point) && !capital && !small) || d->n == ROOM)
            return false;
        d->at[d->n++] = (char)(small ? point - ('a' - 'A') : point);
        d->n_digits += hd_std_is_digit(point);
    }
    return d->n_digits > 0;
}

/* 123456789.0: a spreadsheet took the number for a quantity. */
static bool cut_fraction(hd_std_env *env)
{
    uint32_t n = env->n;
    bool fraction = n >= 3 && env->points[n - 1] == '0' && env->points[n - 2] == '.';
    env->n -= fraction ? 2 : 0;
    return fraction;
}

/* 5.30303E+17 */
static bool is_quantity(const hd_std_env *env)
{
    bool point = env->n > 4 && hd_std_is_digit(env->points[0]) && env->points[1] == '.';
    for (uint32_t i = 2; point && i + 2 < env->n; i++) {
        if ((env->points[i] | 0x20) == 'e' && env->points[i + 1] == '+')
            return true;
    }
    return false;
}

/* All digits of one household's number the same, or zeros where its serial stands. */
static bool is_made_up(const draft *d)
{
    if (d->n_digits < d->n)
        return false;
    if (hd_std_all_same(d->at, d->n) && (d->n >= SHORTEST || d->at[0] == '0'))
        return true;
    return (d->n > SHORTEST && hd_std_counting(d->at, d->n)) ||
           (d->n == CODE_DIGITS && memcmp(d->at + 14, "0000", 4) == 0);
}

static hd_std_result suspicious(hd_std_result result)
{
    if (!result.text.ptr)
        return result;
    result.state = HD_STATE_suspicious;
    result.reasons |= HD_REASON_BIT(number_form);
    return result;
}

hd_std_result hd_std_household(hd_std_env *env, hd_str raw)
{
    hd_std_result settled;
    if (hd_std_settled(env, raw, HD_STD_BLANKS_DROP, &settled))
        return settled;
    draft d = {.reasons = settled.reasons};
    while (cut_fraction(env) || hd_std_cut_notes(env, notes, sizeof notes / sizeof *notes))
        d.reasons |= HD_REASON_BIT(note);
    if (hd_std_is_no_value(env->points, env->n) || is_kind(env))
        return hd_std_placeholder(d.reasons);
    if (is_quantity(env))
        return hd_std_none(HD_STATE_damaged, d.reasons | HD_REASON_BIT(rounded));
    if (hd_std_hides_characters(env))
        return hd_std_none(HD_STATE_damaged, d.reasons | HD_REASON_BIT(stand_in));
    if (!read_draft(env, &d))
        return suspicious(hd_std_good_points(env, HD_STD_TEXT_MAX, d.reasons));
    if (is_made_up(&d))
        return hd_std_placeholder(d.reasons);
    memcpy(env->text, d.at, d.n);
    hd_std_result result = hd_std_good((hd_str){env->text, d.n}, d.reasons);
    return d.n < SHORTEST ? suspicious(result) : result;
}
