#include <unicode/uchar.h>
#include <unicode/utf16.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "pipeline/standardise/standardise.h"

enum { PRIVATE_FIRST = 0xE815, PRIVATE_LAST = 0xE864 };

/* GBK wrote FE50 … FEA0 (without FE7F) to private code points in row; these are their code points
 * since GB 18030-2022. Decoders differ in which edition they follow, so one person's name can stand
 * in two forms. Zero: the same. */
static uint32_t from_private(uint32_t point)
{
    static const uint32_t standard[PRIVATE_LAST - PRIVATE_FIRST + 1] = {
        0x2E81, 0x20087, 0x20089, 0x200CC, 0x2E84,  0x3473, 0x3447, 0x2E88, 0x2E8B,  0x9FB4,
        0x359E, 0x361A,  0x360E,  0x2E8C,  0x2E97,  0x396E, 0x3918, 0x9FB5, 0x39CF,  0x39DF,
        0x3A73, 0x39D0,  0x9FB6,  0x9FB7,  0x3B4E,  0x3C6E, 0x3CE0, 0x2EA7, 0x215D7, 0x9FB8,
        0x2EAA, 0x4056,  0x415F,  0x2EAE,  0x4337,  0x2EB3, 0x2EB6, 0x2EB7, 0x2298F, 0x43B1,
        0x43AC, 0x2EBB,  0x43DD,  0x44D6,  0x4661,  0x464C, 0x9FB9, 0x4723, 0x4729,  0x477C,
        0x478D, 0x2ECA,  0x4947,  0x497A,  0x497D,  0x4982, 0x4983, 0x4985, 0x4986,  0x499F,
        0x499B, 0x49B7,  0x49B6,  0x9FBA,  0x241FE, 0x4CA3, 0x4C9F, 0x4CA0, 0x4CA1,  0x4C77,
        0x4CA2, 0x4D13,  0x4D14,  0x4D15,  0x4D16,  0x4D17, 0x4D18, 0x4D19, 0x4DAE,  0x9FBB};
    if (point < PRIVATE_FIRST || point > PRIVATE_LAST)
        return point;
    return standard[point - PRIVATE_FIRST];
}

