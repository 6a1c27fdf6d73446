#ifndef HD_PIPELINE_GIVEN_H
#define HD_PIPELINE_GIVEN_H

/* Pairs of mentions of which somebody said that they are one person or that they are not
 * (`link: pairs: FILE`). Of more weight than any rule but one: two mentions of one record are never
 * one person.
 *
 * CSV with a header: a, b, decision (same, different; unknown and nothing say nothing), the
 * mentions named as people name them (pipeline/naming.h), or their parts in columns: source_a,
 * record_id_a, role_a, source_b, record_id_b, role_b, decision; so a sheet of `hedui label` will
 * do. Columns and decisions may also stand as the list of pairs for review has them, in the
 * language of the texts. A role may be left off where the record has one mention. A pair of which a
 * record is not there now is void: it counts, and does no harm. */

#include "base/hash.h"
#include "pipeline/mention.h"

typedef struct hd_given_pair {
    hd_mention a, b; /* a < b */
} hd_given_pair;

typedef struct hd_given {
    hd_given_pair *same, *different; /* by a, b; each pair once, and in one of them */
    size_t n_same, n_different;
    uint8_t *told; /* [mention] 1: in one of the pairs; NULL: there are none */
    uint64_t n_void;
} hd_given;

/* `path` NULL: none. HD_SOURCE: cannot be read; HD_CONFIG with the line: a column or a decision
 * that is none, one mention twice, or a pair that is said to be both. On failure nothing is left.
 */
hd_status hd_given_read(hd_ctx *ctx, const hd_mentions *mentions, const uint8_t key[HD_KEY_BYTES],
                        const char *path, hd_given *out);
void hd_given_release(hd_given *given);

/* In any order; `given` may be NULL. Cost: a look at two bytes for those that nobody spoke of. */
bool hd_given_same(const hd_given *given, hd_mention a, hd_mention b);
bool hd_given_apart(const hd_given *given, hd_mention a, hd_mention b);

#endif
