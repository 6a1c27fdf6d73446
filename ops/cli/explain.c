#include "pipeline/analyse/explain.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "ops/cli/cli.h"
#include "ops/cli/told.h"
#include "pipeline/naming.h"
#include "pipeline/weights.h"

static hd_run_options options = {.config = "hedui.yaml"};
static const char *names[2], *threads;
static hd_explain_style style;
static bool json;

/* ---- for programs ---- */

static json_t *describe_values(const hd_run *run, const hd_explained *x, uint64_t fields)
{
    json_t *out = json_array();
    for (uint32_t f = 0; f < run->ruleset->n_fields; f++) {
        const hd_value_no *column = run->mentions.column[f];
        if (!(fields >> f & 1) || !column || (!column[x->a] && !column[x->b]))
            continue;
        json_t *value = json_object();
        json_object_set_new(value, "field", cli_json_text(run->ruleset->fields[f].code));
        json_object_set_new(value, "a", cli_json_value(run, style, x->a, f));
        json_object_set_new(value, "b", cli_json_value(run, style, x->b, f));
        json_array_append_new(out, value);
    }
    return out;
}

static json_t *describe_person(const hd_run *run, hd_mention i, int relation)
{
    const hd_mention *related = run->mentions.related[relation];
    bool known = related && related[i] != HD_NO_MENTION;
    return known ? cli_json_mention(run, related[i]) : json_null();
}

static json_t *describe_persons(const hd_run *run, const hd_explained *x, uint32_t persons)
{
    json_t *out = json_array();
    for (int r = 0; r < HD_N_RELATION_KINDS; r++)
        if (persons >> r & 1)
            json_array_append_new(out, json_pack("{s:s,s:o,s:o}", "relation",
                                                 hd_relation_kind_name((hd_relation_kind)r), "a",
                                                 describe_person(run, x->a, r), "b",
                                                 describe_person(run, x->b, r)));
    return out;
}

static json_t *describe_comparison(const hd_run *run, const hd_explained *x, uint32_t c)
{
    const hd_comparison *comparison = &run->ruleset->comparisons[c];
    const hd_explained_comparison *e = &x->comparison[c];
    json_t *out = json_object();
    json_object_set_new(out, "comparison", cli_json_text(comparison->code));
    json_object_set_new(out, "level", cli_json_level(run, c, e->level));
    json_object_set_new(out, "weight", cli_json_bits(e->weight + e->frequency));
    json_object_set_new(out, "frequency", cli_json_bits(e->frequency));
    json_object_set_new(out, "decisive", json_boolean(e->decisive));
    json_object_set_new(out, "values", describe_values(run, x, e->level ? e->fields : 0));
    if (e->persons)
        json_object_set_new(out, "persons", describe_persons(run, x, e->level ? e->persons : 0));
    if (e->enough_level) {
        json_object_set_new(out, "would_do", cli_json_level(run, c, e->enough_level));
        json_object_set_new(out, "would_add", cli_json_bits(e->enough_gain));
    }
    return out;
}

static json_t *describe_conflicts(const hd_run *run, uint64_t conflicts)
{
    json_t *out = json_array();
    for (uint32_t i = 0; i < run->ruleset->n_conflicts; i++)
        if (conflicts >> i & 1)
            json_array_append_new(out, cli_json_text(run->ruleset->conflicts[i].code));
    return out;
}

static json_t *describe_others(const hd_run *run, const hd_explained_others *others)
{
    json_t *out = json_object();
    json_object_set_new(out, "pairs", json_integer(others->n_pairs));
    json_object_set_new(out, "one_record", json_boolean(others->one_record));
    json_object_set_new(out, "conflicts", describe_conflicts(run, others->conflicts));
    json_object_set_new(out, "evidence", cli_json_bits(others->evidence));
    json_object_set_new(out, "contested_by",
                        others->rival ? cli_json_edge(run, others->rival) : json_null());
    json_object_set_new(out, "review",
                        others->review
                            ? cli_json_text(hd_explain_review_code(run, others->review->conflict))
                            : json_null());
    json_object_set_new(out, "in_review",
                        json_boolean(others->review && others->review->value > 0));
    return out;
}

