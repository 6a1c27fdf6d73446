#include <criterion/criterion.h>
#include <stdio.h>

#include "matchers/text_overlap.h"
#include "text_sample.h"

/* ---- the same by their definitions ---- */

typedef struct naive_groups {
    uint32_t n, m, shared;
} naive_groups;

static naive_groups count_groups(hd_str a, hd_str b, uint32_t size)
{
    uint32_t x[HD_CHARACTERS_MAX], y[HD_CHARACTERS_MAX];
    uint32_t n = text_sample_decode(a, x), m = text_sample_decode(b, y);
    bool used[HD_CHARACTERS_MAX] = {false};
    if (n < size || m < size)
        return (naive_groups){0, 0, 0};
    naive_groups g = {n - size + 1, m - size + 1, 0};
    for (uint32_t i = 0; i < g.n; i++) {
        for (uint32_t j = 0; j < g.m; j++) {
            if (used[j] || memcmp(x + i, y + j, size * sizeof *x))
                continue;
            used[j] = true;
            g.shared++;
            break;
        }
    }
    return g;
}

static void check_pair(hd_str a, hd_str b, uint64_t seed)
{
    double same = hd_str_eq(a, b);
    naive_groups two = count_groups(a, b, 2), three = count_groups(a, b, 3);
    double s = two.shared, smaller = two.n < two.m ? two.n : two.m;
    double overlap = two.n ? s / smaller : same;
    double dice = two.n ? 2 * s / (two.n + two.m) : same;
    double jaccard = two.n ? s / (two.n + two.m - s) : same;
    double of_three = three.n ? (double)three.shared / (three.n + three.m - three.shared) : same;
    cr_assert(hd_bigram_overlap(a, b) == overlap, "seed %lu", seed);
    cr_assert(hd_bigram_dice(a, b) == dice, "seed %lu", seed);
    cr_assert(hd_bigram_jaccard(a, b) == jaccard, "seed %lu", seed);
    cr_assert(hd_trigram_jaccard(a, b) == of_three, "seed %lu", seed);
}

Test(text_overlap, agrees_with_the_definitions)
{
    static const uint32_t sizes[] = {3, 5, 9, 20, 64, 65, SAMPLE_CHARS};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t n_pairs = sizes[i] < 20 ? 20000 : 200;
        for (uint64_t seed = 0; seed < n_pairs; seed++) {
            text_sample a, b;
            text_sample_make(&a, 2 * seed, sizes[i]);
            text_sample_make(&b, 2 * seed + 1, sizes[i]);
            check_pair(a.view, b.view, seed);
            check_pair(b.view, a.view, seed);
            check_pair(a.view, a.view, seed);
            text_sample_edit(&b, &a, seed, 3);
            check_pair(a.view, b.view, seed);
        }
    }
}

Test(text_overlap, groups_that_stand_twice_count_twice)
{
    cr_assert(hd_bigram_overlap(HD_STR("曲靖市麒麟区"), HD_STR("麒麟区")) == 1);
    cr_assert(hd_bigram_overlap(HD_STR("aaa"), HD_STR("aa")) == 1);
    cr_assert(hd_bigram_overlap(HD_STR("aaaa"), HD_STR("xaab")) == 1.0 / 3);
    cr_assert(hd_bigram_dice(HD_STR("night"), HD_STR("nacht")) == 0.25);
    cr_assert(hd_bigram_jaccard(HD_STR("night"), HD_STR("nacht")) == 1.0 / 7);
    cr_assert(hd_trigram_jaccard(HD_STR("人民路十二号"), HD_STR("人民路十三号")) == 2.0 / 6);
}

Test(text_overlap, texts_without_a_group_equal_themselves_alone)
{
    cr_assert(hd_bigram_dice(HD_STR(""), HD_STR("")) == 1);
    cr_assert(hd_bigram_dice(HD_STR(""), HD_STR("张三")) == 0);
    cr_assert(hd_bigram_jaccard(HD_STR("张"), HD_STR("张")) == 1);
    cr_assert(hd_bigram_jaccard(HD_STR("张"), HD_STR("张三")) == 0);
    cr_assert(hd_trigram_jaccard(HD_STR("张三"), HD_STR("张三")) == 1);
    cr_assert(hd_bigram_overlap(HD_STR_NULL, HD_STR("")) == 1);
}

Test(text_overlap, words_in_any_order)
{
    cr_assert(hd_token_set(HD_STR("Mary Ann O'Brien"), HD_STR("O'Brien, Mary-Ann")) == 1);
    cr_assert(hd_token_set(HD_STR("mary"), HD_STR("mary mary")) == 1);
    cr_assert(hd_token_set(HD_STR("12 high street"), HD_STR("high street 13")) == 0.5);
    cr_assert(hd_token_set(HD_STR("买买提·吐尔逊"), HD_STR("吐尔逊・买买提")) < 0.5);
    cr_assert(hd_token_set(HD_STR("买买提·吐尔逊"), HD_STR("吐尔逊·买买提")) == 1);
    cr_assert(hd_token_set(HD_STR("二〇一号，三楼"), HD_STR("三楼　二〇一号")) == 1);
    cr_assert(hd_token_set(HD_STR("a"), HD_STR("b")) == 0);
    cr_assert(hd_token_set(HD_STR("--"), HD_STR("--")) == 1);
    cr_assert(hd_token_set(HD_STR("--"), HD_STR("-")) == 0);
    cr_assert(hd_token_set(HD_STR("--"), HD_STR("a")) == 0);
}

Test(text_overlap, values_of_a_list)
{
    hd_str phones = HD_STR("13800001111; 13900002222");
    cr_assert_eq(hd_list_shared(phones, HD_STR("13900002222")), 1);
    cr_assert_eq(hd_list_shared(phones, HD_STR("13900002222/13800001111|13800001111")), 2);
    cr_assert_eq(hd_list_shared(phones, HD_STR("1390000222")), 0);
    cr_assert_eq(hd_list_shared(phones, HD_STR("")), 0);
    cr_assert_eq(hd_list_shared(HD_STR("张三、李四；王五"), HD_STR("王五，李四")), 2);
    cr_assert(hd_list_overlap(phones, HD_STR("13900002222")) == 1);
    cr_assert(hd_list_overlap(phones, HD_STR("13900002222,13700003333")) == 0.5);
    cr_assert(hd_list_overlap(HD_STR(" ; "), HD_STR(" ; ")) == 1);
    cr_assert(hd_list_overlap(HD_STR(""), phones) == 0);
}

Test(text_overlap, the_first_64_members_count)
{
    char many[400];
    uint32_t len = 0;
    for (int i = 0; i < 80; i++)
        len += (uint32_t)sprintf(many + len, "%d,", 100 + i);
    cr_assert_eq(hd_list_shared((hd_str){many, len}, (hd_str){many, len}), HD_MEMBERS_MAX);
    cr_assert_eq(hd_list_shared((hd_str){many, len}, HD_STR("163")), 1);
    cr_assert_eq(hd_list_shared((hd_str){many, len}, HD_STR("164")), 0);
}
