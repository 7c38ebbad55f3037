/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/dataplane/packet_builder.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/flow_record.h"

static uint8_t *
room(struct builder *b, size_t len)
{
	if (len > sizeof(b->bytes) - b->len)
		abort();
	uint8_t *at = b->bytes + b->len;
	memset(at, 0, len);
	b->len += len;
	return at;
}

static void
write_be(uint8_t *at, uint32_t value, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		at[i] = (uint8_t)(value >> 8 * (width - 1 - i));
}

static void
set_next(struct builder *b, uint32_t type)
{
	if (b->next_width != 0)
		write_be(b->bytes + b->next_at, type, b->next_width);
	b->next_width = 0;
}

static void
expect_next(struct builder *b, size_t at, unsigned width)
{
	b->next_at = at;
	b->next_width = width;
}

static void
count_from(struct builder *b, size_t field, size_t from)
{
	if (b->length_count == sizeof(b->lengths) / sizeof(*b->lengths))
		abort();
	b->lengths[b->length_count].field = field;
	b->lengths[b->length_count].from = from;
	b->length_count++;
}

void
build_begin(struct builder *b, enum link_type link)
{
	b->len = 0;
	b->link = (uint8_t)link;
	b->next_width = 0;
	b->length_count = 0;
	switch (link) {
	case LINK_TYPE_ETHERNET:
		build_inner_ethernet(b);
		break;
	case LINK_TYPE_LINUX_SLL:
		room(b, 16);
		expect_next(b, 14, 2);
		break;
	case LINK_TYPE_LINUX_SLL2:
		room(b, 20);
		expect_next(b, 0, 2);
		break;
	case LINK_TYPE_NULL:
		room(b, 4);
		break;
	case LINK_TYPE_RAW_IP:
	case LINK_TYPE_PPP:
	case LINK_TYPE_PPP_PPPD:
	case LINK_TYPE_PPPOE:
	case LINK_TYPE_NFLOG:
	case LINK_TYPE_UNSUPPORTED:
		break;
	}
}

void
build_inner_ethernet(struct builder *b)
{
	memcpy(room(b, 14), "\x02\0\0\0\0\x01\x02\0\0\0\0\x02", 12);
	expect_next(b, b->len - 2, 2);
}

void
build_next(struct builder *b, size_t at, unsigned width)
{
	expect_next(b, at, width);
}

void
build_length(struct builder *b, size_t field, size_t from)
{
	count_from(b, field, from);
}

void
build_ethertype(struct builder *b, uint16_t ethertype)
{
	set_next(b, ethertype);
}

void
build_vlan(struct builder *b, uint16_t tpid, uint16_t id)
{
	set_next(b, tpid);
	/* Priority 5 in front of the id. */
	write_be(room(b, 4), 0xa000u | id, 2);
	expect_next(b, b->len - 2, 2);
}

static void
build_ipv4(struct builder *b, const struct ip_address *from, const struct ip_address *to,
	   unsigned options_len)
{
	size_t start = b->len;

	set_next(b, 0x0800);
	uint8_t *header = room(b, 20 + options_len);
	header[0] = (uint8_t)(0x40 | (5 + options_len / 4));
	header[8] = 64;
	memcpy(header + 12, from->bytes, 4);
	memcpy(header + 16, to->bytes, 4);
	memset(header + 20, 1, options_len);
	count_from(b, start + 2, start);
	expect_next(b, start + 9, 1);
}

static void
build_ipv6(struct builder *b, const struct ip_address *from, const struct ip_address *to)
{
	size_t start = b->len;

	set_next(b, 0x86dd);
	uint8_t *header = room(b, 40);
	header[0] = 0x60;
	header[7] = 64;
	memcpy(header + 8, from->bytes, 16);
	memcpy(header + 24, to->bytes, 16);
	count_from(b, start + 4, start + 40);
	expect_next(b, start + 6, 1);
}

void
build_ip_options(struct builder *b, const char *from, const char *to, unsigned options_len)
{
	struct ip_address source, destination;

	if (ip_address_parse(from, &source) != 0 || ip_address_parse(to, &destination) != 0 ||
	    source.version != destination.version)
		abort();
	if (b->link == LINK_TYPE_NULL && b->len == 4)
		/* AF_INET and macOS's AF_INET6, as a little-endian machine writes them. */
		b->bytes[0] = source.version == 4 ? 2 : 30;
	if (source.version == 4)
		build_ipv4(b, &source, &destination, options_len);
	else
		build_ipv6(b, &source, &destination);
}

void
build_ip(struct builder *b, const char *from, const char *to)
{
	build_ip_options(b, from, to, 0);
}

