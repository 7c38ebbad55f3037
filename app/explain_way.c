/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way that the packets took, where it was not straight to the far end: an explicit proxy, a
 * tunnel. Who runs either has the data in his hands, and what tells who that is stands apart from
 * the evidence for the far end. Ends are those of the alert's first flow, the rest is of the one
 * that decided. What was inside when it was judged only the record tells: settings change.
 */
#include "app/explain_page.h"

#include <ctype.h>
#include <string.h>

#include "app/explain_words.h"
#include "classifier/policy/sentence.h"

/* On which side of the border an end was, as the record tells it. */
enum side { SIDE_NOT_TOLD, SIDE_INSIDE, SIDE_OUTSIDE };

/* Who passes it on, as far as an alert tells it. */
struct way {
	bool asked;       /* a proxy, or a server in the form for one */
	bool in_tunnel;   /* some tunnel was seen */
	bool tunnel_ends; /* its far end is who is judged */
	bool known;       /* who runs the proxy or that end */
	enum side proxy;  /* inside where none was asked */
	enum side end;    /* of the tunnel; inside where there is none */
	bool by_proxy;    /* of the outside */
	bool by_tunnel;   /* over the border, to who passes it on */
};

/* Whatever settings say. */
static bool
is_local(const char *address)
{
	static const struct inside_map none = {.documentation_outside = true};
	struct ip_address ip;

	return ip_address_parse(address, &ip) == 0 && inside_map_contains(&none, &ip);
}

static bool
is_ingress(const struct event *a)
{
	return a->direction != NULL && strcmp(a->direction, "ingress") == 0;
}

/* Of the tunnel; NULL: hidden. */
static const char *
far_end(const struct event *a)
{
	return is_ingress(a) ? a->outer_source.ip : a->outer_destination.ip;
}

/* Addresses of the inside are left out, so that those which are told are outside. */
static bool
is_hiding(const struct event *a)
{
	return a->source.ip == NULL || a->destination.ip == NULL ||
	       (a->tunnel != NULL &&
		(a->outer_source.ip == NULL || a->outer_destination.ip == NULL));
}

/* An address may go on behind what begins like it. */
static bool
is_end_of_word(const char *text)
{
	if (*text == '.')
		text++;
	return *text != ':' && !isalnum((unsigned char)*text);
}

/* Whether the alert's sentence has these words of the rule book. Of flows that went several ways it
 * has none. */
static bool
is_said(const struct explanation *e, const char *words, const char *address)
{
	const struct sentence_value values[] = {
		{"address", address},
		{"tunnel", e->alert->tunnel},
	};
	char said[SENTENCE_MAX];
	size_t len = sentence_fill(words, values, 2, said);
	const char *at = e->alert->message;

	while (at != NULL && len != 0 && (at = strstr(at, said)) != NULL) {
		at += len;
		if (is_end_of_word(at))
			return true;
	}
	return false;
}

static enum side
find_side_of_proxy(const struct explanation *e)
{
	const struct rule_words *words = &e->sources->rules->sentences.words;
	const char *ip = e->alert->destination.ip;

	if (ip == NULL || is_local(ip) || is_said(e, words->proxy_inside, NULL))
		return SIDE_INSIDE;
	return is_hiding(e->alert) || is_said(e, words->proxy_at, ip) ? SIDE_OUTSIDE
								      : SIDE_NOT_TOLD;
}

/* What crosses the border though neither end inside does, and no proxy was asked, crosses it by the
 * tunnel. */
static bool
crosses_by_tunnel(const struct event *a)
{
	bool crosses =
		is_ingress(a) || (a->direction != NULL && strcmp(a->direction, "egress") == 0);

	return crosses && !explain_has_word(&a->flags, "via-proxy") && a->source.ip != NULL &&
	       is_local(a->source.ip) && a->destination.ip != NULL && is_local(a->destination.ip);
}

/* The sentence has tunnels over the border only. */
static enum side
find_side_of_end(const struct explanation *e)
{
	const struct rule_words *words = &e->sources->rules->sentences.words;
	const char *ip = far_end(e->alert);

	if (ip == NULL || is_local(ip))
		return SIDE_INSIDE;
	return is_hiding(e->alert) || crosses_by_tunnel(e->alert) ||
			       is_said(e, words->tunnel, NULL) || is_said(e, words->tunnel_at, ip)
		       ? SIDE_OUTSIDE
		       : SIDE_NOT_TOLD;
}

