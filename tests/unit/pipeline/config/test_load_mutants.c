/* Whatever is wrong with a rule, at whatever place: loading ends with HD_OK or with HD_CONFIG and a
 * message that names the file. Each value of each packaged file, and of a configuration, is
 * replaced by a list, a map, nothing and a word; each key is misspelt. */

#include "config_files.h"

#include "pipeline/config/init.h"
#include "pipeline/config/yaml.h"

static config_files files;
static char packed[128];
static hd_arena arena;

static const char config[] =
    "site: 530303\n"
    "language: en\n"
    "store: db/county.db\n"
    "sources:\n"
    "  h:\n"
    "    type: household\n"
    "    csv: [h.csv]\n"
    "    encoding: auto\n"
    "    delimiter: \";\"\n"
    "    key: [id, k]\n"
    "    key_is_personal: true\n"
    "    filter: zt != \"x\"\n"
    "    record: {updated: gxsj}\n"
    "    mentions: {self: {name: xm, birth_date: '=concat(a, b)', status: \"c\"}}\n"
    "  m: {type: marriage, csv: m.csv, key: id, mentions: {husband: {name: a}, wife: {name: b}}}\n"
    "fields: {suburb: {kind: code, table: marital, person: true, column: sub}, id_type: {off: "
    "true}}\n"
    "link: {model: m.json, mode: both, match_threshold: 8, review_threshold: 1, block_cap_pairs: "
    "9,\n"
    "       cluster_alarm_size: 9}\n"
    "gates: {rejected_share: {warn: 0.1, stop: 0.2}}\n";

/* The real tables of characters take most of the time of a load, and play no part here. */
static void small_tables(void)
{
    char from[256], to[256];
    unlink(files_path(&files, "packed/tables"));
    files_write(&files, "packed/tables/han.tsv", "# none\n");
    files_write(&files, "packed/tables/surnames.tsv", "# none\n");
    files_write(&files, "packed/tables/divisions.tsv", "# none\n");
    files_write(&files, "packed/tables/shapes.tsv", "# none\n");
    snprintf(from, sizeof from, "%s/tables/codes", HEDUI_RULES_DIR);
    snprintf(to, sizeof to, "%s/packed/tables/codes", files.dir);
    cr_assert_eq(symlink(from, to), 0);
}

static void setup(void)
{
    files = files_open();
    files_pack(&files);
    small_tables();
    snprintf(packed, sizeof packed, "%s/packed", files.dir);
    files_write(&files, "hedui.yaml", config);
    files_write(&files, "birth.csv", "id;xm;mqxm\n1;a;b\n");
}

static void teardown(void)
{
    hd_arena_release(&arena);
    files_close(&files);
}

TestSuite(load_mutants, .init = setup, .fini = teardown, .timeout = 300);

static unsigned n_failed;

static void try_load(const char *what)
{
    hd_status status = files_load(&files, packed);
    const char *error = files_error(&files);
    if (status == HD_OK)
        return;
    n_failed++;
    cr_assert_eq(status, HD_CONFIG, "%s", what);
    cr_assert(strncmp(error, "packed/", 7) == 0 || strncmp(error, "hedui.yaml:", 11) == 0, "%s: %s",
              what, error);
}

static void try_init(const char *what)
{
    hd_buf yaml = {0};
    hd_ctx_clear(&files.ctx);
    hd_status status = hd_init_folder(&files.ctx, files.dir, packed, &yaml, NULL);
    if (status != HD_OK) {
        n_failed++;
        cr_assert_eq(status, HD_CONFIG, "%s", what);
        cr_assert_gt(files.ctx.n_frames, 0, "%s", what);
    }
    hd_buf_release(&yaml);
}

