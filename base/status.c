#include "hedui/status.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
    int exit_code;
    const char *stem;
} statuses[] = {
#define X(name, exit_code, stem) {exit_code, stem},
#include "hedui/status.def"
#undef X
};

/* The processors this process may run on, which in a container are fewer than there are. */
static unsigned processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        int n = CPU_COUNT(&set);
        if (n > 0)
            return (unsigned)n;
    }
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}

void hd_ctx_init(hd_ctx *ctx, unsigned n_threads)
{
    memset(ctx, 0, sizeof *ctx);
    ctx->n_threads = n_threads ? n_threads : processors();
}

void hd_ctx_clear(hd_ctx *ctx)
{
    ctx->n_frames = 0;
    ctx->hint[0] = '\0';
}

/* Format into a fixed field; where it does not fit, cut before the character that is cut, so that
 * the terminal and the log never get half a UTF-8 sequence. */
static void print_fixed(char *out, size_t size_bytes, const char *fmt, va_list args)
{
    int wanted = vsnprintf(out, size_bytes, fmt, args);
    if (wanted < 0) {
        snprintf(out, size_bytes, "(message could not be formatted)");
        return;
    }
    if ((size_t)wanted < size_bytes)
        return;
    size_t lead = size_bytes - 2; /* of the last character that was written */
    while (lead > 0 && ((unsigned char)out[lead] & 0xC0) == 0x80)
        lead--;
    unsigned char byte = (unsigned char)out[lead];
    size_t need = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    if (lead + need > size_bytes - 1)
        out[lead] = '\0';
}

static void push_frame(hd_ctx *ctx, hd_status code, const char *file, int line, const char *fmt,
                       va_list args)
{
    if (ctx->n_frames == HD_FRAMES_MAX)
        return;
    hd_frame *frame = &ctx->frames[ctx->n_frames++];
    frame->code = code;
    frame->file = file;
    frame->line = line;
    print_fixed(frame->text, sizeof frame->text, fmt, args);
}

hd_status hd_fail(hd_ctx *ctx, hd_status code, const char *file, int line, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    push_frame(ctx, code, file, line, fmt, args);
    va_end(args);
    return code;
}

hd_status hd_fail_doing(hd_ctx *ctx, hd_status code, const char *file, int line, const char *fmt,
                        ...)
{
    va_list args;
    va_start(args, fmt);
    push_frame(ctx, code, file, line, fmt, args);
    va_end(args);
    return code;
}

void hd_hint(hd_ctx *ctx, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    print_fixed(ctx->hint, sizeof ctx->hint, fmt, args);
    va_end(args);
}

static void add_line(char *out, const char *head, const char *text)
{
    size_t used = strlen(out);
    snprintf(out + used, HD_FAILURE_BYTES - used, "%s%s\n", head, text);
}

void hd_failure_text(const hd_ctx *ctx, hd_status code, char out[HD_FAILURE_BYTES])
{
    snprintf(out, HD_FAILURE_BYTES, "%s: %s\n", hd_status_stem(code),
             ctx->n_frames ? ctx->frames[0].text : "unknown cause");
    for (uint32_t i = 1; i < ctx->n_frames; i++)
        add_line(out, "  while ", ctx->frames[i].text);
    if (ctx->hint[0])
        add_line(out, "HINT: ", ctx->hint);
}

void hd_bug(const char *file, int line, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    print_fixed(text, sizeof text, fmt, args);
    va_end(args);
    dprintf(STDERR_FILENO, "hedui: bug: %s:%d: %s\n", file, line, text);
    _exit(70);
}

int hd_status_exit_code(hd_status code)
{
    size_t i = (size_t)code;
    return i < sizeof statuses / sizeof *statuses ? statuses[i].exit_code : 70;
}

const char *hd_status_stem(hd_status code)
{
    size_t i = (size_t)code;
    return i < sizeof statuses / sizeof *statuses ? statuses[i].stem : "unknown status";
}