static json_t *describe_passes(const hd_run *run, const hd_explained *x)
{
    json_t *out = json_array();
    for (uint32_t p = 0; p < x->n_passes; p++)
        if (x->pass[p].same_block)
            json_array_append_new(out, cli_json_text(run->ruleset->passes[p].code));
    return out;
}

static void print_json(const hd_run *run, const hd_explained *x)
{
    json_t *out = json_object(), *comparisons = json_array(), *path = json_array();
    for (uint32_t c = 0; c < x->n_comparisons; c++)
        json_array_append_new(comparisons, describe_comparison(run, x, c));
    for (uint32_t i = 0; i < x->n_path; i++)
        json_array_append_new(path, cli_json_edge(run, x->path[i]));
    json_object_set_new(out, "a", cli_json_mention(run, x->a));
    json_object_set_new(out, "b", cli_json_mention(run, x->b));
    json_object_set_new(out, "prior", cli_json_bits(x->prior));
    json_object_set_new(out, "comparisons", comparisons);
    json_object_set_new(out, "weight", cli_json_bits(x->weight));
    json_object_set_new(out, "probability", json_real(hd_weight_probability(x->weight)));
    json_object_set_new(out, "threshold", cli_json_bits(x->threshold));
    json_object_set_new(out, "passes", describe_passes(run, x));
    json_object_set_new(out, "conflicts", describe_conflicts(run, x->conflicts));
    json_object_set_new(out, "verdict", json_string(hd_verdict_code(x->verdict)));
    json_object_set_new(out, "path", path);
    json_object_set_new(out, "others", x->path ? json_null() : describe_others(run, &x->others));
    json_object_set_new(out, "would_join_without", json_boolean(x->would_join_without));
    cli_json_print(out, CLI_TOLD_DIGITS);
}

/* ---- for people ---- */

static void print_text(const hd_run *run, const hd_explained *x)
{
    hd_buf text = {0};
    hd_explain_text(run, x, style, &text);
    fputs(text.ptr, stdout);
    hd_buf_release(&text);
}

static hd_mention mention[2];

/* Before any work: a name may be none. */
static hd_status find_two(hd_ctx *ctx, hd_run *run, void *arg)
{
    (void)arg;
    for (int i = 0; i < 2; i++)
        HD_TRY(hd_mention_by_name(ctx, &run->mentions, run->key, names[i], &mention[i]));
    if (mention[0] == mention[1])
        return HD_FAIL(ctx, HD_USAGE, "both names are one mention");
    return HD_OK;
}

static void explain(const hd_run *run)
{
    hd_explained explained;
    hd_explain(run, mention[0], mention[1], &explained);
    (json ? print_json : print_text)(run, &explained);
    hd_explained_release(&explained);
}

static hd_status explain_two(hd_ctx *ctx)
{
    hd_run run;
    ctx->quiet = true;
    HD_TRY(cli_threads(ctx, threads));
    options.ready = find_two;
    hd_status status = hd_run_start(ctx, &options, HD_RUN_TO_CLUSTER, &run);
    if (status == HD_OK)
        explain(&run);
    hd_run_release(&run);
    return status;
}

const cli_command cli_explain = {
    .name = "explain",
    .purpose = "why two mentions were or were not linked",
    .arguments = "SOURCE:ID[:ROLE] SOURCE:ID[:ROLE] [--config FILE] [--show-values] [--json]",
    .summary = "Say why two mentions were or were not linked, and what would change it: any two, "
               "compared by the\nrun or not. Values are masked.",
    .options =
        {
            CLI_CONFIG(options.config),
            CLI_MODEL(options.model),
            CLI_SHOW_VALUES(style.show_values),
            CLI_JSON(json),
            CLI_THREADS(threads),
        },
    .least = 2,
    .most = 2,
    .rest = names,
    .run = explain_two,
};
