/* rules/tables: the characters (han.tsv, shapes.tsv, surnames.tsv) with the county's own lines over
 * them, the divisions with its own places (divisions.tsv, places.tsv), and the code tables with its
 * own spellings over them. */

#include "pipeline/config/load.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static hd_status check_utf8(hd_loader *loader, const char *shown, hd_str text)
{
    if (hd_utf8_valid(text))
        return HD_OK;
    hd_hint(loader->ctx, "save the file as UTF-8");
    return HD_FAIL(loader->ctx, HD_CONFIG, "%s: not UTF-8 text", shown);
}

/* ---- tables of characters: a county's line stands for the packaged one of its first column ----
 */

typedef struct overlaid {
    hd_str
        text; /* the county's lines, then the packaged ones; blank where the county has its own */
    const char *own_shown, *shown;
    uint32_t n_own_lines;
} overlaid;

/* The next line of `text`, without its end; false: there is none. */
static bool next_line(hd_str *text, hd_str *line)
{
    if (!text->len_bytes)
        return false;
    const char *end = memchr(text->ptr, '\n', text->len_bytes);
    line->ptr = text->ptr;
    line->len_bytes = end ? (uint32_t)(end - text->ptr) : text->len_bytes;
    uint32_t n = line->len_bytes + (end != NULL);
    *text = (hd_str){text->ptr + n, text->len_bytes - n};
    return true;
}

static hd_str first_column(hd_str line)
{
    const char *tab = line.len_bytes ? memchr(line.ptr, '\t', line.len_bytes) : NULL;
    return (hd_str){line.ptr, tab ? (uint32_t)(tab - line.ptr) : line.len_bytes};
}

static hd_str overlay(hd_arena *arena, hd_str own, hd_str packaged, uint32_t *n_own_lines)
{
    hd_buf text = {0};
    hd_str *keys = NULL, line;
    size_t n = 0, cap = 0;
    while (next_line(&own, &line)) {
        HD_GROW(keys, cap, n + 1);
        keys[n++] = first_column(line);
        hd_buf_add(&text, line);
        hd_buf_add_char(&text, '\n');
    }
    *n_own_lines = (uint32_t)n;
    qsort(keys, n, sizeof *keys, hd_str_compare);
    while (next_line(&packaged, &line)) {
        hd_str key = first_column(line);
        if (!bsearch(&key, keys, n, sizeof *keys, hd_str_compare))
            hd_buf_add(&text, line);
        hd_buf_add_char(&text, '\n');
    }
    hd_str all = hd_arena_str(arena, hd_buf_str(&text));
    hd_buf_release(&text);
    hd_free(keys);
    return all;
}

static hd_status load_overlaid(hd_loader *loader, const char *name, overlaid *out)
{
    hd_str own, packaged;
    *out = (overlaid){0};
    HD_TRY(hd_load_packaged_text(loader, name, &out->shown, &packaged));
    HD_TRY(hd_load_text(loader, true, name, &out->own_shown, &own));
    HD_TRY(check_utf8(loader, out->own_shown, own));
    out->text = own.len_bytes ? overlay(loader->arena, own, packaged, &out->n_own_lines) : packaged;
    return HD_OK;
}

static hd_status fail_line(hd_loader *loader, const overlaid *table, uint32_t bad_line)
{
    bool own = bad_line <= table->n_own_lines;
    return HD_FAIL(loader->ctx, HD_CONFIG, "%s:%u: malformed line",
                   own ? table->own_shown : table->shown,
                   own ? bad_line : bad_line - table->n_own_lines);
}

