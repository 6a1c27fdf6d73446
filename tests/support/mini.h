#ifndef HD_TESTS_MINI_H
#define HD_TESTS_MINI_H

/* A county of a few records, for tests of what follows standardise: a temporary folder with a
 * hedui.yaml and CSV files, read by the real loader, extract and standardise stages; the test says
 * which mentions are one person. Any failure on the way prints its frames and ends the process, so
 * that a test shows only what it is about. */

#include "pipeline/stages.h"

typedef struct hd_mini {
    hd_ctx ctx;
    char folder[64];
    hd_ruleset *ruleset;
    hd_extract extract;
    hd_mentions mentions;
    hd_clusters clusters;
} hd_mini;

extern const uint8_t hd_mini_key[32];

void hd_mini_open(hd_mini *mini, unsigned n_threads);
/* A file in the folder; `name` may hold one subfolder ("rules/checks.yaml"). */
void hd_mini_write(hd_mini *mini, const char *name, const char *text);
/* Loads hedui.yaml, extracts, standardises. */
void hd_mini_read(hd_mini *mini);
/* Blocks and compiles the comparisons of what was read. */
void hd_mini_block(hd_mini *mini, hd_blocks *blocks, hd_plan *plan);
/* The mention "household/h1/self"; ends the process where there is none. */
hd_mention hd_mini_mention(const hd_mini *mini, const char *key);
/* The clusters: groups of mentions, set apart by '|'; a mention is "source/record_id/role", and
 * those that are not named are a person each. Replaces what was said before. */
void hd_mini_persons(hd_mini *mini, const char *groups);
/* The same by numbers: mentions with equal ones are one person. */
void hd_mini_number_persons(hd_mini *mini, const uint32_t *person);
/* As hd_mini_persons, and then whose relatives they are, as a second round has it: whether that is
 * anything else than before. To be forgotten by hd_relate_forget. */
bool hd_mini_relate(hd_mini *mini, const char *groups);
void hd_mini_close(hd_mini *mini);

#endif
