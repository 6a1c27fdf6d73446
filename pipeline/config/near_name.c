#include "pipeline/config/near_name.h"

#include "base/utf8.h"
#include "matchers/text_distance.h"

void hd_near_name_offer(hd_near_name *nearest, hd_str candidate)
{
    uint32_t length = hd_utf8_count(nearest->wanted);
    uint32_t allowed = length < 2 ? 0 : (length + 2) / 3;
    uint32_t distance = hd_damerau(nearest->wanted, candidate);
    if (distance > allowed || (nearest->best.ptr && distance >= nearest->distance))
        return;
    nearest->best = candidate;
    nearest->distance = distance;
}

bool hd_near_name_hint(hd_ctx *ctx, const hd_near_name *nearest)
{
    if (!nearest->best.ptr)
        return false;
    hd_hint(ctx, "the nearest is \"%.*s\"", HD_ARG(nearest->best));
    return true;
}
