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
    static const char *const births[] = {
        "19810229", "19800431", "19801301", "19800001",
        "19800100", "00000101", "19000229", "09760619"}; /* the last long before anybody had one */
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

Test(idcard, foreign_residents_tell_nothing_but_the_check)
{
    hd_str id = HD_STR("911124198108030024");
    cr_assert(hd_idcard_valid(id));
    cr_assert(hd_idcard_foreign(id));
    cr_assert_eq(hd_idcard_birth_date(id), 0);
    cr_assert_eq(hd_idcard_sex(id), 0);
    cr_assert_not(hd_idcard_has_area(id));
    cr_assert_not(hd_idcard_valid(HD_STR("911124198108030025")));
    cr_assert(hd_idcard_has_area(man));
    cr_assert_not(hd_idcard_foreign(man));
}

Test(idcard, types)
{
    static const struct {
        const char *id;
        hd_id_type type;
    } cases[] = {
        {"11010519491231002X", HD_ID_TYPE_citizen},
        {"110105194912310021", HD_ID_TYPE_citizen},
        {"110105491231996", HD_ID_TYPE_citizen},
        {"810000199408230021", HD_ID_TYPE_hong_kong_macao_resident},
        {"820000199408230021", HD_ID_TYPE_hong_kong_macao_resident},
        {"830000199201300022", HD_ID_TYPE_taiwan_resident},
        {"911124198108030024", HD_ID_TYPE_foreign_resident},
        {"USA310101198001", HD_ID_TYPE_foreign_resident},
        {"H12345678", HD_ID_TYPE_hong_kong_macao_travel},
        {"M12345678", HD_ID_TYPE_hong_kong_macao_travel},
        {"01234567", HD_ID_TYPE_taiwan_travel},
        {"E12345678", HD_ID_TYPE_passport},
        {"EA1234567", HD_ID_TYPE_passport},
        {"MA123456", HD_ID_TYPE_passport},
        {"P1234567A", HD_ID_TYPE_passport},
        {"X320101001", HD_ID_TYPE_birth_certificate},
        {"军字第0012345号", HD_ID_TYPE_military},
        {"武字第0012345号", HD_ID_TYPE_armed_police},
        {"军字第0012345", HD_ID_TYPE_none},
        {"字第号", HD_ID_TYPE_none},
        {"E12", HD_ID_TYPE_none},
        {"ABCD12345678", HD_ID_TYPE_none},
        {"USA31010119800", HD_ID_TYPE_none},
        {"P1234567AB", HD_ID_TYPE_none},
        {"1234567", HD_ID_TYPE_none},
        {"A", HD_ID_TYPE_none},
        {"", HD_ID_TYPE_none},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(hd_idcard_type(hd_str_from(cases[i].id)), cases[i].type, "%s", cases[i].id);
    cr_assert_eq(hd_idcard_type(HD_STR_NULL), HD_ID_TYPE_none);
    cr_assert_str_eq(hd_id_type_name(HD_ID_TYPE_taiwan_travel), "taiwan_travel");
}

/* ---- how two differ ---- */

Test(idcard, differences)
{
    static const struct {
        const char *a, *b;
        hd_id_difference difference;
    } cases[] = {
        {"11010519491231002X", "11010519491231002X", HD_ID_same},
        {"E12345678", "E12345678", HD_ID_same},
        {"11010519491231002X", "110105491231002", HD_ID_same_old},
        {"440524188001010014", "440524800101001", HD_ID_same_old}, /* born before 1900 */
        {"11010519491231002X", "110105491231003", HD_ID_differs},
        {"11010519491231002X", "110105194912310021", HD_ID_one_digit}, /* the check digit */
        {"11010519491231002X", "11010519491231003X", HD_ID_one_digit},
        {"11010519491231002X", "21010519491231002X", HD_ID_one_digit},
        {"11010519491231002X", "11010519492131002X", HD_ID_swapped},
        {"11010519491231002X", "1101051949123100X2", HD_ID_differs}, /* no number at all */
        {"11010519491231002X", "53030319491231002X", HD_ID_except_area},
        {"11010519491231002X", "530303194912310024", HD_ID_except_area}, /* both right */
        {"11010519491231002X", "11010519800102002X", HD_ID_except_date},
        {"11010519491231002X", "110105198001020025", HD_ID_except_date},
        {"11010519491231002X", "11010519491231004X", HD_ID_one_digit},
        {"11010519491231002X", "11010519491231013X", HD_ID_two_digits},
        {"11010519491231002X", "110105194912310031", HD_ID_two_digits},
        {"11010519491231002X", "110105194912310046", HD_ID_differs}, /* the next in the sequence */
        {"11010519491231002X", "11010519491231117X", HD_ID_differs}, /* three digits */
        {"E12345678", "E12345679", HD_ID_differs},
        {"911124198108030024", "911124199108030024", HD_ID_one_digit},
        {"911124198108030024", "911124199209040024", HD_ID_differs}, /* no date is read */
        {"", "11010519491231002X", HD_ID_differs},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hd_str a = hd_str_from(cases[i].a), b = hd_str_from(cases[i].b);
        cr_expect_eq(hd_idcard_compare(a, b), cases[i].difference, "%s %s", cases[i].a, cases[i].b);
        cr_expect_eq(hd_idcard_compare(b, a), cases[i].difference, "%s %s", cases[i].b, cases[i].a);
    }
}

/* Two right check digits: never a slip. */
Test(idcard, two_valid_numbers_are_no_slip_of_each_other)
{
    char id[2][19] = {"530303198001020000", "530303198001020000"};
    for (int first = 0; first < 1000; first += 7) {
        for (int second = 0; second < 1000; second++) {
            int sequence[2] = {first, second};
            for (int i = 0; i < 2; i++) {
                snprintf(id[i] + 14, 5, "%03d0", sequence[i]);
                id[i][17] = hd_idcard_check(id[i]);
            }
            hd_id_difference found = hd_idcard_compare((hd_str){id[0], 18}, (hd_str){id[1], 18});
            cr_assert_eq(found, first == second ? HD_ID_same : HD_ID_differs);
        }
    }
}

Test(idcard, compare_is_symmetric_for_anything)
{
    static const char signs[] = "0123456789XH";
    char text[2][19] = {"", ""};
    for (uint64_t seed = 0; seed < 200000; seed++) {
        for (int i = 0; i < 18; i++) {
            text[0][i] = signs[hd_hash_mix(seed, (uint64_t)i) % 10];
            bool changed = hd_hash_mix(seed, (uint64_t)i + 100) % 9 == 0;
            text[1][i] = changed ? signs[hd_hash_mix(seed, (uint64_t)i + 200) % 12] : text[0][i];
        }
        static const uint32_t lengths[] = {18, 18, 18, 15, 8};
        hd_str a = {text[0], lengths[hd_hash_mix(seed, 300) % 5]};
        hd_str b = {text[1], lengths[hd_hash_mix(seed, 301) % 5]};
        cr_assert_eq(hd_idcard_compare(a, b), hd_idcard_compare(b, a));
        cr_assert_eq(hd_idcard_compare(a, a), HD_ID_same);
        if (hd_idcard_packed_differ(hd_idcard_pack(a), hd_idcard_pack(b)))
            cr_assert_eq(hd_idcard_compare(a, b), HD_ID_differs);
    }
}

Test(idcard, packed_numbers_of_two_persons_differ)
{
    uint64_t packed = hd_idcard_pack(man);
    cr_expect(hd_idcard_packed_differ(packed, hd_idcard_pack(woman)));
    cr_expect_not(hd_idcard_packed_differ(packed, packed));
    cr_expect_not(hd_idcard_packed_differ(packed, hd_idcard_pack(HD_STR("440524188001010017"))));
    cr_expect_eq(hd_idcard_pack(HD_STR("440524880101001")), 0, "of another shape");
    cr_expect_not(hd_idcard_packed_differ(packed, 0), "which says nothing");
}
