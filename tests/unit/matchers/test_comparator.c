#include <criterion/criterion.h>
#include <math.h>

#include "matchers/comparator.h"
#include "text_sample.h"

/* What the contract promises, of every comparator on the list, over operands of the kind that it
 * takes. */

enum { N_TEXTS = 120, N_NAMES = 60 };

static text_sample samples[N_TEXTS];
static hd_han_name names[N_NAMES];
static hd_operand operand[N_TEXTS];

static const char *const chosen[] = {"",
                                     "张三",
                                     "張三",
                                     "张三丰",
                                     "Smith",
                                     "smith",
                                     "O'Brien",
                                     "Mary-Ann",
                                     "11010519491231002X",
                                     "110105194912310021",
                                     "110105491231002",
                                     "12;13",
                                     "13，12",
                                     "\xE5\xBC",
                                     "\xFF\xFE",
                                     "·"};

enum { N_CHOSEN = sizeof chosen / sizeof *chosen };

static hd_str text_at(uint32_t i)
{
    if (i < N_CHOSEN)
        return hd_str_from(chosen[i]);
    text_sample_make(&samples[i], i, i % 5 == 0 ? SAMPLE_CHARS : 6);
    return samples[i].view;
}

static uint32_t make_texts(void)
{
    for (uint32_t i = 0; i < N_TEXTS; i++)
        operand[i].text = text_at(i);
    return N_TEXTS;
}

static uint32_t make_two_texts(void)
{
    for (uint32_t i = 0; i < N_TEXTS; i++)
        operand[i].two_texts = (hd_two_texts){text_at(i), text_at((i * 7 + 1) % N_TEXTS)};
    return N_TEXTS;
}

static uint32_t make_numbers(void)
{
    static const double numbers[] = {0, -0.0, 1, -1, 0.1, 1e-300, 1e15, -1e300, 1e300, 7.5, 1980};
    uint32_t n = sizeof numbers / sizeof *numbers;
    for (uint32_t i = 0; i < n; i++)
        operand[i].number = numbers[i];
    return n;
}

static uint32_t make_dates(void)
{
    static const hd_date dates[] = {19800102, 19800201, 19800100, 19800000, 19791231, 20000229,
                                    10101,    99991231, 19800115, 20000200, 19000301, 19800015};
    uint32_t n = sizeof dates / sizeof *dates;
    for (uint32_t i = 0; i < n; i++)
        operand[i].date = dates[i];
    return n;
}

static uint32_t make_names(void)
{
    static hd_arena arena;
    uint32_t bad_line;
    const hd_han *han =
        hd_han_parse(&arena, HD_STR("张\t\tzhang1\t\t7\n張\t张\tzhang1\t\t11\n三\t\tsan1\t\t3\n"),
                     HD_STR("张\t\n"), &bad_line);
    cr_assert(han);
    for (uint32_t i = 0; i < N_NAMES; i++) {
        hd_han_name_prepare(han, text_at(i), &names[i]);
        operand[i].name = &names[i];
    }
    return N_NAMES;
}

static uint32_t (*const make[])(void) = {
    [HD_OPERAND_text] = make_texts,          [HD_OPERAND_number] = make_numbers,
    [HD_OPERAND_date] = make_dates,          [HD_OPERAND_name] = make_names,
    [HD_OPERAND_two_texts] = make_two_texts,
};

/* A name without a character says nothing, not even of itself. */
static bool says_nothing(const hd_comparator *c, uint32_t i)
{
    return c->takes == HD_OPERAND_name && operand[i].name->n == 0;
}

static void check(const hd_comparator *c, uint32_t i, uint32_t j)
{
    double there = c->compare(&operand[i], &operand[j]);
    cr_assert(isfinite(there) && there >= 0, "%s of %u and %u: %g", c->name, i, j, there);
    cr_assert(c->gives == HD_DISTANCE || there <= 1, "%s of %u and %u: %g", c->name, i, j, there);
    cr_assert(there == c->compare(&operand[j], &operand[i]), "%s of %u and %u", c->name, i, j);
    if (i == j && !says_nothing(c, i))
        cr_assert(there == (c->gives == HD_LIKENESS), "%s of %u and itself: %g", c->name, i, there);
}

Test(comparator, keeps_the_contract)
{
    for (uint32_t k = 0; k < HD_N_COMPARATORS; k++) {
        const hd_comparator *c = &hd_comparators[k];
        uint32_t n = make[c->takes]();
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t j = 0; j < n; j++)
                check(c, i, j);
    }
}

Test(comparator, exact)
{
    cr_assert_eq(hd_exact(HD_STR("张三"), HD_STR("张三")), 1);
    cr_assert_eq(hd_exact(HD_STR("张三"), HD_STR("張三")), 0);
}

Test(comparator, fields_in_either_order)
{
    hd_two_texts a = {HD_STR("mary"), HD_STR("smith")}, turned = {HD_STR("smith"), HD_STR("mary")};
    hd_two_texts slip = {HD_STR("smyth"), HD_STR("mary")}, other = {HD_STR("joan"), HD_STR("kerr")};
    cr_assert_eq(hd_either_order(a, turned), 1);
    cr_assert_gt(hd_either_order(a, slip), 0.9);
    cr_assert_lt(hd_either_order(a, other), 0.6);
}

Test(comparator, identity_numbers_by_how_they_differ)
{
    hd_str id = HD_STR("11010519491231002X");
    double one_digit = hd_idcard_similarity(id, HD_STR("110105194912310021"));
    double two_digits = hd_idcard_similarity(id, HD_STR("11010519491231013X"));
    cr_assert_eq(hd_idcard_similarity(id, id), 1);
    cr_assert_gt(hd_idcard_similarity(id, HD_STR("110105491231002")), one_digit);
    cr_assert_gt(one_digit, two_digits);
    cr_assert_gt(two_digits, 0);
    cr_assert_eq(hd_idcard_similarity(id, HD_STR("530303198001020015")), 0);
}
