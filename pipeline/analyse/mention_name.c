#include "pipeline/analyse/mention_name.h"

#include "base/hash.h"

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

hd_str hd_mention_role(const hd_mentions *m, hd_mention i)
{
    return m->ruleset->sources[m->source[i]].roles[m->role[i]].code;
}

static bool find_role(const hd_run *run, uint32_t source, hd_str id, hd_str role, hd_mention *out)
{
    const hd_mentions *m = &run->mentions;
    uint32_t record;
    hd_mention first;
    char hashed[HD_ID_CHARS + 2] = "~";
    if (m->ruleset->sources[source].key_is_personal && !hd_str_starts(id, HD_STR("~"))) {
        hd_keyed_id(run->key, id, hashed + 1);
        id = hd_str_from(hashed);
    }
    if (!find_record(m, source, id, &record))
        return false;
    uint32_t n = mentions_of(m, source, record, &first);
    for (uint32_t i = 0; i < n; i++) {
        if (role.ptr ? hd_str_eq(hd_mention_role(m, first + i), role) : n == 1) {
            *out = first + i;
            return true;
        }
    }
    return false;
}

bool hd_mention_by_key(const hd_run *run, hd_str source, hd_str record_id, hd_str role,
                       hd_mention *out)
{
    int number = hd_source_find(run->ruleset, source);
    return number >= 0 && find_role(run, (uint32_t)number, record_id, role, out);
}

hd_status hd_mention_by_name(hd_ctx *ctx, const hd_run *run, const char *name, hd_mention *out)
{
    const char *colon = strchr(name, ':'), *last = strrchr(name, ':');
    hd_hint(ctx,
            "a mention is named SOURCE:RECORD or SOURCE:RECORD:ROLE, e.g. birth:X530303001:mother");
    if (!colon)
        return HD_FAIL(ctx, HD_USAGE, "a mention's name needs a colon after its source");
    hd_str code = {name, (uint32_t)(colon - name)};
    int source = hd_source_find(run->ruleset, code);
    if (source < 0)
        return HD_FAIL(ctx, HD_USAGE, "there is no source \"%.*s\"", HD_ARG(code));
    hd_str whole = hd_str_from(colon + 1);
    hd_str id = {colon + 1, last > colon ? (uint32_t)(last - colon - 1) : 0};
    bool found = find_role(run, (uint32_t)source, whole, HD_STR_NULL, out) ||
                 (last > colon && find_role(run, (uint32_t)source, id, hd_str_from(last + 1), out));
    if (!found)
        return HD_FAIL(ctx, HD_USAGE,
                       "source %.*s has no such record, or the record has several mentions or not "
                       "this one",
                       HD_ARG(code));
    ctx->hint[0] = '\0';
    return HD_OK;
}

void hd_mention_add_name(hd_buf *out, const hd_mentions *m, hd_mention i)
{
    hd_str source = m->ruleset->sources[m->source[i]].code, id = hd_mention_record_id(m, i);
    hd_str role = hd_mention_role(m, i);
    hd_buf_addf(out, "%.*s:%.*s:%.*s", HD_ARG(source), HD_ARG(id), HD_ARG(role));
}
