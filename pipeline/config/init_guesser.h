#ifndef HD_CONFIG_INIT_GUESSER_H
#define HD_CONFIG_INIT_GUESSER_H

/* What the parts that guess one source share: init_guess.c, init_beside.c, init_family.c,
 * init_key.c. */

#include "pipeline/config/init_guess.h"

typedef struct hd_guesser {
    hd_loader *loader;
    const hd_columns *columns;
    const hd_sample *sample;
    const hd_type_columns *type; /* NULL: person */
    hd_str *keys;                /* [column] as hd_column_key writes it; null: not to be used */
    hd_guess *out;
} hd_guesser;

bool hd_words_have(const hd_words *words, hd_str key);
/* The first of the words that a longer key ends with; -1: none. */
int32_t hd_words_ending(const hd_words *words, hd_str key);
/* The first column of one of these names, the earlier name first, behind one of the prefixes (NULL:
 * behind none); -1: none. */
int32_t hd_guesser_find(const hd_guesser *g, const hd_words *names, const hd_words *prefixes);

/* Fields of a person whose columns start with one of the prefixes (NULL: with none), and back in
 * the order of the fields (init_guess.c). */
void hd_guess_fields(hd_guesser *g, hd_guess_role *role, const hd_words *prefixes);
void hd_guess_sort_inputs(hd_guess_role *role);

/* What the person's own columns start with, where none without a prefix holds the name: the first
 * prefixes that have a name (init_guess.c). NULL: nothing. */
const hd_words *hd_guess_self(const hd_guesser *g);

/* A mention a member, where a row is a family (init_family.c): two at least have a name and a
 * number, birth date or sex behind what their columns start with. False: it is none. */
bool hd_guess_family(hd_guesser *g);

/* Fields that stand in several columns (init_beside.c), where the role has none of its own: parents
 * that a column says the person beside to be, an address in parts; and in a part of one. */
void hd_guess_beside(hd_guesser *g, hd_guess_role *role);
/* The same for a mention of the parent's own: the role mother or father of a school roll. */
void hd_guess_beside_role(hd_guesser *g, hd_guess_role *role);
void hd_guess_parts(hd_guesser *g, hd_guess_role *role);
void hd_guess_inside(hd_guesser *g, hd_guess_role *role);

/* The key, once the mentions are known (init_key.c). */
void hd_guess_key(hd_guesser *g);

#endif
