#include "base/lanes.h"

#ifdef HD_LANES_WIDE
#include <immintrin.h>
#endif

/* ---- four ---- */

hd_lanes hd_lanes_equal_narrow(uint32_t x, const uint32_t column[HD_LANES])
{
    hd_lanes equal = 0;
    for (unsigned i = 0; i < HD_LANES; i += 4)
        equal |= hd_quad_bits(*(const hd_quad *)(column + i) == x) << i;
    return equal;
}

hd_lanes hd_lanes_at_least_narrow(const int32_t column[HD_LANES], int32_t least)
{
    hd_lanes lanes = 0;
    for (unsigned i = 0; i < HD_LANES; i += 4)
        lanes |= hd_quad_bits(*(const hd_signed_quad *)(column + i) >= least) << i;
    return lanes;
}

static const hd_signed_quad spread[16] = {
    {0, 0, 0, 0},   {-1, 0, 0, 0},   {0, -1, 0, 0},   {-1, -1, 0, 0},
    {0, 0, -1, 0},  {-1, 0, -1, 0},  {0, -1, -1, 0},  {-1, -1, -1, 0},
    {0, 0, 0, -1},  {-1, 0, 0, -1},  {0, -1, 0, -1},  {-1, -1, 0, -1},
    {0, 0, -1, -1}, {-1, 0, -1, -1}, {0, -1, -1, -1}, {-1, -1, -1, -1},
};

void hd_lanes_add_narrow(uint32_t column[HD_LANES], hd_lanes lanes, uint32_t add)
{
    for (unsigned i = 0; i < HD_LANES; i += 4)
        *(hd_quad *)(column + i) += (hd_quad)spread[lanes >> i & 15] & add;
}

#ifdef HD_LANES_WIDE

/* ---- eight ---- */

#define WIDE __attribute__((target("avx2")))

WIDE static inline __m256i eight_at(const void *numbers)
{
    return _mm256_loadu_si256(numbers);
}

/* A bit of each number of a comparison, which is all ones or zero. */
WIDE static inline hd_lanes bits_of(__m256i truth)
{
    return (hd_lanes)(unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(truth));
}

WIDE hd_lanes hd_lanes_equal_wide(uint32_t x, const uint32_t column[HD_LANES])
{
    __m256i all = _mm256_set1_epi32((int)x);
    hd_lanes equal = 0;
    for (unsigned i = 0; i < HD_LANES; i += 8)
        equal |= bits_of(_mm256_cmpeq_epi32(eight_at(column + i), all)) << i;
    return equal;
}

WIDE hd_lanes hd_lanes_at_least_wide(const int32_t column[HD_LANES], int32_t least)
{
    __m256i all = _mm256_set1_epi32(least);
    hd_lanes less = 0;
    for (unsigned i = 0; i < HD_LANES; i += 8)
        less |= bits_of(_mm256_cmpgt_epi32(all, eight_at(column + i))) << i;
    return ~less;
}

WIDE void hd_lanes_add_wide(uint32_t column[HD_LANES], hd_lanes lanes, uint32_t add)
{
    __m256i all = _mm256_set1_epi32((int)add), bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    for (unsigned i = 0; i < HD_LANES; i += 8) {
        __m256i own = _mm256_and_si256(_mm256_set1_epi32((int)(lanes >> i & 255)), bit);
        __m256i some = _mm256_and_si256(_mm256_cmpeq_epi32(own, bit), all);
        _mm256_storeu_si256((void *)(column + i), _mm256_add_epi32(eight_at(column + i), some));
    }
}

/* ---- sixteen, whose comparisons are masks and whose sums take one ---- */

#define MASKED __attribute__((target("avx512f")))

MASKED hd_lanes hd_lanes_equal_masked(uint32_t x, const uint32_t column[HD_LANES])
{
    __m512i all = _mm512_set1_epi32((int)x);
    hd_lanes equal = 0;
    for (unsigned i = 0; i < HD_LANES; i += 16)
        equal |= (hd_lanes)_mm512_cmpeq_epi32_mask(_mm512_loadu_si512(column + i), all) << i;
    return equal;
}

MASKED hd_lanes hd_lanes_at_least_masked(const int32_t column[HD_LANES], int32_t least)
{
    __m512i all = _mm512_set1_epi32(least);
    hd_lanes lanes = 0;
    for (unsigned i = 0; i < HD_LANES; i += 16)
        lanes |= (hd_lanes)_mm512_cmpge_epi32_mask(_mm512_loadu_si512(column + i), all) << i;
    return lanes;
}

MASKED void hd_lanes_add_masked(uint32_t column[HD_LANES], hd_lanes lanes, uint32_t add)
{
    __m512i all = _mm512_set1_epi32((int)add);
    for (unsigned i = 0; i < HD_LANES; i += 16) {
        __m512i own = _mm512_loadu_si512(column + i);
        _mm512_storeu_si512(column + i,
                            _mm512_mask_add_epi32(own, (__mmask16)(lanes >> i), own, all));
    }
}

#endif
