#include "pipeline/naming.h"

#include "pipeline/config/near_name.h"

hd_str hd_mention_role(const hd_mentions *m, hd_mention i)
{
    return m->ruleset->sources[m->source[i]].roles[m->role[i]].code;
}

hd_str hd_record_id_kept(const hd_ruleset *ruleset, const uint8_t key[HD_KEY_BYTES], hd_str source,
                         hd_str record_id, char room[HD_ID_CHARS + 2])
{
    int number = hd_source_find(ruleset, source);
    if (number < 0 || !ruleset->sources[number].key_is_personal ||
        hd_str_starts(record_id, HD_STR("~")))
        return record_id;
    room[0] = '~';
    hd_keyed_id(key, record_id, room + 1);
    return hd_str_from(room);
}

bool hd_mention_by_key(const hd_mentions *m, const uint8_t key[HD_KEY_BYTES], hd_str source,
                       hd_str record_id, hd_str role, hd_mention *out)
{
    char room[HD_ID_CHARS + 2];
    record_id = hd_record_id_kept(m->ruleset, key, source, record_id, room);
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

static hd_status no_source(hd_ctx *ctx, const hd_ruleset *ruleset, hd_str code)
{
    hd_near_name nearest = {.wanted = code};
    for (uint32_t i = 0; i < ruleset->n_sources; i++)
        hd_near_name_offer(&nearest, ruleset->sources[i].code);
    hd_near_name_hint(ctx, &nearest);
    return HD_FAIL(ctx, HD_USAGE, "there is no source \"%.*s\"", HD_ARG(code));
}

/* "child, father": of whom the record tells; nothing: there is no such record. */
static void add_roles(const hd_mentions *m, const uint8_t key[HD_KEY_BYTES], hd_str source,
                      hd_str record_id, hd_buf *out)
{
    const hd_source *s = &m->ruleset->sources[hd_source_find(m->ruleset, source)];
    hd_mention i;
    for (uint32_t r = 0; r < s->n_roles; r++)
        if (hd_mention_by_key(m, key, source, record_id, s->roles[r].code, &i)) {
            hd_buf_add(out, out->len_bytes ? HD_STR(", ") : HD_STR(""));
            hd_buf_add(out, s->roles[r].code);
        }
}

/* Is the record missing, or the role, or too little said? */
static hd_status no_mention(hd_ctx *ctx, const hd_mentions *m, const uint8_t key[HD_KEY_BYTES],
                            hd_str source, const char *rest)
{
    const char *last = strrchr(rest, ':');
    hd_buf roles = {0};
    add_roles(m, key, source, hd_str_from(rest), &roles);
    bool ambiguous = roles.len_bytes != 0;
    if (!ambiguous && last)
        add_roles(m, key, source, between(rest, last), &roles);
    hd_status status;
    if (ambiguous)
        status = HD_FAIL(ctx, HD_USAGE, "that record of source %.*s has several mentions: %s",
                         HD_ARG(source), roles.ptr);
    else if (roles.len_bytes)
        status = HD_FAIL(ctx, HD_USAGE,
                         "that record of source %.*s has no mention with this role; it has %s",
                         HD_ARG(source), roles.ptr);
    else
        status = HD_FAIL(ctx, HD_USAGE, "source %.*s has no such record", HD_ARG(source));
    hd_buf_release(&roles);
    return status;
}

hd_status hd_mention_by_name(hd_ctx *ctx, const hd_mentions *m, const uint8_t key[HD_KEY_BYTES],
                             const char *name, hd_mention *out)
{
    const char *colon = strchr(name, ':');
    if (colon) {
        hd_str code = between(name, colon);
        if (hd_source_find(m->ruleset, code) < 0)
            return no_source(ctx, m->ruleset, code);
        if (hd_mention_by_text(m, key, hd_str_from(name), out))
            return HD_OK;
        hd_hint(ctx, "a mention is named SOURCE:RECORD or SOURCE:RECORD:ROLE");
        return no_mention(ctx, m, key, code, colon + 1);
    }
    hd_hint(ctx, "a mention is named SOURCE:RECORD or SOURCE:RECORD:ROLE");
    return HD_FAIL(ctx, HD_USAGE, "a mention's name needs a colon after its source");
}

void hd_mention_add_name(hd_buf *out, const hd_mentions *m, hd_mention i)
{
    hd_str source = m->ruleset->sources[m->source[i]].code, id = hd_mention_record_id(m, i);
    hd_str role = hd_mention_role(m, i);
    hd_buf_addf(out, "%.*s:%.*s:%.*s", HD_ARG(source), HD_ARG(id), HD_ARG(role));
}

static bool is_there(const hd_mentions *m, int field)
{
    return field >= 0 && m->column[field];
}

uint32_t hd_who_fields(const hd_mentions *m, uint32_t field[HD_WHO_MAX])
{
    static const char *const usual[] = {"name", "sex", "birth_date", "id_number"};
    const hd_ruleset *r = m->ruleset;
    bool named = is_there(m, hd_field_find(r, HD_STR("name")));
    uint32_t n = 0;
    for (size_t i = 0; named && i < sizeof usual / sizeof *usual; i++) {
        int f = hd_field_find(r, hd_str_from(usual[i]));
        if (is_there(m, f))
            field[n++] = (uint32_t)f;
    }
    for (uint32_t f = 0; !named && f < r->n_fields && n < HD_WHO_MAX; f++)
        if (r->fields[f].person && is_there(m, (int)f))
            field[n++] = f;
    return n;
}
