/* `sources:` of hedui.yaml: which files or tables, and of what type. */

#include "pipeline/config/load.h"

#include <stdlib.h>

enum {
    KEY_TYPE,
    KEY_CSV,
    KEY_POSTGRESQL,
    KEY_TABLE,
    KEY_QUERY,
    KEY_WAIVER,
    KEY_ENCODING,
    KEY_DELIMITER,
    KEY_HEADER,
    KEY_KEY,
    KEY_PERSONAL,
    KEY_FILTER,
    KEY_RECORD,
    KEY_MENTIONS,
    KEY_CODES,
    KEY_ONCE,
    N_KEYS
};
static const char *const source_keys[N_KEYS] = {
    "type",     "csv",       "postgresql", "table",         "query",           "tls_waiver",
    "encoding", "delimiter", "header",     "key",           "key_is_personal", "filter",
    "record",   "mentions",  "codes",      "duplicate_free"};
static const hd_map_spec source_spec = {"a source", source_keys, N_KEYS};
static const char *const encodings[] = {"auto", "utf-8", "gb18030"};

static hd_status load_delimiter(hd_loader *loader, const hd_node *node, char *out)
{
    static const char expected[] = "one character, as \",\", \";\", \"|\" or \"\\t\"";
    hd_str text;
    HD_TRY(hd_node_text(loader->ctx, node, expected, &text));
    *out = hd_str_eq(text, HD_STR("tab")) ? '\t' : text.ptr[0];
    bool one = text.len_bytes == 1 || *out == '\t';
    if (one && (strchr(",;|:\t ", *out) || *out == '\x1f' || *out == '^' || *out == '~'))
        return HD_OK;
    return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "expected %s, found \"%.*s\"", HD_POS(node->pos),
                   expected, HD_ARG(text));
}

static hd_status load_csv(hd_loader *loader, const hd_node *const *value, hd_source *source)
{
    for (uint32_t i = KEY_TABLE; i <= KEY_WAIVER; i++)
        if (value[i])
            return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "\"%s\" needs \"postgresql\"",
                           HD_POS(value[i]->key->pos), source_keys[i]);
    enum { HEADER_MAX = 100 };
    uint64_t header = 1;
    source->delimiter = ',';
    HD_TRY(hd_node_texts(loader->ctx, loader->arena, value[KEY_CSV], "a file or a pattern of files",
                         &source->csv, &source->n_csv));
    if (value[KEY_HEADER])
        HD_TRY(hd_node_whole(loader->ctx, value[KEY_HEADER], 1, HEADER_MAX, &header));
    source->header = (uint32_t)header;
    return value[KEY_DELIMITER] ? load_delimiter(loader, value[KEY_DELIMITER], &source->delimiter)
                                : HD_OK;
}

/* A semicolon at the end, as a query has it in psql. */
static hd_str without_end(hd_str query)
{
    query = hd_str_trim(query);
    while (query.len_bytes && query.ptr[query.len_bytes - 1] == ';')
        query = hd_str_trim((hd_str){query.ptr, query.len_bytes - 1});
    return query;
}

static hd_status load_query(hd_loader *loader, const hd_node *node, hd_source *source)
{
    static const char expected[] = "a SELECT";
    HD_TRY(hd_node_text(loader->ctx, node, expected, &source->query));
    source->query = without_end(source->query);
    source->place = HD_STR("query");
    if (source->query.len_bytes)
        return HD_OK;
    return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "expected %s, found nothing", HD_POS(node->pos),
                   expected);
}

static hd_status load_postgresql(hd_loader *loader, const hd_node *node,
                                 const hd_node *const *value, hd_source *source)
{
    hd_ctx *ctx = loader->ctx;
    const hd_node *table = value[KEY_TABLE], *query = value[KEY_QUERY];
    hd_str conninfo = HD_STR_NULL;
    for (uint32_t i = KEY_DELIMITER; i <= KEY_HEADER; i++)
        if (value[i])
            return HD_FAIL(ctx, HD_CONFIG, HD_AT "\"%s\" is for CSV files",
                           HD_POS(value[i]->key->pos), source_keys[i]);
    if (table && query)
        return HD_FAIL(ctx, HD_CONFIG, HD_AT "\"table\" and \"query\": a source is one of them",
                       HD_POS(query->key->pos));
    if (!table && !query)
        return HD_FAIL(ctx, HD_CONFIG, HD_AT "a source in PostgreSQL needs \"table\" or \"query\"",
                       HD_POS(node->pos));
    HD_TRY(hd_node_text(ctx, value[KEY_POSTGRESQL], HD_CONNINFO_EXPECTED, &conninfo));
    HD_TRY(hd_load_database(loader, value[KEY_POSTGRESQL], conninfo, value[KEY_WAIVER],
                            &source->database));
    source->place_pos = (table ? table : query)->pos;
    return table ? hd_load_table_name(loader, table, source) : load_query(loader, query, source);
}

