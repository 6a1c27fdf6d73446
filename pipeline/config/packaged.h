#ifndef HD_CONFIG_PACKAGED_H
#define HD_CONFIG_PACKAGED_H

/* What is installed with the code: share/hedui below the prefix. */

#include "base/arena.h"

/* The folder PREFIX/share/hedui/NAME, in `arena`; null: there is none. PREFIX is found from where
 * the program or the shared library that holds this code lies now, so that it may be moved: one
 * folder above bin/ or lib/, or two above lib/x86_64-linux-gnu/. */
hd_str hd_packaged_folder(hd_arena *arena, const char *name);

#endif
