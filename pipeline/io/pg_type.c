#include "pipeline/io/pg_type.h"

#include <stdio.h>

#include "hedui/status.h"
#include "matchers/date.h"

hd_pg_type hd_pg_type_of(uint32_t oid)
{
    switch (oid) {
    case 16:
        return HD_PG_BOOL;
    case 20:
        return HD_PG_INT8;
    case 21:
        return HD_PG_INT2;
    case 23:
        return HD_PG_INT4;
    case HD_PG_TEXT_OID:
    case 1043: /* varchar */
        return HD_PG_TEXT;
    case 1042:
        return HD_PG_BPCHAR;
    case 1082:
        return HD_PG_DATE;
    case 1114:
        return HD_PG_TIMESTAMP;
    case 1700:
        return HD_PG_NUMERIC;
    case 2950:
        return HD_PG_UUID;
    default:
        return HD_PG_OTHER;
    }
}

static uint16_t read_u16(const char *ptr)
{
    const unsigned char *byte = (const unsigned char *)ptr;
    return (uint16_t)(byte[0] << 8 | byte[1]);
}

static uint32_t read_u32(const char *ptr)
{
    return (uint32_t)read_u16(ptr) << 16 | read_u16(ptr + 2);
}

static uint64_t read_u64(const char *ptr)
{
    return (uint64_t)read_u32(ptr) << 32 | read_u32(ptr + 4);
}

/* An encoding of a server has no blank inside a character. */
static hd_str trim_blanks(hd_str bytes)
{
    while (bytes.len_bytes && bytes.ptr[bytes.len_bytes - 1] == ' ')
        bytes.len_bytes--;
    return bytes;
}

static hd_str decode_integer(int64_t value, hd_buf *scratch)
{
    if (value < 0)
        hd_buf_add_char(scratch, '-');
    hd_buf_add_digits(scratch, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 1);
    return hd_buf_str(scratch);
}

static hd_str decode_bool(hd_str bytes)
{
    switch (bytes.ptr[0]) {
    case 0:
        return HD_STR("false");
    case 1:
        return HD_STR("true");
    default:
        return HD_STR_NULL;
    }
}

static hd_str decode_uuid(hd_str bytes, hd_buf *scratch)
{
    const char *ptr = bytes.ptr;
    hd_buf_addf(scratch, "%08x-%04x-%04x-%04x-%04x%08x", read_u32(ptr), read_u16(ptr + 4),
                read_u16(ptr + 6), read_u16(ptr + 8), read_u16(ptr + 10), read_u32(ptr + 12));
    return hd_buf_str(scratch);
}

/* ---- dates, of the proleptic Gregorian calendar ---- */

#define DAY_MICROSECONDS INT64_C(86400000000)

/* From 4714-11-24 BC, day 0 of the Julian period, until before 5874898-01-01 and before
 * 294277-01-01 (datatype/timestamp.h); in days and microseconds from 2000-01-01. */
#define DATE_FIRST INT32_C(-2451545)
#define DATE_END INT32_C(2145031949)
#define TIMESTAMP_FIRST (DATE_FIRST * DAY_MICROSECONDS)
#define TIMESTAMP_END INT64_C(9223371331200000000)

/* Adds "0001-12-31" and returns what follows the time of day. The calendar repeats every 400 years:
 * the day is found among those from 2000 on, and the year moved. */
static hd_str add_day(hd_buf *out, int64_t day)
{
    enum { PERIOD_DAYS = 146097, PERIOD_YEARS = 400 };
    int64_t period = day / PERIOD_DAYS - (day % PERIOD_DAYS < 0);
    int32_t days = hd_date_to_days(20000101) + (int32_t)(day - period * PERIOD_DAYS);
    hd_date date = hd_date_from_days(days);
    int year = date / 10000 + (int)period * PERIOD_YEARS;
    hd_buf_add_digits(out, (uint64_t)(year > 0 ? year : 1 - year), 4);
    hd_buf_add_char(out, '-');
    hd_buf_add_digits(out, (uint64_t)date / 100 % 100, 2);
    hd_buf_add_char(out, '-');
    hd_buf_add_digits(out, (uint64_t)date % 100, 2);
    return year > 0 ? HD_STR("") : HD_STR(" BC");
}

