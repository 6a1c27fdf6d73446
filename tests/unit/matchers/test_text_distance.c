#include <criterion/criterion.h>
#include <math.h>

#include "matchers/text_distance.h"
#include "text_sample.h"

/* ---- the same distances, by their definitions ---- */

static uint32_t min2(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t naive_edit(hd_str a, hd_str b, bool swaps)
{
    static uint32_t cell[HD_CHARACTERS_MAX + 1][HD_CHARACTERS_MAX + 1];
    uint32_t x[HD_CHARACTERS_MAX], y[HD_CHARACTERS_MAX];
    uint32_t n = text_sample_decode(a, x), m = text_sample_decode(b, y);
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

static double naive_similarity(hd_str a, hd_str b)
{
    uint32_t x[HD_CHARACTERS_MAX];
    uint32_t n = text_sample_decode(a, x), m = text_sample_decode(b, x), longer = n > m ? n : m;
    return longer ? 1 - (double)naive_edit(a, b, false) / longer : 1;
}

static uint32_t naive_positions(hd_str a, hd_str b)
{
    uint32_t x[HD_CHARACTERS_MAX], y[HD_CHARACTERS_MAX];
    uint32_t n = text_sample_decode(a, x), m = text_sample_decode(b, y);
    uint32_t differing = n > m ? n - m : m - n;
    for (uint32_t i = 0; i < min2(n, m); i++)
        differing += x[i] != y[i];
    return differing;
}

static double naive_jaro(hd_str a, hd_str b)
{
    uint32_t x[HD_CHARACTERS_MAX], y[HD_CHARACTERS_MAX], in_order[HD_CHARACTERS_MAX];
    uint32_t n = text_sample_decode(a, x), m = text_sample_decode(b, y);
    bool used[HD_CHARACTERS_MAX] = {false};
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

static double naive_prefix(hd_str a, hd_str b)
{
    uint32_t x[HD_CHARACTERS_MAX], y[HD_CHARACTERS_MAX], i = 0;
    uint32_t n = text_sample_decode(a, x), m = text_sample_decode(b, y);
    if (n == 0 || m == 0)
        return n == m;
    while (i < min2(n, m) && x[i] == y[i])
        i++;
    return (double)i / min2(n, m);
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
    cr_assert(hd_prefix_overlap(a, b) == naive_prefix(a, b), "seed %lu", seed);
    cr_assert(hd_prefix_overlap(b, a) == naive_prefix(a, b), "seed %lu", seed);
    cr_assert(hd_edit_similarity(a, b) == naive_similarity(a, b), "seed %lu", seed);
    cr_assert(hd_edit_similarity(b, a) == naive_similarity(a, b), "seed %lu", seed);
}

Test(text_distance, agrees_with_the_definitions)
{
    static const uint32_t sizes[] = {3, 5, 9, 20, 63, 64, 65, 130, SAMPLE_CHARS};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t n_pairs = sizes[i] < 20 ? 20000 : sizes[i] < 65 ? 800 : 100;
        for (uint64_t seed = 0; seed < n_pairs; seed++) {
            text_sample a, b;
            text_sample_make(&a, 2 * seed, sizes[i]);
            text_sample_make(&b, 2 * seed + 1, sizes[i]);
            check_pair(a.view, b.view, seed);
            check_pair(a.view, a.view, seed);
        }
    }
}

Test(text_distance, alphabets_may_differ)
{
    for (uint64_t seed = 0; seed < 5000; seed++) {
        text_sample a, b;
        text_sample_make(&a, 2 * seed, 12);
        text_sample_make(&b, 2 * seed + 3, 12);
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
    }
    cr_assert(hd_jaro(HD_STR("张"), HD_STR("张")) == 1);
    cr_assert(hd_jaro(HD_STR("张"), HD_STR("李")) == 0);
}

/* Two long texts that are one but for a few slips, as random ones never are. */
Test(text_distance, long_texts_that_are_nearly_the_same)
{
    for (uint64_t seed = 0; seed < 300; seed++) {
        text_sample a, b;
        text_sample_make(&a, 2 * seed, SAMPLE_CHARS);
        text_sample_edit(&b, &a, seed, (uint32_t)(seed % 7));
        check_pair(a.view, b.view, seed);
    }
}

/* What lies beyond the first 256 characters is not there. */
Test(text_distance, the_longest_texts_are_cut)
{
    char a[1200], b[1200];
    uint32_t len = 0, bound = HD_CHARACTERS_MAX;
    for (uint32_t i = 0; i < bound + 50; i++)
        len += hd_utf8_encode(0x4E00 + i, a + len);
    memcpy(b, a, len);
    memcpy(b + bound * 3, "丰", 3);
    cr_assert_eq(hd_levenshtein((hd_str){a, len}, (hd_str){b, len}), 0);
    cr_assert_eq(hd_levenshtein((hd_str){a, len}, HD_STR("")), bound);
    cr_assert_eq(hd_positions_differing((hd_str){a, len}, (hd_str){b, len}), 0);
    cr_assert_eq(hd_positions_differing((hd_str){a, len}, (hd_str){a, 30}), bound - 10);
    cr_assert(hd_jaro((hd_str){a, len}, (hd_str){b, len}) == 1);
    cr_assert(hd_edit_similarity((hd_str){a, len}, (hd_str){b, len}) == 1);
    memcpy(b + (bound - 1) * 3, "丰", 3);
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
        }
    }
}
