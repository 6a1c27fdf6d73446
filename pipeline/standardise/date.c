#include "matchers/lunar.h"
#include "pipeline/standardise/standardise.h"

/* A date is read from a draft in ASCII: digits stand for digits however they were written, Y M D
 * for 年 月 日, and a month that is a word is its number and M. A date that says that it is lunar
 * (农历, 正月, 初五) has the day that it was as its standard value, and is suspicious: who wrote it
 * counted by the moon, and may have counted another leap month. */

enum {
    ROOM = 64,
    YEAR_LAST = 2100,
    /* two digits of a year above this are of the century before 2000 */
    TWO_DIGITS_1900 = 30,
    /* days since 1899-12-30, as spreadsheets count from 1900-03-01 on: 1927 to 2064 */
    SERIAL_FIRST = 10000,
    SERIAL_LAST = 60000,
    SERIAL_ZERO = 18991230,
    REPUBLIC_ZERO = 1911
};

/* A reason of this file's own, which goes no further: the lunar month is the second of its number.
 */
#define LEAP_MONTH (UINT32_C(1) << 31)
_Static_assert(HD_N_REASONS <= 31, "the last bit of reasons is taken");

typedef struct draft {
    char at[2 * ROOM + 1]; /* ends in NUL; 十 becomes two characters */
    uint32_t n;
    uint32_t reasons;
    bool republic; /* 民国: years since 1912 */
} draft;

typedef struct number {
    int32_t value;
    uint32_t len;
    bool unknown; /* ?? or ** */
    bool month;   /* followed by M */
    bool year;    /* followed by Y */
} number;

/* ---- the value ---- */

/* What systems and clerks enter where no date is known, or as an end that never comes. */
static bool is_placeholder(int32_t y, int32_t m, int32_t d)
{
    static const hd_date dates[] = {19000101, 19000100, 18991230, 18991231, 10101,
                                    11111111, 20991231, 29991231, 29990101, 30001231};
    hd_date date = y * 10000 + m * 100 + d;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        if (date == dates[i])
            return true;
    }
    return (y == 0 && m == 0 && d == 0) || y == 9999;
}

static hd_std_result make_lunar(int32_t y, int32_t m, int32_t d, uint32_t reasons)
{
    bool leap = reasons & LEAP_MONTH;
    reasons &= ~LEAP_MONTH;
    if (m == 0 || d == 0) /* a month of the moon lies in two of the sun */
        return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(date_partial));
    hd_date date = hd_lunar_to_date(y, m, leap, d);
    if (date == 0)
        return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(date_impossible));
    return (hd_std_result){HD_STR_NULL, date, HD_STATE_suspicious, reasons};
}

static hd_std_result make_date(int32_t y, int32_t m, int32_t d, uint32_t reasons)
{
    static const uint32_t doubts = HD_REASON_BIT(date_partial) | HD_REASON_BIT(date_two_digit);
    if (is_placeholder(y, m, d))
        return hd_std_placeholder(reasons);
    if (reasons & HD_REASON_BIT(date_lunar))
        return make_lunar(y, m, d, reasons);
    bool partial = m == 0 || d == 0;
    if (y < HD_YEAR_FIRST || y > YEAR_LAST || m > 12 || d > 31 ||
        (!partial && !hd_date_exists(y, m, d)))
        return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(date_impossible));
    if (partial)
        reasons |= HD_REASON_BIT(date_partial);
    hd_state state = reasons & doubts ? HD_STATE_suspicious
                     : reasons        ? HD_STATE_repaired
                                      : HD_STATE_ok;
    hd_date date = y * 10000 + m * 100 + (m ? d : 0);
    return (hd_std_result){HD_STR_NULL, date, state, reasons};
}

static hd_std_result no_form(uint32_t reasons)
{
    return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(date_form));
}

static hd_std_result make_two_digit(int32_t yy, int32_t m, int32_t d, uint32_t reasons)
{
    int32_t y = yy + (yy > TWO_DIGITS_1900 ? 1900 : 2000);
    return make_date(y, m, d, reasons | HD_REASON_BIT(date_two_digit));
}

