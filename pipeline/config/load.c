/* hedui.yaml over the county's rules over the packaged ones → one ruleset. */

#include "pipeline/config/load.h"

#include "base/mem.h"
#include "pipeline/config/file.h"
#include "pipeline/config/packaged.h"

#include <stdlib.h>
#include <sys/stat.h>

enum {
    KEY_SITE,
    KEY_LANGUAGE,
    KEY_STORE,
    KEY_SOURCES,
    KEY_FIELDS,
    KEY_LINK,
    KEY_GATES,
    KEY_TIMEOUTS,
    N_KEYS
};
static const char *const config_keys[N_KEYS] = {"site",   "language", "store", "sources",
                                                "fields", "link",     "gates", "timeouts"};
static const hd_map_spec config_spec = {"a configuration", config_keys, N_KEYS};
static const char *const languages[] = {"zh", "en"};

/* ---- files ---- */

/* What goes into the hash: a name that does not depend on where the files lie, and the contents. */
static void digest_file(hd_loader *loader, bool own, const char *name, hd_str text)
{
    uint64_t length = text.len_bytes; /* little-endian: the machines that this runs on */
    hd_digest_add(&loader->digest, own ? "own" : "pkg", 3);
    hd_digest_add(&loader->digest, name, strlen(name) + 1);
    hd_digest_add(&loader->digest, &length, sizeof length);
    hd_digest_add(&loader->digest, text.ptr ? text.ptr : "", text.len_bytes);
}

hd_status hd_load_text(hd_loader *loader, bool own, const char *name, const char **shown,
                       hd_str *out)
{
    *out = HD_STR_NULL;
    *shown = name;
    if (own && loader->own_is_packaged)
        return HD_OK;
    hd_str path =
        hd_arena_printf(loader->arena, "%s/%s", own ? loader->own_dir : loader->rules_dir, name);
    *shown =
        hd_arena_printf(loader->arena, "%s/%s", own ? loader->own_shown : loader->rules_shown, name)
            .ptr;
    HD_TRY(hd_config_read(loader->ctx, path.ptr, *shown, loader->arena, out));
    if (out->ptr)
        digest_file(loader, own, name, *out);
    return HD_OK;
}

hd_status hd_load_packaged_text(hd_loader *loader, const char *name, const char **shown,
                                hd_str *out)
{
    HD_TRY(hd_load_text(loader, false, name, shown, out));
    if (out->ptr)
        return HD_OK;
    hd_hint(loader->ctx, "$HEDUI_RULES names the folder of the packaged rules");
    return HD_FAIL(loader->ctx, HD_CONFIG, "%s: not found in %s", *shown, loader->rules_dir);
}

hd_status hd_load_trees(hd_loader *loader, const char *name, const hd_node **packaged,
                        const hd_node **own)
{
    const char *shown;
    hd_str text;
    HD_TRY(hd_load_packaged_text(loader, name, &shown, &text));
    HD_TRY(hd_yaml_parse(loader->ctx, loader->arena, shown, text, packaged));
    HD_TRY(hd_load_text(loader, true, name, &shown, &text));
    *own = NULL;
    return text.ptr ? hd_yaml_parse(loader->ctx, loader->arena, shown, text, own) : HD_OK;
}

hd_status hd_load_rules(hd_loader *loader, const char *name, const hd_map_spec *spec,
                        const hd_node **packaged, const hd_node **own)
{
    const hd_node *tree, *own_tree;
    for (uint32_t i = 0; i < spec->n_keys; i++)
        own[i] = NULL;
    HD_TRY(hd_load_trees(loader, name, &tree, &own_tree));
    HD_TRY(hd_node_map(loader->ctx, tree, spec, packaged));
    return own_tree ? hd_node_map(loader->ctx, own_tree, spec, own) : HD_OK;
}

/* [f(a, b)] is read as the two texts `f(a` and `b)`. */
static bool cut_at_comma(const hd_node *node)
{
    int open = 0;
    for (uint32_t i = 0; i < node->text.len_bytes; i++)
        open += (node->text.ptr[i] == '(') - (node->text.ptr[i] == ')');
    return node->plain && open != 0;
}

