/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Community ID version 1 (github.com/corelight/community-id-spec): the name of a flow that Zeek,
 * Suricata, Wireshark and Arkime compute too, so that an analyst finds the same flow in all of
 * them. Seed 0, base64. Pure; any thread may call it.
 */
#pragma once

#include "base/flow_record.h"

/** Length of "1:LQU9qZlK+B5F3KDmev6m5PMibrg=", without a NUL. */
#define COMMUNITY_ID_LEN 30

/**
 * Writes the COMMUNITY_ID_LEN characters and a NUL to `out`, which has COMMUNITY_ID_LEN + 1 bytes.
 * Both directions of a flow give the same text. Of ICMP, type and code stand in the record's ports;
 * a transport without ports (ESP) is told by its addresses and number.
 */
void community_id_format(const struct flow_record *flow, char *out);
