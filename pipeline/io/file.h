#ifndef HD_IO_FILE_H
#define HD_IO_FILE_H

/* Files: read whole, written all or not at all. A full disk is HD_SPACE everywhere; other failures
 * to write are HD_STORE, to read HD_SOURCE. */

#include "base/buf.h"
#include "hedui/status.h"

/* ---- writing ---- */

/* A file that is being written. Append to `buf`, call hd_file_spill now and then (after each row);
 * bytes go to a temporary file ".<name>.XXXXXX" in the same folder, which is locked as long as its
 * writer lives, and hd_file_commit syncs it and renames it to its path. A write that fails is kept
 * and reported by commit, so that callers need not look each time. */
typedef struct hd_file_out {
    hd_buf buf;
    char *path, *temporary;
    int fd;
    int error; /* errno of the first write that failed; 0: none */
} hd_file_out;

/* `mode`: permissions of the finished file; the temporary one has 0600. */
hd_status hd_file_create(hd_ctx *ctx, const char *path, unsigned mode, hd_file_out *out);
void hd_file_write_buf(hd_file_out *out); /* write `buf` now and empty it */
static inline void hd_file_spill(hd_file_out *out)
{
    if (out->buf.len_bytes >= 256 << 10)
        hd_file_write_buf(out);
}
/* Ends `out` either way; on failure the temporary file is gone and what was at the path stays. */
hd_status hd_file_commit(hd_ctx *ctx, hd_file_out *out);
void hd_file_abandon(hd_file_out *out); /* what was written is dropped; ended already: nothing */
/* Commits where `status` is HD_OK, else abandons and gives `status` back. */
hd_status hd_file_end(hd_ctx *ctx, hd_file_out *out, hd_status status);

/* Remove what writers of `path` left that were killed; what one is writing now stays. Never fails:
 * a file too many is no reason not to write. */
void hd_file_clear(const char *path);

/* All of `bytes`, through the above. */
hd_status hd_file_write(hd_ctx *ctx, const char *path, unsigned mode, hd_str bytes);

/* An exclusive lock on the file, which is made where it is not there (0600) and stays; the lock
 * goes with *fd, or its process. HD_LOCKED where another has it: "another run works on `shown`". */
hd_status hd_file_lock(hd_ctx *ctx, const char *path, const char *shown, int *fd);

/* One that is not there is gone already. */
hd_status hd_file_remove(hd_ctx *ctx, const char *path);

/* mkdir -p; folders that are made get `mode`. */
hd_status hd_folder_make(hd_ctx *ctx, const char *path, unsigned mode);

/* ---- reading ---- */

/* Append the whole file to `out`. Over 4 GiB: HD_SOURCE. */
hd_status hd_file_read(hd_ctx *ctx, const char *path, hd_buf *out);
/* Hex of the SHA-256 of the file, as sha256sum prints it. */
hd_status hd_file_sha256(hd_ctx *ctx, const char *path, char out[65]);

/* After the last slash. */
const char *hd_file_base_name(const char *path);

#endif
