/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/client_name.h"

#include <string.h>

void
client_name_begin(struct client_stream *out)
{
	out->protocol = APP_PROTOCOL_UNKNOWN;
	client_name_clear(out);
	out->name_refused = out->names_differ = false;
	out->via_proxy = out->has_proxy_header = out->has_hello = false;
	out->has_tunnel = out->is_followed = false;
	out->inner_source = out->inner_destination = (struct ip_address){0};
	out->inner_source_port = out->inner_destination_port = 0;
	out->other_names = 0;
	out->consumed = out->message_end = out->wanted = 0;
}

void
client_name_clear(struct client_stream *out)
{
	out->name[0] = '\0';
	out->name_len = 0;
	out->name_source = NAME_SOURCE_NONE;
}

bool
client_name_is(const struct client_stream *out, const char *name, size_t len)
{
	return len == out->name_len && memcmp(name, out->name, len) == 0;
}

void
client_name_take(struct client_stream *out, client_name_spelling canonical, struct slice wire,
		 enum name_source source)
{
	char inside[DOMAIN_NAME_MAX];
	bool has_name = out->name_len != 0;
	size_t len = canonical(wire, has_name ? inside : out->name);

	if (len == 0) {
		out->name_refused = true;
		if (!has_name)
			client_name_clear(out);
	} else if (!has_name) {
		out->name_len = len;
		out->name_source = source;
	} else if (!client_name_is(out, inside, len) && !domain_name_is_address(inside)) {
		/* An address in a Host field contradicts no name: it is none. */
		out->names_differ = true;
	}
}

/*
 * The last that is asked is the destination: behind a proxy that was reached, or after one that
 * refused.
 */
void
client_name_ask(struct client_stream *out, client_name_spelling canonical, struct slice wire,
		uint16_t port, enum name_source source)
{
	struct ip_address address = {0};
	char name[DOMAIN_NAME_MAX];
	size_t len = canonical(wire, name);

	if (out->name_source == NAME_SOURCE_HTTP_CONNECT && !client_name_is(out, name, len))
		out->other_names++;
	out->name_refused = len == 0;
	if (len != 0 && domain_name_is_address(name) && ip_address_parse(name, &address) == 0)
		len = 0;
	client_name_ask_address(out, &address, port);
	if (len == 0)
		return;
	memcpy(out->name, name, len + 1);
	out->name_len = len;
	out->name_source = source;
}

void
client_name_ask_address(struct client_stream *out, const struct ip_address *address, uint16_t port)
{
	client_name_clear(out);
	out->via_proxy = true;
	out->inner_destination = *address;
	out->inner_destination_port = port;
}
