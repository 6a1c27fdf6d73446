/* An explanation in words. */

#include <stdio.h>

#include "pipeline/analyse/explain.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/naming.h"
#include "pipeline/weights.h"

/* What every part of the text is written with. */
typedef struct writer {
    const hd_run *run;
    const hd_explained *explained;
    hd_explain_style style;
    hd_buf *out;
} writer;

static double bits(int64_t weight)
{
    return (double)weight / HD_WEIGHT_ONE;
}

static hd_str word(const hd_run *run, const char *key)
{
    return hd_text_of(run->ruleset->catalogue, key);
}

/* Two decimals are what a reader can use. */
static const char *bits_text(char text[32], int64_t weight)
{
    snprintf(text, 32, "%.2f", bits(weight));
    return text;
}

static void line(writer *w, const char *key)
{
    hd_buf_add(w->out, word(w->run, key));
    hd_buf_add_char(w->out, '\n');
}

/* ---- what others use, too ---- */

const char *hd_verdict_code(hd_verdict verdict)
{
    static const char *const codes[HD_N_VERDICTS] = {
        [HD_VERDICT_EDGE] = "edge",
        [HD_VERDICT_THROUGH] = "through",
        [HD_VERDICT_TOLD] = "told",
        [HD_VERDICT_TOLD_APART] = "told_apart",
        [HD_VERDICT_ONE_RECORD] = "one_record",
        [HD_VERDICT_DUPLICATE_FREE] = "duplicate_free",
        [HD_VERDICT_MODE] = "mode",
        [HD_VERDICT_BELOW] = "below",
        [HD_VERDICT_CONFLICT] = "conflict",
        [HD_VERDICT_NOT_MADE] = "not_made",
        [HD_VERDICT_OTHERS] = "others",
    };
    return codes[verdict];
}

hd_str hd_explain_review_code(const hd_run *run, int reason)
{
    if (reason >= 0)
        return run->ruleset->conflicts[reason].code;
    return hd_str_from(hd_review_code(reason));
}

hd_str hd_explain_review(const hd_run *run, int reason)
{
    return hd_text_for(run->ruleset->catalogue, reason >= 0 ? "conflict" : "review",
                       hd_explain_review_code(run, reason), NULL);
}

/* Of a sex the word, where its code is one: readers do not know GB/T 2261.1 by heart. */
static bool add_sex(const hd_run *run, hd_mention i, uint32_t field, hd_buf *out)
{
    hd_buf code = {0};
    if (run->ruleset->fields[field].kind != HD_KIND_sex ||
        hd_mention_value(&run->mentions, i, field) == HD_NULL)
        return false;
    hd_mention_print(&code, &run->mentions, i, field);
    hd_buf_add(out, hd_text_for(run->ruleset->catalogue, "sex", hd_buf_str(&code), NULL));
    hd_buf_release(&code);
    return true;
}

void hd_explain_value(const hd_run *run, hd_explain_style style, hd_mention i, uint32_t field,
                      hd_buf *out)
{
    const hd_mentions *m = &run->mentions;
    if (!m->column[field] || !m->column[field][i]) {
        hd_buf_add_char(out, '-');
    } else if (!style.codes && add_sex(run, i, field, out)) {
        return;
    } else if (!style.show_values) {
        hd_mention_print_masked(out, m, i, field, false);
    } else if (hd_mention_value(m, i, field) != HD_NULL) {
        hd_mention_print(out, m, i, field);
    } else {
        hd_buf_add(out, hd_mention_written(m, i, field));
    }
}

void hd_explain_person(const hd_run *run, hd_mention i, hd_relation_kind relation, hd_buf *out)
{
    const hd_mention *related = run->mentions.related[relation];
    if (related && related[i] != HD_NO_MENTION)
        hd_mention_add_name(out, &run->mentions, related[i]);
    else
        hd_buf_add_char(out, '-');
}

