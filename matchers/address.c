#include "matchers/address.h"

#include "base/utf8.h"

#define N_OF(array) (sizeof(array) / sizeof *(array))

static hd_str skip(hd_str text, uint32_t n_bytes)
{
    return (hd_str){text.ptr + n_bytes, text.len_bytes - n_bytes};
}

/* ---- divisions ----------------------------------------------------------------------------- */

/* The length of the word that opens `text`, of the first that does; 0: none. Each opens with a Han
 * character, of three bytes: they tell nearly all of them apart. */
static uint32_t opening(hd_str text, const char *const *words, size_t n)
{
    if (text.len_bytes < 3)
        return 0;
    for (size_t i = 0; i < n; i++) {
        const char *w = words[i];
        if (w[2] != text.ptr[2] || w[1] != text.ptr[1] || w[0] != text.ptr[0])
            continue;
        hd_str word = hd_str_from(w);
        if (hd_str_starts(text, word))
            return word.len_bytes;
    }
    return 0;
}

/* One division after the other while each lies in the one before. */
typedef struct walk {
    const hd_divisions *divisions;
    hd_str rest;
    hd_division_code code;
    hd_str name; /* of the last step */
} walk;

/* Below a county that has ended: in what took its place, whose townships are those that are listed.
 */
static hd_division_match match_below(const walk *w)
{
    hd_division_match match = hd_divisions_match(w->divisions, w->rest, w->code);
    if (match.len_bytes || !w->code)
        return match;
    hd_division_code current = hd_divisions_current(w->divisions, w->code);
    return current == w->code ? match : hd_divisions_match(w->divisions, w->rest, current);
}

static bool step(walk *w)
{
    hd_division_match match = match_below(w);
    if (match.len_bytes == 0 || (match.code == 0 && w->code != 0))
        return false;
    w->name = (hd_str){w->rest.ptr, match.len_bytes};
    w->rest = skip(w->rest, match.len_bytes);
    w->code = match.code;
    return match.code != 0;
}

/* ---- what no table knows ------------------------------------------------------------------- */

/* A part ends in one of `ends`, longest first, not followed by one of `refused`, and holds none of
 * `stops`, nor a digit unless `digits`. */
typedef struct form {
    const char *const *ends, *const *refused, *const *stops;
    size_t n_ends, n_refused, n_stops;
    uint32_t max_chars;
    bool digits;
} form;

static hd_str take(hd_str *rest, const form *f)
{
    uint32_t at = 0;
    for (uint32_t n = 0; at < rest->len_bytes && n < f->max_chars; n++) {
        hd_str here = skip(*rest, at);
        uint32_t len = n ? opening(here, f->ends, f->n_ends) : 0;
        if (len && !opening(skip(here, len), f->refused, f->n_refused)) {
            hd_str taken = {rest->ptr, at + len};
            *rest = skip(here, len);
            return taken;
        }
        bool digit = *here.ptr >= '0' && *here.ptr <= '9';
        if ((digit && !f->digits) || opening(here, f->stops, f->n_stops))
            break;
        hd_utf8_next(*rest, &at);
    }
    return HD_STR_NULL;
}

