#ifndef HD_CONFIG_KEY_H
#define HD_CONFIG_KEY_H

/* The site's key: what makes person ids and hashes of this county its own. One file beside
 * hedui.yaml, <site>.key (hedui.key where no site is said): 64 hexadecimal characters, mode 0600 or
 * stricter. Whoever has it can join this county's published ids; who loses it gets new ids. */

#include "base/hash.h"
#include "pipeline/config/ruleset.h"

/* Reads the key; makes one where there is no file yet. HD_CONFIG where others may read it, where it
 * is no key, and where there is none of that name but one of before the site had a name. */
hd_status hd_site_key(hd_ctx *ctx, const hd_ruleset *ruleset, uint8_t key[HD_KEY_BYTES]);

#endif
