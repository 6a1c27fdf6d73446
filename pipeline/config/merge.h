#ifndef HD_CONFIG_MERGE_H
#define HD_CONFIG_MERGE_H

/* A county's own rules over the packaged ones, entry by entry: the same code replaces, a new code
 * is appended, `off: true` takes the entry out (and is an error where there is none). The result is
 * an ordinary node whose entries keep the places they came from. */

#include "pipeline/config/node.h"

typedef struct hd_section {
    const char *what; /* one entry, in messages: "pass" */
    const char *id;   /* list of maps: the key that names an entry ("code"); NULL: a map, by key */
} hd_section;

/* `packaged` or `own` may be NULL. *out is never NULL: at least empty. */
hd_status hd_merge(hd_ctx *ctx, hd_arena *arena, const hd_section *section, const hd_node *packaged,
                   const hd_node *own, const hd_node **out);

#endif