void hd_explain_level(const hd_run *run, uint32_t c, uint32_t level, hd_buf *out)
{
    const hd_comparison *comparison = &run->ruleset->comparisons[c];
    const hd_catalogue *catalogue = run->ruleset->catalogue;
    hd_str code = level ? comparison->levels[level - 1].code : HD_STR("missing");
    hd_str name = hd_text_for(catalogue, "comparison", comparison->code, NULL);
    hd_str text = hd_text_for(catalogue, "level", code, NULL);
    hd_buf_addf(out, "%.*s = %.*s", HD_ARG(name), HD_ARG(text));
    if (!hd_str_eq(name, comparison->code) || !hd_str_eq(text, code))
        hd_buf_addf(out, " (%.*s: %.*s)", HD_ARG(comparison->code), HD_ARG(code));
}

/* ---- the two, and what each comparison weighs ---- */

static void add_mention(writer *w, const char *label, hd_mention i)
{
    hd_buf_addf(w->out, "%s  ", label);
    hd_mention_add_name(w->out, &w->run->mentions, i);
    hd_buf_add_char(w->out, '\n');
}

static void add_values(writer *w, uint64_t fields)
{
    const hd_ruleset *ruleset = w->run->ruleset;
    for (uint32_t f = 0; f < ruleset->n_fields; f++) {
        const hd_value_no *column = w->run->mentions.column[f];
        if (!(fields >> f & 1) || !column || (!column[w->explained->a] && !column[w->explained->b]))
            continue;
        hd_str name = hd_text_for(ruleset->catalogue, "field", ruleset->fields[f].code, NULL);
        hd_buf_addf(w->out, "                %.*s  ", HD_ARG(name));
        hd_explain_value(w->run, w->style, w->explained->a, f, w->out);
        hd_buf_add(w->out, HD_STR(" / "));
        hd_explain_value(w->run, w->style, w->explained->b, f, w->out);
        hd_buf_add_char(w->out, '\n');
    }
}

static void add_persons(writer *w, uint32_t persons)
{
    for (int r = 0; r < HD_N_RELATION_KINDS; r++) {
        if (!(persons >> r & 1))
            continue;
        hd_relation_kind kind = (hd_relation_kind)r;
        hd_str code = hd_str_from(hd_relation_kind_name(kind));
        hd_str name = hd_text_for(w->run->ruleset->catalogue, "kin", code, NULL);
        hd_buf_addf(w->out, "                %.*s  ", HD_ARG(name));
        hd_explain_person(w->run, w->explained->a, kind, w->out);
        hd_buf_add(w->out, HD_STR(" / "));
        hd_explain_person(w->run, w->explained->b, kind, w->out);
        hd_buf_add_char(w->out, '\n');
    }
}

static void add_comparison(writer *w, uint32_t c)
{
    const hd_explained_comparison *x = &w->explained->comparison[c];
    char frequency[32];
    hd_buf_addf(w->out, "  %+8.2f  ", bits(x->weight + x->frequency));
    hd_explain_level(w->run, c, x->level, w->out);
    if (x->frequency) {
        snprintf(frequency, sizeof frequency, "%+.2f", bits(x->frequency));
        hd_text_fill(w->out, w->run->ruleset->catalogue, "explain.frequency", "bits", frequency,
                     NULL);
    }
    hd_buf_add_char(w->out, '\n');
    if (!x->level)
        return;
    add_values(w, x->fields);
    add_persons(w, x->persons);
}

static void add_weights(writer *w)
{
    const hd_explained *x = w->explained;
    hd_buf_addf(w->out, "  %+8.2f  ", bits(x->prior));
    line(w, "explain.prior");
    for (uint32_t c = 0; c < x->n_comparisons; c++)
        add_comparison(w, c);
    hd_buf_addf(w->out, "= %+8.2f  ", bits(x->weight));
    hd_buf_add(w->out, word(w->run, "explain.weight"));
    hd_buf_addf(w->out, " (p = %.6f)\n", hd_weight_probability(x->weight));
}

/* ---- passes ---- */

static void add_pass_names(writer *w)
{
    const hd_explained *x = w->explained;
    uint32_t found = 0;
    hd_buf_add(w->out, word(w->run, "explain.passes"));
    for (uint32_t p = 0; p < x->n_passes; p++)
        if (x->pass[p].same_block)
            hd_buf_addf(w->out, "%s%.*s", found++ ? ", " : " ",
                        HD_ARG(w->run->ruleset->passes[p].code));
    if (!found) {
        hd_buf_add_char(w->out, ' ');
        hd_buf_add(w->out, word(w->run, "explain.no_pass"));
    }
    hd_buf_add_char(w->out, '\n');
}

