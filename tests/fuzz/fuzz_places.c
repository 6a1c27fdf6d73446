/* Any bytes as tables of divisions, and any address by tables that are well formed: nothing breaks,
 * views lie inside the text, and keys are valid UTF-8. The first byte chooses which. */

#include "base/utf8.h"
#include "hedui/status.h"
#include "matchers/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const hd_divisions *small_divisions(void)
{
    static hd_arena arena;
    static const hd_divisions *divisions;
    hd_divisions_fault fault;
    if (!divisions)
        divisions = hd_divisions_parse(&arena,
                                       HD_STR("530000\t云南省\t\t\t\n"
                                              "530300\t曲靖市\t1997\t\t\n"
                                              "530323\t师宗县\t1997\t\t\n"
                                              "530303\t沾益区\t2016\t\t\n"),
                                       HD_STR("530323001\t丹凤街道\t丹凤镇\n"
                                              "530323001203\t新村村委会\n"),
                                       &fault);
    return divisions;
}

/* What was read is found again, and followed to an end. */
static void fuzz_tables(hd_str text)
{
    hd_arena arena = {0};
    hd_divisions_fault fault;
    const char *half = memchr(text.ptr, '\f', text.len_bytes);
    uint32_t n_bytes = half ? (uint32_t)(half - text.ptr) : text.len_bytes;
    hd_str places = {text.ptr + n_bytes, text.len_bytes - n_bytes};
    const hd_divisions *divisions =
        hd_divisions_parse(&arena, (hd_str){text.ptr, n_bytes}, places, &fault);
    if (!divisions)
        HD_ASSERT(fault.line && fault.what);
    for (uint32_t i = 0; divisions && i + 6 <= text.len_bytes; i++) {
        hd_division_code code = hd_division_read((hd_str){text.ptr + i, 6});
        char digits[HD_DIVISION_DIGITS];
        if (code == 0)
            continue;
        HD_ASSERT(hd_division_read((hd_str){digits, hd_division_print(code, digits)}) == code);
        hd_divisions_held(divisions, code, 2000);
        hd_divisions_current(divisions, code);
        hd_divisions_match(divisions, (hd_str){text.ptr + i, text.len_bytes - i}, code);
    }
    hd_arena_release(&arena);
}

static void check_part(hd_str text, hd_str part)
{
    if (part.ptr)
        HD_ASSERT(part.ptr >= text.ptr && part.len_bytes > 0 &&
                  part.ptr + part.len_bytes <= text.ptr + text.len_bytes);
}

static void fuzz_address(hd_str text)
{
    hd_address a;
    hd_buf out = {0};
    hd_address_parse(small_divisions(), text, &a);
    check_part(text, a.township);
    check_part(text, a.village);
    check_part(text, a.group);
    check_part(text, a.road);
    check_part(text, a.house);
    check_part(text, hd_address_repeated(small_divisions(), text));
    hd_address_village_key(&a, &out);
    hd_address_house_key(&a, &out);
    HD_ASSERT(hd_utf8_valid(hd_buf_str(&out)));
    hd_buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 1 || n > UINT32_MAX)
        return 0;
    hd_str text = {(const char *)data + 1, (uint32_t)n - 1};
    if (!hd_utf8_valid(text))
        return 0;
    if (data[0] % 2)
        fuzz_address(text);
    else
        fuzz_tables(text);
    return 0;
}
