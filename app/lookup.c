/* SPDX-License-Identifier: Apache-2.0 */
#include "app/lookup.h"

#include <string.h>

#include "base/printable_text.h"
#include "dashboard-export/json_writer.h"

#define LOOKUP_JSON_MAX 8192

#define UNDER_US_LAW "can be ordered to produce data under US law (18 U.S.C. 2713)"

bool
lookup_find(const struct ruleset *ruleset, const char *query, int32_t day, struct lookup *out)
{
	*out = (struct lookup){.query = query, .catalogue = ruleset->catalogue};
	out->is_address = ip_address_parse(query, &out->address) == 0;
	if (!out->is_address &&
	    domain_name_canonical(slice_of(query, strlen(query)), out->name) == 0)
		return false;
	if (out->is_address) {
		/* The IPv4 address inside is what a translator goes on to. */
		out->embedding = ip_address_embedded(&out->address, &out->address);
		origin_db_lookup(ruleset->origins, &out->address, &out->origin);
		out->resolver = catalogue_find_resolver(ruleset->catalogue, &out->address);
	}
	struct attribution_query ask = {
		.address = out->is_address ? &out->address : NULL,
		.origin = &out->origin,
		.name = out->is_address ? NULL : out->name,
		/* Asked by a person, the name is what it is about: no client claims it. */
		.name_source = out->is_address ? NAME_SOURCE_NONE : NAME_SOURCE_DNS,
		.day = day,
	};
	attribution_decide(ruleset->policy, &ask, &out->attribution);
	return true;
}

/* How an operator is reached by law, in words that claim no more than the record does. */
static const char *
exposure_words(enum exposure exposure)
{
	switch (exposure) {
	case EXPOSURE_STATE_INTERNAL:
		return "declared as the organisation's own";
	case EXPOSURE_EU_QUALIFIED:
		return "recorded as a qualified service";
	case EXPOSURE_EU_SOVEREIGN:
		return "recorded as controlled within the EU or EEA";
	case EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED:
		return "recorded as EU-controlled, on US technology";
	case EXPOSURE_THIRD_COUNTRY:
		return "recorded as controlled from outside the EU and EEA";
	case EXPOSURE_US_PARENT:
		return "recorded as controlled by a US parent: " UNDER_US_LAW;
	case EXPOSURE_US_DIRECT:
		return "recorded as a US entity: " UNDER_US_LAW;
	case EXPOSURE_UNKNOWN:
	case EXPOSURE_COUNT:
		break;
	}
	return "not known";
}

static void
line(FILE *out, const char *label, const char *value, const char *source)
{
	if (value == NULL || *value == '\0')
		return;
	if (source != NULL)
		fprintf(out, "  %-11s %-34s %s\n", label, printable_text(value).text,
			printable_text(source).text);
	else
		fprintf(out, "  %-11s %s\n", label, printable_text(value).text);
}

static void
write_origin(const struct lookup *lookup, FILE *out)
{
	const struct origin *o = &lookup->origin;
	char text[ORIGIN_AS_ORG_MAX + 16], prefix[IP_ADDRESS_TEXT_MAX];

	if (o->feed != NULL) {
		ip_address_format(&o->feed_prefix.address, prefix);
		snprintf(text, sizeof(text), "%s/%u", prefix, o->feed_prefix.bits);
		line(out, "prefix", text, o->feed_source);
	}
	if (o->asn != 0) {
		snprintf(text, sizeof(text), "AS%u %s", o->asn, o->as_org);
		line(out, "origin AS", text, o->asn_source);
	}
	line(out, "country", o->country, o->country_source);
}

static void
write_operator(const struct catalogue_operator *owner, FILE *out)
{
	char source[512];

	snprintf(source, sizeof(source), "catalogue, recorded %s", owner->checked_on);
	line(out, "operator", owner->name, source);
	for (size_t i = 0; i < owner->controller_count; i++) {
		const struct catalogue_controller *c = &owner->controllers[i];
		char who[256];
		snprintf(who, sizeof(who), "%s (%s)", c->name, c->country);
		line(out, i == 0 ? "control" : "", who, c->source);
	}
	if (owner->controller_count == 0)
		line(out, "control", owner->control_country, owner->source);
}

/* Whose addresses the operator uses: these can be ordered too. */
static void
write_hosts(const struct lookup *lookup, FILE *out)
{
	const struct catalogue_operator *owner = lookup->attribution.owner;

	for (size_t i = 0; i < owner->hosted_on_count; i++) {
		const char *id = owner->hosted_on[i];
		const struct catalogue_operator *host =
			catalogue_find_operator(lookup->catalogue, id);
		line(out, i == 0 ? "hosted on" : "", host != NULL ? host->name : id,
		     host != NULL ? exposure_text(host->exposure) : NULL);
	}
}

/* Of an address that is nobody's there is nothing the catalogue could have. */
static const char *
no_operator_words(const struct lookup *lookup)
{
	static const char *const private[] = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
					      "fc00::/7"};

	if (!lookup->is_address || ip_address_is_global(&lookup->address))
		return "not in the catalogue";
	for (size_t i = 0; i < sizeof(private) / sizeof(*private); i++) {
		struct ip_prefix prefix;
		if (ip_prefix_parse(private[i], &prefix) == 0 &&
		    ip_prefix_contains(&prefix, &lookup->address))
			return "none: private address";
	}
	return "none: not an address of the internet";
}

