/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/assessor_findings.h"

#include <stdio.h>
#include <string.h>

/* Hosts without a zone are told of by their network: a person is not the subject, and one line says
 * which zone is missing. */
#define NETWORK_BITS_V4 24
#define NETWORK_BITS_V6 64

#define MOST_VALUES 6

/* Begins a finding; NULL when there are as many as one flow may show. Without a zone where it says
 * the same in all of them, so that it is told once. */
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

/* Two operators may have services of one id. */
static void
set_service_subject(struct assessment_finding *finding, const struct catalogue_service *service)
{
	snprintf(finding->subject, sizeof(finding->subject), "%s/%s", service->owner->id,
		 service->id);
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
	if (policy->defaults || place->zone == NULL || !place->zone->unmapped ||
	    !ip_address_is_routable_host(place->inside))
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
find_ended_exceptions(const struct policy *policy, struct assessment *out)
{
	for (size_t i = 0; i < out->exception.ended_count; i++) {
		const struct exception *ended = out->exception.ended[i];
		struct assessment_finding *finding = begin(policy, "GOV-EXC-EXPIRED", NULL, out);
		if (finding == NULL)
			return;
		set_subject(finding, ended->id);
		fill(finding,
		     (const struct sentence_value[MOST_VALUES]){{"exception", ended->id},
								{"date", ended->expires_on},
								{"owner", ended->owner}});
	}
}

/* "12" of the days until `end` where they are not more than the rule's; false where they are. */
static bool
ends_soon(const struct rule_finding *rule, int32_t day, int32_t end, char left[12])
{
	if (end < day || end - day > (int32_t)rule->days)
		return false;
	snprintf(left, 12, "%d", end - day);
	return true;
}

static void
find_ending_exception(const struct policy *policy, struct assessment *out)
{
	const struct exception *covering = out->exception.covering;
	char left[12];

	if (covering == NULL || !ends_soon(rule_book_finding(policy->rules, "GOV-EXC-EXPIRING"),
					   out->start.day, covering->expires_day, left))
		return;
	struct assessment_finding *finding = begin(policy, "GOV-EXC-EXPIRING", NULL, out);
	if (finding == NULL)
		return;
	set_subject(finding, covering->id);
	fill(finding, (const struct sentence_value[MOST_VALUES]){{"exception", covering->id},
								 {"date", covering->expires_on},
								 {"days", left},
								 {"owner", covering->owner}});
}

static void
find_ending_qualification(const struct policy *policy, struct assessment *out)
{
	const struct catalogue_qualification *valid = out->attribution.qualification;
	const struct catalogue_service *service = out->attribution.service;
	int32_t end;
	char left[12];

	if (valid == NULL || service == NULL || !time_zone_parse_day(valid->valid_to, &end) ||
	    !ends_soon(rule_book_finding(policy->rules, "GOV-QUAL-EXPIRING"), out->start.day, end,
		       left))
		return;
	struct assessment_finding *finding = begin(policy, "GOV-QUAL-EXPIRING", NULL, out);
	if (finding == NULL)
		return;
	set_service_subject(finding, service);
	fill(finding, (const struct sentence_value[MOST_VALUES]){
			      {"service", service->name},
			      {"operator", service->owner->name},
			      {"scheme", valid->scheme},
			      {"version", valid->version != NULL ? valid->version : ""},
			      {"date", valid->valid_to},
			      {"days", left}});
}

static void
find_ended_qualification(const struct policy *policy, struct assessment *out)
{
	const struct catalogue_qualification *ended = out->attribution.qualification_ended;
	const struct catalogue_service *service = out->attribution.service;

	if (ended == NULL || service == NULL)
		return;
	struct assessment_finding *finding = begin(policy, "GOV-QUAL-EXPIRED", NULL, out);
	if (finding == NULL)
		return;
	set_service_subject(finding, service);
	fill(finding, (const struct sentence_value[MOST_VALUES]){
			      {"service", service->name},
			      {"operator", service->owner->name},
			      {"scheme", ended->scheme},
			      {"version", ended->version != NULL ? ended->version : ""},
			      {"date", ended->valid_to}});
}

/* ", region gra, sbg", or nothing; what does not fit is left out. */
static void
format_regions(const struct policy *policy, const char *const *regions, size_t count,
	       char out[SENTENCE_MAX])
{
	char list[256] = "";
	const struct sentence_value value = {"region", list};
	size_t len = 0;

	for (size_t i = 0; i < count && len < sizeof(list); i++)
		len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s", i > 0 ? ", " : "",
					regions[i]);
	out[0] = '\0';
	if (list[0] != '\0')
		(void)sentence_fill(policy->rules->sentences.words.region, &value, 1, out);
}

