#include "pipeline/extract/columns.h"

#include "pipeline/config/near_name.h"

uint32_t hd_extract_n_slots(const hd_source *source)
{
    uint32_t n = source->n_record;
    for (uint32_t i = 0; i < source->n_roles; i++)
        n += source->roles[i].n_inputs;
    return n;
}

const hd_input *hd_extract_slot_input(const hd_source *source, uint32_t slot)
{
    if (slot < source->n_record)
        return &source->record[slot];
    slot -= source->n_record;
    const hd_role *role = source->roles;
    for (; slot >= role->n_inputs; role++)
        slot -= role->n_inputs;
    return &role->inputs[slot];
}

uint16_t hd_extract_slot_field(const hd_source *source, uint32_t slot)
{
    return hd_extract_slot_input(source, slot)->field;
}

/* Where the configuration asks for the column: its first input, else the source. */
static hd_source_pos column_pos(const hd_source *source, uint32_t column)
{
    uint32_t n = hd_extract_n_slots(source);
    for (uint32_t slot = 0; slot < n; slot++) {
        const hd_input *input = hd_extract_slot_input(source, slot);
        if (input->column == (int32_t)column)
            return input->pos;
    }
    return source->pos;
}

/* A file without a header shows a person's values here: so only a name that is nearly the one asked
 * for is repeated in the message. */
static hd_status fail_no_column(hd_ctx *ctx, const hd_source *source, uint32_t column,
                                const hd_extract_header *header)
{
    hd_str wanted = source->columns[column];
    hd_source_pos pos = column_pos(source, column);
    hd_near_name near = {.wanted = wanted};
    for (uint32_t i = 0; i < header->n; i++)
        hd_near_name_offer(&near, header->names[i]);
    if (near.best.ptr)
        return HD_FAIL(ctx, HD_CONFIG,
                       "%s:%u:%u: source %.*s has no column \"%.*s\"; the nearest in %.*s is "
                       "\"%.*s\"",
                       pos.file, pos.line, pos.column, HD_ARG(source->code), HD_ARG(wanted),
                       HD_ARG(header->shown), HD_ARG(near.best));
    if (header->n == 1 && header->delimiter)
        hd_hint(ctx, "%.*s has one column only: say `delimiter:` where it is not '%c'",
                HD_ARG(header->shown), header->delimiter);
    return HD_FAIL(ctx, HD_CONFIG, "%s:%u:%u: source %.*s has no column \"%.*s\" in %.*s", pos.file,
                   pos.line, pos.column, HD_ARG(source->code), HD_ARG(wanted),
                   HD_ARG(header->shown));
}

static hd_status find_column(hd_ctx *ctx, const hd_source *source, uint32_t column,
                             const hd_extract_header *header, uint32_t *out)
{
    uint32_t n_found = 0;
    for (uint32_t i = 0; i < header->n; i++) {
        if (hd_str_eq(header->names[i], source->columns[column]) && n_found++ == 0)
            *out = i;
    }
    if (n_found == 0)
        return fail_no_column(ctx, source, column, header);
    if (n_found > 1)
        return HD_FAIL(ctx, HD_SOURCE, "source %.*s: %.*s has %u columns named \"%.*s\"",
                       HD_ARG(source->code), HD_ARG(header->shown), n_found,
                       HD_ARG(source->columns[column]));
    return HD_OK;
}

hd_status hd_extract_find_columns(hd_ctx *ctx, const hd_source *source,
                                  const hd_extract_header *header, uint32_t *out)
{
    for (uint32_t column = 0; column < source->n_columns; column++)
        HD_TRY(find_column(ctx, source, column, header, &out[column]));
    return HD_OK;
}