static void add_fields(writer *w, uint64_t fields, uint32_t persons)
{
    const hd_ruleset *ruleset = w->run->ruleset;
    uint32_t found = 0;
    for (uint32_t f = 0; f < ruleset->n_fields; f++)
        if (fields >> f & 1 && w->run->mentions.column[f]) {
            hd_buf_add(w->out, found++ ? HD_STR("/") : HD_STR(" "));
            hd_buf_add(w->out,
                       hd_text_for(ruleset->catalogue, "field", ruleset->fields[f].code, NULL));
        }
    for (int r = 0; r < HD_N_RELATION_KINDS; r++)
        if (persons >> r & 1) {
            hd_str code = hd_str_from(hd_relation_kind_name((hd_relation_kind)r));
            hd_buf_add(w->out, found++ ? HD_STR("/") : HD_STR(" "));
            hd_buf_add(w->out, hd_text_for(ruleset->catalogue, "kin", code, NULL));
        }
}

/* "name_birth: differs 出生日期; a lacks 姓名" */
static void add_pass_lack(writer *w, uint32_t p)
{
    const hd_explained_pass *pass = &w->explained->pass[p];
    const struct {
        const char *key;
        uint32_t keys;
        uint64_t fields;
        uint32_t persons;
    } part[] = {
        {"explain.key_differs", pass->differ, pass->differ_fields, pass->differ_persons},
        {"explain.key_lacks_a", pass->lacks[0], pass->lacks_fields[0], pass->lacks_persons[0]},
        {"explain.key_lacks_b", pass->lacks[1], pass->lacks_fields[1], pass->lacks_persons[1]},
        {"explain.over_cap", pass->same_key, 0, 0}};
    hd_buf_addf(w->out, "    %.*s:", HD_ARG(w->run->ruleset->passes[p].code));
    uint32_t said = 0;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        if (!part[i].keys)
            continue;
        hd_buf_addf(w->out, "%s ", said++ ? ";" : "");
        hd_buf_add(w->out, word(w->run, part[i].key));
        add_fields(w, part[i].fields, part[i].persons);
    }
    hd_buf_add_char(w->out, '\n');
}

/* Keys of a pass that keep it from making the pair. */
static int lacking(const hd_explained_pass *pass)
{
    return __builtin_popcount(pass->differ | pass->lacks[0] | pass->lacks[1]);
}

/* Of a pair that none makes: the passes that come nearest to it. */
static void add_passes(writer *w)
{
    const hd_explained *x = w->explained;
    int least = INT32_MAX;
    add_pass_names(w);
    if (x->first_pass >= 0 || x->one_record || x->verdict == HD_VERDICT_MODE)
        return;
    for (uint32_t p = 0; p < x->n_passes; p++)
        least = lacking(&x->pass[p]) < least ? lacking(&x->pass[p]) : least;
    for (uint32_t p = 0; p < x->n_passes; p++)
        if (lacking(&x->pass[p]) == least)
            add_pass_lack(w, p);
}

/* ---- the verdict ---- */

static void add_conflict_names(const hd_run *run, uint64_t conflicts, hd_buf *out)
{
    const hd_ruleset *ruleset = run->ruleset;
    uint32_t found = 0;
    for (uint32_t i = 0; i < ruleset->n_conflicts; i++)
        if (conflicts >> i & 1) {
            hd_str name =
                hd_text_for(ruleset->catalogue, "conflict", ruleset->conflicts[i].code, NULL);
            if (found++)
                hd_buf_add(out, word(run, "explain.and"));
            hd_buf_add(out, name);
        }
}

/* What cluster said of the pair itself; 0 with *asked false: it did not look at it. */
static int reason_of(const hd_explained *x, bool *asked)
{
    const hd_review *r = x->others.review;
    *asked = x->verdict == HD_VERDICT_OTHERS && r && r->a == x->a && r->b == x->b;
    return *asked ? r->conflict : 0;
}

