#ifndef HD_ANALYSE_SPLINK_SQL_H
#define HD_ANALYSE_SPLINK_SQL_H

/* The conditions of a Splink model: expressions of SQL as DuckDB writes it, read into a tree.
 *
 *   expression = and {"OR" and} ;       and     = not {"AND" not} ;
 *   not        = "NOT" not | compare ;
 *   compare    = sum [ ("=" | "==" | "<>" | "!=" | "<" | "<=" | ">" | ">=") sum
 *              | "IS" ["NOT"] "NULL" | ["NOT"] "IN" "(" sum {"," sum} ")"
 *              | ["NOT"] "BETWEEN" sum "AND" sum ] ;
 *   sum        = product {("+" | "-" | "||") product} ;
 *   product    = unary {("*" | "/") unary} ;
 *   unary      = "-" unary | atom {"::" type} ;
 *   atom       = number | text | "TRUE" | "FALSE" | "NULL" | [("l" | "r") "."] column
 *              | function "(" [expression {"," expression}] ")" | "(" expression ")"
 *              | ("CAST" | "TRY_CAST") "(" expression "AS" type ")" ;
 *
 * Keywords, functions and types in any case; a column may stand in double quotes, a text stands in
 * single ones, each doubled inside. What is beyond (CASE, lists, lambdas, LIKE) is an error with
 * its place. The tree's depth is bounded, so is the stack. */

#include "base/arena.h"
#include "hedui/status.h"

enum { HD_SQL_DEPTH_MAX = 100, HD_SQL_TEXT_MAX = 60000 };

typedef enum hd_sql_op {
    HD_SQL_NUMBER,
    HD_SQL_TEXT,
    HD_SQL_BOOL,
    HD_SQL_NULL,
    HD_SQL_COLUMN,
    HD_SQL_CALL,
    HD_SQL_CAST, /* text: the type */
    HD_SQL_OR,
    HD_SQL_AND,
    HD_SQL_NOT,
    HD_SQL_EQ,
    HD_SQL_NE,
    HD_SQL_LT,
    HD_SQL_LE,
    HD_SQL_GT,
    HD_SQL_GE,
    HD_SQL_IS_NULL,
    HD_SQL_IN, /* the first of the args in the others */
    HD_SQL_ADD,
    HD_SQL_SUB,
    HD_SQL_MUL,
    HD_SQL_DIV,
    HD_SQL_JOIN, /* || */
    HD_SQL_NEG
} hd_sql_op;

typedef struct hd_sql_node {
    hd_sql_op op;
    uint32_t place;                   /* of its first character, counted from 1 */
    hd_str text;                      /* a column, function or type (these two in lower case), or a
                                         literal text */
    hd_str qualifier;                 /* l or r before a column; null: none */
    double number;                    /* a number, or 0/1 for a bool */
    uint32_t n_args, depth;           /* depth 1: a leaf */
    struct hd_sql_node *first, *last; /* args */
    struct hd_sql_node *next;         /* in the args of the node above */
} hd_sql_node;

typedef struct hd_sql_source {
    hd_ctx *ctx;
    const char *where; /* before each message: "settings.json: comparison \"name\", level 2" */
    hd_str text;
    hd_arena *arena; /* the tree lives here */
} hd_sql_source;

/* HD_CONFIG: "where: message, at character N of TEXT". Returns it. */
__attribute__((format(printf, 3, 4))) hd_status hd_sql_fail(const hd_sql_source *source,
                                                            uint32_t place, const char *fmt, ...);

hd_status hd_sql_parse(const hd_sql_source *source, hd_sql_node **out);

#endif