/* Where the rows come from. */
static hd_status load_place(hd_loader *loader, const hd_node *node, const hd_node *const *value,
                            hd_source *source)
{
    const hd_node *csv = value[KEY_CSV], *postgresql = value[KEY_POSTGRESQL];
    uint32_t encoding = HD_ENCODING_AUTO;
    if (csv && postgresql)
        return HD_FAIL(loader->ctx, HD_CONFIG,
                       HD_AT "\"csv\" and \"postgresql\": a source is one of them",
                       HD_POS(postgresql->key->pos));
    if (!csv && !postgresql)
        return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "a source needs \"csv\" or \"postgresql\"",
                       HD_POS(node->pos));
    if (value[KEY_ENCODING])
        HD_TRY(hd_node_choice(loader->ctx, value[KEY_ENCODING], encodings,
                              sizeof encodings / sizeof *encodings, &encoding));
    source->encoding = (hd_encoding)encoding;
    return csv ? load_csv(loader, value, source) : load_postgresql(loader, node, value, source);
}

static hd_status load_source(hd_loader *loader, const hd_node *node, hd_source *source)
{
    hd_ctx *ctx = loader->ctx;
    const hd_node *value[N_KEYS];
    source->pos = node->key->pos;
    HD_TRY(hd_node_code(ctx, node->key, "a source's name", &source->code));
    HD_TRY(hd_node_map(ctx, node, &source_spec, value));
    HD_TRY(hd_node_need(ctx, node, &source_spec, value[KEY_TYPE], "type"));
    HD_TRY(hd_node_text(ctx, value[KEY_TYPE], "a type of source", &source->type));
    const hd_source_type *type = hd_load_type_ref(loader, source->type);
    if (!type)
        return hd_load_unknown_type(loader, value[KEY_TYPE]);
    HD_TRY(load_place(loader, node, value, source));
    HD_TRY(hd_node_need(ctx, node, &source_spec, value[KEY_KEY], "key"));
    HD_TRY(hd_node_need(ctx, node, &source_spec, value[KEY_MENTIONS], "mentions"));
    if (value[KEY_PERSONAL])
        HD_TRY(hd_node_bool(ctx, value[KEY_PERSONAL], &source->key_is_personal));
    hd_mapping mapping = {value[KEY_KEY], value[KEY_FILTER], value[KEY_RECORD], value[KEY_MENTIONS],
                          value[KEY_CODES]};
    HD_TRY(hd_load_mapping(loader, &mapping, type, source));
    hd_load_fills(loader, type, source);
    hd_load_relations(loader, type, source);
    return hd_load_duplicate_free(loader, type, value[KEY_ONCE], source);
}

static int compare_sources(const void *x, const void *y)
{
    const hd_source *a = x, *b = y;
    return hd_str_cmp(a->code, b->code);
}

hd_status hd_load_sources(hd_loader *loader, const hd_node *settings)
{
    hd_ruleset *ruleset = loader->ruleset;
    HD_TRY(hd_node_is(loader->ctx, settings, HD_NODE_MAP, "sources and their settings"));
    if (settings->n == 0 || settings->n > HD_SOURCES_MAX)
        return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "%u sources: expected 1 to %d",
                       HD_POS(settings->pos), settings->n, HD_SOURCES_MAX);
    ruleset->sources = HD_NEW_N(loader->arena, hd_source, settings->n);
    for (HD_EACH(source, settings))
        HD_TRY(load_source(loader, source, &ruleset->sources[ruleset->n_sources++]));
    qsort(ruleset->sources, ruleset->n_sources, sizeof *ruleset->sources, compare_sources);
    hd_load_number_roles(ruleset);
    return HD_OK;
}
