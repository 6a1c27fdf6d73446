#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/mem.h"
#include "pipeline/artefact/form.h"

Test(form, sections_in_order)
{
    hd_form_counts counts = {.n_pools = 3,
                             .n_sources = 2,
                             .values = {HD_FORM_ITEMS, 0, HD_FORM_ITEMS + 1},
                             .records = {5, 0},
                             .n_rejects = HD_FORM_REJECTS + 2};
    static const hd_section wanted[] = {{HD_SECTION_VALUES, 0, HD_FORM_ITEMS, 0},
                                        {HD_SECTION_VALUES, 2, HD_FORM_ITEMS, 0},
                                        {HD_SECTION_VALUES, 2, 1, HD_FORM_ITEMS},
                                        {HD_SECTION_IDS, 0, 5, 0},
                                        {HD_SECTION_SLOTS, 0, 5, 0},
                                        {HD_SECTION_REJECTS, 0, HD_FORM_REJECTS, 0},
                                        {HD_SECTION_REJECTS, 0, 2, HD_FORM_REJECTS}};
    enum { N = sizeof wanted / sizeof *wanted };
    hd_section *sections;
    cr_assert_eq(hd_form_sections(&counts, &sections), N);
    for (uint32_t i = 0; i < N; i++) {
        cr_expect_eq(sections[i].kind, wanted[i].kind, "section %u", i);
        cr_expect_eq(sections[i].of, wanted[i].of, "section %u", i);
        cr_expect_eq(sections[i].n, wanted[i].n, "section %u", i);
        cr_expect_eq(sections[i].first, wanted[i].first, "section %u", i);
    }
    hd_free(sections);
}

Test(form, nothing_has_no_sections)
{
    hd_section *sections;
    cr_assert_eq(hd_form_sections(&(hd_form_counts){.n_pools = 4, .n_sources = 1}, &sections), 0);
    hd_free(sections);
}

Test(form, width_holds_the_last_number)
{
    static const uint32_t n_values[] = {0, 255, 256, 65535, 65536, 16777215, 16777216, UINT32_MAX};
    static const unsigned widths[] = {1, 1, 2, 2, 3, 3, 4, 4};
    for (unsigned i = 0; i < 8; i++)
        cr_expect_eq(hd_form_width(n_values[i]), widths[i], "%u values", n_values[i]);
}

static hd_cursor cursor_of(hd_str bytes)
{
    return (hd_cursor){bytes.ptr, bytes.ptr + bytes.len_bytes, false};
}

Test(form, counts)
{
    hd_cursor c = cursor_of(HD_STR("\x00\x7F\x80\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"));
    cr_expect_eq(hd_take_count(&c), 0);
    cr_expect_eq(hd_take_count(&c), 127);
    cr_expect_eq(hd_take_count(&c), 128);
    cr_expect_eq(hd_take_count(&c), UINT64_MAX);
    cr_expect_eq(c.at, c.end);
    cr_expect_not(c.bad);
}

Test(form, a_count_that_does_not_end)
{
    static const hd_str cut[] = {
        {"", 0}, {"\x80", 1}, {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11}};
    for (unsigned i = 0; i < 3; i++) {
        hd_cursor c = cursor_of(cut[i]);
        cr_expect_eq(hd_take_count(&c), 0);
        cr_expect(c.bad, "%u", i);
        cr_expect_eq(hd_take_text(&c).len_bytes, 0);
    }
}

Test(form, a_count_above_its_limit)
{
    hd_cursor c = cursor_of(HD_STR("\x05\x06\x01"));
    cr_expect_eq(hd_take_count_to(&c, 5), 5);
    cr_expect_not(c.bad);
    cr_expect_eq(hd_take_count_to(&c, 5), 0);
    cr_expect(c.bad);
    cr_expect_eq(hd_take_count(&c), 0);
}

Test(form, texts_end_with_the_payload)
{
    hd_cursor c = cursor_of(HD_STR("\x02xy\x00\x03xy"));
    cr_expect(hd_str_eq(hd_take_text(&c), HD_STR("xy")));
    cr_expect_eq(hd_take_text(&c).len_bytes, 0);
    cr_expect_not(c.bad);
    cr_expect_eq(hd_take_text(&c).len_bytes, 0);
    cr_expect(c.bad);
}

Test(form, checksum_depends_on_all_that_is_around)
{
    hd_section_head head = {.kind = 2, .of = 1, .n = 3, .bytes = 4};
    uint8_t sum[HD_HASH128_BYTES], other[HD_HASH128_BYTES];
    hd_form_checksum(&head, 5, 6, "abcd", sum);
    hd_form_checksum(&head, 5, 6, "abce", other);
    cr_expect_arr_neq(sum, other, sizeof sum);
    hd_form_checksum(&head, 6, 6, "abcd", other);
    cr_expect_arr_neq(sum, other, sizeof sum);
    hd_form_checksum(&head, 5, 7, "abcd", other);
    cr_expect_arr_neq(sum, other, sizeof sum);
    head.of = 2;
    hd_form_checksum(&head, 5, 6, "abcd", other);
    cr_expect_arr_neq(sum, other, sizeof sum);
}

Test(form, program_names_what_decides)
{
    char program[HD_ARTEFACT_PROGRAM_BYTES];
    hd_artefact_program(program);
    cr_expect(strncmp(program, "hedui " HEDUI_VERSION ", icu ",
                      strlen("hedui " HEDUI_VERSION ", icu ")) == 0,
              "%s", program);
}

Test(form, key_mark_tells_keys_apart)
{
    uint8_t key[HD_KEY_BYTES] = {1};
    char mark[HD_ID_CHARS + 1], other[HD_ID_CHARS + 1];
    hd_artefact_key_mark(key, mark);
    key[31] = 1;
    hd_artefact_key_mark(key, other);
    cr_expect_str_neq(mark, other);
}
