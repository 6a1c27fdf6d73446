#include <criterion/criterion.h>

#include "pipeline/config/ruleset.h"

Test(field, names_are_those_of_the_rules)
{
    cr_assert_str_eq(hd_kind_name(HD_KIND_name), "name");
    cr_assert_str_eq(hd_kind_name(HD_KIND_id_number), "id_number");
    cr_assert_str_eq(hd_kind_name(HD_KIND_text), "text");
    cr_assert_str_eq(hd_state_name(HD_STATE_ok), "ok");
    cr_assert_str_eq(hd_state_name(HD_N_STATES - 1), "missing");
    cr_assert_str_eq(hd_reason_name(HD_REASON_width), "width");
    cr_assert_str_eq(hd_reason_name(HD_REASON_id_checksum), "id_checksum");
    cr_assert_str_eq(hd_reason_name(HD_REASON_too_long), "too_long");
    cr_assert_leq(HD_N_REASONS, 32, "reasons are bits of 32");
}

Test(field, a_kind_has_a_type_and_a_mask)
{
    cr_assert_eq(hd_kind_type(HD_KIND_date), HD_TYPE_DATE);
    cr_assert_eq(hd_kind_type(HD_KIND_household), HD_TYPE_TEXT);
    cr_assert_eq(hd_kind_mask(HD_KIND_name), HD_MASK_NAME);
    cr_assert_eq(hd_kind_mask(HD_KIND_sex), HD_MASK_NONE);
    cr_assert_eq(hd_kind_mask(HD_KIND_household), HD_MASK_TEXT);
}

Test(field, unknown_kind_is_a_bug, .exit_code = 70)
{
    hd_kind_name(HD_N_KINDS);
}

Test(field, unknown_state_is_a_bug, .exit_code = 70)
{
    hd_state_name(HD_N_STATES);
}

Test(field, unknown_reason_is_a_bug, .exit_code = 70)
{
    hd_reason_name(HD_N_REASONS);
}
