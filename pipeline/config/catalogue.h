#ifndef HD_CONFIG_CATALOGUE_H
#define HD_CONFIG_CATALOGUE_H

/* Texts that a person reads, one file a language: rules/text.zh.yaml, rules/text.en.yaml. Keys are
 * dotted (report.title, rule.id.checksum.name, reason.id_checksum); values may hold {name}
 * place-holders. A key that the language lacks is taken from English; one that English lacks too
 * yields the key itself, and a test fails. */

#include <stdarg.h>

#include "base/buf.h"

typedef struct hd_catalogue hd_catalogue;

hd_str hd_text_of(const hd_catalogue *catalogue, const char *key);
/* The same under "<group>.<code>[.<what>]" (`what` may be NULL), but `code` itself where there is
 * no such text: a county's own fields and rules need no texts to be shown. */
hd_str hd_text_for(const hd_catalogue *catalogue, const char *group, hd_str code, const char *what);
/* Fill place-holders: pairs of name, value, ended by a NULL name; values are plain C strings. */
__attribute__((sentinel)) void hd_text_fill(hd_buf *out, const hd_catalogue *catalogue,
                                            const char *key, ...);
void hd_text_fill_list(hd_buf *out, const hd_catalogue *catalogue, const char *key, va_list args);

#endif
