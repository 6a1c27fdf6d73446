#include "matchers/idcard.h"

#include "pipeline/standardise/standardise.h"

/* Facts: GB 11643-1999; what clerks enter where there is no number: eighteen zeros, 000000 and the
 * birth date and 0000, numbers that are called temporary (临时). Numbers of other documents:
 * document.c. */

enum {
    ROOM = 40, /* longer than any number of any document, with the signs that are dropped */
    YEAR_FIRST = 1850,
    YEAR_LAST = 2100
};

/* A number while it is being cleaned: ASCII, `x` for all that looks like an X, `!` for what no
 * number has, `*` for a sign that stands for a lost or hidden character. */
typedef struct draft {
    char at[ROOM + 1];
    uint32_t n;
    uint32_t reasons;
} draft;

static hd_std_result good(hd_std_env *env, const draft *d)
{
    memcpy(env->text, d->at, d->n);
    return hd_std_good((hd_str){env->text, d->n}, d->reasons);
}

static hd_std_result suspicious(hd_std_env *env, const draft *d, uint32_t reason)
{
    hd_std_result result = good(env, d);
    result.state = HD_STATE_suspicious;
    result.reasons |= reason;
    return result;
}

static hd_std_result invalid(const draft *d, uint32_t reason)
{
    return hd_std_none(HD_STATE_invalid, d->reasons | reason);
}

/* Area, birth date and sequence of a number that was made up. Zeros as sequence are never issued.
 */
static bool made_up(const char *digits, uint32_t n)
{
    return hd_std_all_same(digits, n) || hd_std_counting(digits, n) ||
           memcmp(digits, "000000", 6) == 0 || memcmp(digits + n - 3, "000", 3) == 0;
}

/* 111111…, 123456…: nobody mistypes six digits into a row. */
static bool area_made_up(const char *digits)
{
    return hd_std_all_same(digits, 6) || memcmp(digits, "123456", 6) == 0;
}

/* A spreadsheet keeps 15 digits of a quantity and writes zeros for the rest. */
static bool is_rounded(const char *digits18)
{
    return memcmp(digits18 + 15, "000", 3) == 0;
}

static bool birth_date_exists(const char *digits17)
{
    char id[18];
    memcpy(id, digits17, 17);
    id[17] = hd_idcard_check(digits17);
    hd_date birth = hd_idcard_birth_date((hd_str){id, 18});
    return birth != 0 && birth / 10000 >= YEAR_FIRST && birth / 10000 <= YEAR_LAST;
}

/* A number keeps the area of the day on which it was given, so all editions of the codes count, and
 * a birth after a code's end is no contradiction. */
static uint32_t area_reason(const hd_std_env *env, const char *digits)
{
    hd_division_code area = hd_division_read((hd_str){digits, 6});
    if (!env->divisions || hd_divisions_find(env->divisions, area))
        return 0;
    return HD_REASON_BIT(id_area);
}

/* Month or day 00: nobody mistyped a birth date there, somebody had none to write. */
static bool birth_date_blank(const char *digits17)
{
    return memcmp(digits17 + 10, "00", 2) == 0 || memcmp(digits17 + 12, "00", 2) == 0;
}

/* 17 digits and a digit or X. A date that does not exist is mostly one wrong digit of a real
 * number, which is kept: what is left of it still tells persons apart. Of a foreign resident's
 * number nothing but the check is known. */
static hd_std_result standardise_18(hd_std_env *env, const draft *d)
{
    bool check_right = d->at[17] == hd_idcard_check(d->at);
    bool foreign = d->at[0] == '9';
    if (made_up(d->at, 17) || (!check_right && area_made_up(d->at)))
        return hd_std_placeholder(d->reasons);
    if (!check_right && is_rounded(d->at))
        return hd_std_none(HD_STATE_damaged, d->reasons | HD_REASON_BIT(rounded));
    bool date_right = foreign || birth_date_exists(d->at);
    uint32_t wrong =
        (date_right ? 0 : HD_REASON_BIT(id_date)) | (check_right ? 0 : HD_REASON_BIT(id_checksum));
    if (!date_right && birth_date_blank(d->at))
        return invalid(d, wrong);
    wrong |= foreign ? 0 : area_reason(env, d->at);
    return wrong ? suspicious(env, d, wrong) : good(env, d);
}

/* The first generation's 15 digits hold two of the year. Sequences 996 to 999 were for people born
 * before 1900: which century is for a person to find out, so these stay as they are. */
