#include <criterion/criterion.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/mem.h"
#include "pipeline/config/ruleset.h"
#include "pipeline/extract/file.h"
#include "pipeline/extract/merge.h"
#include "pipeline/io/file.h"
#include "pipeline/stages.h"
#include "tests/unit/pipeline/io/scratch.h"

TestSuite(extract, .init = scratch_make, .fini = scratch_remove);

static const uint8_t key[32] = {1, 2, 3};

static const char head[] = "site: 530303\n"
                           "sources:\n"
                           "  birth:\n"
                           "    type: birth\n"
                           "    csv: data/birth*.csv\n"
                           "    key: [cert_no]\n";

static const char mapping[] = "    record: {event_date: csrq}\n"
                              "    mentions:\n"
                              "      child: {name: xm, sex: xb}\n"
                              "      mother: {name: mqxm, sex: '=\"2\"'}\n";

typedef struct extracted {
    hd_ctx ctx;
    hd_ruleset *ruleset;
    hd_extract extract;
    hd_status status;
} extracted;

/* hedui.yaml of `head` and what follows; data/ beside it is the caller's. */
static void write_config(const char *first, const char *second)
{
    char text[4096];
    snprintf(text, sizeof text, "%s%s%s", head, first, second);
    scratch_text("hedui.yaml", text);
    mkdir(scratch_path("data"), 0700);
}

static void run(extracted *e, unsigned n_threads)
{
    hd_ctx_init(&e->ctx, n_threads);
    e->status = hd_ruleset_load(&e->ctx, scratch_path("hedui.yaml"), HEDUI_RULES_DIR, &e->ruleset);
    cr_assert_eq(e->status, HD_OK, "%s", e->ctx.frames[0].text);
    e->status = hd_extract_run(&e->ctx, e->ruleset, key, &e->extract);
}

static void release(extracted *e)
{
    hd_extract_release(&e->extract);
    hd_ruleset_free(e->ruleset);
}

static void show_source(hd_buf *out, const extracted *e, uint32_t source)
{
    const hd_records *records = &e->extract.records[source];
    const hd_source *s = &e->ruleset->sources[source];
    const hd_values *values = &e->extract.values;
    for (uint32_t i = 0; i < records->n; i++) {
        hd_buf_addf(out, "%.*s:", HD_ARG(records->record_id[i]));
        for (uint32_t slot = 0; slot < records->n_slots; slot++) {
            uint32_t pool = values->pool_of[hd_extract_slot_field(s, slot)];
            hd_str text = hd_pool_get(values->written[pool], records->slots[slot][i]);
            hd_buf_addf(out, " [%.*s]", HD_ARG(text));
        }
        hd_buf_add_char(out, '\n');
    }
}

static void show_rejects(hd_buf *out, const extracted *e)
{
    for (size_t i = 0; i < e->extract.n_rejects; i++) {
        const hd_reject *r = &e->extract.rejects[i];
        hd_buf_addf(out, "%.*s:%llu@%llu %s %.*s {%.*s}\n", HD_ARG(r->file),
                    (unsigned long long)r->row, (unsigned long long)r->line,
                    hd_reject_reason_name(r->reason), HD_ARG(r->record_id), HD_ARG(r->text));
    }
}

/* Records of all sources, then rejects; or the chain of messages, without the scratch folder. */
static char *shown(const extracted *e)
{
    hd_buf out = {0};
    hd_buf_add(&out, HD_STR(""));
    if (e->status == HD_OK) {
        for (uint32_t source = 0; source < e->ruleset->n_sources; source++)
            show_source(&out, e, source);
        show_rejects(&out, e);
        return out.ptr;
    }
    for (uint32_t i = 0; i < e->ctx.n_frames; i++) {
        for (const char *p = e->ctx.frames[i].text; *p; p++) {
            if (strncmp(p, scratch, strlen(scratch)) == 0)
                p += strlen(scratch) + 1;
            hd_buf_add_char(&out, *p);
        }
        hd_buf_add_char(&out, '\n');
    }
    return out.ptr;
}

static void expect(unsigned n_threads, const char *expected)
{
    extracted e = {0};
    run(&e, n_threads);
    char *got = shown(&e);
    cr_expect_str_eq(got, expected);
    hd_free(got);
    release(&e);
}

