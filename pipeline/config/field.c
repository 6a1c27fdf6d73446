#include "pipeline/field.h"

#include "hedui/status.h"

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
