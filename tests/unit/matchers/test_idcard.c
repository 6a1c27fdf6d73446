#include <criterion/criterion.h>
#include <stdio.h>

#include "base/hash.h"
#include "matchers/idcard.h"

/* GB 11643-1999, annex A. */
static const hd_str man = {"440524188001010014", 18}, woman = {"11010519491231002X", 18};

Test(idcard, vectors_of_the_standard)
{
    cr_assert_eq(hd_idcard_check(man.ptr), '4');
    cr_assert_eq(hd_idcard_check(woman.ptr), 'X');
    cr_assert(hd_idcard_valid(man));
    cr_assert(hd_idcard_valid(woman));
    cr_assert_eq(hd_idcard_birth_date(man), 18800101);
    cr_assert_eq(hd_idcard_birth_date(woman), 19491231);
    cr_assert_eq(hd_idcard_sex(man), '1');
    cr_assert_eq(hd_idcard_sex(woman), '2');
}

Test(idcard, shape)
{
    cr_assert(hd_idcard_shape(HD_STR("000000000000000000")));
    cr_assert(hd_idcard_shape(HD_STR("11010519491231002X")));
    cr_assert_not(hd_idcard_shape(HD_STR("11010519491231002x")));
    cr_assert_not(hd_idcard_shape(HD_STR("1101051949123100X2")));
    cr_assert_not(hd_idcard_shape(HD_STR("11010519491231002")));
    cr_assert_not(hd_idcard_shape(HD_STR("11010519491231002X0")));
    cr_assert_not(hd_idcard_shape(HD_STR(" 1010519491231002X")));
    cr_assert_not(hd_idcard_shape(HD_STR("11010519491231002Y")));
    cr_assert_not(hd_idcard_shape(HD_STR("110105491231002")));
    cr_assert_not(hd_idcard_shape(HD_STR("")));
    cr_assert_not(hd_idcard_shape(HD_STR_NULL));
}

Test(idcard, nothing_is_read_from_a_wrong_shape)
{
    hd_str short_one = HD_STR("11010519491231002");
    cr_assert_eq(hd_idcard_birth_date(short_one), 0);
    cr_assert_eq(hd_idcard_sex(short_one), 0);
    cr_assert_not(hd_idcard_valid(short_one));
    cr_assert_eq(hd_idcard_birth_date(HD_STR_NULL), 0);
}

/* With the right check digit each, so that the date alone is what is wrong. */
Test(idcard, birth_date_must_exist)
{
    static const char *const births[] = {"19810229", "19800431", "19801301", "19800001",
                                         "19800100", "00000101", "19000229"};
    for (size_t i = 0; i < sizeof births / sizeof *births; i++) {
        char id[19] = "530303";
        memcpy(id + 6, births[i], 8);
        memcpy(id + 14, "123", 3);
        id[17] = hd_idcard_check(id);
        cr_assert(hd_idcard_shape((hd_str){id, 18}));
        cr_assert_eq(hd_idcard_birth_date((hd_str){id, 18}), 0, "%s", births[i]);
        cr_assert_not(hd_idcard_valid((hd_str){id, 18}), "%s", births[i]);
    }
}

/* Sequences with a fixed birth date, so that a wrong digit of it is caught by the check digit or
 * as a date that does not exist, never passed. */
Test(idcard, every_wrong_digit_and_neighbour_swap_is_caught)
{
    for (uint64_t seed = 0; seed < 200; seed++) {
        char id[19];
        snprintf(
            id, sizeof id, "%06u19%02u%02u%02u%03u", (unsigned)(hd_hash_mix(seed, 1) % 1000000),
            (unsigned)(hd_hash_mix(seed, 2) % 100), (unsigned)(hd_hash_mix(seed, 3) % 12 + 1),
            (unsigned)(hd_hash_mix(seed, 4) % 28 + 1), (unsigned)(hd_hash_mix(seed, 5) % 1000));
        id[17] = hd_idcard_check(id);
        hd_str view = {id, 18};
        cr_assert(hd_idcard_valid(view));
        for (int i = 0; i < 18; i++) {
            char right = id[i];
            for (char c = '0'; c <= '9'; c++) {
                id[i] = c;
                cr_assert_eq(hd_idcard_valid(view), c == right);
            }
            id[i] = right;
        }
        for (int i = 0; i + 1 < 17; i++) {
            char left = id[i], right = id[i + 1];
            id[i] = right;
            id[i + 1] = left;
            cr_assert_eq(hd_idcard_valid(view), left == right);
            id[i] = left;
            id[i + 1] = right;
        }
    }
}
