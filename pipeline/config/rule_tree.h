#ifndef HD_CONFIG_RULE_TREE_H
#define HD_CONFIG_RULE_TREE_H

/* Private to the rule compiler: a text as tokens, then as a tree of nodes whose names and types are
 * not known yet. Grammar: rule.h. Both live in an arena of the compilation. */

#include "pipeline/config/rule.h"

enum {
    HD_RULE_DEPTH_MAX =
        200,                /* of the tree: the stack that parsing and evaluating need is bounded */
    HD_RULE_ARGS_MAX = 255, /* hd_expr.n_args */
    HD_RULE_TEXT_MAX = 60000 /* hd_expr.column */
};

typedef struct hd_rule_source {
    hd_ctx *ctx;
    hd_source_pos pos;
    hd_str text;
    hd_arena *arena; /* tokens and nodes */
} hd_rule_source;

/* "file:line:column: message", the column counted from that of the expression. */
__attribute__((format(printf, 3, 4))) hd_status hd_rule_fail(const hd_rule_source *source,
                                                             uint32_t column, const char *fmt, ...);

typedef enum hd_rule_token_kind {
    HD_TOKEN_END,
    HD_TOKEN_NAME,
    HD_TOKEN_QUOTED_NAME, /* in backticks: never a function */
    HD_TOKEN_TEXT,
    HD_TOKEN_NUMBER,
    HD_TOKEN_FIXED /* a keyword or a sign */
} hd_rule_token_kind;

typedef struct hd_rule_token {
    hd_rule_token_kind kind;
    uint32_t column; /* 1-based, code points */
    hd_str text;     /* as written; of a text what it stands for, of a quoted name what is inside */
    double number;
} hd_rule_token;

typedef struct hd_rule_lexer {
    const hd_rule_source *source;
    uint32_t at; /* bytes */
    uint32_t column;
} hd_rule_lexer;

hd_status hd_rule_lex(hd_rule_lexer *lexer, hd_rule_token *out);

/* A name is HD_OP_REF; `not in` is HD_OP_NOT over HD_OP_IN. */
typedef struct hd_rule_node {
    uint8_t op;    /* hd_op */
    uint8_t type;  /* HD_OP_LITERAL: hd_type */
    uint8_t depth; /* of the tree below, 1: a leaf */
    uint32_t n_args;
    uint32_t column;                   /* of its first character */
    uint32_t sign_column;              /* of its operator */
    hd_str qualifier;                  /* HD_OP_REF; null: a bare name */
    hd_str text;                       /* HD_OP_REF, HD_OP_CALL: the name; a literal text */
    double number;                     /* a literal number or bool */
    struct hd_rule_node *first, *last; /* args */
    struct hd_rule_node *next;         /* in the args of the node above */
} hd_rule_node;

hd_status hd_rule_parse(const hd_rule_source *source, hd_rule_node **out);

#endif
