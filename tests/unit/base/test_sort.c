#include <criterion/criterion.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"

/* Sizes on both sides of the change of method, and masks that leave passes out: an even number,
 * an odd number, all, none. */
static const size_t sizes[] = {0, 1, 2, 3, 47, 48, 49, 255, 1000, 70000};
static const uint64_t masks[] = {
    UINT64_MAX, 0, 0xFF, 0xFFFF, UINT64_C(0xFF00000000000000), UINT64_C(0x00FF00FF00FF0000), 3};

enum { N_SIZES = sizeof sizes / sizeof *sizes, N_MASKS = sizeof masks / sizeof *masks };

Test(sort, keyed_is_stable_and_complete)
{
    for (size_t s = 0; s < N_SIZES; s++) {
        for (size_t m = 0; m < N_MASKS; m++) {
            size_t n = sizes[s];
            hd_keyed *items = hd_alloc(n * sizeof *items);
            for (size_t i = 0; i < n; i++)
                items[i] = (hd_keyed){hd_hash_mix(i, s) & masks[m], (uint32_t)i};
            hd_sort_keyed(items, n);
            uint64_t sum = 0;
            for (size_t i = 0; i < n; i++) {
                sum += items[i].value;
                cr_assert_eq(items[i].key, hd_hash_mix(items[i].value, s) & masks[m]);
                if (i > 0 && items[i - 1].key == items[i].key)
                    cr_assert_lt(items[i - 1].value, items[i].value);
                else if (i > 0)
                    cr_assert_lt(items[i - 1].key, items[i].key);
            }
            cr_assert_eq(sum, n ? (uint64_t)n * (n - 1) / 2 : 0);
            hd_free(items);
        }
    }
}

static int by_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

Test(sort, u64_agrees_with_qsort)
{
    for (size_t s = 0; s < N_SIZES; s++) {
        for (size_t m = 0; m < N_MASKS; m++) {
            size_t n = sizes[s];
            uint64_t *items = hd_alloc(n * 8), *expected = hd_alloc(n * 8);
            for (size_t i = 0; i < n; i++)
                expected[i] = items[i] = hd_hash_mix(i, m) & masks[m];
            hd_sort_u64(items, n);
            qsort(expected, n, 8, by_u64);
            cr_assert_eq(memcmp(items, expected, n * 8), 0);
            hd_free(items);
            hd_free(expected);
        }
    }
}
