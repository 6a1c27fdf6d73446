#include "pipeline/mention.h"

#include "base/mask.h"
#include "base/mem.h"

static bool share_pool(const hd_field *a, const hd_field *b)
{
    return a->kind == b->kind && (a->kind != HD_KIND_code || hd_str_eq(a->table, b->table));
}

void hd_values_init(hd_values *values, const hd_ruleset *ruleset)
{
    *values = (hd_values){0};
    for (uint32_t field = 0; field < ruleset->n_fields; field++) {
        uint32_t pool = 0;
        while (pool < values->n_pools &&
               !share_pool(&ruleset->fields[values->field_of[pool]], &ruleset->fields[field]))
            pool++;
        if (pool == values->n_pools)
            values->field_of[values->n_pools++] = (uint8_t)field;
        values->pool_of[field] = (uint8_t)pool;
    }
    values->written = hd_alloc_zero(values->n_pools, sizeof *values->written);
    values->standard = hd_alloc_zero(values->n_pools, sizeof *values->standard);
    for (uint32_t pool = 0; pool < values->n_pools; pool++)
        values->written[pool] = hd_pool_new();
}

void hd_values_release(hd_values *values)
{
    for (uint32_t pool = 0; pool < values->n_pools; pool++) {
        hd_pool_free(values->written[pool]);
        hd_free(values->standard[pool]);
    }
    hd_free(values->written);
    hd_free(values->standard);
    *values = (hd_values){0};
}

size_t hd_values_bytes(const hd_values *values)
{
    size_t bytes = 0;
    for (uint32_t pool = 0; pool < values->n_pools; pool++) {
        bytes += hd_pool_bytes(values->written[pool]);
        if (values->standard[pool])
            bytes += hd_pool_limit(values->written[pool]) * sizeof *values->standard[pool];
    }
    return bytes;
}

const char *hd_reject_reason_name(hd_reject_reason reason)
{
    static const char *const names[] = {
        [HD_REJECT_COLUMNS] = "columns",     [HD_REJECT_ENCODING] = "encoding",
        [HD_REJECT_QUOTE] = "quote",         [HD_REJECT_KEY_EMPTY] = "key_empty",
        [HD_REJECT_KEY_TWICE] = "key_twice", [HD_REJECT_TOO_LONG] = "too_long",
    };
    _Static_assert(sizeof names / sizeof *names == HD_N_REJECT_REASONS, "a name for each reason");
    HD_ASSERT((unsigned)reason < HD_N_REJECT_REASONS);
    return names[reason];
}

/* Number of the written value in its field's pool; 0: nothing was written. */
static hd_value_no value_no(const hd_mentions *m, hd_mention i, uint32_t field)
{
    const hd_value_no *column = m->column[field];
    return column ? column[i] : 0;
}

const hd_standard *hd_mention_standard(const hd_mentions *m, hd_mention i, uint32_t field)
{
    const hd_values *values = &m->extract->values;
    return &values->standard[values->pool_of[field]][value_no(m, i, field)];
}

hd_str hd_mention_written(const hd_mentions *m, hd_mention i, uint32_t field)
{
    hd_value_no no = value_no(m, i, field);
    const hd_values *values = &m->extract->values;
    return no ? hd_pool_get(values->written[values->pool_of[field]], no) : HD_STR_NULL;
}

hd_str hd_mention_record_id(const hd_mentions *m, hd_mention i)
{
    return m->extract->records[m->source[i]].record_id[m->record[i]];
}

/* Whether a mention comes before the record. */
static bool comes_before(const hd_mentions *m, hd_mention i, int source, hd_str record_id)
{
    return m->source[i] != source ? m->source[i] < source
                                  : hd_str_cmp(hd_mention_record_id(m, i), record_id) < 0;
}

hd_mention hd_mention_find(const hd_mentions *m, hd_str source, hd_str record_id, hd_str role)
{
    int number = hd_source_find(m->ruleset, source);
    uint32_t low = 0, high = number < 0 ? 0 : m->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (comes_before(m, middle, number, record_id))
            low = middle + 1;
        else
            high = middle;
    }
    uint32_t n = 0;
    for (hd_mention i = low; number >= 0 && i < m->n && m->source[i] == number &&
                             hd_str_eq(hd_mention_record_id(m, i), record_id);
         i++, n++)
        if (role.ptr && hd_str_eq(m->ruleset->sources[number].roles[m->role[i]].code, role))
            return i;
    return !role.ptr && n == 1 ? low : HD_NO_MENTION;
}

void hd_mention_siblings(const hd_mentions *m, hd_mention i, hd_mention *first, uint32_t *n)
{
    hd_mention begin = i, end = i + 1;
    while (begin > 0 && hd_mention_same_record(m, begin - 1, i))
        begin--;
    while (end < m->n && hd_mention_same_record(m, end, i))
        end++;
    *first = begin;
    *n = end - begin;
}

/* Of the record of the mentions [begin, end). */
static void each_related(const hd_mentions *m, hd_mention begin, hd_mention end,
                         hd_mention_related_take *take, void *arg)
{
    const hd_source *source = &m->ruleset->sources[m->source[begin]];
    hd_mention by_role[HD_ROLES_MAX];
    hd_fill_none(by_role, HD_ROLES_MAX);
    for (hd_mention i = begin; i < end; i++)
        by_role[m->role[i]] = i;
    for (uint32_t k = 0; k < source->n_relations; k++) {
        const hd_relation_rule *rule = &source->relations[k];
        hd_mention mention = by_role[rule->role], other = by_role[rule->other_role];
        if (mention != HD_NO_MENTION && other != HD_NO_MENTION)
            take(arg, rule, mention, other);
    }
}

