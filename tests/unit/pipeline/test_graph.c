#include "pipeline/graph.h"

#include <criterion/criterion.h>

/* Two triangles that one edge joins: 0 1 2 – 3 4 5. */
static hd_graph two_triangles(void)
{
    hd_graph g = {.n = 6};
    for (uint32_t first = 0; first < 6; first += 3) {
        hd_graph_add(&g, first, first + 1);
        hd_graph_add(&g, first, first + 2);
        hd_graph_add(&g, first + 1, first + 2);
    }
    hd_graph_add(&g, 2, 3);
    return g;
}

Test(graph, edges_are_counted_within_a_part)
{
    hd_graph g = two_triangles();
    cr_expect_eq(hd_graph_edges(&g, hd_graph_all(&g)), 7);
    cr_expect_eq(hd_graph_edges(&g, 7), 3);
    cr_expect_eq(hd_graph_edges(&g, 1), 0);
}

Test(graph, only_what_alone_holds_two_parts_together_is_a_bridge)
{
    hd_graph g = two_triangles();
    uint64_t part;
    cr_expect(hd_graph_bridge(&g, 2, 3, &part));
    cr_expect_eq(part, 7);
    cr_expect(hd_graph_bridge(&g, 3, 2, &part));
    cr_expect_eq(part, 7 << 3);
    cr_expect(!hd_graph_bridge(&g, 0, 1, &part));
}

Test(graph, of_sixty_four_members_all_are_seen)
{
    hd_graph g = {.n = HD_GRAPH_MAX};
    uint64_t part;
    for (uint32_t i = 0; i + 1 < HD_GRAPH_MAX; i++)
        hd_graph_add(&g, i, i + 1);
    cr_expect_eq(hd_graph_all(&g), UINT64_MAX);
    cr_expect_eq(hd_graph_edges(&g, hd_graph_all(&g)), HD_GRAPH_MAX - 1);
    cr_expect(hd_graph_bridge(&g, 62, 63, &part));
    cr_expect_eq(part, UINT64_MAX >> 1);
}
