/* With a fixed model, and in the first round, the weight of a pair is a matter of its two mentions:
 * a run on a tenth of a county's records gives every pair there the weight that the whole run gives
 * it. The tenth are who was born on a day that ends in 7, so that true pairs stay together. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "hedui/county.h"
#include "mini.h"
#include "pipeline/run.h"

enum { N_PERSONS = 3000 };

static hd_mini county; /* its folder */
static hd_run whole, part;

static void read_text(const char *name, hd_buf *out)
{
    char path[128], line[1024];
    snprintf(path, sizeof path, "%s/%s", county.folder, name);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    while (fgets(line, sizeof line, file)) {
        bool bride = strstr(line, "marriage.csv") != NULL;
        hd_buf_addf(out, "%s", line);
        if (strncmp(line, "    csv: ", 9) == 0)
            hd_buf_addf(out, "    filter: 'suffix(digits(%s), 1) = \"7\"'\n",
                        bride ? "nvfcsrq" : "csrq");
    }
    fclose(file);
}

static void run(const char *name, hd_run *out)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", county.folder, name);
    hd_run_options options = {.config = path, .rules_dir = HEDUI_RULES_DIR, .as_of = 0};
    hd_status status = hd_run_start(&county.ctx, &options, HD_RUN_TO_CLUSTER, out);
    cr_assert_eq(status, HD_OK, "%s", county.ctx.frames[0].text);
}

static void setup(void)
{
    hd_buf text = {0};
    char model[128];
    hd_mini_open(&county, 2);
    hd_county_options options = {.folder = county.folder, .seed = 3, .n_persons = N_PERSONS};
    cr_assert_eq(hd_county_generate(&county.ctx, &options), HD_OK);
    hd_mini_write(&county, "rules/linkage.yaml", "link: {rounds: 1, review_threshold: -12}\n");
    read_text("hedui.yaml", &text);
    hd_mini_write(&county, "part.yaml", text.ptr);
    hd_buf_release(&text);
    run("hedui.yaml", &whole); /* trains */
    snprintf(model, sizeof model, "%s/model.json", county.folder);
    cr_assert_eq(hd_model_save(&county.ctx, model, whole.ruleset, whole.model), HD_OK);
    run("part.yaml", &part);
}

static void teardown(void)
{
    hd_run_release(&part);
    hd_run_release(&whole);
    hd_mini_close(&county);
}

/* The mention of the whole run that is the same as one of the part. */
static hd_mention in_whole(hd_mention i)
{
    const hd_mentions *m = &part.mentions;
    const hd_source *source = &m->ruleset->sources[m->source[i]];
    hd_mention found = hd_mention_find(&whole.mentions, source->code, hd_mention_record_id(m, i),
                                       source->roles[m->role[i]].code);
    cr_assert_neq(found, HD_NO_MENTION);
    return found;
}

static int by_pair(const void *x, const void *y)
{
    const hd_edge *p = x, *q = y;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    return (p->b > q->b) - (p->b < q->b);
}

TestSuite(part_of_data, .init = setup, .fini = teardown);

Test(part_of_data, every_pair_has_the_weight_that_it_has_in_the_whole)
{
    hd_edge *of_part = malloc((part.edges.n + 1) * sizeof *of_part);
    bool *kept = calloc(whole.mentions.n + 1u, sizeof *kept);
    size_t n = 0, n_whole = 0;
    for (hd_mention i = 0; i < part.mentions.n; i++)
        kept[in_whole(i)] = true;
    for (size_t i = 0; i < part.edges.n; i++) {
        hd_edge edge = part.edges.edge[i];
        hd_mention a = in_whole(edge.a), b = in_whole(edge.b);
        of_part[n++] = (hd_edge){a < b ? a : b, a < b ? b : a, edge.weight, edge.pattern};
    }
    qsort(of_part, n, sizeof *of_part, by_pair);
    for (size_t i = 0; i < whole.edges.n; i++) {
        const hd_edge *edge = &whole.edges.edge[i];
        if (!kept[edge->a] || !kept[edge->b])
            continue;
        const hd_edge *same = bsearch(edge, of_part, n, sizeof *of_part, by_pair);
        cr_assert_not_null(same);
        cr_assert_eq(same->weight, edge->weight);
        n_whole++;
    }
    cr_expect_eq(n, n_whole);
    cr_expect_gt(n, 300);
    cr_expect_lt(part.mentions.n * 6, whole.mentions.n);
    free(of_part);
    free(kept);
}