static hd_status load_han(hd_loader *loader)
{
    overlaid han, surnames, shapes;
    uint32_t bad_line;
    HD_TRY(load_overlaid(loader, "tables/han.tsv", &han));
    HD_TRY(load_overlaid(loader, "tables/surnames.tsv", &surnames));
    HD_TRY(load_overlaid(loader, "tables/shapes.tsv", &shapes));
    hd_han *table = hd_han_parse(loader->arena, han.text, surnames.text, &bad_line);
    loader->ruleset->han = table;
    if (!table) { /* the line is of one of the two: of the first where that fails by itself */
        uint32_t line;
        bool first = !hd_han_parse(loader->arena, han.text, HD_STR(""), &line);
        return fail_line(loader, first ? &han : &surnames, bad_line);
    }
    if (!hd_han_parse_shapes(loader->arena, table, shapes.text, &bad_line))
        return fail_line(loader, &shapes, bad_line);
    return HD_OK;
}

static hd_status load_divisions(hd_loader *loader)
{
    const char *shown, *places_shown;
    hd_str text, places;
    hd_divisions_fault fault;
    HD_TRY(hd_load_packaged_text(loader, "tables/divisions.tsv", &shown, &text));
    HD_TRY(hd_load_text(loader, true, "tables/places.tsv", &places_shown, &places));
    HD_TRY(check_utf8(loader, shown, text));
    HD_TRY(check_utf8(loader, places_shown, places));
    loader->ruleset->divisions = hd_divisions_parse(loader->arena, text, places, &fault);
    if (loader->ruleset->divisions)
        return HD_OK;
    hd_hint(loader->ctx, "%s", fault.what);
    return HD_FAIL(loader->ctx, HD_CONFIG, "%s:%u: malformed line",
                   fault.in_places ? places_shown : shown, fault.line);
}

/* One spelling of a code, while tables are read. */
typedef struct spelling {
    hd_str from, to;
    const char *shown; /* file and line that say so; line 0: the code itself, as its own spelling */
    uint32_t line;
    bool own;
} spelling;

typedef struct spellings {
    spelling *item;
    size_t n, cap;
} spellings;

static void add(spellings *all, spelling one)
{
    HD_GROW(all->item, all->cap, all->n + 1);
    all->item[all->n++] = one;
}

static hd_status read_line(hd_ctx *ctx, spellings *all, spelling at, hd_str line)
{
    const char *tab = memchr(line.ptr, '\t', line.len_bytes);
    hd_str code = {line.ptr, tab ? (uint32_t)(tab - line.ptr) : 0};
    hd_str text = tab ? (hd_str){tab + 1, line.len_bytes - code.len_bytes - 1} : HD_STR("");
    code = hd_str_trim(code);
    text = hd_str_trim(text);
    if (hd_str_empty(code) || hd_str_empty(text) || memchr(text.ptr, '\t', text.len_bytes)) {
        hd_hint(ctx, "each line is a standard code, a tab and one accepted spelling");
        return HD_FAIL(ctx, HD_CONFIG, "%s:%u: not a code, a tab and a spelling", at.shown,
                       at.line);
    }
    at.to = code;
    at.from = text;
    add(all, at);
    at.from = code;
    at.line = 0;
    add(all, at);
    return HD_OK;
}

static hd_status read_table(hd_loader *loader, bool own, const char *name, spellings *all)
{
    const char *shown;
    hd_str text;
    HD_TRY(hd_load_text(loader, own, name, &shown, &text));
    HD_TRY(check_utf8(loader, shown, text));
    hd_str line;
    for (uint32_t number = 1; next_line(&text, &line); number++) {
        line = hd_str_trim(line);
        if (line.len_bytes && line.ptr[0] != '#')
            HD_TRY(read_line(loader->ctx, all,
                             (spelling){.shown = shown, .line = number, .own = own}, line));
    }
    return HD_OK;
}

/* Of equal spellings the first is the one that counts: a line before the code itself, own before
 * packaged, then in the order of the lines. */
static int compare(const void *x, const void *y)
{
    const spelling *a = x, *b = y;
    int c = hd_str_cmp(a->from, b->from);
    if (c == 0)
        c = (a->line == 0) - (b->line == 0);
    if (c == 0)
        c = b->own - a->own;
    return c ? c : (a->line > b->line) - (a->line < b->line);
}

