/* For decode.sh: whether values that a server sent in binary decode to the text that it gave of
 * them. usage: decode FILE, a binary COPY of three columns: the oid of the type as int, the value,
 * its text
 */

#include <stdio.h>
#include <stdlib.h>

#include "hedui/status.h"
#include "pipeline/io/pg_stream.h"
#include "pipeline/io/pg_type.h"

enum { SHOWN_MAX = 10 };

static void read_file(const char *path, hd_buf *out)
{
    char piece[1 << 16];
    FILE *file = fopen(path, "rb");
    HD_ASSERT(file);
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;)
        hd_buf_add(out, (hd_str){piece, (uint32_t)n});
    HD_ASSERT(!ferror(file));
    fclose(file);
}

static hd_pg_type type_of(hd_str oid, hd_buf *scratch)
{
    hd_str text = hd_pg_decode(HD_PG_INT4, oid, scratch);
    HD_ASSERT(text.ptr);
    return hd_pg_type_of((uint32_t)strtoul(text.ptr, NULL, 10));
}

static bool is_right(const hd_str *values, uint64_t row, hd_buf *scratch)
{
    hd_pg_type type = type_of(values[0], scratch);
    hd_str got = hd_pg_decode(type, values[1], scratch), want = values[2];
    if (got.ptr && want.ptr && hd_str_eq(got, want))
        return true;
    printf("row %llu, type %d: \"%.*s\", not \"%.*s\"\n", (unsigned long long)row, type,
           HD_ARG(got), HD_ARG(want));
    return false;
}

int main(int argc, char **argv)
{
    hd_buf bytes = {0}, scratch = {0};
    hd_pg_stream stream = {.n_columns = 3};
    hd_str values[3], row;
    hd_pg_taken taken;
    uint64_t n = 0, n_wrong = 0;
    HD_ASSERT(argc == 2);
    read_file(argv[1], &bytes);
    hd_pg_stream_give(&stream, hd_buf_str(&bytes));
    while ((taken = hd_pg_stream_take(&stream, values, &row)) == HD_PG_ROW && n_wrong < SHOWN_MAX)
        n_wrong += !is_right(values, ++n, &scratch);
    HD_ASSERT(taken == HD_PG_END || n_wrong);
    if (!n_wrong)
        printf("%llu values\n", (unsigned long long)n);
    hd_pg_stream_release(&stream);
    hd_buf_release(&bytes);
    hd_buf_release(&scratch);
    return n_wrong > 0;
}
