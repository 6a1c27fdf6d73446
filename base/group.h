#ifndef HD_BASE_GROUP_H
#define HD_BASE_GROUP_H

/* The numbers 0 … n-1 brought together by a 64-bit key, on all threads. They are divided by a hash
 * of the key into parts that fit a cache, and each part is sorted: so numbers of one key are in one
 * part, and parts can be worked on side by side. Two groupings are divided alike: what has one key
 * in both is in parts of one number.
 *
 * Shape   part p is item[start[p]] … item[start[p + 1] - 1], by key, then by number
 * Cost    O(n); 12 bytes a number that has a key, and 8 bytes a number while it is made */

#include "base/parallel.h"
#include "base/sort.h"

enum { HD_GROUP_PARTS = 256 };

/* Keys of [begin, end) into `out`; 0: the number has none. */
typedef void hd_group_keys(void *arg, uint32_t begin, uint32_t end, uint64_t *out);

typedef struct hd_groups {
    hd_keyed *item;
    size_t start[HD_GROUP_PARTS + 1];
} hd_groups;

hd_status hd_group(hd_ctx *ctx, uint32_t n, hd_group_keys *keys, void *arg, hd_groups *out);
void hd_groups_release(hd_groups *groups);

/* For who divides otherwise: place[piece][part], how many a piece has of a part, becomes where the
 * first of them goes; of one part those of the first piece come first, so the order stays. `start`
 * is filled; returns how many there are. */
size_t hd_group_places(size_t (*place)[HD_GROUP_PARTS], uint32_t n_pieces,
                       size_t start[HD_GROUP_PARTS + 1]);

#endif
