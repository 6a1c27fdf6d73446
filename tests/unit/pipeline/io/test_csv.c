#include <criterion/criterion.h>

#include "base/hash.h"
#include "base/mem.h"
#include "pipeline/io/csv.h"
#include "tests/unit/pipeline/io/scratch.h"

TestSuite(csv, .init = scratch_make, .fini = scratch_remove);

static const char *const fault_names[] = {"fine", "columns", "encoding", "quote", "long"};

static void show_row(hd_buf *out, const hd_csv_row *row)
{
    hd_buf_addf(out, "%llu@%llu", (unsigned long long)row->number, (unsigned long long)row->line);
    if (row->fault == HD_CSV_FINE) {
        for (uint32_t i = 0; i < row->n_values; i++)
            hd_buf_addf(out, " [%.*s]", HD_ARG(row->values[i]));
    } else if (row->raw.len_bytes > 100) {
        hd_buf_addf(out, " %s of %u", fault_names[row->fault], row->raw.len_bytes);
    } else {
        hd_buf_addf(out, " %s {%.*s}", fault_names[row->fault], HD_ARG(row->raw));
    }
    hd_buf_add_char(out, '\n');
}

/* All rows as text, or the first message. */
static char *read_with(const char *path, hd_csv_options options)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    hd_buf out = {0};
    hd_csv *csv;
    if (hd_csv_open(&ctx, path, options, &csv) != HD_OK) {
        cr_assert_null(csv);
        hd_buf_addf(&out, "%d: %s", (int)ctx.frames[0].code,
                    strncmp(ctx.frames[0].text, scratch, strlen(scratch)) == 0
                        ? ctx.frames[0].text + strlen(scratch) + 1
                        : ctx.frames[0].text);
        return out.ptr;
    }
    hd_buf_add(&out, HD_STR(""));
    hd_csv_row row;
    bool more;
    hd_status status;
    while ((status = hd_csv_next(&ctx, csv, &row, &more)) == HD_OK && more)
        show_row(&out, &row);
    if (status != HD_OK)
        hd_buf_addf(&out, "%d: %s", (int)status, ctx.frames[0].text + strlen(scratch) + 1);
    hd_csv_close(csv);
    return out.ptr;
}

#define EXPECT(options, bytes, expected)                                         \
    do {                                                                         \
        char *got_ = read_with(scratch_write("t.csv", bytes, sizeof(bytes) - 1), \
                               (hd_csv_options){.encoding = options});           \
        cr_expect_str_eq(got_, expected);                                        \
        hd_free(got_);                                                           \
    } while (0)

Test(csv, plain)
{
    EXPECT(HD_CSV_UTF8, "a,b\n1,2\n3,\n,4\n,\n",
           "1@2 [1] [2]\n2@3 [3] []\n3@4 [] [4]\n4@5 [] []\n");
}

Test(csv, every_line_end)
{
    const char *expected = "1@2 [1] [2]\n2@3 [3] [4]\n";
    EXPECT(HD_CSV_UTF8, "a,b\r\n1,2\r\n3,4\r\n", expected);
    EXPECT(HD_CSV_UTF8, "a,b\r1,2\r3,4\r", expected);
    EXPECT(HD_CSV_UTF8, "a,b\n1,2\r\n3,4\r", expected);
}

Test(csv, last_line_without_its_end)
{
    EXPECT(HD_CSV_UTF8, "a,b\n1,2", "1@2 [1] [2]\n");
    EXPECT(HD_CSV_UTF8, "a,b\n1,", "1@2 [1] []\n");
    EXPECT(HD_CSV_UTF8, "a,b\n1,\"2\"", "1@2 [1] [2]\n");
}

Test(csv, empty_lines_are_no_rows_but_lines)
{
    EXPECT(HD_CSV_UTF8, "\n\r\na,b\n\n1,2\n\r\n\r\n3,4\n\n", "1@5 [1] [2]\n2@8 [3] [4]\n");
    EXPECT(HD_CSV_UTF8, "a\n\"\"\n\n1\n", "1@2 []\n2@4 [1]\n");
    EXPECT(HD_CSV_UTF8, "a\n \n", "1@2 [ ]\n");
}