static hd_std_result standardise_15(hd_std_env *env, draft *d)
{
    draft new = *d;
    if (made_up(d->at, 15))
        return hd_std_placeholder(d->reasons);
    memcpy(new.at + 6, "19", 2);
    memcpy(new.at + 8, d->at + 6, 9);
    new.at[17] = hd_idcard_check(new.at);
    new.n = 18;
    new.reasons |= HD_REASON_BIT(id_old);
    if (!birth_date_exists(new.at))
        return invalid(&new, HD_REASON_BIT(id_date));
    if (memcmp(d->at + 12, "996", 3) >= 0)
        return suspicious(env, d, HD_REASON_BIT(id_old) | area_reason(env, d->at));
    uint32_t wrong = area_reason(env, new.at);
    return wrong ? suspicious(env, &new, wrong) : good(env, &new);
}

/* ---- cleaning ---- */

static bool looks_like_x(uint32_t point)
{
    return point == 'x' || point == 0xD7 || point == 0x425 || point == 0x445 || point == 0x3A7 ||
           point == 0x3C7 || point == 0x2715 || point == 0x2573;
}

static bool is_punctuation(uint32_t point)
{
    return (point < 0x80 && strchr("-_'\"`.,;:/=", (int)point) != NULL) || point == 0xB7 ||
           (point >= 0x2010 && point <= 0x201F) || point == 0x2212 || point == 0x3001 ||
           point == 0x3002;
}

/* False: too long for any number. */
static bool read_draft(const hd_std_env *env, draft *d)
{
    for (uint32_t i = 0; i < env->n; i++) {
        uint32_t point = env->points[i];
        if (is_punctuation(point)) {
            bool at_end = i == 0 || i + 1 == env->n;
            d->reasons |= at_end ? HD_REASON_BIT(note) : HD_REASON_BIT(blanks);
            continue;
        }
        if (d->n == ROOM)
            return false;
        bool plain = point < 0x80 && point > 0x20 && point != '!';
        d->at[d->n++] = looks_like_x(point)             ? 'x'
                        : hd_std_hides_character(point) ? '*'
                        : plain                         ? (char)point
                                                        : '!';
    }
    return true;
}

static bool has(const draft *d, char c)
{
    return memchr(d->at, c, d->n) != NULL;
}

static void raise_letters(draft *d)
{
    for (uint32_t i = 0; i < d->n; i++) {
        if (d->at[i] >= 'a' && d->at[i] <= 'z')
            d->at[i] = (char)(d->at[i] - ('a' - 'A'));
    }
}

static char digit_like(char c)
{
    if (c == 'O' || c == 'o')
        return '0';
    return c == 'l' || c == 'I' || c == 'i' || c == '|' ? '1' : c;
}

/* Digits for the letters that look like them, X for the last where one may stand. The draft stays
 * as it is where that does not make a number of it. */
static bool fold_lookalikes(draft *d)
{
    draft folded = *d;
    for (uint32_t i = 0; i < d->n; i++) {
        bool last = i == 17;
        folded.at[i] = last && d->at[i] == 'x' ? 'X' : digit_like(d->at[i]);
        if (!hd_std_is_digit((unsigned char)folded.at[i]) && !(last && folded.at[i] == 'X'))
            return false;
        if (folded.at[i] != d->at[i])
            folded.reasons |= HD_REASON_BIT(lookalike);
    }
    *d = folded;
    return true;
}

/* A star for the last sign is how machines without an X wrote it; other stars hide something. */
static hd_std_result standardise_starred(hd_std_env *env, draft *d)
{
    bool last_only = d->n == 18 && memchr(d->at, '*', d->n) == d->at + 17;
    if (last_only && hd_std_all_digits(d->at, 17) && hd_idcard_check(d->at) == 'X') {
        d->at[17] = 'X';
        d->reasons |= HD_REASON_BIT(lookalike);
        return standardise_18(env, d);
    }
    return hd_std_none(HD_STATE_damaged, d->reasons | HD_REASON_BIT(stand_in));
}

/* 53030319800101XXXX: the part that is not known is crossed out. */
static bool is_crossed_out(const draft *d)
{
    uint32_t n_digits = 0;
    while (n_digits < d->n && hd_std_is_digit((unsigned char)d->at[n_digits]))
        n_digits++;
    for (uint32_t i = n_digits; i < d->n; i++) {
        if (d->at[i] != 'x' && d->at[i] != 'X')
            return false;
    }
    return d->n - n_digits >= 3;
}

