#include "pipeline/io/pg_stream.h"

#include <criterion/criterion.h>

#include "base/mem.h"

#define HEADER "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"
#define END "\377\377"
#define NULL_VALUE "\377\377\377\377"
#define ROW_1 "\0\2\0\0\0\1a" NULL_VALUE
#define ROW_2 "\0\2\0\0\0\0\0\0\0\3xyz"

/* What the pieces say: "[a|-][|xyz]" and how it ends. */
static void add_rows(hd_buf *out, hd_pg_stream *stream)
{
    hd_str values[2], row;
    for (;;) {
        hd_pg_taken taken = hd_pg_stream_take(stream, values, &row);
        if (taken != HD_PG_ROW) {
            hd_buf_add(out, taken == HD_PG_MORE  ? HD_STR("")
                            : taken == HD_PG_END ? HD_STR("end")
                                                 : HD_STR("wrong"));
            return;
        }
        hd_buf_addf(out, "[%.*s|%.*s]", HD_ARG(values[0].ptr ? values[0] : HD_STR("-")),
                    HD_ARG(values[1].ptr ? values[1] : HD_STR("-")));
    }
}

static void expect_in_pieces(hd_str bytes, uint32_t piece_bytes, const char *expected)
{
    hd_pg_stream stream = {.n_columns = 2};
    hd_buf out = {0};
    hd_buf_add(&out, HD_STR(""));
    char *piece = NULL;
    for (uint32_t at = 0; at < bytes.len_bytes; at += piece_bytes) {
        uint32_t left = bytes.len_bytes - at, n = left < piece_bytes ? left : piece_bytes;
        char *next = memcpy(hd_alloc(n), bytes.ptr + at, n);
        hd_pg_stream_give(&stream, (hd_str){next, n});
        hd_free(piece); /* only now: what is left of it was copied */
        piece = next;
        add_rows(&out, &stream);
        if (strstr(out.ptr, "wrong"))
            break;
    }
    cr_expect_str_eq(out.ptr, expected, "pieces of %u bytes: %s", piece_bytes, out.ptr);
    hd_free(piece);
    hd_buf_release(&out);
    hd_pg_stream_release(&stream);
}

static void expect(hd_str bytes, const char *expected)
{
    for (uint32_t n = 1; n <= bytes.len_bytes; n++)
        expect_in_pieces(bytes, n, expected);
}

Test(pg_stream, rows_in_pieces_of_any_length)
{
    expect(HD_STR(HEADER END), "end");
    expect(HD_STR(HEADER ROW_1 ROW_2 END), "[a|-][|xyz]end");
    expect(HD_STR(HEADER ROW_1 ROW_2), "[a|-][|xyz]");
}

Test(pg_stream, header_may_be_longer)
{
    expect(HD_STR("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\3abc" ROW_1 END), "[a|-]end");
    expect(HD_STR("PGCOPY\n\377\r\n\0\0\0\0\0\100\0\0\1abc"), "wrong");
}

Test(pg_stream, row_is_all_its_bytes)
{
    hd_pg_stream stream = {.n_columns = 2};
    hd_str values[2], row;
    hd_pg_stream_give(&stream, HD_STR(HEADER ROW_1 ROW_2 END));
    cr_assert_eq(hd_pg_stream_take(&stream, values, &row), HD_PG_ROW);
    cr_assert(hd_str_eq(row, HD_STR(ROW_1)));
    cr_assert_eq(hd_pg_stream_take(&stream, values, &row), HD_PG_ROW);
    cr_assert(hd_str_eq(row, HD_STR(ROW_2)));
    hd_pg_stream_release(&stream);
}

Test(pg_stream, what_is_no_copy)
{
    expect(HD_STR("PGCOPY\n\377\n\r\0\0\0\0\0\0\0\0\0"), "wrong");
    expect_in_pieces(HD_STR(HEADER ROW_1 END "x"), 100, "[a|-]wrong"); /* behind the last mark */
    expect(HD_STR(HEADER "\0\1\0\0\0\1a"), "wrong");                   /* one column */
    expect(HD_STR(HEADER "\0\3\0\0\0\1a"), "wrong");
    expect(HD_STR(HEADER "\377\376"), "wrong");
    expect(HD_STR(HEADER "\0\2\377\377\377\376"), "wrong"); /* a length that is negative */
    expect(HD_STR(HEADER "\0\2\100\0\0\1"), "wrong");       /* one over the limit */
    expect(HD_STR(HEADER "\0\2\0\0\0\5a"), "");
}
