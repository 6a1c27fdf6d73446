#include "pipeline/analyse/pattern_count.h"

#include <criterion/criterion.h>

Test(pattern_count, counts_and_sorts)
{
    hd_pattern_counts counts = {0};
    for (uint32_t i = 0; i < 100000; i++)
        hd_pattern_add(&counts, i * 7919u % 5000u, 1 + i % 2);
    cr_assert_eq(counts.n, 5000);
    hd_pattern_sort(&counts);
    uint64_t total = 0;
    for (size_t i = 0; i < counts.n; i++) {
        cr_assert_eq(counts.pattern[i], i);
        total += counts.count[i];
    }
    cr_assert_eq(total, 150000);
    hd_pattern_release(&counts);
}

Test(pattern_count, merge_adds_what_threads_counted)
{
    hd_pattern_counts a = {0}, b = {0}, empty = {0};
    hd_pattern_add(&a, UINT32_MAX, 3);
    hd_pattern_add(&b, UINT32_MAX, UINT64_C(1) << 40);
    hd_pattern_add(&b, 0, 5);
    hd_pattern_merge(&a, &b);
    hd_pattern_merge(&a, &empty);
    hd_pattern_sort(&a);
    cr_assert_eq(a.n, 2);
    cr_assert_eq(a.pattern[0], 0);
    cr_assert_eq(a.count[0], 5);
    cr_assert_eq(a.count[1], (UINT64_C(1) << 40) + 3);
    hd_pattern_release(&a);
    hd_pattern_release(&b);
}

Test(pattern_count, sorting_none_is_fine)
{
    hd_pattern_counts counts = {0};
    hd_pattern_sort(&counts);
    cr_assert_eq(counts.n, 0);
    hd_pattern_release(&counts);
}
