#include <criterion/criterion.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/pool.h"

Test(pool, empty_is_0)
{
    hd_pool *pool = hd_pool_new();
    cr_assert_eq(hd_pool_intern(pool, HD_STR("")), 0);
    cr_assert_eq(hd_pool_intern(pool, HD_STR_NULL), 0);
    cr_assert_eq(hd_pool_get(pool, 0).len_bytes, 0);
    cr_assert_not_null(hd_pool_get(pool, 0).ptr);
    cr_assert(hd_pool_has(pool, 0));
    cr_assert_eq(hd_pool_limit(pool), 1);
    for (hd_text text = 1; text < 200; text++)
        cr_assert_not(hd_pool_has(pool, text));
    hd_pool_free(pool);
    hd_pool_free(NULL);
}

Test(pool, bytes_are_copied_and_compared_whole)
{
    hd_pool *pool = hd_pool_new();
    char source[] = "曲靖市";
    hd_text a = hd_pool_intern(pool, hd_str_from(source));
    source[0] = 'x';
    hd_text b = hd_pool_intern(pool, hd_str_from(source));
    cr_assert_neq(a, 0);
    cr_assert_neq(a, b);
    cr_assert(hd_str_eq(hd_pool_get(pool, a), HD_STR("曲靖市")));
    cr_assert_eq(hd_pool_intern(pool, HD_STR("曲靖市")), a);
    cr_assert_neq(hd_pool_intern(pool, HD_STR("曲靖")), a);
    hd_text nul = hd_pool_intern(pool, (hd_str){"a\0b", 3});
    cr_assert_neq(hd_pool_intern(pool, (hd_str){"a\0c", 3}), nul);
    cr_assert_eq(hd_pool_get(pool, nul).ptr[2], 'b');
    hd_pool_free(pool);
}

enum { N_MANY = 400000 }; /* above 4096 a shard: several pages, several growths of the slots */

static hd_str many(char *out, uint32_t i)
{
    return (hd_str){out, (uint32_t)sprintf(out, "text-%u", i)};
}

Test(pool, many_texts)
{
    hd_pool *pool = hd_pool_new();
    hd_text *texts = hd_alloc(N_MANY * sizeof *texts);
    const char **ptrs = hd_alloc(N_MANY * sizeof *ptrs);
    char text[32];
    size_t n_bytes = 0;
    for (uint32_t i = 0; i < N_MANY; i++) {
        texts[i] = hd_pool_intern(pool, many(text, i));
        ptrs[i] = hd_pool_get(pool, texts[i]).ptr;
        n_bytes += hd_pool_get(pool, texts[i]).len_bytes;
    }
    uint32_t limit = hd_pool_limit(pool), n_used = 0;
    for (uint32_t i = 0; i < N_MANY; i++) {
        hd_str s = many(text, i);
        cr_assert_eq(hd_pool_intern(pool, s), texts[i]);
        cr_assert(hd_str_eq(hd_pool_get(pool, texts[i]), s));
        cr_assert_eq(hd_pool_get(pool, texts[i]).ptr, ptrs[i]);
        cr_assert_lt(texts[i], limit);
        cr_assert(hd_pool_has(pool, texts[i]));
    }
    for (hd_text t = 0; t < limit; t++)
        n_used += hd_pool_has(pool, t);
    cr_assert_eq(n_used, N_MANY + 1);
    cr_assert_eq(hd_pool_limit(pool), limit);
    cr_assert_lt(limit, N_MANY + N_MANY / 20, "numbers are dense: limit %u", limit);
    size_t held = hd_pool_bytes(pool);
    cr_assert_gt(held, n_bytes + N_MANY * 16);
    cr_assert_lt(held, n_bytes + N_MANY * 16 + (16U << 20), "holds %zu", held);
    hd_free(texts);
    hd_free(ptrs);
    hd_pool_free(pool);
}

Test(pool, texts_of_all_lengths)
{
    hd_pool *pool = hd_pool_new();
    enum { LONGEST = 70000 };
    char *text = hd_alloc(LONGEST);
    memset(text, 'x', LONGEST);
    hd_text texts[2000];
    uint32_t n = 0;
    for (uint32_t len = 1; len <= LONGEST && n < 2000; len += 1 + len / 16)
        texts[n++] = hd_pool_intern(pool, (hd_str){text, len});
    n = 0;
    for (uint32_t len = 1; len <= LONGEST && n < 2000; len += 1 + len / 16, n++) {
        cr_assert(hd_str_eq(hd_pool_get(pool, texts[n]), (hd_str){text, len}));
        cr_assert_eq(hd_pool_intern(pool, (hd_str){text, len}), texts[n]);
    }
    hd_free(text);
    hd_pool_free(pool);
}

/* Texts whose tag (low half of the hash) and shard are equal are told apart by their bytes. Such a
 * pair is found among some 10^5 texts: 38 bits, and 5e9 pairs of them. */
Test(pool, equal_tags_are_told_apart)
{
    enum { N = 1 << 20 };
    typedef struct seen {
        uint64_t key;
        uint32_t i;
    } seen;
    seen *table = hd_alloc_zero(2 * N, sizeof *table);
    hd_pool *pool = hd_pool_new();
    unsigned n_pairs = 0;
    char a[32], b[32];
    for (uint32_t i = 1; i < N; i++) {
        hd_str s = many(a, i);
        uint64_t hash = hd_hash64(s.ptr, s.len_bytes, 0);
        uint64_t key = (hash >> 58) << 32 | (uint32_t)hash;
        uint32_t at = (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 43);
        while (table[at].i && table[at].key != key)
            at = (at + 1) & (2 * N - 1);
        if (table[at].i) {
            n_pairs++;
            hd_text first = hd_pool_intern(pool, many(b, table[at].i));
            hd_text second = hd_pool_intern(pool, s);
            cr_assert_neq(first, second);
            cr_assert_eq(hd_pool_intern(pool, s), second);
        }
        table[at] = (seen){key, i};
    }
    cr_assert_gt(n_pairs, 0);
    hd_pool_free(pool);
    hd_free(table);
}
