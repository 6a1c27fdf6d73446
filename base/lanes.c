#include "base/lanes.h"

/* Eight numbers at once, where the processor can. The same bits either way. */

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

#ifdef HD_LANES_WIDE

typedef int32_t eight __attribute__((vector_size(32), aligned(4)));
typedef float eight_floats __attribute__((vector_size(32)));

#define WIDE __attribute__((target("avx2")))

/* A bit of each number of a vector's comparison, which is all ones or zero. */
WIDE static inline hd_lanes bits_of(eight truth)
{
    return (hd_lanes)(unsigned)__builtin_ia32_movmskps256((eight_floats)truth);
}

WIDE hd_lanes hd_lanes_equal_wide(uint32_t x, const uint32_t column[HD_LANES])
{
    hd_lanes equal = 0;
    for (unsigned i = 0; i < HD_LANES; i += 8)
        equal |= bits_of(*(const eight *)(column + i) == (int32_t)x) << i;
    return equal;
}

WIDE hd_lanes hd_lanes_at_least_wide(const int32_t column[HD_LANES], int32_t least)
{
    hd_lanes lanes = 0;
    for (unsigned i = 0; i < HD_LANES; i += 8)
        lanes |= bits_of(*(const eight *)(column + i) >= least) << i;
    return lanes;
}

#endif
