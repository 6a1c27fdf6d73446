#ifndef HD_PIPELINE_MODEL_H
#define HD_PIPELINE_MODEL_H

/* The linkage model: Fellegi–Sunter's m and u for each level of each comparison, the prior, and
 * term frequencies. Text (JSON), proposed by `hedui train`, reviewed and committed by people.
 * Fellegi, Sunter: A Theory for Record Linkage, JASA 64 (1969). */

#include "pipeline/config/ruleset.h"

enum { HD_WEIGHT_ONE = 1024 }; /* weights are in 1/1024 bit */

typedef struct hd_term {
    hd_text text;     /* in ruleset->texts */
    double frequency; /* share of mentions that have a value, or of the table's population */
} hd_term;

typedef struct hd_model_level {
    double m, u;    /* in (0,1); of pairs in which the comparison is not missing */
    hd_term *terms; /* by text number; only where the level has a frequency */
    uint32_t n_terms;
    double frequency_floor; /* for values that the model does not know; 0: no frequency */
} hd_model_level;

typedef struct hd_model_comparison {
    hd_model_level level[HD_LEVELS_MAX];
} hd_model_comparison;

typedef struct hd_model {
    hd_arena arena;
    double prior; /* probability that two mentions at random are one person */
    hd_model_comparison comparison[HD_COMPARISONS_MAX];
    hd_str provenance; /* JSON object: from what sources and pairs, how the sessions went */
    /* bits of the comparisons that mean something else in the rules than when the model was
     * trained; 0 where the file does not say what they meant (a model written by hand) */
    uint32_t changed;
    char hash[65];
} hd_model;

_Static_assert(HD_COMPARISONS_MAX <= 32, "a comparison is a bit of `changed`");

/* Reads a model for this ruleset; unknown or missing comparisons and levels, probabilities outside
 * (0,1): HD_CONFIG with the place. HD_SOURCE where the file cannot be read. */
hd_status hd_model_load(hd_ctx *ctx, const char *path, const hd_ruleset *ruleset, hd_model **out);
hd_status hd_model_save(hd_ctx *ctx, const char *path, const hd_ruleset *ruleset,
                        const hd_model *model); /* temp file and rename */
void hd_model_free(hd_model *model);

#endif
