#ifndef HD_CONFIG_FILE_H
#define HD_CONFIG_FILE_H

/* Small files, whole. */

#include "base/arena.h"
#include "hedui/status.h"

enum { HD_CONFIG_FILE_MAX_BYTES = 64 << 20 };

/* Read `path` into `arena`, followed by a NUL. `shown` is how messages name it. Not there: HD_OK
 * and a null `out`. Cannot be read, or larger than HD_CONFIG_FILE_MAX_BYTES: HD_CONFIG. */
hd_status hd_config_read(hd_ctx *ctx, const char *path, const char *shown, hd_arena *arena,
                         hd_str *out);

#endif
