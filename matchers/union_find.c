#include "matchers/union_find.h"

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
