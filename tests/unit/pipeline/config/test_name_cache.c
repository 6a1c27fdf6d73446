#include "base/mem.h"
#include "pipeline/config/name_cache.h"
#include "rule_case.h"

/* More names than the cache holds, so that slots are taken again and again. */
Test(name_cache, answers_as_without_it)
{
    enum { N = 300 };
    rule_case *rc = rule_case_with_han();
    hd_name_cache *cache = hd_name_cache_new();
    static const char *const chars[] = {"三", "丰", "张", "張", "锋", "□", "阳"};
    hd_text number[N];
    hd_str text[N];
    for (int i = 0; i < N; i++) {
        const char *a = chars[i % 7], *b = chars[i / 7 % 7], *c = chars[i / 49 % 7];
        text[i] = hd_arena_printf(&rc->arena, "%s%s%s", a, b, c);
        number[i] = hd_pool_intern(rc->scope.texts, text[i]);
    }
    static hd_han_name x, y;
    for (int i = 0; i < N; i++) {
        hd_han_name_prepare(rc->env.han, text[i], &x);
        for (int j = 0; j < N; j++) {
            hd_han_name_prepare(rc->env.han, text[j], &y);
            hd_name_match want = hd_han_name_compare(&x, &y);
            hd_name_match got =
                hd_name_cache_match(cache, rc->env.han, rc->scope.texts, number[i], number[j]);
            cr_assert_eq(got.level, want.level, "%s %s", text[i].ptr, text[j].ptr);
            cr_assert_eq(got.score, want.score, "%s %s", text[i].ptr, text[j].ptr);
        }
    }
    hd_free(cache);
    rule_case_free(rc);
}
