#include "matchers/union_find.h"

#include <stdbool.h>

void hd_union_find_init(uint32_t *parent, uint32_t n)
{
    for (uint32_t x = 0; x < n; x++)
        parent[x] = x;
}

uint32_t hd_union_find_root(uint32_t *parent, uint32_t x)
{
    while (parent[x] != x) {
        parent[x] = parent[parent[x]];
        x = parent[x];
    }
    return x;
}

uint32_t hd_union_find_join(uint32_t *parent, uint32_t a, uint32_t b)
{
    a = hd_union_find_root(parent, a);
    b = hd_union_find_root(parent, b);
    uint32_t root = a < b ? a : b;
    parent[a] = root;
    parent[b] = root;
    return root;
}

/* A parent only ever becomes a smaller member of the same set, so one that was read a moment ago is
 * no root perhaps, but on the way there. */
uint32_t hd_union_find_root_shared(uint32_t *parent, uint32_t x)
{
    uint32_t up = __atomic_load_n(&parent[x], __ATOMIC_RELAXED);
    while (up != x) {
        uint32_t next = __atomic_load_n(&parent[up], __ATOMIC_RELAXED), seen = up;
        if (next != up)
            __atomic_compare_exchange_n(&parent[x], &seen, next, true, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED);
        x = up;
        up = next;
    }
    return x;
}

void hd_union_find_join_shared(uint32_t *parent, uint32_t a, uint32_t b)
{
    for (;;) {
        a = hd_union_find_root_shared(parent, a);
        b = hd_union_find_root_shared(parent, b);
        uint32_t root = a < b ? a : b, other = a < b ? b : a, still = other;
        if (root == other || __atomic_compare_exchange_n(&parent[other], &still, root, false,
                                                         __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            return;
    }
}