/* ---- one run of digits ---- */

static int32_t digits_value(const char *at, uint32_t n)
{
    int32_t value = 0;
    for (uint32_t i = 0; i < n; i++)
        value = value * 10 + (at[i] - '0');
    return value;
}

static hd_std_result from_eight(const char *at, uint32_t reasons)
{
    if (hd_std_all_same(at, 8))
        return hd_std_placeholder(reasons);
    return make_date(digits_value(at, 4), digits_value(at + 4, 2), digits_value(at + 6, 2),
                     reasons);
}

/* 198001 or 800102: the first where it can be, as two digits of a year have gone out of use. */
static hd_std_result from_six(const char *at, uint32_t reasons)
{
    int32_t year = digits_value(at, 4), month = digits_value(at + 4, 2);
    if (digits_value(at, 6) == 0)
        return hd_std_placeholder(reasons);
    if (year >= 1900 && year <= YEAR_LAST && month <= 12)
        return make_date(year, month, 0, reasons);
    int32_t m = digits_value(at + 2, 2);
    return m && month ? make_two_digit(digits_value(at, 2), m, month, reasons) : no_form(reasons);
}

static hd_std_result from_serial(int32_t serial, uint32_t reasons)
{
    if (serial < SERIAL_FIRST || serial > SERIAL_LAST)
        return no_form(reasons);
    hd_date date = hd_date_from_days(hd_date_to_days(SERIAL_ZERO) + serial);
    return make_date(date / 10000, date / 100 % 100, date % 100,
                     reasons | HD_REASON_BIT(date_other));
}

/* 20150304083000: a date and a time run together. */
static bool is_compact_time(const char *at, uint32_t n)
{
    return (n == 4 || n == 6 || n == 9) && digits_value(at, 2) < 24 && digits_value(at + 2, 2) < 60;
}

static hd_std_result from_digits(const char *at, uint32_t n, uint32_t reasons)
{
    switch (n) {
    case 4:
        return digits_value(at, 4) == 0 ? hd_std_placeholder(reasons)
                                        : make_date(digits_value(at, 4), 0, 0, reasons);
    case 5:
        return from_serial(digits_value(at, 5), reasons);
    case 6:
        return from_six(at, reasons);
    case 8:
        return from_eight(at, reasons);
    case 12:
    case 14:
    case 17:
        if (is_compact_time(at + 8, n - 8))
            return from_eight(at, reasons);
        break;
    default:
        if (hd_std_all_same(at, n) && at[0] == '0')
            return hd_std_placeholder(reasons);
    }
    return no_form(reasons);
}

/* ---- parts ---- */

static uint32_t count_digits(const char *at)
{
    uint32_t n = 0;
    while (hd_std_is_digit((unsigned char)at[n]))
        n++;
    return n;
}

static bool read_number(const char **at, number *out)
{
    *out = (number){.len = count_digits(*at)};
    if (out->len == 0) {
        while ((*at)[out->len] == '?')
            out->len++;
        out->unknown = true;
    } else if (out->len <= 4) {
        out->value = digits_value(*at, out->len);
    }
    if (out->len == 0 || out->len > 4)
        return false;
    *at += out->len;
    out->month = **at == 'M';
    out->year = **at == 'Y';
    return true;
}

/* What may stand between two parts: one sign, or Y or M, and blanks; at most four characters, as in
 * Oracle's "02-1月 -80". */
static bool skip_between(const char **at)
{
    uint32_t n = 0;
    while ((*at)[n] && strchr("YM-/. ,", (*at)[n]) != NULL)
        n++;
    *at += n;
    return n > 0 && n <= 4;
}

