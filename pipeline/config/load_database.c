/* Databases that hedui.yaml names: how to reach them, how long to wait for them, and the store. */

#include "base/buf.h"
#include "pipeline/config/conninfo.h"
#include "pipeline/config/load.h"

hd_status hd_load_database(hd_loader *loader, const hd_node *node, hd_str conninfo,
                           const hd_node *tls_waiver, hd_database *out)
{
    hd_ctx *ctx = loader->ctx;
    out->conninfo = hd_arena_str(loader->arena, conninfo);
    out->pos = node->pos;
    out->tls_waiver = HD_STR_NULL;
    if (tls_waiver)
        HD_TRY(
            hd_node_text(ctx, tls_waiver, "the reason why TLS is not demanded", &out->tls_waiver));
    switch (hd_conninfo_check(conninfo)) {
    case HD_CONNINFO_PASSWORD:
        hd_hint(ctx, "put it into ~/.pgpass (mode 0600), or into the service's file");
        return HD_FAIL(ctx, HD_CONFIG, HD_AT "the connection string holds a password",
                       HD_POS(node->pos));
    case HD_CONNINFO_UNREADABLE:
        hd_hint(ctx, "as \"service=police\", or \"host=db.example dbname=police\"");
        return HD_FAIL(ctx, HD_CONFIG, HD_AT "the connection string cannot be read",
                       HD_POS(node->pos));
    default:
        return HD_OK;
    }
}

/* ---- the name of a table ---- */

/* A part in double quotes, in which a quote stands twice. */
static bool take_quoted(const char **at, const char *end, hd_buf *part)
{
    for (++*at; *at < end; ++*at) {
        bool quote = **at == '"';
        if (quote && (*at + 1 == end || (*at)[1] != '"')) {
            ++*at;
            return true;
        }
        *at += quote;
        hd_buf_add_char(part, **at);
    }
    return false;
}

static bool take_plain(const char **at, const char *end, hd_buf *part)
{
    for (; *at < end && **at != '.' && **at != '"'; ++*at)
        hd_buf_add_char(part, **at);
    return true;
}

/* Null where there is none, or its quote does not end. */
static hd_str take_part(hd_arena *arena, const char **at, const char *end)
{
    hd_buf part = {0};
    bool right =
        *at < end && **at == '"' ? take_quoted(at, end, &part) : take_plain(at, end, &part);
    hd_str copy = HD_STR_NULL;
    if (right && part.len_bytes)
        copy = hd_arena_str(arena, hd_buf_str(&part));
    hd_buf_release(&part);
    return copy;
}

hd_status hd_load_table_name(hd_loader *loader, const hd_node *node, hd_source *source)
{
    static const char expected[] = "a table, or schema.table";
    HD_TRY(hd_node_text(loader->ctx, node, expected, &source->place));
    const char *at = source->place.ptr, *end = at + source->place.len_bytes;
    source->table = take_part(loader->arena, &at, end);
    if (source->table.ptr && at < end && *at == '.') {
        at++;
        source->schema = source->table;
        source->table = take_part(loader->arena, &at, end);
    }
    if (source->table.ptr && at == end)
        return HD_OK;
    hd_hint(loader->ctx, "a part that holds a dot or a quote goes into double quotes: "
                         "police.\"a.b\"");
    return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "expected %s, found \"%.*s\"", HD_POS(node->pos),
                   expected, HD_ARG(source->place));
}

/* ---- store ---- */

static hd_status load_store_map(hd_loader *loader, const hd_node *node)
{
    static const char *const keys[] = {"postgresql", "tls_waiver"};
    static const hd_map_spec spec = {"a store in PostgreSQL", keys, 2};
    const hd_node *value[2];
    hd_str conninfo = HD_STR_NULL;
    HD_TRY(hd_node_map(loader->ctx, node, &spec, value));
    HD_TRY(hd_node_need(loader->ctx, node, &spec, value[0], keys[0]));
    HD_TRY(hd_node_text(loader->ctx, value[0], HD_CONNINFO_EXPECTED, &conninfo));
    return hd_load_database(loader, value[0], conninfo, value[1], &loader->ruleset->store_database);
}

/* "postgresql:service=county"; a URI is one as a whole. */
static hd_str store_conninfo(hd_str text)
{
    static const hd_str prefix = {"postgresql:", sizeof "postgresql:" - 1};
    if (hd_conninfo_is_uri(text))
        return text;
    if (!hd_str_starts(text, prefix))
        return HD_STR_NULL;
    return hd_str_trim((hd_str){text.ptr + prefix.len_bytes, text.len_bytes - prefix.len_bytes});
}

hd_status hd_load_store_database(hd_loader *loader, const hd_node *node)
{
    if (node->kind == HD_NODE_MAP)
        return load_store_map(loader, node);
    hd_str conninfo = node->kind == HD_NODE_SCALAR ? store_conninfo(node->text) : HD_STR_NULL;
    if (!conninfo.ptr)
        return HD_OK;
    if (hd_str_empty(conninfo))
        return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "expected %s, found nothing",
                       HD_POS(node->pos), HD_CONNINFO_EXPECTED);
    return hd_load_database(loader, node, conninfo, NULL, &loader->ruleset->store_database);
}

/* ---- how long to wait ---- */

hd_status hd_load_waits(hd_loader *loader, const hd_node *node)
{
    static const char *const keys[] = {"connect", "retry", "lock", "statement", "idle"};
    static const hd_map_spec spec = {"timeouts", keys, 5};
    enum { DAY_SECONDS = 24 * 60 * 60, RETRY = 1 };
    uint64_t seconds[] = {10, 30, 60, 3600, 3600};
    const hd_node *value[5] = {NULL};
    if (node)
        HD_TRY(hd_node_map(loader->ctx, node, &spec, value));
    for (uint32_t i = 0; i < spec.n_keys; i++)
        if (value[i])
            HD_TRY(
                hd_node_whole(loader->ctx, value[i], i == RETRY ? 0 : 1, DAY_SECONDS, &seconds[i]));
    loader->ruleset->waits =
        (hd_waits){(uint32_t)seconds[0], (uint32_t)seconds[1], (uint32_t)seconds[2],
                   (uint32_t)seconds[3], (uint32_t)seconds[4]};
    return HD_OK;
}
