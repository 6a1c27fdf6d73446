#ifndef HD_TESTS_SEAL_H
#define HD_TESTS_SEAL_H

/* Makes any bytes a file of mentions whose head and checksums are right, so that what lies behind
 * them is put to the test. A section that claims to be longer than the file gets what is left. */

#include "pipeline/artefact/form.h"

static inline void seal_artefact(void *file, size_t n)
{
    uint8_t *bytes = file;
    hd_form_head head;
    if (n < sizeof head)
        return;
    hd_form_head_init(&head);
    memcpy(bytes, &head, sizeof head);
    uint64_t seed = hd_form_seed(&head, sizeof head);
    size_t at = sizeof head;
    for (uint64_t place = 0; n - at >= sizeof(hd_section_head); place++) {
        hd_section_head section;
        memcpy(&section, bytes + at, sizeof section);
        uint8_t *payload = bytes + at + sizeof section;
        size_t left = n - at - sizeof section;
        if (section.bytes > left)
            section.bytes = left;
        hd_form_checksum(&section, seed, place, payload, section.checksum);
        memcpy(bytes + at, &section, sizeof section);
        if (place == 0)
            seed = hd_form_seed(section.checksum, sizeof section.checksum);
        at += sizeof section + section.bytes;
    }
}

#endif