hd_status hd_load_expr(hd_loader *loader, const hd_scope *scope, const hd_node *node, hd_type want,
                       const hd_expr **out)
{
    hd_str text;
    HD_TRY(hd_node_text(loader->ctx, node, "an expression", &text));
    hd_status status = hd_rule_compile(loader->ctx, scope, node->pos, text, want, out);
    if (status != HD_OK && cut_at_comma(node))
        hd_hint(loader->ctx, "inside { } and [ ], a text that holds a comma goes into quotes");
    return status;
}

/* ---- folders ---- */

static hd_str folder_of(hd_arena *arena, hd_str path)
{
    const char *slash = path.ptr ? memrchr(path.ptr, '/', path.len_bytes) : NULL;
    if (!slash)
        return HD_STR(".");
    if (slash == path.ptr)
        return HD_STR("/.");
    return hd_arena_str(arena, (hd_str){path.ptr, (uint32_t)(slash - path.ptr)});
}

static bool same_folder(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* The packaged rules where the caller names none: what the user says, what was installed with this
 * code, the sources that it was built from. */
static hd_str find_rules(hd_arena *arena)
{
    const char *set = getenv("HEDUI_RULES");
    if (set && *set)
        return hd_str_from(set);
    hd_str installed = hd_packaged_folder(arena, "rules");
    return installed.ptr ? installed : HD_STR(HEDUI_RULES_DIR);
}

static void place_rules(hd_loader *loader, const char *rules_dir)
{
    hd_ruleset *ruleset = loader->ruleset;
    hd_str dir = rules_dir ? hd_str_from(rules_dir) : find_rules(loader->arena);
    while (dir.len_bytes > 1 && dir.ptr[dir.len_bytes - 1] == '/')
        dir.len_bytes--;
    loader->rules_dir = hd_arena_str(&ruleset->arena, dir).ptr;
    const char *slash = strrchr(loader->rules_dir, '/');
    loader->rules_shown = slash && slash[1] ? slash + 1 : loader->rules_dir;
    loader->own_dir = hd_arena_printf(&ruleset->arena, "%.*s/rules", HD_ARG(ruleset->folder)).ptr;
    loader->own_shown = loader->own_dir;
    loader->own_is_packaged = same_folder(loader->own_dir, loader->rules_dir);
}

hd_str hd_ruleset_path(hd_arena *arena, const hd_ruleset *ruleset, hd_str path)
{
    if (path.len_bytes && path.ptr[0] == '/')
        return hd_arena_str(arena, path);
    return hd_arena_printf(arena, "%.*s/%.*s", HD_ARG(ruleset->folder), HD_ARG(path));
}

/* ---- hedui.yaml ---- */

static hd_status load_store_path(hd_loader *loader, const hd_node *node)
{
    hd_ruleset *ruleset = loader->ruleset;
    hd_str store = HD_STR_NULL;
    HD_TRY(hd_node_text(loader->ctx, node, "the path of a SQLite file, or none", &store));
    if (hd_str_eq(store, HD_STR("none")))
        return HD_OK;
    ruleset->store = store;
    ruleset->has_store = true;
    if (memchr(store.ptr, '/', store.len_bytes))
        ruleset->runs_folder =
            hd_arena_printf(loader->arena, "%.*s/runs", HD_ARG(folder_of(loader->arena, store)));
    return HD_OK;
}

static hd_status load_store(hd_loader *loader, const hd_node *node)
{
    hd_ruleset *ruleset = loader->ruleset;
    ruleset->runs_folder = HD_STR("runs");
    if (!node)
        return HD_OK;
    HD_TRY(hd_load_store_database(loader, node));
    ruleset->has_store = ruleset->store_database.conninfo.ptr != NULL;
    return ruleset->has_store ? HD_OK : load_store_path(loader, node);
}

static hd_status load_gate(hd_loader *loader, const hd_node *node, hd_gate *gate)
{
    static const char *const keys[] = {"warn", "stop"};
    static const hd_map_spec spec = {"a gate", keys, 2};
    const hd_node *value[2];
    HD_TRY(hd_node_map(loader->ctx, node, &spec, value));
    if (value[0])
        HD_TRY(hd_node_number(loader->ctx, value[0], 0, 1, &gate->warn));
    if (value[1])
        HD_TRY(hd_node_number(loader->ctx, value[1], 0, 1, &gate->stop));
    if (!value[0] || !value[1] || gate->warn <= gate->stop)
        return HD_OK;
    hd_hint(loader->ctx, "a run warns first and stops at more");
    return HD_FAIL(loader->ctx, HD_CONFIG, HD_AT "warn %g is above stop %g", HD_POS(value[0]->pos),
                   gate->warn, gate->stop);
}

/* Rows that are missing all at once end persons; so that gate is there unless it is told otherwise.
 */
static hd_status load_gates(hd_loader *loader, const hd_node *node)
{
    static const char *const keys[] = {"rejected_share", "fewer_rows"};
    static const hd_map_spec spec = {"gates", keys, 2};
    hd_ruleset *ruleset = loader->ruleset;
    const hd_node *value[2];
    ruleset->rejected_share = (hd_gate){-1, -1};
    ruleset->fewer_rows = (hd_gate){0.1, 0.5};
    if (!node)
        return HD_OK;
    HD_TRY(hd_node_map(loader->ctx, node, &spec, value));
    if (value[0])
        HD_TRY(load_gate(loader, value[0], &ruleset->rejected_share));
    if (value[1])
        ruleset->fewer_rows = (hd_gate){-1, -1};
    return value[1] ? load_gate(loader, value[1], &ruleset->fewer_rows) : HD_OK;
}

static hd_status load_general(hd_loader *loader, const hd_node *const *value)
{
    hd_ruleset *ruleset = loader->ruleset;
    uint32_t language = 0;
    if (value[KEY_SITE])
        HD_TRY(hd_node_code(loader->ctx, value[KEY_SITE], "the county's code", &ruleset->site));
    if (value[KEY_LANGUAGE])
        HD_TRY(hd_node_choice(loader->ctx, value[KEY_LANGUAGE], languages,
                              sizeof languages / sizeof *languages, &language));
    ruleset->language = hd_str_from(languages[language]);
    HD_TRY(load_store(loader, value[KEY_STORE]));
    HD_TRY(hd_load_waits(loader, value[KEY_TIMEOUTS]));
    return load_gates(loader, value[KEY_GATES]);
}

static hd_status read_config(hd_loader *loader, const hd_node **root)
{
    const char *path = loader->ruleset->path.ptr;
    hd_str text;
    HD_TRY(hd_config_read(loader->ctx, path, path, loader->arena, &text));
    if (!text.ptr) {
        hd_hint(loader->ctx,
                "`hedui init` writes a configuration; --config names one that lies elsewhere");
        return HD_FAIL(loader->ctx, HD_CONFIG, "%s: there is no such file", path);
    }
    digest_file(loader, true, "hedui.yaml", text);
    return hd_yaml_parse(loader->ctx, loader->arena, path, text, root);
}

/* What the sources are described with. */
static hd_status load_vocabulary(hd_loader *loader, const hd_node *fields)
{
    HD_TRY(hd_check_own_files(loader));
    HD_TRY(hd_load_tables(loader));
    HD_TRY(hd_load_fields(loader, fields));
    HD_TRY(hd_load_types(loader));
    return hd_load_deny(loader);
}

/* In the order in which the parts need each other. */
static hd_status load_all(hd_loader *loader)
{
    const hd_node *root, *value[N_KEYS];
    HD_TRY(read_config(loader, &root));
    HD_TRY(hd_node_map(loader->ctx, root, &config_spec, value));
    HD_TRY(hd_node_need(loader->ctx, root, &config_spec, value[KEY_SOURCES], "sources"));
    HD_TRY(load_general(loader, value));
    HD_TRY(load_vocabulary(loader, value[KEY_FIELDS]));
    HD_TRY(hd_load_sources(loader, value[KEY_SOURCES]));
    HD_TRY(hd_load_linkage(loader, value[KEY_LINK]));
    HD_TRY(hd_load_reconcile(loader));
    HD_TRY(hd_load_checks(loader));
    return hd_catalogue_load(loader, loader->ruleset->language, &loader->ruleset->catalogue);
}

static hd_status load_packaged(hd_loader *loader, const char *language)
{
    const hd_node *none[N_KEYS] = {NULL};
    /* rules/ of the current folder is nobody's */
    loader->own_is_packaged = true;
    loader->own_dir = loader->rules_dir;
    HD_TRY(load_general(loader, none));
    if (language)
        loader->ruleset->language = hd_str_from(language);
    HD_TRY(load_vocabulary(loader, NULL));
    for (uint32_t i = 0; i < HD_FIELDS_MAX; i++)
        loader->mapped[i] = true;
    HD_TRY(hd_load_linkage(loader, NULL));
    return hd_catalogue_load(loader, loader->ruleset->language, &loader->ruleset->catalogue);
}

static void start(hd_ctx *ctx, const char *config_path, const char *rules_dir, hd_loader *loader)
{
    hd_ruleset *ruleset = hd_alloc_zero(1, sizeof *ruleset);
    *loader = (hd_loader){.ctx = ctx, .ruleset = ruleset, .arena = &ruleset->arena};
    hd_digest_init(&loader->digest);
    ruleset->texts = hd_pool_new();
    ruleset->path = hd_arena_str(loader->arena, hd_str_from(config_path));
    ruleset->folder = folder_of(loader->arena, ruleset->path);
    place_rules(loader, rules_dir);
}

hd_status hd_loader_open(hd_ctx *ctx, const char *config_path, const char *rules_dir,
                         hd_loader *loader)
{
    start(ctx, config_path, rules_dir, loader);
    return load_vocabulary(loader, NULL);
}

static hd_status finish(hd_loader *loader, hd_status status, hd_ruleset **out)
{
    hd_digest_hex(&loader->digest, loader->ruleset->hash);
    *out = status == HD_OK ? loader->ruleset : NULL;
    if (status != HD_OK)
        hd_ruleset_free(loader->ruleset);
    return status;
}

hd_status hd_ruleset_load(hd_ctx *ctx, const char *config_path, const char *rules_dir,
                          hd_ruleset **out)
{
    hd_loader loader;
    start(ctx, config_path, rules_dir, &loader);
    return finish(&loader, load_all(&loader), out);
}

hd_status hd_ruleset_load_packaged(hd_ctx *ctx, const char *language, const char *rules_dir,
                                   hd_ruleset **out)
{
    hd_loader loader;
    start(ctx, "", rules_dir, &loader);
    return finish(&loader, load_packaged(&loader, language), out);
}

void hd_ruleset_free(hd_ruleset *ruleset)
{
    if (!ruleset)
        return;
    hd_pool_free(ruleset->texts);
    hd_arena_release(&ruleset->arena);
    hd_free(ruleset);
}

/* ---- looking up ---- */

int hd_field_find(const hd_ruleset *ruleset, hd_str code)
{
    for (uint32_t i = 0; i < ruleset->n_fields; i++)
        if (hd_str_eq(ruleset->fields[i].code, code))
            return (int)i;
    return -1;
}

int hd_source_find(const hd_ruleset *ruleset, hd_str code)
{
    for (uint32_t i = 0; i < ruleset->n_sources; i++)
        if (hd_str_eq(ruleset->sources[i].code, code))
            return (int)i;
    return -1;
}

const hd_code_table *hd_code_table_find(const hd_ruleset *ruleset, hd_str name)
{
    for (uint32_t i = 0; i < ruleset->n_code_tables; i++)
        if (hd_str_eq(ruleset->code_tables[i].name, name))
            return &ruleset->code_tables[i];
    return NULL;
}