Test(extract, slots_are_the_record_s_then_each_role_s)
{
    write_config(mapping, "");
    scratch_text("data/birth.csv", "other,mqxm,cert_no,xb,xm,csrq\n"
                                   "x,李四,B2,1,张三,20200101\n"
                                   "y,,B1,,,\n");
    expect(1, "B1: [] [] [] [] [2]\n"
              "B2: [20200101] [张三] [1] [李四] [2]\n");
}

Test(extract, values_are_kept_as_written)
{
    write_config(mapping, "");
    scratch_text("data/birth.csv", "cert_no,mqxm,xb,xm,csrq\n"
                                   " B1 ,  李 四 , ,\"a\nb\",\"\"\n");
    expect(1, " B1 : [] [a\nb] [ ] [  李 四 ] [2]\n");
}

Test(extract, counts)
{
    write_config("    filter: 'xb != \"9\"'\n", mapping);
    scratch_text("data/birth1.csv",
                 "cert_no,mqxm,xb,xm,csrq\nB1,,1,,\nB2,,9,,\nB3,,,,\n,,1,,\nB4\n");
    scratch_text("data/birth2.csv", "csrq,cert_no,mqxm,xb,xm\n2020,B1,,1,\n");
    extracted e = {0};
    run(&e, 1);
    char *got = shown(&e);
    cr_expect_str_eq(got, "B1: [] [] [1] [] [2]\n"
                          "birth1.csv:4@5 key_empty  {,,1,,}\n"
                          "birth1.csv:5@6 columns  {B4}\n"
                          "birth2.csv:1@2 key_twice B1 {2020,B1,,1,}\n");
    hd_free(got);
    const hd_records *records = &e.extract.records[0];
    cr_expect_eq(records->n_rows_read, 6);
    cr_expect_eq(records->n_rejected, 3);
    cr_expect_eq(records->n_filtered, 2);
    cr_expect_eq(records->n_files, 2);
    cr_expect_eq(records->n_bytes_read, 55 + 37);
    release(&e);
}

/* The figure of: sha256sum data/birth*.csv | cut -c-64 | sort | sha256sum */
Test(extract, checksum)
{
    write_config(mapping, "");
    scratch_text("data/birth1.csv", "cert_no,mqxm,xb,xm,csrq\nB1,,,,\n");
    scratch_text("data/birth2.csv", "cert_no,mqxm,xb,xm,csrq\nB2,,,,\n");
    char command[256], expected[65] = "";
    snprintf(command, sizeof command,
             "sha256sum %s/data/birth*.csv | cut -c-64 | LC_ALL=C sort | sha256sum", scratch);
    FILE *pipe = popen(command, "r");
    cr_assert_eq(fscanf(pipe, "%64s", expected), 1);
    pclose(pipe);
    extracted e = {0};
    run(&e, 2);
    cr_expect_str_eq(e.extract.records[0].checksum, expected);
    release(&e);
}

Test(extract, composite_keys_are_escaped)
{
    write_config("", mapping);
    char text[2048];
    snprintf(text, sizeof text, "%s%s", head, mapping);
    char *at = strstr(text, "[cert_no]");
    memcpy(at, "[a, b]   ", 9);
    scratch_text("hedui.yaml", text);
    scratch_text("data/birth.csv", "a,b,mqxm,xb,xm,csrq\n"
                                   "1|,2,,,,\n"
                                   "1,|2,,,,\n"
                                   "1\\,2,,,,\n"
                                   "1,,,,,\n"
                                   ",1,,,,\n"
                                   ", ,,1,,\n");
    expect(1, "1\\\\|2: [] [] [] [] [2]\n"
              "1\\||2: [] [] [] [] [2]\n"
              "1|: [] [] [] [] [2]\n"
              "1|\\|2: [] [] [] [] [2]\n"
              "|1: [] [] [] [] [2]\n"
              "birth.csv:6@7 key_empty  {, ,,1,,}\n");
}

Test(extract, one_column_is_its_own_id)
{
    write_config("", mapping);
    scratch_text("data/birth.csv", "cert_no,mqxm,xb,xm,csrq\na|b\\c,,,,\n");
    expect(1, "a|b\\c: [] [] [] [] [2]\n");
}

