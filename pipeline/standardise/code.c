#include "base/utf8.h"
#include "pipeline/standardise/standardise.h"

enum { SPELLING_MAX_BYTES = 120, CODE_DIGITS_MAX = 4 };

static hd_str find(const hd_code_table *table, hd_str spelling)
{
    uint32_t low = 0, high = table->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = hd_str_cmp(table->from[middle], spelling);
        if (order == 0)
            return table->to[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return HD_STR_NULL;
}

/* A standard code stands for itself, whether or not the table lists it as a spelling. */
static hd_str find_standard(const hd_code_table *table, hd_str code)
{
    for (uint32_t i = 0; i < table->n; i++) {
        if (hd_str_eq(table->to[i], code))
            return table->to[i];
    }
    return HD_STR_NULL;
}

/* 1, 01, 001: spreadsheets drop zeros in front, and some tables have them. */
static hd_str find_digits(const hd_code_table *table, hd_str text)
{
    hd_str found = HD_STR_NULL;
    if (text.len_bytes > CODE_DIGITS_MAX || !hd_std_all_digits(text.ptr, text.len_bytes))
        return found;
    while (text.len_bytes > 1 && *text.ptr == '0') {
        text.ptr++;
        text.len_bytes--;
    }
    char padded[CODE_DIGITS_MAX];
    for (uint32_t n = text.len_bytes; n <= CODE_DIGITS_MAX && !found.ptr; n++) {
        memset(padded, '0', n);
        memcpy(padded + n - text.len_bytes, text.ptr, text.len_bytes);
        found = find(table, (hd_str){padded, n});
    }
    return found;
}

static hd_str find_raised(const hd_code_table *table, hd_str text)
{
    char raised[SPELLING_MAX_BYTES];
    if (text.len_bytes > sizeof raised)
        return HD_STR_NULL;
    for (uint32_t i = 0; i < text.len_bytes; i++) {
        char c = text.ptr[i];
        raised[i] = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
    }
    return find(table, (hd_str){raised, text.len_bytes});
}

static hd_str find_one(const hd_code_table *table, hd_str text)
{
    hd_str found = find(table, text);
    if (!found.ptr)
        found = find_standard(table, text);
    if (!found.ptr)
        found = find_digits(table, text);
    return found.ptr ? found : find_raised(table, text);
}

static bool is_joint(char c)
{
    return c != 0 && strchr("-.:() ,/|_=", c) != NULL;
}

static hd_str trim_joints(hd_str s)
{
    while (s.len_bytes && is_joint(*s.ptr)) {
        s.ptr++;
        s.len_bytes--;
    }
    while (s.len_bytes && is_joint(s.ptr[s.len_bytes - 1]))
        s.len_bytes--;
    return s;
}

/* 01-汉族, 汉族(01): code and word together. Both must be known and say the same. */
static hd_str find_both(const hd_code_table *table, hd_str text)
{
    text = trim_joints(text);
    uint32_t front = 0, back = text.len_bytes;
    while (front < text.len_bytes && hd_std_is_digit((unsigned char)text.ptr[front]))
        front++;
    while (back > 0 && hd_std_is_digit((unsigned char)text.ptr[back - 1]))
        back--;
    uint32_t border = front ? front : back;
    if (border == 0 || border == text.len_bytes)
        return HD_STR_NULL;
    hd_str before = trim_joints((hd_str){text.ptr, border});
    hd_str after = trim_joints((hd_str){text.ptr + border, text.len_bytes - border});
    hd_str x = find_one(table, before), y = find_one(table, after);
    return x.ptr && y.ptr && hd_str_eq(x, y) ? x : HD_STR_NULL;
}

/* 1.0: a spreadsheet took the code for a quantity. */
static hd_str find_quantity(const hd_code_table *table, hd_str text)
{
    uint32_t n = text.len_bytes;
    bool fraction = n > 2 && text.ptr[n - 2] == '.' && text.ptr[n - 1] == '0';
    return fraction ? find_digits(table, (hd_str){text.ptr, n - 2}) : HD_STR_NULL;
}

static hd_std_result standardise_by_table(hd_std_env *env, hd_str text, uint32_t reasons)
{
    hd_str found = find_one(env->table, text);
    if (!found.ptr) {
        found = find_quantity(env->table, text);
        if (!found.ptr)
            found = find_both(env->table, text);
        reasons |= found.ptr ? HD_REASON_BIT(note) : 0;
    }
    if (found.ptr)
        return hd_std_good(found, reasons);
    if (hd_std_is_no_value(env->points, env->n))
        return hd_std_placeholder(reasons);
    return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(code_unknown));
}

/* The table is asked first, as it may know a word that stands for no value elsewhere. */
hd_std_result hd_std_code(hd_std_env *env, hd_str raw)
{
    if (!env->table)
        return hd_std_text(env, raw);
    raw = hd_str_trim(raw);
    hd_str found = find(env->table, raw);
    if (found.ptr && raw.len_bytes)
        return hd_std_good(found, 0);
    uint32_t reasons = 0;
    if (!hd_std_fold(env, raw, HD_STD_BLANKS_ONE, &reasons))
        return hd_std_none(HD_STATE_invalid, HD_REASON_BIT(too_long));
    if (env->n == 0)
        return hd_std_none(HD_STATE_missing, 0);
    hd_std_result folded = hd_std_good_points(env, HD_STD_TEXT_MAX, reasons);
    return folded.text.ptr ? standardise_by_table(env, folded.text, reasons) : folded;
}
