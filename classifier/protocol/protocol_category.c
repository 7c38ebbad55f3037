/* SPDX-License-Identifier: Apache-2.0 */
/* By the numbers of nDPI 4.2 (ndpi_protocol_category_t); protocol_detector.c holds some of them to
 * it. */
#include "classifier/protocol/protocol_category.h"

#include <stddef.h>

static const char *const texts[PROTOCOL_CATEGORY_COUNT] = {
	[1] = "media",
	[2] = "vpn",
	[3] = "mail",
	[4] = "data-transfer",
	[5] = "web",
	[6] = "social-network",
	[7] = "file-transfer",
	[8] = "game",
	[9] = "chat",
	[10] = "voip",
	[11] = "database",
	[12] = "remote-access",
	[13] = "cloud",
	[14] = "network",
	[15] = "collaboration",
	[16] = "rpc",
	[17] = "streaming",
	[18] = "system",
	[19] = "software-update",
	[25] = "music",
	[26] = "video",
	[27] = "shopping",
	[28] = "productivity",
	[29] = "file-sharing",
	[30] = "connectivity-check",
	[31] = "industrial",
	[32] = "assistant",
	[99] = "mining",
};

const char *
protocol_category_text(unsigned category)
{
	return category < PROTOCOL_CATEGORY_COUNT && texts[category] != NULL ? texts[category] : "";
}