Test(extract, personal_keys_are_hashed)
{
    write_config("    key_is_personal: true\n", mapping);
    scratch_text("data/birth.csv", "cert_no,mqxm,xb,xm,csrq\n"
                                   "11010519491231002X,,,,\n"
                                   "11010519491231002X,,,,\n");
    char id[27], expected[256];
    hd_keyed_id(key, HD_STR("11010519491231002X"), id);
    snprintf(expected, sizeof expected,
             "~%s: [] [] [] [] [2]\n"
             "birth.csv:2@3 key_twice ~%s {11010519491231002X,,,,}\n",
             id, id);
    expect(1, expected);
}

/* B7 stands in three rows, B8 in two that differ only in a column nobody asked for. */
static const char *const rows[] = {
    "B1,a,李,1,张,2020\n", "B7,b,李,1,张,2021\n", "B7,c,李,1,张,2020\n", "B7,d,李,,张,2021\n",
    "B8,f,李,1,张,2020\n", "B8,e,李,1,张,2020\n", "B9,g,,,,\n",
};
enum { N_ROWS = sizeof rows / sizeof *rows };

Test(extract, what_stays_of_equal_ids_depends_on_no_order)
{
    write_config(mapping, "");
    for (unsigned turn = 0; turn < 24; turn++) {
        hd_buf file[3] = {0};
        unsigned n_files = turn % 3 + 1;
        for (unsigned i = 0; i < n_files; i++)
            hd_buf_add(&file[i], HD_STR("cert_no,x,mqxm,xb,xm,csrq\n"));
        for (unsigned i = 0; i < N_ROWS; i++) {
            unsigned row =
                turn % 2 ? (i * 3 + turn) % N_ROWS : N_ROWS - 1 - (i * 2 + turn) % N_ROWS;
            hd_buf_addf(&file[(i + turn) % n_files], "%s", rows[row]);
        }
        const char *names[] = {"data/birth1.csv", "data/birth2.csv", "data/birth3.csv"};
        for (unsigned i = 0; i < 3; i++) {
            unlink(scratch_path(names[i]));
            if (i < n_files)
                scratch_write(names[i], file[i].ptr, file[i].len_bytes);
            hd_buf_release(&file[i]);
        }
        extracted e = {0};
        run(&e, turn % 4 + 1);
        cr_assert_eq(e.status, HD_OK);
        hd_buf records = {0};
        show_source(&records, &e, 0);
        cr_expect_str_eq(records.ptr, "B1: [2020] [张] [1] [李] [2]\n"
                                      "B7: [2020] [张] [1] [李] [2]\n"
                                      "B8: [2020] [张] [1] [李] [2]\n"
                                      "B9: [] [] [] [] [2]\n");
        hd_buf_release(&records);
        uint32_t seen = 0;
        for (size_t i = 0; i < e.extract.n_rejects; i++)
            seen |= 1u << (e.extract.rejects[i].text.ptr[3] - 'a');
        cr_expect_eq(seen, 1u << ('b' - 'a') | 1u << ('d' - 'a') | 1u << ('f' - 'a'));
        release(&e);
    }
}

Test(extract, rejects_stand_by_file_and_row)
{
    write_config(mapping, "");
    scratch_text("data/birth2.csv",
                 "cert_no,mqxm,xb,xm,csrq\nB1,,,,z\n\"x\n\n,,,,q\nB\xFF,,,,\nB\xFF,,,,\n");
    scratch_text("data/birth1.csv", "cert_no,mqxm,xb,xm,csrq\nB1,,,,z\n,,,,q\nB1,,,,a\n");
    for (unsigned n_threads = 1; n_threads < 5; n_threads++)
        expect(n_threads, "B1: [a] [] [] [] [2]\n"
                          "birth1.csv:1@2 key_twice B1 {B1,,,,z}\n"
                          "birth1.csv:2@3 key_empty  {,,,,q}\n"
                          "birth2.csv:1@2 key_twice B1 {B1,,,,z}\n"
                          "birth2.csv:2@3 quote  {\"x}\n"
                          "birth2.csv:3@5 key_empty  {,,,,q}\n"
                          "birth2.csv:4@6 encoding  {B\xFF,,,,}\n"
                          "birth2.csv:5@7 encoding  {B\xFF,,,,}\n");
}