/* Byte at which a place lies. */
static size_t offset_of(hd_str text, hd_source_pos pos)
{
    uint32_t line = 1, column = 1;
    size_t at = 0;
    for (; at < text.len_bytes && (line < pos.line || column < pos.column); at++) {
        line += text.ptr[at] == '\n';
        bool next_is_lead =
            at + 1 == text.len_bytes || ((unsigned char)text.ptr[at + 1] & 0xC0) != 0x80;
        column = text.ptr[at] == '\n' ? 1 : column + next_is_lead;
    }
    return at;
}

/* [from, to) of a scalar with its quotes. */
static void extent(hd_str text, const hd_node *scalar, size_t *from, size_t *to)
{
    *from = offset_of(text, scalar->pos);
    if (scalar->plain) {
        *to = *from + scalar->text.len_bytes;
        return;
    }
    char quote = text.ptr[*from - 1];
    *to = *from;
    while (text.ptr[*to] != quote)
        *to += text.ptr[*to] == '\\' ? 2 : 1;
    --*from;
    ++*to;
}

typedef struct mutator {
    const char *name;
    hd_str text;
    void (*attempt)(const char *what);
} mutator;

static void replace(const mutator *m, const hd_node *scalar, const char *by)
{
    size_t from, to;
    char what[128];
    hd_buf mutant = {0};
    extent(m->text, scalar, &from, &to);
    hd_buf_add(&mutant, (hd_str){m->text.ptr, (uint32_t)from});
    hd_buf_addf(&mutant, "%s", by);
    hd_buf_add(&mutant, (hd_str){m->text.ptr + to, (uint32_t)(m->text.len_bytes - to)});
    files_write(&files, m->name, mutant.ptr);
    hd_buf_release(&mutant);
    snprintf(what, sizeof what, "%s:%u:%u: %s", m->name, scalar->pos.line, scalar->pos.column, by);
    m->attempt(what);
}

static void mutate(const mutator *m, const hd_node *node)
{
    static const char *const values[] = {"[]", "{}", "~", "[[]]", "{off: 1}", "nonsense"};
    if (node->key)
        replace(m, node->key, "nonsense");
    if (node->kind == HD_NODE_SCALAR)
        for (unsigned i = 0; i < sizeof values / sizeof *values; i++)
            replace(m, node, values[i]);
    for (HD_EACH(child, node))
        mutate(m, child);
}

/* `name` below the test's folder. */
static void mutate_file(const char *name, const char *text, void (*attempt)(const char *what))
{
    const hd_node *root;
    mutator m = {name, hd_arena_str(&arena, hd_str_from(text)), attempt};
    cr_assert_eq(hd_yaml_parse(&files.ctx, &arena, name, m.text, &root), HD_OK);
    n_failed = 0;
    mutate(&m, root);
    files_write(&files, name, text);
    cr_expect_gt(n_failed, 0, "nothing is refused in %s", name);
}

static void mutate_packaged(const char *name, void (*attempt)(const char *what))
{
    static char text[1 << 20];
    char path[256];
    snprintf(path, sizeof path, "%s/%s", HEDUI_RULES_DIR, name);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = '\0';
    snprintf(path, sizeof path, "packed/%s", name);
    mutate_file(path, text, attempt);
}

Test(load_mutants, they_load_as_they_are)
{
    cr_assert_eq(files_load(&files, packed), HD_OK, "%s", files_error(&files));
}

Test(load_mutants, configuration)
{
    mutate_file("hedui.yaml", config, try_load);
}

Test(load_mutants, fields)
{
    mutate_packaged("fields.yaml", try_load);
}

Test(load_mutants, types)
{
    mutate_packaged("types.yaml", try_load);
}

Test(load_mutants, linkage)
{
    mutate_packaged("linkage.yaml", try_load);
}

Test(load_mutants, reconcile)
{
    mutate_packaged("reconcile.yaml", try_load);
}

Test(load_mutants, checks)
{
    mutate_packaged("checks.yaml", try_load);
}

Test(load_mutants, deny)
{
    mutate_packaged("deny.yaml", try_load);
}

Test(load_mutants, columns)
{
    mutate_packaged("columns.yaml", try_init);
}
