#ifndef HD_PIPELINE_UNFINISHED_H
#define HD_PIPELINE_UNFINISHED_H

/* What a run that was killed or failed left, and whether the next one goes on from it.
 *
 * A run writes its mentions (pipeline/artefact.h) into its folder and removes them once it has
 * published and `current` names it. So a folder that holds mentions is of a run that was not
 * finished, unless the store knows it, and there is nothing else to keep in step. Only under the
 * lock of runs. */

#include "pipeline/artefact.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/store/store.h"

/* Why an unfinished run is not continued. X(name): continue.why.<name> in rules/text.*.yaml. */
#define HD_REFUSALS(X)                                                                \
    X(fresh)   /* --fresh */                                                          \
    X(damaged) /* cannot be read, or is not what was written */                       \
    X(program) /* another format, hedui or library whose standard forms may differ */ \
    X(rules)   /* another configuration or other rules */                             \
    X(key)     /* another site key, which hides record ids that are personal */       \
    X(as_of)   /* the run is for another day */                                       \
    X(age)     /* not read within the last 24 hours */                                \
    X(files)   /* the sources' files are not the same, or one has another size or time */

typedef enum hd_refusal {
    HD_REFUSED_NOT,
#define X(name) HD_REFUSED_##name,
    HD_REFUSALS(X)
#undef X
} hd_refusal;

/* The run that begins. */
typedef struct hd_unfinished_for {
    const hd_ruleset *ruleset;
    const uint8_t *key;    /* the site's */
    const char *runs;      /* folder of runs */
    hd_stored_run *stored; /* all that the store knows */
    uint32_t n_stored;
    hd_date as_of;
    int64_t now; /* seconds since 1970 */
    bool fresh;  /* continue none */
} hd_unfinished_for;

typedef struct hd_unfinished {
    hd_str run_id;         /* null: every run was finished */
    hd_refusal refusal;    /* HD_REFUSED_NOT: `artefact` is there, and opened */
    hd_artefact *artefact; /* else NULL, and its file is gone */
    int64_t read_at;       /* where it is there */
    const char *path;      /* of its file */
    hd_arena arena;
} hd_unfinished;

/* Look for the unfinished run (the latest of several), and remove from all folders of runs what is
 * not to be continued: mentions, and temporary files of writers that are gone; of the run that is,
 * what it had reported. HD_STORE: something that holds personal data cannot be removed. Always
 * hd_unfinished_release after. */
hd_status hd_unfinished_find(hd_ctx *ctx, const hd_unfinished_for *begins, hd_unfinished *out);
/* It turned out that it cannot be continued: its file is removed. */
hd_status hd_unfinished_refuse(hd_ctx *ctx, hd_unfinished *unfinished, hd_refusal why);
/* What will happen, in one line of the catalogue's language; nothing where run_id is null. */
void hd_unfinished_tell(hd_buf *out, const hd_catalogue *catalogue,
                        const hd_unfinished *unfinished);
void hd_unfinished_release(hd_unfinished *unfinished);

#endif
