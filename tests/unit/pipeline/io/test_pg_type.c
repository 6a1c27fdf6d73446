#include "pipeline/io/pg_type.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static hd_buf scratch;

static void teardown(void)
{
    hd_buf_release(&scratch);
}

TestSuite(pg_type, .fini = teardown);

static void expect_bytes(hd_pg_type type, hd_str bytes, const char *want)
{
    hd_str got = hd_pg_decode(type, bytes, &scratch);
    if (!want)
        cr_expect_null(got.ptr, "type %d: \"%.*s\" of bytes that are no value", type, HD_ARG(got));
    else
        cr_expect(got.ptr && hd_str_eq(got, hd_str_from(want)), "type %d: \"%.*s\", not \"%s\"",
                  type, HD_ARG(got), want);
}

/* `hex`: digits, blanks do not count. A copy of exactly the length, so that AddressSanitizer sees a
 * read past the end. `want` NULL: no value. */
static void expect(hd_pg_type type, const char *hex, const char *want)
{
    char *bytes = malloc(strlen(hex) + 1);
    uint32_t n = 0;
    unsigned byte;
    for (int used; sscanf(hex, " %2x%n", &byte, &used) == 1; hex += used)
        bytes[n++] = (char)byte;
    bytes = realloc(bytes, n ? n : 1);
    expect_bytes(type, (hd_str){bytes, n}, want);
    free(bytes);
}

static void expect_days(int32_t days, const char *want)
{
    char hex[16];
    snprintf(hex, sizeof hex, "%08x", (uint32_t)days);
    expect(HD_PG_DATE, hex, want);
}

static void expect_microseconds(int64_t microseconds, const char *want)
{
    char hex[24];
    snprintf(hex, sizeof hex, "%016llx", (unsigned long long)microseconds);
    expect(HD_PG_TIMESTAMP, hex, want);
}

