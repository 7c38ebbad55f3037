/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/protocol/protocol_belief.h"

#include <string.h>
#include <strings.h>

#include "classifier/protocol/protocol_check.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

void
protocol_doubt_note(struct protocol_doubt *doubt, const struct protocol_packet *packet)
{
	doubt->packets++;
	doubt->saw_tls |= protocol_check_tls(packet->payload);
}

static enum protocol_belief
believe_if(bool holds)
{
	return holds ? PROTOCOL_BELIEVED : PROTOCOL_NEVER;
}

static enum protocol_belief
believe_tls(struct protocol_doubt *doubt, const struct protocol_packet *packet)
{
	(void)packet;
	return believe_if(doubt->saw_tls);
}

/* Both sides' resets; what the library finds in one packet is a length. */
static enum protocol_belief
believe_openvpn(struct protocol_doubt *doubt, const struct protocol_packet *packet)
{
	return believe_if(doubt->packets > 1 &&
			  protocol_check_openvpn(packet->payload, packet->is_udp));
}

/* Two packets of one sender that go on from each other. */
static enum protocol_belief
believe_rtp(struct protocol_doubt *doubt, const struct protocol_packet *packet)
{
	size_t len =
		packet->payload.len < PROTOCOL_HEAD_MAX ? packet->payload.len : PROTOCOL_HEAD_MAX;

	if (doubt->times > 1 && doubt->head_from_high == packet->from_high &&
	    protocol_check_rtp(packet->payload, slice_of(doubt->head, doubt->head_len)))
		return PROTOCOL_BELIEVED;
	doubt->head_from_high = packet->from_high;
	doubt->head_len = (uint8_t)len;
	memcpy(doubt->head, packet->payload.data, len);
	return PROTOCOL_NOT_YET;
}

static enum protocol_belief
believe_twice(struct protocol_doubt *doubt, const struct protocol_packet *packet)
{
	(void)packet;
	return doubt->times > 1 ? PROTOCOL_BELIEVED : PROTOCOL_NOT_YET;
}

/* By the library's names. */
static const struct {
	const char *protocol;
	bool (*check)(struct slice payload);
	enum protocol_belief (*believe)(struct protocol_doubt *doubt,
					const struct protocol_packet *packet);
} rows[] = {
	{"dns", protocol_check_dns, NULL},       {"dnp3", NULL, believe_twice},
	{"iec60870", NULL, believe_twice},       {"llmnr", protocol_check_dns, NULL},
	{"mdns", protocol_check_dns, NULL},      {"mpeg_ts", NULL, believe_twice},
	{"mqtt", NULL, believe_twice},           {"netflow", NULL, believe_twice},
	{"ntp", protocol_check_ntp, NULL},       {"openvpn", NULL, believe_openvpn},
	{"redis", protocol_check_redis, NULL},   {"rtp", NULL, believe_rtp},
	{"sflow", NULL, believe_twice},          {"stun", protocol_check_stun, NULL},
	{"teredo", protocol_check_teredo, NULL}, {"tls", NULL, believe_tls},
};

enum protocol_belief
protocol_believe(struct protocol_doubt *doubt, const char *protocol,
		 const struct protocol_packet *packet)
{
	doubt->times = doubt->found == protocol ? (uint8_t)(doubt->times + 1) : 1;
	doubt->found = protocol;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (strcasecmp(rows[i].protocol, protocol) != 0)
			continue;
		return rows[i].check != NULL ? believe_if(rows[i].check(packet->payload))
					     : rows[i].believe(doubt, packet);
	}
	return PROTOCOL_BELIEVED;
}