/* White_Space of Unicode. */
static bool is_blank(uint32_t point)
{
    if (point <= 0x20)
        return point == 0x20 || (point >= 0x09 && point <= 0x0D);
    return point == 0x85 || point == 0xA0 || point == 0x1680 ||
           (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 ||
           point == 0x202F || point == 0x205F || point == 0x3000;
}

/* NFKC leaves it as it is, wherever it stands, and it can be seen. */
static bool is_inert(uint32_t point)
{
    if (point < 0x80)
        return point > 0x20 && point < 0x7F;
    return (point >= 0x4E00 && point <= 0x9FFF) || (point >= 0x3400 && point <= 0x4DBF) ||
           (point >= 0x20000 && point <= 0x2EE5D) || (point >= 0x30000 && point <= 0x323AF) ||
           point == 0xB7 || point == 0x3007 || point == 0x2022 || point == 0xFFFD;
}

/* Controls, and what is ignorable by default. */
static bool is_invisible(uint32_t point)
{
    if (is_inert(point) || is_blank(point))
        return false;
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) ||
           (point >= 0xFFF9 && point <= 0xFFFB) ||
           u_hasBinaryProperty((UChar32)point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

hd_std_env *hd_std_env_new(void)
{
    hd_std_env *env = hd_alloc(sizeof *env);
    UErrorCode error = U_ZERO_ERROR;
    env->nfkc = unorm2_getNFKCInstance(&error);
    HD_ASSERT(U_SUCCESS(error)); /* its data is linked in with ICU */
    env->table = NULL;
    env->divisions = NULL;
    env->n = 0;
    hd_std_name_prepare(env);
    return env;
}

void hd_std_env_look_up(hd_std_env *env, const hd_ruleset *ruleset, const hd_field *field)
{
    bool coded = field->kind == HD_KIND_code && field->table.ptr;
    env->table = coded ? hd_code_table_find(ruleset, field->table) : NULL;
    HD_ASSERT(env->table || !coded);
    env->divisions = ruleset->divisions;
}

void hd_std_env_free(hd_std_env *env)
{
    hd_free(env);
}

static void read_points(hd_std_env *env, hd_str raw, uint32_t *reasons)
{
    env->n = 0;
    for (uint32_t pos = 0; pos < raw.len_bytes;) {
        uint32_t written = hd_utf8_next(raw, &pos);
        uint32_t point = from_private(written);
        if (point != written)
            *reasons |= HD_REASON_BIT(width);
        env->points[env->n++] = point;
    }
}

/* Blanks as `blanks` says, none at the ends, and nothing invisible. */
static void tidy_blanks(hd_std_env *env, hd_std_blanks blanks, uint32_t *reasons)
{
    uint32_t n = 0, n_pending = 0;
    for (uint32_t i = 0; i < env->n; i++) {
        uint32_t point = env->points[i];
        if (is_blank(point)) {
            n_pending += n > 0;
            continue;
        }
        if (is_invisible(point)) {
            *reasons |= HD_REASON_BIT(blanks);
            continue;
        }
        if (n_pending > (blanks == HD_STD_BLANKS_ONE))
            *reasons |= HD_REASON_BIT(blanks);
        if (n_pending && blanks == HD_STD_BLANKS_ONE)
            env->points[n++] = ' ';
        n_pending = 0;
        env->points[n++] = point;
    }
    env->n = n;
}

static bool all_inert(const hd_std_env *env)
{
    for (uint32_t i = 0; i < env->n; i++) {
        if (!is_inert(env->points[i]) && env->points[i] != ' ')
            return false;
    }
    return true;
}

bool hd_std_normalise(hd_std_env *env)
{
    if (all_inert(env))
        return false;
    UChar *in = env->units[0], *out = env->units[1];
    int32_t n_in = 0;
    for (uint32_t i = 0; i < env->n; i++)
        U16_APPEND_UNSAFE(in, n_in, env->points[i]);
    UErrorCode error = U_ZERO_ERROR;
    if (unorm2_quickCheck(env->nfkc, in, n_in, &error) == UNORM_YES)
        return false;
    int32_t n_out = unorm2_normalize(env->nfkc, in, n_in, out, HD_STD_POINTS_MAX, &error);
    HD_ASSERT(U_SUCCESS(error));
    if (n_out == n_in && memcmp(in, out, (size_t)n_in * sizeof *in) == 0)
        return false;
    env->n = 0;
    for (int32_t i = 0; i < n_out; env->n++)
        U16_NEXT_UNSAFE(out, i, env->points[env->n]);
    return true;
}

/* NFKC can make blanks (U+00B4 is a blank with an accent) and dropping a blank can bring together
 * what composes, so both are repeated until nothing changes; each round but the first has fewer
 * points. */
bool hd_std_fold(hd_std_env *env, hd_str raw, hd_std_blanks blanks, uint32_t *reasons)
{
    raw = hd_str_trim(raw);
    env->n = 0;
    if (raw.len_bytes > HD_STD_RAW_MAX_BYTES)
        return false;
    read_points(env, raw, reasons);
    tidy_blanks(env, blanks, reasons);
    while (hd_std_normalise(env)) {
        *reasons |= HD_REASON_BIT(width);
        tidy_blanks(env, blanks, reasons);
    }
    return true;
}

/* Signs by which encoders and clerks say that a character was lost. */
static bool all_lost(const hd_std_env *env)
{
    for (uint32_t i = 0; i < env->n; i++) {
        uint32_t point = env->points[i];
        if (point != '?' && point != 0x25A1 && point != 0x25A0 && point != 0x3013 &&
            point != 0xFFFD && point != ' ')
            return false;
    }
    return true;
}

bool hd_std_settled(hd_std_env *env, hd_str raw, hd_std_blanks blanks, hd_std_result *out)
{
    uint32_t reasons = 0;
    if (!hd_std_fold(env, raw, blanks, &reasons))
        *out = hd_std_none(HD_STATE_invalid, HD_REASON_BIT(too_long));
    else if (env->n == 0)
        *out = hd_std_none(HD_STATE_missing, 0);
    else if (hd_std_is_no_value(env->points, env->n))
        *out = hd_std_placeholder(0);
    else if (all_lost(env))
        *out = hd_std_none(HD_STATE_damaged, HD_REASON_BIT(stand_in));
    else {
        *out = hd_std_none(HD_STATE_ok, reasons);
        return false;
    }
    return true;
}

hd_std_result hd_std_good(hd_str text, uint32_t reasons)
{
    return (hd_std_result){text, 0, reasons ? HD_STATE_repaired : HD_STATE_ok, reasons};
}

hd_std_result hd_std_none(hd_state state, uint32_t reasons)
{
    return (hd_std_result){HD_STR_NULL, 0, state, reasons};
}

hd_std_result hd_std_good_points(hd_std_env *env, uint32_t max, uint32_t reasons)
{
    HD_ASSERT(max <= HD_STD_TEXT_MAX);
    if (env->n > max)
        return hd_std_none(HD_STATE_invalid, reasons | HD_REASON_BIT(too_long));
    uint32_t len_bytes = hd_utf8_encode_all(env->points, env->n, env->text);
    return hd_std_good((hd_str){env->text, len_bytes}, reasons);
}

hd_std_result hd_std_value(hd_std_env *env, hd_kind kind, hd_str raw)
{
    switch (kind) {
#define X(name, type, mask) \
    case HD_KIND_##name:    \
        return hd_std_##name(env, raw);
        HD_KINDS(X)
#undef X
    case HD_N_KINDS:
        break;
    }
    HD_BUG("no kind %d", (int)kind);
}