/* Of two persons one pair stands in the list, for all. */
static const char *review_text(const hd_run *run, const hd_explained *x)
{
    const hd_review *r = x->others.review;
    return !r ? "" : word(run, r->value ? "explain.in_review" : "explain.out_of_review").ptr;
}

void hd_explain_verdict(const hd_run *run, const hd_explained *x, hd_buf *out)
{
    hd_buf names = {0};
    char threshold[32], lacks[32], key[64];
    bool asked;
    int reason = reason_of(x, &asked);
    const char *more = "";
    add_conflict_names(run, x->conflicts, &names);
    if (asked) { /* a conflict or a record of others, or a reason that speaks for itself */
        more = reason >= HD_REVIEW_ONE_RECORD ? "_asked" : "_refused";
        hd_buf_add(&names, hd_explain_review(run, reason));
    }
    snprintf(key, sizeof key, "explain.verdict_%s%s", hd_verdict_code(x->verdict), more);
    hd_text_fill(out, run->ruleset->catalogue, key, "why", names.len_bytes ? names.ptr : "",
                 "threshold", bits_text(threshold, x->threshold), "bits",
                 bits_text(lacks, x->threshold - x->weight), "review", review_text(run, x), NULL);
    hd_buf_add_char(out, '\n');
    hd_buf_release(&names);
}

static void add_path(writer *w)
{
    const hd_explained *x = w->explained;
    for (uint32_t i = 0; i < x->n_path; i++) {
        hd_buf_addf(w->out, "  %+8.2f  ", bits(x->path[i]->weight));
        hd_mention_add_name(w->out, &w->run->mentions, x->path[i]->a);
        hd_buf_add(w->out, HD_STR(" – "));
        hd_mention_add_name(w->out, &w->run->mentions, x->path[i]->b);
        hd_buf_add_char(w->out, '\n');
    }
}

static void add_pair(writer *w, const char *key, const hd_mention pair[2], const char *why)
{
    hd_buf names[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++)
        hd_mention_add_name(&names[i], &w->run->mentions, pair[i]);
    hd_buf_add(w->out, HD_STR("  - "));
    hd_text_fill(w->out, w->run->ruleset->catalogue, key, "a", names[0].ptr, "b", names[1].ptr,
                 "why", why, NULL);
    hd_buf_add_char(w->out, '\n');
    for (int i = 0; i < 2; i++)
        hd_buf_release(&names[i]);
}

/* What else stands between the persons of the two. */
static void add_others(writer *w)
{
    const hd_explained *x = w->explained;
    char text[32];
    if (x->others.one_record)
        add_pair(w, "explain.others_one_record", x->others.one_record_pair, "");
    if (x->others.conflicts) {
        hd_buf names = {0};
        add_conflict_names(w->run, x->others.conflicts, &names);
        add_pair(w, "explain.others_conflict", x->others.conflict_pair, names.ptr);
        hd_buf_release(&names);
    }
    if (x->others.n_pairs > 1 && x->others.evidence < 0) {
        hd_buf_add(w->out, HD_STR("  - "));
        hd_text_fill(w->out, w->run->ruleset->catalogue, "explain.others_sum", "bits",
                     bits_text(text, x->others.evidence), NULL);
        hd_buf_add_char(w->out, '\n');
    }
}

/* The third mention that one of the two would as well go with. */
static void add_rival(writer *w)
{
    const hd_explained_others *others = &w->explained->others;
    const hd_mentions *mentions = &w->run->mentions;
    const hd_review *pair = others->review;
    if (!others->rival)
        return;
    hd_buf shared = {0}, third = {0}, other = {0};
    char weight[32], own[32];
    hd_mention_add_name(&shared, mentions, others->shared);
    hd_mention_add_name(&third, mentions, others->third);
    hd_mention_add_name(&other, mentions, pair->a == others->shared ? pair->b : pair->a);
    hd_buf_add(w->out, HD_STR("  - "));
    hd_text_fill(w->out, w->run->ruleset->catalogue, "explain.contested", "shared", shared.ptr,
                 "third", third.ptr, "other", other.ptr, "bits",
                 bits_text(weight, others->rival->weight), "own", bits_text(own, pair->weight),
                 NULL);
    hd_buf_add_char(w->out, '\n');
    hd_buf_release(&shared);
    hd_buf_release(&third);
    hd_buf_release(&other);
}

