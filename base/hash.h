#ifndef HD_BASE_HASH_H
#define HD_BASE_HASH_H

/* Hashes. hd_hash64 (XXH3, canonical little-endian input) indexes; it hides nothing. What leaves
 * the site is keyed: hd_keyed_id (BLAKE2b, libsodium; RFC 7693). */

#include "base/view.h"

enum { HD_KEY_BYTES = 32, HD_DIGEST_BYTES = 32, HD_ID_CHARS = 26 };

uint64_t hd_hash64(const void *ptr, size_t len_bytes, uint64_t seed);
/* 128 bits of XXH3, as bytes in XXH128_canonical_t's order: a checksum of what may be damaged by
 * accident, at the speed of memory. It does not prove who wrote the bytes. */
enum { HD_HASH128_BYTES = 16 };
void hd_hash128(const void *ptr, size_t len_bytes, uint64_t seed, uint8_t out[HD_HASH128_BYTES]);
/* Texts without an order: the sum of XXH3-128 of each, so that neither their order nor how they are
 * divided counts, but how often each stands there does. Zero-initialise to start empty. */
typedef struct hd_multiset {
    uint64_t low, high;
} hd_multiset;
uint64_t hd_multiset_add(hd_multiset *set, const void *ptr,
                         size_t len_bytes); /* 64 bits of its hash */
void hd_multiset_join(hd_multiset *set, const hd_multiset *other);
/* Combine in order; never returns 0, so 0 can stand for "no key". The sum is not symmetric, and a
 * bijection of either side while the other is fixed; the end is the finaliser of SplitMix64
 * (Steele, Lea, Flood 2014), a bijection too. So two hashes that are followed by the same value
 * never meet, except at the 0 that is moved to 1. */
static inline uint64_t hd_hash_mix(uint64_t hash, uint64_t next)
{
    uint64_t x = hash * UINT64_C(0x9E3779B97F4A7C15) + next + UINT64_C(0xD1B54A32D192ED03);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    x ^= x >> 31;
    return x ? x : 1;
}
/* 128 bits of keyed BLAKE2b over `message`, as 26 characters of Crockford base32 (lower case,
 * most significant bit first, two zero bits at the end) and a NUL. */
void hd_keyed_id(const uint8_t key[HD_KEY_BYTES], hd_str message, char out[HD_ID_CHARS + 1]);

/* SHA-256 of a stream, for checksums in manifests: what other tools can check. */
typedef struct hd_digest {
    _Alignas(16) uint8_t state[256];
} hd_digest;
void hd_digest_init(hd_digest *digest);
void hd_digest_add(hd_digest *digest, const void *ptr, size_t len_bytes);
void hd_digest_hex(hd_digest *digest, char out[2 * HD_DIGEST_BYTES + 1]); /* ends it */

#endif
