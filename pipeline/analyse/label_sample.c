#include "pipeline/analyse/label_sample.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"
#include "pipeline/analyse/explain.h"
#include "pipeline/io/csv.h"
#include "pipeline/io/file.h"
#include "pipeline/naming.h"
#include "pipeline/weights.h"

/* Kinds of strata: bands of weight first. */
enum { N_BANDS = 6, KIND_CONFLICT = N_BANDS, KIND_REFUSED, KIND_INSIDE, N_KINDS };
/* Passes, none, and those that make few of the pairs of a kind together. */
enum { SLOT_NONE = HD_PASSES_MAX, SLOT_OTHER, N_SLOTS, N_CELLS = N_KINDS * N_SLOTS };
enum { SHARE = 10 }; /* a pass is a stratum where it makes a tenth of the pairs of a kind */
enum { LEAST = 4 };  /* of a stratum */

/* A pair that can be drawn. */
typedef struct candidate {
    hd_mention a, b;
    int32_t weight;
    uint16_t cell; /* kind × N_SLOTS + pass */
} candidate;

typedef struct cell {
    uint64_t n;
    double expected; /* sum of the answers "same" that the model expects */
    uint32_t n_wanted, stratum;
    uint32_t home; /* the cell that its pairs are counted in */
} cell;

typedef struct drawer {
    const hd_run *run;
    hd_label_sample *out;
    int32_t bound[N_BANDS]; /* lower ones */
    hd_env env;
    hd_weights weights;
    candidate *candidate;
    size_t n, cap;
    cell cell[N_CELLS];
} drawer;

/* ---- what can be drawn ---- */

static void set_bounds(drawer *d, double from)
{
    double review = d->run->ruleset->review_threshold_bits;
    double match = d->run->ruleset->match_threshold_bits;
    const double bounds[N_BANDS] = {from,  fmax(from, review), fmax(from, (review + match) / 2),
                                    match, match + 4,          match + 12};
    for (int i = 0; i < N_BANDS; i++)
        d->bound[i] = (int32_t)lround(bounds[i] * HD_WEIGHT_ONE);
}

static uint32_t band_of(const drawer *d, int32_t weight)
{
    uint32_t band = 0;
    while (band + 1 < N_BANDS && weight >= d->bound[band + 1])
        band++;
    return band;
}

static uint32_t pass_of(const drawer *d, hd_mention a, hd_mention b)
{
    const hd_blocks *blocks = &d->run->blocks;
    const uint32_t *x = blocks->block_of + (size_t)a * blocks->n_passes;
    const uint32_t *y = blocks->block_of + (size_t)b * blocks->n_passes;
    for (uint32_t p = 0; p < blocks->n_passes; p++)
        if (x[p] && x[p] == y[p])
            return p;
    return SLOT_NONE;
}

static void add(drawer *d, hd_mention a, hd_mention b, int32_t weight, uint32_t kind, double same)
{
    uint32_t number = kind * N_SLOTS + pass_of(d, a, b);
    HD_GROW(d->candidate, d->cap, d->n + 1);
    d->candidate[d->n++] = (candidate){a, b, weight, (uint16_t)number};
    d->cell[number].n++;
    d->cell[number].expected += same;
}

/* Of what the clusters did not follow the model says nothing that can be relied on. */
static void add_edge(drawer *d, const hd_edge *edge)
{
    const hd_run *run = d->run;
    bool apart = run->clusters.of[edge->a] != run->clusters.of[edge->b];
    if (edge->weight < d->bound[0])
        return;
    if (!apart || edge->weight < (int32_t)(run->ruleset->match_threshold_bits * HD_WEIGHT_ONE)) {
        add(d, edge->a, edge->b, edge->weight, band_of(d, edge->weight),
            hd_weight_probability(edge->weight));
        return;
    }
    int conflict = hd_plan_conflict(&run->plan, hd_plan_row(&run->plan, edge->a),
                                    hd_plan_row(&run->plan, edge->b), &d->env);
    add(d, edge->a, edge->b, edge->weight, conflict >= 0 ? KIND_CONFLICT : KIND_REFUSED, 0.5);
}

