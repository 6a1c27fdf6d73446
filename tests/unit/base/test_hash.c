#include <criterion/criterion.h>

#include "base/hash.h"

Test(hash, hash64_is_xxh3)
{
    /* Values of xxHash 0.8's own test of XXH3_64bits on the empty input. */
    cr_assert_eq(hd_hash64("", 0, 0), UINT64_C(0x2D06800538D394C2));
    cr_assert_eq(hd_hash64(NULL, 0, 0), UINT64_C(0x2D06800538D394C2));
    cr_assert_neq(hd_hash64("a", 1, 0), hd_hash64("a", 1, 1));
    cr_assert_neq(hd_hash64("a", 1, 0), hd_hash64("b", 1, 0));
    char text[] = "x曲靖市麒麟区";
    cr_assert_eq(hd_hash64(text + 1, 18, 9), hd_hash64("曲靖市麒麟区", 18, 9));
}

Test(hash, hash128_is_xxh3)
{
    /* xxHash 0.8's own value of XXH3_128bits on the empty input. */
    static const uint8_t empty[HD_HASH128_BYTES] = {0x99, 0xAA, 0x06, 0xD3, 0x01, 0x47, 0x98, 0xD8,
                                                    0x60, 0x01, 0xC3, 0x24, 0x46, 0x8D, 0x49, 0x7F};
    uint8_t sum[HD_HASH128_BYTES], other[HD_HASH128_BYTES];
    hd_hash128(NULL, 0, 0, sum);
    cr_expect_arr_eq(sum, empty, sizeof sum);
    hd_hash128("a", 1, 0, sum);
    hd_hash128("a", 1, 1, other);
    cr_expect_arr_neq(sum, other, sizeof sum);
    hd_hash128("b", 1, 0, other);
    cr_expect_arr_neq(sum, other, sizeof sum);
}

static hd_multiset multiset_of(const char *letters)
{
    hd_multiset set = {0};
    for (; *letters; letters++)
        hd_multiset_add(&set, letters, 1);
    return set;
}

static bool same_multiset(hd_multiset a, hd_multiset b)
{
    return a.low == b.low && a.high == b.high;
}

Test(hash, multiset_knows_no_order_but_counts)
{
    cr_assert(same_multiset(multiset_of("abca"), multiset_of("aabc")));
    cr_assert_not(same_multiset(multiset_of("abca"), multiset_of("abc")));
    cr_assert_not(same_multiset(multiset_of("aabb"), multiset_of("aacc")));
    cr_assert(same_multiset(multiset_of(""), (hd_multiset){0, 0}));
    hd_multiset joined = multiset_of("ab"), rest = multiset_of("ca");
    hd_multiset_join(&joined, &rest);
    cr_assert(same_multiset(joined, multiset_of("abca")));
}

Test(hash, multiset_carries)
{
    hd_multiset set = {UINT64_MAX, 1}, one = {1, 0};
    hd_multiset_join(&set, &one);
    cr_assert(same_multiset(set, (hd_multiset){0, 2}));
}

/* The empty input's XXH3-128, of xxHash 0.8's own test. */
Test(hash, multiset_is_of_xxh3)
{
    hd_multiset set = {0};
    cr_assert_eq(hd_multiset_add(&set, "", 0), UINT64_C(0x6001C324468D497F));
    cr_assert(same_multiset(
        set, (hd_multiset){UINT64_C(0x6001C324468D497F), UINT64_C(0x99AA06D3014798D8)}));
}

Test(hash, mix_is_ordered_and_never_0)
{
    cr_assert_neq(hd_hash_mix(0, 0), 0);
    cr_assert_neq(hd_hash_mix(1, 2), hd_hash_mix(2, 1));
    cr_assert_neq(hd_hash_mix(hd_hash_mix(1, 2), 3), hd_hash_mix(hd_hash_mix(1, 3), 2));
    /* The one pair of this hash whose sum is 0 before the finaliser, which keeps 0. */
    uint64_t zero = 0 - UINT64_C(0xD1B54A32D192ED03);
    cr_assert_eq(hd_hash_mix(0, zero), 1);
}

/* One flipped bit of either side flips each bit of the result about half the time. */
Test(hash, mix_spreads)
{
    unsigned flips[64] = {0};
    unsigned n = 0;
    for (uint64_t x = 0; x < 2000; x++) {
        for (unsigned bit = 0; bit < 64; bit++, n += 2) {
            uint64_t a = hd_hash_mix(x, x * 7) ^ hd_hash_mix(x ^ UINT64_C(1) << bit, x * 7);
            uint64_t b = hd_hash_mix(x, x * 7) ^ hd_hash_mix(x, (x * 7) ^ UINT64_C(1) << bit);
            for (unsigned i = 0; i < 64; i++)
                flips[i] += (a >> i & 1) + (b >> i & 1);
        }
    }
    for (unsigned i = 0; i < 64; i++)
        cr_assert(flips[i] > n / 100 * 48 && flips[i] < n / 100 * 52, "bit %u: %u", i, flips[i]);
}

Test(hash, keyed_id_matches_blake2b)
{
    /* Expected: Python's hashlib.blake2b(digest_size=16), an implementation apart from ours. */
    uint8_t key[HD_KEY_BYTES];
    for (unsigned i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    char id[HD_ID_CHARS + 1];
    hd_keyed_id(key, HD_STR("hedui"), id);
    cr_assert_str_eq(id, "0wkpw8fpqpdzrvs72z8mt0q5yg");
    hd_keyed_id(key, HD_STR_NULL, id);
    cr_assert_str_eq(id, "7pqsff77h27xb5vkrsnzcht5kg");
    hd_keyed_id(key, HD_STR("曲靖市"), id);
    cr_assert_str_eq(id, "zxp1yzhmn9tz3t0fy768qqgtyw");
    key[31] ^= 1;
    char other[HD_ID_CHARS + 1];
    hd_keyed_id(key, HD_STR("曲靖市"), other);
    cr_assert_str_neq(id, other);
}

Test(hash, digest_is_sha256)
{
    hd_digest digest;
    char hex[2 * HD_DIGEST_BYTES + 1];
    hd_digest_init(&digest);
    hd_digest_hex(&digest, hex);
    cr_assert_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    hd_digest_init(&digest);
    hd_digest_add(&digest, "a", 1);
    hd_digest_add(&digest, "", 0);
    hd_digest_add(&digest, "bc", 2);
    hd_digest_hex(&digest, hex); /* FIPS 180-4, "abc" */
    cr_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
