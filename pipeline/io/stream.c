#include "pipeline/io/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/hash.h"
#include "base/mem.h"

enum { STORED_BYTES = 64 << 10, GZIP_WINDOW_BITS = 16 + MAX_WBITS };

struct hd_stream {
    char *path;
    int fd;
    bool digest, gzip;
    bool at_end;    /* the file has no more stored bytes */
    bool in_member; /* gzip: a member has begun and not ended */
    uint64_t n_stored;
    hd_digest sha;
    z_stream z;
    unsigned char *stored; /* STORED_BYTES; of them [next, next + n_next) not yet used */
    unsigned char *next;
    size_t n_next;
};

static hd_status read_stored(hd_ctx *ctx, hd_stream *s, void *ptr, size_t room, size_t *got)
{
    ssize_t n;
    do
        n = read(s->fd, ptr, room);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return HD_FAIL(ctx, HD_SOURCE, "%s cannot be read: %s", s->path, strerror(errno));
    if (n == 0)
        s->at_end = true;
    s->n_stored += (uint64_t)n;
    if (s->digest)
        hd_digest_add(&s->sha, ptr, (size_t)n);
    *got = (size_t)n;
    return HD_OK;
}

static hd_status refill(hd_ctx *ctx, hd_stream *s)
{
    s->next = s->stored;
    return read_stored(ctx, s, s->stored, STORED_BYTES, &s->n_next);
}

/* Two bytes are needed to tell gzip; a pipe may give one at a time. */
static hd_status read_magic(hd_ctx *ctx, hd_stream *s)
{
    HD_TRY(refill(ctx, s));
    if (s->n_next == 1) {
        size_t more;
        HD_TRY(read_stored(ctx, s, s->stored + 1, STORED_BYTES - 1, &more));
        s->n_next += more;
    }
    s->gzip = s->n_next >= 2 && s->stored[0] == 0x1F && s->stored[1] == 0x8B;
    return HD_OK;
}

static hd_status open_file(hd_ctx *ctx, hd_stream *s)
{
    struct stat st;
    s->fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not hang the run */
    if (s->fd < 0)
        return HD_FAIL(ctx, HD_SOURCE, "%s cannot be opened: %s", s->path, strerror(errno));
    if (fstat(s->fd, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return HD_FAIL(ctx, HD_SOURCE, "%s cannot be read: it is not a file", s->path);
    posix_fadvise(s->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return HD_OK;
}

static hd_status start(hd_ctx *ctx, hd_stream *s, bool standard_input)
{
    if (standard_input)
        s->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    else
        HD_TRY(open_file(ctx, s));
    HD_TRY(read_magic(ctx, s));
    if (!s->gzip)
        return HD_OK;
    if (inflateInit2(&s->z, GZIP_WINDOW_BITS) != Z_OK)
        hd_mem_exhausted("state of zlib");
    s->in_member = true;
    return HD_OK;
}

const char *hd_stream_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

hd_status hd_stream_open(hd_ctx *ctx, const char *path, bool digest, hd_stream **out)
{
    hd_stream *s = hd_alloc_zero(1, sizeof *s);
    const char *shown = hd_stream_name(path);
    size_t size = strlen(shown) + 1;
    s->path = memcpy(hd_alloc(size), shown, size);
    s->fd = -1;
    s->digest = digest;
    s->stored = hd_alloc(STORED_BYTES);
    if (digest)
        hd_digest_init(&s->sha);
    hd_status status = start(ctx, s, shown != path);
    if (status != HD_OK) {
        hd_stream_close(s);
        s = NULL;
    }
    *out = s;
    return status;
}

static hd_status read_plain(hd_ctx *ctx, hd_stream *s, char *ptr, size_t room, size_t *got)
{
    size_t n = s->n_next < room ? s->n_next : room;
    memcpy(ptr, s->next, n);
    s->next += n;
    s->n_next -= n;
    while (n < room && !s->at_end) {
        size_t more;
        HD_TRY(read_stored(ctx, s, ptr + n, room - n, &more));
        n += more;
    }
    *got = n;
    return HD_OK;
}

/* Between members: step over zeros, begin the next member where there is one. */
static hd_status next_member(hd_ctx *ctx, hd_stream *s)
{
    while (s->n_next && *s->next == 0) {
        s->next++;
        s->n_next--;
    }
    if (s->n_next == 0)
        return HD_OK;
    if (*s->next != 0x1F)
        return HD_FAIL(ctx, HD_SOURCE, "%s is damaged: something follows its gzip data", s->path);
    inflateReset(&s->z);
    s->in_member = true;
    return HD_OK;
}

static hd_status inflate_some(hd_ctx *ctx, hd_stream *s)
{
    s->z.next_in = s->next;
    s->z.avail_in = (uInt)s->n_next;
    int rc = inflate(&s->z, Z_NO_FLUSH);
    s->next = s->z.next_in;
    s->n_next = s->z.avail_in;
    if (rc == Z_STREAM_END)
        s->in_member = false;
    else if (rc == Z_MEM_ERROR)
        hd_mem_exhausted("state of zlib");
    else if (rc != Z_OK && rc != Z_BUF_ERROR)
        return HD_FAIL(ctx, HD_SOURCE, "%s is damaged: not readable as gzip after %llu bytes",
                       s->path, (unsigned long long)(s->n_stored - s->n_next));
    return HD_OK;
}

static hd_status read_gzip(hd_ctx *ctx, hd_stream *s, char *ptr, size_t room, size_t *got)
{
    s->z.next_out = (Bytef *)ptr;
    s->z.avail_out = (uInt)room;
    while (s->z.avail_out) {
        if (s->n_next == 0 && !s->at_end)
            HD_TRY(refill(ctx, s));
        if (!s->in_member)
            HD_TRY(next_member(ctx, s));
        else if (s->n_next == 0 && s->at_end)
            return HD_FAIL(ctx, HD_SOURCE, "%s is damaged: its gzip data ends early", s->path);
        else
            HD_TRY(inflate_some(ctx, s));
        if (!s->in_member && s->n_next == 0 && s->at_end)
            break;
    }
    *got = room - s->z.avail_out;
    return HD_OK;
}

hd_status hd_stream_read(hd_ctx *ctx, hd_stream *s, char *ptr, size_t room_bytes, size_t *got)
{
    HD_ASSERT(room_bytes <= UINT32_MAX);
    return s->gzip ? read_gzip(ctx, s, ptr, room_bytes, got)
                   : read_plain(ctx, s, ptr, room_bytes, got);
}

uint64_t hd_stream_bytes(const hd_stream *s)
{
    return s->n_stored;
}

void hd_stream_digest(hd_stream *s, char out[65])
{
    HD_ASSERT(s->digest && s->at_end);
    hd_digest_hex(&s->sha, out);
}

void hd_stream_close(hd_stream *s)
{
    if (!s)
        return;
    inflateEnd(&s->z); /* does nothing where it was never begun */
    if (s->fd >= 0)
        close(s->fd);
    hd_free(s->stored);
    hd_free(s->path);
    hd_free(s);
}