Test(csv, header_only)
{
    EXPECT(HD_CSV_UTF8, "a,b", "");
    EXPECT(HD_CSV_UTF8, "a,b\n", "");
}

Test(csv, header_is_trimmed_and_free_of_the_mark)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    hd_csv *csv;
    const char *path = scratch_text("t.csv", "\xEF\xBB\xBF\" xm \",\tcsrq ,地址\r\n");
    cr_assert_eq(hd_csv_open(&ctx, path, (hd_csv_options){0}, &csv), HD_OK);
    uint32_t n;
    const hd_str *header = hd_csv_header(csv, &n);
    cr_assert_eq(n, 3);
    cr_expect(hd_str_eq(header[0], HD_STR("xm")));
    cr_expect(hd_str_eq(header[1], HD_STR("csrq")));
    cr_expect(hd_str_eq(header[2], HD_STR("地址")));
    cr_expect_eq(hd_csv_encoding_of(csv), HD_CSV_UTF8);
    hd_csv_close(csv);
}

Test(csv, values_are_kept_as_written)
{
    EXPECT(HD_CSV_UTF8, "a,b\n 1 ,\t2\n", "1@2 [ 1 ] [\t2]\n");
}

Test(csv, quotes)
{
    EXPECT(HD_CSV_UTF8, "a,b\n\"1,2\",\"\"\n", "1@2 [1,2] []\n");
    EXPECT(HD_CSV_UTF8, "a,b\n\"say \"\"yes\"\"\",\"\"\"\"\n", "1@2 [say \"yes\"] [\"]\n");
    EXPECT(HD_CSV_UTF8, "a,b\n\"x\ny\",2\n3,\"\r\n\r\"\n5,6\n",
           "1@2 [x\ny] [2]\n2@4 [3] [\r\n\r]\n3@7 [5] [6]\n");
    EXPECT(HD_CSV_UTF8, "a,b\nx\"y\", \"z\"\n", "1@2 [x\"y\"] [ \"z\"]\n");
}

Test(csv, lines_are_values_as_they_stand)
{
    static const hd_csv_options lines = {.encoding = HD_CSV_UTF8, .lines = true};
    const char *path = scratch_text("t.txt", "a,b\n\"x\n\n \xFF\n\"\"\r\nlast");
    char *got = read_with(path, lines);
    cr_expect_str_eq(got, "1@1 [a,b]\n2@2 [\"x]\n3@3 []\n4@4 encoding { \xFF}\n5@5 [\"\"]\n"
                          "6@6 [last]\n");
    hd_free(got);
    got = read_with(scratch_text("t.txt", ""), lines);
    cr_expect_str_eq(got ? got : "", "");
    hd_free(got);
}

Test(csv, lines_may_be_gzip_and_gb18030)
{
    char *got = read_with(scratch_gzip("t.gz", "wb", "\xD5\xC5\xC8\xFD\n\xC0\xEE\n"),
                          (hd_csv_options){.lines = true});
    cr_expect_str_eq(got, "1@1 [张三]\n2@2 [李]\n");
    hd_free(got);
}

Test(csv, quote_faults_cost_one_line)
{
    EXPECT(HD_CSV_UTF8, "a,b\n\"1\"x,2\n3,4\n", "1@2 quote {\"1\"x,2}\n2@3 [3] [4]\n");
    EXPECT(HD_CSV_UTF8, "a,b\n1,\"2\n3,4\n5,6", "1@2 quote {1,\"2}\n2@3 [3] [4]\n3@4 [5] [6]\n");
    EXPECT(HD_CSV_UTF8, "a,b\n1,\"2\n3,\"4\"\n5,6\n",
           "1@2 quote {1,\"2}\n2@3 [3] [4]\n3@4 [5] [6]\n");
    EXPECT(HD_CSV_UTF8, "a,b\n1,\"", "1@2 quote {1,\"}\n");
    EXPECT(HD_CSV_UTF8, "a,b\n1,\"2\r\n3,4\r\n", "1@2 quote {1,\"2}\n2@3 [3] [4]\n");
}

