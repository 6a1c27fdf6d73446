#ifndef HD_CONFIG_RULE_H
#define HD_CONFIG_RULE_H

/* The one rule language: blocking keys, filters, comparisons, checks, conditions and the `=…` of a
 * mapping are all expressions of it.
 *
 *   expression = or ;
 *   or      = and {"or" and} ;
 *   and     = not {"and" not} ;
 *   not     = ["not"] compare ;
 *   compare = sum [("=" | "!=" | "<" | "<=" | ">" | ">=") sum
 *                 | ["not"] "in" "(" sum {"," sum} ")"] ;
 *   sum     = product {("+" | "-") product} ;
 *   product = atom {("*" | "/") atom} ;
 *   atom    = number | text | "true" | "false" | "null" | name ["." name]
 *           | function "(" [expression {"," expression}] ")" | "(" expression ")" | "-" atom ;
 *   number  = digits ["." digits] ;
 *   text    = '"' characters '"' | "'" characters "'" ;
 *   name    = letter {letter | digit | "_"} | "`" characters "`" ;
 *
 * Letters of a name are Latin letters, Han characters and the letters of any other script; a column
 * whose name is no such word is written in backticks. In a text, `\"`, `\'` and `\\` stand for the
 * sign itself. A number has at most 15 digits: what is longer is a text.
 *
 * Statically typed (bool, number, text, date, person); a wrong type is an error with
 * file:line:column. A value that is not there is null, and three-valued logic holds (Kleene): a
 * comparison with null is null, `null and false` is false, a condition that is null does not hold.
 * Texts are ordered by code point. Dates are equal where year, month and day are, known or not;
 * they are ordered by what both know, and where that does not decide it the comparison is null. A
 * division by zero is null. No loops, no assignment.
 *
 * The closed list of functions is functions.def; docs/rule-language.md is generated from it. */

#include "base/arena.h"
#include "base/buf.h"
#include "base/pool.h"
#include "hedui/status.h"
#include "matchers/divisions.h"
#include "matchers/han.h"

typedef enum hd_type {
    HD_TYPE_BOOL,
    HD_TYPE_NUMBER,
    HD_TYPE_TEXT,
    HD_TYPE_DATE,
    HD_TYPE_PERSON, /* can only be the same or not, and known or not */
    HD_TYPE_NULL
} hd_type;

/* 64 bits and a static type: bool 0/1; number the bits of a double; text an hd_text of the
 * ruleset's pool; date an hd_date; person the person's smallest mention. All bits set is null, for
 * every type. */
typedef uint64_t hd_value;
#define HD_NULL UINT64_MAX

#include <string.h>

static inline hd_value hd_value_number(double d)
{
    hd_value v;
    memcpy(&v, &d, sizeof v);
    return v;
}

static inline double hd_number(hd_value v)
{
    double d;
    memcpy(&d, &v, sizeof d);
    return d;
}

/* What a name in an expression stands for. The scope resolves it; the row answers it. */
typedef enum hd_ref_what {
    HD_REF_VALUE,    /* the standard value */
    HD_REF_LEFT,     /* the same, or what is left of a damaged one: of name_level and its like */
    HD_REF_STATE,    /* state(field): a text */
    HD_REF_REASON,   /* reason(field, "code"): bool; `reason` below */
    HD_REF_ORIGINAL, /* original(field): the text as it was written */
    HD_REF_BUILTIN,  /* source, source_type, role: `index` is the scope's own number */
    HD_REF_RELATED   /* person(relation): `index` is an hd_relation_kind; or HD_BIRTH_ORDER */
} hd_ref_what;

typedef struct hd_ref {
    hd_ref_what what;
    uint8_t side;   /* 0: a or the row itself, 1: b */
    uint8_t reason; /* hd_reason */
    int16_t role;   /* role.field: the scope's number of the role; -1: the mention itself */
    uint16_t index; /* field or column number, as the scope gave it */
} hd_ref;

/* Who a mention's related persons are, as far as clustering has told: what person() answers.
 * as_parent is nobody of one's own: mentions have it in common that are said to be mother (or
 * father) of one child, and of another that one of them is said to be parent of, and so on. */
#define HD_RELATION_KINDS(X) X(self) X(mother) X(father) X(spouse) X(child) X(as_parent)
typedef enum hd_relation_kind {
#define X(name) HD_RELATION_##name,
    HD_RELATION_KINDS(X)
#undef X
        HD_N_RELATION_KINDS
} hd_relation_kind;

/* Beside them, by the same means: who of twins was born first. */
enum { HD_BIRTH_ORDER = HD_N_RELATION_KINDS, HD_N_RELATED };

const char *hd_relation_kind_name(hd_relation_kind kind);
int hd_relation_kind_find(hd_str name); /* -1: unknown */

