#include "pipeline/config/functions.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "matchers/address.h"
#include "matchers/comparator.h"
#include "matchers/latin.h"
#include "matchers/lunar.h"
#include "pipeline/config/call_memo.h"
#include "pipeline/config/name_cache.h"
#include "pipeline/config/score_cache.h"

const hd_function_form hd_functions[HD_N_FUNCTIONS] = {
#define X(name, result, arguments, variadic, summary) {#name, #result[0], arguments, variadic},
#include "pipeline/config/functions.def"
#undef X
};

int hd_function_find(hd_str name)
{
    for (int i = 0; i < HD_N_FUNCTIONS; i++)
        if (hd_str_eq(name, hd_str_from(hd_functions[i].name)))
            return i;
    return -1;
}

bool hd_function_takes_null(uint16_t function)
{
    return function == HD_FUNCTION_first || function == HD_FUNCTION_known ||
           function == HD_FUNCTION_missing || function == HD_FUNCTION_join ||
           function == HD_FUNCTION_recode;
}

bool hd_function_needs_tables(uint16_t function)
{
    return function == HD_FUNCTION_surname || function == HD_FUNCTION_given ||
           function == HD_FUNCTION_folded || function == HD_FUNCTION_pinyin ||
           function == HD_FUNCTION_fuzzy_pinyin || function == HD_FUNCTION_current_division ||
           function == HD_FUNCTION_address_division || function == HD_FUNCTION_address_village ||
           function == HD_FUNCTION_address_house || hd_function_takes_left(function);
}

/* Comparators are, by their contract; either_order has its two texts in four arguments. */
bool hd_function_is_symmetric(uint16_t function)
{
    switch ((hd_function)function) {
#define X(name, compare, operands, measure, remember) \
    case HD_FUNCTION_##name:                          \
        return HD_OPERAND_##operands != HD_OPERAND_two_texts;
        HD_COMPARATORS(X)
#undef X
    case HD_FUNCTION_name_level:
    case HD_FUNCTION_name_alike:
    case HD_FUNCTION_id_same_old:
    case HD_FUNCTION_id_one_digit:
    case HD_FUNCTION_id_swapped:
    case HD_FUNCTION_id_except_area:
    case HD_FUNCTION_id_except_date:
    case HD_FUNCTION_id_two_digits:
    case HD_FUNCTION_same_known_parts:
    case HD_FUNCTION_day_month_swapped:
    case HD_FUNCTION_same_as_lunar:
        return true;
    default: /* or not known to be */
        return false;
    }
}

bool hd_function_takes_left(uint16_t function)
{
    return function == HD_FUNCTION_name_level || function == HD_FUNCTION_name_alike ||
           function == HD_FUNCTION_name_similarity;
}

bool hd_function_takes_name_level(uint16_t function)
{
    return function == HD_FUNCTION_name_alike;
}

void hd_env_release(hd_env *env)
{
    hd_buf_release(&env->scratch);
    hd_free(env->names);
    hd_free(env->scores);
    hd_free(env->calls);
    env->names = NULL;
    env->scores = NULL;
    env->calls = NULL;
}

/* One C function a function of the language, called call_<name>; only those of `takes_null` see
 * nulls. A text that a name function leaves empty is null: it must never be a key. */
#define FUNCTION(name)                                                        \
    static hd_value call_##name(const hd_value *args __attribute__((unused)), \
                                unsigned n_args __attribute__((unused)),      \
                                hd_env *env __attribute__((unused)))

static hd_str text_at(hd_value value, const hd_env *env)
{
    return hd_pool_get(env->texts, (hd_text)value);
}

static hd_value to_text(hd_str text, hd_env *env)
{
    return hd_pool_intern(env->texts, text);
}

static hd_value to_text_or_null(hd_str text, hd_env *env)
{
    return text.len_bytes ? to_text(text, env) : HD_NULL;
}

static hd_buf *empty_scratch(hd_env *env)
{
    hd_buf_clear(&env->scratch);
    return &env->scratch;
}

/* ---- what is there ---- */

