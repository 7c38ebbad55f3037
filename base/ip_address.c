/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ip_address.h"

#include <arpa/inet.h>
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

/* Bits after the slash and the leading bytes: enough for every special range. */
struct special_range {
	uint8_t bits;
	uint8_t bytes[14];
};

/* RFC 6890 and the IANA special-purpose registry; multicast apart. */
static const struct special_range special_v4[] = {
	{8, {0}},             /* this network */
	{8, {10}},            /* private */
	{10, {100, 64}},      /* shared, RFC 6598 */
	{8, {127}},           /* loopback */
	{16, {169, 254}},     /* link-local */
	{12, {172, 16}},      /* private */
	{24, {192, 0, 0}},    /* protocol assignments */
	{24, {192, 0, 2}},    /* documentation */
	{16, {192, 168}},     /* private */
	{15, {198, 18}},      /* benchmarks */
	{24, {198, 51, 100}}, /* documentation */
	{24, {203, 0, 113}},  /* documentation */
	{4, {224}},           /* multicast */
	{4, {240}},           /* reserved and limited broadcast */
};

static const struct special_range special_v6[] = {
	{128, {0}},                     /* unspecified; the last two bytes are compared too */
	{7, {0xfc}},                    /* unique-local */
	{10, {0xfe, 0x80}},             /* link-local */
	{10, {0xfe, 0xc0}},             /* site-local, deprecated */
	{8, {0xff}},                    /* multicast */
	{32, {0x20, 0x01, 0x0d, 0xb8}}, /* documentation, RFC 3849 */
	{20, {0x3f, 0xff}},             /* documentation, RFC 9637 */
	{64, {0x01}},                   /* discard, RFC 6666 */
};

static bool
in_any(const struct ip_address *a, const struct special_range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct ip_prefix p = {.bits = ranges[i].bits};
		p.address.version = a->version;
		memcpy(p.address.bytes, ranges[i].bytes, sizeof(ranges[i].bytes));
		if (ip_prefix_contains(&p, a))
			return true;
	}
	return false;
}

static bool
is_v6_loopback(const struct ip_address *a)
{
	static const uint8_t loopback[16] = {[15] = 1};
	return a->version == 6 && memcmp(a->bytes, loopback, sizeof(loopback)) == 0;
}

bool
ip_address_is_global(const struct ip_address *a)
{
	if (a->version == 4)
		return !in_any(a, special_v4, sizeof(special_v4) / sizeof(*special_v4));
	if (a->version == 6)
		return !is_v6_loopback(a) &&
		       !in_any(a, special_v6, sizeof(special_v6) / sizeof(*special_v6));
	return false;
}

bool
ip_address_is_multicast(const struct ip_address *a)
{
	if (a->version == 4)
		return (a->bytes[0] & 0xf0) == 0xe0 || ip_address_v4(a) == UINT32_MAX;
	return a->version == 6 && a->bytes[0] == 0xff;
}
