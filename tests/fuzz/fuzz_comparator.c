/* Any two texts, parted by the first line feed, to every comparator of texts, of numbers and dates
 * that are read from them, and of two fields: each keeps the contract of matchers/comparator.h. */

#include "hedui/status.h"
#include "matchers/comparator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static hd_operand operand_of(hd_operand_kind kind, hd_str a, hd_str b)
{
    double number = 0;
    switch (kind) {
    case HD_OPERAND_text:
        return (hd_operand){.text = a};
    case HD_OPERAND_number:
        return hd_decimal_read(a, &number), (hd_operand){.number = number};
    case HD_OPERAND_date:
        return (hd_operand){.date = hd_idcard_birth_date(a)};
    case HD_OPERAND_two_texts:
        return (hd_operand){.two_texts = {a, b}};
    case HD_OPERAND_name: /* fuzz_han_name */
        break;
    }
    HD_BUG("no operand");
}

static void check(const hd_comparator *c, hd_str a, hd_str b)
{
    hd_operand x = operand_of(c->takes, a, b), y = operand_of(c->takes, b, a);
    double there = c->compare(&x, &y), same = c->compare(&x, &x);
    if (!(there >= 0 && there < 1e308 * 10))
        HD_BUG("promise broken: %s is finite", c->name);
    if (c->gives == HD_LIKENESS && there > 1)
        HD_BUG("promise broken: %s is at most 1", c->name);
    if (there != c->compare(&y, &x))
        HD_BUG("promise broken: %s is symmetric", c->name);
    if (same != (c->gives == HD_LIKENESS))
        HD_BUG("promise broken: %s of a value with itself", c->name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const char *text = (const char *)data;
    const char *border = n ? memchr(text, '\n', n) : NULL;
    if (!border || n > UINT32_MAX)
        return 0;
    hd_str a = {text, (uint32_t)(border - text)};
    hd_str b = {border + 1, (uint32_t)(n - a.len_bytes - 1)};
    for (uint32_t i = 0; i < HD_N_COMPARATORS; i++)
        if (hd_comparators[i].takes != HD_OPERAND_name)
            check(&hd_comparators[i], a, b);
    return 0;
}
