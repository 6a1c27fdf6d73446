#include <criterion/criterion.h>

#include "pipeline/analyse/given_clusters.h"

Test(given_clusters, are_numbered_by_their_smallest_mention)
{
    static const uint32_t person[] = {7, 3, UINT32_MAX, 7, 3, 0, 7};
    static const uint32_t of[] = {0, 1, 2, 0, 1, 3, 0}, start[] = {0, 3, 5, 6, 7};
    static const hd_mention member[] = {0, 3, 6, 1, 4, 2, 5};
    hd_clusters clusters;
    hd_clusters_given(person, 7, &clusters);
    cr_assert_eq(clusters.n, 4);
    cr_assert_arr_eq(clusters.of, of, sizeof of);
    cr_assert_arr_eq(clusters.start, start, sizeof start);
    cr_assert_arr_eq(clusters.member, member, sizeof member);
    for (int i = 0; i < 7; i++)
        cr_assert_eq(clusters.link[i].weight, HD_EDGE_NONE);
    hd_clusters_release(&clusters);
}

Test(given_clusters, may_be_none)
{
    hd_clusters clusters;
    hd_clusters_given(NULL, 0, &clusters);
    cr_assert_eq(clusters.n, 0);
    cr_assert_eq(clusters.start[0], 0);
    hd_clusters_release(&clusters);
}