/* ---- what would change it ---- */

static void add_level_that_would_do(writer *w, uint32_t c)
{
    const hd_explained_comparison *x = &w->explained->comparison[c];
    if (!x->enough_level)
        return;
    hd_buf_addf(w->out, "      %+8.2f  ", bits(x->enough_gain));
    hd_explain_level(w->run, c, x->enough_level, w->out);
    hd_buf_add_char(w->out, '\n');
}

static void add_lack(writer *w)
{
    const hd_explained *x = w->explained;
    char text[32];
    bool any = false;
    for (uint32_t c = 0; c < x->n_comparisons; c++)
        any |= x->comparison[c].enough_level != 0;
    hd_buf_add(w->out, HD_STR("  - "));
    hd_text_fill(w->out, w->run->ruleset->catalogue,
                 any ? "explain.needs_bits" : "explain.needs_more", "bits",
                 bits_text(text, x->threshold - x->weight), NULL);
    hd_buf_add_char(w->out, '\n');
    for (uint32_t c = 0; c < x->n_comparisons; c++)
        add_level_that_would_do(w, c);
}

static void add_spare(writer *w)
{
    const hd_explained *x = w->explained;
    char text[32];
    uint32_t n = 0;
    hd_buf_add(w->out, HD_STR("  - "));
    hd_text_fill(w->out, w->run->ruleset->catalogue, "explain.spare_bits", "bits",
                 bits_text(text, x->weight - x->threshold), NULL);
    for (uint32_t c = 0; c < x->n_comparisons; c++) {
        if (!x->comparison[c].decisive)
            continue;
        if (!n++)
            hd_buf_add(w->out, word(w->run, "explain.decisive"));
        hd_buf_addf(w->out, "%s %.*s", n > 1 ? "," : "",
                    HD_ARG(hd_text_for(w->run->ruleset->catalogue, "comparison",
                                       w->run->ruleset->comparisons[c].code, NULL)));
    }
    hd_buf_add_char(w->out, '\n');
}

static void add_remedies(writer *w)
{
    const hd_explained *x = w->explained;
    hd_buf names = {0};
    if (x->verdict == HD_VERDICT_ONE_RECORD || x->verdict == HD_VERDICT_MODE ||
        x->verdict == HD_VERDICT_TOLD || x->verdict == HD_VERDICT_TOLD_APART)
        return;
    line(w, "explain.would_change");
    if (x->weight < x->threshold)
        add_lack(w);
    else if (x->path)
        add_spare(w);
    uint64_t conflicts = x->conflicts | (x->would_join_without ? x->others.conflicts : 0);
    if (conflicts && !x->path) {
        add_conflict_names(w->run, conflicts, &names);
        hd_buf_add(w->out, HD_STR("  - "));
        hd_text_fill(w->out, w->run->ruleset->catalogue,
                     x->would_join_without ? "explain.without_conflict" : "explain.has_conflict",
                     "why", names.ptr, NULL);
        hd_buf_add_char(w->out, '\n');
        hd_buf_release(&names);
    }
    if (!x->path && x->first_pass < 0) {
        hd_buf_add(w->out, HD_STR("  - "));
        line(w, x->would_join_without ? "explain.with_pass" : "explain.needs_pass");
    }
    if (x->path)
        return;
    add_others(w);
    add_rival(w);
    if (x->weight >= x->threshold)
        add_pair(w, "explain.decide", (hd_mention[]){x->a, x->b}, "");
}

void hd_explain_text(const hd_run *run, const hd_explained *explained, hd_explain_style style,
                     hd_buf *out)
{
    writer w = {run, explained, style, out};
    add_mention(&w, "a", explained->a);
    add_mention(&w, "b", explained->b);
    add_weights(&w);
    add_passes(&w);
    hd_explain_verdict(run, explained, out);
    if (explained->verdict == HD_VERDICT_THROUGH)
        add_path(&w);
    add_remedies(&w);
}
