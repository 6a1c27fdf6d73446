#include "matchers/idcard.h"

#include "hedui/status.h"

enum { ID_CHARS = 18, OLD_DIGITS = 15, BIRTH_AT = 6, SEQUENCE_AT = 14, SEX_AT = 16 };

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
    int year = number(at, 4);
    if (year < HD_YEAR_FIRST || !hd_date_exists(year, number(at + 4, 2), number(at + 6, 2)))
        return 0;
    return number(at, 8);
}

bool hd_idcard_foreign(hd_str id)
{
    return hd_idcard_shape(id) && id.ptr[0] == '9';
}

bool hd_idcard_has_area(hd_str id)
{
    return hd_idcard_shape(id) && id.ptr[0] != '9';
}

hd_date hd_idcard_birth_date(hd_str id)
{
    return hd_idcard_has_area(id) ? birth_date(id) : 0;
}

bool hd_idcard_valid(hd_str id)
{
    return hd_idcard_shape(id) && (id.ptr[0] == '9' || birth_date(id) != 0) &&
           hd_idcard_check(id.ptr) == id.ptr[17];
}

char hd_idcard_sex(hd_str id)
{
    if (!hd_idcard_has_area(id))
        return 0;
    return (id.ptr[SEX_AT] - '0') % 2 ? '1' : '2';
}

/* ---- which document ---- */

static uint32_t n_digits(hd_str text)
{
    uint32_t n = 0;
    while (n < text.len_bytes && is_digit(text.ptr[n]))
        n++;
    return n;
}

static uint32_t n_letters(hd_str text)
{
    uint32_t n = 0;
    while (n < text.len_bytes && text.ptr[n] >= 'A' && text.ptr[n] <= 'Z')
        n++;
    return n;
}

static hd_id_type type_of_18(hd_str id)
{
    if (id.ptr[0] == '9')
        return HD_ID_TYPE_foreign_resident;
    if (hd_str_starts(id, HD_STR("810000")) || hd_str_starts(id, HD_STR("820000")))
        return HD_ID_TYPE_hong_kong_macao_resident;
    return hd_str_starts(id, HD_STR("830000")) ? HD_ID_TYPE_taiwan_resident : HD_ID_TYPE_citizen;
}

/* Letters and digits: nothing else, or one letter more, as passports of the Philippines have. */
static hd_id_type type_of_letters(hd_str id, uint32_t letters)
{
    hd_str rest = {id.ptr + letters, id.len_bytes - letters};
    uint32_t digits = n_digits(rest);
    hd_str tail = {rest.ptr + digits, rest.len_bytes - digits};
    if (tail.len_bytes == 1 && n_letters(tail) == 1 && letters == 1 && digits == 7)
        return HD_ID_TYPE_passport;
    if (tail.len_bytes)
        return HD_ID_TYPE_none;
    if (letters == 3)
        return digits == 12 ? HD_ID_TYPE_foreign_resident : HD_ID_TYPE_none;
    if (letters == 2)
        return digits >= 6 && digits <= 9 ? HD_ID_TYPE_passport : HD_ID_TYPE_none;
    if (digits == 8 && (id.ptr[0] == 'H' || id.ptr[0] == 'M'))
        return HD_ID_TYPE_hong_kong_macao_travel;
    if (digits == 9)
        return HD_ID_TYPE_birth_certificate;
    return digits == 7 || digits == 8 ? HD_ID_TYPE_passport : HD_ID_TYPE_none;
}

hd_id_type hd_idcard_type(hd_str id)
{
    static const char serial[] = "字第", end[] = "号";
    if (hd_idcard_shape(id))
        return type_of_18(id);
    uint32_t letters = n_letters(id), digits = n_digits(id);
    if (letters >= 1 && letters <= 3)
        return type_of_letters(id, letters);
    if (digits && digits == id.len_bytes)
        return digits == OLD_DIGITS ? HD_ID_TYPE_citizen
               : digits == 8        ? HD_ID_TYPE_taiwan_travel
                                    : HD_ID_TYPE_none;
    if (id.len_bytes < sizeof serial + sizeof end ||
        !memmem(id.ptr, id.len_bytes, serial, sizeof serial - 1) ||
        memcmp(id.ptr + id.len_bytes - (sizeof end - 1), end, sizeof end - 1) != 0)
        return HD_ID_TYPE_none;
    return hd_str_starts(id, HD_STR("武")) ? HD_ID_TYPE_armed_police : HD_ID_TYPE_military;
}

