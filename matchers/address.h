#ifndef HD_MATCHERS_ADDRESS_H
#define HD_MATCHERS_ADDRESS_H

/* An address as written, in parts: for keys and comparison, never to be written back.
 * 云南省曲靖市师宗县丹凤镇新村村委会三组12号 → divisions as far as the table knows them, the
 * village, the villagers' group or road, and the house. Pure; no allocation but in `out`; a
 * microsecond. */

#include "base/buf.h"
#include "matchers/divisions.h"

/* Views into the text, null where a part is not there. */
typedef struct hd_address {
    hd_division_code division; /* the narrowest that is known; 0: none */
    hd_str township;           /* 丹凤镇 */
    hd_str village;            /* 新村村委会 */
    hd_str group;              /* 三组, 李家湾组, 四社 */
    hd_str road;               /* 人民路 */
    hd_str house;              /* what follows: 12号3栋1单元301室 */
} hd_address;

/* text: standard text of an address, valid UTF-8. */
void hd_address_parse(const hd_divisions *divisions, hd_str text, hd_address *out);

/* The village's key: its code where that is known, else its name without 村, 社区, 村委会. Adds
 * nothing where there is no village. */
void hd_address_village_key(const hd_address *address, hd_buf *out);
/* Group, road and house in one spelling: 第三村民小组12号 and 3组十二号 are 3组12;
 * 人民路12号3栋1单元301室 and 人民路12号3-1-301 are 人民路12-3-1-301. Adds nothing where there is
 * none of them. */
void hd_address_house_key(const hd_address *address, hd_buf *out);

/* Bytes to cut where the divisions stand twice: 师宗县师宗县丹凤镇, or
 * 师宗县云南省曲靖市师宗县丹凤镇. Length 0: they do not. */
hd_str hd_address_repeated(const hd_divisions *divisions, hd_str text);

#endif