Test(extract, value_too_long)
{
    write_config(mapping, "");
    hd_buf text = {0};
    hd_buf_add(&text, HD_STR("cert_no,mqxm,xb,xm,csrq\nB1,"));
    for (int i = 0; i < 70000; i++)
        hd_buf_add_char(&text, 'x');
    hd_buf_add(&text, HD_STR(",,,\nB2,,,,\n"));
    scratch_write("data/birth.csv", text.ptr, text.len_bytes);
    hd_buf_release(&text);
    extracted e = {0};
    run(&e, 1);
    cr_expect_eq(e.extract.records[0].n, 1);
    cr_expect_eq(e.extract.n_rejects, 1);
    cr_expect_eq(e.extract.rejects[0].reason, HD_REJECT_TOO_LONG);
    cr_expect_eq(e.extract.rejects[0].text.len_bytes, 65536);
    release(&e);
}

Test(extract, gzip_and_gb18030)
{
    write_config(mapping, "");
    scratch_gzip("data/birth.csv", "wb", "cert_no,mqxm,xb,xm,csrq\nB1,\xC0\xEE,,\xD5\xC5,\n");
    expect(1, "B1: [] [张] [] [李] [2]\n");
}

Test(extract, encoding_that_is_said)
{
    write_config("    encoding: gb18030\n", mapping);
    scratch_text("data/birth.csv", "cert_no,mqxm,xb,xm,csrq\nB1,\xC0\xEE,,\xD5\xC5,\n");
    expect(1, "B1: [] [张] [] [李] [2]\n");
    write_config("    encoding: utf-8\n    delimiter: \"|\"\n", mapping);
    scratch_text("data/birth.csv", "cert_no|mqxm|xb|xm|csrq\nB1|\xC0\xEE||\xD5\xC5|\nB2|张|||\n");
    expect(1, "B2: [] [] [] [张] [2]\n"
              "birth.csv:1@2 encoding  {B1|\xC0\xEE||\xD5\xC5|}\n");
}

/* Ids are packed in blocks; one that would fill most of a block has its own place. */
Test(extract, long_keys)
{
    enum { N = 30000 };
    static char id[2][N + 1];
    memset(id[0], 'x', N);
    memset(id[1], 'y', N);
    write_config(mapping, "");
    hd_buf text = {0};
    hd_buf_addf(&text, "cert_no,mqxm,xb,xm,csrq\n%s,,,,\n%s,,,,\nB1,,,,\n", id[1], id[0]);
    scratch_text("data/birth.csv", text.ptr);
    hd_buf_release(&text);
    extracted e = {0};
    run(&e, 1);
    cr_assert_eq(e.extract.records[0].n, 3);
    cr_expect(hd_str_eq(e.extract.records[0].record_id[0], HD_STR("B1")));
    cr_expect(hd_str_eq(e.extract.records[0].record_id[1], hd_str_from(id[0])));
    cr_expect(hd_str_eq(e.extract.records[0].record_id[2], hd_str_from(id[1])));
    release(&e);
}

Test(extract, file_that_changes_between_two_readings)
{
    write_config(mapping, "");
    extracted e = {0};
    const char *path = scratch_text("data/birth.csv", "cert_no,mqxm,xb,xm,csrq\nB1,,,,\nB2,,,,\n");
    run(&e, 1);
    hd_extract_part file = {.path = path, .name = HD_STR("birth.csv")};
    hd_arena arena = {0};
    hd_extract_row row = {.number = 2};
    cr_assert_eq(hd_file_sha256(&e.ctx, path, file.digest), HD_OK);
    cr_assert_eq(hd_extract_file_rows(&e.ctx, e.ruleset, &file, &arena, &row, 1), HD_OK);
    cr_expect(hd_str_eq(row.raw, HD_STR("B2,,,,")));
    cr_expect_eq(row.line, 3);
    scratch_text("data/birth.csv", "cert_no,mqxm,xb,xm,csrq\nB1,,,,\nB3,,,,\n");
    e.status = hd_extract_file_rows(&e.ctx, e.ruleset, &file, &arena, &row, 1);
    cr_expect_eq(e.status, HD_SOURCE);
    char *got = shown(&e);
    cr_expect_str_eq(got, "data/birth.csv changed while it was read\n");
    hd_free(got);
    hd_arena_release(&arena);
    release(&e);
}

