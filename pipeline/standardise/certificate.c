/* Numbers of certificates of marriage and birth.
 *
 * Marriage, since 2004: J (marriage), L (divorce), BJ, BL (issued again), the area's 6 digits, the
 * year, a serial of 6; hyphens are optional where it is written (MZ/T 113-2018), and the standard
 * text has them, as the certificate has. Before: the office in Han characters, 结字 or 离字, then
 * digits that are mostly office 2, year 2, serial 5; other forms had the year in brackets. Birth: a
 * letter for the print batch and 9 digits (WS/T 364.2-2023). */

#include "base/utf8.h"
#include "pipeline/standardise/standardise.h"

enum {
    ROOM = 64,
    LETTERS_MAX = 2,
    AREA_DIGITS = 6,
    YEAR_DIGITS = 4,
    SERIAL_DIGITS = 6,
    BIRTH_DIGITS = 9,
    OLD_DIGITS = 9,
    OLD_DIGITS_MAX = 12,
    OFFICE_MAX = 8, /* Han characters before 字 */
    YEAR_FIRST = 1950,
    YEAR_LAST = 2100
};

static bool is_hyphen(uint32_t point)
{
    return point == '-' || point == '_' || (point >= 0x2010 && point <= 0x2015) ||
           point == 0x2212 || point == 0x4E00; /* 一, where a dash was meant */
}

static uint32_t digit_like(uint32_t point)
{
    if (point == 'O' || point == 'o')
        return '0';
    return point == 'l' || point == 'I' || point == '|' ? '1' : point;
}

static hd_std_result suspicious(hd_str text, uint32_t reasons)
{
    hd_std_result result = hd_std_good(text, reasons | HD_REASON_BIT(number_form));
    result.state = HD_STATE_suspicious;
    return result;
}

/* ---- letters and digits ---- */

/* What begins with letters, cut at its hyphens: `at` holds the letters and all digits. */
typedef struct draft {
    char at[ROOM];
    uint32_t n, n_letters;
    uint32_t last; /* digits behind the last hyphen */
    uint32_t reasons;
} draft;

static bool read_draft(const hd_std_env *env, draft *d)
{
    for (uint32_t i = 0; i < env->n; i++) {
        uint32_t point = env->points[i];
        bool letter = (point | 0x20) >= 'a' && (point | 0x20) <= 'z' && point < 0x80;
        if (is_hyphen(point)) {
            d->last = 0;
            continue;
        }
        if (letter && d->n == d->n_letters && d->n_letters < LETTERS_MAX) {
            d->at[d->n++] = (char)(point & ~0x20u);
            d->n_letters++;
            continue;
        }
        uint32_t digit = digit_like(point);
        if (!hd_std_is_digit(digit) || d->n == ROOM)
            return false;
        d->reasons |= digit != point ? HD_REASON_BIT(lookalike) : 0;
        d->at[d->n++] = (char)digit;
        d->last++;
    }
    return d->n > d->n_letters;
}

static bool is_marriage(const draft *d)
{
    uint32_t again = d->n_letters == 2 && d->at[0] == 'B';
    return d->n_letters == 1 + again && (d->at[again] == 'J' || d->at[again] == 'L');
}

