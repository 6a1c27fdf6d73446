#include "pipeline/cluster/cluster.h"

/* How likely two clusters are one person. All their pairs speak, but not each for itself: what one
 * record says of somebody the next has from the same papers, or from him, so that the sum of n
 * pairs would claim n times what is known. Their mean is what is known once.
 *
 * Rules refuse what a record of one person hardly does, but does: one in a thousand has somebody
 * else's number, sex or date. If the two are one, all records in conflict on one side or on the
 * other are such, each by itself; so the smaller number of them counts. */

enum {
    LOOKED_AT = 16,  /* mentions of a cluster; more of them tell nothing else */
    WRONG_BITS = 10, /* against two, for each record that is wrong if they are one */
    /* Less likely than one in a million by this sum nobody is asked. It is that far down because
     * the weights claim too much: comparisons are not as independent as they are taken to be. */
    LEAST_BITS = 20
};

typedef struct between {
    const hd_mention *in[2];
    uint32_t n[2];           /* of which so many are looked at */
    uint32_t in_conflict[2]; /* members of either side: bits */
    bool told_same, told_apart, one_record;
} between;

static uint32_t size_of(const hd_clusters *clusters, uint32_t x)
{
    return clusters->start[x + 1] - clusters->start[x];
}

static between begin(const hd_clusters *clusters, uint32_t x, uint32_t y)
{
    uint32_t n_x = size_of(clusters, x), n_y = size_of(clusters, y);
    return (between){
        .in = {clusters->member + clusters->start[x], clusters->member + clusters->start[y]},
        .n = {n_x < LOOKED_AT ? n_x : LOOKED_AT, n_y < LOOKED_AT ? n_y : LOOKED_AT}};
}

/* The prior and the mean evidence, in 1/1024 bit. */
static int64_t weigh(hd_joiner *w, between *b)
{
    int64_t evidence = 0;
    for (uint32_t i = 0; i < b->n[0]; i++)
        for (uint32_t k = 0; k < b->n[1]; k++) {
            b->told_same |= hd_given_same(w->joining->given, b->in[0][i], b->in[1][k]);
            evidence += hd_evidence(w, b->in[0][i], b->in[1][k]);
        }
    return w->joining->weights.prior + evidence / (int64_t)(b->n[0] * b->n[1]);
}

static void find_conflicts(hd_joiner *w, between *b)
{
    for (uint32_t i = 0; i < b->n[0]; i++)
        for (uint32_t k = 0; k < b->n[1]; k++) {
            int why = hd_mentions_apart(w, b->in[0][i], b->in[1][k]);
            b->told_apart |= why == HD_REVIEW_TOLD_APART;
            b->one_record |= why == HD_REVIEW_ONE_RECORD;
            b->in_conflict[0] |= (uint32_t)(why != HD_APART_NOT) << i;
            b->in_conflict[1] |= (uint32_t)(why != HD_APART_NOT) << k;
        }
}

static int64_t wrong_bits(const between *b)
{
    int n_x = __builtin_popcount(b->in_conflict[0]), n_y = __builtin_popcount(b->in_conflict[1]);
    return (int64_t)(n_x < n_y ? n_x : n_y) * WRONG_BITS * HD_WEIGHT_ONE;
}

/* All of these stand apart. Where one would rather say that they are one, it is that judgement and
 * the decision that disagree: an open question, however much the weights claim. */
static uint64_t doubt(int64_t odds)
{
    double p = hd_weight_probability(odds < 0 ? (int32_t)odds : 0);
    return (uint64_t)(0x1p32 * p * (1 - p));
}

/* Nothing where somebody has said that they are two, or where an answer would not count, unless it
 * was given: an answer that could not be followed is an open question again. The pairs of mentions
 * that hang on it count by their binary digits, so that size does not outdo doubt. */
uint64_t hd_worth(hd_joiner *joiner, const hd_clusters *clusters, uint32_t x, uint32_t y)
{
    const int64_t least = -(int64_t)LEAST_BITS * HD_WEIGHT_ONE;
    between b = begin(clusters, x, y);
    int64_t odds = weigh(joiner, &b);
    if (!b.told_same && odds >= least) { /* else it costs nothing more: conflicts are dear */
        find_conflicts(joiner, &b);
        odds -= wrong_bits(&b);
    }
    if (b.told_same)
        odds = 0;
    if (b.told_apart || b.one_record || odds < least)
        return 0;
    uint64_t n_pairs = (uint64_t)size_of(clusters, x) * size_of(clusters, y);
    return doubt(odds) * (64 - (uint32_t)__builtin_clzll(n_pairs));
}
