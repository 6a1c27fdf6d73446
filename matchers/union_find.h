#ifndef HD_MATCHERS_UNION_FIND_H
#define HD_MATCHERS_UNION_FIND_H

/* Disjoint sets over 0 … n-1; the representative is always the smallest member, so that nothing
 * depends on the order of unions. Tarjan 1975, with path halving. */

#include <stdint.h>

void hd_union_find_init(uint32_t *parent, uint32_t n);
uint32_t hd_union_find_root(uint32_t *parent, uint32_t x);
uint32_t hd_union_find_join(uint32_t *parent, uint32_t a, uint32_t b); /* the root of both */

/* The same while other threads do: lock-free (Anderson and Woll 1991), and the sets are those of
 * any order. Only these two may be called meanwhile. */
uint32_t hd_union_find_root_shared(uint32_t *parent, uint32_t x);
void hd_union_find_join_shared(uint32_t *parent, uint32_t a, uint32_t b);

#endif
