#include "pipeline/analyse/profile.h"

#include <stdlib.h>

#include "base/mask.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/utf8.h"
#include "pipeline/config/key.h"
#include "pipeline/config/near_name.h"
#include "pipeline/stages.h"
#include "pipeline/standardise/standardise.h"

enum { SHOWN_MAX = 40 /* characters of a value */, RUNS_MAX = 12 /* of a pattern */ };

/* ---- patterns ---- */

static bool is_sign(uint32_t c)
{
    static const char32_t signs[] = U"·•‧・．，。、：；（）〔〕【】《》“”‘’－—–…？＊×○●□■〓％＃／";
    if (c < 0x80)
        return c > ' ' && c != 0x7F;
    for (const char32_t *s = signs; *s; s++)
        if (*s == c)
            return true;
    return false;
}

static uint32_t class_of(uint32_t c)
{
    if ((c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19))
        return '9';
    if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
        return 'A';
    if (c == ' ' || c == 0xA0 || c == 0x3000 || c < ' ' || (c >= 0x2000 && c <= 0x200F) ||
        c == 0xFEFF)
        return U'␣';
    if (hd_is_han(c))
        return U'汉';
    return is_sign(c) ? c : 'A'; /* a letter of any other script */
}

/* Long runs are counted: an address in full would be wider than any table. */
static void add_run(hd_buf *out, uint32_t class, uint32_t n)
{
    uint32_t most = class == U'汉' ? 6 : 18;
    for (uint32_t i = 0; i < (n > most ? 1 : n); i++)
        hd_buf_add_codepoint(out, class);
    if (n > most)
        hd_buf_addf(out, "{%u}", n);
}

void hd_profile_pattern(hd_buf *out, hd_str written)
{
    uint32_t class = 0, n = 0, n_runs = 0;
    for (uint32_t at = 0; at < written.len_bytes;) {
        uint32_t next = class_of(hd_utf8_next(written, &at));
        if (n && next != class) {
            add_run(out, class, n);
            n = 0;
            if (++n_runs == RUNS_MAX) {
                hd_buf_add(out, HD_STR("…"));
                return;
            }
        }
        class = next;
        n++;
    }
    add_run(out, class, n);
}

/* ---- masks ---- */

static bool stands_for_nothing(hd_str written)
{
    uint32_t points[16];
    uint32_t n = hd_utf8_decode(written, points, 16);
    return n < 16 &&
           (hd_std_is_no_value(points, n) || hd_std_all_same(written.ptr, written.len_bytes));
}

/* What no table knows as a code may be a value of another column: hidden as a text is. */
static void mask(hd_buf *out, const hd_field *field, const hd_profile_top *top, hd_str written)
{
    hd_mask_style style = hd_kind_mask(field->kind);
    bool any = field->kind == HD_KIND_code && !field->table.ptr;
    if (top->state == HD_STATE_placeholder && stands_for_nothing(written))
        style = HD_MASK_NONE;
    else if (style == HD_MASK_NONE && (any || top->state > HD_STATE_repaired))
        style = HD_MASK_TEXT;
    hd_mask(out, style, written);
}

static hd_str cut(hd_arena *arena, hd_str text)
{
    uint32_t at = 0;
    for (uint32_t n = 0; at < text.len_bytes; n++) {
        if (n == SHOWN_MAX)
            return hd_arena_printf(arena, "%.*s…", (int)at, text.ptr);
        hd_utf8_next(text, &at);
    }
    return hd_arena_str(arena, text);
}

/* ---- one column ---- */

typedef struct candidate {
    hd_str text;
    uint64_t n;
    uint32_t no; /* of a value */
} candidate;

static bool goes_before(const candidate *a, const candidate *b)
{
    return a->n != b->n ? a->n > b->n : hd_str_cmp(a->text, b->text) < 0;
}

