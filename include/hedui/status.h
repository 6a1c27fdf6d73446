#ifndef HEDUI_STATUS_H
#define HEDUI_STATUS_H

/* How a call fails, and how the caller learns what was being done.
 *
 * A function that can fail takes `hd_ctx *` first and returns hd_status; HD_OK is 0. On failure it
 * pushes a frame that says what went wrong and where; each caller may add a frame that says what it
 * was doing. No call prints the chain: the program that calls does. Three kinds are never mixed:
 *   bug          hd_bug(): message, exit 70, never compiled out
 *   failure      a status and a chain of frames
 *   bad record   counted and written to the reject file or flagged; the run goes on
 * Memory that cannot be had ends the process with exit 4: a run publishes in one transaction, so
 * nothing is half done.
 *
 * Frames are a fixed array, so that no failure needs memory to be reported. A message never holds a
 * person's name, number or address. */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the shared library exports; all else in it is hidden. */
#define HD_API __attribute__((visibility("default")))

typedef enum hd_status {
#define X(name, exit_code, stem) HD_##name,
#include "hedui/status.def"
#undef X
} hd_status;

enum { HD_FRAMES_MAX = 8, HD_FRAME_BYTES = 256 };

typedef struct hd_frame {
    hd_status code;
    const char *file; /* of our source, static storage */
    int line;
    char text[HD_FRAME_BYTES];
} hd_frame;

/* What every call carries: the chain of frames, and the settings of the process that any stage may
 * need. One a thread: workers of hd_parallel get their own, and the first failure (lowest task
 * number, so that the message does not depend on timing) is copied back. */
typedef struct hd_ctx {
    hd_frame frames[HD_FRAMES_MAX]; /* [0] is the cause, later ones say what was being done */
    uint32_t n_frames;
    char hint[HD_FRAME_BYTES]; /* what the user can do; empty: none */
    unsigned n_threads;        /* >= 1 */
    bool quiet;                /* no progress on the terminal */
} hd_ctx;

HD_API void hd_ctx_init(hd_ctx *ctx, unsigned n_threads); /* 0: the number of processors */
HD_API void hd_ctx_clear(hd_ctx *ctx);                    /* forget a failure that was handled */

/* The chain as text, a line each: "stem: cause", "  while …", "HINT: …"; each ends in a newline. */
enum { HD_FAILURE_BYTES = (HD_FRAMES_MAX + 2) * HD_FRAME_BYTES }; /* holds any chain */
HD_API void hd_failure_text(const hd_ctx *ctx, hd_status code, char out[HD_FAILURE_BYTES]);

/* Push the cause and return its code. */
HD_API __attribute__((format(printf, 5, 6))) hd_status
hd_fail(hd_ctx *ctx, hd_status code, const char *file, int line, const char *fmt, ...);
/* Add "what I was doing" to a failure that is passed on; returns `code` unchanged. */
HD_API __attribute__((format(printf, 5, 6))) hd_status
hd_fail_doing(hd_ctx *ctx, hd_status code, const char *file, int line, const char *fmt, ...);
HD_API __attribute__((format(printf, 2, 3))) void hd_hint(hd_ctx *ctx, const char *fmt, ...);
HD_API __attribute__((noreturn, format(printf, 3, 4))) void hd_bug(const char *file, int line,
                                                                   const char *fmt, ...);

HD_API int hd_status_exit_code(hd_status code);
HD_API const char *hd_status_stem(hd_status code);

#define HD_FAIL(ctx, code, ...) hd_fail((ctx), (code), __FILE__, __LINE__, __VA_ARGS__)
/* Pass a failure on. */
#define HD_TRY(expr)                       \
    do {                                   \
        hd_status hd_try_status_ = (expr); \
        if (hd_try_status_ != HD_OK)       \
            return hd_try_status_;         \
    } while (0)
/* Pass a failure on, and say what was being done. */
#define HD_TRY_DOING(ctx, expr, ...)                                                      \
    do {                                                                                  \
        hd_status hd_try_status_ = (expr);                                                \
        if (hd_try_status_ != HD_OK)                                                      \
            return hd_fail_doing((ctx), hd_try_status_, __FILE__, __LINE__, __VA_ARGS__); \
    } while (0)
#define HD_BUG(...) hd_bug(__FILE__, __LINE__, __VA_ARGS__)
#define HD_ASSERT(cond)                            \
    do {                                           \
        if (!(cond))                               \
            HD_BUG("assertion failed: %s", #cond); \
    } while (0)

#ifdef __cplusplus
}
#endif

#endif
