#include "pipeline/manifest.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "pipeline/artefact.h"
#include "pipeline/io/file.h"
#include "pipeline/io/versions.h"

#define MANIFEST "manifest.json"

/* ---- JSON that cannot fail: texts of ours are UTF-8, and memory is all that jansson may lack ----
 */

static void put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        hd_mem_exhausted("a manifest");
}

static void put_text(json_t *object, const char *key, hd_str text)
{
    put(object, key, text.ptr ? json_stringn(text.ptr, text.len_bytes) : json_null());
}

static void put_count(json_t *object, const char *key, uint64_t count)
{
    put(object, key, json_integer((json_int_t)count));
}

/* Keys of JSON objects end in a NUL; codes of the rules do not promise to. */
static void put_coded(json_t *object, hd_str code, json_t *value)
{
    hd_buf key = {0};
    hd_buf_add(&key, code);
    put(object, key.ptr, value);
    hd_buf_release(&key);
}

static void append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        hd_mem_exhausted("a manifest");
}

static hd_str dump(hd_arena *arena, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    if (!text)
        hd_mem_exhausted("a manifest");
    hd_str copy = hd_arena_str(arena, hd_str_from(text));
    free(text); /* jansson's */
    json_decref(json);
    return copy;
}

/* ---- parts ---- */

static json_t *versions(void)
{
    hd_library libraries[HD_N_LIBRARIES];
    json_t *out = json_object();
    hd_libraries(libraries);
    char build[HD_BUILD_ID_CHARS + 1];
    hd_build_id(build);
    put_text(out, "hedui", HD_STR(HEDUI_VERSION));
    put_text(out, "build", hd_str_from(build));
    for (int i = 0; i < HD_N_LIBRARIES; i++)
        put_text(out, libraries[i].name, hd_str_from(libraries[i].version));
    return out;
}

static json_t *checksums(const hd_outcome *o)
{
    json_t *out = json_object(), *sources = json_object();
    put_text(out, "ruleset", hd_str_from(o->ruleset->hash));
    put_text(out, "model", hd_str_from(o->model->hash));
    if (*o->pairs_checksum)
        put_text(out, "pairs", hd_str_from(o->pairs_checksum));
    put_text(out, "site_key", hd_str_from(o->key_mark));
    for (uint32_t s = 0; s < o->ruleset->n_sources; s++)
        put_coded(sources, o->ruleset->sources[s].code,
                  json_string(o->extract->records[s].checksum));
    put(out, "sources", sources);
    return out;
}

/* Comparisons that the model was trained for when they meant something else. */
static json_t *changed_comparisons(const hd_outcome *o)
{
    json_t *out = json_array();
    for (uint32_t c = 0; c < o->ruleset->n_comparisons; c++) {
        hd_str code = o->ruleset->comparisons[c].code;
        if (o->model->changed >> c & 1)
            json_array_append_new(out, json_stringn(code.ptr, code.len_bytes));
    }
    return out;
}

static json_t *counts(const hd_outcome *o)
{
    uint64_t n_rows = 0, n_rejected = 0, n_filtered = 0, n_empty = 0, n_refused = 0;
    for (uint32_t s = 0; s < o->ruleset->n_sources; s++) {
        n_rows += o->extract->records[s].n_rows_read;
        n_rejected += o->extract->records[s].n_rejected;
        n_filtered += o->extract->records[s].n_filtered;
        n_empty += o->mentions->n_empty[s];
    }
    for (uint32_t p = 0; p < o->blocks->n_passes; p++)
        n_refused += o->blocks->pass[p].n_refused;
    json_t *out = json_object();
    put_count(out, "rows_read", n_rows);
    put_count(out, "rows_rejected", n_rejected);
    put_count(out, "rows_filtered", n_filtered);
    put_count(out, "mentions", o->mentions->n);
    put_count(out, "mentions_empty", n_empty);
    put_count(out, "blocks_refused", n_refused);
    put_count(out, "pairs", o->edges->n_pairs);
    put_count(out, "edges", o->edges->n);
    put_count(out, "clusters", o->clusters->n);
    put_count(out, "cluster_alarms", o->clusters->n_alarms);
    put_count(out, "reviews", o->clusters->n_asked);
    put_count(out, "reviews_left_out", o->clusters->n_review_persons - o->clusters->n_asked);
    put_count(out, "persons", o->persons->n);
    put_count(out, "relations", o->persons->n_relations);
    put_count(out, "history", o->persons->n_history);
    put_count(out, "discrepancies", o->discrepancies->n);
    return out;
}

