/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a receiver is, as settings spell it: "siem.example:6514", "192.0.2.1", "[2001:db8::1]:514",
 * and "https://siem.example:8088/". Knows spelling only; nothing is looked up. Pure.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

/** Longest host: a name of 253 characters; and the longest URL. */
#define SINK_ADDRESS_HOST_MAX 253
#define SINK_ADDRESS_URL_MAX 2048

struct sink_address {
	char host[SINK_ADDRESS_HOST_MAX + 1]; /**< name or address, without brackets */
	char port[6];                         /**< decimal, 1 to 65535 */
	bool is_ipv6;                         /**< needs brackets where a port follows */
};

/** Reads "host", "host:port" or "[IPv6]:port"; `port` stands where none is given. NULL, or what is
 * wrong with it, as static text. */
const char *sink_address_parse(const char *text, const char *port, struct sink_address *out);

/** The same with its port, brackets where they are needed, as it parses again; NULL with ENOMEM. */
const char *sink_address_format(const struct sink_address *address, struct arena *arena);

/** NULL, or why `text` can be no name of a server's certificate (RFC 6125 6.4), as static text: a
 * host name without a wildcard, or an address, without a port. */
const char *sink_address_check_server_name(const char *text);

/** NULL, or what is wrong with a URL for HTTP, as static text. */
const char *sink_address_check_url(const char *url);
