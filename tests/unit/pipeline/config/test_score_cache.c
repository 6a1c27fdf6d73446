#include "base/mem.h"
#include "pipeline/config/score_cache.h"
#include "rule_case.h"

/* More pairs than the cache holds, of several comparators in turn, so that slots are taken again
 * and again. */
Test(score_cache, answers_as_without_it)
{
    enum { N = 80 };
    rule_case *rc = rule_case_new();
    hd_score_cache *cache = hd_score_cache_new();
    hd_text number[N];
    hd_operand text[N];
    for (int i = 0; i < N; i++) {
        text[i].text = hd_arena_printf(&rc->arena, "%d 张%d", i % 9, i / 9);
        number[i] = hd_pool_intern(rc->scope.texts, text[i].text);
    }
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            for (int c = 0; c < HD_N_COMPARATORS; c++) {
                if (hd_comparators[c].takes != HD_OPERAND_text)
                    continue;
                double want = hd_comparators[c].compare(&text[i], &text[j]);
                double got = hd_score_cache_compare(cache, (hd_comparator_number)c, rc->scope.texts,
                                                    number[i], number[j]);
                cr_assert(got == want, "%s of %d and %d", hd_comparators[c].name, i, j);
            }
        }
    }
    hd_free(cache);
    rule_case_free(rc);
}
