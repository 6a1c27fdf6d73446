#include <stdio.h>

#include "base/utf8.h"
#include "pipeline/config/rule_tree.h"

hd_status hd_rule_fail(const hd_rule_source *source, uint32_t column, const char *fmt, ...)
{
    char message[4 * HD_FRAME_BYTES]; /* longer than a frame, which cuts at a whole character */
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    const char *file = source->pos.file ? source->pos.file : "expression";
    return HD_FAIL(source->ctx, HD_CONFIG, "%s:%u:%u: %s", file, source->pos.line,
                   source->pos.column + column - 1, message);
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/* Outside ASCII everything is a letter but what is punctuation, a symbol, a blank or no character:
 * by block, since it only has to tell a column's name from the signs that an input method slips in.
 */
static bool is_foreign_letter(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } others[] = {
        {0x80, 0xA9},     {0xAB, 0xB4},     {0xB6, 0xB9},     {0xBB, 0xBF},     {0xD7, 0xD7},
        {0xF7, 0xF7},     {0x2000, 0x206F}, {0x20A0, 0x20CF}, {0x2190, 0x245F}, {0x2500, 0x2BFF},
        {0x3000, 0x3004}, {0x3008, 0x3020}, {0x3030, 0x303F}, {0xFE10, 0xFE6F}, {0xFEFF, 0xFEFF},
        {0xFF00, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}, {0xFFE0, 0xFFFF},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (c >= others[i].first && c <= others[i].last)
            return false;
    return c >= 0x80;
}

static bool is_name_start(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_foreign_letter(c);
}

static uint32_t peek(const hd_rule_lexer *lexer)
{
    uint32_t at = lexer->at;
    return at < lexer->source->text.len_bytes ? hd_utf8_next(lexer->source->text, &at) : 0;
}

static uint32_t step(hd_rule_lexer *lexer)
{
    lexer->column++;
    return hd_utf8_next(lexer->source->text, &lexer->at);
}

static bool at_end(const hd_rule_lexer *lexer)
{
    return lexer->at == lexer->source->text.len_bytes;
}

static hd_str slice(const hd_rule_lexer *lexer, uint32_t from)
{
    return (hd_str){lexer->source->text.ptr + from, lexer->at - from};
}

/* A mantissa below 10^15 and a power of ten up to 10^22 are exact, so one division rounds once:
 * the nearest double, whatever the locale. */
static hd_status lex_number(hd_rule_lexer *lexer, hd_rule_token *token)
{
    uint32_t from = lexer->at, n_digits = 0, n_fraction = 0;
    bool fraction = false;
    double mantissa = 0, scale = 1;
    for (uint32_t c = peek(lexer); is_digit(c) || (c == '.' && !fraction); c = peek(lexer)) {
        step(lexer);
        if (c == '.') {
            fraction = true;
            continue;
        }
        n_fraction += fraction;
        n_digits += n_digits > 0 || c != '0';
        if (n_digits > 15 || n_fraction > 15)
            return hd_rule_fail(lexer->source, token->column,
                                "a number has at most 15 digits; write what is longer as a text");
        mantissa = mantissa * 10 + (c - '0');
        scale = fraction ? scale * 10 : scale;
    }
    if (is_name_start(peek(lexer)))
        return hd_rule_fail(lexer->source, token->column,
                            "a name that begins with a digit is written in backticks");
    if (fraction && n_fraction == 0)
        return hd_rule_fail(lexer->source, token->column, "a number needs a digit after the point");
    token->kind = HD_TOKEN_NUMBER;
    token->text = slice(lexer, from);
    token->number = mantissa / scale;
    return HD_OK;
}

static hd_str drop_backslashes(hd_arena *arena, hd_str text)
{
    char *out = hd_arena_alloc(arena, text.len_bytes);
    uint32_t n = 0;
    for (uint32_t i = 0; i < text.len_bytes; i++) {
        i += text.ptr[i] == '\\'; /* it has one after it, see step_escape */
        out[n++] = text.ptr[i];
    }
    return (hd_str){out, n};
}

static hd_status step_escape(hd_rule_lexer *lexer)
{
    uint32_t column = lexer->column - 1;
    uint32_t c = peek(lexer);
    if (c != '"' && c != '\'' && c != '\\')
        return hd_rule_fail(lexer->source, column, "a backslash in a text is written twice: \\\\");
    step(lexer);
    return HD_OK;
}

void hd_rule_add_text(hd_buf *out, hd_str text)
{
    hd_buf_add_char(out, '"');
    for (uint32_t i = 0; i < text.len_bytes; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            hd_buf_add_char(out, '\\');
        hd_buf_add_char(out, text.ptr[i]);
    }
    hd_buf_add_char(out, '"');
}

/* Up to the closing sign; backticks know no escapes. */
static hd_status lex_quoted(hd_rule_lexer *lexer, hd_rule_token *token)
{
    uint32_t quote = step(lexer), from = lexer->at, n_escapes = 0;
    for (uint32_t c = 0; c != quote;) {
        if (at_end(lexer))
            return hd_rule_fail(lexer->source, token->column, "a closing %c is missing",
                                (int)quote);
        c = step(lexer);
        if (c != '\\' || quote == '`')
            continue;
        HD_TRY(step_escape(lexer));
        n_escapes++;
    }
    token->kind = quote == '`' ? HD_TOKEN_QUOTED_NAME : HD_TOKEN_TEXT;
    token->text = slice(lexer, from);
    token->text.len_bytes--;
    if (n_escapes)
        token->text = drop_backslashes(lexer->source->arena, token->text);
    if (token->kind == HD_TOKEN_QUOTED_NAME && token->text.len_bytes == 0)
        return hd_rule_fail(lexer->source, token->column, "there is no name in these backticks");
    return HD_OK;
}

static bool is_keyword(hd_str word)
{
    static const char *const keywords[] = {"and", "or", "not", "in", "true", "false", "null"};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (hd_str_eq(word, hd_str_from(keywords[i])))
            return true;
    return false;
}

static void lex_word(hd_rule_lexer *lexer, hd_rule_token *token)
{
    uint32_t from = lexer->at;
    while (is_name_start(peek(lexer)) || is_digit(peek(lexer)))
        step(lexer);
    token->text = slice(lexer, from);
    token->kind = is_keyword(token->text) ? HD_TOKEN_FIXED : HD_TOKEN_NAME;
}

/* What the character would be without an input method's full width; 0: no such character. */
static char ascii_of(uint32_t c)
{
    if (c > 0xFF00 && c < 0xFF5F)
        return (char)(c - 0xFEE0);
    switch (c) {
    case 0x201C:
    case 0x201D:
        return '"';
    case 0x2018:
    case 0x2019:
        return '\'';
    case 0x3001:
        return ',';
    case 0x3002:
        return '.';
    case 0x3000:
    case 0xA0:
        return ' ';
    default:
        return '\0';
    }
}

static hd_status fail_character(hd_rule_lexer *lexer, uint32_t column)
{
    uint32_t from = lexer->at;
    uint32_t c = step(lexer);
    char ascii = ascii_of(c);
    if (c < 0x20 || c == 0x7F)
        return hd_rule_fail(lexer->source, column, "a control character (U+%04X)", (unsigned)c);
    if (ascii == ' ')
        return hd_rule_fail(lexer->source, column, "not an ordinary blank (U+%04X)", (unsigned)c);
    if (ascii)
        return hd_rule_fail(lexer->source, column, "\"%.*s\" (U+%04X) is not known; write %c",
                            HD_ARG(slice(lexer, from)), (unsigned)c, ascii);
    return hd_rule_fail(lexer->source, column, "unexpected character \"%.*s\" (U+%04X)",
                        HD_ARG(slice(lexer, from)), (unsigned)c);
}

/* Longest first. `instead`: what other languages write, and how it is written here. */
static const struct {
    const char *sign, *instead;
} signs[] = {
    {"==", "="}, {"<>", "!="}, {"&&", "and"}, {"||", "or"}, {"≠", "!="},  {"≤", "<="},
    {"≥", ">="}, {"!=", NULL}, {"<=", NULL},  {">=", NULL}, {"!", "not"}, {"=", NULL},
    {"<", NULL}, {">", NULL},  {"(", NULL},   {")", NULL},  {",", NULL},  {".", NULL},
    {"+", NULL}, {"-", NULL},  {"*", NULL},   {"/", NULL},
};

static hd_status lex_sign(hd_rule_lexer *lexer, hd_rule_token *token)
{
    hd_str text = lexer->source->text;
    hd_str rest = {text.ptr + lexer->at, text.len_bytes - lexer->at};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        hd_str sign = hd_str_from(signs[i].sign);
        if (!hd_str_starts(rest, sign))
            continue;
        if (signs[i].instead)
            return hd_rule_fail(lexer->source, token->column, "\"%s\" is not known; write %s",
                                signs[i].sign, signs[i].instead);
        token->kind = HD_TOKEN_FIXED;
        token->text = (hd_str){rest.ptr, sign.len_bytes};
        for (uint32_t i_byte = 0; i_byte < sign.len_bytes; i_byte++)
            step(lexer);
        return HD_OK;
    }
    return fail_character(lexer, token->column);
}

static void skip_blanks(hd_rule_lexer *lexer)
{
    for (uint32_t c = peek(lexer); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(lexer))
        step(lexer);
}

hd_status hd_rule_lex(hd_rule_lexer *lexer, hd_rule_token *out)
{
    skip_blanks(lexer);
    *out = (hd_rule_token){.kind = HD_TOKEN_END, .column = lexer->column, .text = HD_STR("")};
    if (at_end(lexer))
        return HD_OK;
    uint32_t c = peek(lexer);
    if (is_digit(c))
        return lex_number(lexer, out);
    if (c == '"' || c == '\'' || c == '`')
        return lex_quoted(lexer, out);
    if (!is_name_start(c))
        return lex_sign(lexer, out);
    lex_word(lexer, out);
    return HD_OK;
}
