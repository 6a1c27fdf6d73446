#include "pipeline/analyse/explain.h"

#include <stdio.h>

#include "base/hash.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/pairs.h"

/* ---- finding a mention by name ---- */

static bool find_record(const hd_mentions *m, uint32_t source, hd_str id, uint32_t *out)
{
    const hd_records *records = &m->extract->records[source];
    uint32_t low = 0, high = records->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int c = hd_str_cmp(records->record_id[middle], id);
        if (c == 0) {
            *out = middle;
            return true;
        }
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* The mentions of one record, by binary search: mentions are by source, then record. */
static uint32_t mentions_of(const hd_mentions *m, uint32_t source, uint32_t record,
                            hd_mention *first)
{
    uint32_t low = 0, high = m->n, n = 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        bool before = m->source[middle] < source ||
                      (m->source[middle] == source && m->record[middle] < record);
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low + n < m->n && m->source[low + n] == source && m->record[low + n] == record)
        n++;
    return n;
}

static bool find_role(const hd_mentions *m, const uint8_t *key, uint32_t source, hd_str id,
                      hd_str role, hd_mention *out)
{
    uint32_t record;
    hd_mention first;
    char hashed[HD_ID_CHARS + 2] = "~";
    /* a personal key is known by its hash: taken as it is, or as the key itself */
    if (m->ruleset->sources[source].key_is_personal && !hd_str_starts(id, HD_STR("~"))) {
        hd_keyed_id(key, id, hashed + 1);
        id = hd_str_from(hashed);
    }
    if (!find_record(m, source, id, &record))
        return false;
    uint32_t n = mentions_of(m, source, record, &first);
    for (uint32_t i = 0; i < n; i++) {
        const hd_role *r = &m->ruleset->sources[source].roles[m->role[first + i]];
        if (role.ptr ? hd_str_eq(r->code, role) : n == 1) {
            *out = first + i;
            return true;
        }
    }
    return false;
}

/* The name is not repeated: what was typed may be somebody's number. */
hd_status hd_explain_find(hd_ctx *ctx, const hd_run *run, const char *name, hd_mention *out)
{
    const hd_mentions *mentions = &run->mentions;
    const char *colon = strchr(name, ':'), *last = strrchr(name, ':');
    hd_hint(ctx,
            "a mention is named SOURCE:RECORD or SOURCE:RECORD:ROLE, e.g. birth:X530303001:mother");
    if (!colon)
        return HD_FAIL(ctx, HD_USAGE, "a mention's name needs a colon after its source");
    hd_str code = {name, (uint32_t)(colon - name)};
    int source = hd_source_find(mentions->ruleset, code);
    if (source < 0)
        return HD_FAIL(ctx, HD_USAGE, "there is no source \"%.*s\"", HD_ARG(code));
    hd_str whole = hd_str_from(colon + 1);
    hd_str id = {colon + 1, last > colon ? (uint32_t)(last - colon - 1) : 0};
    bool found = find_role(mentions, run->key, (uint32_t)source, whole, HD_STR_NULL, out) ||
                 (last > colon &&
                  find_role(mentions, run->key, (uint32_t)source, id, hd_str_from(last + 1), out));
    if (!found)
        return HD_FAIL(ctx, HD_USAGE,
                       "source %.*s has no such record, or the record has several mentions or not "
                       "this one",
                       HD_ARG(code));
    ctx->hint[0] = '\0';
    return HD_OK;
}

/* ---- explaining ---- */

static void add_key(const hd_run *run, hd_buf *out, const char *key)
{
    hd_buf_add(out, hd_text_of(run->ruleset->catalogue, key));
}

static void add_mention(const hd_run *run, hd_buf *out, const char *label, hd_mention i)
{
    const hd_mentions *m = &run->mentions;
    const hd_source *source = &run->ruleset->sources[m->source[i]];
    hd_str id = hd_mention_record_id(m, i);
    hd_buf_addf(out, "%s  %.*s:%.*s:%.*s\n", label, HD_ARG(source->code), HD_ARG(id),
                HD_ARG(source->roles[m->role[i]].code));
}

static void add_masked(const hd_run *run, hd_buf *out, hd_mention i, uint32_t field)
{
    if (run->mentions.column[field][i])
        hd_mention_print_masked(out, &run->mentions, i, field, false);
    else
        hd_buf_add_char(out, '-');
}

static uint64_t fields_of(const hd_expr *expr)
{
    if (expr->op == HD_OP_REF)
        return expr->ref.what == HD_REF_BUILTIN || expr->ref.role >= 0
                   ? 0
                   : UINT64_C(1) << expr->ref.index;
    uint64_t fields = 0;
    for (uint32_t i = 0; i < expr->n_args; i++)
        fields |= fields_of(expr->args[i]);
    return fields;
}

