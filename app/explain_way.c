/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way that the packets took, where it was not straight to the far end: an explicit proxy, a
 * tunnel. Who runs either has the data in his hands, and what tells who that is stands apart from
 * the evidence for the far end. Ends are those of the alert's first flow, the rest is of the one
 * that decided.
 */
#include "app/explain_page.h"

#include <string.h>

#include "app/explain_words.h"

/* Who passes it on, as far as an alert tells it. */
struct way {
	bool asked;       /* a proxy, or a server in the form for one */
	bool by_proxy;    /* of the outside */
	bool in_tunnel;   /* some tunnel was seen */
	bool by_tunnel;   /* over the border, to who passes it on */
	bool tunnel_ends; /* its far end is who is judged */
	bool known;       /* who runs the proxy or that end */
};

static bool
is_inside(const struct explanation *e, const char *address)
{
	struct ip_address ip;

	return e->sources->inside != NULL && ip_address_parse(address, &ip) == 0 &&
	       inside_map_contains(e->sources->inside, &ip);
}

static bool
is_ingress(const struct event *a)
{
	return a->direction != NULL && strcmp(a->direction, "ingress") == 0;
}

/* Of the tunnel; NULL: hidden, since it is inside. */
static const char *
far_end(const struct event *a)
{
	return is_ingress(a) ? a->outer_source.ip : a->outer_destination.ip;
}

/* By the ends that are written inside it leaves, or comes in, as the tunnel does: the tunnel leads
 * on. An end that is hidden is inside. */
static bool
leads_on(const struct explanation *e)
{
	const char *from = e->alert->source.ip, *to = e->alert->destination.ip;
	bool from_outside = from != NULL && !is_inside(e, from);
	bool to_outside = to != NULL && !is_inside(e, to);

	return from_outside != to_outside && from_outside == is_ingress(e->alert);
}

/* Then that end is who is judged, and the flow is of kind tunnel. */
static bool
ends_there(const struct explanation *e)
{
	const char *kind = e->alert->service_kind;

	return kind != NULL && strcmp(kind, service_kind_text(SERVICE_KIND_TUNNEL)) == 0 &&
	       !leads_on(e);
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
	const char *proxy = a->destination.ip, *end = far_end(a);
	bool leaves = end != NULL && !is_inside(e, end);

	way.tunnel_ends = way.in_tunnel && leaves && !way.known && ends_there(e);
	way.by_proxy = way.asked && proxy != NULL && !is_inside(e, proxy) && !way.tunnel_ends &&
		       (way.known || !is_server_itself(a));
	way.by_tunnel = way.in_tunnel && leaves && !way.tunnel_ends;
	/* The settings in use now may have another inside. */
	if (way.known && !way.by_proxy && !way.by_tunnel) {
		way.by_tunnel = way.in_tunnel;
		way.by_proxy = way.asked && !way.in_tunnel;
	}
	return way;
}

static void
write_proxy(const struct explanation *e, const struct way *way)
{
	const struct event_end *end = &e->alert->destination;
	char text[640], port[24] = "";
	const char *ip = end->ip;

	if (!way->asked || way->tunnel_ends)
		return;
	if (end->has_port)
		snprintf(port, sizeof(port), " port %u", end->port);
	if (way->by_proxy && way->known)
		snprintf(text, sizeof(text),
			 "The client asked a proxy outside, and the packets went to that proxy's "
			 "address, %.64s%s. Who runs the proxy has the data too, whatever it then "
			 "does with them.",
			 ip != NULL ? ip : "which is not told", port);
	else if (way->by_proxy)
		snprintf(text, sizeof(text),
			 "The client asked in the form for a proxy, and the packets went to "
			 "%.64s%s. Who runs that address has the data, whatever it then does with "
			 "them.",
			 ip, port);
	else if (ip == NULL)
		snprintf(text, sizeof(text),
			 "The client asked a proxy on the inside, whose address is not told, and "
			 "the packets went there. What the proxy then sent is another flow.");
	else if (is_inside(e, ip))
		snprintf(text, sizeof(text),
			 "The client asked a proxy on the inside, and the packets went to that "
			 "proxy's address, %.64s%s. What the proxy then sent is another flow.",
			 ip, port);
	else
		snprintf(text, sizeof(text),
			 "The client asked in the form for a proxy, but the packets went to "
			 "%.64s%s, and the evidence above is of that address.",
			 ip, port);
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
			 went, end != NULL ? end : "an address that is not told", a->tunnel);
	else
		snprintf(
			text, sizeof(text),
			"The packets were seen in a tunnel (%.64s) that ends on the inside: nobody "
			"else has the data by it.",
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
		explain_text(e, "The flow that decided went by way of a proxy outside or of a "
				"tunnel's far end, which the first flow did not.");
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