/* After the date: nothing, or a time that is left off. */
static bool ends_well(const char *at)
{
    if (*at == 'D')
        at++;
    while (*at == '.' || *at == ' ')
        at++;
    if (*at == 'T')
        at++;
    if (*at == '\0')
        return true;
    uint32_t hours = count_digits(at);
    if (hours < 1 || hours > 2 || at[hours] != ':')
        return false;
    return at[strspn(at, "0123456789:.+- ZAPM")] == '\0';
}

static hd_std_result year_last(const number *p, int32_t year, bool two_digits, uint32_t reasons)
{
    int32_t m = p[0].value, d = p[1].value;
    if (p[1].month || (!p[0].month && m > 12 && d <= 12)) {
        m = p[1].value;
        d = p[0].value;
    }
    if (!p[0].month && !p[1].month)
        reasons |= HD_REASON_BIT(date_other);
    return two_digits ? make_two_digit(year, m, d, reasons) : make_date(year, m, d, reasons);
}

/* 1980-1-2, else with the year last: month first, as spreadsheets of the United States write,
 * unless only the other order is possible. */
static hd_std_result from_three(const number *p, uint32_t reasons)
{
    if (p[0].len == 4)
        return make_date(p[0].value, p[1].value, p[2].value, reasons);
    if (p[0].year)
        return p[0].len == 2 ? make_two_digit(p[0].value, p[1].value, p[2].value, reasons)
                             : no_form(reasons);
    if (p[2].len == 4)
        return year_last(p, p[2].value, false, reasons);
    if (p[0].month || p[1].month || (p[0].value <= 31 && p[2].value > 31))
        return p[2].len == 2 ? year_last(p, p[2].value, true, reasons) : no_form(reasons);
    if (p[0].len != 2)
        return no_form(reasons);
    return make_two_digit(p[0].value, p[1].value, p[2].value, reasons);
}

static hd_std_result from_two(const number *p, uint32_t reasons)
{
    if (p[0].len == 4)
        return make_date(p[0].value, p[1].value, 0, reasons);
    if (p[1].len == 4 && !p[1].month)
        return make_date(p[1].value, p[0].value, 0, reasons);
    return no_form(reasons);
}

static hd_std_result from_parts(const char *at, uint32_t reasons)
{
    number parts[3];
    uint32_t n = 0;
    bool unknown = false, between = true;
    while (n < 3 && between && read_number(&at, &parts[n])) {
        unknown = unknown || parts[n].unknown;
        between = ++n < 3 && skip_between(&at);
    }
    if (n == 0 || !ends_well(at) || (n < 3 && *at) || (unknown && parts[0].len != 4))
        return no_form(reasons);
    for (uint32_t i = 0; i < n; i++) {
        bool year_here = i == 0 || (i + 1 == n && parts[0].len != 4);
        if (parts[i].len == 3 || (parts[i].len == 4 && (!year_here || parts[i].unknown)))
            return no_form(reasons);
    }
    if (n == 1)
        return parts[0].len == 4 ? make_date(parts[0].value, 0, 0, reasons) : no_form(reasons);
    return n == 2 ? from_two(parts, reasons) : from_three(parts, reasons);
}

/* ---- the draft ---- */

static int han_digit(uint32_t point)
{
    if (point < 0x80)
        return -1;
    static const char32_t digits[][10] = {U"〇一二三四五六七八九", U"零壹贰叁肆伍陆柒捌玖",
                                          U"○壹貳參肆伍陸柒捌玖"};
    for (size_t row = 0; row < sizeof digits / sizeof *digits; row++) {
        for (int value = 0; value < 10; value++) {
            if (digits[row][value] == point)
                return value;
        }
    }
    return -1;
}

static int han_tens(uint32_t point)
{
    switch (point) {
    case U'十':
    case U'拾':
        return 1;
    case U'廿':
        return 2;
    case U'卅':
        return 3;
    default:
        return 0;
    }
}

static void add(draft *d, char c)
{
    d->at[d->n++] = c;
}

static bool is_han_digit_at(const hd_std_env *env, uint32_t i)
{
    return i < env->n && han_digit(env->points[i]) >= 0;
}

