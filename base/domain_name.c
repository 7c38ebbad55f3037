/* SPDX-License-Identifier: Apache-2.0 */
#include "base/domain_name.h"

#include <stdint.h>
#include <string.h>

#include "base/ip_address.h"

#define LABEL_MAX 63

/* What a byte of a name becomes; 0: it may not stand in a name. The dot is a border, not a byte. */
static const uint8_t canonical_byte[256] = {
	['-'] = '-', ['_'] = '_', ['*'] = '*', ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3',
	['4'] = '4', ['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9', ['a'] = 'a',
	['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g', ['h'] = 'h',
	['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n', ['o'] = 'o',
	['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v',
	['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c',
	['D'] = 'd', ['E'] = 'e', ['F'] = 'f', ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j',
	['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q',
	['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x',
	['Y'] = 'y', ['Z'] = 'z',
};

/* An IPv6 literal is the one name with colons; its spelling is made that of RFC 5952. */
static size_t
ipv6_literal(struct slice wire, char *out)
{
	char text[IP_ADDRESS_TEXT_MAX];
	struct ip_address a;

	if (wire.len >= sizeof(text) || memchr(wire.data, '\0', wire.len) != NULL)
		return 0;
	memcpy(text, wire.data, wire.len);
	text[wire.len] = '\0';
	if (ip_address_parse(text, &a) != 0 || a.version != 6)
		return 0;
	return ip_address_format(&a, out);
}

size_t
domain_name_canonical(struct slice wire, char *out)
{
	if (wire.len != 0 && wire.data[wire.len - 1] == '.')
		wire.len--;
	if (wire.len == 0 || wire.len >= DOMAIN_NAME_MAX)
		return 0;

	size_t label_len = 0;
	for (size_t i = 0; i < wire.len; i++) {
		if (wire.data[i] == '.') {
			if (label_len == 0)
				return 0;
			label_len = 0;
			out[i] = '.';
			continue;
		}
		uint8_t byte = canonical_byte[wire.data[i]];
		if (byte == 0)
			return wire.data[i] == ':' ? ipv6_literal(wire, out) : 0;
		if (++label_len > LABEL_MAX)
			return 0;
		out[i] = (char)byte;
	}
	out[wire.len] = '\0';
	return label_len == 0 ? 0 : wire.len;
}

/* Whether everything behind `at` is an optional ":" and digits. */
static bool
is_port(struct slice host, size_t at)
{
	if (at < host.len && host.data[at++] != ':')
		return false;
	for (; at < host.len; at++) {
		if (host.data[at] < '0' || host.data[at] > '9')
			return false;
	}
	return true;
}

size_t
domain_name_from_host(struct slice host, char *out)
{
	if (host.len == 0)
		return 0;
	if (host.data[0] == '[') {
		const uint8_t *close = memchr(host.data, ']', host.len);
		if (close == NULL || !is_port(host, (size_t)(close - host.data) + 1))
			return 0;
		return ipv6_literal(slice_of(host.data + 1, (size_t)(close - host.data) - 1), out);
	}
	const uint8_t *colon = memchr(host.data, ':', host.len);
	if (colon != NULL && is_port(host, (size_t)(colon - host.data)))
		host.len = (size_t)(colon - host.data);
	return domain_name_canonical(host, out);
}

bool
domain_name_ends_in_number(const char *name)
{
	const char *dot = strrchr(name, '.'), *label = dot != NULL ? dot + 1 : name;
	bool hex = label[0] == '0' && label[1] == 'x';
	const char *digits = hex ? "0123456789abcdef" : "0123456789";

	label += hex ? 2 : 0;
	return (hex || *label != '\0') && label[strspn(label, digits)] == '\0';
}

bool
domain_name_is_address(const char *name)
{
	struct ip_address a;

	/* A literal ends in a digit or, for IPv6, has a colon: most names are told apart without
	 * parsing. */
	size_t len = strlen(name);
	if (len == 0 || len >= IP_ADDRESS_TEXT_MAX)
		return false;
	if ((name[len - 1] < '0' || name[len - 1] > '9') && strchr(name, ':') == NULL)
		return false;
	return ip_address_parse(name, &a) == 0;
}