Test(csv, stray_quote_that_pairs_with_a_later_one_swallows_nothing)
{
    EXPECT(HD_CSV_UTF8, "a,b,c\n1,\"2,3\n4,5,\"\n7,8,9\n",
           "1@2 columns {1,\"2,3}\n2@3 quote {4,5,\"}\n3@4 [7] [8] [9]\n");
}

Test(csv, wrong_width)
{
    EXPECT(HD_CSV_UTF8, "a,b\n1\n1,2,3\n4,5\n",
           "1@2 columns {1}\n2@3 columns {1,2,3}\n3@4 [4] [5]\n");
}

Test(csv, endless_quote_is_bounded)
{
    hd_buf text = {0};
    hd_buf_add(&text, HD_STR("a,b\n1,\"2\n"));
    for (int i = 0; i < 20000; i++)
        hd_buf_addf(&text, "%d,xxxxx\n", i);
    hd_buf_add(&text, HD_STR("9,\"9\"\n"));
    char *got = read_with(scratch_write("t.csv", text.ptr, text.len_bytes), (hd_csv_options){0});
    cr_expect(strncmp(got, "1@2 quote {1,\"2}\n2@3 [0] [xxxxx]\n", 33) == 0);
    cr_expect_not_null(strstr(got, "\n20001@20002 [19999] [xxxxx]\n20002@20003 [9] [9]\n"));
    hd_free(got);
    hd_buf_release(&text);
}

/* "a,b\n", then one row of a value of `n` bytes, quoted or not, then "3,4". */
static char *read_value_of(size_t n, bool quoted, const char *behind)
{
    hd_buf text = {0};
    hd_buf_addf(&text, "a,b\n1,%s", quoted ? "\"" : "");
    for (size_t i = 0; i < n; i++)
        hd_buf_add_char(&text, 'x');
    hd_buf_addf(&text, "%s%s3,4\n", quoted ? "\"" : "", behind);
    char *got = read_with(scratch_write("t.csv", text.ptr, text.len_bytes), (hd_csv_options){0});
    hd_buf_release(&text);
    return got;
}

Test(csv, value_limit)
{
    for (int quoted = 0; quoted < 2; quoted++) {
        char *fits = read_value_of(HD_CSV_VALUE_MAX_BYTES, quoted, "\n");
        cr_expect(strncmp(fits, "1@2 [1] [xxx", 12) == 0);
        cr_expect_not_null(strstr(fits, "\n2@3 [3] [4]\n"));
        hd_free(fits);
        char *over = read_value_of(HD_CSV_VALUE_MAX_BYTES + 1, quoted, "\n");
        cr_expect_str_eq(over, "1@2 long of 65536\n2@3 [3] [4]\n");
        hd_free(over);
        char *far_over = read_value_of(5 << 20, quoted, "\r\n");
        cr_expect_str_eq(far_over, "1@2 long of 65536\n2@3 [3] [4]\n");
        hd_free(far_over);
    }
}

/* A row of `n` bytes made of values of 1 KiB under a header as wide. */
static char *read_row_of(size_t n)
{
    hd_buf text = {0};
    for (size_t i = 1; i < n / 1024; i++)
        hd_buf_add(&text, HD_STR("h,"));
    hd_buf_add(&text, HD_STR("h\n"));
    for (size_t i = 0; i < n; i++)
        hd_buf_add_char(&text, i % 1024 == 1023 && i + 1 < n / 1024 * 1024 ? ',' : 'x');
    hd_buf_add(&text, HD_STR("\n9\n"));
    char *got = read_with(scratch_write("t.csv", text.ptr, text.len_bytes), (hd_csv_options){0});
    hd_buf_release(&text);
    return got;
}

