#ifndef HD_ANALYSE_SPLINK_READ_H
#define HD_ANALYSE_SPLINK_READ_H

/* A model in Splink's settings JSON (versions 4 and 5) as linkage rules and a model of hedui's.
 * What is read: link_type, comparisons with their levels (sql_condition, label_for_charts, m and u,
 * is_null_level, tf_adjustment_column), blocking_rules_to_generate_predictions and
 * probability_two_random_records_match. What cannot be expressed is an error that names the
 * comparison, the level and the SQL; what is left out is noted.
 *
 * Term frequencies are not in Splink's file. A level that has them keeps their declaration, and the
 * model a floor at which they weigh nothing, until frequencies are counted.
 * Splink: Linacre et al., IJPDS 7 (2022). */

#include "pipeline/analyse/splink_rule.h"
#include "pipeline/model.h"

typedef struct hd_splink_comparison {
    hd_comparison rule;              /* compiled, with the texts of its levels; and as texts: */
    hd_splink_missing missing;       /* `needs` at least one */
    hd_str frequency[HD_LEVELS_MAX]; /* null: none */
    hd_model_level model[HD_LEVELS_MAX];
} hd_splink_comparison;

typedef struct hd_splink_pass {
    hd_str code;
    hd_splink_texts keys;
} hd_splink_pass;

typedef struct hd_splink_model {
    hd_arena arena;
    double prior;
    hd_splink_comparison comparison[HD_COMPARISONS_MAX];
    uint32_t n_comparisons;
    hd_splink_pass pass[HD_PASSES_MAX];
    uint32_t n_passes;
    hd_buf notes; /* what was left out, a line each */
} hd_splink_model;

/* What Splink's columns are: YAML, `column: expression over one mention`. They become derived names
 * of the ruleset; `text` stays. HD_CONFIG with the place. */
hd_status hd_splink_read_columns(hd_ctx *ctx, const char *file, hd_str text, hd_ruleset *ruleset);

/* `file` is how messages name the JSON. Whatever happens, the caller releases `out`. HD_CONFIG. */
hd_status hd_splink_read(hd_ctx *ctx, const char *file, hd_str json, hd_ruleset *ruleset,
                         hd_splink_model *out);
void hd_splink_release(hd_splink_model *model);

/* The text of a county's rules/linkage.yaml that holds these rules and no packaged pass and
 * comparison; `columns`: the text that was read, null: none. */
void hd_splink_rules(const hd_splink_model *model, const hd_ruleset *packaged, hd_str columns,
                     hd_buf *out);
/* The model for these rules, to a file. */
hd_status hd_splink_save(hd_ctx *ctx, const char *path, const hd_splink_model *model,
                         const hd_ruleset *ruleset);

#endif
