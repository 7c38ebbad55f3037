/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/sink_address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/domain_name.h"
#include "base/ip_address.h"

/* RFC 4007 11: an address of one link needs the link's name behind it. */
static bool
is_ipv6(const char *host)
{
	char address[IP_ADDRESS_TEXT_MAX];
	struct ip_address parsed;
	size_t len = strcspn(host, "%");
	const char *link = host[len] == '%' ? host + len + 1 : NULL;

	if (len >= sizeof(address))
		return false;
	memcpy(address, host, len);
	address[len] = '\0';
	if (ip_address_parse(address, &parsed) != 0 || parsed.version != 6)
		return false;
	return link == NULL || (*link != '\0' && strcspn(link, " /[]:%@") == strlen(link));
}

static bool
is_name(const char *host)
{
	char canonical[DOMAIN_NAME_MAX];

	return strchr(host, '*') == NULL && strchr(host, ':') == NULL &&
	       domain_name_canonical((struct slice){(const uint8_t *)host, strlen(host)},
				     canonical) != 0;
}

static bool
take_port(const char *text, char port[6])
{
	size_t len = strlen(text);

	if (len == 0 || len > 5 || strspn(text, "0123456789") != len || *text == '0')
		return false;
	if (strtoul(text, NULL, 10) > 65535)
		return false;
	memcpy(port, text, len + 1);
	return true;
}

/* Splits into host and what stands behind the colon, or NULL. */
static const char *
split(const char *text, struct sink_address *out, const char **port)
{
	const char *end = *text == '[' ? strchr(text, ']') : strchr(text, ':');
	const char *begin = *text == '[' ? text + 1 : text;
	size_t len = end != NULL ? (size_t)(end - begin) : strlen(begin);

	*port = NULL;
	if (*text == '[' && end == NULL)
		return "the bracket is not closed";
	if (*text == '[' && end[1] != '\0') {
		if (*++end != ':')
			return "expected a port behind the bracket, as in [2001:db8::1]:514";
	} else if (*text == '[') {
		end = NULL;
	}
	if (end != NULL)
		*port = end + 1;
	if (len > SINK_ADDRESS_HOST_MAX)
		return "the host is too long";
	memcpy(out->host, begin, len);
	out->host[len] = '\0';
	out->is_ipv6 = *text == '[';
	return NULL;
}

const char *
sink_address_parse(const char *text, const char *port, struct sink_address *out)
{
	const char *given;

	if (*text != '[' && is_ipv6(text))
		return "an IPv6 address stands in brackets, as in [2001:db8::1]:514";
	const char *what = split(text, out, &given);
	if (what != NULL)
		return what;
	if (out->is_ipv6 ? !is_ipv6(out->host) : !is_name(out->host))
		return out->is_ipv6 ? "no IPv6 address stands in the brackets"
				    : "expected a host and a port, as in siem.example:514 or "
				      "[2001:db8::1]:514";
	if (!take_port(given != NULL ? given : port, out->port))
		return "the port is no number from 1 to 65535";
	return NULL;
}

const char *
sink_address_format(const struct sink_address *address, struct arena *arena)
{
	char text[SINK_ADDRESS_HOST_MAX + 16];
	int len = snprintf(text, sizeof(text), address->is_ipv6 ? "[%s]:%s" : "%s:%s",
			   address->host, address->port);

	return arena_copy_text(arena, text, (size_t)len);
}

const char *
sink_address_check_server_name(const char *text)
{
	if (is_name(text) || is_ipv6(text))
		return NULL;
	/* libcrypto takes a name that begins with a dot for all names below it. */
	return *text == '.' || strchr(text, '*') != NULL
		       ? "expected the one name of the certificate, not all names of a domain"
		       : "expected a host name or an address, without a port";
}

const char *
sink_address_check_url(const char *url)
{
	const char *rest = strncmp(url, "https://", 8) == 0  ? url + 8
			   : strncmp(url, "http://", 7) == 0 ? url + 7
							     : NULL;
	char host[SINK_ADDRESS_HOST_MAX + 16];
	struct sink_address address;

	if (rest == NULL)
		return "expected https:// or http:// and a host";
	if (strlen(url) > SINK_ADDRESS_URL_MAX)
		return "the URL is too long";
	for (const char *at = url; *at != '\0'; at++) {
		if (*at <= ' ' || *at > '~' || strchr("\"<>\\^`{|}", *at) != NULL)
			return "a character that is not allowed in a URL has to be written as %XX";
	}
	size_t len = strcspn(rest, "/?#");
	/* Whoever reads the settings, or a message with the URL, would read the password. */
	if (memchr(rest, '@', len) != NULL)
		return "user and password do not belong into the URL: `user`, `password_file`";
	if (strchr(rest, '#') != NULL)
		return "a `#` and what follows is not sent to anybody";
	if (len >= sizeof(host))
		return "the host is too long";
	memcpy(host, rest, len);
	host[len] = '\0';
	return sink_address_parse(host, "443", &address);
}
