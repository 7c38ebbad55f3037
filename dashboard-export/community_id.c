/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hash is taken over: seed (2 bytes), the two addresses, transport number, a zero byte, and the
 * two ports, all in network order, the end with the smaller (address, port) first. An ICMP message
 * that is answered takes its own type and the answer's type as ports; one that is never answered
 * takes type and code and keeps its direction.
 */
/*
 * libcrypto calls these three functions old but keeps them: 45 ns a hash, where the one-shot SHA1()
 * of OpenSSL 3 looks up the algorithm anew each time and takes 280 ns.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "dashboard-export/community_id.h"

#include <openssl/sha.h>

/* Seed, two IPv6 addresses, transport, padding, two ports. */
#define TUPLE_MAX (2 + 16 + 16 + 1 + 1 + 2 + 2)

struct endpoint {
	const struct ip_address *address;
	uint16_t port;
};

struct type_pair {
	uint8_t type;
	uint8_t answer;
};

/* RFC 792, RFC 950, RFC 1256 */
static const struct type_pair icmp_pairs[] = {
	{8, 0},   {0, 8},   /* echo */
	{13, 14}, {14, 13}, /* timestamp */
	{15, 16}, {16, 15}, /* information */
	{10, 9},  {9, 10},  /* router solicitation, advertisement */
	{17, 18}, {18, 17}, /* address mask */
};

/* RFC 4443, RFC 2710, RFC 4861, RFC 4620, RFC 6275 */
static const struct type_pair icmpv6_pairs[] = {
	{128, 129}, {129, 128}, /* echo */
	{130, 131}, {131, 130}, /* multicast listener query, report */
	{133, 134}, {134, 133}, /* router solicitation, advertisement */
	{135, 136}, {136, 135}, /* neighbor solicitation, advertisement */
	{139, 140}, {140, 139}, /* node information */
	{144, 145}, {145, 144}, /* home agent address discovery */
};

/* The type that answers `type`, or -1 where nothing does. */
static int
answering_type(uint8_t transport, uint16_t type)
{
	bool v6 = transport == TRANSPORT_ICMPV6;
	const struct type_pair *pairs = v6 ? icmpv6_pairs : icmp_pairs;
	size_t count = v6 ? sizeof(icmpv6_pairs) / sizeof(*icmpv6_pairs)
			  : sizeof(icmp_pairs) / sizeof(*icmp_pairs);

	for (size_t i = 0; i < count; i++) {
		if (pairs[i].type == type)
			return pairs[i].answer;
	}
	return -1;
}

static bool
is_after(const struct endpoint *a, const struct endpoint *b)
{
	int order = memcmp(a->address->bytes, b->address->bytes, sizeof(a->address->bytes));
	return order > 0 || (order == 0 && a->port > b->port);
}

/* Puts the ports that are hashed into the ends and the ends into their order. */
static void
order_ends(const struct flow_record *flow, struct endpoint ends[2])
{
	bool icmp = flow->transport == TRANSPORT_ICMP || flow->transport == TRANSPORT_ICMPV6;
	int answer = icmp ? answering_type(flow->transport, flow->source_port) : -1;

	if (answer >= 0)
		ends[1].port = (uint16_t)answer;
	else if (icmp)
		return;
	if (is_after(&ends[0], &ends[1])) {
		struct endpoint first = ends[1];
		ends[1] = ends[0];
		ends[0] = first;
	}
}

static uint8_t *
put_port(uint8_t *at, uint16_t port)
{
	at[0] = (uint8_t)(port >> 8);
	at[1] = (uint8_t)port;
	return at + 2;
}

/* Builds the bytes to be hashed; returns their number. */
static size_t
build_tuple(const struct flow_record *flow, uint8_t tuple[TUPLE_MAX])
{
	struct endpoint ends[2] = {
		{.address = &flow->source, .port = flow->source_port},
		{.address = &flow->destination, .port = flow->destination_port},
	};
	size_t address_len = flow->source.version == 4 ? 4 : 16;
	uint8_t *at = put_port(tuple, 0); /* the seed */

	order_ends(flow, ends);
	for (size_t i = 0; i < 2; i++) {
		memcpy(at, ends[i].address->bytes, address_len);
		at += address_len;
	}
	*at++ = flow->transport;
	*at++ = 0;
	if (flow->transport != TRANSPORT_ESP) {
		at = put_port(at, ends[0].port);
		at = put_port(at, ends[1].port);
	}
	return (size_t)(at - tuple);
}

/* RFC 4648 4, for the 20 bytes of a SHA-1: six threes and a rest of two, so one '=' at the end. */
static void
put_base64(const uint8_t digest[SHA_DIGEST_LENGTH], char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < SHA_DIGEST_LENGTH; i += 3) {
		uint8_t third = i + 2 < SHA_DIGEST_LENGTH ? digest[i + 2] : 0;
		uint32_t bits = (uint32_t)digest[i] << 16 | (uint32_t)digest[i + 1] << 8 | third;
		*out++ = digits[bits >> 18];
		*out++ = digits[bits >> 12 & 0x3f];
		*out++ = digits[bits >> 6 & 0x3f];
		*out++ = digits[bits & 0x3f];
	}
	out[-1] = '=';
	out[0] = '\0';
}

void
community_id_format(const struct flow_record *flow, char *out)
{
	uint8_t tuple[TUPLE_MAX];
	uint8_t digest[SHA_DIGEST_LENGTH];
	size_t len = build_tuple(flow, tuple);
	SHA_CTX sha1;

	SHA1_Init(&sha1);
	SHA1_Update(&sha1, tuple, len);
	SHA1_Final(digest, &sha1);
	out[0] = '1';
	out[1] = ':';
	put_base64(digest, out + 2);
}
