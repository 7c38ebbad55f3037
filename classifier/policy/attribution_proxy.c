/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has the data in his hands on the way. Through an explicit proxy the destination is what the
 * proxy was asked for, and the address is the proxy's: it says nothing of the destination. But a
 * proxy outside has the data, so that the more exposed of the two counts, as with a service and its
 * host. So has the far end of a tunnel over the border. Where either goes in the end is not seen:
 * confidence is medium at best.
 */
#include "classifier/policy/attribution_parts.h"

/*
 * Who goes between and is of no known class may do anything with it, whatever the rest is: nothing
 * is less than unknown then. Qualified or one's own are both or neither (domain §3b).
 */
static enum exposure
behind(enum exposure between, enum exposure exposure)
{
	if (between == EXPOSURE_UNKNOWN && exposure < EXPOSURE_THIRD_COUNTRY)
		return EXPOSURE_UNKNOWN;
	return exposure_more_exposed(exposure, between);
}

/* Nobody is known to get it but who passes it on. */
static void
show_carrier(const struct attribution *carrier, struct attribution *out)
{
	out->pattern = ATTRIBUTION_ASKED;
	out->owner = carrier->owner;
	out->confidence = carrier->confidence;
}

/* What the records of the destination say of hosting health data says nothing of who passes it on.
 */
static void
pass_outside(enum attribution_carrier kind, const struct attribution *carrier,
	     struct attribution *out)
{
	enum exposure exposure = behind(carrier->exposure, out->exposure);
	bool is_all = carrier->owner != NULL && out->pattern == ATTRIBUTION_NOTHING;

	if (is_all)
		show_carrier(carrier, out);
	if (is_all || exposure != out->exposure) {
		out->exposed_by = kind;
		out->carrier_stale = (carrier->flags & JUDGED_FLAG_STALE_RECORD) != 0;
		out->flags |= carrier->flags & JUDGED_FLAG_STALE_RECORD;
	}
	out->exposure = exposure;
	if (exposure != EXPOSURE_EU_QUALIFIED)
		out->qualification = NULL;
	out->hds = NULL;
}

static void
limit_confidence(struct attribution *out)
{
	if (out->confidence > CONFIDENCE_MEDIUM)
		out->confidence = CONFIDENCE_MEDIUM;
}

static bool
is_anothers(const struct catalogue_operator *owner, const struct catalogue_operator *proxy)
{
	return owner != NULL && !attribution_same_group(owner, proxy);
}

/*
 * That a proxy goes where it was asked to is only so where it is one's own. Of one outside the
 * client's line is a claim as a server name is: it makes nothing less than the address does.
 */
static void
ask_outside(const struct attribution *proxy, struct attribution *out)
{
	out->proxy_operator = proxy->owner;
	out->proxy_evidence = proxy->evidence;
	out->low_sink = false;
	if (proxy->confidence < out->confidence)
		out->confidence = proxy->confidence;
	out->asked_of_another =
		proxy->owner != NULL && (is_anothers(out->service_operator, proxy->owner) ||
					 is_anothers(out->host_operator, proxy->owner));
	pass_outside(CARRIER_PROXY, proxy, out);
}

void
attribution_add_proxy(const struct attribution_query *query, const struct attribution *proxy,
		      struct attribution *out)
{
	out->via_proxy = true;
	if (proxy != NULL) {
		out->proxy_address = *query->proxy;
		ask_outside(proxy, out);
	}
	limit_confidence(out);
}

/*
 * In a tunnel the sender writes inner ends and names as he likes; that the tunnel's far end gets
 * the packets is certain. Nothing inside makes it less than that: not the class, where nobody knows
 * who runs that end, nor the confidence, nor that the service inside takes in little.
 */
void
attribution_add_tunnel(const struct attribution_query *query, const struct attribution *end,
		       struct attribution *out)
{
	out->tunnel_end = *query->tunnel_end;
	out->tunnel_operator = end->owner;
	out->tunnel_evidence = end->evidence;
	pass_outside(CARRIER_TUNNEL, end, out);
	if (out->exposure == end->exposure && end->confidence > out->confidence)
		out->confidence = end->confidence;
	out->low_sink = false;
	limit_confidence(out);
}