/* The values that a comparison looks at: "name 张*丰 / 张*峰". */
static void add_values(const hd_run *run, hd_buf *out, uint32_t c, hd_mention a, hd_mention b)
{
    const hd_comparison *comparison = &run->ruleset->comparisons[c];
    uint64_t fields = 0;
    for (uint32_t i = 0; i < comparison->n_needs; i++)
        fields |= fields_of(comparison->needs[i]);
    for (uint32_t f = 0; f < run->ruleset->n_fields; f++) {
        if (!(fields >> f & 1) || !run->mentions.column[f])
            continue;
        hd_buf_add(out, HD_STR("      "));
        hd_buf_add(
            out, hd_text_for(run->ruleset->catalogue, "field", run->ruleset->fields[f].code, NULL));
        hd_buf_add(out, HD_STR("  "));
        add_masked(run, out, a, f);
        hd_buf_add(out, HD_STR(" / "));
        add_masked(run, out, b, f);
        hd_buf_add_char(out, '\n');
    }
}

static void add_comparisons(const hd_run *run, hd_buf *out, uint32_t pattern,
                            const hd_weights *weights, hd_mention a, hd_mention b)
{
    for (uint32_t c = 0; c < run->plan.n_comparisons; c++) {
        const hd_comparison *comparison = &run->ruleset->comparisons[c];
        uint32_t level = hd_plan_level(&run->plan, pattern, c);
        hd_buf_addf(out, "  %+8.2f  %.*s = ", (double)weights->level[c][level] / HD_WEIGHT_ONE,
                    HD_ARG(comparison->code));
        if (level)
            hd_buf_add(out, comparison->levels[level - 1].code);
        else
            add_key(run, out, "explain.missing");
        hd_buf_add_char(out, '\n');
        if (level)
            add_values(run, out, c, a, b);
    }
}

static void add_passes(const hd_run *run, hd_buf *out, hd_mention a, hd_mention b)
{
    uint32_t n = run->blocks.n_passes, found = 0;
    add_key(run, out, "explain.passes");
    for (uint32_t p = 0; p < n; p++) {
        uint32_t x = run->blocks.block_of[(size_t)a * n + p];
        if (!x || x != run->blocks.block_of[(size_t)b * n + p])
            continue;
        hd_buf_addf(out, "%s %.*s", found++ ? "," : "", HD_ARG(run->ruleset->passes[p].code));
    }
    hd_buf_add_char(out, ' ');
    if (!found)
        add_key(run, out, "explain.no_pass");
    hd_buf_add_char(out, '\n');
}

/* In the order in which cluster decides. */
static void add_verdict(const hd_run *run, hd_buf *out, hd_mention a, hd_mention b, int conflict,
                        int32_t weight)
{
    const hd_mentions *m = &run->mentions;
    double threshold = run->ruleset->match_threshold_bits;
    bool one_record = m->source[a] == m->source[b] && m->record[a] == m->record[b];
    char name[128] = "", bits[32];
    if (conflict >= 0) {
        hd_str text = hd_text_for(run->ruleset->catalogue, "conflict",
                                  run->ruleset->conflicts[conflict].code, NULL);
        snprintf(name, sizeof name, "%.*s", HD_ARG(text));
    }
    snprintf(bits, sizeof bits, "%.2f", threshold);
    const char *key = "explain.cluster_against";
    if (run->clusters.of[a] == run->clusters.of[b])
        key = "explain.together";
    else if (one_record)
        key = "explain.one_record";
    else if (!hd_pair_possible(&run->plan, a, b))
        key = "explain.mode";
    else if (weight < (int32_t)(threshold * HD_WEIGHT_ONE))
        key = "explain.below";
    else if (conflict >= 0)
        key = "explain.conflict";
    hd_text_fill(out, run->ruleset->catalogue, key, "conflict", name, "threshold", bits, NULL);
    hd_buf_add_char(out, '\n');
}

void hd_explain_pair(const hd_run *run, hd_mention a, hd_mention b, hd_buf *out)
{
    if (a > b) {
        hd_mention first = b;
        b = a;
        a = first;
    }
    hd_env env = hd_ruleset_env(run->ruleset);
    hd_weights weights;
    hd_weights_make(&run->plan, run->model, &weights);
    const uint32_t *row_a = hd_plan_row(&run->plan, a), *row_b = hd_plan_row(&run->plan, b);
    uint32_t pattern = hd_plan_pattern(&run->plan, row_a, row_b, &env);
    int32_t weight = hd_plan_weight(&run->plan, &weights, pattern, row_a, row_b), plain;
    int conflict = hd_plan_conflict(&run->plan, row_a, row_b, &env);
    add_mention(run, out, "a", a);
    add_mention(run, out, "b", b);
    hd_buf_addf(out, "  %+8.2f  ", (double)weights.prior / HD_WEIGHT_ONE);
    add_key(run, out, "explain.prior");
    hd_buf_add_char(out, '\n');
    add_comparisons(run, out, pattern, &weights, a, b);
    plain = weights.prior;
    for (uint32_t c = 0; c < run->plan.n_comparisons; c++)
        plain += weights.level[c][hd_plan_level(&run->plan, pattern, c)];
    hd_buf_addf(out, "  %+8.2f  ", (double)(weight - plain) / HD_WEIGHT_ONE);
    add_key(run, out, "explain.frequency");
    hd_buf_addf(out, "\n= %+8.2f  ", (double)weight / HD_WEIGHT_ONE);
    add_key(run, out, "explain.weight");
    hd_buf_addf(out, " (p = %.6f)\n", hd_weight_probability(weight));
    add_passes(run, out, a, b);
    add_verdict(run, out, a, b, conflict, weight);
    hd_weights_release(&weights);
    hd_env_release(&env);
}
