#include "pipeline/standardise/standardise.h"

/* Telephone numbers of China as digits: mobile 1[3-9] and nine more; landline 0, area code, 7 or 8
 * more, without a sign between. The forms are configuration of the network, not a standard that is
 * cited here: an unknown form is an invalid value, never an error. */

enum { ROOM = 256, MOBILE_DIGITS = 11 };

/* Better first: of several numbers in one field the best is taken, of equals the first. */
typedef enum form { FORM_MOBILE, FORM_LANDLINE, FORM_LOCAL, FORM_DUMMY, FORM_NONE } form;

typedef struct phone {
    form form;
    char digits[16];
    uint32_t n;
} phone;

static bool is_dummy(const char *at, uint32_t n)
{
    if (hd_std_all_same(at, n) || (n >= 7 && hd_std_counting(at, n)))
        return true;
    if (n == MOBILE_DIGITS && at[0] == '1')
        return hd_std_all_same(at + 3, 8) || memcmp(at + 3, "12345678", 8) == 0 ||
               memcmp(at, "13800138000", 11) == 0; /* the network's own service number */
    return at[0] == '0' && n >= 11 && hd_std_all_same(at + 4, n - 4);
}

/* 010 and 02x have three digits, all other areas four. */
static bool is_landline(const char *at, uint32_t n)
{
    if (n < 10 || n > 12 || at[0] != '0' || at[1] == '0')
        return false;
    uint32_t area = at[1] <= '2' ? 3 : 4;
    uint32_t local = n - area;
    return (local == 7 || local == 8) && at[area] >= '2';
}

static form form_of(const char *at, uint32_t n)
{
    if (n == 0)
        return FORM_NONE;
    if (is_dummy(at, n))
        return FORM_DUMMY;
    if (n == MOBILE_DIGITS && at[0] == '1' && at[1] >= '3')
        return FORM_MOBILE;
    if (is_landline(at, n))
        return FORM_LANDLINE;
    return (n == 7 || n == 8) && at[0] >= '2' ? FORM_LOCAL : FORM_NONE;
}

static bool cut(const char **at, uint32_t *n, const char *prefix, uint32_t at_least)
{
    uint32_t len = (uint32_t)strlen(prefix);
    if (*n < len + at_least || memcmp(*at, prefix, len) != 0)
        return false;
    *at += len;
    *n -= len;
    return true;
}

static phone make(const char *at, uint32_t n, const char *before)
{
    phone p = {.form = FORM_NONE};
    uint32_t n_before = (uint32_t)strlen(before);
    if (n == 0 || n + n_before > sizeof p.digits)
        return p;
    memcpy(p.digits, before, n_before);
    memcpy(p.digits + n_before, at, n);
    p.n = n + n_before;
    p.form = form_of(p.digits, p.n);
    return p;
}

/* A number as dialled: 86 before it (then without the 0 of the area), 0 before a mobile. */
static phone understand(const char *at, uint32_t n)
{
    phone p = make(at, n, "");
    if (p.form != FORM_NONE)
        return p;
    if (cut(&at, &n, "0086", 9) || cut(&at, &n, "86", 9)) {
        p = make(at, n, "");
        if (p.form == FORM_NONE || p.form == FORM_LOCAL)
            p = make(at, n, "0");
    }
    if (p.form == FORM_NONE && cut(&at, &n, "01", MOBILE_DIGITS - 1))
        p = make(at, n, "1");
    return p;
}

static bool is_joint(char c)
{
    return c == '-' || c == ' ' || c == '(' || c == ')' || c == '.' || c == '+';
}

/* Digits of [at, at + n) where nothing but joints is between; 0: something else, or none, or too
 * many for any number. */
static uint32_t join(const char *at, uint32_t n, char *out, uint32_t room)
{
    uint32_t n_out = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (is_joint(at[i]))
            continue;
        if (!hd_std_is_digit((unsigned char)at[i]) || n_out == room)
            return 0;
        out[n_out++] = at[i];
    }
    return n_out;
}

/* One piece of a field. 0874-3123456-801: what follows the second hyphen is an extension. */
static phone understand_piece(const char *at, uint32_t n)
{
    char digits[20];
    phone p = understand(digits, join(at, n, digits, sizeof digits));
    const char *first = memchr(at, '-', n);
    const char *second = first ? memchr(first + 1, '-', n - (uint32_t)(first + 1 - at)) : NULL;
    if (p.form == FORM_NONE && second)
        p = understand(digits, join(at, (uint32_t)(second - at), digits, sizeof digits));
    return p;
}

static bool is_border(char c)
{
    return !hd_std_is_digit((unsigned char)c) && (!is_joint(c) || c == ' ' || c == '(');
}

/* The best number among pieces. An area code in brackets is of the piece that follows. */
static phone best_piece(const char *at, uint32_t n)
{
    phone best = {.form = FORM_NONE};
    for (uint32_t begin = 0; begin < n;) {
        uint32_t end = begin + 1;
        while (end < n && !is_border(at[end]))
            end++;
        uint32_t skip = is_border(at[begin]);
        phone p = understand_piece(at + begin + skip, end - begin - skip);
        if (p.form < best.form)
            best = p;
        begin = end;
    }
    return best;
}

/* The field in ASCII; what is not stands as a border. */
static uint32_t read_ascii(const hd_std_env *env, char *out)
{
    uint32_t n = env->n < ROOM ? env->n : ROOM;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t point = env->points[i];
        bool hyphen = (point >= 0x2010 && point <= 0x2015) || point == 0x2212;
        out[i] = hyphen ? '-' : point < 0x80 ? (char)point : '|';
    }
    return n;
}

/* 13987412365.0: a spreadsheet took the number for a quantity. */
static bool has_fraction(const char *text, uint32_t n)
{
    return n > 2 && text[n - 2] == '.' && text[n - 1] == '0' && hd_std_all_digits(text, n - 2);
}

static hd_std_result result_of(hd_std_env *env, const phone *p, uint32_t reasons)
{
    if (p->form == FORM_DUMMY)
        return hd_std_none(HD_STATE_placeholder, reasons | HD_REASON_BIT(placeholder));
    if (p->form == FORM_NONE)
        return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(phone_form));
    memcpy(env->text, p->digits, p->n);
    hd_std_result result = hd_std_good((hd_str){env->text, p->n}, reasons);
    if (p->form == FORM_LOCAL) { /* the area is not known, so two can be equal by chance */
        result.state = HD_STATE_suspicious;
        result.reasons |= HD_REASON_BIT(phone_form);
    }
    return result;
}

hd_std_result hd_std_phone(hd_std_env *env, hd_str raw)
{
    hd_std_result settled;
    if (raw.len_bytes == MOBILE_DIGITS && hd_std_all_digits(raw.ptr, MOBILE_DIGITS)) {
        phone p = make(raw.ptr, MOBILE_DIGITS, "");
        if (p.form == FORM_MOBILE)
            return hd_std_good(raw, 0);
    }
    if (hd_std_settled(env, raw, HD_STD_BLANKS_ONE, &settled))
        return settled;
    char text[ROOM], digits[20];
    uint32_t n = read_ascii(env, text), reasons = settled.reasons;
    if (env->n > ROOM)
        return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(too_long));
    if (has_fraction(text, n)) {
        n -= 2;
        reasons |= HD_REASON_BIT(note);
    }
    phone p = understand(digits, join(text, n, digits, sizeof digits));
    if (p.form == FORM_NONE) {
        p = best_piece(text, n);
        reasons |= p.form == FORM_NONE ? 0 : HD_REASON_BIT(note);
    }
    return result_of(env, &p, reasons);
}
