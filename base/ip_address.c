/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ip_address.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>

int
ip_address_parse(const char *text, struct ip_address *out)
{
	struct ip_address a = {0};

	if (inet_pton(AF_INET, text, a.bytes) == 1)
		a.version = 4;
	else if (inet_pton(AF_INET6, text, a.bytes) == 1)
		a.version = 6;
	else
		return -EINVAL;
	*out = a;
	return 0;
}

/* inet_ntop goes through printf, which alone took a fifth of the time of a flow line. */
static size_t
format_v4(const uint8_t *bytes, char *text)
{
	char *at = text;

	for (unsigned i = 0; i < 4; i++) {
		unsigned value = bytes[i];
		if (value >= 100)
			*at++ = (char)('0' + value / 100);
		if (value >= 10)
			*at++ = (char)('0' + value / 10 % 10);
		*at++ = (char)('0' + value % 10);
		*at++ = '.';
	}
	*--at = '\0';
	return (size_t)(at - text);
}

size_t
ip_address_format(const struct ip_address *a, char *text)
{
	if (a->version == 4)
		return format_v4(a->bytes, text);
	text[0] = '\0';
	if (a->version == 6)
		(void)inet_ntop(AF_INET6, a->bytes, text, IP_ADDRESS_TEXT_MAX);
	return strlen(text);
}

static uint8_t
bits_of_version(uint8_t version)
{
	return version == 4 ? 32 : 128;
}

/* The byte at `index` with the bits behind a prefix of `bits` cleared. */
static uint8_t
masked_byte(const struct ip_address *a, unsigned index, unsigned bits)
{
	if (bits >= 8 * (index + 1))
		return a->bytes[index];
	if (bits <= 8 * index)
		return 0;
	return (uint8_t)(a->bytes[index] & (0xff00u >> (bits - 8 * index)));
}

int
ip_prefix_parse(const char *text, struct ip_prefix *out)
{
	char address[IP_ADDRESS_TEXT_MAX];
	const char *slash = strchr(text, '/');
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	struct ip_prefix p;

	if (len >= sizeof(address))
		return -EINVAL;
	memcpy(address, text, len);
	address[len] = '\0';
	if (ip_address_parse(address, &p.address) != 0)
		return -EINVAL;

	p.bits = bits_of_version(p.address.version);
	if (slash != NULL) {
		char *end;
		if (slash[1] < '0' || slash[1] > '9')
			return -EINVAL;
		unsigned long bits = strtoul(slash + 1, &end, 10);
		if (*end != '\0' || bits > p.bits)
			return -EINVAL;
		p.bits = (uint8_t)bits;
	}
	for (unsigned i = 0; i < sizeof(p.address.bytes); i++) {
		if (masked_byte(&p.address, i, p.bits) != p.address.bytes[i])
			return -ERANGE;
	}
	*out = p;
	return 0;
}

bool
ip_prefix_contains(const struct ip_prefix *prefix, const struct ip_address *a)
{
	unsigned whole = prefix->bits / 8u;

	if (prefix->address.version != a->version ||
	    memcmp(prefix->address.bytes, a->bytes, whole) != 0)
		return false;
	return prefix->bits % 8 == 0 ||
	       masked_byte(a, whole, prefix->bits) == prefix->address.bytes[whole];
}

/* RFC 6890 and the IANA special-purpose registry. Compared as numbers: every record asks for both
 * its ends. */
static const struct {
	uint32_t first;
	uint32_t last;
} special_v4[] = {
	{0x00000000, 0x00ffffff}, /* 0/8, this network */
	{0x0a000000, 0x0affffff}, /* 10/8, private */
	{0x64400000, 0x647fffff}, /* 100.64/10, shared, RFC 6598 */
	{0x7f000000, 0x7fffffff}, /* 127/8, loopback */
	{0xa9fe0000, 0xa9feffff}, /* 169.254/16, link-local */
	{0xac100000, 0xac1fffff}, /* 172.16/12, private */
	{0xc0000000, 0xc00000ff}, /* 192.0.0/24, protocol assignments */
	{0xc0000200, 0xc00002ff}, /* 192.0.2/24, documentation */
	{0xc0a80000, 0xc0a8ffff}, /* 192.168/16, private */
	{0xc6120000, 0xc613ffff}, /* 198.18/15, benchmarks */
	{0xc6336400, 0xc63364ff}, /* 198.51.100/24, documentation */
	{0xcb007100, 0xcb0071ff}, /* 203.0.113/24, documentation */
	{0xe0000000, 0xffffffff}, /* 224/4 and 240/4, multicast, reserved, broadcast */
};

