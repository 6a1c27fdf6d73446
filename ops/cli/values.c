#include "ops/cli/values.h"

#include <stdio.h>

#include "base/utf8.h"
#include "pipeline/config/near_name.h"

enum { SPILL_BYTES = 256 << 10 };

hd_status cli_rules(hd_ctx *ctx, const char *config, const char *language, hd_ruleset **out)
{
    *out = NULL;
    if (!language)
        return config ? hd_ruleset_load(ctx, config, NULL, out)
                      : hd_ruleset_load_packaged(ctx, NULL, NULL, out);
    if (config)
        return HD_FAIL(ctx, HD_USAGE, "--language is for use without --config, which says it");
    if (strcmp(language, "zh") != 0 && strcmp(language, "en") != 0)
        return HD_FAIL(ctx, HD_USAGE, "--language takes zh or en, not \"%s\"", language);
    return hd_ruleset_load_packaged(ctx, language, NULL, out);
}

hd_status cli_open_rows(hd_ctx *ctx, const char *path, const char *encoding, bool lines,
                        hd_csv **out)
{
    static const char *const names[] = {
        [HD_CSV_AUTO] = "auto", [HD_CSV_UTF8] = "utf-8", [HD_CSV_GB18030] = "gb18030"};
    hd_csv_options options = {.lines = lines};
    unsigned i = 0;
    while (i < sizeof names / sizeof *names && strcmp(names[i], encoding) != 0)
        i++;
    if (i == sizeof names / sizeof *names)
        return HD_FAIL(ctx, HD_USAGE, "--encoding takes auto, utf-8 or gb18030, not \"%s\"",
                       encoding);
    options.encoding = (hd_csv_encoding)i;
    return hd_csv_open(ctx, path ? path : "-", options, out);
}

hd_status cli_find_column(hd_ctx *ctx, const hd_csv *csv, hd_str name, uint32_t *out)
{
    uint32_t n;
    const hd_str *header = hd_csv_header(csv, &n);
    hd_near_name nearest = {.wanted = name};
    for (uint32_t i = 0; i < n; i++) {
        *out = i;
        if (hd_str_eq(header[i], name))
            return HD_OK;
        hd_near_name_offer(&nearest, header[i]);
    }
    if (nearest.best.ptr)
        hd_hint(ctx, "the nearest is \"%.*s\"", HD_ARG(nearest.best));
    return HD_FAIL(ctx, HD_USAGE, "the header has no column \"%.*s\"", HD_ARG(name));
}

const char *cli_fault_name(hd_csv_fault fault)
{
    switch (fault) {
    case HD_CSV_COLUMNS:
        return "columns";
    case HD_CSV_ENCODING:
        return "encoding";
    case HD_CSV_QUOTE:
        return "quote";
    case HD_CSV_TOO_LONG:
        return "too_long";
    default:
        HD_BUG("fault %d", (int)fault);
    }
}

hd_status cli_spill(hd_ctx *ctx, hd_buf *out, bool all)
{
    if (!all && out->len_bytes < SPILL_BYTES)
        return HD_OK;
    size_t written = out->len_bytes ? fwrite(out->ptr, 1, out->len_bytes, stdout) : 0;
    if (written < out->len_bytes)
        return HD_FAIL(ctx, HD_SPACE, "cannot write to standard output");
    hd_buf_clear(out);
    return HD_OK;
}

void cli_add_valid(hd_buf *out, hd_str bytes)
{
    for (uint32_t at = 0; at < bytes.len_bytes;) {
        uint32_t c = hd_utf8_next(bytes, &at);
        hd_buf_add_codepoint(out, c ? c : 0xFFFD);
    }
}

void cli_add_json(hd_buf *out, hd_str text)
{
    hd_buf_add_char(out, '"');
    for (uint32_t from = 0, at = 0; at <= text.len_bytes; at++) {
        unsigned char c = at < text.len_bytes ? (unsigned char)text.ptr[at] : '"';
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        hd_buf_add(out, (hd_str){text.ptr + from, at - from});
        from = at + 1;
        if (at == text.len_bytes)
            break;
        if (c < 0x20)
            hd_buf_addf(out, "\\u%04x", c);
        else
            hd_buf_addf(out, "\\%c", c);
    }
    hd_buf_add_char(out, '"');
}
