#include "pipeline/field.h"

#include "pipeline/config/ruleset.h"

const char *hd_kind_name(hd_kind kind)
{
    static const char *const names[] = {
#define X(name, type, mask) #name,
        HD_KINDS(X)
#undef X
    };
    HD_ASSERT((unsigned)kind < HD_N_KINDS);
    return names[kind];
}

hd_mask_style hd_kind_mask(hd_kind kind)
{
    static const hd_mask_style styles[] = {
#define X(name, type, mask) HD_MASK_##mask,
        HD_KINDS(X)
#undef X
    };
    HD_ASSERT((unsigned)kind < HD_N_KINDS);
    return styles[kind];
}

hd_type hd_kind_type(hd_kind kind)
{
    static const hd_type types[] = {
#define X(name, type, mask) HD_TYPE_##type,
        HD_KINDS(X)
#undef X
    };
    HD_ASSERT((unsigned)kind < HD_N_KINDS);
    return types[kind];
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