/* 十 is 1 and 0, but leaves out what its neighbours say: 十二, 二十, 二十二. */
static void add_tens(draft *d, const hd_std_env *env, uint32_t i, int tens)
{
    if (i == 0 || !is_han_digit_at(env, i - 1))
        add(d, (char)('0' + tens));
    if (!is_han_digit_at(env, i + 1))
        add(d, '0');
}

static char sign_of(uint32_t point)
{
    switch (point) {
    case U'年':
        return 'Y';
    case U'月':
        return 'M';
    case U'日':
    case U'号':
        return 'D';
    case U'时':
    case U'点':
    case U'分':
        return ':';
    case U'秒':
        return ' ';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
    case '_':
        return '-';
    case 0xB7:
    case 0x3001:
    case 0x3002:
        return '.';
    case '\\':
        return '/';
    case '*':
    case 'x':
    case 'X':
    case 0x25A1:
    case 0xD7:
        return '?';
    case U'上':
    case U'下':
    case U'午':
        return ' ';
    default:
        return point < 0x80 ? (char)point : '!';
    }
}

static uint32_t add_month_word(draft *d, const hd_std_env *env, uint32_t i)
{
    static const char32_t *const words[] = {U"JANUARY",   U"FEBRUARY", U"MARCH",    U"APRIL",
                                            U"MAY",       U"JUNE",     U"JULY",     U"AUGUST",
                                            U"SEPTEMBER", U"OCTOBER",  U"NOVEMBER", U"DECEMBER"};
    uint32_t len = 0;
    while (i + len < env->n && ((env->points[i + len] | 0x20) - 'a') < 26)
        len++;
    if (len < 3)
        return 0;
    for (uint32_t month = 0; month < 12; month++) {
        uint32_t whole = 0;
        while (words[month][whole])
            whole++;
        char32_t abbreviated[4] = {words[month][0], words[month][1], words[month][2], 0};
        if ((len == 3 && hd_std_is_word(env->points + i, len, abbreviated)) ||
            (len == whole && hd_std_is_word(env->points + i, len, words[month]))) {
            if (month >= 9)
                add(d, '1');
            add(d, (char)('0' + (month + 1) % 10));
            add(d, 'M');
            return len;
        }
    }
    return 0;
}

/* Words in and around a date. */
typedef struct date_word {
    const char32_t *text;
    const char *put; /* what stands for it in the draft */
    uint32_t reasons;
    bool republic;
} date_word;

static bool opens(const hd_std_env *env, uint32_t i, const char32_t *word)
{
    uint32_t n = 0;
    while (word[n] && i + n < env->n && env->points[i + n] == word[n])
        n++;
    return word[n] == 0;
}

static const date_word *find_word(const hd_std_env *env, uint32_t i)
{
    enum { LUNAR = HD_REASON_BIT(date_lunar), NOTE = HD_REASON_BIT(note) };
    static const date_word words[] = {{U"农历", "", LUNAR, false},
                                      {U"阴历", "", LUNAR, false},
                                      {U"旧历", "", LUNAR, false},
                                      {U"夏历", "", LUNAR, false},
                                      {U"古历", "", LUNAR, false},
                                      {U"正月", "1M", LUNAR, false},
                                      {U"冬月", "11M", LUNAR, false},
                                      {U"腊月", "12M", LUNAR, false},
                                      {U"闰", "", LUNAR | LEAP_MONTH, false},
                                      {U"元月", "1M", 0, false},
                                      {U"元年", "1Y", 0, false},
                                      {U"公历", "", 0, false},
                                      {U"阳历", "", 0, false},
                                      {U"新历", "", 0, false},
                                      {U"西历", "", 0, false},
                                      {U"公元", "", 0, false},
                                      {U"民国", "", HD_REASON_BIT(date_other), true},
                                      {U"出生", "", NOTE, false},
                                      {U"生于", "", NOTE, false},
                                      {U"生", "", NOTE, false}};
    static const date_word first_days = {U"初", "", LUNAR, false};
    if (env->points[i] < 0x80)
        return NULL;
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        if (opens(env, i, words[w].text))
            return &words[w];
    }
    bool first = env->points[i] == U'初' && i + 1 < env->n &&
                 (is_han_digit_at(env, i + 1) || han_tens(env->points[i + 1]));
    return first ? &first_days : NULL; /* 初五; 年初 is another matter */
}