FUNCTION(first)
{
    for (unsigned i = 0; i < n_args; i++)
        if (args[i] != HD_NULL)
            return args[i];
    return HD_NULL;
}

FUNCTION(known)
{
    return args[0] != HD_NULL;
}

FUNCTION(missing)
{
    return args[0] == HD_NULL;
}

/* The compiler makes references of these four. */
FUNCTION(state)
{
    HD_BUG("state() is a reference");
}

FUNCTION(reason)
{
    HD_BUG("reason() is a reference");
}

FUNCTION(person)
{
    HD_BUG("person() is a reference");
}

FUNCTION(original)
{
    HD_BUG("original() is a reference");
}

/* ---- texts ---- */

static bool is_lead(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

/* The text's first n characters and the rest. */
static void split(hd_str text, uint32_t n, hd_str *head, hd_str *rest)
{
    uint32_t at = 0;
    for (; at < text.len_bytes; at++)
        if (is_lead(text.ptr[at]) && n-- == 0)
            break;
    *head = (hd_str){text.ptr, at};
    *rest = (hd_str){text.ptr + at, text.len_bytes - at};
}

/* A number as a count of the text's characters; false: there are fewer, or it is no count. */
static bool to_count(hd_value number, uint32_t length, uint32_t *out)
{
    double d = hd_number(number);
    if (!(d >= 0 && d <= length))
        return false;
    *out = (uint32_t)d;
    return d == *out;
}

FUNCTION(prefix)
{
    hd_str text = text_at(args[0], env), head, rest;
    uint32_t n;
    if (!to_count(args[1], hd_utf8_count(text), &n))
        return HD_NULL;
    split(text, n, &head, &rest);
    return to_text(head, env);
}

FUNCTION(suffix)
{
    hd_str text = text_at(args[0], env), head, rest;
    uint32_t length = hd_utf8_count(text), n;
    if (!to_count(args[1], length, &n))
        return HD_NULL;
    split(text, length - n, &head, &rest);
    return to_text(rest, env);
}

FUNCTION(substring)
{
    double from = hd_number(args[1]), n = hd_number(args[2]);
    hd_str text = text_at(args[0], env), head, rest, none;
    if (!(from >= 1 && n >= 0))
        return HD_NULL;
    split(text, from > UINT32_MAX ? UINT32_MAX : (uint32_t)from - 1, &none, &rest);
    split(rest, n > UINT32_MAX ? UINT32_MAX : (uint32_t)n, &head, &none);
    return to_text(head, env);
}

FUNCTION(length)
{
    return hd_value_number(hd_utf8_count(text_at(args[0], env)));
}

/* Latin letters up to Latin Extended-A, those of pinyin with tones, and full width (Unicode, simple
 * case mapping); `step` 2: capital and small letter alternate. */
static uint32_t lower_of(uint32_t c)
{
    static const struct {
        uint32_t first, last, step, add;
    } capitals[] = {
        {'A', 'Z', 1, 32},    {0xC0, 0xD6, 1, 32},  {0xD8, 0xDE, 1, 32},     {0x100, 0x12E, 2, 1},
        {0x132, 0x136, 2, 1}, {0x139, 0x147, 2, 1}, {0x14A, 0x176, 2, 1},    {0x179, 0x17D, 2, 1},
        {0x1CD, 0x1DB, 2, 1}, {0x1F8, 0x1F8, 1, 1}, {0xFF21, 0xFF3A, 1, 32},
    };
    for (size_t i = 0; i < sizeof capitals / sizeof *capitals; i++)
        if (c >= capitals[i].first && c <= capitals[i].last &&
            (c - capitals[i].first) % capitals[i].step == 0)
            return c + capitals[i].add;
    return c == 0x178 ? 0xFF : c;
}

FUNCTION(lower)
{
    hd_str text = text_at(args[0], env);
    hd_buf *out = empty_scratch(env);
    for (uint32_t at = 0; at < text.len_bytes;)
        hd_buf_add_codepoint(out, lower_of(hd_utf8_next(text, &at)));
    return to_text(hd_buf_str(out), env);
}

FUNCTION(plain)
{
    hd_buf *out = empty_scratch(env);
    hd_latin_plain(text_at(args[0], env), out);
    return to_text_or_null(hd_buf_str(out), env);
}

FUNCTION(concat)
{
    hd_buf *out = empty_scratch(env);
    for (unsigned i = 0; i < n_args; i++)
        hd_buf_add(out, text_at(args[i], env));
    return to_text(hd_buf_str(out), env);
}

FUNCTION(join)
{
    hd_buf *out = empty_scratch(env);
    unsigned n = 0;
    for (unsigned i = 0; i < n_args; i++) {
        if (args[i] == HD_NULL)
            continue;
        hd_buf_add(out, text_at(args[i], env));
        n++;
    }
    return n ? to_text(hd_buf_str(out), env) : HD_NULL;
}

FUNCTION(in_order)
{
    hd_str a = text_at(args[0], env), b = text_at(args[1], env);
    bool as_they_are = hd_str_cmp(a, b) <= 0;
    hd_buf *out = empty_scratch(env);
    hd_buf_add(out, as_they_are ? a : b);
    hd_buf_add_char(out, ' ');
    hd_buf_add(out, as_they_are ? b : a);
    return to_text(hd_buf_str(out), env);
}

FUNCTION(contains)
{
    hd_str text = text_at(args[0], env), part = text_at(args[1], env);
    return memmem(text.ptr, text.len_bytes, part.ptr, part.len_bytes) != NULL;
}

FUNCTION(starts)
{
    return hd_str_starts(text_at(args[0], env), text_at(args[1], env));
}

/* Full-width digits are digits. */
FUNCTION(digits)
{
    hd_str text = text_at(args[0], env);
    hd_buf *out = empty_scratch(env);
    for (uint32_t at = 0; at < text.len_bytes;) {
        uint32_t c = hd_utf8_next(text, &at);
        c -= c >= 0xFF10 && c <= 0xFF19 ? 0xFEE0 : 0;
        if (c >= '0' && c <= '9')
            hd_buf_add_char(out, (char)c);
    }
    return to_text_or_null(hd_buf_str(out), env);
}

hd_value hd_value_trimmed(hd_value value, hd_env *env)
{
    hd_str text = text_at(value, env), trimmed = hd_str_trim(text);
    return trimmed.len_bytes == text.len_bytes ? value : to_text(trimmed, env);
}

/* A text that is not chosen may be null; so may the chosen one. A null is equal to nothing. */
FUNCTION(recode)
{
    if (args[0] == HD_NULL)
        return HD_NULL;
    hd_value text = hd_value_trimmed(args[0], env);
    unsigned i = 1;
    for (; i + 1 < n_args; i += 2)
        if (args[i] == text)
            return args[i + 1];
    return i < n_args ? args[i] : args[0];
}

/* ---- names ---- */

static const hd_han *han_of(const hd_env *env)
{
    HD_ASSERT(env->han);
    return env->han;
}

/* A name of another script is split at its first blank, one of a minority at its first dot. */
static void split_name(hd_str name, const hd_env *env, hd_str *surname, hd_str *given)
{
    static const char dot[] = "\xC2\xB7"; /* U+00B7, the only separator of 民委发〔2016〕33号 */
    name = hd_str_trim(name);
    const char *at = memmem(name.ptr, name.len_bytes, dot, 2);
    uint32_t n_han = at ? 0 : hd_han_surname_len(han_of(env), name);
    if (n_han) {
        split(name, n_han, surname, given);
        return;
    }
    uint32_t separator_bytes = at ? 2 : 1;
    if (!at)
        at = memchr(name.ptr, ' ', name.len_bytes);
    *surname = name;
    *given = (hd_str){name.ptr, 0};
    if (!at)
        return;
    surname->len_bytes = (uint32_t)(at - name.ptr);
    given->ptr = at + separator_bytes;
    given->len_bytes = name.len_bytes - surname->len_bytes - separator_bytes;
    *given = hd_str_trim(*given);
}

FUNCTION(surname)
{
    hd_str surname, given;
    split_name(text_at(args[0], env), env, &surname, &given);
    return to_text_or_null(surname, env);
}

FUNCTION(given)
{
    hd_str surname, given;
    split_name(text_at(args[0], env), env, &surname, &given);
    return to_text_or_null(given, env);
}

FUNCTION(folded)
{
    hd_buf *out = empty_scratch(env);
    hd_han_fold_text(han_of(env), text_at(args[0], env), out);
    return to_text_or_null(hd_buf_str(out), env);
}

FUNCTION(pinyin)
{
    hd_buf *out = empty_scratch(env);
    hd_han_pinyin(han_of(env), text_at(args[0], env), out);
    return to_text_or_null(hd_buf_str(out), env);
}

FUNCTION(fuzzy_pinyin)
{
    hd_buf *out = empty_scratch(env);
    hd_han_fuzzy_pinyin(han_of(env), text_at(args[0], env), out);
    return to_text_or_null(hd_buf_str(out), env);
}

static hd_name_match match_names(const hd_value *args, hd_env *env)
{
    if (!env->names)
        env->names = hd_name_cache_new();
    return hd_name_cache_match(env->names, han_of(env), env->texts, (hd_text)args[0],
                               (hd_text)args[1]);
}

FUNCTION(name_level)
{
    return to_text(hd_str_from(hd_name_level_name(match_names(args, env).level)), env);
}

FUNCTION(name_alike)
{
    int level = hd_name_level_find(text_at(args[2], env));
    return level < 0 ? HD_NULL : (hd_value)((int)match_names(args, env).level <= level);
}

FUNCTION(name_similarity)
{
    return hd_value_number(match_names(args, env).score);
}

/* ---- identity numbers ---- */

FUNCTION(id_birth_date)
{
    hd_date date = hd_idcard_birth_date(text_at(args[0], env));
    return date ? (hd_value)date : HD_NULL;
}

FUNCTION(id_sex)
{
    char sex = hd_idcard_sex(text_at(args[0], env));
    return sex ? to_text((hd_str){&sex, 1}, env) : HD_NULL;
}

FUNCTION(id_area)
{
    hd_str id = text_at(args[0], env);
    return hd_idcard_has_area(id) ? to_text((hd_str){id.ptr, 6}, env) : HD_NULL;
}

FUNCTION(id_shown)
{
    char shown[HD_ID_SHOWN_BYTES];
    bool is_shown = hd_idcard_shown(text_at(args[0], env), shown);
    return is_shown ? to_text((hd_str){shown, sizeof shown}, env) : HD_NULL;
}

FUNCTION(id_valid)
{
    return hd_idcard_valid(text_at(args[0], env));
}

FUNCTION(id_type)
{
    hd_id_type type = hd_idcard_type(text_at(args[0], env));
    if (type == HD_ID_TYPE_none)
        return HD_NULL;
    return to_text(hd_str_from(hd_id_type_name(type)), env);
}

/* One predicate a level: a level that is a text would be looked up for each pair. */
static bool differ_by(const hd_value *args, const hd_env *env, hd_id_difference wanted)
{
    return hd_idcard_compare(text_at(args[0], env), text_at(args[1], env)) == wanted;
}

FUNCTION(id_same_old)
{
    return differ_by(args, env, HD_ID_same_old);
}

FUNCTION(id_one_digit)
{
    return differ_by(args, env, HD_ID_one_digit);
}

FUNCTION(id_swapped)
{
    return differ_by(args, env, HD_ID_swapped);
}

FUNCTION(id_except_area)
{
    return differ_by(args, env, HD_ID_except_area);
}

FUNCTION(id_except_date)
{
    return differ_by(args, env, HD_ID_except_date);
}

FUNCTION(id_two_digits)
{
    return differ_by(args, env, HD_ID_two_digits);
}

/* ---- divisions ---- */

static const hd_divisions *divisions_of(const hd_env *env)
{
    HD_ASSERT(env->divisions);
    return env->divisions;
}

static hd_value to_division(hd_division_code code, hd_env *env)
{
    char digits[HD_DIVISION_DIGITS];
    return to_text((hd_str){digits, hd_division_print(code, digits)}, env);
}

static hd_call_memo *calls_of(hd_env *env)
{
    if (!env->calls)
        env->calls = hd_call_memo_new();
    return env->calls;
}

static const hd_address *address_of(hd_value text, hd_env *env)
{
    return hd_call_memo_address(calls_of(env), divisions_of(env), env->texts, (hd_text)text);
}

FUNCTION(address_division)
{
    hd_division_code code = address_of(args[0], env)->division;
    bool known = code && hd_division_level_of(code) >= HD_DIVISION_COUNTY;
    return known ? to_division(code, env) : HD_NULL;
}

FUNCTION(address_village)
{
    hd_buf *out = empty_scratch(env);
    hd_address_village_key(address_of(args[0], env), out);
    return to_text_or_null(hd_buf_str(out), env);
}

FUNCTION(address_house)
{
    hd_buf *out = empty_scratch(env);
    hd_address_house_key(address_of(args[0], env), out);
    return to_text_or_null(hd_buf_str(out), env);
}

FUNCTION(current_division)
{
    hd_division_code code = hd_division_read(text_at(args[0], env));
    return code ? to_division(hd_divisions_current(divisions_of(env), code), env) : args[0];
}

/* ---- dates ---- */

int32_t hd_date_literal(hd_str text)
{
    int part[3] = {0}, i = 0;
    if (text.len_bytes != 10)
        return 0;
    for (uint32_t at = 0; at < 10; at++) {
        char c = text.ptr[at];
        if (at == 4 || at == 7) {
            i++;
            if (c != '-')
                return 0;
        } else if (c < '0' || c > '9') {
            return 0;
        } else {
            part[i] = part[i] * 10 + (c - '0');
        }
    }
    if (!hd_date_exists(part[0], part[1], part[2]))
        return 0;
    return part[0] * 10000 + part[1] * 100 + part[2];
}

static hd_value known_part(int32_t part)
{
    return part ? hd_value_number(part) : HD_NULL;
}

FUNCTION(date)
{
    hd_date date = hd_date_literal(text_at(args[0], env));
    return date ? (hd_value)date : HD_NULL;
}

FUNCTION(year)
{
    return known_part((hd_date)args[0] / 10000);
}

FUNCTION(month)
{
    return known_part((hd_date)args[0] / 100 % 100);
}

FUNCTION(day)
{
    return known_part((hd_date)args[0] % 100);
}

FUNCTION(text)
{
    hd_buf *out = empty_scratch(env);
    hd_value_print(out, HD_TYPE_DATE, args[0], env->texts);
    return to_text(hd_buf_str(out), env);
}

FUNCTION(complete)
{
    return hd_date_complete((hd_date)args[0]);
}

FUNCTION(age)
{
    return hd_value_number(hd_date_age((hd_date)args[0], (hd_date)args[1]));
}

FUNCTION(days_between)
{
    return hd_value_number(hd_date_days_between((hd_date)args[0], (hd_date)args[1]));
}

static bool parts_agree(int32_t x, int32_t y)
{
    return x == y || x == 0 || y == 0;
}

FUNCTION(same_known_parts)
{
    hd_date x = (hd_date)args[0], y = (hd_date)args[1];
    return parts_agree(x / 10000, y / 10000) && parts_agree(x / 100 % 100, y / 100 % 100) &&
           parts_agree(x % 100, y % 100);
}

FUNCTION(day_month_swapped)
{
    return hd_date_swapped((hd_date)args[0], (hd_date)args[1]);
}

FUNCTION(same_as_lunar)
{
    return hd_lunar_same((hd_date)args[0], (hd_date)args[1]);
}

/* ---- numbers ---- */

FUNCTION(number)
{
    double number;
    return hd_decimal_read(text_at(args[0], env), &number) ? hd_value_number(number) : HD_NULL;
}

FUNCTION(abs)
{
    return hd_value_number(__builtin_fabs(hd_number(args[0])));
}

/* ---- comparators: matchers/comparator.h, one function each ---- */

static hd_value compare_texts(hd_comparator_number number, const hd_value *args, hd_env *env)
{
    const hd_comparator *comparator = &hd_comparators[number];
    if (comparator->remember) {
        if (!env->scores)
            env->scores = hd_score_cache_new();
        return hd_value_number(hd_score_cache_compare(env->scores, number, env->texts,
                                                      (hd_text)args[0], (hd_text)args[1]));
    }
    hd_operand a = {.text = text_at(args[0], env)}, b = {.text = text_at(args[1], env)};
    return hd_value_number(comparator->compare(&a, &b));
}

static hd_value compare_numbers(hd_comparator_number number, const hd_value *args, hd_env *env)
{
    (void)env;
    hd_operand a = {.number = hd_number(args[0])}, b = {.number = hd_number(args[1])};
    return hd_value_number(hd_comparators[number].compare(&a, &b));
}

static hd_value compare_dates(hd_comparator_number number, const hd_value *args, hd_env *env)
{
    (void)env;
    hd_operand a = {.date = (hd_date)args[0]}, b = {.date = (hd_date)args[1]};
    return hd_value_number(hd_comparators[number].compare(&a, &b));
}

/* The fields of one side, then those of the other. */
static hd_value compare_fields(hd_comparator_number number, const hd_value *args, hd_env *env)
{
    hd_operand a = {.two_texts = {text_at(args[0], env), text_at(args[1], env)}};
    hd_operand b = {.two_texts = {text_at(args[2], env), text_at(args[3], env)}};
    return hd_value_number(hd_comparators[number].compare(&a, &b));
}

#define OF_text(name)                                          \
    FUNCTION(name)                                             \
    {                                                          \
        return compare_texts(HD_COMPARATOR_##name, args, env); \
    }
#define OF_number(name)                                          \
    FUNCTION(name)                                               \
    {                                                            \
        return compare_numbers(HD_COMPARATOR_##name, args, env); \
    }
#define OF_date(name)                                          \
    FUNCTION(name)                                             \
    {                                                          \
        return compare_dates(HD_COMPARATOR_##name, args, env); \
    }
#define OF_two_texts(name)                                      \
    FUNCTION(name)                                              \
    {                                                           \
        return compare_fields(HD_COMPARATOR_##name, args, env); \
    }
#define OF_name(name) /* of prepared names: above */
#define X(name, function, operands, measure, remember) OF_##operands(name)
HD_COMPARATORS(X)
#undef X

FUNCTION(list_shared)
{
    return hd_value_number(hd_list_shared(text_at(args[0], env), text_at(args[1], env)));
}

FUNCTION(swapped)
{
    return args[0] == args[3] && args[1] == args[2] && args[0] != args[1];
}

static hd_value apply(uint16_t function, const hd_value *args, unsigned n_args, hd_env *env)
{
    switch ((hd_function)function) {
#define X(name, result, arguments, variadic, summary) \
    case HD_FUNCTION_##name:                          \
        return call_##name(args, n_args, env);
#include "pipeline/config/functions.def"
#undef X
    case HD_N_FUNCTIONS:
        break;
    }
    HD_BUG("no function %u", function);
}

/* Of those that make a text of one whose values come back often. */
static bool is_remembered(uint16_t function)
{
    switch ((hd_function)function) {
    case HD_FUNCTION_prefix:
    case HD_FUNCTION_suffix:
    case HD_FUNCTION_surname:
    case HD_FUNCTION_given:
    case HD_FUNCTION_folded:
    case HD_FUNCTION_pinyin:
    case HD_FUNCTION_fuzzy_pinyin:
    case HD_FUNCTION_current_division:
        return true;
    default:
        return false;
    }
}

hd_value hd_function_apply(uint16_t function, const hd_value *args, unsigned n_args, hd_env *env)
{
    bool known;
    if (!is_remembered(function))
        return apply(function, args, n_args, env);
    hd_value *result = hd_call_memo_find(calls_of(env), function, args, n_args, &known);
    if (!known)
        *result = apply(function, args, n_args, env);
    return *result;
}

hd_value hd_function_call(uint16_t function, const hd_value *args, unsigned n_args, hd_env *env)
{
    if (!hd_function_takes_null(function))
        for (unsigned i = 0; i < n_args; i++)
            if (args[i] == HD_NULL)
                return HD_NULL;
    return hd_function_apply(function, args, n_args, env);
}
