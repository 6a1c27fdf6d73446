/* `sources:` of hedui.yaml: which files, and of what type. */

#include "pipeline/config/load.h"

#include <stdlib.h>

enum {
    KEY_TYPE,
    KEY_CSV,
    KEY_POSTGRESQL,
    KEY_TABLE,
    KEY_QUERY,
    KEY_ENCODING,
    KEY_DELIMITER,
    KEY_KEY,
    KEY_PERSONAL,
    KEY_FILTER,
    KEY_RECORD,
    KEY_MENTIONS,
    N_KEYS
};
static const char *const source_keys[N_KEYS] = {
    "type",      "csv", "postgresql",      "table",  "query",  "encoding",
    "delimiter", "key", "key_is_personal", "filter", "record", "mentions"};
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

/* Where the rows come from: CSV for now. */
static hd_status load_place(hd_loader *loader, const hd_node *node, const hd_node *const *value,
                            hd_source *source)
{
    for (uint32_t i = KEY_POSTGRESQL; i <= KEY_QUERY; i++)
        if (value[i]) {
            hd_hint(loader->ctx, "export the table to a CSV file and name it with `csv:`");
            return HD_FAIL(loader->ctx, HD_CONFIG,
                           HD_AT "PostgreSQL sources (\"%s\") are not supported yet",
                           HD_POS(value[i]->key->pos), source_keys[i]);
        }
    HD_TRY(hd_node_need(loader->ctx, node, &source_spec, value[KEY_CSV], "csv"));
    HD_TRY(hd_node_texts(loader->ctx, loader->arena, value[KEY_CSV], "a file or a pattern of files",
                         &source->csv, &source->n_csv));
    uint32_t encoding = HD_ENCODING_AUTO;
    if (value[KEY_ENCODING])
        HD_TRY(hd_node_choice(loader->ctx, value[KEY_ENCODING], encodings,
                              sizeof encodings / sizeof *encodings, &encoding));
    source->encoding = (hd_encoding)encoding;
    source->delimiter = ',';
    return value[KEY_DELIMITER] ? load_delimiter(loader, value[KEY_DELIMITER], &source->delimiter)
                                : HD_OK;
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
    hd_mapping mapping = {value[KEY_KEY], value[KEY_FILTER], value[KEY_RECORD],
                          value[KEY_MENTIONS]};
    HD_TRY(hd_load_mapping(loader, &mapping, type, source));
    hd_load_fills(loader, type, source);
    hd_load_relations(loader, type, source);
    return HD_OK;
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
