#include <criterion/criterion.h>

#include "base/mem.h"
#include "pipeline/io/csv.h"
#include "tests/unit/pipeline/io/scratch.h"

TestSuite(csv_each, .init = scratch_make, .fini = scratch_remove);

/* What was seen, in order: h, then a row's line, with ! where it has a fault. */
typedef struct seen {
    hd_buf text;
    bool refuse_header;
    uint64_t refuse_line;
} seen;

static hd_status begin(hd_ctx *ctx, const hd_csv *csv, void *arg)
{
    seen *s = arg;
    uint32_t column;
    cr_expect(hd_csv_column(csv, "id", &column));
    hd_buf_addf(&s->text, "h");
    return s->refuse_header ? HD_FAIL(ctx, HD_CONFIG, "no such header") : HD_OK;
}

static hd_status take(hd_ctx *ctx, const hd_csv_row *row, void *arg)
{
    seen *s = arg;
    hd_buf_addf(&s->text, " %llu%s", (unsigned long long)row->line,
                row->fault == HD_CSV_FINE ? "" : "!");
    return row->line == s->refuse_line ? HD_FAIL(ctx, HD_SOURCE, "no such row") : HD_OK;
}

static void expect(seen s, hd_status status, const char *text)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    const char *path = scratch_text("rows.csv", "id,n\na,1\nb\nc,3\n");
    cr_expect_eq(hd_csv_each(&ctx, path, HD_CSV_UTF8, begin, take, &s), status);
    cr_expect_str_eq(s.text.ptr, text);
    hd_buf_release(&s.text);
}

Test(csv_each, the_header_then_every_row)
{
    expect((seen){0}, HD_OK, "h 2 3! 4");
}

Test(csv_each, a_header_that_is_refused_is_the_end)
{
    expect((seen){.refuse_header = true}, HD_CONFIG, "h");
}

Test(csv_each, a_row_that_is_refused_is_the_end)
{
    expect((seen){.refuse_line = 3}, HD_SOURCE, "h 2 3!");
}

Test(csv_each, a_file_that_is_not_there_has_no_header)
{
    hd_ctx ctx;
    seen s = {0};
    hd_ctx_init(&ctx, 1);
    cr_expect_eq(hd_csv_each(&ctx, scratch_path("none.csv"), HD_CSV_UTF8, begin, take, &s),
                 HD_SOURCE);
    cr_expect_null(s.text.ptr);
}
