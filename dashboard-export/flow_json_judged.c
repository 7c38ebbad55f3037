/* SPDX-License-Identifier: Apache-2.0 */
/* What was found out about a flow, in the order of the contract. */
#include "dashboard-export/flow_json_parts.h"

#include "base/flow_payload.h"

/* Severities stand in the order in which they are asked for: the answer, and what it was before. */
static void
write_severity(struct json_writer *w, const struct judged_flow *flow)
{
	const struct verdict *v = flow->verdict;
	const struct exception *covering =
		flow->exception != NULL ? flow->exception->covering : NULL;

	if (v == NULL)
		return;
	json_writer_plain_member(w, "severity", severity_text(v->severity));
	if (v->severity != v->severity_before_exception)
		json_writer_plain_member(w, "severity_before_exception",
					 severity_text(v->severity_before_exception));
	if (covering != NULL)
		json_writer_text_member(w, "exception", covering->id, JSON_CODE_MAX_LEN);
}

static void
write_zone(struct json_writer *w, const struct judged_flow *flow)
{
	const struct zone *zone = flow->zone;

	if (zone == NULL)
		return;
	json_writer_text_member(w, "zone", zone->id, JSON_CODE_MAX_LEN);
	json_writer_plain_member(w, "data_class",
				 data_class_text(flow->verdict != NULL ? flow->verdict->data_class
								       : zone->data_class));
}

void
flow_json_place(struct json_writer *w, const struct judged_flow *flow)
{
	json_optional_member(w, "host", flow->host, JSON_CODE_MAX_LEN);
	write_severity(w, flow);
	write_zone(w, flow);
	json_writer_plain_member(w, "direction", flow_direction_text(flow->direction));
	if (flow->record->vni != FLOW_NO_VNI)
		json_writer_uint_member(w, "vni", flow->record->vni);
}

static void
write_operator(struct json_writer *w, const char *key, const struct catalogue_operator *owner)
{
	if (owner != NULL)
		json_writer_text_member(w, key, owner->id, JSON_CODE_MAX_LEN);
}

static void
write_attribution(struct json_writer *w, const struct attribution *a)
{
	if (a == NULL)
		return;
	write_operator(w, "operator", a->owner);
	write_operator(w, "host_operator", attribution_shown_host(a));
	if (a->service != NULL)
		json_writer_text_member(w, "service", a->service->id, JSON_CODE_MAX_LEN);
	if (a->kind != SERVICE_KIND_UNKNOWN)
		json_optional_member(w, "service_kind", service_kind_text(a->kind),
				     JSON_CODE_MAX_LEN);
	json_optional_member(w, "region", a->region, JSON_CODE_MAX_LEN);
	json_optional_member(w, "region_country", a->region_country, JSON_CODE_MAX_LEN);
	if (a->tenancy != NULL)
		json_writer_text_member(w, "tenancy", a->tenancy->id, JSON_CODE_MAX_LEN);
}

/* Only what crosses the border has an exposure; there, unknown is a class like the others. How sure
 * that is, is known where somebody has looked. */
static void
write_exposure(struct json_writer *w, const struct judged_flow *flow)
{
	const struct attribution *a = flow->attribution;

	if (flow->direction != FLOW_DIRECTION_EGRESS && flow->direction != FLOW_DIRECTION_INGRESS)
		return;
	json_writer_plain_member(w, "exposure",
				 exposure_text(a != NULL ? a->exposure : EXPOSURE_UNKNOWN));
	if (a != NULL && a->pattern != 0)
		json_writer_plain_member(w, "confidence", confidence_text(a->confidence));
}

void
flow_json_far_end(struct json_writer *w, const struct judged_flow *flow)
{
	struct flow_payload payload = flow_payload_of(flow->record);

	if (flow_json_has_name(flow) && !flow->name_is_outer) {
		json_writer_text_member(w, "name", flow->name, JSON_NAME_MAX_LEN);
		json_optional_member(w, "name_source", name_source_text(flow->name_source),
				     JSON_CODE_MAX_LEN);
	}
	write_attribution(w, flow->attribution);
	write_exposure(w, flow);
	if (flow->verdict != NULL)
		json_writer_plain_member(w, "shape", shape_text(flow->shape));
	json_writer_uint_member(w, "payload_out", payload.out);
	json_writer_uint_member(w, "payload_in", payload.in);
}

static void
write_evidence(struct json_writer *w, const char *key, unsigned evidence)
{
	if (evidence == 0)
		return;
	json_writer_open_array(w, key);
	for (unsigned bits = evidence; bits != 0; bits &= bits - 1) {
		const char *text = evidence_text((enum evidence)(bits & -bits));
		json_writer_plain(w, text, strlen(text));
	}
	json_writer_close(w, ']');
}

/* Those of the wire first. What is known to be ECH needs no "or". */
static void
write_flags(struct json_writer *w, unsigned record_flags, unsigned judged_flags)
{
	if ((judged_flags & JUDGED_FLAG_ECH) != 0)
		record_flags &= ~(unsigned)FLOW_FLAG_ECH_OR_GREASE;
	if ((record_flags | judged_flags) == 0)
		return;
	json_writer_open_array(w, "flags");
	for (unsigned bits = record_flags; bits != 0; bits &= bits - 1) {
		const char *text = flow_flag_text((enum flow_flag)(bits & -bits));
		if (text[0] != '\0')
			json_writer_plain(w, text, strlen(text));
	}
	for (unsigned bits = judged_flags; bits != 0; bits &= bits - 1) {
		const char *text = judged_flag_text((enum judged_flag)(bits & -bits));
		json_writer_plain(w, text, strlen(text));
	}
	json_writer_close(w, ']');
}

void
flow_json_grounds(struct json_writer *w, const struct judged_flow *flow)
{
	const struct attribution *a = flow->attribution;

	if (a != NULL) {
		write_evidence(w, "evidence", a->evidence);
		write_evidence(w, "way_evidence", a->proxy_evidence | a->tunnel_evidence);
		write_evidence(w, "disagree", a->disagree);
	}
	write_flags(w, flow->record->flags, flow->flags);
}
