/* The text of a hedui.yaml for the guesses. */

#include "pipeline/config/init_guess.h"

#include "base/utf8.h"

static bool is_plain(uint32_t c, bool first)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || hd_is_han(c);
    return letter || (!first && c >= '0' && c <= '9');
}

/* `more`: a character that may stand behind the first. */
static bool stays_plain(hd_str text, char more)
{
    static const char *const words[] = {"true", "false", "null"};
    uint32_t at = 0;
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++)
        if (hd_str_eq(text, hd_str_from(words[i])))
            return false;
    while (at < text.len_bytes) {
        bool first = at == 0;
        uint32_t c = hd_utf8_next(text, &at);
        if (!is_plain(c, first) && (first || c != (unsigned char)more))
            return false;
    }
    return text.len_bytes > 0;
}

/* A character that YAML does not take as it is, or that an eye does not see. */
static bool needs_escape(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0xA0) || (c >= 0x200B && c <= 0x200F) || c == 0x2028 ||
           c == 0x2029 || (c >= 0xE000 && c <= 0xF8FF) || c == 0xFEFF || (c & 0xFFFE) == 0xFFFE;
}

static void add_quoted(hd_buf *out, hd_str text)
{
    hd_buf_add_char(out, '"');
    for (uint32_t at = 0; at < text.len_bytes;) {
        uint32_t c = hd_utf8_next(text, &at);
        if (needs_escape(c))
            hd_buf_addf(out, c > 0xFFFF ? "\\U%08X" : "\\u%04X", c);
        else if (c == '"' || c == '\\')
            hd_buf_addf(out, "\\%c", (char)c);
        else
            hd_buf_add_codepoint(out, c);
    }
    hd_buf_add_char(out, '"');
}

/* A scalar that is read as this very text. */
static void add_scalar(hd_buf *out, hd_str text)
{
    if (stays_plain(text, '_'))
        hd_buf_add(out, text);
    else
        add_quoted(out, text);
}

/* In single quotes, in which texts of the rule language need no escapes. */
static void add_expression(hd_buf *out, hd_str expr)
{
    hd_buf_addf(out, "'=");
    for (uint32_t i = 0; i < expr.len_bytes; i++)
        hd_buf_addf(out, expr.ptr[i] == '\'' ? "''" : "%c", expr.ptr[i]);
    hd_buf_add_char(out, '\'');
}

