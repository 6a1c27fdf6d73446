#include "matchers/division_names.h"

#include "base/utf8.h"

enum {
    SPELLINGS_MAX = 3, /* of one name */
    SPELLING_CHARS_MIN = 2,
    SPELLING_CHARS = 24, /* the longest division has 16 */
    OPENING_BITS = 1 << 16,
    SHORT_CHARS_MIN = 2 /* 沙县 has no short form */
};

/* The peoples of GB/T 3304 that autonomous divisions are named for, without 族. */
static const char *const peoples[] = {
    "蒙古",   "回族",     "藏族",     "维吾尔", "苗族",   "彝族",   "壮族",   "布依族", "朝鲜族",
    "满族",   "侗族",     "瑶族",     "白族",   "土家族", "哈尼族", "哈萨克", "傣族",   "黎族",
    "傈僳族", "佤族",     "畲族",     "拉祜族", "水族",   "东乡族", "纳西族", "景颇族", "柯尔克孜",
    "土族",   "达斡尔族", "仫佬族",   "羌族",   "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯",
    "塔吉克", "怒族",     "鄂温克族", "德昂族", "保安族", "裕固族", "独龙族", "普米族", "各族"};

typedef struct spelling {
    hd_str text;
    uint32_t hash;
    uint32_t entry;
    bool is_short; /* counts only below a known division */
} spelling;

struct hd_division_names {
    const hd_division *entries;
    spelling *spellings;
    uint32_t n;
    uint32_t *slots; /* open addressing: number of a spelling + 1; 0: free */
    uint32_t mask;
    uint64_t
        openings[OPENING_BITS / 64]; /* by the hash of the first two characters: some has them */
};

/* ---- spellings ----------------------------------------------------------------------------- */

static bool ends(hd_str text, const char *with)
{
    uint32_t n = (uint32_t)strlen(with);
    return text.len_bytes >= n && memcmp(text.ptr + text.len_bytes - n, with, n) == 0;
}

static bool cut_end(hd_str *text, const char *end)
{
    if (!ends(*text, end))
        return false;
    text->len_bytes -= (uint32_t)strlen(end);
    return true;
}

/* 景谷傣族彝族: only 景谷; 内蒙古 stays; 东乡族: 东乡. */
static hd_str without_peoples(hd_str name)
{
    uint32_t first = name.len_bytes;
    for (size_t i = 0; i < sizeof peoples / sizeof *peoples; i++) {
        const char *at = memmem(name.ptr, name.len_bytes, peoples[i], strlen(peoples[i]));
        if (at && at > name.ptr && (uint32_t)(at - name.ptr) < first)
            first = (uint32_t)(at - name.ptr);
    }
    hd_str cut = {name.ptr, first};
    if (hd_utf8_count(cut) >= SHORT_CHARS_MIN && first < name.len_bytes)
        return cut;
    cut_end(&name, "族");
    return hd_utf8_count(name) >= SHORT_CHARS_MIN ? name : HD_STR_NULL;
}

/* The name without its rank; null where too little is left. `*plain` is the rank in short. */
static hd_str short_name(hd_str name, const char **plain)
{
    static const struct {
        const char *rank, *plain;
        bool autonomous;
    } ranks[] = {{"特别行政区", NULL, false}, {"自治区", NULL, true}, {"自治州", "州", true},
                 {"自治县", "县", true},      {"自治旗", "旗", true}, {"地区", NULL, false},
                 {"林区", NULL, false},       {"省", NULL, false},    {"市", NULL, false},
                 {"区", NULL, false},         {"县", NULL, false},    {"盟", NULL, false},
                 {"旗", NULL, false}};
    *plain = NULL;
    for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++) {
        hd_str cut = name;
        if (!cut_end(&cut, ranks[i].rank))
            continue;
        *plain = ranks[i].plain;
        if (ranks[i].autonomous)
            return without_peoples(cut);
        return hd_utf8_count(cut) >= SHORT_CHARS_MIN ? cut : HD_STR_NULL;
    }
    return HD_STR_NULL;
}

