#include "mini.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "pipeline/analyse/given_clusters.h"
#include "pipeline/relate.h"

const uint8_t hd_mini_key[32] = "a key for tests, and no other";

__attribute__((noreturn)) static void give_up(const hd_ctx *ctx, const char *what)
{
    fprintf(stderr, "mini: %s\n", what);
    for (uint32_t i = 0; i < ctx->n_frames; i++)
        fprintf(stderr, "  %s (%s:%d)\n", ctx->frames[i].text, ctx->frames[i].file,
                ctx->frames[i].line);
    abort();
}

void hd_mini_open(hd_mini *mini, unsigned n_threads)
{
    *mini = (hd_mini){.folder = "/tmp/hedui-mini-XXXXXX"};
    hd_ctx_init(&mini->ctx, n_threads);
    mini->ctx.quiet = true;
    if (!mkdtemp(mini->folder))
        give_up(&mini->ctx, "no temporary folder");
}

void hd_mini_write(hd_mini *mini, const char *name, const char *text)
{
    char path[256];
    const char *slash = strchr(name, '/');
    if (slash) {
        snprintf(path, sizeof path, "%s/%.*s", mini->folder, (int)(slash - name), name);
        mkdir(path, 0700);
    }
    snprintf(path, sizeof path, "%s/%s", mini->folder, name);
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        give_up(&mini->ctx, path);
}

void hd_mini_read(hd_mini *mini)
{
    char path[256];
    snprintf(path, sizeof path, "%s/hedui.yaml", mini->folder);
    if (hd_ruleset_load(&mini->ctx, path, HEDUI_RULES_DIR, &mini->ruleset) != HD_OK)
        give_up(&mini->ctx, "load");
    if (hd_extract_run(&mini->ctx, mini->ruleset, hd_mini_key, &mini->extract) != HD_OK)
        give_up(&mini->ctx, "extract");
    if (hd_standardise_run(&mini->ctx, mini->ruleset, &mini->extract, &mini->mentions) != HD_OK)
        give_up(&mini->ctx, "standardise");
}

void hd_mini_block(hd_mini *mini, hd_blocks *blocks, hd_plan *plan)
{
    hd_computed_set computed;
    hd_computed_init(&computed, &mini->mentions);
    if (hd_block_run(&mini->ctx, mini->ruleset, &computed, blocks) != HD_OK)
        give_up(&mini->ctx, "block");
    if (hd_plan_make(&mini->ctx, mini->ruleset, &computed, plan) != HD_OK)
        give_up(&mini->ctx, "plan");
    hd_computed_release(&computed);
}

static void print_key(const hd_mentions *m, hd_mention i, char *out, size_t size_bytes)
{
    const hd_source *source = &m->ruleset->sources[m->source[i]];
    snprintf(out, size_bytes, "%.*s/%.*s/%.*s", HD_ARG(source->code),
             HD_ARG(hd_mention_record_id(m, i)), HD_ARG(source->roles[m->role[i]].code));
}

hd_mention hd_mini_mention(const hd_mini *mini, const char *key)
{
    char this_key[256];
    for (hd_mention i = 0; i < mini->mentions.n; i++) {
        print_key(&mini->mentions, i, this_key, sizeof this_key);
        if (strcmp(this_key, key) == 0)
            return i;
    }
    give_up(&mini->ctx, key);
}

void hd_mini_persons(hd_mini *mini, const char *groups)
{
    uint32_t n = mini->mentions.n, group = 0;
    uint32_t *person = hd_alloc((size_t)n * sizeof *person);
    for (hd_mention i = 0; i < n; i++)
        person[i] = UINT32_MAX - i;
    for (const char *at = groups; *at;) {
        char key[256];
        size_t len = strcspn(at, " |");
        if (len) {
            snprintf(key, sizeof key, "%.*s", (int)len, at);
            person[hd_mini_mention(mini, key)] = group;
        } else {
            group += *at == '|';
            len = 1;
        }
        at += len;
    }
    hd_mini_number_persons(mini, person);
    hd_free(person);
}

bool hd_mini_relate(hd_mini *mini, const char *groups)
{
    bool changed;
    hd_computed_set computed;
    hd_computed_init(&computed, &mini->mentions);
    hd_mini_persons(mini, groups);
    if (hd_relate_run(&mini->ctx, &mini->mentions, &mini->clusters, &computed, &changed) != HD_OK)
        give_up(&mini->ctx, "relations");
    hd_computed_release(&computed);
    return changed;
}

void hd_mini_number_persons(hd_mini *mini, const uint32_t *person)
{
    hd_clusters_release(&mini->clusters);
    hd_clusters_given(person, mini->mentions.n, &mini->clusters);
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

void hd_mini_close(hd_mini *mini)
{
    hd_clusters_release(&mini->clusters);
    hd_mentions_release(&mini->mentions);
    hd_extract_release(&mini->extract);
    hd_ruleset_free(mini->ruleset);
    nftw(mini->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}
