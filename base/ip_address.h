/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One IPv4 or IPv6 address as a plain value. Knows text forms and the ranges that are nobody's on
 * the internet (RFC 6890); does not know who runs an address (that is geo/).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** Room for any address in text with the final NUL (RFC 5952 form). */
#define IP_ADDRESS_TEXT_MAX 46

/**
 * `version` is 4, 6, or 0 for none. Bytes are in network order; IPv4 uses the first four and the
 * rest are zero, so that two addresses are equal exactly when their memory is.
 */
struct ip_address {
	uint8_t bytes[16];
	uint8_t version;
};

static inline bool
ip_address_equal(const struct ip_address *a, const struct ip_address *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/** The four bytes of an IPv4 address as a host-order number; meaningless for IPv6. */
static inline uint32_t
ip_address_v4(const struct ip_address *a)
{
	return (uint32_t)a->bytes[0] << 24 | (uint32_t)a->bytes[1] << 16 |
	       (uint32_t)a->bytes[2] << 8 | a->bytes[3];
}

/** Parses dotted-quad IPv4 or RFC 4291 IPv6 text. Returns 0, or -EINVAL and leaves `out` alone. */
int ip_address_parse(const char *text, struct ip_address *out);

/** Writes the RFC 5952 text and returns its length without the NUL; `text` has IP_ADDRESS_TEXT_MAX.
 */
size_t ip_address_format(const struct ip_address *a, char *text);

/** An address and how many of its leading bits count (0-32 or 0-128); the bits behind are zero. */
struct ip_prefix {
	struct ip_address address;
	uint8_t bits;
};

/**
 * Parses "192.0.2.0/24", "2001:db8::/32" or a bare address (then all bits count).
 * Returns 0; -EINVAL if it is no prefix; -ERANGE if bits behind the length are set.
 */
int ip_prefix_parse(const char *text, struct ip_prefix *out);

/** Whether `a` lies in `prefix` (never across versions). */
bool ip_prefix_contains(const struct ip_prefix *prefix, const struct ip_address *a);

/**
 * Whether the address can be the far end of a flow over the internet: not private, unique-local,
 * loopback, link-local, documentation, multicast, broadcast, shared (RFC 6598), or unspecified
 * (RFC 6890, RFC 4193, RFC 5737, RFC 3849, RFC 9637).
 */
bool ip_address_is_global(const struct ip_address *a);

/** Whether it stands for many: multicast (RFC 5771, RFC 4291 2.7) or IPv4's broadcast (RFC 919). */
bool ip_address_is_group(const struct ip_address *a);

/**
 * What an IPv6 address that only carries an IPv4 address is called (IPv4-mapped, RFC 4291 2.5.5.2;
 * NAT64, RFC 6052 2.1; 6to4, RFC 3056 2), with that address in `inside`; NULL for any other
 * address. Whoever runs the IPv4 address gets the traffic.
 */
const char *ip_address_embedded(const struct ip_address *a, struct ip_address *inside);

/** Whether an IPv6 address is another form of one IPv4 node's: mapped, or by NAT64. */
bool ip_address_stands_for_v4(const struct ip_address *a, struct ip_address *out);

/**
 * Whether traffic to the address stays on this side: every address that is not global, except those
 * that nobody may use (240/4 without the broadcast address, RFC 1112; 100::/64, RFC 6666). These
 * stand in some captures for addresses of the internet.
 */
bool ip_address_is_local(const struct ip_address *a);

/**
 * Whether the address can be one host's beyond its own link: not unspecified, loopback, link-local,
 * multicast, broadcast or discarded (100::/64, RFC 6666). Private, unique-local, shared and
 * documentation addresses can.
 */
bool ip_address_is_routable_host(const struct ip_address *a);

/** Whether the address is for examples in documents only (RFC 5737, RFC 3849, RFC 9637). Such an
 * address is local. */
bool ip_address_is_documentation(const struct ip_address *a);
