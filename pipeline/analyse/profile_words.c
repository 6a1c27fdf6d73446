/* How a profile is put into words, the same on a terminal and on a page. */

#include <math.h>
#include <stdio.h>

#include "pipeline/analyse/profile.h"
#include "pipeline/config/catalogue.h"

hd_str hd_profile_word(const hd_profiled *p, const char *code)
{
    return hd_text_for(p->ruleset->catalogue, "profile", hd_str_from(code), NULL);
}

hd_str hd_profile_state(const hd_profiled *p, hd_state state)
{
    return hd_text_for(p->ruleset->catalogue, "state", hd_str_from(hd_state_name(state)), NULL);
}

void hd_profile_add_share(hd_buf *out, uint64_t n, uint64_t of)
{
    double percent = of ? 100.0 * (double)n / (double)of : 0;
    if (n == 0)
        hd_buf_add(out, HD_STR("–"));
    else if (percent < 0.05)
        hd_buf_add(out, HD_STR("<0.1%"));
    else if (percent >= 99.95 && n < of)
        hd_buf_add(out, HD_STR(">99.9%"));
    else
        hd_buf_addf(out, "%.1f%%", percent);
}

void hd_profile_add_field(hd_buf *out, const hd_profiled *p, uint32_t c)
{
    const hd_profile_column *column = &p->profile.column[c];
    const hd_catalogue *texts = p->ruleset->catalogue;
    if (column->role.ptr) {
        hd_buf_add(out, hd_text_for(texts, "role", column->role, NULL));
        hd_buf_add(out, HD_STR(" · "));
    }
    hd_buf_add(out, hd_text_for(texts, "field", p->ruleset->fields[column->field].code, NULL));
}

void hd_profile_add_change(hd_buf *out, const hd_profiled *p, uint32_t c)
{
    const hd_profile_counts *now = &p->profile.column[c].now, *before = &p->detail[c].before;
    double most = 0;
    hd_state state = HD_STATE_ok;
    for (unsigned i = 0; i < HD_N_STATES; i++) {
        double change = hd_profile_change(now, before, (hd_state)i);
        if (fabs(change) > 1e-9 && fabs(change) >= fabs(most) - 1e-9) {
            most = change;
            state = (hd_state)i;
        }
    }
    if (!before->rows || fabs(most) < 0.05)
        hd_buf_add(out, before->rows ? HD_STR("0") : HD_STR("–"));
    else
        hd_buf_addf(out, "%.*s %+.1f", HD_ARG(hd_profile_state(p, state)), most);
}

void hd_profile_add_source(hd_buf *out, const hd_profiled *p, uint32_t c)
{
    const hd_profile_column *column = &p->profile.column[c];
    char code[64], n[24];
    snprintf(code, sizeof code, "%.*s", HD_ARG(p->ruleset->sources[column->source].code));
    snprintf(n, sizeof n, "%llu", (unsigned long long)column->now.rows);
    hd_text_fill(out, p->ruleset->catalogue, "profile.rows", "source", code, "n", n, NULL);
}

uint32_t hd_profile_source_end(const hd_profiled *p, uint32_t begin)
{
    uint32_t end = begin;
    while (end < p->profile.n && p->profile.column[end].source == p->profile.column[begin].source)
        end++;
    return end;
}

bool hd_profile_years(const hd_profile_detail *detail, uint32_t *first, uint32_t *last)
{
    bool any = false;
    for (uint32_t i = 0; detail->by_year && i < HD_PROFILE_YEARS; i++) {
        if (!detail->by_year[i])
            continue;
        *first = any ? *first : HD_PROFILE_YEAR_FIRST + i;
        *last = HD_PROFILE_YEAR_FIRST + i;
        any = true;
    }
    return any;
}