/* Keeps the best; of equally frequent ones the smallest by bytes, so that order does not count. */
static void offer(candidate *best, uint32_t *n, const candidate *c)
{
    uint32_t at = *n;
    if (at == HD_PROFILE_TOP && !goes_before(c, &best[at - 1]))
        return;
    at = at == HD_PROFILE_TOP ? at - 1 : (*n)++;
    for (; at > 0 && goes_before(c, &best[at - 1]); at--)
        best[at] = best[at - 1];
    best[at] = *c;
}

typedef struct column_work {
    hd_profile_detail *detail;
    const hd_pool *written;
    const hd_standard *standard;
    const uint32_t *count; /* [limit] */
    uint32_t limit;
    const hd_field *field;
} column_work;

static bool is_wrong(hd_state state)
{
    return state == HD_STATE_suspicious || state == HD_STATE_damaged || state == HD_STATE_invalid;
}

static void keep_values(const column_work *w, const candidate *best, uint32_t n,
                        hd_profile_tops *out)
{
    hd_buf shown = {0};
    for (uint32_t i = 0; i < n; i++) {
        const hd_standard *standard = &w->standard[best[i].no];
        hd_profile_top *top = &out->item[out->n++];
        *top = (hd_profile_top){
            .n = best[i].n, .reasons = standard->reasons, .state = (hd_state)standard->state};
        hd_buf_clear(&shown);
        mask(&shown, w->field, top, best[i].text);
        top->shown = cut(&w->detail->arena, hd_buf_str(&shown));
    }
    hd_buf_release(&shown);
}

static void find_values(const column_work *w)
{
    candidate most[HD_PROFILE_TOP] = {{.n = 0}}, wrong[HD_PROFILE_TOP] = {{.n = 0}};
    uint32_t n_most = 0, n_wrong = 0;
    for (uint32_t no = 1; no < w->limit; no++) {
        if (!w->count[no])
            continue;
        candidate c = {hd_pool_get(w->written, no), w->count[no], no};
        if (c.n > 1)
            offer(most, &n_most, &c);
        if (is_wrong((hd_state)w->standard[no].state))
            offer(wrong, &n_wrong, &c);
    }
    keep_values(w, most, n_most, &w->detail->values);
    keep_values(w, wrong, n_wrong, &w->detail->wrong);
}

static void find_patterns(const column_work *w)
{
    hd_pool *patterns = hd_pool_new();
    uint64_t *n_of = NULL;
    size_t cap = 0, known = 0;
    hd_buf pattern = {0};
    for (uint32_t no = 1; no < w->limit; no++) {
        if (!w->count[no])
            continue;
        hd_buf_clear(&pattern);
        hd_profile_pattern(&pattern, hd_pool_get(w->written, no));
        hd_text text = hd_pool_intern(patterns, hd_buf_str(&pattern));
        HD_GROW(n_of, cap, text + 1u);
        for (; known <= text; known++)
            n_of[known] = 0;
        n_of[text] += w->count[no];
    }
    candidate best[HD_PROFILE_TOP] = {{.n = 0}};
    uint32_t n = 0;
    for (uint32_t text = 1; text < known; text++)
        if (n_of[text])
            offer(best, &n, &(candidate){hd_pool_get(patterns, text), n_of[text], 0});
    for (uint32_t i = 0; i < n; i++)
        w->detail->patterns.item[w->detail->patterns.n++] = (hd_profile_top){
            .shown = hd_arena_str(&w->detail->arena, best[i].text), .n = best[i].n};
    hd_buf_release(&pattern);
    hd_free(n_of);
    hd_pool_free(patterns);
}

static void count_years(const column_work *w)
{
    uint64_t *by_year = hd_arena_zero(&w->detail->arena, HD_PROFILE_YEARS, sizeof *by_year);
    for (uint32_t no = 1; no < w->limit; no++) {
        hd_value date = w->count[no] ? w->standard[no].value : HD_NULL;
        uint64_t year = date == HD_NULL ? 0 : date / 10000 - HD_PROFILE_YEAR_FIRST;
        if (date != HD_NULL && year < HD_PROFILE_YEARS)
            by_year[year] += w->count[no];
    }
    w->detail->by_year = by_year;
}