/* By the ends that are written inside it leaves, or comes in, as the tunnel does: the tunnel leads
 * on. An end that is hidden is inside. */
static bool
leads_on(const struct event *a)
{
	const char *from = a->source.ip, *to = a->destination.ip;
	bool from_outside = from != NULL && !is_local(from);
	bool to_outside = to != NULL && !is_local(to);

	return from_outside != to_outside && from_outside == is_ingress(a);
}

/* Then an end that is outside is who is judged, and the flow is of kind tunnel. */
static bool
ends_there(const struct explanation *e)
{
	const struct rule_words *words = &e->sources->rules->sentences.words;
	const struct event *a = e->alert;

	if (a->service_kind == NULL ||
	    strcmp(a->service_kind, service_kind_text(SERVICE_KIND_TUNNEL)) != 0 ||
	    is_said(e, words->tunnel_at, far_end(a)))
		return false;
	return is_said(e, words->tunnel, NULL) || !leads_on(a);
}

/* What was asked for is an address, which the evidence is of. */
static bool
asks_address(const struct event *a)
{
	struct ip_address ip;

	return a->inner_destination.ip != NULL ||
	       (a->name != NULL && ip_address_parse(a->name, &ip) == 0);
}

/* The evidence is of the address on the wire: so nobody was asked to pass it on. */
static bool
is_server_itself(const struct event *a)
{
	return !asks_address(a) &&
	       (explain_has_word(&a->evidence, "prefix") || explain_has_word(&a->evidence, "asn"));
}

/* Somebody outside is known to have passed it on, and of one flow only one of both can be him. */
static void
settle_known(const struct event *a, struct way *way)
{
	if (!way->known || a->flows > 1)
		return;
	if (way->proxy == SIDE_NOT_TOLD && way->end == SIDE_INSIDE)
		way->proxy = SIDE_OUTSIDE;
	if (way->end == SIDE_NOT_TOLD && way->proxy == SIDE_INSIDE)
		way->end = SIDE_OUTSIDE;
}

static struct way
find_way(const struct explanation *e)
{
	const struct event *a = e->alert;
	struct way way = {
		/* Of a server of ours it says nothing. */
		.asked = explain_has_word(&a->flags, "via-proxy") && !is_ingress(a),
		.in_tunnel = a->tunnel != NULL,
		.known = a->way_evidence.count > 0,
	};

	way.proxy = way.asked ? find_side_of_proxy(e) : SIDE_INSIDE;
	way.end = way.in_tunnel ? find_side_of_end(e) : SIDE_INSIDE;
	settle_known(a, &way);
	way.tunnel_ends = way.end == SIDE_OUTSIDE && !way.known && ends_there(e);
	way.by_proxy = way.proxy == SIDE_OUTSIDE && !way.tunnel_ends &&
		       (way.known || !is_server_itself(a));
	way.by_tunnel = way.end == SIDE_OUTSIDE && !way.tunnel_ends;
	return way;
}

/* What else can be said of an end whose side the record does not tell. */
static const char *
side_now(const struct explanation *e, const char *address)
{
	struct ip_address ip;

	if (e->sources->inside == NULL || ip_address_parse(address, &ip) != 0)
		return "Whether that is on the inside, the alert does not tell.";
	return inside_map_contains(e->sources->inside, &ip)
		       ? "By the settings in use now that is on the inside; the alert does not "
			 "tell it."
		       : "By the settings in use now that is outside; the alert does not tell it.";
}

static void
format_proxy_outside(const struct explanation *e, const struct way *way, const char *port,
		     char *text, size_t size)
{
	const char *ip = e->alert->destination.ip;

	if (way->by_proxy && way->known)
		snprintf(text, size,
			 "The client asked a proxy outside, and the packets went to that proxy's "
			 "address, %.64s%s. Who runs the proxy has the data too, whatever it then "
			 "does with them.",
			 ip, port);
	else if (way->by_proxy)
		snprintf(text, size,
			 "The client asked in the form for a proxy, and the packets went to "
			 "%.64s%s. Who runs that address has the data, whatever it then does with "
			 "them.",
			 ip, port);
	else if (!way->known && is_server_itself(e->alert))
		snprintf(text, size,
			 "The client asked in the form for a proxy, but the packets went to "
			 "%.64s%s, and the evidence above is of that address.",
			 ip, port);
	else
		snprintf(text, size,
			 "The client asked in the form for a proxy, and the packets went to "
			 "%.64s%s. %s",
			 ip, port, side_now(e, ip));
}

