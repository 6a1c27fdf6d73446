#ifndef HD_ARTEFACT_OPEN_H
#define HD_ARTEFACT_OPEN_H

/* A file of mentions that was opened, for those who read its sections. */

#include "hedui/status.h"
#include "pipeline/artefact/form.h"

struct hd_artefact {
    const char *path; /* in `arena` */
    int fd;
    uint64_t size_bytes;
    bool own; /* this program writes the same head: what follows was read */
    hd_artefact_about about;
    hd_source_files files;
    hd_form_counts counts;
    hd_records records[HD_SOURCES_MAX]; /* counts and checksums */
    uint64_t seed;                      /* of the sections' checksums */
    uint64_t sections_at;               /* offset of the first after `about` */
    hd_arena arena;
};

/* `n` bytes from `offset`. HD_SOURCE: the file ends before, or cannot be read. */
hd_status hd_artefact_bytes(hd_ctx *ctx, const hd_artefact *artefact, uint64_t offset, void *out,
                            size_t n);
/* The head->bytes from `offset`, which are what the head says. */
hd_status hd_artefact_payload(hd_ctx *ctx, const hd_artefact *artefact, uint64_t place,
                              uint64_t offset, const hd_section_head *head, void *out);

#endif
