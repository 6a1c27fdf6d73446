/* Any bytes as a value from a server: the text is short, printable, and the same each time. */

#include "hedui/status.h"
#include "pipeline/io/pg_type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A sign, as many digits before and after the point as a weight and a scale can say. */
enum { NUMERIC_TEXT_MAX_BYTES = 1 + 131072 + 1 + 16383 };

static void check_text(hd_pg_type type, hd_str bytes, hd_str text)
{
    if (type == HD_PG_TEXT || type == HD_PG_BPCHAR) {
        HD_ASSERT(text.ptr == bytes.ptr && text.len_bytes <= bytes.len_bytes);
        return;
    }
    HD_ASSERT(text.len_bytes > 0);
    HD_ASSERT(text.len_bytes <= (type == HD_PG_NUMERIC ? NUMERIC_TEXT_MAX_BYTES : 36));
    for (uint32_t i = 0; i < text.len_bytes; i++)
        HD_ASSERT(text.ptr[i] >= ' ' && text.ptr[i] <= 'z');
}

/* The first byte chooses the type. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    hd_pg_type type = (hd_pg_type)(HD_PG_TEXT + data[0] % HD_PG_UUID);
    hd_str bytes = {(const char *)data + 1, (uint32_t)n - 1};
    hd_buf first = {0}, second = {0};
    hd_buf_addf(&second, "what was there before");
    hd_str text = hd_pg_decode(type, bytes, &first), again = hd_pg_decode(type, bytes, &second);
    HD_ASSERT(!text.ptr == !again.ptr && hd_str_eq(text, again));
    if (text.ptr)
        check_text(type, bytes, text);
    hd_buf_release(&first);
    hd_buf_release(&second);
    return 0;
}
