#ifndef HD_TEST_STANDARDISE_PROMISES_H
#define HD_TEST_STANDARDISE_PROMISES_H

/* What every standardiser promises of any input (pipeline/standardise/standardise.h). Used by the
 * tests of each kind and by the fuzz target; no test framework. */

#include <stdio.h>

#include "base/utf8.h"
#include "pipeline/standardise/standardise.h"

/* A result that outlives the next call. */
typedef struct std_kept {
    hd_std_result result;
    char text[4 * HD_STD_TEXT_MAX];
} std_kept;

static inline void std_keep(std_kept *kept, hd_std_result result)
{
    kept->result = result;
    if (!result.text.ptr)
        return;
    HD_ASSERT(result.text.len_bytes <= sizeof kept->text);
    memcpy(kept->text, result.text.ptr, result.text.len_bytes);
    kept->result.text.ptr = kept->text;
}

static inline bool std_has_value(const hd_std_result *r)
{
    return r->text.ptr != NULL || r->date != 0;
}

static inline bool std_same(const hd_std_result *a, const hd_std_result *b)
{
    return a->state == b->state && a->reasons == b->reasons && a->date == b->date &&
           (a->text.ptr != NULL) == (b->text.ptr != NULL) && hd_str_eq(a->text, b->text);
}

static inline hd_str std_as_written(const hd_std_result *r, char date[16])
{
    if (r->text.ptr)
        return r->text;
    int y = r->date / 10000, m = r->date / 100 % 100, d = r->date % 100;
    if (d)
        snprintf(date, 16, "%04d-%02d-%02d", y, m, d);
    else if (m)
        snprintf(date, 16, "%04d-%02d", y, m);
    else
        snprintf(date, 16, "%04d", y);
    return hd_str_from(date);
}

/* The promise that is broken, or NULL. `env` holds the result of the last call afterwards. */
static inline const char *std_broken_promise(hd_std_env *env, hd_kind kind, hd_str raw)
{
    static const uint32_t lasting =
        HD_REASON_BIT(id_checksum) | HD_REASON_BIT(id_date) | HD_REASON_BIT(id_length) |
        HD_REASON_BIT(id_old) | HD_REASON_BIT(id_area) | HD_REASON_BIT(phone_form) |
        HD_REASON_BIT(number_form) | HD_REASON_BIT(date_partial) | HD_REASON_BIT(date_two_digit) |
        HD_REASON_BIT(division_unknown) | HD_REASON_BIT(division_old) | HD_REASON_BIT(stand_in);
    std_kept first, second;
    std_keep(&first, hd_std_value(env, kind, raw));
    std_keep(&second, hd_std_value(env, kind, raw));
    const hd_std_result *r = &first.result;
    if (!std_same(r, &second.result))
        return "pure";
    if (r->text.ptr && (r->text.len_bytes == 0 || hd_utf8_count(r->text) > HD_STD_TEXT_MAX))
        return "bounded";
    if (r->text.ptr && !hd_utf8_valid(r->text))
        return "valid UTF-8";
    if ((kind == HD_KIND_date && r->text.ptr) || (kind != HD_KIND_date && r->date))
        return "a date or a text";
    bool left = kind == HD_KIND_name && r->state == HD_STATE_damaged;
    if (r->state > HD_STATE_LAST_WITH_VALUE && !left && std_has_value(r))
        return "no value without a good state";
    if (r->state == HD_STATE_ok && r->reasons & ~HD_REASON_BIT(division_old))
        return "ok without reasons";
    if (!std_has_value(r))
        return r->state == HD_STATE_ok || r->state == HD_STATE_repaired ? "a value" : NULL;
    char date[16];
    std_keep(&second, hd_std_value(env, kind, std_as_written(r, date)));
    if (second.result.date != r->date || !hd_str_eq(second.result.text, r->text))
        return "idempotent value";
    if (second.result.reasons & ~lasting || second.result.state == HD_STATE_repaired)
        return "idempotent state";
    if ((second.result.state == HD_STATE_damaged) != (r->state == HD_STATE_damaged))
        return "damaged stays damaged";
    return NULL;
}

#endif
