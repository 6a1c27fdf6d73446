#include "pipeline/config/rule_digest.h"

#include "base/hash.h"
#include "pipeline/config/functions.h"

static void add_number(hd_digest *digest, uint64_t n)
{
    hd_digest_add(digest, &n, sizeof n); /* little-endian: the machines that this runs on */
}

static void add_text(hd_digest *digest, hd_str text)
{
    add_number(digest, text.len_bytes);
    if (text.len_bytes)
        hd_digest_add(digest, text.ptr, text.len_bytes);
}

static void add_ref(hd_digest *digest, const hd_ruleset *ruleset, const hd_ref *ref)
{
    add_number(digest, ref->what);
    add_number(digest, ref->side);
    add_number(digest, ref->reason);
    add_text(digest, ref->role < 0 ? HD_STR("") : ruleset->role_names[ref->role]);
    if (ref->what == HD_REF_BUILTIN || ref->what == HD_REF_RELATED)
        add_number(digest, ref->index);
    else
        add_text(digest, ruleset->fields[ref->index].code);
}

static void add_expr(hd_digest *digest, const hd_ruleset *ruleset, const hd_expr *expr)
{
    if (!expr) {
        add_number(digest, UINT64_MAX);
        return;
    }
    add_number(digest, expr->op);
    add_number(digest, expr->type);
    add_number(digest, expr->n_args);
    if (expr->op == HD_OP_CALL)
        add_text(digest, hd_str_from(hd_functions[expr->function].name));
    else if (expr->op == HD_OP_REF)
        add_ref(digest, ruleset, &expr->ref);
    else if (expr->op == HD_OP_LITERAL && expr->type == HD_TYPE_TEXT && expr->literal != HD_NULL)
        add_text(digest, hd_pool_get(ruleset->texts, (hd_text)expr->literal));
    else if (expr->op == HD_OP_LITERAL)
        add_number(digest, expr->literal);
    for (uint32_t i = 0; i < expr->n_args; i++)
        add_expr(digest, ruleset, expr->args[i]);
}

void hd_comparison_mark(const hd_ruleset *ruleset, const hd_comparison *comparison,
                        char out[HD_RULE_MARK_CHARS + 1])
{
    char hex[2 * HD_DIGEST_BYTES + 1];
    hd_digest digest;
    hd_digest_init(&digest);
    add_number(&digest, comparison->n_needs);
    for (uint32_t i = 0; i < comparison->n_needs; i++)
        add_expr(&digest, ruleset, comparison->needs[i]);
    add_expr(&digest, ruleset, comparison->unless);
    for (uint32_t l = 0; l < comparison->n_levels; l++) {
        add_text(&digest, comparison->levels[l].code);
        add_expr(&digest, ruleset, comparison->levels[l].when);
        add_expr(&digest, ruleset, comparison->levels[l].frequency);
    }
    hd_digest_hex(&digest, hex);
    memcpy(out, hex, HD_RULE_MARK_CHARS);
    out[HD_RULE_MARK_CHARS] = '\0';
}
