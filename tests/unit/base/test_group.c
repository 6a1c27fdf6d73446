#include "base/group.h"

#include <criterion/criterion.h>

#include "base/hash.h"
#include "base/mem.h"

/* Of a number's key: few distinct ones, or many; every seventh number has none. */
static void make_keys(void *arg, uint32_t begin, uint32_t end, uint64_t *out)
{
    uint64_t n_keys = *(const uint64_t *)arg;
    for (uint32_t i = begin; i < end; i++)
        out[i - begin] = i % 7 == 0 ? 0 : 1 + hd_hash_mix(i, 3) % n_keys;
}

static uint64_t key_of(uint32_t i, uint64_t n_keys)
{
    uint64_t key;
    make_keys(&n_keys, i, i + 1, &key);
    return key;
}

static void group(hd_ctx *ctx, uint32_t n, uint64_t n_keys, hd_groups *out)
{
    cr_assert_eq(hd_group(ctx, n, make_keys, &n_keys, out), HD_OK);
}

/* All that have a key, once each, in the order of their keys within a part, then by number. */
static void expect_complete(const hd_groups *g, uint32_t n, uint64_t n_keys)
{
    uint64_t sum = 0, expected = 0;
    for (uint32_t i = 0; i < n; i++)
        expected += i % 7 ? i + 1 : 0;
    cr_assert_eq(g->start[0], 0);
    for (uint32_t part = 0; part < HD_GROUP_PARTS; part++) {
        for (size_t i = g->start[part]; i < g->start[part + 1]; i++) {
            const hd_keyed *item = &g->item[i];
            sum += item->value + 1;
            cr_assert_eq(item->key, key_of(item->value, n_keys));
            if (i > g->start[part])
                cr_assert(item[-1].key < item->key ||
                          (item[-1].key == item->key && item[-1].value < item->value));
        }
    }
    cr_assert_eq(sum, expected);
}

Test(group, is_complete_and_in_order)
{
    static const uint32_t sizes[] = {0, 1, 2, 63, 64, 65, 1000, 30000};
    static const uint64_t n_keys[] = {1, 2, 500, UINT64_C(1) << 60};
    hd_ctx ctx;
    hd_ctx_init(&ctx, 3);
    for (uint32_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (uint32_t k = 0; k < sizeof n_keys / sizeof *n_keys; k++) {
            hd_groups g;
            group(&ctx, sizes[s], n_keys[k], &g);
            expect_complete(&g, sizes[s], n_keys[k]);
            hd_groups_release(&g);
        }
    }
}

/* A key is in one part alone, in the same one of whatever it is grouped with. */
Test(group, a_key_is_in_one_part)
{
    enum { N = 20000, N_KEYS = 300 };
    hd_ctx ctx;
    hd_ctx_init(&ctx, 2);
    hd_groups g, other;
    uint32_t part_of[N_KEYS + 1] = {0};
    group(&ctx, N, N_KEYS, &g);
    group(&ctx, N / 2, N_KEYS, &other);
    for (uint32_t part = 0; part < HD_GROUP_PARTS; part++) {
        for (size_t i = g.start[part]; i < g.start[part + 1]; i++) {
            uint32_t *seen = &part_of[g.item[i].key];
            cr_assert(*seen == 0 || *seen == part + 1);
            *seen = part + 1;
        }
    }
    for (uint32_t part = 0; part < HD_GROUP_PARTS; part++)
        for (size_t i = other.start[part]; i < other.start[part + 1]; i++)
            cr_assert_eq(part_of[other.item[i].key], part + 1);
    hd_groups_release(&g);
    hd_groups_release(&other);
}

Test(group, threads_do_not_matter)
{
    enum { N = 50000 };
    hd_groups one, eight;
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    group(&ctx, N, 4000, &one);
    hd_ctx_init(&ctx, 8);
    group(&ctx, N, 4000, &eight);
    cr_assert_arr_eq(one.start, eight.start, sizeof one.start);
    cr_assert_arr_eq(one.item, eight.item, one.start[HD_GROUP_PARTS] * sizeof *one.item);
    hd_groups_release(&one);
    hd_groups_release(&eight);
}
