#include "pipeline/analyse/train.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "ops/cli/known.h"
#include "ops/cli/words.h"
#include "pipeline/analyse/explain.h"
#include "pipeline/run.h"

static hd_run_options options = {.config = "hedui.yaml"};
static const char *threads, *out;
static cli_known known;
static bool quiet, steps;

/* ---- how it came about ---- */

static hd_str comparison_name(const hd_run *run, uint32_t c)
{
    return hd_text_for(run->ruleset->catalogue, "comparison", run->ruleset->comparisons[c].code,
                       NULL);
}

static void add_fixed(const hd_run *run, const hd_train_session *session, cli_table *table)
{
    hd_buf names = {0};
    for (uint32_t c = 0; c < run->ruleset->n_comparisons; c++)
        if (session->fixed[c])
            hd_buf_addf(&names, "%s%.*s", names.len_bytes ? ", " : "",
                        HD_ARG(comparison_name(run, c)));
    cli_cell(table, hd_buf_str(&names));
    hd_buf_release(&names);
}

static void print_sessions(const hd_run *run, const hd_training *training)
{
    static const char *const head[] = {"train.pass",    "train.pairs",          "train.patterns",
                                       "train.matches", "train.lambda",         "train.iterations",
                                       "train.change",  "train.log_likelihood", "train.fixed"};
    enum { N = sizeof head / sizeof *head };
    cli_table table = {.n_columns = N, .left = UINT32_C(1) << (N - 1)};
    cli_head(&table, run->ruleset->catalogue, head);
    for (uint32_t s = 0; s < training->n_sessions; s++) {
        const hd_train_session *session = &training->session[s];
        const hd_em_fitted *fitted = &session->fitted;
        cli_cell(&table, run->ruleset->passes[session->pass].code);
        cli_count(&table, session->pairs);
        cli_count(&table, session->n_patterns);
        cli_count(&table, (uint64_t)(session->matches + 0.5));
        cli_cellf(&table, "%.4f", fitted->last.lambda);
        cli_count(&table, fitted->iterations);
        cli_cellf(&table, "%.1e", fitted->last.change);
        cli_cellf(&table, "%.1f", fitted->last.log_likelihood);
        add_fixed(run, session, &table);
    }
    cli_say(run->ruleset->catalogue, "train.sessions", NULL);
    printf("\n");
    cli_table_print(&table, stdout);
    printf("\n");
}

static void print_steps(const hd_run *run, const hd_train_session *session)
{
    static const char *const head[] = {"train.iterations", "train.change", "train.lambda",
                                       "train.log_likelihood"};
    cli_table table = {.n_columns = 4};
    char pass[64];
    snprintf(pass, sizeof pass, "%.*s", HD_ARG(run->ruleset->passes[session->pass].code));
    cli_head(&table, run->ruleset->catalogue, head);
    for (uint32_t i = 0; i < session->fitted.iterations; i++) {
        const hd_em_step *step = &session->fitted.step[i];
        cli_count(&table, i + 1);
        cli_cellf(&table, "%.3e", step->change);
        cli_cellf(&table, "%.6f", step->lambda);
        cli_cellf(&table, "%.3f", step->log_likelihood);
    }
    cli_say(run->ruleset->catalogue, "train.steps", "pass", pass, NULL);
    printf("\n");
    cli_table_print(&table, stdout);
    printf("\n");
}

/* ---- what to beware of ---- */

static void print_note(const hd_run *run, const char *key, const char *name_a, hd_str a,
                       const char *name_b, const char *b, const char *bits)
{
    char text[128];
    snprintf(text, sizeof text, "%.*s", HD_ARG(a));
    cli_say(run->ruleset->catalogue, key, name_a, text, name_b, b, "bits", bits, NULL);
}

static void print_unseen(const hd_run *run, const hd_model *model, const hd_train_unseen *unseen)
{
    const hd_model_level *level = &model->comparison[unseen->comparison].level[unseen->level];
    hd_buf name = {0};
    char bits[32];
    hd_explain_level(run, unseen->comparison, unseen->level + 1, &name);
    snprintf(bits, sizeof bits, "%+.2f", log2(level->m / level->u));
    print_note(run,
               !unseen->in_random    ? "train.unseen_match"
               : !unseen->in_matches ? "train.unseen_random"
                                     : "train.unseen",
               "level", hd_buf_str(&name), "", "", bits);
    hd_buf_release(&name);
}

