#include "pipeline/config/yaml.h"

#include "base/mem.h"

#include <yaml.h>

typedef struct reader {
    hd_ctx *ctx;
    hd_arena *arena;
    const char *file;
    hd_str text;
    yaml_parser_t parser;
    yaml_event_t event; /* the one that is looked at */
} reader;

static hd_source_pos pos_of(const reader *r, yaml_mark_t mark)
{
    return (hd_source_pos){r->file, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

static hd_status fail_bytes(const reader *r)
{
    uint32_t line = 1;
    for (size_t i = 0; i < r->parser.problem_offset && i < r->text.len_bytes; i++)
        line += r->text.ptr[i] == '\n';
    hd_hint(r->ctx, "save the file as UTF-8");
    return HD_FAIL(r->ctx, HD_CONFIG, "%s:%u: not UTF-8 text: %s", r->file, line,
                   r->parser.problem);
}

static hd_status fail_syntax(const reader *r)
{
    if (r->parser.error == YAML_MEMORY_ERROR)
        hd_mem_exhausted("reading %s", r->file);
    if (r->parser.error == YAML_READER_ERROR)
        return fail_bytes(r);
    hd_hint(r->ctx, "look at the indentation (blanks, never tabs), the quotes and the brackets of "
                    "this line and the one before");
    return HD_FAIL(r->ctx, HD_CONFIG, HD_AT "not YAML: %s",
                   HD_POS(pos_of(r, r->parser.problem_mark)), r->parser.problem);
}

static hd_status next_event(reader *r)
{
    yaml_event_delete(&r->event);
    return yaml_parser_parse(&r->parser, &r->event) ? HD_OK : fail_syntax(r);
}

static hd_status refuse(const reader *r, const char *what, const char *instead)
{
    hd_hint(r->ctx, "%s", instead);
    return HD_FAIL(r->ctx, HD_CONFIG, HD_AT "%s", HD_POS(pos_of(r, r->event.start_mark)), what);
}

/* Anchors and tags; libyaml keeps them in a different place for each kind of event. */
static hd_status refuse_properties(const reader *r)
{
    const yaml_event_t *e = &r->event;
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (e->type == YAML_SCALAR_EVENT) {
        anchor = e->data.scalar.anchor;
        tag = e->data.scalar.tag;
    } else if (e->type == YAML_SEQUENCE_START_EVENT) {
        anchor = e->data.sequence_start.anchor;
        tag = e->data.sequence_start.tag;
    } else if (e->type == YAML_MAPPING_START_EVENT) {
        anchor = e->data.mapping_start.anchor;
        tag = e->data.mapping_start.tag;
    }
    if (anchor)
        return refuse(r, "an anchor (&name) is not allowed",
                      "write the value out where it is used");
    if (tag)
        return refuse(r, "a tag (!name) is not allowed",
                      "leave it off; a text that starts with ! goes into quotes");
    return HD_OK;
}

static hd_status read_scalar(reader *r, hd_node *node)
{
    const char *value = (const char *)r->event.data.scalar.value;
    size_t length = r->event.data.scalar.length;
    yaml_scalar_style_t style = r->event.data.scalar.style;
    if (memchr(value, '\0', length))
        return refuse(r, "a text holds a NUL character", "take the \\0 out");
    node->kind = HD_NODE_SCALAR;
    node->text = hd_arena_str(r->arena, (hd_str){value, (uint32_t)length});
    node->plain = style == YAML_PLAIN_SCALAR_STYLE;
    if (style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE) {
        node->pos.column++;
    } else if (!node->plain) { /* a block: the text starts on the line after | or > */
        node->pos.line++;
        node->pos.column = 1;
    }
    return HD_OK;
}

static hd_status read_node(reader *r, unsigned depth, hd_node **out);

static hd_status refuse_twice(const reader *r, const hd_node *map, const hd_node *key)
{
    for (HD_EACH(entry, map)) {
        if (!hd_str_eq(entry->key->text, key->text))
            continue;
        hd_hint(r->ctx, "keep one of the two");
        return HD_FAIL(r->ctx, HD_CONFIG, HD_AT "key \"%.*s\" stands here twice; first on line %u",
                       HD_POS(key->pos), HD_ARG(key->text), entry->key->pos.line);
    }
    return HD_OK;
}

static void append(hd_node *parent, const hd_node **last, hd_node *child)
{
    if (*last)
        ((hd_node *)*last)->next = child;
    else
        parent->first = child;
    *last = child;
    parent->n++;
}

static hd_status read_map(reader *r, unsigned depth, hd_node *map)
{
    const hd_node *last = NULL;
    map->kind = HD_NODE_MAP;
    for (;;) {
        HD_TRY(next_event(r));
        if (r->event.type == YAML_MAPPING_END_EVENT)
            return HD_OK;
        hd_node *key, *value;
        HD_TRY(read_node(r, depth, &key));
        if (key->kind != HD_NODE_SCALAR)
            return HD_FAIL(r->ctx, HD_CONFIG, HD_AT "a key must be one word, not a list or a map",
                           HD_POS(key->pos));
        HD_TRY(refuse_twice(r, map, key));
        HD_TRY(next_event(r));
        HD_TRY(read_node(r, depth, &value));
        value->key = key;
        append(map, &last, value);
    }
}

static hd_status read_list(reader *r, unsigned depth, hd_node *list)
{
    const hd_node *last = NULL;
    list->kind = HD_NODE_LIST;
    for (;;) {
        HD_TRY(next_event(r));
        if (r->event.type == YAML_SEQUENCE_END_EVENT)
            return HD_OK;
        hd_node *item;
        HD_TRY(read_node(r, depth, &item));
        append(list, &last, item);
    }
}

/* The node that starts with the event at hand; ends at its last event. */
static hd_status read_node(reader *r, unsigned depth, hd_node **out)
{
    hd_node *node = HD_NEW(r->arena, hd_node);
    node->pos = pos_of(r, r->event.start_mark);
    *out = node;
    if (r->event.type == YAML_ALIAS_EVENT)
        return refuse(r, "an alias (*name) is not allowed",
                      "write the value out; a text that starts with * goes into quotes");
    HD_TRY(refuse_properties(r));
    if (r->event.type == YAML_SCALAR_EVENT)
        return read_scalar(r, node);
    if (depth == HD_YAML_DEPTH_MAX)
        return refuse(r, "nested too deeply", "no rule needs more than a few levels");
    return r->event.type == YAML_MAPPING_START_EVENT ? read_map(r, depth + 1, node)
                                                     : read_list(r, depth + 1, node);
}

static hd_status read_stream(reader *r, const hd_node **root)
{
    HD_TRY(next_event(r)); /* the stream's start */
    HD_TRY(next_event(r));
    if (r->event.type == YAML_STREAM_END_EVENT) {
        hd_node *empty = HD_NEW(r->arena, hd_node);
        *empty = (hd_node){.kind = HD_NODE_MAP, .pos = {r->file, 1, 1}};
        *root = empty;
        return HD_OK;
    }
    HD_TRY(next_event(r));
    hd_node *node;
    HD_TRY(read_node(r, 0, &node));
    *root = node;
    HD_TRY(next_event(r)); /* the document's end */
    HD_TRY(next_event(r));
    if (r->event.type == YAML_STREAM_END_EVENT)
        return HD_OK;
    return refuse(r, "a second document (---) is not allowed", "write one file for each");
}

hd_status hd_yaml_parse(hd_ctx *ctx, hd_arena *arena, const char *file, hd_str text,
                        const hd_node **root)
{
    reader r = {.ctx = ctx, .arena = arena, .file = file, .text = text};
    if (!yaml_parser_initialize(&r.parser))
        hd_mem_exhausted("reading %s", file);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.ptr, text.len_bytes);
    hd_status status = read_stream(&r, root);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return status;
}
