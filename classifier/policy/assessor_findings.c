/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/assessor_findings.h"

#include <stdio.h>
#include <string.h>

/* Hosts without a zone are told of by their network: a person is not the subject, and one line says
 * which zone is missing. */
#define NETWORK_BITS_V4 24
#define NETWORK_BITS_V6 64

#define MOST_VALUES 6

/* Begins a finding; NULL when there are as many as one flow may show. */
static struct assessment_finding *
begin(const struct policy *policy, const char *id, const struct zone *zone, struct assessment *out)
{
	if (out->finding_count == ASSESSMENT_FINDINGS_MAX)
		return NULL;
	struct assessment_finding *finding = &out->findings[out->finding_count++];
	finding->rule = rule_book_finding(policy->rules, id);
	finding->zone = zone;
	return finding;
}

static void
fill(struct assessment_finding *finding, const struct sentence_value *values)
{
	size_t count = 0;

	while (count < MOST_VALUES && values[count].name != NULL)
		count++;
	(void)sentence_fill(finding->rule->sentence, values, count, finding->message);
}

static void
set_subject(struct assessment_finding *finding, const char *text)
{
	snprintf(finding->subject, sizeof(finding->subject), "%s", text);
}

static void
format_network(const struct ip_address *address, char *out, size_t size)
{
	struct ip_prefix network = {.address = *address};
	char text[IP_ADDRESS_TEXT_MAX];

	network.bits = address->version == 4 ? NETWORK_BITS_V4 : NETWORK_BITS_V6;
	memset(network.address.bytes + network.bits / 8, 0,
	       sizeof(network.address.bytes) - network.bits / 8);
	(void)ip_address_format(&network.address, text);
	snprintf(out, size, "%s/%u", text, network.bits);
}

static void
find_unmapped(const struct policy *policy, const struct flow_place *place, struct assessment *out)
{
	if (policy->defaults || place->zone == NULL || !place->zone->unmapped)
		return;
	struct assessment_finding *finding = begin(policy, "GOV-ZONE-UNMAPPED", place->zone, out);
	if (finding == NULL)
		return;
	format_network(place->inside, finding->subject, sizeof(finding->subject));
	fill(finding, (const struct sentence_value[MOST_VALUES]){
			      {"network", finding->subject},
			      {"class", data_class_text(place->zone->data_class)}});
}

static void
find_ended_exceptions(const struct policy *policy, const struct flow_place *place,
		      struct assessment *out)
{
	for (size_t i = 0; i < out->exception.ended_count; i++) {
		const struct exception *ended = out->exception.ended[i];
		struct assessment_finding *finding =
			begin(policy, "GOV-EXC-EXPIRED", place->zone, out);
		if (finding == NULL)
			return;
		set_subject(finding, ended->id);
		fill(finding,
		     (const struct sentence_value[MOST_VALUES]){{"exception", ended->id},
								{"date", ended->expires_on},
								{"zone", place->zone->label},
								{"owner", ended->owner}});
	}
}

static void
find_ended_qualification(const struct policy *policy, const struct flow_place *place,
			 struct assessment *out)
{
	const struct catalogue_qualification *ended = out->attribution.qualification_ended;
	const struct catalogue_service *service = out->attribution.service;

	if (ended == NULL || service == NULL)
		return;
	struct assessment_finding *finding = begin(policy, "GOV-QUAL-EXPIRED", place->zone, out);
	if (finding == NULL)
		return;
	set_subject(finding, service->id);
	fill(finding, (const struct sentence_value[MOST_VALUES]){
			      {"service", service->name},
			      {"operator", service->owner->name},
			      {"scheme", ended->scheme},
			      {"version", ended->version != NULL ? ended->version : ""},
			      {"date", ended->valid_to}});
}

static void
find_refused_tenancy(const struct policy *policy, const struct flow_place *place,
		     struct assessment *out)
{
	const struct tenancy *refused = out->attribution.tenancy_refused;

	if (refused == NULL || out->attribution.host_operator == NULL)
		return;
	struct assessment_finding *finding =
		begin(policy, "GOV-TENANCY-CONFLICT", place->zone, out);
	if (finding == NULL)
		return;
	set_subject(finding, refused->id);
	fill(finding, (const struct sentence_value[MOST_VALUES]){
			      {"tenancy", refused->id},
			      {"operator", refused->operator_record->name},
			      {"host_operator", out->attribution.host_operator->name}});
}

/* Domain §5.7 and §5.32: of the flows that stay inside, only these are looked at. */
static void
find_crossing(const struct policy *policy, const struct flow_place *place, struct assessment *out)
{
	if (place->direction != FLOW_DIRECTION_INTERNAL || place->peer == NULL ||
	    place->zone->data_class < DATA_CLASS_DIFFUSION_RESTREINTE ||
	    place->peer->data_class >= place->zone->data_class)
		return;
	struct assessment_finding *finding = begin(policy, "GOV-ZONE-CROSSING", place->zone, out);
	if (finding == NULL)
		return;
	snprintf(finding->subject, sizeof(finding->subject), "%s to %s", place->zone->id,
		 place->peer->id);
	fill(finding, (const struct sentence_value[MOST_VALUES]){
			      {"zone", place->zone->label},
			      {"peer", place->peer->label},
			      {"class", data_class_text(place->zone->data_class)},
			      {"peer_class", data_class_text(place->peer->data_class)}});
}

void
assessor_find(const struct policy *policy, const struct assessor_flow *flow, struct assessment *out)
{
	const struct flow_place *place = flow->place;

	find_crossing(policy, place, out);
	if (!out->judged)
		return;
	find_unmapped(policy, place, out);
	find_ended_exceptions(policy, place, out);
	find_ended_qualification(policy, place, out);
	find_refused_tenancy(policy, place, out);
}
