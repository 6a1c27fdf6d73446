#include "pipeline/artefact/form.h"

#include <stdio.h>

#include "base/mem.h"
#include "pipeline/io/versions.h"

void hd_artefact_program(char out[HD_ARTEFACT_PROGRAM_BYTES])
{
    hd_library libraries[HD_N_LIBRARIES];
    hd_libraries(libraries);
    memset(out, 0, HD_ARTEFACT_PROGRAM_BYTES);
    for (int i = 0; i < HD_N_LIBRARIES; i++) {
        if (strcmp(libraries[i].name, "icu") == 0)
            snprintf(out, HD_ARTEFACT_PROGRAM_BYTES, "hedui %s, icu %s", HEDUI_VERSION,
                     libraries[i].version);
    }
    HD_ASSERT(out[0]);
}

void hd_artefact_key_mark(const uint8_t key[HD_KEY_BYTES], char out[HD_ID_CHARS + 1])
{
    hd_keyed_id(key, HD_STR(HD_ARTEFACT_NAME), out);
}

void hd_form_head_init(hd_form_head *head)
{
    static const uint8_t magic[8] = {0x89, 'h', 'd', 'm', '\r', '\n', 0x1A, '\n'};
    *head = (hd_form_head){.version = HD_FORM_VERSION, .byte_order = HD_FORM_BYTE_ORDER};
    memcpy(head->magic, magic, sizeof magic);
    hd_artefact_program(head->program);
}

/* ---- sections ---- */

typedef struct section_list {
    hd_section *section;
    uint32_t n;
    size_t cap;
} section_list;

static hd_section piece(hd_section_kind kind, uint32_t of, uint64_t total, uint64_t first)
{
    uint32_t most = kind == HD_SECTION_REJECTS ? HD_FORM_REJECTS : HD_FORM_ITEMS;
    uint32_t n = total - first < most ? (uint32_t)(total - first) : most;
    return (hd_section){(uint16_t)kind, (uint16_t)of, n, first};
}

static void add_sections(section_list *list, hd_section_kind kind, uint32_t of, uint64_t total)
{
    for (uint64_t first = 0; first < total;) {
        HD_GROW(list->section, list->cap, (size_t)list->n + 1);
        hd_section section = piece(kind, of, total, first);
        list->section[list->n++] = section;
        first += section.n;
    }
}

uint32_t hd_form_sections(const hd_form_counts *counts, hd_section **out)
{
    section_list list = {0};
    for (uint32_t pool = 0; pool < counts->n_pools; pool++)
        add_sections(&list, HD_SECTION_VALUES, pool, counts->values[pool]);
    for (uint32_t source = 0; source < counts->n_sources; source++) {
        add_sections(&list, HD_SECTION_IDS, source, counts->records[source]);
        add_sections(&list, HD_SECTION_SLOTS, source, counts->records[source]);
    }
    add_sections(&list, HD_SECTION_REJECTS, 0, counts->n_rejects);
    *out = list.section;
    return list.n;
}

uint64_t hd_form_seed(const void *bytes, size_t n)
{
    return hd_hash64(bytes, n, 0);
}

void hd_form_checksum(const hd_section_head *head, uint64_t seed, uint64_t place,
                      const void *payload, uint8_t out[HD_HASH128_BYTES])
{
    uint64_t own = hd_hash64(head, offsetof(hd_section_head, checksum), hd_hash_mix(seed, place));
    hd_hash128(payload, head->bytes, own, out);
}

/* ---- slots ---- */

static void add_slots(const hd_input *inputs, uint32_t n, const hd_values *values, uint8_t *pool,
                      uint32_t max, uint32_t *at)
{
    for (uint32_t i = 0; i < n; i++, ++*at) {
        if (*at < max)
            pool[*at] = values->pool_of[inputs[i].field];
    }
}

uint32_t hd_form_slots(const hd_source *source, const hd_values *values, uint8_t *pool,
                       uint32_t max)
{
    uint32_t n = 0;
    add_slots(source->record, source->n_record, values, pool, max, &n);
    for (uint32_t i = 0; i < source->n_roles; i++)
        add_slots(source->roles[i].inputs, source->roles[i].n_inputs, values, pool, max, &n);
    return n;
}

unsigned hd_form_width(uint32_t n_values)
{
    return n_values < 1u << 8 ? 1 : n_values < 1u << 16 ? 2 : n_values < 1u << 24 ? 3 : 4;
}
