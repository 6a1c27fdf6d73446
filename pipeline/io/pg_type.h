#ifndef HD_IO_PG_TYPE_H
#define HD_IO_PG_TYPE_H

/* Values in PostgreSQL's binary form → text. A pure function of bytes, for hostile ones too: no
 * connection, no server.
 *
 * The text is what `value::text` gives under DateStyle ISO (so false is "false", and char(n) has
 * lost its trailing blanks). Every other type is cast by the server in the query: HD_PG_OTHER.
 *
 * Source: PostgreSQL 15, src/backend/utils/adt: the …send functions; catalogue pg_type.dat. */

#include "base/buf.h"

typedef enum hd_pg_type {
    HD_PG_OTHER, /* to be cast to text */
    HD_PG_TEXT,  /* text, varchar */
    HD_PG_BPCHAR,
    HD_PG_INT2,
    HD_PG_INT4,
    HD_PG_INT8,
    HD_PG_NUMERIC,
    HD_PG_DATE,
    HD_PG_TIMESTAMP, /* without time zone */
    HD_PG_BOOL,
    HD_PG_UUID
} hd_pg_type;

hd_pg_type hd_pg_type_of(uint32_t oid);

enum { HD_PG_TEXT_OID = 25 };

/* The text of a value that is not NULL: a view of `bytes` where that will do (TEXT, BPCHAR), else
 * of `scratch`, which is overwritten. A null text: the bytes are no value of the type. Texts are
 * not decoded: they are in the encoding of the connection. */
hd_str hd_pg_decode(hd_pg_type type, hd_str bytes, hd_buf *scratch);

#endif