static json_t *inputs(const hd_outcome *o)
{
    json_t *out = json_array();
    for (uint32_t s = 0; s < o->ruleset->n_sources; s++) {
        const hd_records *records = &o->extract->records[s];
        json_t *source = json_object();
        put_text(source, "source", o->ruleset->sources[s].code);
        put_text(source, "type", o->ruleset->sources[s].type);
        if (records->n_files)
            put_count(source, "files", records->n_files);
        else
            put_text(source, "table", o->ruleset->sources[s].place);
        put_count(source, "bytes", records->n_bytes_read);
        put_text(source, "checksum", hd_str_from(records->checksum));
        put_count(source, "rows_read", records->n_rows_read);
        put_count(source, "rows_linked", records->n);
        put_count(source, "rows_rejected", records->n_rejected);
        put_count(source, "rows_filtered", records->n_filtered);
        put_count(source, "mentions", o->mentions->n_mentions[s]);
        put_count(source, "mentions_empty", o->mentions->n_empty[s]);
        append(out, source);
    }
    return out;
}

static json_t *passes(const hd_outcome *o)
{
    json_t *out = json_array();
    for (uint32_t p = 0; p < o->blocks->n_passes; p++) {
        const hd_pass_blocks *blocks = &o->blocks->pass[p];
        json_t *pass = json_object();
        put_text(pass, "pass", o->ruleset->passes[p].code);
        put_count(pass, "mentions_keyed", blocks->n_keyed);
        put_count(pass, "blocks", blocks->n_blocks);
        put_count(pass, "blocks_narrowed", blocks->n_narrowed);
        put_count(pass, "mentions_left_out", blocks->n_left_out);
        put_count(pass, "blocks_refused", blocks->n_refused);
        put_count(pass, "pairs_refused", blocks->n_refused_pairs);
        put_count(pass, "largest_block", blocks->largest);
        put_count(pass, "pairs", blocks->n_pairs);
        put_count(pass, "pairs_first_made_here", o->edges->pass_pairs[p]);
        append(out, pass);
    }
    return out;
}

/* Discrepancies come by rule. */
static json_t *discrepancies(const hd_outcome *o)
{
    json_t *out = json_object();
    size_t at = 0;
    for (uint32_t rule = 0; rule < o->ruleset->n_rules; rule++) {
        size_t begin = at;
        while (at < o->discrepancies->n && o->discrepancies->item[at].rule == rule)
            at++;
        put_coded(out, o->ruleset->rules[rule].code, json_integer((json_int_t)(at - begin)));
    }
    return out;
}

static json_t *published(const hd_change_counts *c)
{
    json_t *out = json_object();
    put_count(out, "inserted", c->inserted);
    put_count(out, "updated", c->updated);
    put_count(out, "deleted", c->deleted);
    return out;
}

/* Of sources in databases. */
static json_t *snapshots(const hd_outcome *o)
{
    json_t *out = json_object();
    for (uint32_t s = 0; s < o->ruleset->n_sources; s++) {
        const hd_source *source = &o->ruleset->sources[s];
        hd_str snapshot = o->extract->records[s].snapshot;
        if (snapshot.ptr)
            put_coded(out, source->code, json_stringn(snapshot.ptr, snapshot.len_bytes));
    }
    return out;
}

static json_t *outside_comparison(const hd_outcome *o)
{
    json_t *out = json_object(), *stages = json_array();
    put_text(out, "run", o->run_id);
    for (uint32_t i = 0; i < o->n_stages; i++) {
        json_t *stage = json_object();
        put_text(stage, "stage", hd_str_from(o->stage[i].stage));
        put(stage, "seconds", json_real(o->stage[i].seconds));
        put_count(stage, "peak_bytes", o->stage[i].peak_bytes);
        put_count(stage, "mapped_bytes", o->stage[i].mapped_bytes);
        put_count(stage, "text_bytes", o->stage[i].text_bytes);
        append(stages, stage);
    }
    put(out, "stages", stages);
    put(out, "snapshots", snapshots(o));
    return out;
}