static int by_number(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

static uint64_t number_of(hd_mention a, hd_mention b)
{
    return (uint64_t)a << 32 | b;
}

/* Pairs of one person that are drawn as edges already. */
static uint64_t *list_inner_edges(const drawer *d, size_t *n)
{
    size_t cap = 0;
    uint64_t *list = NULL;
    const hd_edges *edges = &d->run->edges;
    *n = 0;
    for (size_t i = 0; i < edges->n; i++) {
        const hd_edge *edge = &edges->edge[i];
        if (edge->weight < d->bound[0] ||
            d->run->clusters.of[edge->a] != d->run->clusters.of[edge->b])
            continue;
        HD_GROW(list, cap, *n + 1);
        list[(*n)++] = number_of(edge->a, edge->b);
    }
    hd_sort_u64(list, *n);
    return list;
}

static void add_inside(drawer *d, const uint64_t *edges, size_t n_edges, hd_mention a, hd_mention b)
{
    const hd_plan *plan = &d->run->plan;
    uint64_t number = number_of(a, b);
    if (n_edges && bsearch(&number, edges, n_edges, sizeof *edges, by_number))
        return;
    const uint32_t *row_a = hd_plan_row(plan, a), *row_b = hd_plan_row(plan, b);
    hd_pattern pattern = hd_plan_pattern(plan, row_a, row_b, &d->env);
    add(d, a, b, hd_plan_weight(plan, &d->weights, pattern, row_a, row_b), KIND_INSIDE, 0.9);
}

static void list_candidates(drawer *d)
{
    const hd_clusters *clusters = &d->run->clusters;
    size_t n_inner;
    for (size_t i = 0; i < d->run->edges.n; i++)
        add_edge(d, &d->run->edges.edge[i]);
    uint64_t *inner = list_inner_edges(d, &n_inner);
    for (uint32_t c = 0; c < clusters->n; c++)
        for (uint32_t i = clusters->start[c]; i < clusters->start[c + 1]; i++)
            for (uint32_t k = i + 1; k < clusters->start[c + 1]; k++)
                add_inside(d, inner, n_inner, clusters->member[i], clusters->member[k]);
    hd_free(inner);
}

/* ---- strata, and how many of each ---- */

/* Strata of a few pairs each would take the sample without telling much. */
static void gather_small(drawer *d)
{
    for (uint32_t kind = 0; kind < N_KINDS; kind++) {
        cell *cells = d->cell + kind * N_SLOTS, *other = cells + SLOT_OTHER;
        uint64_t n = 0;
        for (uint32_t slot = 0; slot < N_SLOTS; slot++)
            n += cells[slot].n;
        for (uint32_t slot = 0; slot < SLOT_OTHER; slot++) {
            cell *c = &cells[slot];
            bool small = c->n * SHARE < n;
            c->home = kind * N_SLOTS + (small ? (uint32_t)SLOT_OTHER : slot);
            if (!small)
                continue;
            other->n += c->n;
            other->expected += c->expected;
            c->n = 0;
        }
        other->home = kind * N_SLOTS + SLOT_OTHER;
    }
}

/* Pairs times the standard deviation of the answer, which is never taken to be certain. */
static double spread(const cell *c)
{
    double same = fmin(fmax(c->expected / (double)c->n, 0.02), 0.98);
    return (double)c->n * sqrt(same * (1 - same));
}

static uint32_t at_most(uint64_t n, uint64_t most)
{
    return (uint32_t)(n < most ? n : most);
}

static void allot(drawer *d, uint32_t n)
{
    double all = 0;
    uint32_t n_strata = 0, given = 0;
    for (uint32_t i = 0; i < N_CELLS; i++) {
        n_strata += d->cell[i].n > 0;
        all += d->cell[i].n ? spread(&d->cell[i]) : 0;
    }
    uint32_t least = n_strata * LEAST <= n ? LEAST : 1;
    for (uint32_t i = 0; i < N_CELLS; i++)
        given += d->cell[i].n_wanted = at_most(d->cell[i].n, least);
    double left = n > given ? n - given : 0;
    for (uint32_t i = 0; i < N_CELLS; i++) {
        cell *c = &d->cell[i];
        if (c->n)
            c->n_wanted = at_most(c->n_wanted + (uint64_t)lround(left * spread(c) / all), c->n);
    }
}

static hd_str kind_code(const drawer *d, uint32_t kind, hd_arena *arena)
{
    static const char *const codes[N_KINDS] = {
        [KIND_CONFLICT] = "conflict", [KIND_REFUSED] = "refused", [KIND_INSIDE] = "inside"};
    if (kind >= N_BANDS)
        return hd_str_from(codes[kind]);
    double from = (double)d->bound[kind] / HD_WEIGHT_ONE;
    if (kind + 1 == N_BANDS)
        return hd_arena_printf(arena, "%g..", from);
    return hd_arena_printf(arena, "%g..%g", from, (double)d->bound[kind + 1] / HD_WEIGHT_ONE);
}

static void name_strata(drawer *d)
{
    hd_label_sample *out = d->out;
    out->stratum = HD_NEW_N(&out->arena, hd_label_sample_stratum, N_CELLS);
    for (uint32_t i = 0; i < N_CELLS; i++) {
        cell *c = &d->cell[i];
        uint32_t slot = i % N_SLOTS;
        if (!c->n)
            continue;
        hd_str kind = kind_code(d, i / N_SLOTS, &out->arena);
        hd_str name = slot == SLOT_NONE    ? HD_STR("none")
                      : slot == SLOT_OTHER ? HD_STR("other")
                                           : d->run->ruleset->passes[slot].code;
        c->stratum = out->n_strata;
        out->stratum[out->n_strata++] = (hd_label_sample_stratum){
            hd_arena_printf(&out->arena, "%.*s/%.*s", HD_ARG(kind), HD_ARG(name)), c->n,
            c->n_wanted};
    }
}

/* ---- the draw ---- */

static uint64_t hash_mention(const drawer *d, uint64_t hash, hd_mention i)
{
    const hd_mentions *m = &d->run->mentions;
    const hd_str part[] = {d->run->ruleset->sources[m->source[i]].code, hd_mention_record_id(m, i),
                           hd_mention_role(m, i)};
    for (int k = 0; k < 3; k++)
        hash = hd_hash64(part[k].ptr, part[k].len_bytes, hash);
    return hash;
}

static void draw(drawer *d, uint64_t seed)
{
    hd_label_sample *out = d->out;
    hd_keyed *order = hd_alloc((d->n + 1) * sizeof *order);
    HD_ASSERT(d->n <= UINT32_MAX);
    uint32_t n_wanted[N_CELLS], n = 0;
    for (uint32_t i = 0; i < N_CELLS; i++)
        n += n_wanted[i] = d->cell[i].n_wanted;
    for (size_t i = 0; i < d->n; i++) {
        const candidate *c = &d->candidate[i];
        order[i] = (hd_keyed){hash_mention(d, hash_mention(d, seed, c->a), c->b), (uint32_t)i};
    }
    hd_sort_keyed(order, d->n);
    out->pair = HD_NEW_N(&out->arena, hd_label_pair, n + 1);
    for (size_t i = 0; i < d->n; i++) {
        const candidate *c = &d->candidate[order[i].value];
        uint32_t home = d->cell[c->cell].home;
        if (n_wanted[home]) {
            n_wanted[home]--;
            out->pair[out->n++] = (hd_label_pair){c->a, c->b, c->weight, d->cell[home].stratum};
        }
    }
    hd_free(order);
}

void hd_label_draw(const hd_run *run, double from_bits, uint32_t n, uint64_t seed,
                   hd_label_sample *out)
{
    *out = (hd_label_sample){0};
    drawer *d = hd_alloc_zero(1, sizeof *d);
    d->run = run;
    d->out = out;
    d->env = hd_ruleset_env(run->ruleset);
    hd_weights_make(&run->plan, run->model, &d->weights);
    set_bounds(d, from_bits);
    list_candidates(d);
    gather_small(d);
    allot(d, n);
    name_strata(d);
    draw(d, seed);
    hd_weights_release(&d->weights);
    hd_env_release(&d->env);
    hd_free(d->candidate);
    hd_free(d);
}

void hd_label_sample_release(hd_label_sample *sample)
{
    hd_arena_release(&sample->arena);
    *sample = (hd_label_sample){0};
}

/* ---- the file ---- */

/* What a line is made of. */
typedef struct sheet {
    const hd_run *run;
    const hd_label_sample *sample;
    hd_explain_style style;
    uint64_t fields;
    hd_buf *out, value;
} sheet;

static void put(sheet *s, hd_csv_style style, hd_str value)
{
    hd_csv_add_value(s->out, style, value);
    hd_buf_add_char(s->out, ',');
}

static bool has_field(const sheet *s, uint32_t field)
{
    return s->fields >> field & 1 && s->run->mentions.column[field];
}

static void put_head(sheet *s)
{
    hd_buf_add(s->out, HD_STR("\xEF\xBB\xBF" /* spreadsheets take it for UTF-8 then */
                              "source_a,record_id_a,role_a,source_b,record_id_b,role_b,decision,"));
    for (uint32_t f = 0; f < s->run->ruleset->n_fields; f++)
        if (has_field(s, f)) {
            hd_str code = s->run->ruleset->fields[f].code;
            hd_buf_addf(s->out, "%.*s_a,%.*s_b,", HD_ARG(code), HD_ARG(code));
        }
    hd_buf_add(s->out, HD_STR("stratum,weight_of_stratum\n"));
}

/* Names are read back, so they stand as they are. */
static void put_name(sheet *s, hd_mention i)
{
    const hd_mentions *m = &s->run->mentions;
    put(s, HD_CSV_PLAIN, s->run->ruleset->sources[m->source[i]].code);
    put(s, HD_CSV_PLAIN, hd_mention_record_id(m, i));
    put(s, HD_CSV_PLAIN, hd_mention_role(m, i));
}

static void put_value(sheet *s, hd_mention i, uint32_t field)
{
    hd_buf_clear(&s->value);
    if (s->run->mentions.column[field][i])
        hd_explain_value(s->run, s->style, i, field, &s->value);
    put(s, HD_CSV_SPREADSHEET, hd_buf_str(&s->value));
}

static void put_pair(sheet *s, const hd_label_pair *pair)
{
    const hd_label_sample_stratum *stratum = &s->sample->stratum[pair->stratum];
    put_name(s, pair->a);
    put_name(s, pair->b);
    put(s, HD_CSV_PLAIN, HD_STR_NULL);
    for (uint32_t f = 0; f < s->run->ruleset->n_fields; f++)
        if (has_field(s, f)) {
            put_value(s, pair->a, f);
            put_value(s, pair->b, f);
        }
    put(s, HD_CSV_PLAIN, stratum->code);
    hd_buf_addf(s->out, "%.9g\n", (double)stratum->n_pairs / stratum->n_drawn);
}

hd_status hd_label_may_write(hd_ctx *ctx, const char *path)
{
    if (access(path, F_OK) != 0)
        return HD_OK;
    hd_hint(ctx, "it may hold decisions: give the sample another name");
    return HD_FAIL(ctx, HD_USAGE, "%s is there already", path);
}

hd_status hd_label_write(hd_ctx *ctx, const hd_run *run, const hd_label_sample *sample,
                         bool show_values, const char *path)
{
    HD_TRY(hd_label_may_write(ctx, path));
    hd_file_out file;
    HD_TRY(hd_file_create(ctx, path, 0600, &file));
    sheet s = {.run = run,
               .sample = sample,
               .style = {.show_values = show_values},
               .fields = hd_explain_fields(run->ruleset),
               .out = &file.buf};
    put_head(&s);
    for (uint32_t i = 0; i < sample->n; i++) {
        put_pair(&s, &sample->pair[i]);
        hd_file_spill(&file);
    }
    hd_buf_release(&s.value);
    return hd_file_commit(ctx, &file);
}