static uint32_t add_word(draft *d, const hd_std_env *env, uint32_t i)
{
    const date_word *word = find_word(env, i);
    if (!word)
        return add_month_word(d, env, i);
    for (const char *c = word->put; *c; c++)
        add(d, *c);
    d->reasons |= word->reasons;
    d->republic = d->republic || word->republic;
    uint32_t len = 0;
    while (word->text[len])
        len++;
    return len;
}

/* O and l beside a digit were meant as digits. */
static bool add_lookalike(draft *d, const hd_std_env *env, uint32_t i)
{
    uint32_t point = env->points[i];
    bool beside = (d->n && hd_std_is_digit((unsigned char)d->at[d->n - 1])) ||
                  (i + 1 < env->n && hd_std_is_digit(env->points[i + 1]));
    bool zero = point == 'O' || point == 'o', one = point == 'l' || point == 'I';
    if (!beside || (!zero && !one))
        return false;
    add(d, zero ? '0' : '1');
    d->reasons |= HD_REASON_BIT(lookalike);
    return true;
}

/* 1980 年 1 月 2 日: blanks before a sign say nothing. */
static void add_sign(draft *d, char sign)
{
    bool names = sign == 'Y' || sign == 'M' || sign == 'D';
    while (names && d->n && d->at[d->n - 1] == ' ')
        d->n--;
    add(d, sign);
}

static void read_draft(const hd_std_env *env, draft *d)
{
    for (uint32_t i = 0; i < env->n; i++) {
        uint32_t point = env->points[i];
        if (hd_std_is_digit(point)) {
            add(d, (char)point);
            continue;
        }
        uint32_t word = add_word(d, env, i);
        int digit = han_digit(point), tens = han_tens(point);
        if (word)
            i += word - 1;
        else if (digit >= 0)
            add(d, (char)('0' + digit));
        else if (tens)
            add_tens(d, env, i, tens);
        else if (!add_lookalike(d, env, i))
            add_sign(d, sign_of(point));
    }
    d->at[d->n] = '\0';
    uint32_t lead = (uint32_t)strspn(d->at, " :,.");
    d->n -= lead;
    memmove(d->at, d->at + lead, d->n + 1);
}

/* 民国35年 is 1946. */
static void add_republic(draft *d)
{
    uint32_t n = count_digits(d->at);
    if (!d->republic || n == 0 || n > 2)
        return;
    int32_t year = digits_value(d->at, n) + REPUBLIC_ZERO;
    memmove(d->at + 4, d->at + n, d->n - n + 1);
    for (uint32_t i = 4; i-- > 0; year /= 10)
        d->at[i] = (char)('0' + year % 10);
    d->n += 4 - n;
}

/* ---- brackets ---- */

static uint32_t find_point(const hd_std_env *env, uint32_t from, uint32_t point)
{
    while (from < env->n && env->points[from] != point)
        from++;
    return from;
}

static bool holds_digits(const hd_std_env *env, uint32_t from, uint32_t to)
{
    while (from < to && !hd_std_is_digit(env->points[from]) && !is_han_digit_at(env, from))
        from++;
    return from < to;
}

static bool holds_mark(const hd_std_env *env, uint32_t from, uint32_t to, const char32_t *mark)
{
    while (from < to && !opens(env, from, mark))
        from++;
    return from < to;
}

static void keep(hd_std_env *env, uint32_t from, uint32_t to)
{
    memmove(env->points, env->points + from, (to - from) * sizeof *env->points);
    env->n = to - from;
}

