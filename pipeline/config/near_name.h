#ifndef HD_CONFIG_NEAR_NAME_H
#define HD_CONFIG_NEAR_NAME_H

/* The valid name that is most like one that somebody mistyped. Offer all valid names, in an order
 * that does not change: of equally near ones the first stays. */

#include "base/view.h"
#include "hedui/status.h"

typedef struct hd_near_name {
    hd_str wanted, best; /* best null: none is near enough to be a slip of the hand */
    uint32_t distance;
} hd_near_name;

void hd_near_name_offer(hd_near_name *nearest, hd_str candidate);
/* The hint that names it; false: there is none to name. */
bool hd_near_name_hint(hd_ctx *ctx, const hd_near_name *nearest);

#endif