typedef enum hd_op {
    HD_OP_LITERAL,
    HD_OP_REF,
    HD_OP_CALL,
    HD_OP_AND, /* of two args or more; so is or */
    HD_OP_OR,
    HD_OP_NOT,
    HD_OP_EQ,
    HD_OP_NE,
    HD_OP_LT,
    HD_OP_LE,
    HD_OP_GT,
    HD_OP_GE,
    HD_OP_IN, /* args[0] in args[1 …] */
    HD_OP_ADD,
    HD_OP_SUB,
    HD_OP_MUL,
    HD_OP_DIV,
    HD_OP_NEG
} hd_op;

/* A compiled expression: an immutable tree. Open, because match hoists out of the pair loop all
 * that depends on one side. */
typedef struct hd_expr {
    uint8_t op;    /* hd_op */
    uint8_t type;  /* hd_type */
    uint8_t sides; /* which sides it reads: bit 0 a (or the row), bit 1 b; 0: constant */
    uint8_t n_args;
    uint16_t function; /* HD_OP_CALL: hd_function */
    uint16_t column;   /* 1-based, in the text it was compiled from */
    hd_value literal;
    hd_ref ref;
    const struct hd_expr **args;
} hd_expr;

/* Where an expression stands, for messages. */
typedef struct hd_source_pos {
    const char *file;
    uint32_t line, column; /* of the expression's first character */
} hd_source_pos;

/* Names that an expression may use. `resolve` fills `ref` (side, role, index) and `type` for
 * `name` or `qualifier.name` (qualifier null for a bare name); false: unknown, and `nearest` is
 * then asked for a suggestion by `list` (all valid names, for the error message; may be NULL). */
typedef struct hd_scope {
    void *arg;
    bool (*resolve)(void *arg, hd_str qualifier, hd_str name, hd_ref *ref, hd_type *type);
    /* i-th valid name, null past the end */
    hd_str (*list)(void *arg, uint32_t i);
    /* Tried before `resolve`: the compiled expression that a derived name stands for, its sides set
     * for the qualifier (a copy per qualifier, living as long as `arena`), to be spliced in as it
     * is; NULL: no such derived name. May itself be NULL: no derived names. */
    const hd_expr *(*derive)(void *arg, hd_str qualifier, hd_str name);
    /* Names are columns of a row, all text: state(), reason() and original() are refused. */
    bool columns;
    /* Which side person(qualifier.relation) asks about; -1: unknown. NULL: person() is refused. */
    int (*person_side)(void *arg, hd_str qualifier);
    hd_arena *arena; /* the tree lives here */
    hd_pool *texts;  /* literals are interned here */
} hd_scope;

/* Compile `text`. `want` HD_TYPE_NULL: any. On failure: HD_CONFIG, "file:line:column: message". */
hd_status hd_rule_compile(hd_ctx *ctx, const hd_scope *scope, hd_source_pos pos, hd_str text,
                          hd_type want, const hd_expr **out);

/* What evaluation needs. One a thread (scratch). */
typedef struct hd_env {
    hd_pool *texts;
    const hd_han *han;
    const hd_divisions *divisions;
    hd_value (*load)(const void *row, const hd_ref *ref);
    const void *row;
    hd_buf scratch;
    struct hd_name_cache *names;   /* made by the functions that compare names */
    struct hd_score_cache *scores; /* made by the comparators of texts */
    struct hd_call_memo *calls;    /* made by the functions that make a text of a text */
} hd_env;

/* What evaluation made beside `texts` and `han`; the owner calls it. */
void hd_env_release(hd_env *env);

hd_value hd_expr_eval(const hd_expr *expr, hd_env *env);
/* A condition: true only where it is known to hold. */
static inline bool hd_expr_holds(const hd_expr *expr, hd_env *env)
{
    return hd_expr_eval(expr, env) == 1;
}
/* Evaluate a function on values that are at hand: what match calls inside the pair loop. */
hd_value hd_function_call(uint16_t function, const hd_value *args, unsigned n_args, hd_env *env);
/* The same for HD_OP_EQ … HD_OP_GE on two values of one type: bool or null. */
hd_value hd_value_compare(hd_op op, hd_type type, hd_value x, hd_value y, const hd_pool *texts);
/* What an expression asks of the rounds before: bits of hd_relation_kind, and of HD_BIRTH_ORDER. */
uint32_t hd_expr_related(const hd_expr *expr);
/* Equal in structure, disregarding side: pinyin(a.name) and pinyin(b.name) are. */
bool hd_expr_same_shape(const hd_expr *x, const hd_expr *y);
/* Write a value as text: dates as 1980-01-02, unknown parts left off; numbers shortest; persons and
 * null: "".
 */
void hd_value_print(hd_buf *out, hd_type type, hd_value value, const hd_pool *texts);
/* Write a text as the language reads it, in double quotes. */
void hd_rule_add_text(hd_buf *out, hd_str text);

#endif
