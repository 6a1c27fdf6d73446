#include "cases.h"

static void fold_to(hd_std_env *env, const char *raw, hd_std_blanks blanks, const char *want,
                    uint32_t want_reasons)
{
    uint32_t reasons = 0;
    cr_assert(hd_std_fold(env, hd_str_from(raw), blanks, &reasons));
    hd_buf got = {0};
    for (uint32_t i = 0; i < env->n; i++)
        hd_buf_add_codepoint(&got, env->points[i]);
    cr_expect(hd_str_eq(hd_buf_str(&got), hd_str_from(want)), "\"%s\" gave \"%s\"", raw,
              env->n ? got.ptr : "");
    cr_expect_eq(reasons, want_reasons, "\"%s\": reasons %#x", raw, reasons);
    hd_buf_release(&got);
}

Test(fold, blanks)
{
    hd_std_env *env = hd_std_env_new();
    fold_to(env, " a b ", HD_STD_BLANKS_DROP, "ab", HD_REASON_BIT(blanks));
    fold_to(env, " a b ", HD_STD_BLANKS_ONE, "a b", 0);
    fold_to(env, "a\xE3\x80\x80\x09 b", HD_STD_BLANKS_ONE, "a b", HD_REASON_BIT(blanks));
    fold_to(env, "\xE3\x80\x80 ", HD_STD_BLANKS_ONE, "", 0);
    fold_to(env,
            "a\xC2\xAD"
            "b",
            HD_STD_BLANKS_ONE, "ab", HD_REASON_BIT(blanks));
    hd_std_env_free(env);
}

/* U+00B4 becomes a blank and an accent; with the blank dropped, the accent joins the letter. */
Test(fold, composes_what_dropping_brings_together)
{
    hd_std_env *env = hd_std_env_new();
    uint32_t both = HD_REASON_BIT(blanks) | HD_REASON_BIT(width);
    fold_to(env, "e\xC2\xB4", HD_STD_BLANKS_DROP, "é", both);
    fold_to(env, "e\xE2\x80\x8B\xCC\x81", HD_STD_BLANKS_ONE, "é", both);
    hd_std_env_free(env);
}

/* Each of the private code points that GB 18030-2022 moved, by its place in the row FE50. */
Test(fold, private_code_points)
{
    static const struct {
        const char *private, *standard;
    } moved[] = {{"\xEE\xA0\x95", "⺁"}, {"\xEE\xA0\x96", "𠂇"}, {"\xEE\xA0\x97", "𠂉"},
                 {"\xEE\xA0\x98", "𠃌"}, {"\xEE\xA0\x9E", "龴"}, {"\xEE\xA0\xA6", "龵"},
                 {"\xEE\xA0\xAB", "龶"}, {"\xEE\xA0\xAC", "龷"}, {"\xEE\xA0\xB1", "𡗗"},
                 {"\xEE\xA0\xB2", "龸"}, {"\xEE\xA0\xBB", "𢦏"}, {"\xEE\xA1\x83", "龹"},
                 {"\xEE\xA1\x84", "䜣"}, {"\xEE\xA1\x94", "龺"}, {"\xEE\xA1\x95", "𤇾"},
                 {"\xEE\xA1\xA3", "䶮"}, {"\xEE\xA1\xA4", "龻"}};
    hd_std_env *env = hd_std_env_new();
    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++)
        fold_to(env, moved[i].private, HD_STD_BLANKS_DROP, moved[i].standard, HD_REASON_BIT(width));
    fold_to(env, "\xEE\xA0\x94\xEE\xA1\xA5", HD_STD_BLANKS_DROP, "\xEE\xA0\x94\xEE\xA1\xA5", 0);
    hd_std_env_free(env);
}

Test(fold, too_long)
{
    static char raw[HD_STD_RAW_MAX_BYTES + 2];
    memset(raw, 'x', sizeof raw);
    raw[0] = ' ';
    hd_std_env *env = hd_std_env_new();
    uint32_t reasons = 0;
    cr_assert(
        hd_std_fold(env, (hd_str){raw, HD_STD_RAW_MAX_BYTES + 1}, HD_STD_BLANKS_DROP, &reasons));
    cr_assert_eq(env->n, HD_STD_RAW_MAX_BYTES);
    cr_assert_not(hd_std_fold(env, (hd_str){raw, sizeof raw}, HD_STD_BLANKS_DROP, &reasons));
    cr_assert_eq(env->n, 0);
    hd_std_env_free(env);
}

/* What is not text at all (the caller promised otherwise) is read as U+FFFD, and nothing breaks. */
Test(fold, malformed_bytes)
{
    hd_std_env *env = hd_std_env_new();
    uint64_t seed = 7;
    for (unsigned round = 0; round < 100000; round++) {
        char raw[24];
        uint32_t n = std_random(&seed, sizeof raw + 1);
        for (uint32_t i = 0; i < n; i++)
            raw[i] = (char)(std_random(&seed, 3) ? 0x80 + std_random(&seed, 0x80)
                                                 : std_random(&seed, 0x80));
        hd_kind kind = (hd_kind)(round % HD_N_KINDS);
        const char *broken = std_broken_promise(env, kind, (hd_str){raw, n});
        cr_assert_null(broken, "%s, round %u: promise broken: %s", hd_kind_name(kind), round,
                       broken);
    }
    hd_std_env_free(env);
}
