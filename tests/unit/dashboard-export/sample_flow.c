/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/dashboard-export/sample_flow.h"

#include <stdlib.h>
#include <string.h>

const struct catalogue_operator sample_aws = {
	.id = "aws",
	.name = "Amazon Web Services",
	.short_name = "AWS",
	.group = "aws",
	.seat_country = "US",
	.control_country = "US",
	.exposure = EXPOSURE_US_DIRECT,
};

const struct catalogue_operator sample_wetransfer = {
	.id = "wetransfer",
	.name = "WeTransfer",
	.short_name = "WeTransfer",
	.group = "wetransfer",
	.seat_country = "NL",
	.control_country = "IT",
	.exposure = EXPOSURE_EU_SOVEREIGN,
};

const struct catalogue_operator sample_ovhcloud = {
	.id = "ovhcloud",
	.name = "OVHcloud",
	.short_name = "OVHcloud",
	.group = "ovhcloud",
	.seat_country = "FR",
	.control_country = "FR",
	.exposure = EXPOSURE_EU_SOVEREIGN,
};

const struct catalogue_service sample_s3 = {
	.id = "s3",
	.name = "Amazon S3",
	.owner = &sample_aws,
	.kind = SERVICE_KIND_OBJECT_STORAGE,
};

const struct catalogue_service sample_transfer = {
	.id = "wetransfer",
	.name = "WeTransfer",
	.owner = &sample_wetransfer,
	.kind = SERVICE_KIND_FILE_SHARING,
};

const struct zone sample_licences = {
	.id = "licences",
	.label = "Company files",
	.owner = "DGPhares",
	.data_class = DATA_CLASS_ECONOMIC_SECRET,
	.r9 = true,
};

const struct zone sample_desktops = {
	.id = "bureautique",
	.label = "Desktops",
	.data_class = DATA_CLASS_INTERNAL,
};

void
sample_flow_init(struct sample_flow *sample, const char *far_end)
{
	*sample = (struct sample_flow){
		.record =
			{
				.flow_id = 0x0123456789abcdef,
				.start_ns = 1796112902123456789,
				.end_ns = 1796112903623456790,
				.vni = FLOW_NO_VNI,
				.vlan = FLOW_NO_VLAN,
				.inner_vlan = FLOW_NO_VLAN,
				.source_port = 51000,
				.destination_port = 443,
				.transport = TRANSPORT_TCP,
				.final = 1,
				.source_inside = 1,
			},
		.attribution = {.exposure = EXPOSURE_UNKNOWN},
		.flow = {.record = &sample->record,
			 .direction = FLOW_DIRECTION_EGRESS,
			 .capture = "office.pcap",
			 .origin = &sample->origin,
			 .attribution = &sample->attribution,
			 .host = "h-7f3a00c0ffee"},
	};
	if (ip_address_parse("10.0.0.5", &sample->record.source) != 0 ||
	    ip_address_parse(far_end, &sample->record.destination) != 0)
		abort();
}

void
sample_flow_set_payload(struct sample_flow *sample, uint64_t up, uint64_t down)
{
	struct flow_record *r = &sample->record;
	bool ingress = flow_record_direction(r) == FLOW_DIRECTION_INGRESS;
	struct flow_side out = {.packets = 4 + up / 1400, .payload = up};
	struct flow_side in = {.packets = 4 + down / 1400, .payload = down};

	out.bytes = up + 52 * out.packets;
	in.bytes = down + 52 * in.packets;
	r->from_source = ingress ? in : out;
	r->from_destination = ingress ? out : in;
}

void
sample_flow_set_name(struct sample_flow *sample, const char *name, enum name_source source)
{
	sample->flow.name = name;
	sample->flow.name_source = source;
	/* The wire's own name is the record's, too. */
	if (name == NULL || source == NAME_SOURCE_DNS || source == NAME_SOURCE_CERTIFICATE)
		return;
	sample->record.name_source = (uint8_t)source;
	sample->record.name_len = (uint8_t)strlen(name);
	memcpy(sample->record.name, name, sample->record.name_len + 1u);
}

void
sample_flow_set_operator(struct sample_flow *sample, const struct catalogue_operator *owner,
			 const struct catalogue_service *service, unsigned evidence)
{
	sample->attribution = (struct attribution){
		.owner = owner,
		.host_operator = owner,
		.service_operator = service != NULL ? owner : NULL,
		.service = service,
		.kind = service != NULL ? service->kind : SERVICE_KIND_UNKNOWN,
		.exposure = owner->exposure,
		.evidence = evidence,
	};
}

void
sample_flow_make_ingress(struct sample_flow *sample)
{
	struct flow_record *r = &sample->record;
	struct ip_address inside = r->source;

	r->source = r->destination;
	r->destination = inside;
	sample_flow_set_inside(sample, false, true);
}

void
sample_flow_set_inside(struct sample_flow *sample, bool source, bool destination)
{
	sample->record.source_inside = source;
	sample->record.destination_inside = destination;
	sample->flow.direction = flow_record_direction(&sample->record);
}

void
sample_flow_set_verdict(struct sample_flow *sample, const struct zone *zone, const char *rule_id,
			enum severity severity)
{
	sample->verdict = (struct verdict){
		.data_class = zone->data_class,
		.exposure = sample->attribution.exposure,
		.table = severity,
		.severity = severity,
		.severity_before_exception = severity,
	};
	strcpy(sample->verdict.rule_id, rule_id);
	sample->exception = (struct exception_answer){0};
	sample->flow.zone = zone;
	sample->flow.verdict = &sample->verdict;
	sample->flow.exception = &sample->exception;
	sample->flow.shape = SHAPE_EXPORT;
	sample->flow.day = SAMPLE_DAY;
	sample->flow.message = "A sentence.";
}

void
sample_flow_add_step(struct sample_flow *sample, enum verdict_step_kind kind, enum severity after)
{
	struct verdict *v = &sample->verdict;

	v->steps[v->step_count++] = (struct verdict_step){kind, v->severity, after};
	v->severity = after;
	if (kind != VERDICT_STEP_EXCEPTION)
		v->severity_before_exception = after;
}
