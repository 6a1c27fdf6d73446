#ifndef HD_STORE_MIGRATIONS_H
#define HD_STORE_MIGRATIONS_H

/* ops/sql/NNN-*.sql, in order; the build makes them a part of the program. */

#include <stdint.h>

extern const char *const hd_migrations[]; /* [i]: from version i to i + 1 */
extern const uint32_t hd_n_migrations;

#endif