static void
add_contradicted_tenancy(const struct policy *policy, const struct tenancy *tenancy, bool elsewhere,
			 struct assessment *out)
{
	const struct attribution *a = &out->attribution;
	const struct catalogue_service *service = policy_service(policy, tenancy->service);
	const char *listed = a->region;
	char declared[SENTENCE_MAX] = "", published[SENTENCE_MAX] = "";
	struct assessment_finding *finding = begin(policy, "GOV-TENANCY-CONFLICT", NULL, out);

	if (finding == NULL)
		return;
	if (elsewhere) {
		format_regions(policy, service->regions, service->region_count, declared);
		format_regions(policy, &listed, 1, published);
	}
	set_subject(finding, tenancy->id);
	fill(finding, (const struct sentence_value[MOST_VALUES]){
			      {"tenancy", tenancy->id},
			      {"operator", tenancy->operator_record->name},
			      {"region", declared},
			      {"host_operator", a->host_operator->name},
			      {"host_region", published}});
}

static void
find_contradicted_tenancies(const struct policy *policy, struct assessment *out)
{
	const struct attribution *a = &out->attribution;

	if (a->host_operator == NULL)
		return;
	if (a->tenancy_refused != NULL)
		add_contradicted_tenancy(policy, a->tenancy_refused, false, out);
	if (a->tenancy_elsewhere)
		add_contradicted_tenancy(policy, a->tenancy, true, out);
}

static void
find_crossing(const struct policy *policy, const struct zone *from, const struct zone *to,
	      struct assessment *out)
{
	if (from->data_class < DATA_CLASS_DIFFUSION_RESTREINTE ||
	    to->data_class >= from->data_class)
		return;
	struct assessment_finding *finding = begin(policy, "GOV-ZONE-CROSSING", from, out);
	if (finding == NULL)
		return;
	snprintf(finding->subject, sizeof(finding->subject), "%s to %s", from->id, to->id);
	fill(finding, (const struct sentence_value[MOST_VALUES]){
			      {"zone", from->label},
			      {"peer", to->label},
			      {"class", data_class_text(from->data_class)},
			      {"peer_class", data_class_text(to->data_class)}});
}

/*
 * Domain §5.7 and §5.32: of the flows that stay inside, only these are looked at. Whoever began,
 * what counts is what one zone's host sent to another's; groups and links are in no zone.
 */
static void
find_crossings(const struct policy *policy, const struct assessor_flow *flow,
	       struct assessment *out)
{
	const struct flow_place *place = flow->place;
	const struct flow_record *record = flow->record;

	/* One to a proxy inside crosses too, on its way out. */
	if (place->peer == NULL || !ip_address_is_routable_host(&record->source) ||
	    !ip_address_is_routable_host(&record->destination))
		return;
	if (record->from_source.payload > 0)
		find_crossing(policy, place->zone, place->peer, out);
	if (record->from_destination.payload > 0)
		find_crossing(policy, place->peer, place->zone, out);
}

void
assessor_find(const struct policy *policy, const struct assessor_flow *flow, struct assessment *out)
{
	const struct flow_place *place = flow->place;

	find_crossings(policy, flow, out);
	if (!out->judged)
		return;
	find_unmapped(policy, place, out);
	find_ended_exceptions(policy, out);
	find_ending_exception(policy, out);
	find_ended_qualification(policy, out);
	find_ending_qualification(policy, out);
	find_contradicted_tenancies(policy, out);
}
