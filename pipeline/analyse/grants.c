#include "pipeline/analyse/grants.h"

#include "pipeline/io/pg.h"

/* A comment ends with its line, so what it holds must not. */
static void add_comment(hd_buf *out, const char *before, hd_str text, const char *after)
{
    hd_buf_addf(out, "-- %s", before);
    for (uint32_t i = 0; i < text.len_bytes; i++)
        hd_buf_add_char(out, (unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i]);
    hd_buf_addf(out, "%s\n", after);
}

static void add_table(hd_buf *out, const hd_source *source)
{
    if (source->schema.ptr) {
        hd_pg_add_name(out, source->schema);
        hd_buf_add_char(out, '.');
    }
    hd_pg_add_name(out, source->table);
}

static void add_role(hd_buf *out, hd_str role)
{
    hd_buf_add(out, HD_STR(" TO "));
    hd_pg_add_name(out, role);
    hd_buf_add(out, HD_STR(";\n"));
}

static void grant_schema(hd_buf *out, const hd_source *source, hd_str role)
{
    if (!source->schema.ptr) {
        add_comment(out, "no schema is named: the role must be able to use that of ", source->place,
                    " too");
        return;
    }
    hd_buf_add(out, HD_STR("GRANT USAGE ON SCHEMA "));
    hd_pg_add_name(out, source->schema);
    add_role(out, role);
}

static void grant_columns(hd_buf *out, const hd_source *source, hd_str role)
{
    for (uint32_t i = 0; i < source->n_columns; i++) {
        hd_buf_add(out, i ? HD_STR(", ") : HD_STR("GRANT SELECT ("));
        hd_pg_add_name(out, source->columns[i]);
    }
    hd_buf_add(out, HD_STR(") ON "));
    add_table(out, source);
    add_role(out, role);
}

static void grant_source(hd_buf *out, const hd_source *source, hd_str role)
{
    if (source->query.ptr) {
        add_comment(out, "source ", source->code,
                    " is a query: what it reads is for its author to grant");
        return;
    }
    add_comment(out, "source ", source->code, "");
    grant_schema(out, source, role);
    grant_columns(out, source, role);
    hd_buf_add(out, HD_STR("-- fails for a view, which needs it not: by it threads share a table\n"
                           "GRANT SELECT (ctid) ON "));
    add_table(out, source);
    add_role(out, role);
}

static bool has_database(const hd_source *source, hd_str conninfo)
{
    return source->database.conninfo.ptr && hd_str_eq(source->database.conninfo, conninfo);
}

void hd_grants_add(hd_buf *out, const hd_ruleset *ruleset, hd_str role)
{
    for (uint32_t i = 0; i < ruleset->n_sources; i++) {
        hd_str conninfo = ruleset->sources[i].database.conninfo;
        uint32_t first = 0;
        while (!has_database(&ruleset->sources[first], conninfo) && first < i)
            first++;
        if (!conninfo.ptr || first < i)
            continue;
        add_comment(out, "database ", conninfo, "");
        for (uint32_t k = i; k < ruleset->n_sources; k++)
            if (has_database(&ruleset->sources[k], conninfo))
                grant_source(out, &ruleset->sources[k], role);
    }
}