#define FORM(name, max, with_digits)                                               \
    static const form name = {                                                     \
        name##_ends,          name##_refused,     name##_stops, N_OF(name##_ends), \
        N_OF(name##_refused), N_OF(name##_stops), max,          with_digits}

static const char *const county_ends[] = {"自治县", "县", "区", "旗", "市"};
static const char *const county_refused[] = {"场"};
static const char *const county_stops[] = {"小区", "社区", "园区", "厂区", "号", "路"};
FORM(county, 8, false);

static const char *const township_ends[] = {"街道办事处", "街道办", "街道", "办事处",
                                            "镇",         "乡",     "苏木"};
static const char *const township_refused[] = {"路", "街", "巷", "村", "组", "大道"};
static const char *const township_stops[] = {"号", "组", "路", "巷"};
FORM(township, 10, false);

static const char *const village_ends[] = {"村民委员会", "村委会", "居民委员会", "居委会",
                                           "行政村",     "社区",   "村",         "嘎查"};
static const char *const village_refused[] = {"民小组", "路", "街", "巷", "大道", "大街", "小组"};
static const char *const village_stops[] = {"号", "组", "队", "路", "街", "巷"};
FORM(village, 14, false);

static const char *const group_ends[] = {"村民小组", "民小组", "合作社", "生产队", "小组",
                                         "组",       "社",     "队",     "屯"};
static const char *const group_refused[] = {"区", "会", "路", "街"};
static const char *const group_stops[] = {"号", "路", "街", "巷", "弄", "栋", "幢"};
FORM(group, 12, true);

static const char *const road_ends[] = {"大道", "大街", "胡同", "路", "街", "巷", "弄"};
static const char *const road_refused[] = {"道", "口"};
static const char *const road_stops[] = {"号", "栋", "幢"};
FORM(road, 14, true);

/* 新村村民委员会: the office is one with the village. */
static void extend(hd_str *part, hd_str *rest)
{
    static const char *const offices[] = {"村民委员会", "居民委员会", "民委员会", "村委会",
                                          "居委会",     "委会",       "办事处"};
    uint32_t len = opening(*rest, offices, N_OF(offices));
    part->len_bytes += len;
    *rest = skip(*rest, len);
}

/* A county that the table does not know, where a township follows. */
static void skip_unknown_county(hd_str *rest)
{
    hd_str after = *rest, then;
    if (!take(&after, &county).ptr)
        return;
    then = after;
    if (take(&then, &township).ptr)
        *rest = after;
}

void hd_address_parse(const hd_divisions *divisions, hd_str text, hd_address *out)
{
    *out = (hd_address){0};
    walk w = {divisions, text, 0, HD_STR_NULL};
    hd_division_level level = 0;
    while (step(&w)) {
        level = hd_division_level_of(w.code);
        if (level == HD_DIVISION_TOWNSHIP)
            out->township = w.name;
        if (level == HD_DIVISION_VILLAGE)
            out->village = w.name;
        if (level >= HD_DIVISION_TOWNSHIP)
            extend(level == HD_DIVISION_TOWNSHIP ? &out->township : &out->village, &w.rest);
    }
    out->division = w.code;
    if (level < HD_DIVISION_COUNTY)
        skip_unknown_county(&w.rest);
    if (level < HD_DIVISION_TOWNSHIP)
        out->township = take(&w.rest, &township);
    if (level < HD_DIVISION_VILLAGE) {
        out->village = take(&w.rest, &village);
        if (out->village.ptr)
            extend(&out->village, &w.rest);
    }
    out->group = take(&w.rest, &group);
    out->road = take(&w.rest, &road);
    if (!out->group.ptr && out->road.ptr)
        out->group = take(&w.rest, &group);
    if (w.rest.len_bytes)
        out->house = w.rest;
}

/* ---- keys ---------------------------------------------------------------------------------- */

void hd_address_village_key(const hd_address *address, hd_buf *out)
{
    static const char *const ranks[] = {"村民委员会", "居民委员会", "村委会", "居委会",
                                        "行政村",     "社区",       "村",     "嘎查"};
    char digits[HD_DIVISION_DIGITS];
    if (address->division && hd_division_level_of(address->division) == HD_DIVISION_VILLAGE) {
        hd_buf_add(out, (hd_str){digits, hd_division_print(address->division, digits)});
        return;
    }
    hd_str name = address->village;
    for (size_t i = 0; i < N_OF(ranks); i++) { /* 新村村委会: both 村委会 and 村 go */
        uint32_t n = (uint32_t)strlen(ranks[i]);
        if (name.len_bytes > n && memcmp(name.ptr + name.len_bytes - n, ranks[i], n) == 0)
            name.len_bytes -= n;
    }
    hd_buf_add(out, name);
}

/* 0 to 9, and 10, 100 for what multiplies; -1: no numeral. */
static int32_t numeral(uint32_t c)
{
    static const uint32_t digits[] = {U'零', U'一', U'二', U'三', U'四',
                                      U'五', U'六', U'七', U'八', U'九'};
    if (c >= '0' && c <= '9')
        return (int32_t)(c - '0');
    for (size_t i = 0; i < N_OF(digits); i++) {
        if (c == digits[i])
            return (int32_t)i;
    }
    return c == U'〇' ? 0 : c == U'两' ? 2 : c == U'十' ? 10 : c == U'百' ? 100 : -1;
}

/* A number in any digits: 12, 十二, 一二, 一百零二. At most nine digits of it count. */
static bool read_number(hd_str *rest, uint32_t *value)
{
    uint32_t pos = 0, sum = 0, last = 0, n = 0;
    while (pos < rest->len_bytes) {
        uint32_t next = pos;
        int32_t digit = numeral(hd_utf8_next(*rest, &next));
        if (digit < 0 || n == 9)
            break;
        if (digit >= 10) {
            sum += (last ? last : 1) * (uint32_t)digit;
            last = 0;
        } else {
            last = last * 10 + (uint32_t)digit;
        }
        pos = next;
        n++;
    }
    *value = sum + last;
    *rest = skip(*rest, pos);
    return pos > 0;
}

/* What says only that a number ends, and what stands for another word. */
typedef struct house_word {
    const char *text, *put;
} house_word;

static const house_word *find_house_word(hd_str rest)
{
    static const house_word words[] = {
        {"村民小组", "组"}, {"民小组", "组"}, {"生产队", "组"}, {"合作社", "组"}, {"小组", "组"},
        {"组", "组"},       {"社", "组"},     {"队", "组"},     {"单元", "-"},    {"号楼", "-"},
        {"门牌", ""},       {"号", "-"},      {"栋", "-"},      {"幢", "-"},      {"座", "-"},
        {"室", "-"},        {"房", "-"},      {"附", "-"},      {"之", "-"},      {"楼", "-"},
        {"层", "-"},        {"第", ""},       {"-", "-"},       {"#", "-"},       {"—", "-"},
        {"/", "-"},         {",", ""},        {".", ""},        {"(", ""},        {")", ""},
        {"、", ""},         {" ", ""}};
    for (size_t i = 0; i < N_OF(words); i++) {
        const char *word = words[i].text;
        if (*word == *rest.ptr && hd_str_starts(rest, hd_str_from(word)))
            return &words[i];
    }
    return NULL;
}

/* Han numerals are a number where a word of the above follows: 三组, but 三家村. */
static bool opens_number(hd_str rest)
{
    uint32_t value;
    if (rest.len_bytes && *rest.ptr >= '0' && *rest.ptr <= '9')
        return true;
    return read_number(&rest, &value) && (rest.len_bytes == 0 || find_house_word(rest));
}

static void add_house(hd_buf *out, size_t start, hd_str text)
{
    while (text.len_bytes) {
        uint32_t value, pos = 0;
        const house_word *word = find_house_word(text);
        bool dash = out->len_bytes > start && out->ptr[out->len_bytes - 1] == '-';
        if (opens_number(text) && read_number(&text, &value)) {
            hd_buf_add_digits(out, value, 1);
        } else if (word) {
            bool again = *word->put == '-' && (dash || out->len_bytes == start);
            hd_buf_add(out, hd_str_from(again ? "" : word->put));
            text = skip(text, (uint32_t)strlen(word->text));
        } else {
            hd_buf_add_codepoint(out, hd_utf8_next(text, &pos));
            text = skip(text, pos);
        }
    }
}

void hd_address_house_key(const hd_address *address, hd_buf *out)
{
    size_t start = out->len_bytes;
    add_house(out, start, address->group);
    add_house(out, start, address->road);
    add_house(out, start, address->house);
    while (out->len_bytes > start && out->ptr[out->len_bytes - 1] == '-')
        out->ptr[--out->len_bytes] = '\0';
}

/* ---- divisions that stand twice ------------------------------------------------------------ */

static bool ends_in_rank(hd_str name)
{
    static const char *const ranks[] = {"省", "市", "县", "区", "州", "旗", "盟"};
    uint32_t n = (uint32_t)strlen(ranks[0]);
    return name.len_bytes > n && opening(skip(name, name.len_bytes - n), ranks, N_OF(ranks));
}

hd_str hd_address_repeated(const hd_divisions *divisions, hd_str text)
{
    walk first = {divisions, text, 0, HD_STR_NULL}, again;
    hd_division_level level = 0, level_again = 0;
    while (step(&first))
        level = level ? level : hd_division_level_of(first.code);
    if (first.code == 0)
        return HD_STR_NULL;
    again = (walk){divisions, first.rest, 0, HD_STR_NULL};
    while (again.code != first.code && step(&again)) {
        if (!ends_in_rank(again.name))
            return HD_STR_NULL;
        level_again = level_again ? level_again : hd_division_level_of(again.code);
    }
    if (again.code != first.code)
        return HD_STR_NULL;
    uint32_t n_first = text.len_bytes - first.rest.len_bytes;
    uint32_t n_again = first.rest.len_bytes - again.rest.len_bytes;
    return level_again <= level ? (hd_str){text.ptr, n_first} : (hd_str){first.rest.ptr, n_again};
}
