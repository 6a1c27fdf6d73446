#ifndef HD_TEST_STANDARDISE_CASES_H
#define HD_TEST_STANDARDISE_CASES_H

/* Tables of cases, and random inputs, for the tests of each kind. */

#include <criterion/criterion.h>

#include "base/buf.h"
#include "tests/unit/pipeline/standardise/promises.h"

typedef struct std_case {
    const char *raw;
    const char *text; /* of a date: yyyymmdd; NULL: none */
    hd_state state;
    const char *reasons; /* names, parted by blanks, in the order of hd_reason */
} std_case;

static inline void std_check_cases(hd_std_env *env, hd_kind kind, const std_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const std_case *c = &cases[i];
        hd_std_result r = hd_std_value(env, kind, hd_str_from(c->raw));
        char date[16], reasons[512] = "";
        hd_str text = r.text;
        if (r.date) {
            snprintf(date, sizeof date, "%08d", r.date);
            text = hd_str_from(date);
        }
        for (unsigned reason = 0; reason < HD_N_REASONS; reason++) {
            if (r.reasons >> reason & 1)
                snprintf(reasons + strlen(reasons), sizeof reasons - strlen(reasons), "%s%s",
                         *reasons ? " " : "", hd_reason_name((hd_reason)reason));
        }
        bool same = (c->text != NULL) == (text.ptr != NULL) &&
                    hd_str_eq(text, hd_str_from(c->text)) && r.state == c->state &&
                    strcmp(reasons, c->reasons) == 0;
        cr_expect(same, "\"%s\": expected \"%s\" %s [%s], was \"%.*s\" %s [%s]", c->raw,
                  c->text ? c->text : "(none)", hd_state_name(c->state), c->reasons, HD_ARG(text),
                  hd_state_name(r.state), reasons);
        const char *broken = std_broken_promise(env, kind, hd_str_from(c->raw));
        cr_expect_null(broken, "\"%s\": promise broken: %s", c->raw, broken);
    }
}

static inline uint32_t std_random(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % below;
}

/* Any code point, with those that NFKC, blanks and Han make difficult drawn more often. */
static inline uint32_t std_random_point(uint64_t *seed)
{
    static const uint32_t firsts[] = {0,       0x80,    0x300,   0x400,  0x600,  0x1100,  0x2000,
                                      0x2100,  0x2E80,  0x3000,  0x3100, 0x3300, 0x4E00,  0xAC00,
                                      0xE800,  0xF900,  0xFB00,  0xFE00, 0xFF00, 0x1D400, 0x20000,
                                      0x2EBF0, 0x2F800, 0x1F100, 0xE0000};
    uint32_t point = firsts[std_random(seed, sizeof firsts / sizeof *firsts)];
    point += std_random(seed, 0x100);
    return std_random(seed, 20) ? point : std_random(seed, 0xD800);
}

/* Pieces that mean something to the kind, in any order, and anything else in between. */
static inline void std_check_random(hd_std_env *env, hd_kind kind, const char *const *pieces,
                                    uint32_t n_pieces, uint32_t n_rounds)
{
    uint64_t seed = 20260101 + (uint64_t)kind;
    hd_buf raw = {0};
    for (uint32_t round = 0; round < n_rounds; round++) {
        hd_buf_clear(&raw);
        for (uint32_t n = 1 + std_random(&seed, 7); n > 0; n--) {
            if (std_random(&seed, 5))
                hd_buf_add(&raw, hd_str_from(pieces[std_random(&seed, n_pieces)]));
            else
                hd_buf_add_codepoint(&raw, std_random_point(&seed));
        }
        const char *broken = std_broken_promise(env, kind, hd_buf_str(&raw));
        cr_assert_null(broken, "\"%s\": promise broken: %s", raw.ptr, broken);
    }
    hd_buf_release(&raw);
}

#define STD_CASES(env, kind, cases) \
    std_check_cases(env, HD_KIND_##kind, cases, sizeof(cases) / sizeof *(cases))
#define STD_RANDOM(env, kind, pieces, n_rounds) \
    std_check_random(env, HD_KIND_##kind, pieces, sizeof(pieces) / sizeof *(pieces), n_rounds)

#define OK HD_STATE_ok
#define REPAIRED HD_STATE_repaired
#define SUSPICIOUS HD_STATE_suspicious
#define DAMAGED HD_STATE_damaged
#define PLACEHOLDER HD_STATE_placeholder
#define INVALID HD_STATE_invalid
#define MISSING HD_STATE_missing

#endif