static void print_notes(const hd_run *run, const hd_training *training, const hd_model *model)
{
    char n[24];
    for (uint32_t s = 0; s < training->n_sessions; s++) {
        const hd_train_session *session = &training->session[s];
        snprintf(n, sizeof n, "%u", session->fitted.iterations);
        if (!session->fitted.converged)
            print_note(run, "train.not_converged", "pass", run->ruleset->passes[session->pass].code,
                       "n", n, "");
    }
    for (uint32_t c = 0; c < run->ruleset->n_comparisons; c++)
        if (training->always_fixed[c] && !training->n_known)
            print_note(run, "train.always_fixed", "comparison", comparison_name(run, c), "", "",
                       "");
    for (uint32_t i = 0; i < training->n_unseen; i++)
        if (!training->always_fixed[training->unseen[i].comparison] ||
            training->unseen[i].in_random)
            print_unseen(run, model, &training->unseen[i]);
    snprintf(n, sizeof n, "%llu", (unsigned long long)training->n_known);
    if (training->n_known)
        print_note(run, "train.known", "n", hd_str_from(n), "", "", "");
}

/* ---- the model ---- */

static void print_model(const hd_run *run, const hd_model *model)
{
    const hd_catalogue *texts = run->ruleset->catalogue;
    cli_table table = {.n_columns = 4};
    hd_buf name = {0};
    cli_cell(&table, hd_text_of(texts, "train.level"));
    cli_cell(&table, HD_STR("m"));
    cli_cell(&table, HD_STR("u"));
    cli_cell(&table, hd_text_of(texts, "train.weight"));
    for (uint32_t c = 0; c < run->ruleset->n_comparisons; c++) {
        const hd_comparison *comparison = &run->ruleset->comparisons[c];
        for (uint32_t l = 0; l < comparison->n_levels; l++) {
            const hd_model_level *level = &model->comparison[c].level[l];
            hd_buf_clear(&name);
            hd_explain_level(run, c, l + 1, &name);
            cli_cell(&table, hd_buf_str(&name));
            cli_cellf(&table, "%.3g", level->m);
            cli_cellf(&table, "%.3g", level->u);
            cli_cellf(&table, "%+.2f", log2(level->m / level->u));
        }
    }
    cli_table_print(&table, stdout);
    hd_buf_release(&name);
    char prior[32], bits[32];
    snprintf(prior, sizeof prior, "%.3g", model->prior);
    snprintf(bits, sizeof bits, "%+.2f", log2(model->prior));
    cli_say(texts, "train.prior", "prior", prior, "bits", bits, NULL);
}

static void print_all(const hd_run *run, const hd_training *training, const hd_model *model)
{
    print_sessions(run, training);
    for (uint32_t s = 0; s < training->n_sessions && steps; s++)
        print_steps(run, &training->session[s]);
    print_model(run, model);
    print_notes(run, training, model);
}

/* ---- */

static hd_status estimate(hd_ctx *ctx, hd_run *run, hd_training *training, hd_model **model)
{
    if (!out && access(hd_run_model_path(run), F_OK) == 0) {
        hd_hint(ctx, "write the new one beside it with --out, compare, then put it in its place");
        return HD_FAIL(ctx, HD_USAGE, "%s is the model in use", hd_run_model_path(run));
    }
    HD_TRY(hd_blocks_check(ctx, run->ruleset, &run->blocks));
    const hd_known_matches *matches;
    HD_TRY(cli_known_matches(ctx, &known, run, &matches));
    return hd_run_train(ctx, run, matches, training, model);
}

static hd_status train_model(hd_ctx *ctx)
{
    static hd_training training;
    ctx->quiet = quiet;
    HD_TRY(cli_threads(ctx, threads));
    HD_TRY(cli_known_ask(ctx, &known, &options));
    hd_run run;
    hd_model *model = NULL;
    hd_status status = hd_run_start(ctx, &options, HD_RUN_TO_PLAN, &run);
    if (status == HD_OK)
        status = estimate(ctx, &run, &training, &model);
    const char *path = out || status != HD_OK ? out : hd_run_model_path(&run);
    if (status == HD_OK)
        status = hd_model_save(ctx, path, run.ruleset, model);
    if (status == HD_OK) {
        print_all(&run, &training, model);
        printf("%s\n", path);
    }
    hd_training_release(&training);
    cli_known_release(&known);
    hd_model_free(model);
    hd_run_release(&run);
    return status;
}

const cli_command cli_train = {
    .name = "train",
    .purpose = "propose a linkage model from the data at hand",
    .arguments = "[--config FILE] [--out FILE] [--labels FILE | --truth FILE] [--explain]",
    .summary = "Estimate a linkage model from the sources, for review, and show how the estimation "
               "went.",
    .options =
        {
            CLI_CONFIG(options.config),
            {"out", "FILE",
             "where the model goes (default: link.model of the configuration, where there is none "
             "yet)",
             &out, NULL},
            {"labels", "FILE",
             "pairs that people decided, as hedui label writes them, or a file of decisions: m "
             "follows those that are one person",
             &known.labels, NULL},
            {"truth", "FILE",
             "CSV with source, record_id, role, person_id: the same of all persons", &known.truth,
             NULL},
            {"explain", NULL, "show each iteration", NULL, &steps},
            CLI_THREADS(threads),
            CLI_QUIET(quiet),
        },
    .run = train_model,
};