hd_str hd_manifest_versions(hd_arena *arena)
{
    return dump(arena, versions());
}

hd_str hd_manifest_checksums(hd_arena *arena, const hd_outcome *outcome)
{
    return dump(arena, checksums(outcome));
}

hd_str hd_manifest_counts(hd_arena *arena, const hd_outcome *outcome)
{
    return dump(arena, counts(outcome));
}

/* ---- outputs ---- */

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static hd_status list_folder(hd_ctx *ctx, hd_arena *arena, const char *folder, const char *below,
                             json_t *out);

static hd_status list_entry(hd_ctx *ctx, hd_arena *arena, const char *folder, const char *name,
                            json_t *out)
{
    const char *path = hd_arena_printf(arena, "%s/%s", folder, name).ptr;
    struct stat st;
    char sha256[65];
    if (strcmp(name, MANIFEST) == 0 || strcmp(name, HD_ARTEFACT_NAME) == 0)
        return HD_OK;
    if (stat(path, &st) != 0)
        return HD_FAIL(ctx, HD_STORE, "cannot read %s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return list_folder(ctx, arena, folder, name, out);
    HD_TRY(hd_file_sha256(ctx, path, sha256));
    json_t *file = json_object();
    put_text(file, "path", hd_str_from(name));
    put_count(file, "bytes", (uint64_t)st.st_size);
    put_text(file, "sha256", hd_str_from(sha256));
    append(out, file);
    return HD_OK;
}

/* Files of FOLDER/below; `below` "": the folder itself. */
static hd_status list_folder(hd_ctx *ctx, hd_arena *arena, const char *folder, const char *below,
                             json_t *out)
{
    struct dirent **entries;
    const char *path = *below ? hd_arena_printf(arena, "%s/%s", folder, below).ptr : folder;
    int n = scandir(path, &entries, is_visible, by_bytes);
    if (n < 0 && errno == ENOMEM)
        hd_mem_exhausted("the names in %s", path);
    if (n < 0)
        return HD_FAIL(ctx, HD_STORE, "cannot read folder %s: %s", path, strerror(errno));
    hd_status status = HD_OK;
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        if (*below)
            name = hd_arena_printf(arena, "%s/%s", below, name).ptr;
        if (status == HD_OK)
            status = list_entry(ctx, arena, folder, name, out);
        free(entries[i]); /* scandir's */
    }
    free(entries);
    return status;
}

/* ---- */

static json_t *describe(const hd_outcome *o, const hd_change_counts *c, json_t *outputs)
{
    json_t *out = json_object();
    hd_buf as_of = {0};
    hd_value_print(&as_of, HD_TYPE_DATE, (hd_value)o->as_of, NULL);
    put_text(out, "site", o->ruleset->site);
    put_text(out, "as_of", hd_buf_str(&as_of));
    hd_buf_release(&as_of);
    put(out, "versions", versions());
    put(out, "checksums", checksums(o));
    put(out, "model_trained", json_boolean(o->model_trained));
    put(out, "model_changed", changed_comparisons(o));
    put(out, "inputs", inputs(o));
    put(out, "counts", counts(o));
    put(out, "passes", passes(o));
    put(out, "discrepancies", discrepancies(o));
    put(out, "published", published(c));
    put(out, "outputs", outputs);
    put(out, "outside_comparison", outside_comparison(o));
    return out;
}

hd_status hd_manifest_write(hd_ctx *ctx, const hd_outcome *outcome, const hd_change_counts *counted,
                            const char *folder)
{
    hd_arena arena = {0};
    json_t *outputs = json_array();
    hd_status status = list_folder(ctx, &arena, folder, "", outputs);
    json_t *manifest = describe(outcome, counted, outputs);
    if (status == HD_OK) {
        char *text = json_dumps(manifest, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
        if (!text)
            hd_mem_exhausted("a manifest");
        hd_str line = hd_arena_printf(&arena, "%s\n", text);
        free(text); /* jansson's */
        const char *path = hd_arena_printf(&arena, "%s/" MANIFEST, folder).ptr;
        status = hd_file_write(ctx, path, 0600, line);
    }
    json_decref(manifest);
    hd_arena_release(&arena);
    return status;
}
