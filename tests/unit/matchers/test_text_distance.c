#include <criterion/criterion.h>
#include <math.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "matchers/text_distance.h"

enum { CHARS_MAX = 80, BYTES_MAX = 4 * CHARS_MAX };

/* ---- the same distances, by their definitions ---- */

static uint32_t min2(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t naive_edit(hd_str a, hd_str b, bool swaps)
{
    static uint32_t cell[HD_DISTANCE_MAX + 1][HD_DISTANCE_MAX + 1];
    uint32_t x[HD_DISTANCE_MAX], y[HD_DISTANCE_MAX];
    uint32_t n = hd_utf8_decode(a, x, HD_DISTANCE_MAX), m = hd_utf8_decode(b, y, HD_DISTANCE_MAX);
    for (uint32_t i = 0; i <= n; i++) {
        for (uint32_t j = 0; j <= m; j++) {
            if (i == 0 || j == 0) {
                cell[i][j] = i + j;
                continue;
            }
            uint32_t best = cell[i - 1][j - 1] + (x[i - 1] != y[j - 1]);
            best = min2(best, min2(cell[i - 1][j], cell[i][j - 1]) + 1);
            if (swaps && i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                best = min2(best, cell[i - 2][j - 2] + 1);
            cell[i][j] = best;
        }
    }
    return cell[n][m];
}

static uint32_t naive_positions(hd_str a, hd_str b)
{
    uint32_t x[HD_DISTANCE_MAX], y[HD_DISTANCE_MAX];
    uint32_t n = hd_utf8_decode(a, x, HD_DISTANCE_MAX), m = hd_utf8_decode(b, y, HD_DISTANCE_MAX);
    uint32_t differing = n > m ? n - m : m - n;
    for (uint32_t i = 0; i < min2(n, m); i++)
        differing += x[i] != y[i];
    return differing;
}

static double naive_jaro(hd_str a, hd_str b)
{
    uint32_t x[HD_DISTANCE_MAX], y[HD_DISTANCE_MAX], in_order[HD_DISTANCE_MAX];
    uint32_t n = hd_utf8_decode(a, x, HD_DISTANCE_MAX), m = hd_utf8_decode(b, y, HD_DISTANCE_MAX);
    bool used[HD_DISTANCE_MAX] = {false};
    uint32_t longer = n > m ? n : m, window = longer >= 2 ? longer / 2 - 1 : 0;
    uint32_t matched = 0, moved = 0, k = 0;
    if (longer == 0)
        return 1;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = i > window ? i - window : 0; j < m && j <= i + window; j++) {
            if (!used[j] && x[i] == y[j]) {
                used[j] = true;
                in_order[matched++] = x[i];
                break;
            }
        }
    }
    for (uint32_t j = 0; j < m; j++) {
        if (used[j])
            moved += in_order[k++] != y[j];
    }
    if (matched == 0)
        return 0;
    double c = matched;
    return (c / n + c / m + (c - moved / 2) / c) / 3;
}

static double naive_bigrams(hd_str a, hd_str b)
{
    uint32_t x[HD_DISTANCE_MAX], y[HD_DISTANCE_MAX];
    uint32_t n = hd_utf8_decode(a, x, HD_DISTANCE_MAX), m = hd_utf8_decode(b, y, HD_DISTANCE_MAX);
    bool used[HD_DISTANCE_MAX] = {false};
    uint32_t found = 0;
    if (n < 2 || m < 2)
        return hd_str_eq(a, b);
    for (uint32_t i = 0; i + 1 < n; i++) {
        for (uint32_t j = 0; j + 1 < m; j++) {
            if (!used[j] && x[i] == y[j] && x[i + 1] == y[j + 1]) {
                used[j] = true;
                found++;
                break;
            }
        }
    }
    return (double)found / (min2(n, m) - 1);
}

/* ---- seeded texts ---- */

/* Alphabets that are small enough for repeats, of one to four bytes a character; in the second,
 * characters share first, last and middle bytes, and some their low seven bits. */
static const uint32_t alphabets[][6] = {
    {'0', '1', '2', '3', 'X', '9'},
    {0x4E00, 0x4E80, 0x5E00, 0x4E01, 0x7F00, 0x2000},
    {0x4E, 0x4E00 + 0x4E, 0xCE, 0xE9, 0x20000, 0x2004E},
    {0x7B2C, 0x5F20, 0x0915, 0xD55C, 0xB7, 'a'},
};

enum { N_ALPHABETS = sizeof alphabets / sizeof *alphabets };

typedef struct sample {
    char bytes[BYTES_MAX];
    hd_str view;
} sample;

