#ifndef HD_TESTS_NIGHT_H
#define HD_TESTS_NIGHT_H

/* Nights of one county: each reads its own files and the store that the nights before it left. The
 * test says who is one person; all else is made by the real stages. */

#include <criterion/criterion.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "mini.h"

/* What one night finds; NULL: a file with its header only. */
typedef struct night_files {
    const char *household; /* id,name,sex,birth,number,village,address,phone */
    const char *resident;  /* id,name,sex,birth,number,status,updated */
    const char *marriage;  /* id,husband,wife,date */
    const char *fields;    /* YAML, more of the configuration; may be NULL */
    const char *mapping;   /* more of a household's mapping; may be NULL */
} night_files;

typedef struct night {
    hd_mini mini;
    hd_profile profile;
    hd_plan plan;
    hd_blocks blocks;
    hd_model model;
    hd_edges edges;
    hd_previous previous;
    hd_persons persons;
    hd_discrepancies found;
    hd_outcome outcome;
} night;

static char night_folder[] = "/tmp/hedui-night-XXXXXX"; /* of the store */

static inline void nights_begin(void)
{
    cr_assert_not_null(mkdtemp(night_folder));
}

static inline int night_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static inline void nights_end(void)
{
    nftw(night_folder, night_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path below the folder of the store; valid until the fourth call after. */
static inline const char *night_path(const char *name)
{
    static char paths[4][256];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", night_folder, name);
    return path;
}

static inline void night_write(night *n, const char *name, const char *header, const char *rows)
{
    hd_buf text = {0};
    hd_buf_addf(&text, "%s\n%s", header, rows ? rows : "");
    hd_mini_write(&n->mini, name, text.ptr);
    hd_buf_release(&text);
}

static inline void night_read(night *n, const night_files *files)
{
    hd_buf config = {0};
    hd_buf_addf(&config,
                "site: 530303\nlanguage: en\nstore: %s\n%s"
                "sources:\n"
                "  household:\n    type: household\n    csv: household.csv\n    key: [id]\n"
                "    mentions:\n      self: {name: name, sex: sex, birth_date: birth,"
                " id_number: number, residence_division: village, address: address,"
                " phone: phone%s}\n"
                "  resident:\n    type: resident\n    csv: resident.csv\n    key: [id]\n"
                "    mentions:\n      self: {name: name, sex: sex, birth_date: birth,"
                " id_number: number, status: status, updated: updated}\n"
                "  marriage:\n    type: marriage\n    csv: marriage.csv\n    key: [id]\n"
                "    record: {event_date: date}\n"
                "    mentions:\n      husband: {name: husband}\n      wife: {name: wife}\n",
                night_path("county.db"), files->fields ? files->fields : "",
                files->mapping ? files->mapping : "");
    hd_mini_write(&n->mini, "hedui.yaml", config.ptr);
    hd_buf_release(&config);
    night_write(n, "household.csv", "id,name,sex,birth,number,village,address,phone",
                files->household);
    night_write(n, "resident.csv", "id,name,sex,birth,number,status,updated", files->resident);
    night_write(n, "marriage.csv", "id,husband,wife,date", files->marriage);
    hd_mini_read(&n->mini);
}

/* Each mention of a person but its first joined by a pair with the first, of 10 bits. */
static inline void night_link(night *n)
{
    hd_clusters *clusters = &n->mini.clusters;
    hd_env env = {.texts = n->mini.ruleset->texts, .han = n->mini.ruleset->han};
    for (uint32_t c = 0; c < clusters->n; c++) {
        hd_mention first = clusters->member[clusters->start[c]];
        for (uint32_t k = clusters->start[c] + 1; k < clusters->start[c + 1]; k++) {
            hd_mention other = clusters->member[k];
            uint32_t pattern = hd_plan_pattern(&n->plan, hd_plan_row(&n->plan, first),
                                               hd_plan_row(&n->plan, other), &env);
            clusters->link[other] = (hd_edge){first, other, 10 * HD_WEIGHT_ONE, pattern};
        }
    }
    hd_env_release(&env);
}

static inline void night_describe(night *n, hd_date as_of, const char *run_id)
{
    hd_mini *mini = &n->mini;
    hd_profile_list(mini->ruleset, &mini->extract, &n->profile);
    cr_assert_eq(hd_profile_count(&mini->ctx, &mini->extract, &n->profile), HD_OK);
    n->outcome = (hd_outcome){.ruleset = mini->ruleset,
                              .profile = &n->profile,
                              .model = &n->model,
                              .extract = &mini->extract,
                              .mentions = &mini->mentions,
                              .plan = &n->plan,
                              .blocks = &n->blocks,
                              .edges = &n->edges,
                              .clusters = &mini->clusters,
                              .persons = &n->persons,
                              .discrepancies = &n->found,
                              .previous = &n->previous,
                              .as_of = as_of,
                              .run_id = hd_str_from(run_id),
                              .stage = {{"extract", 0.25, 1000, 200, 30}},
                              .n_stages = 1};
}

/* The stages that need the store, each with the store open for it alone. */
static inline hd_status night_read_previous(night *n, hd_previous *out)
{
    hd_store *store;
    *out = (hd_previous){0};
    hd_status status = hd_store_open(&n->mini.ctx, n->mini.ruleset, HD_STORE_READ, &store);
    if (status == HD_OK)
        status = hd_previous_read(&n->mini.ctx, store, &n->mini.mentions, out);
    hd_store_close(store);
    return status;
}

static inline hd_status night_publish_run(night *n, hd_change_counts *counts)
{
    hd_store *store;
    *counts = (hd_change_counts){0};
    hd_status status = hd_store_open(&n->mini.ctx, n->mini.ruleset, HD_STORE_WRITE, &store);
    if (status == HD_OK)
        status = hd_publish_run(&n->mini.ctx, store, &n->outcome, NULL, counts);
    hd_store_close(store);
    return status;
}

static inline hd_status night_publish_csv(night *n, const char *folder)
{
    hd_store *store;
    hd_status status = hd_store_open(&n->mini.ctx, n->mini.ruleset, HD_STORE_READ, &store);
    if (status == HD_OK)
        status = hd_publish_csv(&n->mini.ctx, store, &n->outcome, folder);
    hd_store_close(store);
    return status;
}

/* All but publishing. `persons` as hd_mini_persons takes them. */
static inline void night_begin(night *n, hd_date as_of, const char *run_id,
                               const night_files *files, const char *persons)
{
    *n = (night){0};
    hd_mini *mini = &n->mini;
    hd_ctx *ctx = &mini->ctx;
    hd_mini_open(mini, 2);
    night_read(n, files);
    hd_mini_persons(mini, persons);
    hd_mini_block(mini, &n->blocks, &n->plan);
    night_link(n);
    cr_assert_eq(night_read_previous(n, &n->previous), HD_OK, "%s", ctx->frames[0].text);
    cr_assert_eq(hd_reconcile_run(ctx, mini->ruleset, &n->model, &mini->mentions, &mini->clusters,
                                  hd_mini_key, &n->previous, &n->persons),
                 HD_OK);
    cr_assert_eq(hd_check_run(ctx, mini->ruleset, &mini->mentions, &mini->clusters, &n->persons,
                              hd_mini_key, as_of, &n->found),
                 HD_OK);
    night_describe(n, as_of, run_id);
}

static inline void night_end(night *n)
{
    hd_discrepancies_release(&n->found);
    hd_profile_release(&n->profile);
    hd_persons_release(&n->persons);
    hd_previous_release(&n->previous);
    hd_plan_release(&n->plan);
    hd_blocks_release(&n->blocks);
    hd_mini_close(&n->mini);
}

static inline void night_expect_counts(hd_change_counts is, hd_change_counts want)
{
    cr_expect(is.inserted == want.inserted && is.updated == want.updated &&
                  is.deleted == want.deleted,
              "inserted %lu updated %lu deleted %lu", is.inserted, is.updated, is.deleted);
}

/* A night from beginning to end. */
static inline hd_change_counts night_publish(hd_date as_of, const char *run_id,
                                             const night_files *files, const char *persons)
{
    night n;
    hd_change_counts counts;
    night_begin(&n, as_of, run_id, files, persons);
    cr_assert_eq(night_publish_run(&n, &counts), HD_OK, "%s", n.mini.ctx.frames[0].text);
    night_end(&n);
    return counts;
}

/* ---- what the store holds ---- */

static inline sqlite3 *night_open_store(void)
{
    sqlite3 *db;
    cr_assert_eq(sqlite3_open_v2(night_path("county.db"), &db, SQLITE_OPEN_READWRITE, NULL),
                 SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    return db;
}

/* Rows as lines, columns set apart by '|', null as nothing; to be released by hd_buf_release. */
static inline hd_buf night_ask(sqlite3 *db, const char *sql)
{
    hd_buf out = {0};
    sqlite3_stmt *query;
    cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK, "%s: %s", sql,
                 sqlite3_errmsg(db));
    hd_buf_add(&out, HD_STR(""));
    while (sqlite3_step(query) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(query); i++) {
            const char *text = (const char *)sqlite3_column_text(query, i);
            hd_buf_addf(&out, "%s%s", i ? "|" : "", text ? text : "");
        }
        hd_buf_add_char(&out, '\n');
    }
    cr_assert_eq(sqlite3_finalize(query), SQLITE_OK);
    return out;
}

static inline void night_expect(const char *sql, const char *expected)
{
    sqlite3 *db = night_open_store();
    hd_buf is = night_ask(db, sql);
    cr_expect_str_eq(is.ptr, expected, "%s\ngives\n%swants\n%s", sql, is.ptr, expected);
    hd_buf_release(&is);
    sqlite3_close(db);
}

static inline void night_run_sql(const char *sql)
{
    sqlite3 *db = night_open_store();
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

#endif
