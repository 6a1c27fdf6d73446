#ifndef HD_CONFIG_YAML_H
#define HD_CONFIG_YAML_H

/* YAML text → a tree in which every node knows its line and column, so that whatever is wrong with
 * a value later can be said with its place. Strict: a key that stands twice, anchors, aliases,
 * tags, a second document, nesting over HD_YAML_DEPTH_MAX are errors. All scalars are texts; what
 * they mean is for their reader to say. */

#include "base/arena.h"
#include "hedui/status.h"
#include "pipeline/config/rule.h"

enum { HD_YAML_DEPTH_MAX = 32 };

typedef enum hd_node_kind { HD_NODE_SCALAR, HD_NODE_LIST, HD_NODE_MAP } hd_node_kind;

typedef struct hd_node {
    hd_node_kind kind;
    hd_source_pos pos;                  /* of a scalar: its first character, inside the quotes */
    hd_str text;                        /* of a scalar */
    bool plain;                         /* a scalar without quotes */
    const struct hd_node *key;          /* of an entry of a map: the scalar before the colon */
    const struct hd_node *first, *next; /* children, in the order of the text */
    uint32_t n;
} hd_node;

#define HD_EACH(child, parent)              \
    const hd_node *child = (parent)->first; \
    child;                                  \
    child = (child)->next

/* How messages begin. */
#define HD_AT "%s:%u:%u: "
#define HD_POS(pos) (pos).file, (pos).line, (pos).column

/* `file` is how messages name the text; retained, as is nothing else of the caller's. A text of
 * comments only is an empty map. */
hd_status hd_yaml_parse(hd_ctx *ctx, hd_arena *arena, const char *file, hd_str text,
                        const hd_node **root);

#endif