static hd_status build_table(hd_loader *loader, spellings *all, hd_code_table *table)
{
    if (all->n)
        qsort(all->item, all->n, sizeof *all->item, compare);
    table->from = HD_NEW_N(loader->arena, hd_str, all->n);
    table->to = HD_NEW_N(loader->arena, hd_str, all->n);
    const spelling *kept = NULL;
    for (size_t i = 0; i < all->n; i++) {
        const spelling *one = &all->item[i];
        if (!kept || !hd_str_eq(kept->from, one->from)) {
            table->from[table->n] = one->from;
            table->to[table->n++] = one->to;
            kept = one;
        } else if (one->line && one->own == kept->own && !hd_str_eq(one->to, kept->to)) {
            hd_hint(loader->ctx, "one spelling stands for one code; keep the right line");
            return HD_FAIL(loader->ctx, HD_CONFIG,
                           "%s:%u: \"%.*s\" is code %.*s on line %u already", one->shown, one->line,
                           HD_ARG(one->from), HD_ARG(kept->to), kept->line);
        }
    }
    return HD_OK;
}

static hd_status load_code_table(hd_loader *loader, hd_str name, hd_code_table *table)
{
    spellings all = {0};
    hd_str path = hd_arena_printf(loader->arena, "tables/codes/%.*s.tsv", HD_ARG(name));
    hd_status status = read_table(loader, false, path.ptr, &all);
    if (status == HD_OK)
        status = read_table(loader, true, path.ptr, &all);
    table->name = name;
    if (status == HD_OK)
        status = build_table(loader, &all, table);
    hd_free(all.item);
    return status;
}

typedef struct names {
    hd_str *item;
    size_t n, cap;
} names;

/* NAME of each NAME.tsv in the folder; a folder that is not there has none. */
static hd_status list_tables(hd_loader *loader, const char *dir, names *all)
{
    hd_str path = hd_arena_printf(loader->arena, "%s/tables/codes", dir);
    DIR *folder = opendir(path.ptr);
    if (!folder && (errno == ENOENT || errno == ENOTDIR))
        return HD_OK;
    if (!folder)
        return HD_FAIL(loader->ctx, HD_CONFIG, "%s: cannot be read: %s", path.ptr, strerror(errno));
    const struct dirent *entry;
    while ((entry = readdir(folder))) {
        hd_str name = hd_str_from(entry->d_name);
        static const uint32_t suffix = sizeof ".tsv" - 1;
        if (name.len_bytes <= suffix || name.ptr[0] == '.' ||
            strcmp(name.ptr + name.len_bytes - suffix, ".tsv") != 0)
            continue;
        name.len_bytes -= suffix;
        HD_GROW(all->item, all->cap, all->n + 1);
        all->item[all->n++] = hd_arena_str(loader->arena, name);
    }
    closedir(folder);
    return HD_OK;
}

static hd_status load_code_tables(hd_loader *loader, names *all)
{
    hd_ruleset *ruleset = loader->ruleset;
    HD_TRY(list_tables(loader, loader->rules_dir, all));
    HD_TRY(list_tables(loader, loader->own_dir, all));
    if (all->n)
        qsort(all->item, all->n, sizeof *all->item, hd_str_compare);
    ruleset->code_tables = HD_NEW_N(loader->arena, hd_code_table, all->n);
    for (size_t i = 0; i < all->n; i++)
        if (i == 0 || !hd_str_eq(all->item[i], all->item[i - 1]))
            HD_TRY(load_code_table(loader, all->item[i],
                                   &ruleset->code_tables[ruleset->n_code_tables++]));
    return HD_OK;
}

hd_status hd_load_tables(hd_loader *loader)
{
    names all = {0};
    HD_TRY(load_han(loader));
    HD_TRY(load_divisions(loader));
    hd_status status = load_code_tables(loader, &all);
    hd_free(all.item);
    return status;
}
