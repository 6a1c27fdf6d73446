#include "pipeline/standardise/standardise.h"

/* GB/T 2261.1: 0 not known, 1 male, 2 female, 9 not stated. Sources also write the code and the
 * word together (1-男). */

static const char32_t *const male[] = {U"1",    U"01",   U"男",   U"男性", U"男子", U"男孩",
                                       U"男士", U"男童", U"男婴", U"男方", U"男人", U"M",
                                       U"MALE", U"BOY",  U"MAN",  U"♂",    U"先生"};
static const char32_t *const female[] = {U"2",      U"02",   U"女",    U"女性", U"女子", U"女孩",
                                         U"女士",   U"女童", U"女婴",  U"女方", U"女人", U"F",
                                         U"FEMALE", U"GIRL", U"WOMAN", U"♀"};
static const char32_t *const unstated[] = {
    U"0", U"00", U"9", U"09", U"未知的性别", U"未说明的性别", U"未说明性别", U"未知性别"};

#define LEN(list) (sizeof(list) / sizeof *(list))

static bool is_joint(uint32_t point)
{
    return point == '-' || point == '.' || point == ':' || point == 0x3001 || point == '/' ||
           point == '|' || point == '_' || point == '=' || point == '(' || point == ')';
}

/* Takes a code and a word apart: 1-男, 男(1), 1.男性, 男1; 1.0 is a code alone. The code is 0 where
 * there is none; false where no word is left. */
static bool split(const hd_std_env *env, uint32_t *code, const uint32_t **word, uint32_t *n_word)
{
    const uint32_t *begin = env->points, *end = begin + env->n;
    *code = 0;
    if (env->n == 3 && begin[1] == '.' && begin[2] == '0')
        end = begin + 1;
    else if (env->n >= 2 && hd_std_is_digit(begin[0]) && !hd_std_is_digit(begin[1]))
        *code = *begin++;
    while (end > begin && is_joint(end[-1]))
        end--;
    if (*code == 0 && end - begin >= 2 && hd_std_is_digit(end[-1]) && !hd_std_is_digit(end[-2]))
        *code = *--end;
    while (end > begin && is_joint(end[-1]))
        end--;
    while (begin < end && is_joint(*begin))
        begin++;
    *word = begin;
    *n_word = (uint32_t)(end - begin);
    return *n_word > 0;
}

static char sex_of(const uint32_t *points, uint32_t n)
{
    if (hd_std_is_any_word(points, n, male, LEN(male)))
        return '1';
    if (hd_std_is_any_word(points, n, female, LEN(female)))
        return '2';
    return hd_std_is_any_word(points, n, unstated, LEN(unstated)) ? '0' : 0;
}

static hd_std_result result_of(char sex, uint32_t reasons)
{
    switch (sex) {
    case '1':
        return hd_std_good(HD_STR("1"), reasons);
    case '2':
        return hd_std_good(HD_STR("2"), reasons);
    case '0':
        return hd_std_placeholder(reasons);
    default:
        return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(code_unknown));
    }
}

hd_std_result hd_std_sex(hd_std_env *env, hd_str raw)
{
    hd_std_result settled;
    if (hd_std_settled(env, raw, HD_STD_BLANKS_DROP, &settled))
        return settled;
    char sex = sex_of(env->points, env->n);
    uint32_t code, n_word;
    const uint32_t *word;
    if (sex == 0 && split(env, &code, &word, &n_word)) {
        char said = sex_of(word, n_word);
        bool agrees = code == 0 || sex_of(&code, 1) == said;
        sex = agrees ? said : 0;
    }
    return result_of(sex, settled.reasons);
}
