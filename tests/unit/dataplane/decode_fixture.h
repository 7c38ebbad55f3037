/* SPDX-License-Identifier: Apache-2.0 */
/* What the decoder's tests begin with: one builder, one answer, and a sound packet between known
 * ends. */
#pragma once

#include "tests/unit/dataplane/decode_exact.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define V4_LOW "192.0.2.1"
#define V4_HIGH "198.51.100.2"
#define V6_LOW "2001:db8::1"
#define V6_HIGH "2001:db8::2"

static struct builder b;
static struct decoded d;

static inline void
begin_ipv4(const char *from, const char *to)
{
	build_begin(&b, LINK_TYPE_ETHERNET);
	build_ip(&b, from, to);
}

static inline void
begin_ipv6(void)
{
	build_begin(&b, LINK_TYPE_ETHERNET);
	build_ip(&b, V6_LOW, V6_HIGH);
}

/* UDP from the low end, port 1000, to 2000, with four bytes. */
static inline void
append_udp(void)
{
	build_udp(&b, 1000, 2000);
	build_bytes(&b, "data", 4);
}
