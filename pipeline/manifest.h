#ifndef HD_PIPELINE_MANIFEST_H
#define HD_PIPELINE_MANIFEST_H

/* manifest.json of a run: what went in, what came out, what was counted on the way. What may differ
 * between two runs of the same inputs (run id, timings, memory) stands in the object
 * "outside_comparison"; all else is the same, byte for byte. */

#include "pipeline/stages.h"

/* Writes FOLDER/manifest.json, with the SHA-256 of every other file in the folder and below it, but
 * for mentions.hdm, which goes. */
hd_status hd_manifest_write(hd_ctx *ctx, const hd_outcome *outcome,
                            const hd_change_counts *published, const char *folder);

/* Parts of it that the run table holds too: JSON objects on one line, in `arena`. */
hd_str hd_manifest_versions(hd_arena *arena);
hd_str hd_manifest_checksums(hd_arena *arena, const hd_outcome *outcome);
hd_str hd_manifest_counts(hd_arena *arena, const hd_outcome *outcome);

#endif
