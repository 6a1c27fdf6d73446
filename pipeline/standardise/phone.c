#include "pipeline/standardise/standardise.h"

/* Telephone numbers of China as digits: mobile 1[3-9] and nine more; landline 0, area code, 7 or 8
 * more, without a sign between. The forms are configuration of the network, not a standard that is
 * cited here: an unknown form is an invalid value, never an error. */

enum { ROOM = 256, MOBILE_DIGITS = 11, DIGITS_ROOM = 2 * MOBILE_DIGITS + 1 };

/* Better first: of several numbers in one field the best is taken, of equals the first. */
typedef enum form { FORM_MOBILE, FORM_LANDLINE, FORM_LOCAL, FORM_DUMMY, FORM_NONE } form;

typedef struct phone {
    form form;
    char digits[16];
    uint32_t n;
} phone;

/* Numbers that a clerk knows by heart: police, fire, ambulance, enquiries, the operators, the
 * mayor. */
static bool is_service(const char *at, uint32_t n)
{
    static const char *const numbers[] = {"110",   "119",   "120",   "114",   "122",
                                          "10000", "10010", "10086", "12315", "12345"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (n == strlen(numbers[i]) && memcmp(at, numbers[i], n) == 0)
            return true;
    }
    return false;
}

static bool is_dummy(const char *at, uint32_t n)
{
    if (is_service(at, n) || hd_std_all_same(at, n) || (n >= 7 && hd_std_counting(at, n)))
        return true;
    if (n == MOBILE_DIGITS && at[0] == '1')
        return hd_std_all_same(at + 3, 8) || hd_std_counting(at + 3, 8) ||
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
    char digits[DIGITS_ROOM];
    phone p = understand(digits, join(at, n, digits, sizeof digits));
    const char *first = memchr(at, '-', n);
    const char *second = first ? memchr(first + 1, '-', n - (uint32_t)(first + 1 - at)) : NULL;
    if (p.form == FORM_NONE && second)
        p = understand(digits, join(at, (uint32_t)(second - at), digits, sizeof digits));
    return p;
}

/* What a field holds: the best of its numbers, and whether a second one of a person is there. */
typedef struct found {
    phone best;
    bool several;
} found;

static void offer(found *f, const phone *p)
{
    bool both_good = f->best.form <= FORM_LANDLINE && p->form <= FORM_LANDLINE;
    if (both_good && (p->n != f->best.n || memcmp(p->digits, f->best.digits, p->n) != 0))
        f->several = true;
    if (p->form < f->best.form)
        f->best = *p;
}

/* 1398741236513787412365: two numbers, and what was between is lost. */
static bool offer_pair(found *f, const char *at, uint32_t n)
{
    char digits[DIGITS_ROOM];
    if (join(at, n, digits, sizeof digits) != 2 * MOBILE_DIGITS)
        return false;
    phone first = make(digits, MOBILE_DIGITS, "");
    phone second = make(digits + MOBILE_DIGITS, MOBILE_DIGITS, "");
    if (first.form != FORM_MOBILE || second.form != FORM_MOBILE)
        return false;
    offer(f, &first);
    offer(f, &second);
    return true;
}

static bool is_border(char c)
{
    return !hd_std_is_digit((unsigned char)c) && (!is_joint(c) || c == ' ' || c == '(');
}

/* The numbers among pieces. An area code in brackets is of the piece that follows. */
static found find_pieces(const char *at, uint32_t n)
{
    found f = {.best = {.form = FORM_NONE}};
    for (uint32_t begin = 0; begin < n;) {
        uint32_t end = begin + 1;
        while (end < n && !is_border(at[end]))
            end++;
        uint32_t skip = is_border(at[begin]);
        const char *piece = at + begin + skip;
        uint32_t n_piece = end - begin - skip;
        if (!offer_pair(&f, piece, n_piece)) {
            phone p = understand_piece(piece, n_piece);
            offer(&f, &p);
        }
        begin = end;
    }
    return f;
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

/* 139****2365, 139XXXX2365 */
static bool is_masked(const char *text, uint32_t n)
{
    for (uint32_t i = 0; i + 1 < n; i++) {
        if (text[i] == text[i + 1] && (text[i] == '*' || text[i] == 'X' || text[i] == 'x'))
            return true;
    }
    return false;
}

/* 1.39874E+10 */
static bool is_quantity(const char *text, uint32_t n)
{
    const char *power = memmem(text, n, "E+", 2);
    return power && n > 4 && hd_std_is_digit((unsigned char)text[0]) && text[1] == '.' &&
           hd_std_all_digits(power + 2, n - (uint32_t)(power + 2 - text));
}

static hd_std_result result_of_none(const char *text, uint32_t n, uint32_t reasons)
{
    if (is_masked(text, n))
        return hd_std_none(HD_STATE_damaged, reasons | HD_REASON_BIT(stand_in));
    if (is_quantity(text, n))
        return hd_std_none(HD_STATE_damaged, reasons | HD_REASON_BIT(rounded));
    return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(phone_form));
}

static hd_std_result result_of(hd_std_env *env, const phone *p, uint32_t reasons)
{
    if (p->form == FORM_DUMMY)
        return hd_std_placeholder(reasons);
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
    char text[ROOM], digits[DIGITS_ROOM];
    uint32_t n = read_ascii(env, text), reasons = settled.reasons;
    if (env->n > ROOM)
        return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(too_long));
    if (has_fraction(text, n)) {
        n -= 2;
        reasons |= HD_REASON_BIT(note);
    }
    found f = {.best = understand(digits, join(text, n, digits, sizeof digits))};
    if (f.best.form == FORM_NONE) {
        f = find_pieces(text, n);
        if (f.best.form == FORM_NONE)
            return result_of_none(text, n, reasons);
        reasons |= f.several ? HD_REASON_BIT(phone_several) : HD_REASON_BIT(note);
    }
    return result_of(env, &f.best, reasons);
}
