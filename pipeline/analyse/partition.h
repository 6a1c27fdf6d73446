#ifndef HD_ANALYSE_PARTITION_H
#define HD_ANALYSE_PARTITION_H

/* Two partitions of the same items, one held to be true, compared: by pairs, by item (B-cubed:
 * Bagga, Baldwin 1998), by the best match of each part (purity and inverse purity: Amigó, Gonzalo,
 * Artiles, Verdejo, "A comparison of extrinsic clustering evaluation metrics", 2009), and by how
 * many parts were split and merged. O(n) time and memory. */

#include <stddef.h>
#include <stdint.h>

typedef struct hd_accuracy {
    double precision, recall, f1; /* 1 where there is nothing to find */
} hd_accuracy;

/* `right` of `found` and of `all_true`. */
hd_accuracy hd_accuracy_of(double right_of_found, double found, double right_of_true,
                           double all_true);

enum { HD_PARTS_MAX = 5 }; /* that many, or more */

typedef struct hd_partition_measures {
    hd_accuracy pairwise, bcubed;
    hd_accuracy purity; /* precision: purity, recall: inverse purity */
    uint64_t n_items, n_true, n_found;
    uint64_t true_pairs, found_pairs, right_pairs;
    uint64_t n_exact; /* true parts found with just their own items */
    /* [k] true parts whose items lie in k found ones; [k] found parts with items of k true ones;
     * the last: of so many or more. [1]: whole, pure */
    uint64_t split[HD_PARTS_MAX + 1], merged[HD_PARTS_MAX + 1];
    uint64_t n_split, n_merged; /* into, of two or more */
} hd_partition_measures;

/* `truth`, `found`: [n] number of the part that an item is in; any numbers below 2^32 - 1, dense
 * ones cost less memory (4 bytes a number). `both` (may be NULL): [n] gets the items that share
 * both parts with each; `of_truth`, `of_found` (may be NULL): those that share one. */
void hd_partition_compare(const uint32_t *truth, const uint32_t *found, size_t n, uint32_t *both,
                          uint32_t *of_truth, uint32_t *of_found, hd_partition_measures *out);

#endif