Test(csv, row_limit)
{
    char *fits = read_row_of(HD_CSV_ROW_MAX_BYTES);
    cr_expect(strncmp(fits, "1@2 [xxx", 8) == 0);
    cr_expect_not_null(strstr(fits, "\n2@3 columns {9}\n"));
    hd_free(fits);
    char *over = read_row_of(HD_CSV_ROW_MAX_BYTES + 1);
    cr_expect_str_eq(over, "1@2 long of 65536\n2@3 columns {9}\n");
    hd_free(over);
}

Test(csv, bytes_that_are_no_text_cost_their_row)
{
    EXPECT(HD_CSV_UTF8, "a,b\n张,2\n\xFF,2\n3,\xC3\n5,6\n",
           "1@2 [张] [2]\n2@3 encoding {\xFF,2}\n3@4 encoding {3,\xC3}\n4@5 [5] [6]\n");
    EXPECT(HD_CSV_UTF8, "a,b\n1\0,2\n3,4\n5,6\0",
           "1@2 encoding {1}\n2@3 [3] [4]\n3@4 encoding {5,6}\n");
    EXPECT(HD_CSV_UTF8, "a,b\n\"\xED\xA0\x80\n\",2\n3,4\n",
           "1@2 encoding {\"\xED\xA0\x80\n\",2}\n2@4 [3] [4]\n");
}

/* 张 D5C5, 𠀀 (U+20000) 95328236, 〇 A996; the second byte of 鍇 E5 7C is '|', of 昞 95 5C is '\'.
 */
Test(csv, gb18030)
{
    EXPECT(HD_CSV_GB18030, "a,b\n\xD5\xC5,\x95\x32\x82\x36\n\xE5\x7C\x95\x5C,\xA9\x96\n",
           "1@2 [张] [𠀀]\n2@3 [鍇昞] [〇]\n");
    EXPECT(HD_CSV_GB18030,
           "\x84\x31\x95\x33"
           "a,b\n1,\"\xD5\xC5\"\n",
           "1@2 [1] [张]\n");
}

/* Empty lines are none; what stands above the header may hold what it will. */
Test(csv, header_below_a_title)
{
    const char *text = "\xEF\xBB\xBF名册 \"2025\n\n2025年,,\na,b\n1,2\n3\n";
    char *got = read_with(scratch_text("t.csv", text), (hd_csv_options){.header = 3});
    cr_expect_str_eq(got, "1@5 [1] [2]\n2@6 columns {3}\n");
    hd_free(got);
    got = read_with(scratch_text("t.csv", "a,b\n1,2\n"), (hd_csv_options){.header = 3});
    cr_expect_str_eq(got, "4: t.csv has no line 3, where its header should be");
    hd_free(got);
}

Test(csv, gb18030_with_a_delimiter_that_characters_hold)
{
    char *got = read_with(scratch_text("t.csv", "a|b\n\xE5\x7C|\x95\x5C\n"),
                          (hd_csv_options){.encoding = HD_CSV_GB18030, .delimiter = '|'});
    cr_expect_str_eq(got, "1@2 [鍇] [昞]\n");
    hd_free(got);
}

Test(csv, gb18030_bad_bytes_cost_their_row)
{
    EXPECT(HD_CSV_GB18030,
           "a,b\n\xD5\xC5,\x81\n\xFF,2\n\x81\x30\x81,1\n5,\x84\x31\xA5\x30\n7,8\n\xD5",
           "1@2 encoding {张,\xFF}\n"
           "2@3 encoding {\xFF,2}\n"
           "3@4 encoding {\xFF\x30\xFF,1}\n"
           "4@5 encoding {5,\xFF}\n"
           "5@6 [7] [8]\n"
           "6@7 encoding {\xFF}\n");
    /* past U+10FFFF */
    EXPECT(HD_CSV_GB18030, "a,b\n\xE3\x32\x9A\x35,1\n\xE3\x32\x9A\x36,2\n3,4\n",
           "1@2 [\xF4\x8F\xBF\xBF] [1]\n2@3 encoding {\xFF,2}\n3@4 [3] [4]\n");
}