static hd_str decode_date(int32_t day, hd_buf *scratch)
{
    if (day == INT32_MIN)
        return HD_STR("-infinity");
    if (day == INT32_MAX)
        return HD_STR("infinity");
    if (day < DATE_FIRST || day >= DATE_END)
        return HD_STR_NULL;
    hd_buf_add(scratch, add_day(scratch, day));
    return hd_buf_str(scratch);
}

static void add_time(hd_buf *out, int64_t microseconds)
{
    int seconds = (int)(microseconds / 1000000), fraction = (int)(microseconds % 1000000);
    hd_buf_add_char(out, ' ');
    hd_buf_add_digits(out, (uint64_t)seconds / 3600, 2);
    hd_buf_add_char(out, ':');
    hd_buf_add_digits(out, (uint64_t)seconds / 60 % 60, 2);
    hd_buf_add_char(out, ':');
    hd_buf_add_digits(out, (uint64_t)seconds % 60, 2);
    if (fraction == 0)
        return;
    int digits = 6;
    for (; fraction % 10 == 0; fraction /= 10)
        digits--;
    hd_buf_add_char(out, '.');
    hd_buf_add_digits(out, (uint64_t)fraction, digits);
}

static hd_str decode_timestamp(int64_t microseconds, hd_buf *scratch)
{
    if (microseconds == INT64_MIN)
        return HD_STR("-infinity");
    if (microseconds == INT64_MAX)
        return HD_STR("infinity");
    if (microseconds < TIMESTAMP_FIRST || microseconds >= TIMESTAMP_END)
        return HD_STR_NULL;
    int64_t time = microseconds % DAY_MICROSECONDS;
    time += time < 0 ? DAY_MICROSECONDS : 0;
    hd_str era = add_day(scratch, (microseconds - time) / DAY_MICROSECONDS);
    add_time(scratch, time);
    hd_buf_add(scratch, era);
    return hd_buf_str(scratch);
}

/* ---- numeric ---- */

/* As sent: four numbers of 16 bits, then the digits of base 10000, the first of them worth
 * 10000^weight. Weight and scale bound how long the text can be. */
enum { NUMERIC_HEAD_BYTES = 8, NUMERIC_SCALE_MAX = 0x3FFF };
enum {
    NUMERIC_PLUS = 0,
    NUMERIC_MINUS = 0x4000,
    NUMERIC_NAN = 0xC000,
    NUMERIC_INFINITY = 0xD000,
    NUMERIC_MINUS_INFINITY = 0xF000
};

typedef struct numeric {
    const char *digits; /* two bytes each */
    int n_digits, weight, scale;
    uint16_t sign;
} numeric;

static int digit_at(const numeric *number, int position)
{
    return position >= 0 && position < number->n_digits ? read_u16(number->digits + 2 * position)
                                                        : 0;
}

/* False: no numeric. */
static bool read_numeric(hd_str bytes, numeric *out)
{
    if (bytes.len_bytes < NUMERIC_HEAD_BYTES)
        return false;
    *out = (numeric){.digits = bytes.ptr + NUMERIC_HEAD_BYTES,
                     .n_digits = read_u16(bytes.ptr),
                     .weight = (int16_t)read_u16(bytes.ptr + 2),
                     .sign = read_u16(bytes.ptr + 4),
                     .scale = read_u16(bytes.ptr + 6)};
    if (bytes.len_bytes - NUMERIC_HEAD_BYTES != 2 * (uint32_t)out->n_digits ||
        out->scale > NUMERIC_SCALE_MAX)
        return false;
    for (int i = 0; i < out->n_digits; i++)
        if (digit_at(out, i) > 9999)
            return false;
    return true;
}

static char *put_digit(char *out, int digit)
{
    for (int part = 1000; part; part /= 10)
        *out++ = (char)('0' + digit / part % 10);
    return out;
}

