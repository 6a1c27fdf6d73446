#include "pipeline/analyse/init_database.h"

#include "pipeline/analyse/catalog.h"

static hd_status look_and_write(hd_loader *loader, hd_pg *pg, const hd_init_place *place,
                                hd_buf *yaml_out, hd_buf *told_out)
{
    hd_sample *samples;
    uint32_t n;
    HD_TRY(hd_catalog_read(loader->ctx, pg, &loader->deny, loader->arena, &samples, &n));
    if (n)
        return hd_init_sources(loader, place, samples, n, yaml_out, told_out);
    hd_hint(loader->ctx, "grant it USAGE on the schemas and SELECT on what hedui is to read");
    return HD_FAIL(loader->ctx, HD_CONFIG, "%s: the role may read no table", place->shown);
}

hd_status hd_init_database(hd_ctx *ctx, const char *conninfo, const char *tls_waiver,
                           const char *config_path, const char *rules_dir, hd_buf *yaml_out,
                           hd_buf *told_out)
{
    hd_init_place place = {.shown = "the database",
                           .conninfo = hd_str_from(conninfo),
                           .tls_waiver = hd_str_from(tls_waiver)};
    hd_pg_place database = {.conninfo = conninfo,
                            .shown = place.shown,
                            .tls_waiver = tls_waiver,
                            .code = HD_SOURCE,
                            .waits = {.connect = 10, .lock = 5, .statement = 60}};
    hd_loader loader;
    hd_pg *pg = NULL;
    hd_status status = hd_loader_open(ctx, config_path, rules_dir, &loader);
    if (status == HD_OK)
        status = hd_pg_open(ctx, &database, HD_PG_READ, &pg);
    if (status == HD_OK)
        status = look_and_write(&loader, pg, &place, yaml_out, told_out);
    hd_pg_close(pg);
    hd_ruleset_free(loader.ruleset);
    return status;
}