static void make_sample(sample *s, uint64_t seed, uint32_t n_max)
{
    uint32_t n = (uint32_t)(hd_hash_mix(seed, 1) % (n_max + 1)), len = 0;
    uint32_t alphabet = (uint32_t)(seed / 2 % N_ALPHABETS);
    for (uint32_t i = 0; i < n; i++)
        len += hd_utf8_encode(alphabets[alphabet][hd_hash_mix(seed, 2 + i) % 6], s->bytes + len);
    s->view = (hd_str){s->bytes, len};
}

static void check_pair(hd_str a, hd_str b, uint64_t seed)
{
    uint32_t edit = naive_edit(a, b, false), swap = naive_edit(a, b, true);
    cr_assert_eq(hd_levenshtein(a, b), edit, "seed %lu", seed);
    cr_assert_eq(hd_levenshtein(b, a), edit, "seed %lu", seed);
    cr_assert_eq(hd_damerau(a, b), swap, "seed %lu", seed);
    cr_assert_eq(hd_damerau(b, a), swap, "seed %lu", seed);
    cr_assert_eq(hd_positions_differing(a, b), naive_positions(a, b), "seed %lu", seed);
    cr_assert_eq(hd_positions_differing(b, a), naive_positions(a, b), "seed %lu", seed);
    cr_assert(hd_jaro(a, b) == naive_jaro(a, b), "seed %lu", seed);
    cr_assert(hd_jaro(b, a) == hd_jaro(a, b), "seed %lu", seed);
    cr_assert(hd_jaro_winkler(b, a) == hd_jaro_winkler(a, b), "seed %lu", seed);
    cr_assert(hd_jaro_winkler(b, a) >= hd_jaro(a, b), "seed %lu", seed);
    cr_assert(hd_bigram_overlap(a, b) == naive_bigrams(a, b), "seed %lu", seed);
    cr_assert(hd_bigram_overlap(b, a) == naive_bigrams(a, b), "seed %lu", seed);
}

Test(text_distance, agrees_with_the_definitions)
{
    static const uint32_t sizes[] = {3, 5, 9, 20, 63, 64, CHARS_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t n_pairs = sizes[i] < 20 ? 20000 : 800;
        for (uint64_t seed = 0; seed < n_pairs; seed++) {
            sample a, b;
            make_sample(&a, 2 * seed, sizes[i]);
            make_sample(&b, 2 * seed + 1, sizes[i]);
            check_pair(a.view, b.view, seed);
            check_pair(a.view, a.view, seed);
        }
    }
}

Test(text_distance, alphabets_may_differ)
{
    for (uint64_t seed = 0; seed < 5000; seed++) {
        sample a, b;
        make_sample(&a, 2 * seed, 12);
        make_sample(&b, 2 * seed + 3, 12);
        check_pair(a.view, b.view, seed);
    }
}

Test(text_distance, known_edits)
{
    cr_assert_eq(hd_levenshtein(HD_STR("kitten"), HD_STR("sitting")), 3);
    cr_assert_eq(hd_levenshtein(HD_STR("张三丰"), HD_STR("张三封")), 1);
    cr_assert_eq(hd_levenshtein(HD_STR("张三丰"), HD_STR("张丰")), 1);
    cr_assert_eq(hd_levenshtein(HD_STR("张三丰"), HD_STR("李四")), 3);
    cr_assert_eq(hd_levenshtein(HD_STR("张三"), HD_STR("三张")), 2);
    cr_assert_eq(hd_damerau(HD_STR("张三"), HD_STR("三张")), 1);
    cr_assert_eq(hd_damerau(HD_STR("ca"), HD_STR("abc")), 3); /* not 2: alignment is restricted */
    cr_assert_eq(hd_damerau(HD_STR("530303198001020015"), HD_STR("530303198010020015")), 1);
    cr_assert_eq(hd_levenshtein(HD_STR("530303198001020015"), HD_STR("530303198010020015")), 2);
}