Test(csv, auto_finds_the_encoding)
{
    EXPECT(HD_CSV_AUTO, "a,b\n张,2\n", "1@2 [张] [2]\n");
    EXPECT(HD_CSV_AUTO, "a,b\n\xD5\xC5,2\n", "1@2 [张] [2]\n");
    EXPECT(HD_CSV_AUTO,
           "\xEF\xBB\xBF"
           "a,b\n\xD5\xC5,2\n1,2\n",
           "1@2 encoding {\xD5\xC5,2}\n2@3 [1] [2]\n");
    EXPECT(HD_CSV_AUTO, "姓名,b\n张,2\n李\xE6\x9D,2\n",
           "1@2 [张] [2]\n2@3 encoding {李\xE6\x9D,2}\n");
    EXPECT(HD_CSV_AUTO, "a,b\n1,2\n", "1@2 [1] [2]\n");
}

/* What decides stands in the first MiB, which may end inside a character, as may the pieces that
 * are decoded one after another: rows of odd and even length put the borders everywhere. */
Test(csv, auto_with_a_large_file)
{
    hd_buf text = {0};
    hd_buf_add(&text, HD_STR("a,b\n"));
    uint32_t n = 0;
    for (; text.len_bytes < 3 << 20; n++)
        hd_buf_addf(&text, "%u,\xD5\xC5\x95\x32\x82\x36\xD5\xC5\xE5\x7C\x95\x32\x82\x36%.*s\n", n,
                    (int)(n % 5), "zzzzz");
    char *got = read_with(scratch_write("t.csv", text.ptr, text.len_bytes), (hd_csv_options){0});
    char last[64];
    snprintf(last, sizeof last, "\n%u@%u [%u] [张𠀀张鍇𠀀%.*s]\n", n, n + 1, n - 1,
             (int)((n - 1) % 5), "zzzzz");
    cr_expect_null(strstr(got, "encoding"));
    cr_expect_str_eq(got + strlen(got) - strlen(last), last);
    hd_free(got);
    hd_buf_release(&text);
}

Test(csv, wrong_encoding_is_said)
{
    EXPECT(HD_CSV_AUTO,
           "\xFF\xFE"
           "a\0,\0",
           "4: t.csv is UTF-16, which cannot be read");
    EXPECT(HD_CSV_UTF8, "\xFE\xFF\0a", "4: t.csv is UTF-16, which cannot be read");
    EXPECT(HD_CSV_GB18030,
           "\xEF\xBB\xBF"
           "a,b\n",
           "4: t.csv is UTF-8 (it opens with its mark), not GB 18030");
}

Test(csv, no_header)
{
    EXPECT(HD_CSV_AUTO, "", "4: t.csv is empty: it has no header");
    EXPECT(HD_CSV_AUTO, "\xEF\xBB\xBF\r\n\n", "4: t.csv is empty: it has no header");
    EXPECT(HD_CSV_UTF8, "\n\"a\nb\n",
           "4: t.csv:2: the header cannot be read: a quoted name does not end, or text follows its "
           "end");
    EXPECT(HD_CSV_UTF8, "\xD5\xC5\n",
           "4: t.csv:1: the header cannot be read: it holds bytes that are not UTF-8");
    EXPECT(HD_CSV_GB18030, "\xD5\n",
           "4: t.csv:1: the header cannot be read: it holds bytes that are not GB 18030");
    char *got = read_with(scratch_path("none.csv"), (hd_csv_options){0});
    cr_expect_str_eq(got, "4: none.csv cannot be opened: No such file or directory");
    hd_free(got);
    got = read_with(scratch, (hd_csv_options){0});
    cr_expect_not_null(strstr(got, " cannot be read: Is a directory"));
    hd_free(got);
    cr_assert_eq(mkfifo(scratch_path("pipe"), 0600), 0);
    got = read_with(scratch_path("pipe"), (hd_csv_options){0});
    cr_expect_not_null(strstr(got, " cannot be read: it is not a file"));
    hd_free(got);
}

