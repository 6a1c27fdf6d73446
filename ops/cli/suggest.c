#include "ops/cli/suggest.h"

#include <ctype.h>
#include <stdio.h>

#include "base/mem.h"
#include "ops/cli/json.h"
#include "ops/cli/words.h"
#include "pipeline/analyse/suggest.h"

enum { PAIRS_A_MENTION = 20 };

typedef struct suggesting {
    hd_run *run;
    hd_key_list keys;
    hd_recall recall;
    hd_suggestion suggestion;
    uint64_t budget;
} suggesting;

/* ---- a pass as a line of rules/linkage.yaml ---- */

/* Letters and digits of the keys, parted by _. */
static void add_code(const suggesting *s, uint64_t keys, hd_buf *out)
{
    for (uint32_t k = 0; k < s->keys.n; k++) {
        hd_str text = s->keys.key[k].text;
        for (uint32_t i = 0; keys >> k & 1 && i < text.len_bytes; i++) {
            bool apart = !isalnum((unsigned char)text.ptr[i]);
            if (!apart)
                hd_buf_add_char(out, text.ptr[i]);
            else if (out->len_bytes && out->ptr[out->len_bytes - 1] != '_')
                hd_buf_add_char(out, '_');
        }
        if (keys >> k & 1 && out->ptr[out->len_bytes - 1] != '_')
            hd_buf_add_char(out, '_');
    }
    out->ptr[--out->len_bytes] = '\0';
}

/* A scalar inside [ ]: in quotes where it would end there. */
static void add_scalar(hd_buf *out, hd_str text)
{
    bool plain = !memchr(text.ptr, ',', text.len_bytes) && !memchr(text.ptr, '"', text.len_bytes);
    hd_buf_addf(out, plain ? "%.*s" : "'%.*s'", HD_ARG(text));
}

static void add_line(const suggesting *s, const hd_suggested *pass, hd_buf *out)
{
    hd_buf code = {0};
    add_code(s, pass->keys, &code);
    hd_buf_addf(out, "  - {code: %s, keys: [", code.ptr);
    const char *comma = "";
    for (uint32_t k = 0; k < s->keys.n; k++) {
        if (!(pass->keys >> k & 1))
            continue;
        hd_buf_addf(out, "%s", comma);
        add_scalar(out, s->keys.key[k].text);
        comma = ", ";
    }
    hd_buf_addf(out, "]}");
    hd_buf_release(&code);
}

/* ---- printing ---- */

static uint64_t pairs_of_all(const suggesting *s)
{
    uint64_t n = 0;
    for (uint32_t p = 0; p < s->suggestion.n; p++)
        n += s->suggestion.pass[p].n_pairs;
    return n;
}

static double declared_recall(const suggesting *s, uint32_t first, uint32_t n)
{
    return hd_recall_of(&s->recall, s->keys.declared + first, n);
}

static void print_title(const suggesting *s, const char *key, double recall, uint64_t pairs)
{
    char share[32], n[32];
    snprintf(share, sizeof share, "%.4f", recall);
    snprintf(n, sizeof n, "%llu", (unsigned long long)pairs);
    cli_say(s->run->ruleset->catalogue, key, "recall", share, "n", n, NULL);
}

static void print_declared(const suggesting *s)
{
    static const char *const head[] = {"blocks.pass", "blocks.pairs", "blocks.alone",
                                       "blocks.together"};
    const hd_run *run = s->run;
    uint64_t pairs = 0;
    cli_table table = {.n_columns = 4};
    cli_head(&table, run->ruleset->catalogue, head);
    for (uint32_t p = 0; p < run->blocks.n_passes; p++) {
        cli_cell(&table, run->ruleset->passes[p].code);
        cli_count(&table, run->blocks.pass[p].n_pairs);
        cli_cellf(&table, "%.4f", declared_recall(s, p, 1));
        cli_cellf(&table, "%.4f", declared_recall(s, 0, p + 1));
        pairs += run->blocks.pass[p].n_pairs;
    }
    print_title(s, "blocks.declared", declared_recall(s, 0, run->blocks.n_passes), pairs);
    printf("\n");
    cli_table_print(&table, stdout);
}

