#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "pipeline/artefact/open.h"
#include "pipeline/stages.h"

static hd_status fail_damaged(hd_ctx *ctx, const hd_artefact *a, const char *what)
{
    return HD_FAIL(ctx, HD_SOURCE, "%s is damaged: %s", a->path, what);
}

/* ---- bytes ---- */

hd_status hd_artefact_bytes(hd_ctx *ctx, const hd_artefact *a, uint64_t offset, void *out, size_t n)
{
    char *at = out;
    if (offset > a->size_bytes || n > a->size_bytes - offset)
        return fail_damaged(ctx, a, "it is cut off");
    while (n > 0) {
        ssize_t got = pread(a->fd, at, n, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return HD_FAIL(ctx, HD_SOURCE, "%s cannot be read: %s", a->path, strerror(errno));
        if (got == 0)
            return fail_damaged(ctx, a, "it is cut off");
        at += got;
        offset += (uint64_t)got;
        n -= (size_t)got;
    }
    return HD_OK;
}

hd_status hd_artefact_payload(hd_ctx *ctx, const hd_artefact *a, uint64_t place, uint64_t offset,
                              const hd_section_head *head, void *out)
{
    uint8_t checksum[HD_HASH128_BYTES];
    char what[64];
    HD_TRY(hd_artefact_bytes(ctx, a, offset, out, head->bytes));
    hd_form_checksum(head, a->seed, place, out, checksum);
    if (memcmp(checksum, head->checksum, sizeof checksum) == 0)
        return HD_OK;
    snprintf(what, sizeof what, "the checksum of section %llu", (unsigned long long)place);
    return fail_damaged(ctx, a, what);
}

/* ---- what it is about ---- */

static hd_str keep_text(hd_artefact *a, hd_cursor *c)
{
    return hd_arena_str(&a->arena, hd_take_text(c));
}

static void take_files(hd_artefact *a, hd_cursor *c)
{
    enum { LEAST_BYTES = 4 }; /* of a file here */
    hd_source_files *files = &a->files;
    files->n = (uint32_t)hd_take_count_to(c, (uint64_t)(c->end - c->at) / LEAST_BYTES);
    files->file = hd_alloc_zero(files->n, sizeof *files->file);
    for (uint32_t i = 0; i < files->n; i++) {
        files->file[i].source = (uint16_t)hd_take_count_to(c, HD_SOURCES_MAX - 1);
        files->file[i].path = keep_text(a, c);
        files->file[i].size_bytes = hd_take_count(c);
        files->file[i].modified_ns = (int64_t)hd_take_count(c);
    }
}

static void take_records(hd_artefact *a, hd_cursor *c, hd_records *out)
{
    out->n = (uint32_t)hd_take_count_to(c, UINT32_MAX - 1);
    out->n_slots = (uint32_t)hd_take_count_to(c, UINT32_MAX);
    out->n_rows_read = hd_take_count(c);
    out->n_rejected = hd_take_count(c);
    out->n_filtered = hd_take_count(c);
    out->n_bytes_read = hd_take_count(c);
    out->n_files = (uint32_t)hd_take_count_to(c, UINT32_MAX);
    hd_str checksum = hd_take_text(c);
    c->bad |= checksum.len_bytes >= sizeof out->checksum;
    if (!c->bad)
        memcpy(out->checksum, checksum.ptr, checksum.len_bytes);
    out->snapshot = hd_arena_str(&a->arena, hd_take_text_or_null(c));
    /* so that neither sum below can wrap round */
    c->bad |= out->n_rejected > out->n_rows_read || out->n_filtered > out->n_rows_read;
    c->bad |= out->n_rows_read - out->n_rejected - out->n_filtered != out->n;
}

static void take_about(hd_artefact *a, hd_cursor *c)
{
    hd_form_counts *counts = &a->counts;
    a->about.run_id = keep_text(a, c);
    a->about.ruleset_hash = keep_text(a, c);
    a->about.key_mark = keep_text(a, c);
    a->about.as_of = (hd_date)hd_take_count_to(c, INT32_MAX);
    a->about.read_at = (int64_t)hd_take_count(c);
    take_files(a, c);
    counts->n_pools = (uint32_t)hd_take_count_to(c, HD_FIELDS_MAX);
    for (uint32_t pool = 0; pool < counts->n_pools; pool++)
        counts->values[pool] = (uint32_t)hd_take_count_to(c, UINT32_MAX - 1);
    counts->n_sources = (uint32_t)hd_take_count_to(c, HD_SOURCES_MAX);
    for (uint32_t source = 0; source < counts->n_sources; source++) {
        take_records(a, c, &a->records[source]);
        counts->records[source] = a->records[source].n;
    }
    counts->n_rejects = hd_take_count(c);
    c->bad |= c->at != c->end;
}

static hd_status read_about(hd_ctx *ctx, hd_artefact *a)
{
    hd_section_head head;
    HD_TRY(hd_artefact_bytes(ctx, a, sizeof(hd_form_head), &head, sizeof head));
    uint64_t offset = sizeof(hd_form_head) + sizeof head;
    if (head.kind != HD_SECTION_ABOUT || head.bytes > a->size_bytes - offset)
        return fail_damaged(ctx, a, "it does not say what it is about");
    char *payload = hd_arena_alloc(&a->arena, head.bytes);
    HD_TRY(hd_artefact_payload(ctx, a, 0, offset, &head, payload));
    a->seed = hd_form_seed(head.checksum, sizeof head.checksum);
    a->sections_at = offset + head.bytes;
    hd_cursor c = {payload, payload + head.bytes, false};
    take_about(a, &c);
    return c.bad ? fail_damaged(ctx, a, "what it is about") : HD_OK;
}

/* ---- open ---- */

static hd_status open_file(hd_ctx *ctx, hd_artefact *a)
{
    struct stat st;
    a->fd = open(a->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (a->fd < 0 || fstat(a->fd, &st) != 0)
        return HD_FAIL(ctx, HD_SOURCE, "%s cannot be read: %s", a->path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return HD_FAIL(ctx, HD_SOURCE, "%s is no file", a->path);
    a->size_bytes = (uint64_t)st.st_size;
    return HD_OK;
}

static hd_status read_all(hd_ctx *ctx, hd_artefact *a)
{
    hd_form_head head, own;
    HD_TRY(open_file(ctx, a));
    HD_TRY(hd_artefact_bytes(ctx, a, 0, &head, sizeof head));
    hd_form_head_init(&own);
    if (memcmp(head.magic, own.magic, sizeof head.magic) != 0)
        return fail_damaged(ctx, a, "it does not begin as a file of mentions");
    memcpy(a->about.program, head.program, sizeof head.program);
    a->about.program[sizeof head.program - 1] = '\0';
    a->own = memcmp(&head, &own, sizeof head) == 0;
    a->seed = hd_form_seed(&head, sizeof head);
    return a->own ? read_about(ctx, a) : HD_OK;
}

hd_status hd_artefact_open(hd_ctx *ctx, const char *path, hd_artefact **out)
{
    hd_artefact *a = hd_alloc_zero(1, sizeof *a);
    a->path = hd_arena_str(&a->arena, hd_str_from(path)).ptr;
    hd_status status = read_all(ctx, a);
    if (status == HD_OK)
        *out = a;
    else
        hd_artefact_close(a);
    return status;
}

void hd_artefact_close(hd_artefact *a)
{
    if (!a)
        return;
    if (a->fd >= 0)
        close(a->fd);
    hd_source_files_release(&a->files);
    hd_arena_release(&a->arena);
    hd_free(a);
}

const hd_artefact_about *hd_artefact_tell(const hd_artefact *artefact)
{
    return &artefact->about;
}

const hd_source_files *hd_artefact_files(const hd_artefact *artefact)
{
    return &artefact->files;
}