static bool holds_any(const hd_std_env *env, uint32_t from, uint32_t to,
                      const char32_t *const *marks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (holds_mark(env, from, to, marks[i]))
            return true;
    }
    return false;
}

/* 1980-03-01(农历正月十五) and 农历正月十五(公历1980-03-01): of two dates, the one of the sun.
 * (农历) alone says what stands before it; what has no digits else is a note. */
static void read_brackets(hd_std_env *env, uint32_t *reasons)
{
    static const char32_t *const of_sun[] = {U"公历", U"阳历", U"新历", U"西历"};
    static const char32_t *const of_moon[] = {U"历", U"正月", U"腊月", U"初", U"闰"};
    uint32_t open = find_point(env, 0, '('), close = find_point(env, open, ')');
    if (open == env->n)
        return;
    bool sun = holds_any(env, open, close, of_sun, sizeof of_sun / sizeof *of_sun);
    bool moon = !sun && holds_any(env, open, close, of_moon, sizeof of_moon / sizeof *of_moon);
    if (holds_digits(env, open, close)) {
        if (!sun && !moon)
            return;
        *reasons |= HD_REASON_BIT(note);
        keep(env, sun ? open + 1 : 0, sun ? close : open);
        return;
    }
    uint32_t after = close + (close < env->n), to = open;
    if (moon) {
        env->points[to++] = U'农';
        env->points[to++] = U'历';
    } else if (!sun) {
        *reasons |= HD_REASON_BIT(note);
    }
    memmove(env->points + to, env->points + after, (env->n - after) * sizeof *env->points);
    env->n = to + env->n - after;
}

static hd_std_result from_draft(const draft *d)
{
    uint32_t n_digits = count_digits(d->at);
    const char *after = d->at + n_digits;
    if (n_digits == d->n || (n_digits == 8 && ends_well(after)))
        return from_digits(d->at, n_digits, d->reasons);
    if (n_digits == 5 && *after == '.' && hd_std_all_digits(after + 1, d->n - 6))
        return from_serial(digits_value(d->at, 5), d->reasons);
    return from_parts(d->at, d->reasons);
}

static bool read_usual(hd_str raw, draft *d)
{
    bool dashes = raw.len_bytes == 10 && raw.ptr[4] == '-' && raw.ptr[7] == '-';
    if (raw.len_bytes != 8 && !dashes)
        return false;
    for (uint32_t i = 0; i < raw.len_bytes; i++) {
        if (!dashes || (i != 4 && i != 7))
            d->at[d->n++] = raw.ptr[i];
    }
    return hd_std_all_digits(d->at, 8);
}

static bool is_endless(const hd_std_env *env)
{
    static const char32_t *const words[] = {U"长期", U"永久", U"至今"};
    return hd_std_is_any_word(env->points, env->n, words, sizeof words / sizeof *words);
}

hd_std_result hd_std_date(hd_std_env *env, hd_str raw)
{
    draft d = {.n = 0};
    if (read_usual(raw, &d))
        return from_eight(d.at, 0);
    hd_std_result settled;
    if (hd_std_settled(env, raw, HD_STD_BLANKS_ONE, &settled))
        return settled;
    if (is_endless(env))
        return hd_std_placeholder(settled.reasons);
    if (env->n > ROOM)
        return no_form(settled.reasons);
    read_brackets(env, &settled.reasons);
    d = (draft){.reasons = settled.reasons};
    read_draft(env, &d);
    add_republic(&d);
    hd_std_result result = from_draft(&d);
    result.reasons &= ~LEAP_MONTH;
    bool lost = strchr(d.at, '?') && count_digits(d.at) <= 8; /* a number's X is no lost digit */
    static const uint32_t odd = HD_REASON_BIT(date_form) | HD_REASON_BIT(date_other);
    if (result.reasons & odd && result.date == 0 && lost)
        return hd_std_none(HD_STATE_damaged, settled.reasons | HD_REASON_BIT(stand_in));
    return result;
}