/* A file's name as a pattern that matches that file only. */
static void add_file(hd_buf *out, hd_str file)
{
    hd_buf pattern = {0};
    for (uint32_t i = 0; i < file.len_bytes; i++) {
        if (strchr("*?[]\\{}", file.ptr[i]))
            hd_buf_add_char(&pattern, '\\');
        hd_buf_add_char(&pattern, file.ptr[i]);
    }
    hd_str text = hd_buf_str(&pattern);
    size_t simple = strspn(text.ptr, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789_.-");
    if (simple == text.len_bytes && text.ptr[0] != '-')
        hd_buf_add(out, text);
    else
        add_quoted(out, text);
    hd_buf_release(&pattern);
}

static void add_files(hd_buf *out, const hd_guess *guess)
{
    hd_buf_addf(out, "    csv: %s", guess->n_files > 1 ? "[" : "");
    for (uint32_t i = 0; i < guess->n_files; i++) {
        hd_buf_addf(out, "%s", i ? ", " : "");
        add_file(out, guess->files[i]);
    }
    hd_buf_addf(out, "%s\n", guess->n_files > 1 ? "]" : "");
}

static void add_table_name(hd_buf *out, hd_str table)
{
    if (stays_plain(table, '.'))
        hd_buf_add(out, table);
    else
        add_quoted(out, table);
}

static void add_table(hd_buf *out, const hd_init_place *place, hd_str table)
{
    hd_buf_addf(out, "    postgresql: ");
    add_scalar(out, place->conninfo);
    hd_buf_addf(out, "\n    table: ");
    add_table_name(out, table);
    hd_buf_add_char(out, '\n');
    if (!place->tls_waiver.ptr)
        return;
    hd_buf_addf(out, "    tls_waiver: ");
    add_scalar(out, place->tls_waiver);
    hd_buf_add_char(out, '\n');
}

static void add_format(hd_buf *out, const hd_sample *sample)
{
    if (sample->encoding != HD_ENCODING_AUTO)
        hd_buf_addf(out, "    encoding: %s  # guess\n",
                    sample->encoding == HD_ENCODING_GB18030 ? "gb18030" : "utf-8");
    if (sample->delimiter == '\t')
        hd_buf_addf(out, "    delimiter: tab  # guess\n");
    else if (sample->delimiter && sample->delimiter != ',')
        hd_buf_addf(out, "    delimiter: \"%c\"  # guess\n", sample->delimiter);
    if (sample->header > 1)
        hd_buf_addf(out, "    header: %u  # guess: a title stands above\n", sample->header);
}

static void add_inputs(hd_buf *out, const hd_ruleset *ruleset, const hd_guess *guess,
                       const hd_guess_role *role, const char *indent)
{
    for (uint32_t i = 0; i < role->n_inputs; i++) {
        const hd_guess_input *input = &role->inputs[i];
        bool by_comment = input->column >= 0 && guess->by_comment[input->column];
        hd_buf_addf(out, "%s%.*s: ", indent, HD_ARG(ruleset->fields[input->field].code));
        if (input->column >= 0)
            add_scalar(out, guess->sample->columns[input->column]);
        else
            add_expression(out, input->expr);
        hd_buf_addf(out, "  # guess%s\n", by_comment ? ": by its comment" : "");
    }
}

/* Columns that are (`denied`) or are not of those that are never read, and that nothing uses. */
static void add_unused(hd_buf *out, const hd_guess *guess, bool denied, const char *label)
{
    bool any = false;
    for (uint32_t c = 0; c < guess->sample->n_columns; c++) {
        hd_str name = guess->sample->columns[c];
        if (!name.ptr || guess->used[c] || guess->denied[c] != denied)
            continue;
        hd_buf_addf(out, any ? ", " : "    # %s: ", label);
        add_scalar(out, name);
        any = true;
    }
    if (any)
        hd_buf_add_char(out, '\n');
}

static void add_key(hd_buf *out, const hd_guess *guess)
{
    hd_buf_addf(out, "    key: [");
    for (uint32_t i = 0; i < guess->key.n; i++) {
        hd_buf_addf(out, "%s", i ? ", " : "");
        add_scalar(out, guess->sample->columns[guess->key.columns[i]]);
    }
    hd_buf_addf(out, "]  # guess: %s\n", guess->key_why);
    if (guess->key_is_personal)
        hd_buf_addf(out, "    key_is_personal: true  # guess: only a hash of it is shown\n");
}

/* What a database says of the table. */
static void add_about(hd_buf *out, const hd_sample *sample)
{
    hd_buf_addf(out, "    # ");
    if (sample->comment.ptr) {
        add_scalar(out, sample->comment);
        hd_buf_addf(out, ", ");
    }
    hd_buf_addf(out, "%.*s\n", HD_ARG(sample->rows));
}

/* What the packaged rules bring mentions together by is a name or a number at least. */
static bool names_nobody(const hd_ruleset *ruleset, const hd_guess *guess)
{
    for (uint32_t i = 0; i < guess->n_roles; i++) {
        const hd_guess_role *role = &guess->roles[i];
        for (uint32_t k = 0; k < role->n_inputs; k++) {
            hd_kind kind = ruleset->fields[role->inputs[k].field].kind;
            if (kind == HD_KIND_name || kind == HD_KIND_id_number)
                return false;
        }
    }
    return true;
}

static void add_source(hd_buf *out, const hd_ruleset *ruleset, const hd_init_place *place,
                       const hd_guess *guess)
{
    bool is_table = guess->sample->table.ptr != NULL;
    hd_buf_addf(out, "  %.*s:\n", HD_ARG(guess->code));
    if (is_table)
        add_about(out, guess->sample);
    hd_buf_addf(out, "    type: %.*s  # guess: %.*s\n", HD_ARG(guess->type),
                HD_ARG(guess->type_why));
    if (is_table)
        add_table(out, place, guess->sample->table);
    else
        add_files(out, guess);
    add_format(out, guess->sample);
    add_key(out, guess);
    if (guess->record.n_inputs) {
        hd_buf_addf(out, "    record:\n");
        add_inputs(out, ruleset, guess, &guess->record, "      ");
    }
    hd_buf_addf(out, "    mentions:\n");
    for (uint32_t i = 0; i < guess->n_roles; i++) {
        hd_buf_addf(out, "      %.*s:\n", HD_ARG(guess->roles[i].code));
        add_inputs(out, ruleset, guess, &guess->roles[i], "        ");
    }
    add_unused(out, guess, false, "not used");
    if (names_nobody(ruleset, guess))
        hd_buf_addf(
            out, "    # no name was recognised; fields and rules of your own: docs/persons.md\n");
    add_unused(out, guess, true, "never read (rules/deny.yaml)");
}

static void add_left_out(hd_buf *out, const hd_guess *guess)
{
    static const char *const reasons[] = {
#define X(name, text) text,
        HD_LEFT_OUT(X)
#undef X
    };
    hd_buf_addf(out, "  # ");
    if (guess->sample->table.ptr)
        add_table_name(out, guess->sample->table);
    else
        add_scalar(out, guess->files[0]);
    hd_buf_addf(out, " is left out: %s\n", reasons[guess->left_out]);
    add_unused(out, guess, false, "its columns");
}

void hd_guess_write(hd_buf *out, const hd_ruleset *ruleset, const hd_init_place *place,
                    const hd_guess *guesses, uint32_t n)
{
    bool is_database = place->conninfo.ptr != NULL;
    hd_buf_addf(out,
                "# Written by `hedui init`. What is marked \"# guess\" was guessed from the names "
                "of %s and\n"
                "# columns%s: check it, then let `hedui lint` check this file.\n\n"
                "# site: 530303   # code of the county; the key file beside is named by it\n"
                "language: " HD_INIT_LANGUAGE "\n"
                "store: county.db\n"
                "%s\n"
                "sources:\n",
                is_database ? "tables" : "files", is_database ? " and their comments" : "",
                is_database ? "# store: postgresql:service=county   # or in PostgreSQL\n" : "");
    for (uint32_t i = 0; i < n; i++) {
        if (guesses[i].left_out)
            add_left_out(out, &guesses[i]);
        else
            add_source(out, ruleset, place, &guesses[i]);
    }
    hd_buf_addf(out,
                "\n"
                "# Share of rows that may be rejected before a run warns, and before it stops.\n"
                "gates: {rejected_share: {warn: 0.001, stop: 0.02}}\n");
}
