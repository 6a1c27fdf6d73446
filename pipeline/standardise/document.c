/* Numbers of documents other than citizens' cards, as fields for identity numbers hold them.
 *
 * Of permits of Hong Kong, Macao and Taiwan residents the number is the holder's for life, and the
 * two digits behind it count the renewals (National Immigration Administration's booklet on exit
 * and entry documents). Military documents: a Han character or two for the office, 字第, digits,
 * 号. */

#include "base/utf8.h"
#include "matchers/date.h"
#include "matchers/idcard.h"
#include "pipeline/standardise/standardise.h"

enum { PERMIT_DIGITS = 8, RENEWALS_DIGITS = 2, MILITARY_MIN = 4, MILITARY_MAX = 10 };

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static hd_std_result keep(hd_std_env *env, hd_str text, uint32_t reasons)
{
    memcpy(env->text, text.ptr, text.len_bytes);
    return hd_std_good((hd_str){env->text, text.len_bytes}, reasons);
}

/* H1234567801 and 1234567801(B): the number without its count of renewals. */
static hd_str without_renewals(hd_str text)
{
    uint32_t letters = text.len_bytes && (*text.ptr == 'H' || *text.ptr == 'M');
    uint32_t digits = 0, at = letters;
    while (at + digits < text.len_bytes && hd_std_is_digit((unsigned char)text.ptr[at + digits]))
        digits++;
    if (digits != PERMIT_DIGITS + RENEWALS_DIGITS)
        return text;
    at += digits;
    at += !letters && at < text.len_bytes && text.ptr[at] == '(';
    at += !letters && at < text.len_bytes && is_capital(text.ptr[at]);
    at += !letters && at < text.len_bytes && text.ptr[at] == ')';
    bool taken = at == text.len_bytes && (letters || at > digits);
    return taken ? (hd_str){text.ptr, letters + PERMIT_DIGITS} : text;
}

/* Eight digits with nothing behind them may be half of anything; where they are a day, they are
 * not a number. */
static bool is_day(hd_str digits)
{
    int value = 0;
    for (uint32_t i = 0; i < digits.len_bytes; i++)
        value = value * 10 + (digits.ptr[i] - '0');
    return value >= 18000000 && value < 21000000 &&
           hd_date_exists(value / 10000, value / 100 % 100, value % 100);
}

/* The number of a citizen that was cut off begins with a province (GB/T 2260), and many persons of
 * a county have the same first eight digits: it must be nobody's key. */
static bool opens_with_province(hd_str digits)
{
    /* of each region: 11 to 15, 21 to 23, 31 to 37, 41 to 46, 50 to 54, 61 to 65 */
    static const unsigned first[] = {0, 1, 1, 1, 1, 0, 1}, last[] = {0, 5, 3, 7, 6, 4, 5};
    unsigned region = (unsigned)(digits.ptr[0] - '0'), province = (unsigned)(digits.ptr[1] - '0');
    return region >= 1 && region <= 6 && province >= first[region] && province <= last[region];
}

static hd_std_result standardise_permit(hd_std_env *env, hd_str digits, uint32_t reasons)
{
    if (hd_std_all_same(digits.ptr, digits.len_bytes) ||
        hd_std_counting(digits.ptr, digits.len_bytes))
        return hd_std_placeholder(reasons);
    if (is_day(digits) || opens_with_province(digits))
        return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(id_length));
    hd_std_result result = keep(env, digits, reasons | HD_REASON_BIT(id_length));
    result.state = HD_STATE_suspicious;
    return result;
}

static bool digits_all_same(hd_str text)
{
    while (text.len_bytes && is_capital(*text.ptr))
        text = (hd_str){text.ptr + 1, text.len_bytes - 1};
    return hd_std_all_same(text.ptr, text.len_bytes);
}

bool hd_std_document(hd_std_env *env, hd_str text, uint32_t reasons, hd_std_result *out)
{
    hd_str number = without_renewals(text);
    reasons |= number.len_bytes < text.len_bytes ? HD_REASON_BIT(note) : 0;
    switch (hd_idcard_type(number)) {
    case HD_ID_TYPE_taiwan_travel:
        *out = standardise_permit(env, number, reasons);
        return true;
    case HD_ID_TYPE_foreign_resident:
    case HD_ID_TYPE_hong_kong_macao_travel:
    case HD_ID_TYPE_passport:
    case HD_ID_TYPE_birth_certificate:
        *out = digits_all_same(number) ? hd_std_placeholder(reasons) : keep(env, number, reasons);
        return true;
    default:
        return false;
    }
}

/* ---- military documents ---- */

/* 军字第0012345号, 军字0012345, 武字第 0012345 号. 结 and 离 are marriage certificates. */
bool hd_std_military(hd_std_env *env, uint32_t reasons, hd_std_result *out)
{
    const uint32_t *p = env->points;
    uint32_t n = env->n, office = 0;
    while (office < n && hd_std_is_common_han(p[office]) && p[office] != U'字')
        office++;
    if (office < 1 || office > 2 || office == n || p[office] != U'字')
        return false;
    if (p[office - 1] == U'结' || p[office - 1] == U'离')
        return false;
    uint32_t begin = office + 1;
    begin += begin < n && p[begin] == U'第';
    uint32_t end = begin;
    while (end < n && hd_std_is_digit(p[end]))
        end++;
    bool numbered = end < n && p[end] == U'号';
    if (end + numbered != n || end - begin < MILITARY_MIN || end - begin > MILITARY_MAX)
        return false;
    bool whole = begin == office + 2 && numbered;
    uint32_t len_bytes = hd_utf8_encode_all(p, office, env->text);
    len_bytes += hd_utf8_encode_all(U"字第", 2, env->text + len_bytes);
    len_bytes += hd_utf8_encode_all(p + begin, end - begin, env->text + len_bytes);
    len_bytes += hd_utf8_encode_all(U"号", 1, env->text + len_bytes);
    *out = hd_std_good((hd_str){env->text, len_bytes}, reasons | (whole ? 0 : HD_REASON_BIT(note)));
    return true;
}

/* ---- notes ---- */

static const char32_t *const notes[] = {
    U"居民身份证号码", U"居民身份证",   U"公民身份号码", U"公民身份证号码", U"身份证号码",
    U"身份证号",       U"身份证件号码", U"身份证",       U"证件号码",       U"证件号",
    U"证号",           U"号码",         U"护照号码",     U"护照号",         U"护照",
    U"回乡证",         U"台胞证",       U"居住证",       U"通行证",         U"港澳通行证",
    U"出生证",         U"出生医学证明", U"本人",         U"二代证",         U"一代证",
    U"二代",           U"一代",         U"已核实",       U"已核",           U"复印件"};

bool hd_std_cut_document_notes(hd_std_env *env)
{
    return hd_std_cut_notes(env, notes, sizeof notes / sizeof *notes);
}
