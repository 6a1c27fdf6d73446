#ifndef HD_ANALYSE_TRAIN_H
#define HD_ANALYSE_TRAIN_H

/* Propose a model from the data at hand, without truth:
 *   u from pairs drawn at random with a fixed seed (all pairs where there are few), matches among
 *     them taken out by their posterior;
 *   m by EM on the counts of agreement patterns over all pairs of each pass, one session a pass, u
 *     held. A comparison that reads a field of the pass's keys takes no part in its session, as it
 *     agrees by selection; in the sessions that leave it free its expected matches are added up;
 *   the prior from all blocked pairs;
 *   pairs that a declared conflict rules out are no matches, and take no part in a session: else a
 *     pass by family, of which hardly a pair is a match, would have brothers and sisters for its
 *     matches, as they agree in much more than two at random;
 *   term frequencies from the mentions, without the values that few share.
 * Where matches are known, m follows them as far as they go: what EM found counts as
 * HD_TRAIN_PRIOR_PAIRS pairs beside them. u and the prior do not: pairs are chosen to be looked at
 * because they are hard, and say nothing of pairs at random.
 * The same for any number of threads and any order of rows.
 * Method: Linacre et al., "Splink", IJPDS 7 (2022), with counts in place of samples. */

#include "pipeline/analyse/known_matches.h"
#include "pipeline/analyse/train_counts.h"

enum {
    HD_TRAIN_ROUNDS = 3,       /* of u without matches, m, prior: the changes after are below 1 % */
    HD_TRAIN_ITERATIONS = 200, /* of a session, at most */
    HD_TRAIN_PRIOR_PAIRS = 20  /* matches that a session's data must outweigh, see hd_em_options */
};

/* The session of one pass, in the last round. */
typedef struct hd_train_session {
    uint32_t pass;
    uint64_t pairs;
    size_t n_patterns;
    double matches;                 /* expected */
    bool fixed[HD_COMPARISONS_MAX]; /* by the keys, or declared in the rules: took no part */
    hd_em_fitted fitted;            /* `step`: all iterations */
} hd_train_session;

/* A level that was never seen among matches, or among pairs at random, so that its m, or u, is no
 * estimate but a cautious guess. One that was seen in neither weighs nothing. */
typedef struct hd_train_unseen {
    uint32_t comparison, level;
    bool in_matches, in_random; /* not seen there */
} hd_train_unseen;

/* How a model came about. */
typedef struct hd_training {
    hd_train_session session[HD_PASSES_MAX]; /* those that had pairs to tell apart */
    uint32_t n_sessions;
    uint32_t iterations; /* of all sessions and rounds */
    hd_train_unseen unseen[HD_COMPARISONS_MAX * HD_LEVELS_MAX];
    uint32_t n_unseen;
    bool always_fixed[HD_COMPARISONS_MAX]; /* by every session: its m is where EM starts */
    uint64_t n_known;                      /* matches that were known */
    hd_arena arena;
} hd_training;

/* `known` may be NULL; so may `training`, which else is the caller's to release, on failure too. */
hd_status hd_train_model(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                         const hd_known_matches *known, hd_training *training, hd_model **out);
void hd_training_release(hd_training *training);

#endif