Test(extract, expressions_over_columns)
{
    write_config("    filter: 'length(cert_no) = 2'\n",
                 "    record: {event_date: '=concat(y, \"-\", m)'}\n"
                 "    mentions:\n"
                 "      child: {name: '=first(xm, zm)', status: '=state(xm)', address: "
                 "'=prefix(zm, 1)', household: '=\"h\"'}\n");
    scratch_text("data/birth.csv", "cert_no,y,m,xm,zm\n"
                                   "B1,2020,1,张三,李\n"
                                   "B2,2020,,,李四\n"
                                   "B33,,,,\n"
                                   "B4,,,,\n");
    expect(2, "B1: [2020-1] [张三] [ok] [李] [h]\n"
              "B2: [] [李四] [missing] [李] [h]\n"
              "B4: [] [] [missing] [] [h]\n");
}

Test(extract, only_header)
{
    write_config(mapping, "");
    scratch_text("data/birth.csv", "cert_no,mqxm,xb,xm,csrq\n");
    expect(1, "");
}

Test(extract, no_file)
{
    write_config(mapping, "");
    expect(1, "source birth: no file matches data/birth*.csv (hedui.yaml:3)\n");
}

Test(extract, no_header)
{
    write_config(mapping, "");
    scratch_text("data/birth.csv", "");
    expect(1, "data/birth.csv is empty: it has no header\n"
              "source birth\n");
}

Test(extract, folder_instead_of_a_file)
{
    write_config(mapping, "");
    mkdir(scratch_path("data/birth.csv"), 0700);
    expect(1, "data/birth.csv cannot be read: Is a directory\n"
              "source birth\n");
}

Test(extract, file_that_may_not_be_read)
{
    if (geteuid() == 0) {
        scratch_remove(); /* a test that is skipped does not reach .fini */
        cr_skip_test("root may read everything");
    }
    write_config(mapping, "");
    chmod(scratch_text("data/birth.csv", "a\n"), 0);
    expect(1, "data/birth.csv cannot be opened: Permission denied\n"
              "source birth\n");
}

Test(extract, missing_column_names_the_nearest)
{
    write_config(mapping, "");
    scratch_text("data/birth.csv", "cert_no,mqmx,xb,xm,csrq\nB1,,,,\n");
    expect(1, "hedui.yaml:10:22: source birth has no column \"mqxm\"; the nearest in birth.csv is "
              "\"mqmx\"\n");
}

/* A file without a header: nothing of its first row is repeated. */
Test(extract, missing_column_of_a_file_without_header)
{
    write_config(mapping, "");
    scratch_text("data/birth.csv", "B1,李四,1,张三,20200101\n");
    expect(1, "hedui.yaml:3:3: source birth has no column \"cert_no\" in birth.csv\n");
}

Test(extract, missing_column_of_another_delimiter)
{
    write_config(mapping, "");
    scratch_text("data/birth.csv", "cert_no;mqxm;xb;xm;csrq\n");
    extracted e = {0};
    run(&e, 1);
    cr_expect_eq(e.status, HD_CONFIG);
    cr_expect_str_eq(e.ctx.hint,
                     "birth.csv has one column only: say `delimiter:` where it is not ','");
    release(&e);
}

Test(extract, column_that_stands_twice)
{
    write_config(mapping, "");
    scratch_text("data/birth.csv", "cert_no,mqxm,xb,xm,csrq,xm\n");
    expect(1, "source birth: birth.csv has 2 columns named \"xm\"\n");
}

/* The first of the wrong files is named, however many threads look. */
Test(extract, first_wrong_file_is_named)
{
    write_config(mapping, "");
    for (int i = 0; i < 8; i++) {
        char name[32];
        snprintf(name, sizeof name, "data/birth%d.csv", i);
        scratch_text(name, i < 3 ? "cert_no,mqxm,xb,xm,csrq\n" : "cert_no,mqxm,xb,csrq\n");
    }
    for (int turn = 0; turn < 10; turn++)
        expect(4, "hedui.yaml:9:21: source birth has no column \"xm\"; the nearest in birth3.csv "
                  "is \"xb\"\n");
}

