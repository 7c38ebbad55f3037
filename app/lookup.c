/* SPDX-License-Identifier: Apache-2.0 */
#include "app/lookup.h"

#include <string.h>

#include "dashboard-export/json_writer.h"

#define LOOKUP_JSON_MAX 8192

bool
lookup_find(const struct ruleset *ruleset, const char *query, struct lookup *out)
{
	*out = (struct lookup){.query = query};
	out->is_address = ip_address_parse(query, &out->address) == 0;
	if (!out->is_address &&
	    domain_name_canonical(slice_of(query, strlen(query)), out->name) == 0)
		return false;
	if (out->is_address)
		origin_db_lookup(ruleset->origins, &out->address, &out->origin);
	struct attribution_query ask = {
		.origin = &out->origin,
		.name = out->is_address ? NULL : out->name,
		/* Asked by a person, the name is what it is about: no client claims it. */
		.name_source = out->is_address ? NAME_SOURCE_NONE : NAME_SOURCE_DNS,
	};
	attribution_decide(ruleset->catalogue, &ask, &out->attribution);
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
		return "recorded as controlled by a US parent: US law reaches it";
	case EXPOSURE_US_DIRECT:
		return "recorded as a US entity: US law reaches it";
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
		fprintf(out, "  %-11s %-34s %s\n", label, value, source);
	else
		fprintf(out, "  %-11s %s\n", label, value);
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
write_operator(const struct catalogue_operator *operator, FILE * out)
{
	char source[512];

	snprintf(source, sizeof(source), "catalogue, checked %s", operator->checked_on);
	line(out, "operator", operator->name, source);
	for (size_t i = 0; i < operator->controller_count; i++) {
		const struct catalogue_controller *c = &operator->controllers[i];
		char who[256];
		snprintf(who, sizeof(who), "%s (%s)", c->name, c->country);
		line(out, i == 0 ? "control" : "", who, c->source);
	}
	if (operator->controller_count == 0)
		line(out, "control", operator->control_country, operator->source);
}

void
lookup_write_text(const struct lookup *lookup, FILE *out, bool colour)
{
	const struct attribution *a = &lookup->attribution;
	char region[64];

	fprintf(out, "%s%s%s\n", colour ? "\033[1m" : "", lookup->query, colour ? "\033[0m" : "");
	if (a->operator!= NULL)
		write_operator(a->operator, out);
	else
		line(out, "operator", "not in the catalogue", NULL);
	if (a->service != NULL)
		line(out, "service", a->service->name, service_kind_text(a->kind));
	else if (a->kind != SERVICE_KIND_UNKNOWN)
		line(out, "service", service_kind_text(a->kind), NULL);
	if (a->region[0] != '\0') {
		snprintf(region, sizeof(region), "%s%s%s%s", a->region,
			 a->region_country != NULL ? " (" : "",
			 a->region_country != NULL ? a->region_country : "",
			 a->region_country != NULL ? ")" : "");
		line(out, "region", region, "location does not change control");
	}
	line(out, "exposure", exposure_text(a->exposure), exposure_words(a->exposure));
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
	if (a->operator== NULL)
		return;
	json_member(w, "operator", a->operator->id);
	json_member(w, "operator_name", a->operator->name);
	json_member(w, "control_country", a->operator->control_country);
}

static void
json_sources(struct json_writer *w, const struct lookup *lookup)
{
	const struct origin *o = &lookup->origin;

	if (lookup->attribution.operator== NULL && o->feed == NULL && o->asn == 0 &&
	    o->country[0] == '\0')
		return;
	json_writer_open_object(w, "sources");
	if (lookup->attribution.operator!= NULL)
		json_member(w, "operator", lookup->attribution.operator->source);
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
