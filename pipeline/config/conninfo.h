#ifndef HD_CONFIG_CONNINFO_H
#define HD_CONFIG_CONNINFO_H

/* A connection string as libpq reads it, looked at before there is a connection: a configuration is
 * copied, printed and kept under version control, so a password has no place in it.
 *
 * Pure. Errs on the side of "password" where a URI is not quite one: libpq's own message on it
 * would show parts of what was meant as a password. Source: PostgreSQL 15 documentation, 34.1.1
 * "Connection Strings"; fe-connect.c, conninfo_parse. */

#include "base/view.h"

typedef enum hd_conninfo {
    HD_CONNINFO_FINE,
    HD_CONNINFO_PASSWORD,  /* a keyword password or sslpassword, or user:password@ */
    HD_CONNINFO_UNREADABLE /* neither keyword=value nor a URI; what the keywords are is libpq's */
} hd_conninfo;

bool hd_conninfo_is_uri(hd_str text); /* postgresql://… or postgres://… */
hd_conninfo hd_conninfo_check(hd_str text);

#endif