Test(extract, damage_found_while_reading)
{
    write_config(mapping, "");
    hd_buf text = {0};
    hd_buf_add(&text, HD_STR("cert_no,mqxm,xb,xm,csrq\n"));
    for (unsigned i = 0; i < 100000; i++)
        hd_buf_addf(&text, "B%u,%u,%u,,\n", i, i * 7919, i * 104729);
    const char *path = scratch_gzip("data/birth.csv", "wb", text.ptr);
    hd_buf_release(&text);
    struct stat st;
    cr_assert_eq(stat(path, &st), 0);
    cr_assert_eq(truncate(path, st.st_size - 100), 0);
    expect(2, "data/birth.csv is damaged: its gzip data ends early\n"
              "source birth\n");
}

/* The folder's own name is no pattern, and a file that two patterns match is read once. */
Test(extract, patterns)
{
    write_config("", "");
    mkdir(scratch_path("[x]*"), 0700);
    char text[1024];
    snprintf(text, sizeof text,
             "site: 530303\nsources:\n  birth:\n    type: birth\n    csv: [\"b*.csv\", b1.csv, "
             "\"%s/data/c?.csv\"]\n    key: [cert_no]\n%s",
             scratch, mapping);
    scratch_text("[x]*/hedui.yaml", text);
    scratch_text("[x]*/b1.csv", "cert_no,mqxm,xb,xm,csrq\nB1,,,,\n");
    scratch_text("data/c1.csv", "cert_no,mqxm,xb,xm,csrq\nB2,,,,\n");
    extracted e = {0};
    hd_ctx_init(&e.ctx, 1);
    cr_assert_eq(
        hd_ruleset_load(&e.ctx, scratch_path("[x]*/hedui.yaml"), HEDUI_RULES_DIR, &e.ruleset),
        HD_OK);
    e.status = hd_extract_run(&e.ctx, e.ruleset, key, &e.extract);
    char *got = shown(&e);
    cr_expect_str_eq(got, "B1: [] [] [] [] [2]\nB2: [] [] [] [] [2]\n");
    hd_free(got);
    release(&e);
}

/* Whole, in pieces, in reverse, packed: the same records. */
Test(extract, split_of_files_does_not_matter)
{
    enum { N = 5000 };
    write_config(mapping, "");
    char *first = NULL;
    for (unsigned n_files = 1; n_files <= 5; n_files++) {
        hd_buf file[5] = {0};
        for (unsigned i = 0; i < n_files; i++)
            hd_buf_add(&file[i], HD_STR("cert_no,mqxm,xb,xm,csrq\n"));
        for (unsigned i = 0; i < N; i++) {
            unsigned row = n_files % 2 ? i : N - 1 - i;
            hd_buf_addf(&file[i % n_files], "%u,李%u,%u,张,20%02u\n", row * 48271 % N * 11,
                        row % 13, row % 3, row % 100);
        }
        for (unsigned i = 0; i < n_files; i++) {
            char name[32];
            snprintf(name, sizeof name, "data/birth%u.csv", i);
            scratch_gzip(name, "wb", file[i].ptr);
            hd_buf_release(&file[i]);
        }
        extracted e = {0};
        run(&e, n_files);
        char *got = shown(&e);
        cr_assert_eq(e.extract.records[0].n, N);
        if (!first)
            first = got;
        cr_expect(strcmp(got, first) == 0);
        if (got != first)
            hd_free(got);
        release(&e);
    }
    hd_free(first);
}

/* Spreadsheets leave rows of commas below the last one: they are no records and no faults. */
Test(extract, rows_of_commas_are_left_out)
{
    write_config(mapping, "");
    scratch_text("data/birth1.csv", "cert_no,mqxm,xb,xm,csrq\nB1,,1,,\n,,,,\n, ,,,\n,,1,,\n");
    extracted e = {0};
    run(&e, 1);
    const hd_records *records = &e.extract.records[0];
    cr_expect_eq(records->n_rows_read, 4);
    cr_expect_eq(records->n_filtered, 2);
    cr_expect_eq(records->n_rejected, 1, "a value without a key is a fault");
    release(&e);
}
