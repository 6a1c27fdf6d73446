#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"

Test(sort_texts, by_bytes_and_stable)
{
    enum { N = 20000 };
    static char text[N][40];
    hd_str *texts = hd_alloc(N * sizeof *texts), *sorted = hd_alloc(N * sizeof *sorted);
    uint32_t *order = hd_alloc(N * sizeof *order);
    uint64_t x = 1;
    for (uint32_t i = 0; i < N; i++) {
        x = x * UINT64_C(6364136223846793005) + 1442695040888963407;
        int n = (int)(x >> 33) % 30 + (i % 100 == 0 ? 8 : 0);
        snprintf(text[i], sizeof text[i], "%.*s%llu", n, "aaaaaaaabbbbbbbbccccccccdddddddd",
                 (unsigned long long)(x >> 40) % (i % 2 ? 10 : 100000));
        texts[i] = hd_str_from(text[i]);
        if (i % 50 == 0)
            texts[i].len_bytes =
                texts[i].len_bytes / 8 * 8; /* ends where a prefix ends; may be empty */
    }
    memcpy(sorted, texts, N * sizeof *texts);
    qsort(sorted, N, sizeof *sorted, hd_str_compare);
    hd_sort_texts(texts, N, order);
    for (uint32_t i = 0; i < N; i++) {
        cr_assert(hd_str_eq(texts[order[i]], sorted[i]));
        if (i && hd_str_eq(texts[order[i - 1]], texts[order[i]]))
            cr_assert_lt(order[i - 1], order[i]);
    }
    hd_free(texts);
    hd_free(sorted);
    hd_free(order);
}

Test(sort_texts, a_prefix_orders_as_its_bytes)
{
    cr_assert_eq(hd_sort_prefix(HD_STR_NULL, 0), 0);
    cr_assert_eq(hd_sort_prefix(HD_STR("a"), 0), UINT64_C(0x6100000000000000));
    cr_assert_eq(hd_sort_prefix(HD_STR("0123456789"), 8), UINT64_C(0x3839000000000000));
    cr_assert_eq(hd_sort_prefix(HD_STR("01234567"), 8), 0);
    cr_assert_lt(hd_sort_prefix(HD_STR("ab"), 0), hd_sort_prefix(HD_STR("b"), 0));
    cr_assert_lt(hd_sort_prefix(HD_STR("z"), 0), hd_sort_prefix(HD_STR("曲"), 0));
}