static hd_status profile_column(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    hd_profiled *p = arg;
    hd_profile_column *column = &p->profile.column[task];
    const hd_values *values = &p->extract.values;
    uint8_t pool = values->pool_of[column->field];
    uint32_t limit = hd_pool_limit(values->written[pool]);
    uint32_t *count = hd_alloc_zero(limit, sizeof *count);
    column_work w = {.detail = &p->detail[task],
                     .written = values->written[pool],
                     .standard = values->standard[pool],
                     .count = count,
                     .limit = limit,
                     .field = &p->ruleset->fields[column->field]};
    hd_profile_count_values(&p->extract, column, count);
    hd_profile_count_states(&p->extract, count, column);
    find_values(&w);
    find_patterns(&w);
    if (w.field->kind == HD_KIND_date)
        count_years(&w);
    hd_free(count);
    return HD_OK;
}

/* ---- all ---- */

static hd_status choose_source(hd_ctx *ctx, hd_ruleset *ruleset, hd_str code)
{
    int source = hd_source_find(ruleset, code);
    if (source >= 0) {
        ruleset->sources += source;
        ruleset->n_sources = 1;
        return HD_OK;
    }
    hd_near_name nearest = {.wanted = code};
    for (uint32_t i = 0; i < ruleset->n_sources; i++)
        hd_near_name_offer(&nearest, ruleset->sources[i].code);
    hd_near_name_hint(ctx, &nearest);
    return HD_FAIL(ctx, HD_USAGE, "there is no source \"%.*s\"", HD_ARG(code));
}

static hd_status read_before(hd_ctx *ctx, hd_profiled *p)
{
    hd_arena arena = {0};
    hd_str runs = hd_ruleset_path(&arena, p->ruleset, p->ruleset->runs_folder);
    hd_str path = hd_arena_printf(&arena, "%.*s/current/" HD_PROFILE_NAME, HD_ARG(runs));
    hd_profile_counts *before = hd_alloc_zero(p->profile.n + 1u, sizeof *before);
    hd_status status =
        hd_profile_read(ctx, path.ptr, p->ruleset, &p->profile, before, &p->has_before);
    for (uint32_t c = 0; c < p->profile.n; c++)
        p->detail[c].before = before[c];
    hd_free(before);
    hd_arena_release(&arena);
    return status;
}

hd_status hd_profile_run(hd_ctx *ctx, const char *config, hd_str source, hd_profiled *out)
{
    uint8_t key[HD_KEY_BYTES];
    *out = (hd_profiled){0};
    HD_TRY(hd_ruleset_load(ctx, config, NULL, &out->ruleset));
    if (source.ptr)
        HD_TRY(choose_source(ctx, out->ruleset, source));
    HD_TRY(hd_site_key(ctx, out->ruleset, key));
    HD_TRY(hd_extract_run(ctx, out->ruleset, key, &out->extract));
    HD_TRY(hd_standardise_run(ctx, out->ruleset, &out->extract, &out->mentions));
    hd_profile_list(out->ruleset, &out->extract, &out->profile);
    out->detail = hd_alloc_zero(out->profile.n + 1u, sizeof *out->detail);
    HD_TRY(hd_parallel(ctx, out->profile.n, profile_column, out));
    return out->ruleset->has_store ? read_before(ctx, out) : HD_OK;
}

void hd_profiled_release(hd_profiled *p)
{
    for (uint32_t c = 0; p->detail && c < p->profile.n; c++)
        hd_arena_release(&p->detail[c].arena);
    hd_free(p->detail);
    hd_profile_release(&p->profile);
    hd_mentions_release(&p->mentions);
    hd_extract_release(&p->extract);
    hd_ruleset_free(p->ruleset);
    *p = (hd_profiled){0};
}

static double share(uint64_t n, uint64_t of)
{
    return of ? 100.0 * (double)n / (double)of : 0;
}

double hd_profile_change(const hd_profile_counts *now, const hd_profile_counts *before,
                         hd_state state)
{
    if (!now->rows || !before->rows)
        return 0;
    return share(now->state[state], now->rows) - share(before->state[state], before->rows);
}