/* The same for IPv6, by the first 64 bits; what lies in 0::/64 is asked for apart. */
static const struct {
	uint64_t first;
	uint64_t last;
} special_v6[] = {
	{0x0100000000000000, 0x0100000000000000}, /* 100::/64, discard, RFC 6666 */
	{0x20010db800000000, 0x20010db8ffffffff}, /* 2001:db8::/32, documentation, RFC 3849 */
	{0x3fff000000000000, 0x3fff0fffffffffff}, /* 3fff::/20, documentation, RFC 9637 */
	{0xfc00000000000000, 0xfdffffffffffffff}, /* fc00::/7, unique-local */
	{0xfe80000000000000, 0xfebfffffffffffff}, /* fe80::/10, link-local */
	{0xfec0000000000000, 0xfeffffffffffffff}, /* fec0::/10, site-local, deprecated */
	{0xff00000000000000, 0xffffffffffffffff}, /* ff00::/8, multicast */
};

static uint64_t
half_of_v6(const struct ip_address *a, size_t offset)
{
	uint64_t half;

	memcpy(&half, a->bytes + offset, sizeof(half));
	return be64toh(half);
}

static bool
is_special_v4(uint32_t address)
{
	for (size_t i = 0; i < sizeof(special_v4) / sizeof(*special_v4); i++) {
		if (address >= special_v4[i].first && address <= special_v4[i].last)
			return true;
	}
	return false;
}

static bool
is_special_v6(const struct ip_address *a)
{
	uint64_t high = half_of_v6(a, 0);

	/* :: and ::1, unspecified and loopback. */
	if (high == 0)
		return half_of_v6(a, 8) <= 1;
	for (size_t i = 0; i < sizeof(special_v6) / sizeof(*special_v6); i++) {
		if (high >= special_v6[i].first && high <= special_v6[i].last)
			return true;
	}
	return false;
}

bool
ip_address_is_global(const struct ip_address *a)
{
	if (a->version == 4)
		return !is_special_v4(ip_address_v4(a));
	return a->version == 6 && !is_special_v6(a);
}

bool
ip_address_is_group(const struct ip_address *a)
{
	if (a->version == 4)
		return a->bytes[0] >> 4 == 0xe || ip_address_v4(a) == UINT32_MAX;
	return a->version == 6 && a->bytes[0] == 0xff;
}

/* A 6to4 prefix stands for a network behind the IPv4 address, the others for that node. */
bool
ip_address_stands_for_v4(const struct ip_address *a, struct ip_address *out)
{
	return a->version == 6 && a->bytes[0] != 0x20 && ip_address_embedded(a, out) != NULL;
}

const char *
ip_address_embedded(const struct ip_address *a, struct ip_address *inside)
{
	static const struct {
		uint8_t prefix[12];
		uint8_t prefix_len;
		const char *what;
	} forms[] = {
		{{[10] = 0xff, [11] = 0xff}, 12, "IPv4-mapped, RFC 4291"},
		{{0x00, 0x64, 0xff, 0x9b}, 12, "NAT64, RFC 6052"},
		{{0x20, 0x02}, 2, "6to4, RFC 3056"},
	};

	for (size_t i = 0; a->version == 6 && i < sizeof(forms) / sizeof(*forms); i++) {
		if (memcmp(a->bytes, forms[i].prefix, forms[i].prefix_len) != 0)
			continue;
		struct ip_address found = {.version = 4};
		memcpy(found.bytes, a->bytes + forms[i].prefix_len, 4);
		*inside = found;
		return forms[i].what;
	}
	return NULL;
}

bool
ip_address_is_local(const struct ip_address *a)
{
	if (ip_address_is_global(a))
		return false;
	if (a->version == 4)
		return ip_address_v4(a) < 0xf0000000 || ip_address_v4(a) == UINT32_MAX;
	return a->version == 6 && half_of_v6(a, 0) != 0x0100000000000000;
}

static bool
is_routable_host_v4(uint32_t address)
{
	uint32_t first = address >> 24;

	/* 0/8 and 127/8; 169.254/16; 224/4; the rest of 240/4 is nobody's, but one host's each. */
	return first != 0 && first != 127 && address >> 16 != 0xa9fe && address >> 28 != 0xe &&
	       address != UINT32_MAX;
}

bool
ip_address_is_routable_host(const struct ip_address *a)
{
	if (a->version == 4)
		return is_routable_host_v4(ip_address_v4(a));
	if (a->version != 6)
		return false;
	uint64_t high = half_of_v6(a, 0);
	if (high == 0)
		return half_of_v6(a, 8) > 1;
	return high >> 54 != 0xfe80 >> 6 && high >> 56 != 0xff && high != 0x0100000000000000;
}

bool
ip_address_is_documentation(const struct ip_address *a)
{
	if (a->version == 4) {
		uint32_t network = ip_address_v4(a) & 0xffffff00;
		return network == 0xc0000200 || network == 0xc6336400 || network == 0xcb007100;
	}
	if (a->version != 6)
		return false;
	uint64_t high = half_of_v6(a, 0);
	return high >> 32 == 0x20010db8 || high >> 44 == 0x3fff0;
}
