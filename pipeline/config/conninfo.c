#include "pipeline/config/conninfo.h"

#include <strings.h>

static const char *const schemes[] = {"postgresql://", "postgres://"};

static hd_str after_scheme(hd_str text)
{
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        hd_str scheme = hd_str_from(schemes[i]);
        if (hd_str_starts(text, scheme))
            return (hd_str){text.ptr + scheme.len_bytes, text.len_bytes - scheme.len_bytes};
    }
    return HD_STR_NULL;
}

bool hd_conninfo_is_uri(hd_str text)
{
    return after_scheme(text).ptr != NULL;
}

static bool is_secret(const char *keyword, size_t n)
{
    static const char *const secrets[] = {"password", "sslpassword"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (strlen(secrets[i]) == n && strncasecmp(secrets[i], keyword, n) == 0)
            return true;
    return false;
}

/* ---- keyword = value ---- */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

/* Past the value; NULL: its quote does not end. */
static const char *skip_value(const char *at, const char *end)
{
    bool quoted = at < end && *at == '\'';
    for (at += quoted; at < end; at++) {
        if (*at == '\\' && at + 1 < end)
            at++;
        else if (quoted ? *at == '\'' : is_blank(*at))
            return at + 1;
    }
    return quoted ? NULL : at;
}

static hd_conninfo check_pairs(hd_str text)
{
    const char *at = text.ptr, *end = text.ptr + text.len_bytes;
    hd_conninfo found = HD_CONNINFO_FINE;
    while ((at = skip_blanks(at, end)) < end) {
        const char *keyword = at;
        while (at < end && *at != '=' && !is_blank(*at))
            at++;
        if (is_secret(keyword, (size_t)(at - keyword)))
            found = HD_CONNINFO_PASSWORD;
        at = skip_blanks(at, end);
        if (at == end || *at != '=')
            return found == HD_CONNINFO_FINE ? HD_CONNINFO_UNREADABLE : found;
        at = skip_value(skip_blanks(at + 1, end), end);
        if (!at)
            return found == HD_CONNINFO_FINE ? HD_CONNINFO_UNREADABLE : found;
    }
    return found;
}

/* ---- a URI ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The keyword of one parameter, "pass%77ord=…" too. */
static bool is_secret_parameter(const char *at, const char *end)
{
    char keyword[16];
    size_t n = 0;
    for (; at < end && *at != '=' && n < sizeof keyword; at++) {
        bool escaped = *at == '%' && end - at > 2 && hex_digit(at[1]) >= 0 && hex_digit(at[2]) >= 0;
        keyword[n++] = escaped ? (char)(hex_digit(at[1]) * 16 + hex_digit(at[2])) : *at;
        at += escaped ? 2 : 0;
    }
    return is_secret(keyword, n);
}

static bool has_secret_parameter(hd_str parameters)
{
    const char *at = parameters.ptr, *end = parameters.ptr + parameters.len_bytes;
    while (at < end) {
        const char *next = memchr(at, '&', (size_t)(end - at));
        if (is_secret_parameter(at, next ? next : end))
            return true;
        at = next ? next + 1 : end;
    }
    return false;
}

/* A colon, and an @ behind it. */
static bool has_colon_before_at(hd_str text)
{
    const char *colon = memchr(text.ptr, ':', text.len_bytes);
    return colon && memchr(colon, '@', (size_t)(text.ptr + text.len_bytes - colon));
}

static hd_str until(hd_str text, char c)
{
    const char *at = memchr(text.ptr, c, text.len_bytes);
    return (hd_str){text.ptr, at ? (uint32_t)(at - text.ptr) : text.len_bytes};
}

/* libpq takes what is before the first @ or / for user:password, a ? in it too. */
static hd_conninfo check_uri(hd_str rest)
{
    hd_str place = until(rest, '?');
    hd_str parameters = {rest.ptr + place.len_bytes, rest.len_bytes - place.len_bytes};
    if (parameters.len_bytes)
        parameters = (hd_str){parameters.ptr + 1, parameters.len_bytes - 1};
    bool secret = has_colon_before_at(place) || has_colon_before_at(until(rest, '/')) ||
                  has_secret_parameter(parameters);
    return secret ? HD_CONNINFO_PASSWORD : HD_CONNINFO_FINE;
}

hd_conninfo hd_conninfo_check(hd_str text)
{
    hd_str rest = after_scheme(text);
    return rest.ptr ? check_uri(rest) : check_pairs(text);
}