static void print_text(const suggesting *s)
{
    const hd_suggestion *found = &s->suggestion;
    hd_buf line = {0};
    print_declared(s);
    printf("\n");
    print_title(s, "blocks.suggested", found->n ? found->pass[found->n - 1].total : 0,
                pairs_of_all(s));
    printf("\npasses:\n");
    for (uint32_t p = 0; p < found->n; p++) {
        const hd_suggested *pass = &found->pass[p];
        hd_buf_clear(&line);
        add_line(s, pass, &line);
        printf("%s  # %llu, %.4f, %.4f\n", line.ptr, (unsigned long long)pass->n_pairs, pass->alone,
               pass->total);
    }
    printf("\n");
    cli_say(s->run->ruleset->catalogue, "blocks.suggest_note", NULL);
    hd_buf_release(&line);
}

static json_t *describe_declared(const suggesting *s)
{
    json_t *out = json_array();
    for (uint32_t p = 0; p < s->run->blocks.n_passes; p++) {
        json_array_append_new(out, json_pack("{s:o,s:I,s:f,s:f}", "pass",
                                             cli_json_text(s->run->ruleset->passes[p].code),
                                             "pairs", (json_int_t)s->run->blocks.pass[p].n_pairs,
                                             "recall_alone", declared_recall(s, p, 1),
                                             "recall_cumulative", declared_recall(s, 0, p + 1)));
    }
    return out;
}

static json_t *describe_suggested(const suggesting *s, const hd_suggested *pass)
{
    json_t *keys = json_array();
    hd_buf code = {0};
    add_code(s, pass->keys, &code);
    for (uint32_t k = 0; k < s->keys.n; k++)
        if (pass->keys >> k & 1)
            json_array_append_new(keys, cli_json_text(s->keys.key[k].text));
    json_t *out = json_pack("{s:s,s:o,s:I,s:f,s:f}", "pass", code.ptr, "keys", keys, "pairs",
                            (json_int_t)pass->n_pairs, "recall_alone", pass->alone,
                            "recall_cumulative", pass->total);
    hd_buf_release(&code);
    return out;
}

static void print_json(const suggesting *s)
{
    json_t *suggested = json_array();
    for (uint32_t p = 0; p < s->suggestion.n; p++)
        json_array_append_new(suggested, describe_suggested(s, &s->suggestion.pass[p]));
    json_t *out =
        json_pack("{s:f,s:f,s:f,s:f,s:I,s:I,s:o,s:o}", "matches_made", s->recall.made,
                  "matches_joined", s->recall.joined, "matches_guessed", s->recall.guessed,
                  "recall", declared_recall(s, 0, s->run->blocks.n_passes), "budget",
                  (json_int_t)s->budget, "candidates_counted", (json_int_t)s->suggestion.n_counted,
                  "declared", describe_declared(s), "suggested", suggested);
    cli_json_print(out, 6);
}

/* ---- */

hd_status cli_suggest(hd_ctx *ctx, hd_run *run, const char *budget, bool json)
{
    suggesting *s = hd_alloc_zero(1, sizeof *s);
    s->run = run;
    s->budget = (uint64_t)run->mentions.n * PAIRS_A_MENTION;
    hd_status status =
        budget ? cli_number(ctx, "budget", budget, 1, UINT64_C(1000000000000), &s->budget) : HD_OK;
    if (status == HD_OK)
        status = hd_key_list_make(ctx, run->ruleset, &run->mentions, &s->keys);
    if (status == HD_OK) {
        hd_recall_estimate(&run->plan, &run->clusters, &s->keys, &s->recall);
        status = hd_suggest_passes(ctx, &s->keys, &s->recall, s->budget,
                                   run->ruleset->block_cap_pairs, &s->suggestion);
    }
    if (status == HD_OK)
        (json ? print_json : print_text)(s);
    hd_recall_release(&s->recall);
    hd_key_list_release(&s->keys);
    hd_free(s);
    return status;
}