/* 3303XXXXXXXXXX1234: what is between is hidden. */
static bool is_masked(const draft *d)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->n && n < 3; i++)
        n = d->at[i] == 'x' || d->at[i] == 'X' ? n + 1 : 0;
    return n == 3;
}

/* 5.30303198001021E+17, the point being gone. */
static bool is_quantity(const draft *d)
{
    uint32_t n = 0;
    while (n < d->n && hd_std_is_digit((unsigned char)d->at[n]))
        n++;
    return n > 0 && n + 3 < d->n && (d->at[n] == 'E' || d->at[n] == 'e') && d->at[n + 1] == '+' &&
           hd_std_all_digits(d->at + n + 2, d->n - n - 2);
}

static bool only_length_wrong(const draft *d)
{
    char last = d->at[d->n - 1];
    return d->n != 15 && d->n != 18 && (d->n == 1 || hd_std_all_digits(d->at, d->n - 1)) &&
           (hd_std_is_digit((unsigned char)last) || last == 'x' || last == 'X');
}

/* What is neither a citizen's number nor one of another document. */
static hd_std_result standardise_rest(const draft *d)
{
    if (is_masked(d))
        return hd_std_none(HD_STATE_damaged, d->reasons | HD_REASON_BIT(stand_in));
    if (is_quantity(d))
        return hd_std_none(HD_STATE_damaged, HD_REASON_BIT(rounded));
    return invalid(d,
                   only_length_wrong(d) ? HD_REASON_BIT(id_length) : HD_REASON_BIT(id_character));
}

static hd_std_result standardise_draft(hd_std_env *env, draft *d)
{
    hd_std_result other;
    if (d->n == 0 || is_crossed_out(d))
        return hd_std_placeholder(d->reasons);
    if (has(d, '*'))
        return standardise_starred(env, d);
    if (d->n == 18 && fold_lookalikes(d))
        return standardise_18(env, d);
    if (d->n == 15 && fold_lookalikes(d))
        return standardise_15(env, d);
    if (hd_std_all_digits(d->at, d->n) && (d->n > 1 || d->at[0] == '0') &&
        (hd_std_all_same(d->at, d->n) || hd_std_counting(d->at, d->n)))
        return hd_std_placeholder(d->reasons);
    draft raised = *d;
    raise_letters(&raised);
    if (hd_std_document(env, (hd_str){raised.at, raised.n}, d->reasons, &other))
        return other;
    return standardise_rest(d);
}

static bool says_temporary(const hd_std_env *env)
{
    for (uint32_t i = 0; i + 1 < env->n; i++) {
        if (env->points[i] == U'临' && env->points[i + 1] == U'时')
            return true;
    }
    return false;
}

static bool is_no_number(const hd_std_env *env)
{
    static const char32_t *const words[] = {
        U"无证",   U"无号",     U"无身份证", U"无身份证号", U"没有身份证", U"未办",
        U"未办证", U"待办",     U"未上户",   U"无户口",     U"没办",       U"未办理",
        U"办理中", U"正在办理", U"遗失",     U"身份证遗失", U"丢失",       U"身份证丢失",
        U"未带",   U"未带证件", U"无证件",   U"未出示",     U"拒绝提供"};
    if (env->points[0] < 0x80)
        return says_temporary(env);
    return says_temporary(env) ||
           hd_std_is_any_word(env->points, env->n, words, sizeof words / sizeof *words);
}

hd_std_result hd_std_id_number(hd_std_env *env, hd_str raw)
{
    draft d = {.n = 0};
    if (raw.len_bytes == 18 && hd_idcard_shape(raw)) {
        memcpy(d.at, raw.ptr, 18);
        d.n = 18;
        return standardise_18(env, &d);
    }
    hd_std_result settled;
    if (hd_std_settled(env, raw, HD_STD_BLANKS_DROP, &settled))
        return settled;
    d.reasons = settled.reasons;
    if (is_no_number(env))
        return hd_std_placeholder(d.reasons);
    if (hd_std_military(env, d.reasons, &settled))
        return settled;
    if (hd_std_cut_document_notes(env))
        d.reasons |= HD_REASON_BIT(note);
    if (!read_draft(env, &d))
        return invalid(&d, HD_REASON_BIT(id_length));
    return standardise_draft(env, &d);
}