/* A class that is not the operator's own comes from the operator whose addresses it uses. */
static void
write_exposure(const struct attribution *a, FILE *out)
{
	char words[512];
	bool too_old =
		a->exposure == EXPOSURE_UNKNOWN && (a->flags & JUDGED_FLAG_STALE_RECORD) != 0;
	bool by_host = a->likely_host != NULL && a->owner != NULL &&
		       a->exposure != a->owner->exposure && a->exposure == a->likely_host->exposure;

	snprintf(words, sizeof(words), "%s%s%s", by_host ? a->likely_host->name : "",
		 by_host ? " is " : "",
		 too_old ? "not known: the record is too old to be relied on"
			 : exposure_words(a->exposure));
	line(out, "exposure", exposure_text(a->exposure), words);
}

void
lookup_write_text(const struct lookup *lookup, FILE *out, bool colour)
{
	const struct attribution *a = &lookup->attribution;
	char region[64], inside[IP_ADDRESS_TEXT_MAX];

	fprintf(out, "%s%s%s\n", colour ? "\033[1m" : "", printable_text(lookup->query).text,
		colour ? "\033[0m" : "");
	if (lookup->embedding != NULL) {
		ip_address_format(&lookup->address, inside);
		line(out, "looked up", inside, lookup->embedding);
	}
	if (a->owner != NULL) {
		write_operator(a->owner, out);
		write_hosts(lookup, out);
	} else {
		line(out, "operator", no_operator_words(lookup), NULL);
	}
	if (a->service != NULL)
		line(out, "service", a->service->name, service_kind_text(a->kind));
	else if (a->kind != SERVICE_KIND_UNKNOWN)
		line(out, "service", service_kind_text(a->kind), NULL);
	if (lookup->resolver != NULL)
		line(out, "resolver", lookup->resolver->name,
		     "catalogue: list of public resolvers, which answer DNS for anybody");
	if (a->region[0] != '\0') {
		snprintf(region, sizeof(region), "%s%s%s%s", a->region,
			 a->region_country != NULL ? " (" : "",
			 a->region_country != NULL ? a->region_country : "",
			 a->region_country != NULL ? ")" : "");
		line(out, "region", region, "location does not change control");
	}
	write_exposure(a, out);
	if (lookup->is_address)
		write_origin(lookup, out);
}

static void
json_member(struct json_writer *w, const char *key, const char *value)
{
	if (value != NULL && *value != '\0')
		json_writer_text_member(w, key, value, LOOKUP_JSON_MAX / 8);
}

static void
json_evidence(struct json_writer *w, const struct lookup *lookup)
{
	const struct attribution *a = &lookup->attribution;
	bool by_name = !lookup->is_address && a->service_operator != NULL;

	if (!by_name && (!lookup->is_address || a->evidence == 0))
		return;
	json_writer_open_array(w, "evidence");
	if (by_name)
		json_writer_plain(w, "name", 4);
	for (unsigned i = 0; lookup->is_address && i < EVIDENCE_COUNT; i++) {
		const char *text = evidence_text(1u << i);
		if ((a->evidence >> i & 1) != 0)
			json_writer_plain(w, text, strlen(text));
	}
	json_writer_close(w, ']');
}

static void
json_operator(struct json_writer *w, const struct attribution *a)
{
	if (a->owner == NULL)
		return;
	json_member(w, "operator", a->owner->id);
	json_member(w, "operator_name", a->owner->name);
	json_member(w, "control_country", a->owner->control_country);
}

static void
json_sources(struct json_writer *w, const struct lookup *lookup)
{
	const struct origin *o = &lookup->origin;

	if (lookup->attribution.owner == NULL && o->feed == NULL && o->asn == 0 &&
	    o->country[0] == '\0')
		return;
	json_writer_open_object(w, "sources");
	if (lookup->attribution.owner != NULL)
		json_member(w, "operator", lookup->attribution.owner->source);
	json_member(w, "prefix", o->feed_source);
	json_member(w, "asn", o->asn_source);
	json_member(w, "country", o->country_source);
	json_writer_close(w, '}');
}

void
lookup_write_json(const struct lookup *lookup, FILE *out)
{
	const struct attribution *a = &lookup->attribution;
	char text[LOOKUP_JSON_MAX];
	struct json_writer w;

	json_writer_init(&w, text, sizeof(text));
	json_writer_open(&w, '{');
	json_member(&w, "query", lookup->query);
	json_member(&w, "kind", lookup->is_address ? "address" : "name");
	json_operator(&w, a);
	json_member(&w, "exposure", exposure_text(a->exposure));
	json_member(&w, "service", a->service != NULL ? a->service->id : NULL);
	if (a->kind != SERVICE_KIND_UNKNOWN)
		json_member(&w, "service_kind", service_kind_text(a->kind));
	json_member(&w, "resolver_of", lookup->resolver != NULL ? lookup->resolver->id : NULL);
	json_member(&w, "region", a->region);
	json_member(&w, "region_country", a->region_country);
	if (lookup->origin.asn != 0)
		json_writer_uint_member(&w, "asn", lookup->origin.asn);
	json_member(&w, "as_org", lookup->origin.as_org);
	json_member(&w, "country", lookup->origin.country);
	json_evidence(&w, lookup);
	json_sources(&w, lookup);
	json_writer_close(&w, '}');
	fprintf(out, "%.*s\n", (int)json_writer_len(&w), text);
}
