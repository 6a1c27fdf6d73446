#ifndef HD_BASE_LANES_H
#define HD_BASE_LANES_H

/* Words with a bit for each of 64 things that are looked at side by side, and columns of 64
 * numbers. Four numbers are one vector of the compiler, which every 64-bit processor has; where
 * this one has longer vectors, columns are looked at by them. */

#include <stdbool.h>
#include <stdint.h>

enum { HD_LANES = 64 };

typedef uint64_t hd_lanes;

typedef uint32_t hd_quad __attribute__((vector_size(16), aligned(4)));
typedef int32_t hd_signed_quad __attribute__((vector_size(16), aligned(4)));

/* The first `n`, or all. */
static inline hd_lanes hd_lanes_first(uint32_t n)
{
    return n < HD_LANES ? (UINT64_C(1) << n) - 1 : UINT64_MAX;
}

/* Takes the first lane off; false: none is left. */
static inline bool hd_lanes_next(hd_lanes *lanes, unsigned *i)
{
    if (!*lanes)
        return false;
    *i = (unsigned)__builtin_ctzll(*lanes);
    *lanes &= *lanes - 1;
    return true;
}

/* A bit of each number of a vector's comparison, which is all ones or zero. */
static inline hd_lanes hd_quad_bits(hd_signed_quad truth)
{
#ifdef __SSE2__
    typedef float four_floats __attribute__((vector_size(16)));
    return (hd_lanes)(unsigned)__builtin_ia32_movmskps((four_floats)truth);
#else
    return (hd_lanes)((truth[0] & 1) | (truth[1] & 2) | (truth[2] & 4) | (truth[3] & 8));
#endif
}

/* By vectors of four; of eight, and of sixteen with masks, which not every processor has. */
hd_lanes hd_lanes_equal_narrow(uint32_t x, const uint32_t column[HD_LANES]);
hd_lanes hd_lanes_at_least_narrow(const int32_t column[HD_LANES], int32_t least);
void hd_lanes_add_narrow(uint32_t column[HD_LANES], hd_lanes lanes, uint32_t add);
#if defined(__x86_64__) && defined(__GNUC__)
#define HD_LANES_WIDE
hd_lanes hd_lanes_equal_wide(uint32_t x, const uint32_t column[HD_LANES]);
hd_lanes hd_lanes_at_least_wide(const int32_t column[HD_LANES], int32_t least);
void hd_lanes_add_wide(uint32_t column[HD_LANES], hd_lanes lanes, uint32_t add);
hd_lanes hd_lanes_equal_masked(uint32_t x, const uint32_t column[HD_LANES]);
hd_lanes hd_lanes_at_least_masked(const int32_t column[HD_LANES], int32_t least);
void hd_lanes_add_masked(uint32_t column[HD_LANES], hd_lanes lanes, uint32_t add);
#define HD_LANES_BY(function, ...)                                      \
    (__builtin_cpu_supports("avx512f") ? function##_masked(__VA_ARGS__) \
     : __builtin_cpu_supports("avx2")  ? function##_wide(__VA_ARGS__)   \
                                       : function##_narrow(__VA_ARGS__))
#else
#define HD_LANES_BY(function, ...) function##_narrow(__VA_ARGS__)
#endif

/* Lanes whose number is `x`. */
static inline hd_lanes hd_lanes_equal(uint32_t x, const uint32_t column[HD_LANES])
{
    return HD_LANES_BY(hd_lanes_equal, x, column);
}

/* Lanes whose number is `least` or more. */
static inline hd_lanes hd_lanes_at_least(const int32_t column[HD_LANES], int32_t least)
{
    return HD_LANES_BY(hd_lanes_at_least, column, least);
}

/* Adds to the numbers of the lanes, modulo 2^32. */
static inline void hd_lanes_add(uint32_t column[HD_LANES], hd_lanes lanes, uint32_t add)
{
    HD_LANES_BY(hd_lanes_add, column, lanes, add);
}

#endif
