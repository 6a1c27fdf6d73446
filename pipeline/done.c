#include "pipeline/done.h"

#include <unistd.h>

#include "pipeline/manifest.h"

static bool is_same(hd_arena *arena, const hd_outcome *outcome, const hd_stored_run *last)
{
    hd_buf as_of = {0};
    hd_value_print(&as_of, HD_TYPE_DATE, (hd_value)outcome->as_of, NULL);
    bool same = hd_str_eq(hd_buf_str(&as_of), last->as_of) &&
                hd_str_eq(hd_manifest_versions(arena), last->versions) &&
                hd_str_eq(hd_manifest_checksums(arena, outcome), last->checksums);
    hd_buf_release(&as_of);
    return same;
}

static bool has_report(hd_arena *arena, const hd_stored_run *last, const char *runs)
{
    hd_str path = hd_arena_printf(arena, "%s/%.*s/report.html", runs, HD_ARG(last->id));
    return access(path.ptr, R_OK) == 0;
}

bool hd_done_already(const hd_outcome *outcome, const hd_stored_run *last, const char *runs)
{
    hd_arena arena = {0};
    bool done =
        last && outcome->model && has_report(&arena, last, runs) && is_same(&arena, outcome, last);
    hd_arena_release(&arena);
    return done;
}
