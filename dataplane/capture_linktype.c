/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_linktype.h"

#include <stddef.h>

static const struct {
	uint16_t number;
	enum link_type link;
} linktypes[] = {
	{0, LINK_TYPE_NULL},        /* LINKTYPE_NULL */
	{1, LINK_TYPE_ETHERNET},    /* LINKTYPE_ETHERNET */
	{9, LINK_TYPE_PPP},         /* LINKTYPE_PPP */
	{12, LINK_TYPE_RAW_IP},     /* DLT_RAW of most systems, written as it is by some tools */
	{14, LINK_TYPE_RAW_IP},     /* DLT_RAW of OpenBSD */
	{50, LINK_TYPE_PPP},        /* LINKTYPE_PPP_HDLC; Cisco's framing in it is not IP to us */
	{51, LINK_TYPE_PPPOE},      /* LINKTYPE_PPP_ETHER */
	{101, LINK_TYPE_RAW_IP},    /* LINKTYPE_RAW */
	{108, LINK_TYPE_NULL},      /* LINKTYPE_LOOP: as NULL, the family always big-endian */
	{113, LINK_TYPE_LINUX_SLL}, /* LINKTYPE_LINUX_SLL */
	{166, LINK_TYPE_PPP_PPPD},  /* LINKTYPE_PPP_PPPD */
	{228, LINK_TYPE_RAW_IP},    /* LINKTYPE_IPV4 */
	{229, LINK_TYPE_RAW_IP},    /* LINKTYPE_IPV6 */
	{239, LINK_TYPE_NFLOG},     /* LINKTYPE_NFLOG */
	{276, LINK_TYPE_LINUX_SLL2} /* LINKTYPE_LINUX_SLL2 */
};

enum link_type
capture_linktype(uint16_t number)
{
	for (size_t i = 0; i < sizeof(linktypes) / sizeof(*linktypes); i++)
		if (linktypes[i].number == number)
			return linktypes[i].link;
	return LINK_TYPE_UNSUPPORTED;
}
