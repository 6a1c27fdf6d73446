#include <criterion/criterion.h>

#include "base/mask.h"

static const struct {
    hd_mask_style style;
    const char *value, *expected;
} cases[] = {
    {HD_MASK_NONE, "男", "男"},
    {HD_MASK_NONE, NULL, ""},
    {HD_MASK_NAME, NULL, ""},
    {HD_MASK_NAME, "", ""},
    {HD_MASK_NAME, "张", "*"},
    {HD_MASK_NAME, "张丰", "张*"},
    {HD_MASK_NAME, "张三丰", "张*丰"},
    {HD_MASK_NAME, "欧阳修远", "欧**远"},
    {HD_MASK_NAME, "阿卜杜拉·买买提", "阿******提"},
    {HD_MASK_NAME, "𠀀𠀁𠀂", "𠀀*𠀂"},
    {HD_MASK_NAME, "张\xFF丰", "张*丰"},
    {HD_MASK_NUMBER, "11010119900307002X", "1101**********002X"},
    {HD_MASK_NUMBER, "110101900307002", "1101*******7002"},
    {HD_MASK_NUMBER, "123456789012", "1234****9012"},
    {HD_MASK_NUMBER, "13812345678", "138****5678"},
    {HD_MASK_NUMBER, "6220123456", "622*******"},
    {HD_MASK_NUMBER, "623456", "623***"},
    {HD_MASK_NUMBER, "62345", "62***"},
    {HD_MASK_NUMBER, "12", "1*"},
    {HD_MASK_NUMBER, "1", "*"},
    {HD_MASK_NUMBER, "", ""},
    {HD_MASK_DATE, "1980-05-06", "1980-**-**"},
    {HD_MASK_DATE, "1980/5/6", "1980/*/*"},
    {HD_MASK_DATE, "19800506", "1980****"},
    {HD_MASK_DATE, "1980", "1980"},
    {HD_MASK_DATE, "1980年5月6日", "1980年*月*日"},
    {HD_MASK_DATE, "80-05-06", "**-**-**"},
    {HD_MASK_DATE, "198", "***"},
    {HD_MASK_DATE, "一九八〇年五月", "****年*月"},
    {HD_MASK_DATE, "1980 about", "1980******"},
    {HD_MASK_DATE, NULL, ""},
    {HD_MASK_TEXT, "曲靖市麒麟区南宁街道", "曲靖市****"},
    {HD_MASK_TEXT, "曲靖市麒麟区", "曲靖市****"},
    {HD_MASK_TEXT, "曲靖市", "曲****"},
    {HD_MASK_TEXT, "曲", "****"},
    {HD_MASK_TEXT, NULL, ""},
    {(hd_mask_style)99, "张三丰", "****"},
};

Test(mask, styles)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hd_buf out = {0};
        hd_buf_add_char(&out, '<');
        hd_mask(&out, cases[i].style, hd_str_from(cases[i].value));
        cr_assert_str_eq(out.ptr + 1, cases[i].expected, "case %zu: %s", i, out.ptr);
        hd_buf_release(&out);
    }
}
