#include "pipeline/analyse/person.h"

#include <stdio.h>

#include "ops/cli/cli.h"
#include "ops/cli/told.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/naming.h"

static hd_run_options options = {.config = "hedui.yaml"};
static const char *name, *threads;
static hd_explain_style style;
static bool json;

/* What is told of a person_id of the published run. */
typedef struct published {
    uint32_t n, n_elsewhere;
} published;

/* ---- for programs ---- */

static json_t *describe_member(const hd_run *run, hd_mention i)
{
    uint32_t field[HD_WHO_MAX], n_fields = hd_who_fields(&run->mentions, field);
    json_t *out = cli_json_mention(run, i);
    for (uint32_t k = 0; k < n_fields; k++) {
        hd_str code = run->ruleset->fields[field[k]].code;
        json_object_setn_new(out, code.ptr, code.len_bytes,
                             cli_json_value(run, style, i, field[k]));
    }
    return out;
}

static json_t *describe_levels(const hd_run *run, hd_pattern pattern)
{
    json_t *out = json_object();
    for (uint32_t c = 0; c < run->ruleset->n_comparisons; c++) {
        char code[64];
        uint32_t level = hd_plan_level(&run->plan, pattern, c);
        snprintf(code, sizeof code, "%.*s", HD_ARG(run->ruleset->comparisons[c].code));
        if (level)
            json_object_set_new(out, code, cli_json_level(run, c, level));
    }
    return out;
}

static json_t *describe_join(const hd_run *run, const hd_person_join *join)
{
    json_t *out = cli_json_edge(run, join->edge);
    json_object_set_new(out, "mentions_a", json_integer(join->n_a));
    json_object_set_new(out, "mentions_b", json_integer(join->n_b));
    json_object_set_new(out, "pass",
                        join->pass < 0 ? json_null()
                                       : cli_json_text(run->ruleset->passes[join->pass].code));
    json_object_set_new(out, "bridge", json_boolean(join->bridge));
    json_object_set_new(out, "levels", describe_levels(run, join->edge->pattern));
    return out;
}

static json_t *describe_metrics(const hd_run *run, const hd_graph_metrics *m)
{
    json_t *out = json_object();
    json_object_set_new(out, "edges", json_integer(m->n_edges));
    json_object_set_new(out, "density", json_real(m->density));
    json_object_set_new(out, "bridges", json_integer(m->n_bridges));
    json_object_set_new(out, "diameter", json_integer(m->diameter));
    json_object_set_new(out, "weakest",
                        m->weakest.weight == HD_EDGE_MOST ? json_null()
                                                          : cli_json_edge(run, &m->weakest));
    return out;
}

static json_t *describe_apart(const hd_run *run, const hd_person_apart *apart)
{
    json_t *out = json_object();
    json_object_set_new(out, "a", cli_json_mention(run, apart->review->a));
    json_object_set_new(out, "b", cli_json_mention(run, apart->review->b));
    json_object_set_new(out, "weight", cli_json_bits(apart->review->weight));
    json_object_set_new(out, "reason",
                        cli_json_text(hd_explain_review_code(run, apart->review->conflict)));
    json_object_set_new(out, "pairs", json_integer(apart->n_pairs));
    return out;
}

static void print_json(const hd_run *run, const hd_person_view *view, const published *p)
{
    json_t *out = json_object(), *members = json_array(), *joins = json_array(),
           *apart = json_array();
    for (uint32_t i = 0; i < view->n; i++)
        json_array_append_new(members, describe_member(run, view->member[i]));
    for (uint32_t i = 0; i < view->n_joins; i++)
        json_array_append_new(joins, describe_join(run, &view->join[i]));
    for (uint32_t i = 0; i < view->n_apart; i++)
        json_array_append_new(apart, describe_apart(run, &view->apart[i]));
    json_object_set_new(out, "members", members);
    json_object_set_new(out, "joins", joins);
    json_object_set_new(out, "metrics", describe_metrics(run, &view->metrics));
    json_object_set_new(out, "kept_apart", apart);
    json_object_set_new(out, "published_mentions", json_integer(p->n));
    json_object_set_new(out, "published_elsewhere", json_integer(p->n_elsewhere));
    cli_json_print(out, CLI_TOLD_DIGITS);
}

/* ---- for people ---- */

static void print_text(const hd_run *run, const hd_person_view *view, const published *p)
{
    hd_buf text = {0};
    char n[16], elsewhere[16];
    hd_person_text(run, view, style, &text);
    snprintf(n, sizeof n, "%u", p->n);
    snprintf(elsewhere, sizeof elsewhere, "%u", p->n_elsewhere);
    if (p->n_elsewhere) {
        hd_text_fill(&text, run->ruleset->catalogue, "person.elsewhere", "n", n, "elsewhere",
                     elsewhere, NULL);
        hd_buf_add_char(&text, '\n');
    }
    fputs(text.ptr, stdout);
    hd_buf_release(&text);
}

static hd_status show(hd_ctx *ctx, const hd_run *run)
{
    uint32_t cluster;
    published p;
    hd_person_view view;
    HD_TRY(hd_person_by_name(ctx, run, name, &cluster, &p.n, &p.n_elsewhere));
    hd_person_look(run, cluster, &view);
    (json ? print_json : print_text)(run, &view, &p);
    hd_person_view_release(&view);
    return HD_OK;
}

static hd_status person(hd_ctx *ctx)
{
    hd_run run;
    ctx->quiet = true;
    HD_TRY(cli_threads(ctx, threads));
    hd_status status = hd_run_start(ctx, &options, HD_RUN_TO_CLUSTER, &run);
    if (status == HD_OK)
        status = show(ctx, &run);
    hd_run_release(&run);
    return status;
}

const cli_command cli_person = {
    .name = "person",
    .purpose = "a person's mentions, and how they came together",
    .arguments = "PERSON_ID | SOURCE:ID[:ROLE] [--config FILE] [--show-values] [--json]",
    .summary = "Show a person: its mentions, how they were joined edge by edge, how well they hold "
               "together, and who was\nkept apart from it and why. Values are masked.",
    .options =
        {
            CLI_CONFIG(options.config),
            CLI_MODEL(options.model),
            CLI_SHOW_VALUES(style.show_values),
            CLI_JSON(json),
            CLI_THREADS(threads),
        },
    .least = 1,
    .most = 1,
    .rest = &name,
    .run = person,
};