Test(csv, header_too_long)
{
    hd_buf text = {0};
    for (int i = 0; i < 70000; i++)
        hd_buf_add_char(&text, 'x');
    char *got = read_with(scratch_write("t.csv", text.ptr, text.len_bytes), (hd_csv_options){0});
    cr_expect_str_eq(got, "4: t.csv:1: the header cannot be read: it is too long");
    hd_free(got);
    hd_buf_release(&text);
}

Test(csv, delimiters)
{
    static const char delimiters[] = "\t;|^ ";
    for (const char *d = delimiters; *d; d++) {
        char text[64];
        int n = snprintf(text, sizeof text, "a%cb\n1,%c\"2%c3\"\n", *d, *d, *d);
        char expected[64];
        snprintf(expected, sizeof expected, "1@2 [1,] [2%c3]\n", *d);
        char *got =
            read_with(scratch_write("t.csv", text, (size_t)n), (hd_csv_options){.delimiter = *d});
        cr_expect_str_eq(got, expected);
        hd_free(got);
    }
}

Test(csv, gzip_of_several_members)
{
    scratch_gzip("t.csv.gz", "wb", "a,b\n1,");
    scratch_gzip("t.csv.gz", "ab", "2\n");
    char *got = read_with(scratch_gzip("t.csv.gz", "ab", "3,4\n"), (hd_csv_options){0});
    cr_expect_str_eq(got, "1@2 [1] [2]\n2@3 [3] [4]\n");
    hd_free(got);
    FILE *file = fopen(scratch_path("t.csv.gz"), "ab");
    fwrite("\0\0\0\0", 1, 4, file);
    fclose(file);
    got = read_with(scratch_path("t.csv.gz"), (hd_csv_options){0});
    cr_expect_str_eq(got, "1@2 [1] [2]\n2@3 [3] [4]\n");
    hd_free(got);
    file = fopen(scratch_path("t.csv.gz"), "ab");
    fwrite("oops", 1, 4, file);
    fclose(file);
    got = read_with(scratch_path("t.csv.gz"), (hd_csv_options){0});
    cr_expect_str_eq(got, "4: t.csv.gz is damaged: something follows its gzip data");
    hd_free(got);
}

Test(csv, damaged_gzip)
{
    scratch_gzip("t.gz", "wb", "a,b\n1,2\n3,4\n5,6\n7,8\n");
    char bytes[256];
    FILE *file = fopen(scratch_path("t.gz"), "rb");
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    char *got = read_with(scratch_write("cut.gz", bytes, n - 5), (hd_csv_options){0});
    cr_expect_str_eq(got, "4: cut.gz is damaged: its gzip data ends early");
    hd_free(got);
    got = read_with(scratch_write("two.gz", bytes, 2), (hd_csv_options){0});
    cr_expect_str_eq(got, "4: two.gz is damaged: its gzip data ends early");
    hd_free(got);
    bytes[n - 6] ^= 1; /* in the checksum */
    got = read_with(scratch_write("bad.gz", bytes, n), (hd_csv_options){0});
    cr_expect(strncmp(got, "4: bad.gz is damaged: not readable as gzip after ", 49) == 0);
    hd_free(got);
}

/* The checksum and the count are of what is stored. */
Test(csv, digest)
{
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    hd_csv *csv;
    const char *path = scratch_text("t.csv", "abc\n");
    cr_assert_eq(hd_csv_open(&ctx, path, (hd_csv_options){.digest = true}, &csv), HD_OK);
    hd_csv_row row;
    bool more;
    cr_assert_eq(hd_csv_next(&ctx, csv, &row, &more), HD_OK);
    cr_expect_not(more);
    char digest[65];
    hd_csv_digest(csv, digest);
    cr_expect_str_eq(digest, "edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb");
    cr_expect_eq(hd_csv_bytes(csv), 4);
    hd_csv_close(csv);
}

