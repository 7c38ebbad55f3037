/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The LINKTYPE_ numbers of pcap and pcapng files (registry: tcpdump.org/linktypes.html), as far as
 * vigie decodes them.
 */
#pragma once

#include <stdint.h>

#include "dataplane/packet.h"

/**
 * What a packet of LINKTYPE_ `number` begins with; LINK_TYPE_UNSUPPORTED for all that is not
 * decoded.
 */
enum link_type capture_linktype(uint16_t number);
