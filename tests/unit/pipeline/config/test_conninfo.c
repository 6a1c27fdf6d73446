#include "pipeline/config/conninfo.h"

#include <criterion/criterion.h>

static hd_conninfo check(const char *text)
{
    return hd_conninfo_check(hd_str_from(text));
}

static void expect_all(hd_conninfo want, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        cr_expect_eq(check(texts[i]), want, "%s", texts[i]);
}
#define EXPECT_ALL(want, ...)                                  \
    do {                                                       \
        static const char *const texts[] = {__VA_ARGS__};      \
        expect_all(want, texts, sizeof texts / sizeof *texts); \
    } while (0)

Test(conninfo, fine)
{
    EXPECT_ALL(HD_CONNINFO_FINE, "", " ", "service=police", "host = h dbname = 'a b' port=5433",
               "user=password", "dbname='x password=y'", "dbname='it\\'s password=y'",
               "dbname=a\\ password=y", "passfile=/p user=a@b:c", "options='-c x=y'",
               "application_name=", "host=h application_name=''");
    EXPECT_ALL(HD_CONNINFO_FINE, "postgresql://", "postgresql://h", "postgres://u@h:5432/d",
               "postgresql://h:5432,g:5433/d?sslmode=verify-full", "postgresql://u@[::1]:5432/d",
               "postgresql://h:1/d?user=u@h&application_name=password",
               "postgresql:///d?host=/run&passfile=x");
}

Test(conninfo, password)
{
    EXPECT_ALL(HD_CONNINFO_PASSWORD, "password=x", "host=h password = x", "PASSWORD=x",
               "host=h\tsslpassword='x y'", "dbname='a'password=x", "password", "password x",
               "host=h password='x", "user=a\\\\ password=x", "password=");
    EXPECT_ALL(HD_CONNINFO_PASSWORD, "postgresql://u:x@h", "postgres://u:x@/d", "postgres://:x@h/d",
               "postgresql://u:x?y@h/d", "postgresql://u:x/y@h/d", "postgresql://h/d?password=x",
               "postgresql://h?user=u&pass%77ord=x", "postgresql://?sslpassword=x");
}

Test(conninfo, unreadable)
{
    EXPECT_ALL(HD_CONNINFO_UNREADABLE, "police", "service police", "service=police x", "dbname='a",
               "host=h dbname='a\\'");
}

Test(conninfo, uri)
{
    cr_expect(hd_conninfo_is_uri(HD_STR("postgresql://h")));
    cr_expect(hd_conninfo_is_uri(HD_STR("postgres://h")));
    cr_expect_not(hd_conninfo_is_uri(HD_STR("postgresql:service=x")));
    cr_expect_not(hd_conninfo_is_uri(HD_STR("service=x")));
}