/* Rows of all sorts over several fillings: whatever stands on the border comes out the same. */
static void add_mixed_row(hd_buf *text, hd_buf *expected, uint32_t i, uint64_t *line)
{
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    const char *end = ends[i % 3];
    hd_buf_addf(expected, "%u@%llu", i + 1, (unsigned long long)*line);
    if (i % 7 == 0) {
        hd_buf_addf(text, "%u,\"q\"\"%u%s,张\"%s", i, i, end, end);
        hd_buf_addf(expected, " [%u] [q\"%u%s,张]\n", i, i, end);
        ++*line;
    } else if (i % 11 == 0) {
        hd_buf_addf(text, "%u\xC3,x%s", i, end);
        hd_buf_addf(expected, " encoding {%u\xC3,x}\n", i);
    } else if (i % 13 == 0) {
        hd_buf_addf(text, "%u,\"x\"y%s", i, end);
        hd_buf_addf(expected, " quote {%u,\"x\"y}\n", i);
    } else {
        int n = (int)(i % 37);
        hd_buf_addf(text, "%u,欧阳娜娜%.*s%s", i, n, "abcdefghijklmnopqrstuvwxyz0123456789", end);
        hd_buf_addf(expected, " [%u] [欧阳娜娜%.*s]\n", i, n,
                    "abcdefghijklmnopqrstuvwxyz0123456789");
    }
    ++*line;
}

Test(csv, borders_of_fillings)
{
    hd_buf text = {0}, expected = {0};
    uint64_t line = 2;
    hd_buf_add(&text, HD_STR("a,b\n"));
    for (uint32_t i = 0; text.len_bytes < 3 << 20; i++)
        add_mixed_row(&text, &expected, i, &line);
    char *got = read_with(scratch_write("t.csv", text.ptr, text.len_bytes),
                          (hd_csv_options){.encoding = HD_CSV_UTF8});
    cr_expect(strcmp(got, expected.ptr) == 0);
    hd_free(got);
    hd_buf_release(&text);
    hd_buf_release(&expected);
}

/* A row whose CRLF stands around the end of what is read first: `row` and `n_more` of z after it,
 * CR at 1 MiB - 1 + shift; then one more row. */
static void expect_at_border(const char *row, size_t n_more, int shift, const char *expected)
{
    hd_buf text = {0};
    size_t cr = (size_t)((1 << 20) - 1 + shift);
    hd_buf_add(&text, HD_STR("a,b\n"));
    while (text.len_bytes + strlen(row) + n_more < cr)
        hd_buf_add_char(&text, '\n');
    unsigned long long line = text.len_bytes - 2;
    hd_buf_addf(&text, "%s", row);
    while (text.len_bytes < cr)
        hd_buf_add_char(&text, 'z');
    hd_buf_add(&text, HD_STR("\r\n3,4\r\n"));
    char whole[256];
    snprintf(whole, sizeof whole, "1@%llu %s\n2@%llu [3] [4]\n", line, expected, line + 1);
    char *got = read_with(scratch_write("t.csv", text.ptr, text.len_bytes),
                          (hd_csv_options){.encoding = HD_CSV_UTF8});
    cr_expect_str_eq(got, whole);
    hd_free(got);
    hd_buf_release(&text);
}

