#ifndef HD_TESTS_MINI_RUN_H
#define HD_TESTS_MINI_RUN_H

/* A county of a few records, linked: what looks at a run from outside reads. The model is plain:
 * each level but the last agrees nine times in ten for matches, one in a hundred otherwise, shared
 * among them; the prior is one in ten. */

#include "mini.h"
#include "pipeline/run.h"

typedef struct hd_mini_run {
    hd_mini mini;
    hd_model model;
    hd_run run; /* views of the above, and what follows from them */
} hd_mini_run;

/* `files`: pairs of name and text, ended by a NULL name; hedui.yaml is one of them. */
void hd_mini_run_open(hd_mini_run *run, unsigned n_threads, const char *const *files);
hd_mention hd_mini_run_mention(const hd_mini_run *run, const char *key);
void hd_mini_run_close(hd_mini_run *run);

#endif