/* "12", or "0" where nothing stands before the point; room for one character more than digits. */
static char *put_whole(char *out, const numeric *number)
{
    char *begin = out, *first = out;
    *out++ = '0';
    for (int i = 0; i <= number->weight; i++)
        out = put_digit(out, digit_at(number, i));
    while (first + 1 < out && *first == '0')
        first++;
    memmove(begin, first, (size_t)(out - first));
    return begin + (out - first);
}

/* ".3400"; room for three characters more than the scale. */
static char *put_fraction(char *out, const numeric *number)
{
    if (number->scale == 0)
        return out;
    *out++ = '.';
    char *begin = out;
    for (int i = 0; i < number->scale; i += 4)
        out = put_digit(out, digit_at(number, number->weight + 1 + i / 4));
    return begin + number->scale;
}

static hd_str decode_finite(const numeric *number, hd_buf *scratch)
{
    size_t whole = number->weight < 0 ? 0 : 4 * ((size_t)number->weight + 1);
    hd_buf_reserve(scratch, whole + (size_t)number->scale + sizeof "-0.000");
    char *begin = scratch->ptr, *out = begin;
    *out++ = '-';
    out = put_fraction(put_whole(out, number), number);
    scratch->len_bytes = (size_t)(out - begin);
    *out = '\0';
    bool is_zero = strspn(begin + 1, "0.") == (size_t)(out - begin - 1);
    uint32_t skipped = number->sign == NUMERIC_PLUS || is_zero;
    return (hd_str){begin + skipped, (uint32_t)scratch->len_bytes - skipped};
}

static hd_str decode_numeric(hd_str bytes, hd_buf *scratch)
{
    numeric number;
    if (!read_numeric(bytes, &number))
        return HD_STR_NULL;
    switch (number.sign) {
    case NUMERIC_PLUS:
    case NUMERIC_MINUS:
        return decode_finite(&number, scratch);
    case NUMERIC_NAN:
        return HD_STR("NaN");
    case NUMERIC_INFINITY:
        return HD_STR("Infinity");
    case NUMERIC_MINUS_INFINITY:
        return HD_STR("-Infinity");
    default:
        return HD_STR_NULL;
    }
}

/* ---- any ---- */

static bool has_length(hd_pg_type type, uint32_t len_bytes)
{
    static const uint8_t fixed_bytes[] = {
        [HD_PG_INT2] = 2,      [HD_PG_INT4] = 4, [HD_PG_INT8] = 8, [HD_PG_DATE] = 4,
        [HD_PG_TIMESTAMP] = 8, [HD_PG_BOOL] = 1, [HD_PG_UUID] = 16};
    return fixed_bytes[type] == 0 || fixed_bytes[type] == len_bytes;
}

hd_str hd_pg_decode(hd_pg_type type, hd_str bytes, hd_buf *scratch)
{
    hd_buf_clear(scratch);
    if (!has_length(type, bytes.len_bytes))
        return HD_STR_NULL;
    switch (type) {
    case HD_PG_OTHER:
        break;
    case HD_PG_TEXT:
        return bytes;
    case HD_PG_BPCHAR:
        return trim_blanks(bytes);
    case HD_PG_INT2:
        return decode_integer((int16_t)read_u16(bytes.ptr), scratch);
    case HD_PG_INT4:
        return decode_integer((int32_t)read_u32(bytes.ptr), scratch);
    case HD_PG_INT8:
        return decode_integer((int64_t)read_u64(bytes.ptr), scratch);
    case HD_PG_NUMERIC:
        return decode_numeric(bytes, scratch);
    case HD_PG_DATE:
        return decode_date((int32_t)read_u32(bytes.ptr), scratch);
    case HD_PG_TIMESTAMP:
        return decode_timestamp((int64_t)read_u64(bytes.ptr), scratch);
    case HD_PG_BOOL:
        return decode_bool(bytes);
    case HD_PG_UUID:
        return decode_uuid(bytes, scratch);
    }
    HD_BUG("a value of a type that the server was to cast to text");
}