Test(csv, line_ends_at_the_border_of_a_filling)
{
    for (int shift = -3; shift < 4; shift++) {
        expect_at_border("1,2", 0, shift, "[1] [2]");
        expect_at_border("1,\"2\"", 0, shift, "[1] [2]");
        expect_at_border("1,\"2\"\"\"", 0, shift, "[1] [2\"]");
        expect_at_border("1,\"2", 0, shift, "quote {1,\"2}");
        expect_at_border("1", 0, shift, "columns {1}");
        expect_at_border("1,\"2\"x", 1000, shift, "quote of 1006");
        expect_at_border("1,", 70000, shift, "long of 65536");
        expect_at_border("1,\"", 70000, shift, "long of 65536");
    }
    expect_at_border("1,\"2\"x", 1000, 500, "quote of 1006");
    expect_at_border("1,\"2\"x", 65000, 60000, "quote of 65006");
    expect_at_border("1,\"2\"x", 70000, 60000, "quote of 65536");
}

static char *written(hd_csv_style style, const hd_str *values, uint32_t n)
{
    hd_buf out = {0};
    hd_csv_add_row(&out, style, values, n);
    return out.ptr;
}

#define EXPECT_WRITTEN(style, expected, ...)                                    \
    do {                                                                        \
        const hd_str values_[] = {__VA_ARGS__};                                 \
        char *got_ = written(style, values_, sizeof values_ / sizeof *values_); \
        cr_expect_str_eq(got_, expected);                                       \
        hd_free(got_);                                                          \
    } while (0)

Test(csv, writing)
{
    EXPECT_WRITTEN(HD_CSV_PLAIN, "a,,张 三,\n", HD_STR("a"), HD_STR_NULL, HD_STR("张 三"),
                   HD_STR(""));
    EXPECT_WRITTEN(HD_CSV_PLAIN, "\"a,b\",\"\"\"c\"\"\",\"d\ne\",\"f\r\"\n", HD_STR("a,b"),
                   HD_STR("\"c\""), HD_STR("d\ne"), HD_STR("f\r"));
    EXPECT_WRITTEN(HD_CSV_PLAIN, "=1+2,-3,+86,@x,\t\n", HD_STR("=1+2"), HD_STR("-3"), HD_STR("+86"),
                   HD_STR("@x"), HD_STR("\t"));
    EXPECT_WRITTEN(HD_CSV_PLAIN, "\"\"\n", HD_STR(""));
}

Test(csv, writing_for_spreadsheets)
{
    EXPECT_WRITTEN(HD_CSV_SPREADSHEET, "'=1+2,'-3,'+86,'@x,'\t,\"'\r\",a=b,\n", HD_STR("=1+2"),
                   HD_STR("-3"), HD_STR("+86"), HD_STR("@x"), HD_STR("\t"), HD_STR("\r"),
                   HD_STR("a=b"), HD_STR(""));
    EXPECT_WRITTEN(HD_CSV_SPREADSHEET, "\"'=\"\"a\"\",b\"\n", HD_STR("=\"a\",b"));
}

/* What is written plainly is read back as it was. */
Test(csv, round_trip)
{
    const hd_str values[] = {HD_STR("a,b"), HD_STR("\""),  HD_STR("\"\"x\n\r\n"), HD_STR(" 张 "),
                             HD_STR(""),    HD_STR("'=1"), HD_STR("\\|;\t")};
    enum { N = sizeof values / sizeof *values };
    hd_buf text = {0};
    hd_csv_add_row(&text, HD_CSV_PLAIN, values, N);
    hd_csv_add_row(&text, HD_CSV_PLAIN, values, N);
    hd_ctx ctx;
    hd_ctx_init(&ctx, 1);
    hd_csv *csv;
    const char *path = scratch_write("t.csv", text.ptr, text.len_bytes);
    cr_assert_eq(hd_csv_open(&ctx, path, (hd_csv_options){0}, &csv), HD_OK);
    hd_csv_row row;
    bool more;
    cr_assert_eq(hd_csv_next(&ctx, csv, &row, &more), HD_OK);
    cr_assert(more && row.n_values == N);
    for (uint32_t i = 0; i < N; i++)
        cr_expect(hd_str_eq(row.values[i], values[i]));
    hd_csv_close(csv);
    hd_buf_release(&text);
}
