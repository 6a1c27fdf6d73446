#include "pipeline/extract/part.h"

#include "base/mem.h"

void hd_extract_part_add_reject(hd_extract_part *part, hd_reject reject)
{
    HD_GROW(part->rejects, part->rejects_cap, part->n_rejects + 1);
    reject.source = (uint16_t)part->source;
    reject.file = part->name;
    part->rejects[part->n_rejects++] = reject;
}

void hd_extract_part_release(hd_extract_part *part)
{
    hd_free(part->record_id);
    hd_free(part->row);
    hd_free(part->slots);
    hd_free(part->rejects);
    *part = (hd_extract_part){0};
}
