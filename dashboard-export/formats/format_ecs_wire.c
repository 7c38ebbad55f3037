/* SPDX-License-Identifier: Apache-2.0 */
/* What the wire says, in the names of ECS; most of it is as in the journal's lines. */
#include "dashboard-export/formats/format_ecs.h"

static const char *
perimeter_direction(const char *direction)
{
	static const char *const rows[][2] = {
		{"egress", "outbound"},
		{"ingress", "inbound"},
		{"internal", "internal"},
		{"transit", "external"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (format_json_is(direction, rows[i][0]))
			return rows[i][1];
	return NULL;
}

static void
write_vlans(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	if (event->vlan_id != NULL) {
		json_writer_open_object(w, "vlan");
		format_json_word(w, e, "id", event->vlan_id);
		json_writer_close(w, '}');
	}
	if (event->inner_vlan_id != NULL) {
		json_writer_open_object(w, "inner");
		json_writer_open_object(w, "vlan");
		format_json_word(w, e, "id", event->inner_vlan_id);
		json_writer_close(w, '}');
		json_writer_close(w, '}');
	}
}

static void
write_network(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;
	unsigned number = format_json_protocol_number(event->transport);

	if (event->transport == NULL && event->type == NULL && !event->has_counts)
		return;
	json_writer_open_object(w, "network");
	format_json_word(w, e, "transport", event->transport);
	if (number != 0)
		format_json_number_text(w, "iana_number", number);
	format_json_word(w, e, "type", event->type);
	format_json_word(w, e, "protocol", event->protocol);
	if (e->room.secondary)
		format_json_code(w, e, "application", event->service);
	format_json_word(w, e, "direction", perimeter_direction(event->direction));
	format_json_word(w, e, "community_id", event->community_id);
	if (event->has_counts) {
		json_writer_uint_member(w, "bytes", event->bytes);
		json_writer_uint_member(w, "packets", event->packets);
	}
	write_vlans(w, e);
	json_writer_close(w, '}');
}

static void
write_origin(struct json_writer *w, const struct format_json_event *e, const struct event_end *end)
{
	if (end->as_number != 0) {
		json_writer_open_object(w, "as");
		json_writer_uint_member(w, "number", end->as_number);
		if (end->as_organization != NULL && e->room.secondary) {
			json_writer_open_object(w, "organization");
			format_json_name(w, e, "name", end->as_organization);
			json_writer_close(w, '}');
		}
		json_writer_close(w, '}');
	}
	if (end->country != NULL) {
		json_writer_open_object(w, "geo");
		format_json_word(w, e, "country_iso_code", end->country);
		json_writer_close(w, '}');
	}
}

/* ECS: what the source itself gives, whether it is an address or stands for one. */
static void
write_address(struct json_writer *w, const struct format_json_event *e, const struct event_end *end)
{
	const struct event *event = e->event;
	bool served = format_json_is(event->direction, "ingress");
	bool inside = end == (served ? &event->destination : &event->source);

	if (!e->room.secondary)
		return;
	if (end->ip != NULL)
		format_json_name(w, e, "address", end->ip);
	else if (inside)
		format_json_code(w, e, "address", event->host);
}

static void
write_end(struct json_writer *w, const struct format_json_event *e, const char *key,
	  const struct event_end *end, const char *domain)
{
	if (end->ip == NULL && !end->has_port && !end->has_counts && domain == NULL)
		return;
	json_writer_open_object(w, key);
	write_address(w, e, end);
	format_json_ip(w, "ip", end->ip);
	if (end->has_port)
		json_writer_uint_member(w, "port", end->port);
	if (end->has_counts) {
		json_writer_uint_member(w, "bytes", end->bytes);
		json_writer_uint_member(w, "packets", end->packets);
	}
	format_json_name(w, e, "domain", domain);
	write_origin(w, e, end);
	json_writer_close(w, '}');
}

static void
write_tls(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	bool more = e->room.secondary && (event->tls_next_protocol != NULL || event->tls_resumed);

	if (event->tls_version == NULL && event->tls_server_name == NULL && !more)
		return;
	json_writer_open_object(w, "tls");
	if (event->tls_version != NULL) {
		format_json_word(w, e, "version", event->tls_version);
		json_writer_plain_member(w, "version_protocol", "tls");
	}
	if (event->tls_server_name != NULL) {
		json_writer_open_object(w, "client");
		format_json_name(w, e, "server_name", event->tls_server_name);
		json_writer_close(w, '}');
	}
	if (more)
		format_json_word(w, e, "next_protocol", event->tls_next_protocol);
	if (more && event->tls_resumed)
		json_writer_bool_member(w, "resumed", true);
	json_writer_close(w, '}');
}

void
ecs_wire(struct json_writer *w, const struct format_json_event *e)
{
	write_network(w, e);
	write_end(w, e, "source", &e->event->source, NULL);
	write_end(w, e, "destination", &e->event->destination, e->event->domain);
	write_tls(w, e);
}

/* Values that were written before, by their texts; more than there can be are not needed. */
struct seen {
	const char *texts[EVENT_WORDS_MAX + 10];
	size_t count;
};

static bool
is_new(struct seen *seen, const char *text)
{
	for (size_t i = 0; i < seen->count; i++)
		if (strcmp(seen->texts[i], text) == 0)
			return false;
	if (seen->count == sizeof(seen->texts) / sizeof(*seen->texts))
		return false;
	seen->texts[seen->count++] = text;
	return true;
}

/* A name may be an address that stands as one: it belongs to the addresses then. */
static void
collect(struct seen *seen, const char *text, bool addresses)
{
	if (text != NULL && text[0] != '\0' && format_json_is_ip(text) == addresses)
		(void)is_new(seen, text);
}

static void
write_related_list(struct json_writer *w, const struct format_json_event *e, const char *key,
		   bool addresses)
{
	const struct event *event = e->event;
	struct seen seen = {.count = 0};

	collect(&seen, addresses ? event->source.ip : event->host, addresses);
	collect(&seen, addresses ? event->destination.ip : event->domain, addresses);
	if (addresses) {
		collect(&seen, event->inner_source.ip, true);
		collect(&seen, event->inner_destination.ip, true);
		collect(&seen, event->outer_source.ip, true);
		collect(&seen, event->outer_destination.ip, true);
	}
	collect(&seen, event->tls_server_name, addresses);
	collect(&seen, event->name, addresses);
	for (size_t i = 0; i < event->names.count; i++)
		collect(&seen, event->names.words[i], addresses);
	if (seen.count == 0)
		return;
	json_writer_open_array(w, key);
	for (size_t i = 0; i < seen.count; i++)
		json_writer_text(w, seen.texts[i], e->room.name);
	json_writer_close(w, ']');
}

void
ecs_related(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	if (!e->room.lists || (event->transport == NULL && event->host == NULL))
		return;
	json_writer_open_object(w, "related");
	write_related_list(w, e, "ip", true);
	write_related_list(w, e, "hosts", false);
	if (event->tls_ja4 != NULL) {
		json_writer_open_array(w, "hash");
		json_writer_text(w, event->tls_ja4, e->room.code);
		json_writer_close(w, ']');
	}
	json_writer_close(w, '}');
}