size_t
build_last_ip(const struct builder *b)
{
	for (unsigned i = b->length_count; i-- > 0;) {
		size_t field = b->lengths[i].field, from = b->lengths[i].from;
		if (from == field - 2 && b->bytes[from] >> 4 == 4)
			return from;
		if (from == field + 36)
			return from - 40;
	}
	abort();
}

void
build_extension(struct builder *b, uint8_t type, unsigned len)
{
	size_t start = b->len;
	/* RFC 4302 2.2: AH counts words of four less two; the others eights less one. */
	bool is_ah = type == 51;

	if (len == 0)
		len = is_ah ? 12 : 8;
	set_next(b, type);
	room(b, len)[1] = (uint8_t)(is_ah ? len / 4 - 2 : len / 8 - 1);
	expect_next(b, start, 1);
}

void
build_fragment(struct builder *b, unsigned offset, unsigned more)
{
	size_t start = b->len;

	set_next(b, 44);
	write_be(room(b, 8) + 2, offset | more, 2);
	expect_next(b, start, 1);
}

void
build_protocol(struct builder *b, uint8_t protocol)
{
	set_next(b, protocol);
}

void
build_tcp(struct builder *b, const struct build_tcp *tcp)
{
	set_next(b, TRANSPORT_TCP);
	uint8_t *header = room(b, 20 + tcp->options_len);
	write_be(header, tcp->source, 2);
	write_be(header + 2, tcp->destination, 2);
	write_be(header + 4, tcp->seq, 4);
	write_be(header + 8, tcp->ack, 4);
	header[12] = (uint8_t)((5 + tcp->options_len / 4) << 4);
	header[13] = tcp->flags;
	memset(header + 20, 1, tcp->options_len);
}

void
build_udp(struct builder *b, uint16_t source, uint16_t destination)
{
	size_t start = b->len;

	set_next(b, TRANSPORT_UDP);
	uint8_t *header = room(b, 8);
	write_be(header, source, 2);
	write_be(header + 2, destination, 2);
	count_from(b, start + 4, start);
}

void
build_sctp(struct builder *b, uint16_t source, uint16_t destination)
{
	set_next(b, TRANSPORT_SCTP);
	uint8_t *header = room(b, 12);
	write_be(header, source, 2);
	write_be(header + 2, destination, 2);
}

void
build_icmp(struct builder *b, uint8_t type, uint8_t code, uint16_t identifier)
{
	bool is_v4 = b->bytes[build_last_ip(b)] >> 4 == 4;

	set_next(b, is_v4 ? TRANSPORT_ICMP : TRANSPORT_ICMPV6);
	uint8_t *header = room(b, 8);
	header[0] = type;
	header[1] = code;
	write_be(header + 4, identifier, 2);
}

void
build_esp(struct builder *b)
{
	set_next(b, TRANSPORT_ESP);
	write_be(room(b, 8), 0x1234, 4); /* security parameters index */
}

void
build_vxlan(struct builder *b, uint32_t vni)
{
	uint8_t *header = room(b, 8);
	header[0] = 0x08;
	write_be(header + 4, vni, 3);
}

void
build_bytes(struct builder *b, const void *bytes, size_t len)
{
	uint8_t *at = room(b, len);
	if (len != 0)
		memcpy(at, bytes, len);
}

void
build_fill(struct builder *b, uint8_t byte, size_t len)
{
	memset(room(b, len), byte, len);
}

/* RFC 791 3.1, for every IPv4 header whose own length makes sense. */
static void
write_checksum(uint8_t *header)
{
	unsigned len = (header[0] & 0x0fu) * 4;
	uint32_t sum = 0;

	if (header[0] >> 4 != 4 || len < 20)
		return;
	write_be(header + 10, 0, 2);
	for (unsigned i = 0; i < len; i += 2)
		sum += (uint32_t)header[i] << 8 | header[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	write_be(header + 10, ~(sum + (sum >> 16)) & 0xffff, 2);
}

struct packet
build_end(struct builder *b)
{
	for (unsigned i = 0; i < b->length_count; i++)
		write_be(b->bytes + b->lengths[i].field, (uint32_t)(b->len - b->lengths[i].from),
			 2);
	for (unsigned i = 0; i < b->length_count; i++) {
		if (b->lengths[i].from + 2 == b->lengths[i].field)
			write_checksum(b->bytes + b->lengths[i].from);
	}
	return (struct packet){
		.data = b->bytes,
		.captured_len = (uint32_t)b->len,
		.wire_len = (uint32_t)b->len,
		.link = b->link,
	};
}
