/* The golden table, tests/golden-standardise/: a file a kind (name.csv), of codes one a code table
 * (code-ethnicity.csv). Its README says what the columns are. */

#include <dirent.h>
#include <stdlib.h>

#include "cases.h"
#include "pipeline/config/load.h"
#include "pipeline/io/csv.h"

#define FOLDER HEDUI_RULES_DIR "/../tests/golden-standardise"

/* Cases in all files together: what is there may not be lost. Raise it when cases are added. */
enum { CASES_LEAST = 981 };

enum { RAW, STANDARD, STATE, REASONS, WHY, SOURCE, N_COLUMNS };
static const char *const columns[N_COLUMNS] = {"raw",     "standard", "state",
                                               "reasons", "why",      "source"};

/* One file that is being read; its name and line stand before what is said of a case. */
typedef struct golden {
    hd_ctx ctx;
    hd_loader loader; /* the packaged rules, for code tables */
    hd_std_env *env;
    const char *name;
    hd_kind kind;
    hd_csv_row row;
    hd_buf raw, standard;
} golden;

__attribute__((format(printf, 3, 4))) static void expect(const golden *g, bool holds,
                                                         const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    cr_expect(holds, "%s:%llu: %s", g->name, (unsigned long long)g->row.line, text);
}

/* ---- escapes ---- */

/* \n \t \\ \xXX \uXXXX \UXXXXXXXX; false: something else follows a backslash. */
static bool add_escape(hd_buf *out, hd_str text, uint32_t *at)
{
    static const struct {
        char letter;
        uint32_t n_digits;
    } hex[] = {{'x', 2}, {'u', 4}, {'U', 8}};
    if (*at == text.len_bytes)
        return false;
    char letter = text.ptr[(*at)++];
    if (letter == 'n' || letter == 't' || letter == '\\') {
        hd_buf_add_char(out, letter == 'n' ? '\n' : letter == 't' ? '\t' : letter);
        return true;
    }
    for (size_t i = 0; i < sizeof hex / sizeof *hex; i++) {
        char digits[9] = "", *end;
        if (hex[i].letter != letter || text.len_bytes - *at < hex[i].n_digits)
            continue;
        memcpy(digits, text.ptr + *at, hex[i].n_digits);
        *at += hex[i].n_digits;
        uint32_t value = (uint32_t)strtoul(digits, &end, 16);
        if (letter == 'x')
            hd_buf_add_char(out, (char)value);
        else
            hd_buf_add_codepoint(out, value);
        return *end == '\0';
    }
    return false;
}

static bool unescape(hd_str text, hd_buf *out)
{
    bool fine = true;
    hd_buf_clear(out);
    for (uint32_t at = 0; at < text.len_bytes && fine;) {
        char c = text.ptr[at++];
        if (c == '\\')
            fine = add_escape(out, text, &at);
        else
            hd_buf_add_char(out, c);
    }
    return fine;
}

/* ---- one case ---- */

static void add_reasons(hd_buf *out, uint32_t reasons)
{
    for (unsigned i = 0; i < HD_N_REASONS; i++)
        if (reasons >> i & 1)
            hd_buf_addf(out, "%s%s", out->len_bytes ? " " : "", hd_reason_name((hd_reason)i));
}

static void check_result(const golden *g, const hd_std_result *r)
{
    char date[16];
    hd_str text = std_has_value(r) ? std_as_written(r, date) : HD_STR("");
    hd_str state = g->row.values[STATE], reasons = g->row.values[REASONS];
    hd_buf why = {0};
    add_reasons(&why, r->reasons);
    expect(g, hd_str_eq(text, hd_buf_str(&g->standard)),
           "\"%.*s\": standard \"%.*s\", was \"%.*s\"", HD_ARG(g->row.values[RAW]),
           HD_ARG(g->row.values[STANDARD]), HD_ARG(text));
    expect(g, hd_str_eq(state, hd_str_from(hd_state_name(r->state))),
           "\"%.*s\": state %.*s, was %s", HD_ARG(g->row.values[RAW]), HD_ARG(state),
           hd_state_name(r->state));
    expect(g, hd_str_eq(reasons, hd_buf_str(&why)), "\"%.*s\": reasons [%.*s], were [%.*s]",
           HD_ARG(g->row.values[RAW]), HD_ARG(reasons), HD_ARG(hd_buf_str(&why)));
    hd_buf_release(&why);
}

