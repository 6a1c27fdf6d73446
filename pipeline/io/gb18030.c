#include "pipeline/io/gb18030.h"

#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/utf16.h>

#include "base/mem.h"
#include "base/utf8.h"

enum { PIECE_BYTES = 16 << 10 };

struct hd_gb18030 {
    UConverter *converter;
    UChar *utf16; /* of one piece; each byte gives at most one unit, and up to 3 bytes wait */
};

hd_status hd_gb18030_open(hd_ctx *ctx, hd_gb18030 **out)
{
    UErrorCode error = U_ZERO_ERROR;
    UConverter *converter = ucnv_open("gb18030", &error);
    if (U_SUCCESS(error))
        ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &error);
    if (U_FAILURE(error)) {
        ucnv_close(converter);
        return HD_FAIL(ctx, HD_SOURCE, "no converter for GB 18030: %s", u_errorName(error));
    }
    hd_gb18030 *gb = hd_alloc(sizeof *gb);
    gb->converter = converter;
    gb->utf16 = hd_alloc((PIECE_BYTES + 16) * sizeof *gb->utf16);
    *out = gb;
    return HD_OK;
}

void hd_gb18030_close(hd_gb18030 *gb)
{
    if (!gb)
        return;
    ucnv_close(gb->converter);
    hd_free(gb->utf16);
    hd_free(gb);
}

static char *write_utf8(const UChar *unit, const UChar *end, char *out)
{
    while (unit < end) {
        if (*unit < 0x80) {
            *out++ = (char)*unit++;
            continue;
        }
        uint32_t codepoint = *unit++;
        if (U16_IS_LEAD(codepoint) && unit < end && U16_IS_TRAIL(*unit))
            codepoint = U16_GET_SUPPLEMENTARY(codepoint, *unit++);
        out += hd_utf8_encode(codepoint, out);
    }
    return out;
}

/* The converter stops after a sequence it refuses; what it read but did not refuse it keeps and
 * gives with the next call. */
static char *decode_piece(hd_gb18030 *gb, const char *ptr, const char *end, bool last, char *out)
{
    for (;;) {
        UErrorCode error = U_ZERO_ERROR;
        UChar *unit = gb->utf16;
        ucnv_toUnicode(gb->converter, &unit, gb->utf16 + PIECE_BYTES + 16, &ptr, end, NULL, last,
                       &error);
        out = write_utf8(gb->utf16, unit, out);
        if (U_SUCCESS(error)) {
            HD_ASSERT(ptr == end);
            return out;
        }
        HD_ASSERT(error == U_INVALID_CHAR_FOUND || error == U_ILLEGAL_CHAR_FOUND ||
                  error == U_TRUNCATED_CHAR_FOUND);
        *out++ = (char)0xFF;
    }
}

size_t hd_gb18030_decode(hd_gb18030 *gb, const char *ptr, size_t n, bool last, char *out)
{
    char *begin = out;
    do {
        size_t piece = n < PIECE_BYTES ? n : PIECE_BYTES;
        out = decode_piece(gb, ptr, ptr + piece, last && piece == n, out);
        ptr += piece;
        n -= piece;
    } while (n > 0);
    return (size_t)(out - begin);
}

static bool is_ascii(hd_str text)
{
    uint64_t all = 0, eight;
    uint32_t i = 0;
    for (; text.len_bytes - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, text.ptr + i, sizeof eight);
        all |= eight;
    }
    for (; i < text.len_bytes; i++)
        all |= (unsigned char)text.ptr[i];
    return (all & UINT64_C(0x8080808080808080)) == 0;
}

bool hd_gb18030_text(hd_gb18030 *gb, hd_str text, hd_buf *scratch, hd_str *out)
{
    *out = text;
    if (is_ascii(text))
        return true;
    hd_buf_clear(scratch);
    hd_buf_reserve(scratch, HD_GB18030_ROOM((size_t)text.len_bytes));
    scratch->len_bytes = hd_gb18030_decode(gb, text.ptr, text.len_bytes, true, scratch->ptr);
    *out = hd_buf_str(scratch);
    return hd_utf8_valid(*out);
}

/* All of Unicode has its place in GB 18030: at most four bytes a code point, which has one unit of
 * UTF-16 at least. */
void hd_gb18030_encode(hd_gb18030 *gb, hd_str text, hd_buf *out)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar unit[2];
    for (uint32_t pos = 0; pos < text.len_bytes;) {
        uint32_t codepoint = hd_utf8_next(text, &pos);
        int32_t n_units = 0;
        bool failed = false;
        U16_APPEND(unit, n_units, 2, codepoint, failed);
        HD_ASSERT(!failed);
        hd_buf_reserve(out, 8);
        out->len_bytes += (size_t)ucnv_fromUChars(gb->converter, out->ptr + out->len_bytes, 8, unit,
                                                  n_units, &error);
        HD_ASSERT(U_SUCCESS(error) || error == U_STRING_NOT_TERMINATED_WARNING);
    }
}