void hd_mentions_each_related(const hd_mentions *m, hd_mention_related_take *take, void *arg)
{
    for (hd_mention begin = 0, end; begin < m->n; begin = end) {
        for (end = begin + 1; end < m->n && hd_mention_same_record(m, end, begin);)
            end++;
        if (end - begin > 1)
            each_related(m, begin, end, take, arg);
    }
}

static const hd_role *role_of(const hd_mentions *m, hd_mention i)
{
    return &m->ruleset->sources[m->source[i]].roles[m->role[i]];
}

/* The mention of the same record that has this role; false: the record has none. */
static bool find_sibling(const hd_mentions *m, hd_mention *i, unsigned role_number)
{
    hd_mention first;
    uint32_t n;
    hd_mention_siblings(m, *i, &first, &n);
    for (hd_mention sibling = first; sibling < first + n; sibling++) {
        if (role_of(m, sibling)->number == role_number) {
            *i = sibling;
            return true;
        }
    }
    return false;
}

void hd_mentions_name_texts(hd_mentions *m)
{
    const hd_ruleset *ruleset = m->ruleset;
    m->source_text = hd_alloc(ruleset->n_sources * sizeof *m->source_text);
    m->type_text = hd_alloc(ruleset->n_sources * sizeof *m->type_text);
    m->role_text = hd_alloc(ruleset->n_role_names * sizeof *m->role_text);
    for (uint32_t i = 0; i < ruleset->n_sources; i++) {
        m->source_text[i] = hd_pool_intern(ruleset->texts, ruleset->sources[i].code);
        m->type_text[i] = hd_pool_intern(ruleset->texts, ruleset->sources[i].type);
    }
    for (uint32_t i = 0; i < ruleset->n_role_names; i++)
        m->role_text[i] = hd_pool_intern(ruleset->texts, ruleset->role_names[i]);
    for (unsigned state = 0; state < HD_N_STATES; state++)
        m->state_text[state] =
            hd_pool_intern(ruleset->texts, hd_str_from(hd_state_name((hd_state)state)));
}

void hd_mentions_forget_texts(hd_mentions *m)
{
    hd_free(m->source_text);
    hd_free(m->type_text);
    hd_free(m->role_text);
    m->source_text = m->type_text = m->role_text = NULL;
}

static hd_value load_builtin(const hd_mentions *m, hd_mention i, uint16_t builtin)
{
    switch (builtin) {
    case HD_BUILTIN_SOURCE:
        return m->source_text[m->source[i]];
    case HD_BUILTIN_SOURCE_TYPE:
        return m->type_text[m->source[i]];
    case HD_BUILTIN_ROLE:
        return m->role_text[role_of(m, i)->number];
    default:
        HD_BUG("builtin %u", builtin);
    }
}

static hd_value load_original(const hd_mentions *m, hd_mention i, uint32_t field)
{
    hd_str written = hd_mention_written(m, i, field);
    return written.ptr ? hd_pool_intern(m->ruleset->texts, written) : HD_NULL;
}

static hd_value load_related(const hd_mentions *m, hd_mention i, uint16_t what)
{
    uint32_t found = m->related[what] ? m->related[what][i] : HD_NO_MENTION;
    return found == HD_NO_MENTION ? HD_NULL : found;
}

/* A field of a role that the record does not have is as one of which nothing was written. */
static hd_value load_absent(const hd_mentions *m, const hd_ref *ref)
{
    switch (ref->what) {
    case HD_REF_STATE:
        return m->state_text[HD_STATE_missing];
    case HD_REF_REASON:
        return 0;
    default:
        return HD_NULL;
    }
}

hd_value hd_mention_load(const void *row, const hd_ref *ref)
{
    const hd_mention_row *r = row;
    const hd_mentions *m = r->mentions;
    hd_mention i = r->side[ref->side];
    if (ref->role >= 0 && !find_sibling(m, &i, (unsigned)ref->role))
        return load_absent(m, ref);
    switch (ref->what) {
    case HD_REF_VALUE:
        return hd_mention_value(m, i, ref->index);
    case HD_REF_LEFT:
        return hd_mention_standard(m, i, ref->index)->value;
    case HD_REF_STATE:
        return m->state_text[hd_mention_standard(m, i, ref->index)->state];
    case HD_REF_REASON:
        return hd_mention_standard(m, i, ref->index)->reasons >> ref->reason & 1;
    case HD_REF_ORIGINAL:
        return load_original(m, i, ref->index);
    case HD_REF_BUILTIN:
        return load_builtin(m, i, ref->index);
    case HD_REF_RELATED:
        return load_related(m, i, ref->index);
    default:
        HD_BUG("reference %d", (int)ref->what);
    }
}

void hd_mention_print(hd_buf *out, const hd_mentions *m, hd_mention i, uint32_t field)
{
    hd_value_print(out, hd_kind_type(m->ruleset->fields[field].kind), hd_mention_value(m, i, field),
                   m->ruleset->texts);
}

void hd_mention_print_masked(hd_buf *out, const hd_mentions *m, hd_mention i, uint32_t field,
                             bool as_written)
{
    hd_buf value = {0};
    if (!as_written)
        hd_mention_print(&value, m, i, field);
    hd_str shown = value.len_bytes ? hd_buf_str(&value) : hd_mention_written(m, i, field);
    hd_mask(out, hd_kind_mask(m->ruleset->fields[field].kind), shown);
    hd_buf_release(&value);
}
