/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/protocol/protocol_check.h"

#include <string.h>

#define RTP_HEADER 12u
#define IPV6_HEADER 40u

/* Packets lost or out of order between two that are shown. */
#define RTP_STEP_MAX 64u

/* Of each kind of record in a DNS message. */
#define DNS_RECORDS_MAX 64u

bool
protocol_check_bittorrent(struct slice payload)
{
	static const char search[] = "BT-SEARCH";

	if (payload.len < 20)
		return false;
	const uint8_t *p = payload.data;
	if ((p[0] & 0x0f) == 1 && p[0] >> 4 <= 4 && p[1] <= 2)
		return true;
	return (p[0] == 'd' && p[1] >= '0' && p[1] <= '9') ||
	       memcmp(p, search, sizeof(search) - 1) == 0;
}

static bool
is_dns_head(struct slice bytes)
{
	struct cursor c = cursor_over(bytes);
	unsigned records = 0;

	cursor_skip(&c, 4);
	for (unsigned i = 0; i < 4; i++) {
		unsigned count = cursor_be16(&c);
		if (count > DNS_RECORDS_MAX)
			return false;
		records += count;
	}
	return !c.failed && records != 0;
}

bool
protocol_check_dns(struct slice payload)
{
	struct cursor c = cursor_over(payload);

	if (is_dns_head(payload))
		return true;
	cursor_skip(&c, 2);
	return !c.failed && is_dns_head(slice_of(c.at, cursor_left(&c)));
}

bool
protocol_check_line(struct slice payload)
{
	return payload.len != 0 && payload.data[0] >= 'A' && payload.data[0] <= 'Z';
}

bool
protocol_check_rtsp(struct slice payload)
{
	return protocol_check_line(payload) || (payload.len != 0 && payload.data[0] == '$');
}

bool
protocol_check_mining(struct slice payload)
{
	static const uint32_t main_network = 0xf9beb4d9, test_network = 0xfabfb5da;
	static const size_t first_message_min = 300;
	static const uint8_t uncompressed_point = 4;
	struct cursor c = cursor_over(payload);
	uint32_t magic = cursor_be32(&c);

	if (!c.failed && (magic == main_network || magic == test_network))
		return true;
	if (payload.len > first_message_min && payload.data[2] == uncompressed_point)
		return true;
	return payload.len != 0 && memchr(payload.data, '{', payload.len) != NULL;
}

bool
protocol_check_ntp(struct slice payload)
{
	if (payload.len < 48)
		return false;
	unsigned version = payload.data[0] >> 3 & 7, mode = payload.data[0] & 7;
	unsigned stratum = payload.data[1], poll = payload.data[2], precision = payload.data[3];

	/* The precision is a negative power of two; simple clients send zero. */
	return version >= 1 && version <= 4 && mode >= 1 && mode <= 5 && stratum <= 16 &&
	       poll <= 17 && (precision == 0 || precision >= 0xe0);
}

bool
protocol_check_openvpn(struct slice payload, bool is_udp)
{
	static const uint8_t resets[] = {7 << 3, 8 << 3, 10 << 3};
	size_t at = is_udp ? 0 : 2; /* TCP: behind the length */

	return payload.len > at && memchr(resets, payload.data[at], sizeof(resets)) != NULL;
}

bool
protocol_check_redis(struct slice payload)
{
	static const size_t line_max = 512;
	size_t len = payload.len < line_max ? payload.len : line_max;

	if (len < 3 || memchr("+-:$*", payload.data[0], 5) == NULL)
		return false;
	const uint8_t *end = memchr(payload.data, '\r', len);
	if (end == NULL || (size_t)(end - payload.data) + 1 >= payload.len || end[1] != '\n')
		return false;
	for (const uint8_t *at = payload.data + 1; at < end; at++) {
		if (*at < ' ' || *at > '~')
			return false;
	}
	return true;
}

bool
protocol_check_rtp(struct slice payload, struct slice last)
{
	if (payload.len < RTP_HEADER || last.len < RTP_HEADER || payload.data[0] >> 6 != 2 ||
	    (payload.data[1] & 0x7f) != (last.data[1] & 0x7f))
		return false;
	struct cursor c = cursor_over(payload), before = cursor_over(last);
	cursor_skip(&c, 2);
	cursor_skip(&before, 2);
	unsigned step = (unsigned)(uint16_t)(cursor_be16(&c) - cursor_be16(&before));
	return step >= 1 && step <= RTP_STEP_MAX && memcmp(payload.data + 8, last.data + 8, 4) == 0;
}

static bool
is_stun(struct slice bytes)
{
	static const uint32_t magic_cookie = 0x2112a442;
	struct cursor c = cursor_over(bytes);
	unsigned type = cursor_be16(&c), length = cursor_be16(&c);
	uint32_t cookie = cursor_be32(&c);

	return !c.failed && type < 0x4000 &&
	       (cookie == magic_cookie || (length % 4 == 0 && 20 + length == bytes.len));
}

bool
protocol_check_stun(struct slice payload)
{
	struct cursor c = cursor_over(payload);

	if (is_stun(payload))
		return true;
	cursor_skip(&c, 2);
	return !c.failed && is_stun(slice_of(c.at, cursor_left(&c)));
}

bool
protocol_check_teredo(struct slice payload)
{
	struct cursor c = cursor_over(payload);

	if (payload.len >= 2 && payload.data[0] == 0 && payload.data[1] == 1) {
		/* Authentication: lengths of the client's id and of the value, both, nonce, byte.
		 */
		cursor_skip(&c, 2);
		size_t id = cursor_u8(&c), value = cursor_u8(&c);
		cursor_skip(&c, id + value + 9);
	}
	if (cursor_left(&c) >= 2 && c.at[0] == 0 && c.at[1] == 0)
		cursor_skip(&c, 8); /* origin: port and address */
	size_t left = cursor_left(&c);
	if (left < IPV6_HEADER || c.at[0] >> 4 != 6)
		return false;
	cursor_skip(&c, 4);
	return IPV6_HEADER + cursor_be16(&c) == left;
}

bool
protocol_check_tls(struct slice payload)
{
	return payload.len >= 3 && payload.data[0] >= 20 && payload.data[0] <= 23 &&
	       payload.data[1] == 3 && payload.data[2] <= 4;
}