static void check_case(golden *g)
{
    const hd_str *values = g->row.values;
    bool fine = unescape(values[RAW], &g->raw) && unescape(values[STANDARD], &g->standard);
    expect(g, fine, "an escape is not one of \\n \\t \\\\ \\xXX \\uXXXX \\UXXXXXXXX");
    expect(g, !hd_str_empty(values[WHY]), "it does not say what it shows");
    expect(g, !hd_str_empty(values[SOURCE]), "it does not say where the rule comes from");
    hd_std_result r = hd_std_value(g->env, g->kind, hd_buf_str(&g->raw));
    check_result(g, &r);
    const char *broken = std_broken_promise(g->env, g->kind, hd_buf_str(&g->raw));
    expect(g, !broken, "\"%.*s\": promise broken: %s", HD_ARG(values[RAW]), broken);
}

/* ---- files ---- */

/* The kind, and for a code its table, are what the file is called. */
static void choose_kind(golden *g)
{
    hd_str stem = {g->name, (uint32_t)strcspn(g->name, "-.")};
    g->kind = HD_N_KINDS;
    for (unsigned kind = 0; kind < HD_N_KINDS; kind++)
        if (hd_str_eq(stem, hd_str_from(hd_kind_name((hd_kind)kind))))
            g->kind = (hd_kind)kind;
    cr_assert_neq(g->kind, HD_N_KINDS, "%s: there is no such kind", g->name);
    hd_field field = {.kind = g->kind};
    if (g->name[stem.len_bytes] == '-') {
        const char *table = g->name + stem.len_bytes + 1;
        field.table = (hd_str){table, (uint32_t)strcspn(table, ".")};
        cr_assert_not_null(hd_code_table_find(g->loader.ruleset, field.table),
                           "%s: there is no such code table", g->name);
    }
    hd_std_env_look_up(g->env, g->loader.ruleset, &field);
}

static void check_header(const golden *g, const hd_csv *csv)
{
    uint32_t n;
    const hd_str *header = hd_csv_header(csv, &n);
    cr_assert_eq(n, N_COLUMNS, "%s: %u columns", g->name, n);
    for (uint32_t i = 0; i < n; i++)
        cr_assert(hd_str_eq(header[i], hd_str_from(columns[i])), "%s: column %u is not %s", g->name,
                  i + 1, columns[i]);
}

static uint32_t check_file(golden *g, const char *name)
{
    char path[512];
    hd_csv *csv;
    bool more;
    uint32_t n = 0;
    g->name = name;
    snprintf(path, sizeof path, FOLDER "/%s", name);
    choose_kind(g);
    cr_assert_eq(hd_csv_open(&g->ctx, path, (hd_csv_options){.encoding = HD_CSV_UTF8}, &csv),
                 HD_OK);
    check_header(g, csv);
    while (hd_csv_next(&g->ctx, csv, &g->row, &more) == HD_OK && more) {
        expect(g, g->row.fault == HD_CSV_FINE, "the row cannot be read");
        if (g->row.fault != HD_CSV_FINE)
            continue;
        check_case(g);
        n++;
    }
    hd_csv_close(csv);
    return n;
}

Test(golden, every_case_gives_what_it_says)
{
    static golden g;
    hd_ctx_init(&g.ctx, 1);
    cr_assert_eq(hd_loader_open(&g.ctx, "hedui.yaml", HEDUI_RULES_DIR, &g.loader), HD_OK);
    g.env = hd_std_env_new();
    g.env->divisions = g.loader.ruleset->divisions;
    uint32_t n = 0;
    DIR *folder = opendir(FOLDER);
    cr_assert_not_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));)
        if (strstr(entry->d_name, ".csv"))
            n += check_file(&g, entry->d_name);
    closedir(folder);
    cr_expect_geq(n, CASES_LEAST, "%u cases", n);
    hd_buf_release(&g.raw);
    hd_buf_release(&g.standard);
    hd_std_env_free(g.env);
    hd_ruleset_free(g.loader.ruleset);
}
