#include "base/hash.h"

#include <pthread.h>
#include <sodium.h>

#include "hedui/status.h"

/* Inlined, so that a short text costs no second call. */
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hd_hash64(const void *ptr, size_t len_bytes, uint64_t seed)
{
    return XXH3_64bits_withSeed(ptr, len_bytes, seed);
}

void hd_hash128(const void *ptr, size_t len_bytes, uint64_t seed, uint8_t out[HD_HASH128_BYTES])
{
    XXH128_canonical_t canonical;
    _Static_assert(sizeof canonical == HD_HASH128_BYTES, "128 bits");
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_withSeed(ptr, len_bytes, seed));
    memcpy(out, &canonical, sizeof canonical);
}

void hd_multiset_join(hd_multiset *set, const hd_multiset *other)
{
    set->low += other->low;
    set->high += other->high + (set->low < other->low);
}

uint64_t hd_multiset_add(hd_multiset *set, const void *ptr, size_t len_bytes)
{
    XXH128_hash_t hash = XXH3_128bits(ptr, len_bytes);
    hd_multiset_join(set, &(hd_multiset){hash.low64, hash.high64});
    return hash.low64;
}

static void start_sodium(void)
{
    if (sodium_init() < 0)
        HD_BUG("libsodium does not start");
}

static void need_sodium(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_sodium);
}

/* 128 bits are 25.6 characters: the last one carries three bits and two zero bits below them. */
void hd_keyed_id(const uint8_t key[HD_KEY_BYTES], hd_str message, char out[HD_ID_CHARS + 1])
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz"; /* no i, l, o, u */
    uint8_t hash[16];
    need_sodium();
    int rc = crypto_generichash(hash, sizeof hash, (const unsigned char *)message.ptr,
                                message.len_bytes, key, HD_KEY_BYTES);
    HD_ASSERT(rc == 0);
    unsigned bits = 0, n_bits = 0, n_bytes = 0;
    for (int i = 0; i < HD_ID_CHARS; i++) {
        if (n_bits < 5) {
            bits = bits << 8 | (n_bytes < sizeof hash ? hash[n_bytes++] : 0);
            n_bits += 8;
        }
        n_bits -= 5;
        out[i] = alphabet[bits >> n_bits & 31];
    }
    out[HD_ID_CHARS] = '\0';
}

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(((hd_digest *)0)->state),
               "hd_digest must hold the state of SHA-256");
_Static_assert(crypto_hash_sha256_BYTES == HD_DIGEST_BYTES, "SHA-256 has 32 bytes");

static crypto_hash_sha256_state *sha256(hd_digest *digest)
{
    return (crypto_hash_sha256_state *)(void *)digest->state;
}

void hd_digest_init(hd_digest *digest)
{
    need_sodium();
    crypto_hash_sha256_init(sha256(digest));
}

void hd_digest_add(hd_digest *digest, const void *ptr, size_t len_bytes)
{
    crypto_hash_sha256_update(sha256(digest), ptr, len_bytes);
}

void hd_digest_hex(hd_digest *digest, char out[2 * HD_DIGEST_BYTES + 1])
{
    uint8_t hash[HD_DIGEST_BYTES];
    crypto_hash_sha256_final(sha256(digest), hash);
    sodium_bin2hex(out, 2 * HD_DIGEST_BYTES + 1, hash, sizeof hash);
}
