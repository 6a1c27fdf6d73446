#ifndef HD_ANALYSE_TRAIN_PROVENANCE_H
#define HD_ANALYSE_TRAIN_PROVENANCE_H

/* Where a model comes from, for whoever reviews it: a JSON object, the model's `training`. The same
 * bytes for the same input: no time, no host, no number of threads. */

#include "pipeline/analyse/train.h"

hd_str hd_train_provenance(hd_arena *arena, const hd_plan *plan, const hd_train_counts *counts,
                           const hd_training *training, const hd_model *model);

#endif