static void
write_proxy(const struct explanation *e, const struct way *way)
{
	const struct event_end *end = &e->alert->destination;
	char text[640], port[24] = "";

	if (!way->asked || way->tunnel_ends)
		return;
	if (end->has_port)
		snprintf(port, sizeof(port), " port %u", end->port);
	if (way->proxy != SIDE_INSIDE)
		format_proxy_outside(e, way, port, text, sizeof(text));
	else if (end->ip == NULL)
		snprintf(text, sizeof(text),
			 "The client asked a proxy on the inside, whose address is not told, and "
			 "the packets went there. What the proxy then sent is another flow.");
	else
		snprintf(text, sizeof(text),
			 "The client asked a proxy on the inside, and the packets went to that "
			 "proxy's address, %.64s%s. What the proxy then sent is another flow.",
			 end->ip, port);
	explain_text(e, text);
}

static void
write_tunnel(const struct explanation *e, const struct way *way)
{
	const struct event *a = e->alert;
	const char *end = far_end(a), *went = is_ingress(a) ? "came from" : "went to";
	char text[640];

	if (!way->in_tunnel)
		return;
	if (way->tunnel_ends)
		snprintf(
			text, sizeof(text),
			"The packets %s %.64s, the far end of a tunnel (%.64s). That end is who is "
			"judged, and what is said above is of its address: names and addresses "
			"inside are as the sender wrote them.",
			went, end, a->tunnel);
	else if (way->by_tunnel)
		snprintf(text, sizeof(text),
			 "The packets %s %.64s, the far end of a tunnel (%.64s). Who runs that end "
			 "has the data too; what lies behind it is as the sender wrote it.",
			 went, end, a->tunnel);
	else if (way->end == SIDE_NOT_TOLD)
		snprintf(text, sizeof(text),
			 "The packets %s %.64s, the far end of a tunnel (%.64s). %s", went, end,
			 a->tunnel, side_now(e, end));
	else /* Both ends are hidden as well where neither was known to be inside. */
		snprintf(text, sizeof(text),
			 a->outer_source.ip == NULL && a->outer_destination.ip == NULL
				 ? "The packets were seen in a tunnel (%.64s) whose ends are not "
				   "told: it was not seen to cross the border."
				 : "The packets were seen in a tunnel (%.64s) that ends on the "
				   "inside: nobody else has the data by it.",
			 a->tunnel);
	explain_text(e, text);
}

static const char *
whom(const struct way *way)
{
	if (way->by_proxy && way->by_tunnel)
		return "the proxy or the tunnel's far end";
	if (way->by_tunnel)
		return "the tunnel's far end";
	return way->known ? "the proxy" : "that address";
}

/* A range, an AS or a tenancy: the words of `way_evidence`. */
static void
write_operator(const struct explanation *e, const struct way *way)
{
	const char *id = e->alert->host_operator;
	const struct catalogue_operator *owner = NULL;
	char text[640];

	if (!way->known) {
		snprintf(text, sizeof(text),
			 "No range and no AS of the catalogue tells who runs %s.", whom(way));
		explain_text(e, text);
		return;
	}
	if (!way->by_proxy && !way->by_tunnel)
		explain_text(e, way->proxy == SIDE_INSIDE && way->end == SIDE_INSIDE
					? "The flow that decided went by way of a proxy outside or "
					  "of a tunnel's far end, which the first flow did not."
					: "The flow that decided went by way of a proxy outside or "
					  "of a tunnel's far end.");
	if (id != NULL && e->sources->catalogue != NULL)
		owner = catalogue_find_operator(e->sources->catalogue, id);
	snprintf(text, sizeof(text), "Who runs %s: %.240s. These say so:",
		 way->by_proxy || way->by_tunnel ? whom(way) : "it",
		 owner != NULL ? owner->name
		 : id != NULL  ? id
			       : "an operator that is not told");
	explain_text(e, text);
	explain_write_words(e, &e->alert->way_evidence, EXPLAIN_LABEL_WIDTH, explain_evidence);
}

void
explain_way(const struct explanation *e)
{
	const struct way way = find_way(e);

	if (!way.asked && !way.in_tunnel && !way.known)
		return;
	explain_heading(e, "The way it took");
	if (e->alert->flows > 1)
		explain_text(e, "The addresses are those of its first flow.");
	write_proxy(e, &way);
	write_tunnel(e, &way);
	if (way.known || way.by_proxy || way.by_tunnel)
		write_operator(e, &way);
}