const char *hd_id_type_name(hd_id_type type)
{
    static const char *const names[] = {
#define X(name) #name,
        HD_ID_TYPES(X)
#undef X
    };
    HD_ASSERT(type < HD_N_ID_TYPES);
    return names[type];
}

/* ---- how two differ ---- */

/* 15 digits are the 18 without the century and the check digit. */
static bool is_same_old(hd_str old, hd_str id)
{
    return old.len_bytes == OLD_DIGITS && hd_idcard_has_area(id) &&
           memcmp(old.ptr, id.ptr, BIRTH_AT) == 0 &&
           memcmp(old.ptr + BIRTH_AT, id.ptr + BIRTH_AT + 2, 9) == 0;
}

static bool check_right(hd_str id)
{
    return hd_idcard_check(id.ptr) == id.ptr[ID_CHARS - 1];
}

/* At how many of 8 places two texts differ. */
static int n_of_8_differing(const char *a, const char *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    x ^= y;
    x = (x | ((x & UINT64_C(0x7F7F7F7F7F7F7F7F)) + UINT64_C(0x7F7F7F7F7F7F7F7F))) &
        UINT64_C(0x8080808080808080);
    return __builtin_popcountll(x);
}

static int n_differing(const char *a, const char *b)
{
    return n_of_8_differing(a, b) + n_of_8_differing(a + 8, b + 8) + (a[16] != b[16]) +
           (a[17] != b[17]);
}

/* Of two places that differ. */
static bool is_swap(const char *a, const char *b)
{
    int i = 0;
    while (a[i] == b[i])
        i++;
    return i + 1 < ID_CHARS && a[i] == b[i + 1] && a[i + 1] == b[i];
}

/* Most pairs that are compared are of two persons: they are seen off before anything is looked at
 * character by character. */
hd_id_difference hd_idcard_compare(hd_str a, hd_str b)
{
    if (hd_str_eq(a, b))
        return HD_ID_same;
    if (a.len_bytes != ID_CHARS || b.len_bytes != ID_CHARS)
        return is_same_old(a, b) || is_same_old(b, a) ? HD_ID_same_old : HD_ID_differs;
    int n = n_differing(a.ptr, b.ptr);
    bool same_sequence = memcmp(a.ptr + SEQUENCE_AT, b.ptr + SEQUENCE_AT, 3) == 0;
    if ((n > 2 && !same_sequence) || !hd_idcard_shape(a) || !hd_idcard_shape(b))
        return HD_ID_differs;
    if (n == 1)
        return HD_ID_one_digit;
    if (n == 2 && is_swap(a.ptr, b.ptr))
        return HD_ID_swapped;
    bool foreign = a.ptr[0] == '9' || b.ptr[0] == '9';
    bool same_area = memcmp(a.ptr, b.ptr, BIRTH_AT) == 0;
    bool same_date = memcmp(a.ptr + BIRTH_AT, b.ptr + BIRTH_AT, 8) == 0;
    if (!foreign && same_sequence && (same_area || same_date))
        return same_date ? HD_ID_except_area : HD_ID_except_date;
    return n == 2 && !(check_right(a) && check_right(b)) ? HD_ID_two_digits : HD_ID_differs;
}

/* Whatever stands for a sign that is hidden, it is no digit. */
static bool is_masked(hd_str id)
{
    uint32_t last = id.len_bytes - 1;
    if (id.len_bytes <= HD_ID_SHOWN_BYTES)
        return false;
    for (uint32_t i = 0; i < last; i++)
        if (is_digit(id.ptr[i]) != (i < BIRTH_AT || i + 4 >= id.len_bytes))
            return false;
    return is_digit(id.ptr[last]) || id.ptr[last] == 'X' || id.ptr[last] == 'x';
}

bool hd_idcard_shown(hd_str id, char out[HD_ID_SHOWN_BYTES])
{
    if (!hd_idcard_shape(id) && !is_masked(id))
        return false;
    memcpy(out, id.ptr, BIRTH_AT);
    memcpy(out + BIRTH_AT, id.ptr + id.len_bytes - 4, 4);
    if (out[HD_ID_SHOWN_BYTES - 1] == 'x')
        out[HD_ID_SHOWN_BYTES - 1] = 'X';
    return true;
}

uint64_t hd_idcard_pack(hd_str id)
{
    uint64_t packed = 0;
    if (!hd_idcard_shape(id))
        return 0;
    for (int i = 2; i < ID_CHARS; i++)
        packed = packed << 4 | (uint64_t)(id.ptr[i] == 'X' ? 10 : id.ptr[i] - '0');
    return packed;
}