static int number(const char *digits, uint32_t n)
{
    int value = 0;
    for (uint32_t i = 0; i < n; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

/* J530303-2015-123: zeros that a spreadsheet took off the serial are put back. */
static bool fill_serial(draft *d)
{
    uint32_t wanted = d->n_letters + AREA_DIGITS + YEAR_DIGITS + SERIAL_DIGITS;
    uint32_t before = wanted - SERIAL_DIGITS;
    if (d->n >= wanted || d->n <= before || d->last != d->n - before)
        return d->n == wanted;
    memmove(d->at + wanted - d->last, d->at + before, d->last);
    memset(d->at + before, '0', SERIAL_DIGITS - d->last);
    d->n = wanted;
    d->reasons |= HD_REASON_BIT(number_form);
    return true;
}

static hd_std_result standardise_marriage(hd_std_env *env, draft *d)
{
    const char *digits = d->at + d->n_letters;
    if (hd_std_all_same(digits, d->n - d->n_letters))
        return hd_std_placeholder(d->reasons);
    if (!fill_serial(d))
        return hd_std_none(HD_STATE_invalid, d->reasons | HD_REASON_BIT(number_form));
    int year = number(digits + AREA_DIGITS, YEAR_DIGITS);
    if (memcmp(digits + AREA_DIGITS + YEAR_DIGITS, "000000", SERIAL_DIGITS) == 0)
        return hd_std_placeholder(d->reasons & ~HD_REASON_BIT(number_form));
    uint32_t area_end = d->n_letters + AREA_DIGITS, year_end = area_end + YEAR_DIGITS;
    char *out = env->text;
    memcpy(out, d->at, area_end);
    out[area_end] = '-';
    memcpy(out + area_end + 1, d->at + area_end, YEAR_DIGITS);
    out[year_end + 1] = '-';
    memcpy(out + year_end + 2, d->at + year_end, SERIAL_DIGITS);
    hd_str text = {out, year_end + 2 + SERIAL_DIGITS};
    bool likely = digits[0] != '0' && year >= YEAR_FIRST && year <= YEAR_LAST;
    return likely ? hd_std_good(text, d->reasons) : suspicious(text, d->reasons);
}

/* The letter is the print batch; without it the number is not whole, but still tells births apart.
 */
static hd_std_result standardise_birth(hd_std_env *env, const draft *d)
{
    const char *digits = d->at + d->n_letters;
    uint32_t n_digits = d->n - d->n_letters;
    if (hd_std_all_same(digits, n_digits) || hd_std_counting(digits, n_digits))
        return hd_std_placeholder(d->reasons);
    if (n_digits != BIRTH_DIGITS || d->n_letters > 1)
        return hd_std_none(HD_STATE_invalid, d->reasons | HD_REASON_BIT(number_form));
    memcpy(env->text, d->at, d->n);
    hd_str text = {env->text, d->n};
    return d->n_letters ? hd_std_good(text, d->reasons) : suspicious(text, d->reasons);
}

/* ---- offices in Han characters ---- */

static uint32_t read_digits(const uint32_t *points, uint32_t n)
{
    uint32_t i = 0;
    while (i < n && hd_std_is_digit(points[i]))
        i++;
    return i;
}

static bool opens(uint32_t point)
{
    return point == '(' || point == '[' || point == 0x3014;
}

static bool closes(uint32_t point)
{
    return point == ')' || point == ']' || point == 0x3015;
}

/* (2001) or (98): digits of the year, and how many points they take with their brackets. */
static uint32_t read_year(const uint32_t *points, uint32_t n, uint32_t *n_digits)
{
    uint32_t digits = n > 0 && opens(*points) ? read_digits(points + 1, n - 1) : 0;
    bool whole = (digits == 2 || digits == 4) && digits + 1 < n && closes(points[digits + 1]);
    *n_digits = whole ? digits : 0;
    return whole ? digits + 2 : 0;
}

static bool says_wedding(uint32_t point)
{
    return point == U'结' || point == U'离';
}

/* An old number, taken apart: office (its last character 结 or 离), year in brackets, digits. */
typedef struct old_number {
    const uint32_t *office, *year, *digits;
    uint32_t n_office, n_year, n_digits;
    bool usual; /* as printed: no year in brackets, office 2, year 2, serial 5, nothing more */
} old_number;

static bool read_old(const uint32_t *p, uint32_t n, old_number *o)
{
    uint32_t at = read_year(p, n, &o->n_year);
    o->year = p + 1;
    o->office = p + at;
    while (at < n && hd_std_is_common_han(p[at]) && p[at] != U'字')
        at++;
    o->n_office = (uint32_t)(p + at - o->office);
    if (at == n || p[at++] != U'字' || o->n_office < 2 || o->n_office > OFFICE_MAX ||
        !says_wedding(o->office[o->n_office - 1]))
        return false;
    if (o->n_year == 0) {
        o->year = p + at + 1;
        at += read_year(p + at, n - at, &o->n_year);
    }
    at += at < n && p[at] == U'第';
    o->digits = p + at;
    o->n_digits = read_digits(p + at, n - at);
    at += o->n_digits;
    at += at < n && p[at] == U'号';
    o->usual = o->n_year == 0 && o->n_digits == OLD_DIGITS;
    return at == n && o->n_digits > 0 && o->n_digits <= OLD_DIGITS_MAX;
}

static hd_std_result write_old(hd_std_env *env, const old_number *o, uint32_t reasons)
{
    char *out = env->text;
    out += hd_utf8_encode_all(o->office, o->n_office, out);
    out += hd_utf8_encode_all(U"字", 1, out);
    if (o->n_year) {
        *out++ = '(';
        out += hd_utf8_encode_all(o->year, o->n_year, out);
        *out++ = ')';
    }
    out += hd_utf8_encode_all(o->digits, o->n_digits, out);
    hd_str text = {env->text, (uint32_t)(out - env->text)};
    return o->usual ? hd_std_good(text, reasons) : suspicious(text, reasons);
}

/* ---- both ---- */

static const char32_t *const notes[] = {
    U"结婚证字号",       U"离婚证字号",   U"结婚证号", U"离婚证号", U"结婚证", U"离婚证",
    U"证件编号",         U"证书编号",     U"证书号",   U"字号",     U"证号",   U"编号",
    U"出生证编号",       U"出生证号",     U"出生证",   U"NO.",      U"NO:",    U"NO",
    U"出生医学证明编号", U"出生医学证明", U"出生编号"};

hd_std_result hd_std_certificate(hd_std_env *env, hd_str raw)
{
    hd_std_result settled;
    if (hd_std_settled(env, raw, HD_STD_BLANKS_DROP, &settled))
        return settled;
    uint32_t reasons = settled.reasons;
    old_number old;
    bool is_old = read_old(env->points, env->n, &old); /* before a bracket of it is cut */
    if (!is_old && hd_std_cut_notes(env, notes, sizeof notes / sizeof *notes)) {
        reasons |= HD_REASON_BIT(note);
        is_old = read_old(env->points, env->n, &old);
    }
    if (is_old)
        return write_old(env, &old, reasons);
    draft d = {.reasons = reasons};
    if (read_draft(env, &d))
        return is_marriage(&d) ? standardise_marriage(env, &d) : standardise_birth(env, &d);
    if (hd_std_hides_characters(env))
        return hd_std_none(HD_STATE_damaged, reasons | HD_REASON_BIT(stand_in));
    return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(number_form));
}