Test(pg_type, a_closed_list_of_types)
{
    static const struct {
        uint32_t oid;
        hd_pg_type type;
    } cases[] = {
        {16, HD_PG_BOOL},        {20, HD_PG_INT8},          {21, HD_PG_INT2},
        {23, HD_PG_INT4},        {25, HD_PG_TEXT},          {1043, HD_PG_TEXT},
        {1042, HD_PG_BPCHAR},    {1082, HD_PG_DATE},        {2950, HD_PG_UUID},
        {1114, HD_PG_TIMESTAMP}, {1700, HD_PG_NUMERIC},     {18, HD_PG_OTHER}, /* "char" */
        {19, HD_PG_OTHER},                                                     /* name */
        {26, HD_PG_OTHER},                                                     /* oid */
        {1184, HD_PG_OTHER}, /* timestamptz: depends on the session's zone */
        {700, HD_PG_OTHER},  /* float4 */
        {0, HD_PG_OTHER},        {UINT32_MAX, HD_PG_OTHER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(hd_pg_type_of(cases[i].oid), cases[i].type, "oid %u", cases[i].oid);
}

Test(pg_type, texts_are_views)
{
    hd_str text = HD_STR(" \xE5\xBC\xA0 "), empty = HD_STR("");
    hd_str got = hd_pg_decode(HD_PG_TEXT, text, &scratch);
    cr_expect_eq(got.ptr, text.ptr);
    cr_expect_eq(got.len_bytes, text.len_bytes);
    got = hd_pg_decode(HD_PG_TEXT, empty, &scratch);
    cr_expect_eq(got.ptr, empty.ptr);
}

Test(pg_type, bpchar_loses_its_trailing_blanks)
{
    expect_bytes(HD_PG_BPCHAR, HD_STR(" a b  "), " a b");
    expect_bytes(HD_PG_BPCHAR, HD_STR("ab"), "ab");
    expect_bytes(HD_PG_BPCHAR, HD_STR("a\t\n "), "a\t\n");
    expect_bytes(HD_PG_BPCHAR, HD_STR("   "), "");
    expect_bytes(HD_PG_BPCHAR, HD_STR(""), "");
}

Test(pg_type, integers)
{
    expect(HD_PG_INT2, "0000", "0");
    expect(HD_PG_INT2, "7fff", "32767");
    expect(HD_PG_INT2, "8000", "-32768");
    expect(HD_PG_INT4, "00000001", "1");
    expect(HD_PG_INT4, "7fffffff", "2147483647");
    expect(HD_PG_INT4, "80000000", "-2147483648");
    expect(HD_PG_INT8, "ffffffffffffffff", "-1");
    expect(HD_PG_INT8, "7fffffffffffffff", "9223372036854775807");
    expect(HD_PG_INT8, "8000000000000000", "-9223372036854775808");
}

Test(pg_type, integers_of_another_length_are_none)
{
    expect(HD_PG_INT2, "", NULL);
    expect(HD_PG_INT2, "00", NULL);
    expect(HD_PG_INT2, "000000", NULL);
    expect(HD_PG_INT4, "0000", NULL);
    expect(HD_PG_INT4, "0000000000", NULL);
    expect(HD_PG_INT8, "00000000", NULL);
    expect(HD_PG_INT8, "000000000000000000", NULL);
}

Test(pg_type, bool_as_a_cast_writes_it)
{
    expect(HD_PG_BOOL, "00", "false");
    expect(HD_PG_BOOL, "01", "true");
    expect(HD_PG_BOOL, "02", NULL);
    expect(HD_PG_BOOL, "ff", NULL);
    expect(HD_PG_BOOL, "", NULL);
    expect(HD_PG_BOOL, "0001", NULL);
}

Test(pg_type, uuid)
{
    expect(HD_PG_UUID, "00112233445566778899AABBCCDDEEFF", "00112233-4455-6677-8899-aabbccddeeff");
    expect(HD_PG_UUID, "00000000000000000000000000000000", "00000000-0000-0000-0000-000000000000");
    expect(HD_PG_UUID, "", NULL);
    expect(HD_PG_UUID, "00112233445566778899AABBCCDDEE", NULL);
    expect(HD_PG_UUID, "00112233445566778899AABBCCDDEEFF00", NULL);
}

/* ---- date ---- */

Test(pg_type, dates)
{
    expect_days(0, "2000-01-01");
    expect_days(-1, "1999-12-31");
    expect_days(59, "2000-02-29");
    expect_days(60, "2000-03-01");
    expect_days(36584, "2100-03-01"); /* 2100 has no leap day */
    expect_days(-7305, "1980-01-01");
}

Test(pg_type, dates_before_the_year_1_and_after_9999)
{
    expect_days(-730119, "0001-01-01");
    expect_days(-730120, "0001-12-31 BC");
    expect_days(-730485, "0001-01-01 BC");
    expect_days(-730486, "0002-12-31 BC");
    expect_days(2921939, "9999-12-31");
    expect_days(2921940, "10000-01-01");
}

Test(pg_type, dates_at_and_beyond_the_ends)
{
    expect_days(-2451545, "4714-11-24 BC");
    expect_days(-2451546, NULL);
    expect_days(2145031948, "5874897-12-31");
    expect_days(2145031949, NULL);
    expect_days(INT32_MAX - 1, NULL);
    expect_days(INT32_MIN + 1, NULL);
    expect_days(INT32_MAX, "infinity");
    expect_days(INT32_MIN, "-infinity");
}

Test(pg_type, dates_of_another_length_are_none)
{
    expect(HD_PG_DATE, "", NULL);
    expect(HD_PG_DATE, "000000", NULL);
    expect(HD_PG_DATE, "0000000000000000", NULL);
}

/* ---- timestamp ---- */

Test(pg_type, timestamps)
{
    expect_microseconds(0, "2000-01-01 00:00:00");
    expect_microseconds(86399000000, "2000-01-01 23:59:59");
    expect_microseconds(-1000000, "1999-12-31 23:59:59");
    expect_microseconds(86400000000, "2000-01-02 00:00:00");
    expect_microseconds(-86400000000, "1999-12-31 00:00:00");
}

Test(pg_type, fractions_of_a_second_lose_trailing_zeros)
{
    expect_microseconds(1, "2000-01-01 00:00:00.000001");
    expect_microseconds(120, "2000-01-01 00:00:00.00012");
    expect_microseconds(500000, "2000-01-01 00:00:00.5");
    expect_microseconds(-1, "1999-12-31 23:59:59.999999");
    expect_microseconds(-999990, "1999-12-31 23:59:59.00001");
}

Test(pg_type, timestamps_before_the_year_1_and_after_9999)
{
    expect_microseconds(-730119 * INT64_C(86400000000) - 1, "0001-12-31 23:59:59.999999 BC");
    expect_microseconds(2921940 * INT64_C(86400000000), "10000-01-01 00:00:00");
}

Test(pg_type, timestamps_at_and_beyond_the_ends)
{
    expect_microseconds(-211813488000000000, "4714-11-24 00:00:00 BC");
    expect_microseconds(-211813488000000001, NULL);
    expect_microseconds(9223371331199999999, "294276-12-31 23:59:59.999999");
    expect_microseconds(9223371331200000000, NULL);
    expect_microseconds(INT64_MAX - 1, NULL);
    expect_microseconds(INT64_MIN + 1, NULL);
    expect_microseconds(INT64_MAX, "infinity");
    expect_microseconds(INT64_MIN, "-infinity");
}

Test(pg_type, timestamps_of_another_length_are_none)
{
    expect(HD_PG_TIMESTAMP, "", NULL);
    expect(HD_PG_TIMESTAMP, "00000000", NULL);
    expect(HD_PG_TIMESTAMP, "000000000000000000", NULL);
}

/* ---- numeric: number of digits, weight, sign, scale, digits ---- */

Test(pg_type, numeric_whole)
{
    expect(HD_PG_NUMERIC, "0000 0000 0000 0000", "0");
    expect(HD_PG_NUMERIC, "0001 0000 0000 0000 0001", "1");
    expect(HD_PG_NUMERIC, "0001 0000 4000 0000 04d2", "-1234");
    expect(HD_PG_NUMERIC, "0001 0001 0000 0000 0001", "10000"); /* zeros at the end are not sent */
    expect(HD_PG_NUMERIC, "0002 0001 0000 0000 0001 0002", "10002");
    expect(HD_PG_NUMERIC, "0005 0004 0000 0000 0035 012f 07bc 0065 000b", "530303198001010011");
}

Test(pg_type, numeric_shows_its_scale)
{
    expect(HD_PG_NUMERIC, "0000 0000 0000 0002", "0.00");
    expect(HD_PG_NUMERIC, "0001 0000 0000 0003 0001", "1.000");
    expect(HD_PG_NUMERIC, "0002 0000 4000 0002 0001 1388", "-1.50");
    expect(HD_PG_NUMERIC, "0002 0000 0000 0005 0001 04d2", "1.12340");
    expect(HD_PG_NUMERIC, "0001 ffff 0000 0001 1388", "0.5");
    expect(HD_PG_NUMERIC, "0001 ffff 4000 0004 0001", "-0.0001");
    expect(HD_PG_NUMERIC, "0001 fffe 0000 0006 0064", "0.000001");
}

Test(pg_type, numeric_without_a_number)
{
    expect(HD_PG_NUMERIC, "0000 0000 C000 0000", "NaN");
    expect(HD_PG_NUMERIC, "0000 0000 D000 0020", "Infinity"); /* the scale that a server sends */
    expect(HD_PG_NUMERIC, "0000 0000 F000 0020", "-Infinity");
}

/* What no server sends, but its numeric_recv takes. */
Test(pg_type, numeric_that_is_not_in_its_shortest_form)
{
    expect(HD_PG_NUMERIC, "0003 0002 0000 0000 0000 0000 0005", "5");
    expect(HD_PG_NUMERIC, "0002 0000 4000 0000 0005 0000", "-5");
    expect(HD_PG_NUMERIC, "0002 0000 0000 0002 0005 162e", "5.56"); /* 5.5678: cut, not rounded */
    expect(HD_PG_NUMERIC, "0001 0000 4000 0001 0000", "0.0");
    expect(HD_PG_NUMERIC, "0001 ffff 4000 0002 0001", "0.00");
}

Test(pg_type, numeric_at_the_limits_of_its_fields)
{
    hd_str got =
        hd_pg_decode(HD_PG_NUMERIC, HD_STR("\0\1\x7F\xFF\x40\0\x3F\xFF\x27\x0F"), &scratch);
    cr_assert_eq(got.len_bytes, 1 + 131072 + 1 + 16383);
    cr_expect(hd_str_starts(got, HD_STR("-999900000")));
    cr_expect_eq(got.ptr[1 + 131072], '.');
    cr_expect_eq(got.ptr[got.len_bytes - 1], '0');
    expect(HD_PG_NUMERIC, "0001 0000 0000 4000 0001", NULL); /* a scale with a bit too many */
    expect(HD_PG_NUMERIC, "0001 8000 0000 0004 0001", "0.0000");
}

Test(pg_type, numeric_of_wrong_parts_is_none)
{
    expect(HD_PG_NUMERIC, "0001 0000 0000 0000 2710", NULL); /* 10000 is no digit */
    expect(HD_PG_NUMERIC, "0001 0000 0000 0000 ffff", NULL);
    expect(HD_PG_NUMERIC, "0001 0000 0001 0000 0001", NULL); /* nor 1 a sign */
    expect(HD_PG_NUMERIC, "0001 0000 8000 0000 0001", NULL);
    expect(HD_PG_NUMERIC, "0001 0000 E000 0000 0001", NULL);
}

Test(pg_type, numeric_of_another_length_is_none)
{
    expect(HD_PG_NUMERIC, "", NULL);
    expect(HD_PG_NUMERIC, "0000 0000 0000 00", NULL);
    expect(HD_PG_NUMERIC, "0000 0000 0000 0000 00", NULL);
    expect(HD_PG_NUMERIC, "0001 0000 0000 0000", NULL);
    expect(HD_PG_NUMERIC, "0001 0000 0000 0000 00", NULL);
    expect(HD_PG_NUMERIC, "0001 0000 0000 0000 0001 0002", NULL);
    expect(HD_PG_NUMERIC, "ffff 0000 0000 0000 0001", NULL);
}

Test(pg_type, the_scratch_is_used_again)
{
    expect(HD_PG_INT4, "00000001", "1");
    expect(HD_PG_DATE, "00000000", "2000-01-01");
    expect(HD_PG_NUMERIC, "0001 0000 4000 0000 0007", "-7");
    expect(HD_PG_INT4, "00000002", "2");
}

Test(pg_type, a_type_to_be_cast_is_not_decoded, .exit_code = 70)
{
    hd_pg_decode(HD_PG_OTHER, HD_STR("x"), &scratch);
}
