#include "pipeline/naming.h"

hd_str hd_mention_role(const hd_mentions *m, hd_mention i)
{
    return m->ruleset->sources[m->source[i]].roles[m->role[i]].code;
}

bool hd_mention_by_key(const hd_mentions *m, const uint8_t key[HD_KEY_BYTES], hd_str source,
                       hd_str record_id, hd_str role, hd_mention *out)
{
    int number = hd_source_find(m->ruleset, source);
    char hashed[HD_ID_CHARS + 2] = "~";
    if (number >= 0 && m->ruleset->sources[number].key_is_personal &&
        !hd_str_starts(record_id, HD_STR("~"))) {
        hd_keyed_id(key, record_id, hashed + 1);
        record_id = hd_str_from(hashed);
    }
    *out = hd_mention_find(m, source, record_id, role.len_bytes ? role : HD_STR_NULL);
    return *out != HD_NO_MENTION;
}

/* The text from `from` on, up to `to`. */
static hd_str between(const char *from, const char *to)
{
    return (hd_str){from, (uint32_t)(to - from)};
}

bool hd_mention_by_text(const hd_mentions *m, const uint8_t key[HD_KEY_BYTES], hd_str name,
                        hd_mention *out)
{
    if (name.len_bytes == 0)
        return false;
    const char *end = name.ptr + name.len_bytes, *colon = memchr(name.ptr, ':', name.len_bytes);
    const char *last = memrchr(name.ptr, ':', name.len_bytes);
    if (!colon)
        return false;
    hd_str source = between(name.ptr, colon), whole = between(colon + 1, end);
    return hd_mention_by_key(m, key, source, whole, HD_STR_NULL, out) ||
           (last > colon && hd_mention_by_key(m, key, source, between(colon + 1, last),
                                              between(last + 1, end), out));
}

hd_status hd_mention_by_name(hd_ctx *ctx, const hd_mentions *m, const uint8_t key[HD_KEY_BYTES],
                             const char *name, hd_mention *out)
{
    const char *colon = strchr(name, ':');
    hd_hint(ctx,
            "a mention is named SOURCE:RECORD or SOURCE:RECORD:ROLE, e.g. birth:X530303001:mother");
    if (!colon)
        return HD_FAIL(ctx, HD_USAGE, "a mention's name needs a colon after its source");
    hd_str code = {name, (uint32_t)(colon - name)};
    if (hd_source_find(m->ruleset, code) < 0)
        return HD_FAIL(ctx, HD_USAGE, "there is no source \"%.*s\"", HD_ARG(code));
    if (!hd_mention_by_text(m, key, hd_str_from(name), out))
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
