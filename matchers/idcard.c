#include "matchers/idcard.h"

enum { ID_CHARS = 18, BIRTH_AT = 6, SEX_AT = 16 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

char hd_idcard_check(const char digits17[17])
{
    static const unsigned char weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    unsigned sum = 0;
    for (int i = 0; i < 17; i++)
        sum += weights[i] * (unsigned)(digits17[i] - '0');
    return "10X98765432"[sum % 11];
}

bool hd_idcard_shape(hd_str id)
{
    if (id.len_bytes != ID_CHARS)
        return false;
    for (int i = 0; i < 17; i++) {
        if (!is_digit(id.ptr[i]))
            return false;
    }
    return is_digit(id.ptr[17]) || id.ptr[17] == 'X';
}

static int number(const char *digits, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

/* Of a number whose shape is right. */
static hd_date birth_date(hd_str id)
{
    const char *at = id.ptr + BIRTH_AT;
    if (!hd_date_exists(number(at, 4), number(at + 4, 2), number(at + 6, 2)))
        return 0;
    return number(at, 8);
}

hd_date hd_idcard_birth_date(hd_str id)
{
    return hd_idcard_shape(id) ? birth_date(id) : 0;
}

bool hd_idcard_valid(hd_str id)
{
    return hd_idcard_shape(id) && birth_date(id) != 0 && hd_idcard_check(id.ptr) == id.ptr[17];
}

char hd_idcard_sex(hd_str id)
{
    if (!hd_idcard_shape(id))
        return 0;
    return (id.ptr[SEX_AT] - '0') % 2 ? '1' : '2';
}
