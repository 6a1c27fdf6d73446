/* Any two texts, parted by the first line feed, as identity numbers: the comparison is symmetric,
 * says "same" of equal texts alone, and what is read from one agrees with what it is. */

#include "hedui/status.h"
#include "matchers/idcard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_one(hd_str id)
{
    hd_id_type type = hd_idcard_type(id);
    HD_ASSERT(type < HD_N_ID_TYPES && hd_id_type_name(type)[0]);
    if (hd_idcard_valid(id))
        HD_ASSERT(hd_idcard_shape(id) && type != HD_ID_TYPE_none);
    if (hd_idcard_sex(id) || hd_idcard_birth_date(id))
        HD_ASSERT(hd_idcard_has_area(id) && !hd_idcard_foreign(id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const char *text = (const char *)data;
    const char *border = n ? memchr(text, '\n', n) : NULL;
    if (!border || n > UINT32_MAX)
        return 0;
    hd_str a = {text, (uint32_t)(border - text)};
    hd_str b = {border + 1, (uint32_t)(n - a.len_bytes - 1)};
    check_one(a);
    check_one(b);
    hd_id_difference difference = hd_idcard_compare(a, b);
    HD_ASSERT(difference < HD_N_ID_DIFFERENCES && difference == hd_idcard_compare(b, a));
    HD_ASSERT((difference == HD_ID_same) == hd_str_eq(a, b));
    if (hd_idcard_valid(a) && hd_idcard_valid(b))
        HD_ASSERT(difference != HD_ID_one_digit && difference != HD_ID_swapped &&
                  difference != HD_ID_two_digits);
    return 0;
}