/* 新村村民委员会 and 新村村委会 are 新村; 新华社区居委会 is 新华社区. */
static hd_str village_name(hd_str name)
{
    static const char *const offices[] = {"村民委员会", "村委会", "居民委员会", "居委会"};
    for (size_t i = 0; i < sizeof offices / sizeof *offices; i++) {
        hd_str cut = name;
        if (!cut_end(&cut, offices[i]))
            continue;
        if (i < 2 && !ends(cut, "村")) /* 李家村委会 is of 李家村 */
            cut.len_bytes += (uint32_t)strlen("村");
        return cut;
    }
    return HD_STR_NULL;
}

static bool names_no_place(hd_str name)
{
    static const char *const rows[] = {"市辖区", "县", "市", "市区", "林区"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (hd_str_eq(name, hd_str_from(rows[i])))
            return true;
    }
    return ends(name, "行政单位") || ends(name, "行政区划");
}

static uint32_t hash_step(uint32_t hash, uint32_t codepoint)
{
    return (hash ^ codepoint) * UINT32_C(0x9E3779B1) ^ hash >> 15;
}

static void add(hd_division_names *names, hd_str text, uint32_t entry, bool is_short)
{
    uint32_t hash = 0, n_chars = 0, opening = 0;
    for (uint32_t pos = 0; pos < text.len_bytes; n_chars++) {
        hash = hash_step(hash, hd_utf8_next(text, &pos));
        opening = n_chars < SPELLING_CHARS_MIN ? hash % OPENING_BITS : opening;
    }
    if (n_chars < SPELLING_CHARS_MIN || n_chars > SPELLING_CHARS)
        return;
    names->openings[opening / 64] |= UINT64_C(1) << opening % 64;
    names->spellings[names->n++] = (spelling){text, hash, entry, is_short};
    uint32_t slot = hash & names->mask;
    while (names->slots[slot])
        slot = (slot + 1) & names->mask;
    names->slots[slot] = names->n;
}

static void add_name(hd_arena *arena, hd_division_names *names, uint32_t entry, hd_str name)
{
    hd_division_level level = hd_division_level_of(names->entries[entry].code);
    const char *plain = NULL;
    if (names_no_place(name))
        return;
    add(names, name, entry, false);
    hd_str cut = level <= HD_DIVISION_COUNTY    ? short_name(name, &plain)
                 : level == HD_DIVISION_VILLAGE ? village_name(name)
                                                : HD_STR_NULL;
    if (cut.ptr)
        add(names, cut, entry, level <= HD_DIVISION_COUNTY);
    if (cut.ptr && plain)
        add(names, hd_arena_printf(arena, "%.*s%s", HD_ARG(cut), plain), entry, false);
}

/* One of the names parted by blanks; false: no more. */
static bool next_name(hd_str *others, hd_str *name)
{
    *others = hd_str_trim(*others);
    if (hd_str_empty(*others))
        return false;
    const char *end = memchr(others->ptr, ' ', others->len_bytes);
    uint32_t len = end ? (uint32_t)(end - others->ptr) : others->len_bytes;
    *name = (hd_str){others->ptr, len};
    *others = (hd_str){others->ptr + len, others->len_bytes - len};
    return true;
}

static uint32_t count_names(const hd_division *entries, uint32_t n)
{
    uint32_t n_names = n;
    hd_str name;
    for (uint32_t i = 0; i < n; i++) {
        for (hd_str others = entries[i].others; next_name(&others, &name);)
            n_names++;
    }
    return n_names;
}

