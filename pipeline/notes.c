#include "pipeline/notes.h"

#include <stdio.h>

#include "pipeline/config/catalogue.h"
#include "pipeline/gates.h"

static const char *digits(char text[24], uint64_t n)
{
    snprintf(text, 24, "%llu", (unsigned long long)n);
    return text;
}

static void add_refused(const hd_outcome *o, hd_buf *out)
{
    char n[24];
    uint32_t n_refused = 0;
    for (uint32_t p = 0; p < o->blocks->n_passes; p++)
        n_refused += o->blocks->pass[p].n_refused;
    if (!n_refused)
        return;
    hd_text_fill(out, o->ruleset->catalogue, "summary.refused_blocks", "n", digits(n, n_refused),
                 NULL);
    hd_buf_add_char(out, '\n');
}

/* Comparisons whose weights were estimated when they meant something else. */
static void add_changed(const hd_outcome *o, hd_buf *out)
{
    hd_buf codes = {0};
    for (uint32_t c = 0; o->model && c < o->ruleset->n_comparisons; c++)
        if (o->model->changed >> c & 1)
            hd_buf_addf(&codes, "%s%.*s", codes.len_bytes ? ", " : "",
                        HD_ARG(o->ruleset->comparisons[c].code));
    if (codes.len_bytes) {
        hd_text_fill(out, o->ruleset->catalogue, "summary.model_changed", "comparisons", codes.ptr,
                     NULL);
        hd_buf_add_char(out, '\n');
    }
    hd_buf_release(&codes);
}

/* A warn gate does not stop the run, but speaks. */
static void add_warnings(const hd_outcome *o, hd_buf *out)
{
    static const char *const keys[] = {
        [HD_GATE_REJECTED] = "summary.many_rejected", [HD_GATE_FEWER] = "summary.fewer_rows"};
    hd_gate_breach breach = {.source = UINT32_MAX};
    while (o->gates && hd_gates_next(o->gates, false, &breach)) {
        char source[64], n[24], of[24];
        snprintf(source, sizeof source, "%.*s", HD_ARG(o->ruleset->sources[breach.source].code));
        hd_text_fill(out, o->ruleset->catalogue, keys[breach.kind], "source", source, "n",
                     digits(n, breach.n), "of", digits(of, breach.of), NULL);
        hd_buf_add_char(out, '\n');
    }
}

void hd_notes_add(const hd_outcome *outcome, hd_buf *out)
{
    add_refused(outcome, out);
    add_changed(outcome, out);
    add_warnings(outcome, out);
}
