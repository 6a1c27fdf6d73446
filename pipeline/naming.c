#include "pipeline/analyse/mention_name.h"

#include "base/hash.h"

hd_str hd_mention_role(const hd_mentions *m, hd_mention i)
{
    return m->ruleset->sources[m->source[i]].roles[m->role[i]].code;
}

bool hd_mention_by_key(const hd_run *run, hd_str source, hd_str record_id, hd_str role,
                       hd_mention *out)
{
    int number = hd_source_find(run->ruleset, source);
    char hashed[HD_ID_CHARS + 2] = "~";
    if (number >= 0 && run->ruleset->sources[number].key_is_personal &&
        !hd_str_starts(record_id, HD_STR("~"))) {
        hd_keyed_id(run->key, record_id, hashed + 1);
        record_id = hd_str_from(hashed);
    }
    *out = hd_mention_find(&run->mentions, source, record_id, role);
    return *out != HD_NO_MENTION;
}

hd_status hd_mention_by_name(hd_ctx *ctx, const hd_run *run, const char *name, hd_mention *out)
{
    const char *colon = strchr(name, ':'), *last = strrchr(name, ':');
    hd_hint(ctx,
            "a mention is named SOURCE:RECORD or SOURCE:RECORD:ROLE, e.g. birth:X530303001:mother");
    if (!colon)
        return HD_FAIL(ctx, HD_USAGE, "a mention's name needs a colon after its source");
    hd_str code = {name, (uint32_t)(colon - name)};
    if (hd_source_find(run->ruleset, code) < 0)
        return HD_FAIL(ctx, HD_USAGE, "there is no source \"%.*s\"", HD_ARG(code));
    hd_str whole = hd_str_from(colon + 1);
    hd_str id = {colon + 1, last > colon ? (uint32_t)(last - colon - 1) : 0};
    bool found = hd_mention_by_key(run, code, whole, HD_STR_NULL, out) ||
                 (last > colon && hd_mention_by_key(run, code, id, hd_str_from(last + 1), out));
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
