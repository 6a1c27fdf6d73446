#ifndef HD_CONFIG_NODE_H
#define HD_CONFIG_NODE_H

/* Typed, strict reading of a YAML tree. Whatever is not what was expected is HD_CONFIG with
 * "file:line:column: …", and a hint that says what may stand there. */

#include "pipeline/config/near_name.h"
#include "pipeline/config/yaml.h"

/* One kind of map: its keys, and what it is called in messages ("a pass"). */
typedef struct hd_map_spec {
    const char *what;
    const char *const *keys;
    uint32_t n_keys;
} hd_map_spec;

/* Entries of `map` by the spec's keys: value[i] is NULL where key i is not there. */
hd_status hd_node_map(hd_ctx *ctx, const hd_node *map, const hd_map_spec *spec,
                      const hd_node **value);
/* HD_CONFIG where `value` is NULL: "a pass needs "code"". */
hd_status hd_node_need(hd_ctx *ctx, const hd_node *map, const hd_map_spec *spec,
                       const hd_node *value, const char *key);

hd_status hd_node_is(hd_ctx *ctx, const hd_node *node, hd_node_kind kind, const char *expected);
/* Whether it was left empty: `key:`, or a plain ~ or null. */
bool hd_node_nothing(const hd_node *node);
hd_status hd_node_text(hd_ctx *ctx, const hd_node *node, const char *expected, hd_str *out);
hd_status hd_node_bool(hd_ctx *ctx, const hd_node *node, bool *out);
hd_status hd_node_number(hd_ctx *ctx, const hd_node *node, double min, double max, double *out);
hd_status hd_node_whole(hd_ctx *ctx, const hd_node *node, uint64_t min, uint64_t max,
                        uint64_t *out);
/* One of a closed list; *out is its index. */
hd_status hd_node_choice(hd_ctx *ctx, const hd_node *node, const char *const *choices, uint32_t n,
                         uint32_t *out);
/* A text, or a list of one or more. */
hd_status hd_node_texts(hd_ctx *ctx, hd_arena *arena, const hd_node *node, const char *expected,
                        hd_str **out, uint32_t *n);
/* Letters, digits and _, starting with a letter: what an expression can name. */
hd_status hd_node_name(hd_ctx *ctx, const hd_node *node, const char *expected);
/* Letters, digits and . _ - : what names a rule, a source, a file. */
hd_status hd_node_code(hd_ctx *ctx, const hd_node *node, const char *expected, hd_str *out);

/* "unknown WHAT "x"; the nearest is "y"". */
hd_status hd_node_unknown(hd_ctx *ctx, const hd_node *node, const char *what,
                          const hd_near_name *nearest);

#endif
