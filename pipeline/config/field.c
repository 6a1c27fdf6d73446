#include "pipeline/field.h"

#include "pipeline/config/ruleset.h"

static const struct kind {
    const char *name;
    hd_type type;
    hd_mask_style mask;
} kinds[] = {
#define X(name, type, mask) {#name, HD_TYPE_##type, HD_MASK_##mask},
    HD_KINDS(X)
#undef X
};

static const struct kind *kind_of(hd_kind kind)
{
    HD_ASSERT((unsigned)kind < HD_N_KINDS);
    return &kinds[kind];
}

const char *hd_kind_name(hd_kind kind)
{
    return kind_of(kind)->name;
}

hd_mask_style hd_kind_mask(hd_kind kind)
{
    return kind_of(kind)->mask;
}

hd_type hd_kind_type(hd_kind kind)
{
    return kind_of(kind)->type;
}

const char *hd_state_name(hd_state state)
{
    static const char *const names[] = {
#define X(name) #name,
        HD_STATES(X)
#undef X
    };
    HD_ASSERT((unsigned)state < HD_N_STATES);
    return names[state];
}

const char *hd_reason_name(hd_reason reason)
{
    static const char *const names[] = {
#define X(name) #name,
        HD_REASONS(X)
#undef X
    };
    HD_ASSERT((unsigned)reason < HD_N_REASONS);
    return names[reason];
}