Test(text_distance, known_similarities)
{
    cr_assert_float_eq(hd_jaro(HD_STR("MARTHA"), HD_STR("MARHTA")), 17.0 / 18, 1e-12);
    cr_assert_float_eq(hd_jaro(HD_STR("DIXON"), HD_STR("DICKSONX")), 23.0 / 30, 1e-12);
    cr_assert_float_eq(hd_jaro_winkler(HD_STR("MARTHA"), HD_STR("MARHTA")), 0.96111, 1e-5);
    cr_assert_float_eq(hd_jaro_winkler(HD_STR("DIXON"), HD_STR("DICKSONX")), 0.81333, 1e-5);
    cr_assert_float_eq(hd_jaro_winkler(HD_STR("张三丰"), HD_STR("张三封")), 7.0 / 9 + 0.2 * 2 / 9,
                       1e-12);
    /* at most four characters of prefix */
    cr_assert_float_eq(hd_jaro_winkler(HD_STR("abcdefgh"), HD_STR("abcdefgx")),
                       hd_jaro(HD_STR("abcdefgh"), HD_STR("abcdefgx")) * 0.6 + 0.4, 1e-12);
    cr_assert(hd_bigram_overlap(HD_STR("曲靖市麒麟区"), HD_STR("麒麟区")) == 1);
    cr_assert(hd_bigram_overlap(HD_STR("aaa"), HD_STR("aa")) == 1);
    cr_assert(hd_bigram_overlap(HD_STR("aaaa"), HD_STR("xaab")) == 1.0 / 3);
}

Test(text_distance, empty_and_null)
{
    hd_str nothing[] = {HD_STR(""), HD_STR_NULL};
    for (int i = 0; i < 2; i++) {
        hd_str none = nothing[i], name = HD_STR("张三丰");
        cr_assert_eq(hd_levenshtein(none, none), 0);
        cr_assert_eq(hd_levenshtein(none, name), 3);
        cr_assert_eq(hd_damerau(name, none), 3);
        cr_assert_eq(hd_positions_differing(none, name), 3);
        cr_assert_eq(hd_positions_differing(none, none), 0);
        cr_assert(hd_jaro(none, none) == 1);
        cr_assert(hd_jaro(none, name) == 0);
        cr_assert(hd_jaro_winkler(none, none) == 1);
        cr_assert(hd_bigram_overlap(none, none) == 1);
        cr_assert(hd_bigram_overlap(none, name) == 0);
    }
    cr_assert(hd_bigram_overlap(HD_STR("张"), HD_STR("张")) == 1);
    cr_assert(hd_bigram_overlap(HD_STR("张"), HD_STR("张三")) == 0);
    cr_assert(hd_jaro(HD_STR("张"), HD_STR("张")) == 1);
    cr_assert(hd_jaro(HD_STR("张"), HD_STR("李")) == 0);
}

/* What lies beyond the first 64 characters is not there. */
Test(text_distance, long_texts_are_cut)
{
    char a[600], b[600];
    uint32_t len = 0;
    for (int i = 0; i < 100; i++)
        len += hd_utf8_encode(0x4E00 + (uint32_t)i, a + len);
    memcpy(b, a, len);
    memcpy(b + 64 * 3, "丰", 3);
    cr_assert_eq(hd_levenshtein((hd_str){a, len}, (hd_str){b, len}), 0);
    cr_assert_eq(hd_levenshtein((hd_str){a, len}, HD_STR("")), 64);
    cr_assert_eq(hd_positions_differing((hd_str){a, len}, (hd_str){b, len}), 0);
    cr_assert_eq(hd_positions_differing((hd_str){a, len}, (hd_str){a, 30}), 54);
    cr_assert(hd_jaro((hd_str){a, len}, (hd_str){b, len}) == 1);
    cr_assert(hd_bigram_overlap((hd_str){a, len}, (hd_str){b, len}) == 1);
    memcpy(b + 63 * 3, "丰", 3);
    cr_assert_eq(hd_levenshtein((hd_str){a, len}, (hd_str){b, len}), 1);
    cr_assert_eq(hd_damerau((hd_str){a, len}, (hd_str){b, len}), 1);
}

/* Standardise has refused it, but a view of raw bytes must not be read beyond its end. */
Test(text_distance, malformed_bytes_do_no_harm)
{
    static const char junk[] = "\xE5\xBC\xA0\xE4\xB8\xFF\x80\x80\xF0\x9F\x98\xE5";
    for (uint32_t i = 0; i < sizeof junk; i++) {
        for (uint32_t j = 0; j < sizeof junk; j++) {
            hd_str a = {junk, i}, b = {junk + sizeof junk - 1 - j, j};
            cr_assert_eq(hd_levenshtein(a, b), hd_levenshtein(b, a));
            cr_assert_eq(hd_damerau(a, b), hd_damerau(b, a));
            cr_assert_leq(hd_damerau(a, b), 12);
            cr_assert_eq(hd_positions_differing(a, b), hd_positions_differing(b, a));
            cr_assert(hd_jaro_winkler(a, b) == hd_jaro_winkler(b, a));
            cr_assert(hd_bigram_overlap(a, b) == hd_bigram_overlap(b, a));
        }
    }
}
