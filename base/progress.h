#ifndef HD_BASE_PROGRESS_H
#define HD_BASE_PROGRESS_H

/* What a person sees while a run works: on a terminal one line that is redrawn, elsewhere a plain
 * line a stage; nothing when ctx->quiet. Writes to stderr only. */

#include "hedui/status.h"

void hd_progress_stage(hd_ctx *ctx, unsigned number, unsigned n_stages, const char *label);
void hd_progress_done(hd_ctx *ctx, double seconds, const char *detail);
void hd_progress_note(hd_ctx *ctx, const char *line); /* a line of its own, between stages */
double hd_clock_seconds(void); /* monotonic; for timings only, never for a result */

#endif