const hd_division_names *hd_division_names_make(hd_arena *arena, const hd_division *entries,
                                                uint32_t n)
{
    hd_division_names *names = HD_NEW(arena, hd_division_names);
    uint32_t max = SPELLINGS_MAX * count_names(entries, n), n_slots = 64;
    while (n_slots < 2 * max)
        n_slots *= 2;
    names->entries = entries;
    names->mask = n_slots - 1;
    names->slots = HD_NEW_N(arena, uint32_t, n_slots);
    names->spellings = HD_NEW_N(arena, spelling, max);
    for (uint32_t i = 0; i < n; i++) {
        add_name(arena, names, i, entries[i].name);
        hd_str name;
        for (hd_str others = entries[i].others; next_name(&others, &name);)
            add_name(arena, names, i, name);
    }
    return names;
}

/* ---- look-up ------------------------------------------------------------------------------- */

/* What so far answers best; `rivals`: another place answers as well. */
typedef struct answer {
    const hd_division *entry;
    bool rivals;
} answer;

/* In use before ended, the wider division before the narrower, then the one that ended last. */
static int compare(const hd_division *x, const hd_division *y)
{
    if ((x->last == 0) != (y->last == 0))
        return x->last == 0 ? 1 : -1;
    hd_division_level level_x = hd_division_level_of(x->code),
                      level_y = hd_division_level_of(y->code);
    if (level_x != level_y)
        return level_x < level_y ? 1 : -1;
    return (x->last > y->last) - (x->last < y->last);
}

static void consider(answer *best, const hd_division *entry)
{
    if (best->entry && best->entry->code == entry->code)
        return;
    int order = best->entry ? compare(entry, best->entry) : 1;
    best->rivals = order == 0 || (best->rivals && order < 0);
    if (order > 0)
        best->entry = entry;
}

/* 师宗 in 师宗路 and 东山 in 东山村 are no county. */
static bool goes_on(hd_str rest)
{
    static const uint32_t marks[] = {U'村', U'路', U'街', U'镇', U'乡', U'组', U'社', U'队',
                                     U'屯', U'巷', U'道', U'寨', U'庄', U'省', U'市', U'县',
                                     U'区', U'州', U'旗', U'盟', U'桥', U'山', U'河'};
    uint32_t pos = 0, next = rest.len_bytes ? hd_utf8_next(rest, &pos) : 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (next == marks[i])
            return true;
    }
    return false;
}

static bool fits(const spelling *s, const hd_division *entry, hd_str rest, hd_division_code within)
{
    if (within && !hd_division_within(entry->code, within))
        return false;
    if (!s->is_short)
        return true;
    return (within || hd_division_level_of(entry->code) == HD_DIVISION_PROVINCE) && !goes_on(rest);
}

static answer find(const hd_division_names *names, uint32_t hash, hd_str text, uint32_t len_bytes,
                   hd_division_code within)
{
    answer best = {NULL, false};
    hd_str name = {text.ptr, len_bytes}, rest = {text.ptr + len_bytes, text.len_bytes - len_bytes};
    for (uint32_t slot = hash & names->mask; names->slots[slot]; slot = (slot + 1) & names->mask) {
        const spelling *s = &names->spellings[names->slots[slot] - 1];
        const hd_division *entry = &names->entries[s->entry];
        if (s->hash == hash && hd_str_eq(s->text, name) && fits(s, entry, rest, within))
            consider(&best, entry);
    }
    return best;
}

hd_division_match hd_division_names_match(const hd_division_names *names, hd_str text,
                                          hd_division_code within)
{
    hd_division_match match = {0, 0};
    uint32_t hash = 0, pos = 0;
    for (uint32_t n = 1; pos < text.len_bytes && n <= SPELLING_CHARS; n++) {
        hash = hash_step(hash, hd_utf8_next(text, &pos));
        if (n < SPELLING_CHARS_MIN)
            continue;
        uint32_t opening = hash % OPENING_BITS;
        if (n == SPELLING_CHARS_MIN && !(names->openings[opening / 64] >> opening % 64 & 1))
            break;
        answer best = find(names, hash, text, pos, within);
        if (best.entry)
            match = (hd_division_match){best.rivals ? 0 : best.entry->code, pos};
    }
    return match;
}
