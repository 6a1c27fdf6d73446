#include <jansson.h>
#include <sys/stat.h>

#include "night.h"
#include "pipeline/io/file.h"
#include "pipeline/manifest.h"

TestSuite(manifest, .init = nights_begin, .fini = nights_end);

static const night_files county = {
    .household = "h1,张伟,男,19491231,11010519491231002X,530303101001,,\n,无名,,,,,,\n",
    .resident = "r1,张伟,,19491231,11010519491231002X,,\n",
};
static const char persons[] = "household/h1/self resident/r1/self";

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    cr_assert(fputs(text, file) >= 0 && fclose(file) == 0);
}

/* The manifest of a night, as text, with two files in its folder. */
static hd_buf manifest_of(hd_date as_of, const char *run_id, const char *run_folder)
{
    night n;
    hd_buf text = {0};
    hd_change_counts counts = {7, 8, 9};
    char path[512];
    night_begin(&n, as_of, run_id, &county, persons);
    snprintf(path, sizeof path, "%s/discrepancies", night_path(run_folder));
    cr_assert_eq(hd_folder_make(&n.mini.ctx, path, 0700), HD_OK);
    snprintf(path, sizeof path, "%s/discrepancies/530303101.csv", night_path(run_folder));
    write_text(path, "abc");
    snprintf(path, sizeof path, "%s/report.html", night_path(run_folder));
    write_text(path, "");
    hd_status status = hd_manifest_write(&n.mini.ctx, &n.outcome, &counts, night_path(run_folder));
    cr_assert_eq(status, HD_OK, "%s", n.mini.ctx.frames[0].text);
    snprintf(path, sizeof path, "%s/manifest.json", night_path(run_folder));
    cr_assert_eq(hd_file_read(&n.mini.ctx, path, &text), HD_OK);
    night_end(&n);
    return text;
}

static json_t *parse(const hd_buf *text)
{
    json_error_t error;
    json_t *json = json_loadb(text->ptr, text->len_bytes, 0, &error);
    cr_assert_not_null(json, "%s", error.text);
    return json;
}

static void expect_int(const json_t *json, const char *object, const char *key, json_int_t want)
{
    const json_t *value = json_object_get(json_object_get(json, object), key);
    cr_expect(json_is_integer(value), "%s.%s", object, key);
    cr_expect_eq(json_integer_value(value), want, "%s.%s is %lld", object, key,
                 json_integer_value(value));
}

static const char *text_at(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text ? text : "none";
}

Test(manifest, tells_what_went_in_and_what_was_counted)
{
    hd_buf text = manifest_of(20260101, "R1", "run");
    json_t *json = parse(&text);
    cr_expect_str_eq(text_at(json, "as_of"), "2026-01-01");
    cr_expect_str_eq(text_at(json, "site"), "530303");
    cr_expect_str_eq(text_at(json_object_get(json, "versions"), "hedui"), HEDUI_VERSION);
    cr_expect_str_eq(text_at(json_object_get(json, "versions"), "sqlite"), sqlite3_libversion());
    cr_expect_eq(strlen(text_at(json_object_get(json, "checksums"), "ruleset")), 64);
    const json_t *household = json_array_get(json_object_get(json, "inputs"), 0);
    cr_expect_str_eq(text_at(household, "source"), "household");
    cr_expect_eq(strlen(text_at(household, "checksum")), 64);
    cr_expect_eq(json_integer_value(json_object_get(household, "rows_read")), 2);
    cr_expect_eq(json_integer_value(json_object_get(household, "rows_linked")), 1);
    cr_expect_eq(json_integer_value(json_object_get(household, "rows_rejected")), 1);
    expect_int(json, "counts", "rows_read", 3);
    expect_int(json, "counts", "mentions", 2);
    expect_int(json, "counts", "persons", 1);
    expect_int(json, "counts", "pairs", 0);
    expect_int(json, "discrepancies", "id.sex", 1);
    expect_int(json, "discrepancies", "id.two", 0);
    expect_int(json, "published", "inserted", 7);
    expect_int(json, "published", "updated", 8);
    expect_int(json, "published", "deleted", 9);
    const json_t *pass = json_array_get(json_object_get(json, "passes"), 0);
    cr_expect_str_eq(text_at(pass, "pass"), "id_number");
    cr_expect_eq(json_integer_value(json_object_get(pass, "pairs")), 1);
    json_decref(json);
    hd_buf_release(&text);
}

Test(manifest, has_a_checksum_of_every_other_file)
{
    hd_buf text = manifest_of(20260101, "R1", "run"), again = manifest_of(20260101, "R1", "run");
    json_t *json = parse(&again);
    const json_t *outputs = json_object_get(json, "outputs");
    cr_assert_eq(json_array_size(outputs), 2);
    const json_t *csv = json_array_get(outputs, 0), *html = json_array_get(outputs, 1);
    cr_expect_str_eq(text_at(csv, "path"), "discrepancies/530303101.csv");
    cr_expect_eq(json_integer_value(json_object_get(csv, "bytes")), 3);
    cr_expect_str_eq(text_at(csv, "sha256"),
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    cr_expect_str_eq(text_at(html, "path"), "report.html");
    cr_expect_str_eq(text_at(html, "sha256"),
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    cr_expect_str_eq(text.ptr, again.ptr);
    json_decref(json);
    hd_buf_release(&text);
    hd_buf_release(&again);
}

Test(manifest, runs_differ_only_outside_the_comparison)
{
    hd_buf first = manifest_of(20260101, "R1", "first"),
           second = manifest_of(20260101, "R2", "second");
    json_t *a = parse(&first), *b = parse(&second);
    cr_expect_not(json_equal(a, b));
    const json_t *outside = json_object_get(a, "outside_comparison");
    cr_expect_str_eq(text_at(outside, "run"), "R1");
    const json_t *stage = json_array_get(json_object_get(outside, "stages"), 0);
    cr_expect_str_eq(text_at(stage, "stage"), "extract");
    cr_expect_eq(json_real_value(json_object_get(stage, "seconds")), 0.25);
    cr_expect_eq(json_integer_value(json_object_get(stage, "peak_bytes")), 1000);
    cr_expect_eq(json_integer_value(json_object_get(stage, "mapped_bytes")), 200);
    cr_expect_eq(json_integer_value(json_object_get(stage, "text_bytes")), 30);
    json_object_del(a, "outside_comparison");
    json_object_del(b, "outside_comparison");
    cr_expect(json_equal(a, b));
    json_decref(a);
    json_decref(b);
    hd_buf_release(&first);
    hd_buf_release(&second);
}

Test(manifest, is_for_its_owner)
{
    struct stat st;
    hd_buf text = manifest_of(20260101, "R1", "run");
    cr_assert_eq(stat(night_path("run/manifest.json"), &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0600);
    hd_buf_release(&text);
}

Test(manifest, a_folder_that_is_not_there)
{
    night n;
    hd_change_counts counts = {0};
    char expected[256];
    night_begin(&n, 20260101, "R1", &county, persons);
    cr_expect_eq(hd_manifest_write(&n.mini.ctx, &n.outcome, &counts, night_path("nowhere")),
                 HD_STORE);
    snprintf(expected, sizeof expected, "cannot read folder %s: No such file or directory",
             night_path("nowhere"));
    cr_expect_str_eq(n.mini.ctx.frames[0].text, expected);
    night_end(&n);
}
