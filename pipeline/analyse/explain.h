#ifndef HD_ANALYSE_EXPLAIN_H
#define HD_ANALYSE_EXPLAIN_H

/* Why two mentions are one person or two: what each comparison weighs, which pass made the pair,
 * what decided, and what would change it. Of any two mentions, compared by the run or not. */

#include "base/buf.h"
#include "pipeline/run.h"

/* What decided. */
typedef enum hd_verdict {
    HD_VERDICT_EDGE,           /* one person, joined by this pair itself */
    HD_VERDICT_THROUGH,        /* one person, joined by other pairs: `path` */
    HD_VERDICT_TOLD,           /* one person, as somebody said (link.pairs) */
    HD_VERDICT_TOLD_APART,     /* two, as somebody said */
    HD_VERDICT_ONE_RECORD,     /* two, as one record names both */
    HD_VERDICT_DUPLICATE_FREE, /* two, as their source has everybody once */
    HD_VERDICT_MODE,           /* two, as link.mode asks for no such pair */
    HD_VERDICT_BELOW,          /* two, as the weight is below the threshold */
    HD_VERDICT_CONFLICT,       /* two, as a declared conflict holds between them */
    HD_VERDICT_NOT_MADE,       /* two, as no pass brings them together */
    HD_VERDICT_OTHERS, /* two, as other mentions of the two, or of third ones, speak against it:
                          `others` */
    HD_N_VERDICTS
} hd_verdict;

typedef struct hd_explained_comparison {
    uint32_t level;    /* 1 …, as in a pattern; 0: missing */
    int32_t weight;    /* of the level, without: */
    int32_t frequency; /* what the term's frequency adds */
    uint64_t fields;   /* that it looked at: bits */
    uint32_t persons;  /* relations whose persons it looked at: bits of hd_relation_kind */
    /* the level with which this comparison alone would bring the weight over the threshold, the one
     * that takes least; 0: none, or it is over it */
    uint32_t enough_level;
    int32_t enough_gain;
    bool decisive; /* the weight is over the threshold, and would not be without it */
} hd_explained_comparison;

typedef struct hd_explained_pass {
    bool same_block;   /* this pass makes the pair */
    bool same_key;     /* else: the keys are the same, but their block is over the cap */
    uint32_t differ;   /* bits of the keys that both have, and differ */
    uint32_t lacks[2]; /* bits of the keys that a, b does not have */
    /* the fields that these keys read, and the relations whose persons they ask for: bits */
    uint64_t differ_fields, lacks_fields[2];
    uint32_t differ_persons, lacks_persons[2];
} hd_explained_pass;

/* What stands between the persons of the two, the two themselves left out. */
typedef struct hd_explained_others {
    bool too_many;    /* pairs: not looked at */
    uint32_t n_pairs; /* the two's own pair among them */
    bool one_record;
    hd_mention one_record_pair[2]; /* the first such */
    uint64_t conflicts;            /* bits */
    hd_mention conflict_pair[2];   /* the first such */
    int64_t evidence; /* what all comparisons add up to, their own among them, without the prior;
                         under 0 forbids it */
    const hd_review *review; /* the pair itself where it is up for review, else the heaviest one
                                between the two that is; NULL: none is */
    /* where that is contested: the pair that contests it, its end that both pairs have, and the
     * third mention; NULL: none is found */
    const hd_edge *rival;
    hd_mention shared, third;
} hd_explained_others;

typedef struct hd_explained {
    hd_mention a, b; /* a < b */
    int32_t prior, weight, threshold;
    bool one_record, not_asked; /* not asked: by link.mode */
    uint32_t n_comparisons, n_passes;
    hd_explained_comparison comparison[HD_COMPARISONS_MAX];
    hd_explained_pass pass[HD_PASSES_MAX];
    int first_pass;     /* the first that makes the pair; -1: none does */
    uint64_t conflicts; /* that hold between the two: bits */
    hd_verdict verdict;
    const hd_edge **path; /* [n_path] edges from a to b; where they are one person */
    uint32_t n_path;
    hd_explained_others others; /* where they are two */
    /* two persons, and nothing else in the way than conflicts, their own and their other mentions'
     * (or, without any, that no pass made the pair) */
    bool would_join_without;
    hd_arena arena;
} hd_explained;

/* `run` went to HD_RUN_TO_CLUSTER; a and b differ. Views into the run. */
void hd_explain(const hd_run *run, hd_mention a, hd_mention b, hd_explained *out);
void hd_explained_release(hd_explained *explained);

/* The first pass that makes the pair; -1: none does. */
int hd_explain_pass(const hd_run *run, hd_mention a, hd_mention b);
/* The fields that the comparisons of a ruleset look at: bits. */
uint64_t hd_explain_fields(const hd_ruleset *ruleset);

/* ---- in words ---- */

/* How values are shown; texts are in the run's language. */
typedef struct hd_explain_style {
    bool show_values; /* in full; else masked */
    bool codes;       /* for programs: a sex by its code, not its word */
} hd_explain_style;

/* Appended, many lines. */
void hd_explain_text(const hd_run *run, const hd_explained *explained, hd_explain_style style,
                     hd_buf *out);
/* A value as readers see it: "-" where nothing was written. */
void hd_explain_value(const hd_run *run, hd_explain_style style, hd_mention i, uint32_t field,
                      hd_buf *out);
/* Who a mention's mother … was found to be in the round before, by its first mention; "-": not
 * known. Appended. */
void hd_explain_person(const hd_run *run, hd_mention i, hd_relation_kind relation, hd_buf *out);
/* "姓名：同音 (name: same_sound)"; level 0: missing. */
void hd_explain_level(const hd_run *run, uint32_t comparison, uint32_t level, hd_buf *out);
const char *hd_verdict_code(hd_verdict verdict); /* edge, through, one_record … */
/* hd_review.conflict in words, and as a code (a conflict's own, or one_record, between …). */
hd_str hd_explain_review(const hd_run *run, int reason);
hd_str hd_explain_review_code(const hd_run *run, int reason);
/* The verdict in a sentence, ended by a newline. */
void hd_explain_verdict(const hd_run *run, const hd_explained *explained, hd_buf *out);

#endif
