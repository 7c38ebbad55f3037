/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/formats/sample_event.h"

#include <stdlib.h>
#include <string.h>

/* 2026-12-01T08:15:02.123456789Z */
#define START_NS UINT64_C(1796112902123456789)
/* A while after: an alert is told again and again. */
#define RECORDED_NS (START_NS + UINT64_C(3600000000000))
/* The longest word of closed lists, which is a community id. */
#define WORD_MAX 30

#define SECOND_NS UINT64_C(1000000000)

#define WORDS(...)                                                                    \
	{                                                                             \
		.words = {__VA_ARGS__},                                               \
		.count = sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), \
	}

static const struct format_context context = {
	.sensor = "sonde-1.phares.example",
	.version = "0.1.0",
	.policy = "ministere-des-phares",
	.policy_version = 7,
	.enterprise_number = 32473,
	.facility = 20,
	.process_id = 4711,
};

const struct format_context *
sample_context(void)
{
	return &context;
}

static void
set_times(struct event *event, uint64_t duration_ns)
{
	event->timestamp_ns = START_NS;
	event->start_ns = START_NS;
	event->end_ns = START_NS + duration_ns;
	event->duration_ns = duration_ns;
}

static void
set_severity(struct event *event, enum severity severity, enum severity before)
{
	event->has_severity = true;
	event->severity = severity;
	event->severity_before_exception = before;
}

/* The upload of dashboard-export's own samples: what an inside host sends to S3. */
static void
fill_wire(struct event *event)
{
	event->transport = "tcp";
	event->type = "ipv4";
	event->protocol = "tls";
	event->community_id = "1:X74kUDa5CPPU6+slhPuNzmTfmMo=";
	event->vlan_id = "130";
	event->has_counts = true;
	event->bytes = 70689320;
	event->packets = 48690;
	event->source = (struct event_end){
		.ip = "10.0.0.5",
		.port = 51000,
		.has_port = true,
		.has_counts = true,
		.bytes = 69601640,
		.packets = 47938,
	};
	event->destination = (struct event_end){
		.ip = "52.95.154.1",
		.port = 443,
		.has_port = true,
		.has_counts = true,
		.bytes = 1087680,
		.packets = 752,
		.as_number = 16509,
		.as_organization = "Amazon.com, Inc.",
		.country = "FR",
	};
	event->domain = "archives.s3.eu-west-3.amazonaws.com";
	event->tls_version = "1.3";
	event->tls_server_name = "archives.s3.eu-west-3.amazonaws.com";
}

static void
fill_far_end(struct event *event)
{
	event->direction = "egress";
	event->name = "archives.s3.eu-west-3.amazonaws.com";
	event->name_source = "tls-sni";
	event->operator_id = "aws";
	event->host_operator = "aws";
	event->service = "s3";
	event->service_kind = "object-storage";
	event->region = "eu-west-3";
	event->region_country = "FR";
	event->exposure = "us-direct";
	event->payload_out = 67108864;
	event->payload_in = 1048576;
	event->evidence = (struct event_words)WORDS("prefix", "dns", "sni");
}

static void
fill_alert(struct event *event)
{
	*event = (struct event){.class = EVENT_CLASS_ALERT,
				.sequence = 42,
				.recorded_ns = RECORDED_NS,
				.id = SAMPLE_ALERT_ID};
	set_times(event, 1500000001);
	set_severity(event, SEVERITY_HIGH, SEVERITY_HIGH);
	event->rule_id = "ECO-USA";
	event->rule_name = "economic-secret data towards us-direct";
	event->message = "Company files sent 64.0 MiB in 1 flow to "
			 "archives.s3.eu-west-3.amazonaws.com, object-storage of Amazon Web "
			 "Services, region eu-west-3. Evidence: prefix, dns, sni agree (high).";
	fill_wire(event);
	fill_far_end(event);
	event->capture = "office.pcap";
	event->flow_id = SAMPLE_FLOW_ID;
	event->day = "2026-12-01";
	event->flows = 1;
	event->host = "h-7f3a00c0ffee";
	event->zone = "licences";
	event->zone_owner = "DGPhares";
	event->data_class = "economic-secret";
	event->confidence = "high";
	event->shape = "export";
}

/* Behind two VLANs and in a VXLAN, over QUIC. */
/* What the first packets told beside the name. */
static void
fill_detail(struct event *event)
{
	event->tls_ja4 = "q13d0310h3_55b375c5d22e_cd85d2d88918";
	event->tls_next_protocol = "h3";
	event->tls_resumed = true;
	event->inner_source =
		(struct event_end){.ip = "2001:db8::9", .port = 40000, .has_port = true};
	event->inner_destination = (struct event_end){.port = 8443, .has_port = true};
	event->outer_source.ip = "2001:db8::a";
	event->outer_destination.ip = "2a00:1450:4007:80e::9";
	event->tunnel = "6in6";
	event->other_names = 2;
	event->protocol_category = "cloud";
	event->risks = (struct event_words)WORDS("tls-certificate-expired");
}

static void
fill_ipv6(struct event *event)
{
	fill_alert(event);
	event->type = "ipv6";
	event->transport = "udp";
	event->protocol = "quic";
	event->community_id = "1:0bf7hyMJUwt3fMED7z8LIfRpBeo=";
	event->inner_vlan_id = "12";
	event->has_vni = true;
	event->vni = 5030;
	event->source.ip = "2001:db8:10::5";
	event->destination.ip = "2a05:d000::1";
	fill_detail(event);
	event->name_source = "quic-sni";
}

static void
fill_hidden(struct event *event)
{
	fill_alert(event);
	event->source.ip = NULL;
	event->community_id = NULL;
	event->capture = NULL;
}

/* Two names, one of them an address; lowered by an exception that covers a part. */
static void
fill_exception(struct event *event)
{
	fill_alert(event);
	set_severity(event, SEVERITY_INFORMATIONAL, SEVERITY_MEDIUM);
	event->rule_id = "INT-USA";
	event->rule_name = "internal data towards us-direct";
	event->zone = "bureautique";
	event->data_class = "internal";
	event->shape = "bulk";
	event->flows = 3;
	event->exception = "EXC-2026-004";
	event->exceptions_of_part = (struct event_words)WORDS("EXC-2026-004");
	event->exceptions_ended = (struct event_words)WORDS("EXC-2025-011");
	event->steps[0] = (struct event_step){"shape", "low", "medium"};
	event->steps[1] = (struct event_step){"exception", "medium", "informational"};
	event->step_count = 2;
	event->names = (struct event_words)WORDS(
		"bulk.s3.amazonaws.com", "archives.s3.eu-west-3.amazonaws.com", "52.95.154.9");
	event->more_names = true;
	event->evidence_name = "bulk.s3.amazonaws.com";
	event->tenancy = "aws-open-data";
	event->way_evidence = (struct event_words)WORDS("prefix");
	event->disagree = (struct event_words)WORDS("asn");
	event->flags = (struct event_words)WORDS("night", "recurring");
}

/* Somebody outside took it from a server inside. */
static void
fill_served(struct event *event)
{
	fill_alert(event);
	set_severity(event, SEVERITY_MEDIUM, SEVERITY_MEDIUM);
	event->rule_id = "ECO-UNK";
	event->rule_name = "economic-secret data towards unknown";
	event->message = "Company files served 80.0 MiB in 1 flow to 198.51.100.7.";
	event->protocol = "http";
	event->community_id = NULL;
	event->vlan_id = NULL;
	event->source.ip = "198.51.100.7";
	event->source.as_number = 64496;
	event->source.as_organization = "Example Access";
	event->source.country = "DE";
	event->destination = (struct event_end){.port = 80,
						.has_port = true,
						.has_counts = true,
						.bytes = 87002024,
						.packets = 59922};
	event->domain = "www.phares.example";
	event->tls_version = NULL;
	event->tls_server_name = NULL;
	event->direction = "ingress";
	event->name = "www.phares.example";
	event->name_source = "http-host";
	event->operator_id = NULL;
	event->host_operator = NULL;
	event->service = NULL;
	event->service_kind = NULL;
	event->region = NULL;
	event->region_country = NULL;
	event->exposure = "unknown";
	event->confidence = "low";
	event->evidence.count = 0;
	event->flags = (struct event_words)WORDS("served", "review");
}

static void
fill_finding(struct event *event)
{
	*event = (struct event){.class = EVENT_CLASS_FINDING,
				.sequence = 43,
				.recorded_ns = RECORDED_NS,
				.id = "ffeeddccbbaa99887766554433221100"};
	set_times(event, 0);
	set_severity(event, SEVERITY_MEDIUM, SEVERITY_MEDIUM);
	event->rule_id = "GOV-EXC-EXPIRED";
	event->rule_name = "Exception ended while its traffic goes on";
	event->message = "Exception EXC-2025-011 ended on 2026-11-30; traffic that it would cover "
			 "goes on and is judged without it.";
	event->day = "2026-12-01";
	event->zone = "licences";
	event->zone_owner = "DGPhares";
	event->subject = "EXC-2025-011";
}

static void
fill_sensor(struct event *event)
{
	*event = (struct event){.class = EVENT_CLASS_SENSOR,
				.sequence = 44,
				.recorded_ns = RECORDED_NS,
				.id = "0a0b0c0d0e0f00112233445566778899"};
	set_times(event, 600 * SECOND_NS);
	set_severity(event, SEVERITY_MEDIUM, SEVERITY_MEDIUM);
	event->rule_id = "SYS-SINK-FAILING";
	event->rule_name = "A receiver is not reached";
	event->message = "Receiver soc (siem.example:6514) has not been reached for 10 minutes; "
			 "1,204 messages wait in the journal.";
	event->day = "2026-12-01";
	event->subject = "soc";
}

static void
fill_start(struct event *event)
{
	fill_sensor(event);
	set_times(event, 0);
	set_severity(event, SEVERITY_INFORMATIONAL, SEVERITY_INFORMATIONAL);
	event->rule_id = "SYS-START";
	event->rule_name = "The sensor started";
	event->message = "vigie 0.1.0 started.";
	event->subject = NULL;
}

static void
fill_test(struct event *event)
{
	fill_sensor(event);
	set_times(event, 0);
	event->test = true;
	set_severity(event, SEVERITY_INFORMATIONAL, SEVERITY_INFORMATIONAL);
	event->rule_id = "SYS-TEST";
	event->rule_name = "Test of a receiver";
	event->message = "This is a test of receiver soc: nothing happened.";
}

/* Of the alert, what a single flow can have. */
static void
fill_judged_flow(struct event *event)
{
	fill_exception(event);
	fill_detail(event);
	event->class = EVENT_CLASS_FLOW;
	event->sequence = event->recorded_ns = 0;
	event->id = SAMPLE_FLOW_ID;
	event->rule_name = NULL;
	event->day = NULL;
	event->flows = 0;
	event->zone_owner = NULL;
	event->exceptions_of_part.count = 0;
	event->exceptions_ended.count = 0;
	event->step_count = 0;
	event->names.count = 0;
	event->more_names = false;
	event->evidence_name = NULL;
	event->inner_vlan_id = "12";
	event->has_vni = true;
	event->vni = 5030;
	event->final = true;
	event->flow_seq = 0;
}

/* Neither end is known to be inside, and both are hidden; the third of its records. */
static void
fill_unjudged_flow(struct event *event)
{
	*event = (struct event){.class = EVENT_CLASS_FLOW, .id = "fedcba9876543210"};
	set_times(event, 3 * SECOND_NS);
	event->flow_id = "fedcba9876543210";
	event->flow_seq = 2;
	event->transport = "icmp";
	event->type = "ipv4";
	event->has_counts = true;
	event->bytes = 528;
	event->packets = 8;
	event->source = (struct event_end){.has_counts = true, .bytes = 264, .packets = 4};
	event->destination = (struct event_end){.has_counts = true, .bytes = 264, .packets = 4};
	event->direction = "transit";
	event->payload_out = 56;
	event->payload_in = 56;
	event->flags = (struct event_words)WORDS("midstream");
}

/* Quotes, controls, bytes that are no UTF-8, marks that turn the direction, and the longest name.
 */
static void
fill_hostile(struct event *event)
{
#define LABEL_63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	fill_alert(event);
	event->message = "\"}],\\\\\r\n\t\x01\x1f\x7f '<script>' \xff\xfe\xc0\xaf \xed\xa0\x80 "
			 "\xe2\x80\xae"
			 "txt.exe\xe2\x80\xac \xf0\x9f\x92\xa3 \xe2\x80\xa8 CEF:0|a=b";
	event->rule_name = "\"\\/\b\f";
	event->domain = LABEL_63 "." LABEL_63 "." LABEL_63 ".example." LABEL_63;
	event->tls_server_name = "a\"b\\c\x01\xff.example";
	event->name = "a\"b\\c\x01\xff.example";
	event->destination.as_organization = "\"Org\" \xe9\x80\r\n<script>";
	event->capture = "caf\xc3\xa9/\xe9\n\t\"x\".pcap";
	event->source.ip = "10.0.0.5\",\"x\":\"";
	event->zone = "z\\\"\n";
	event->subject = "\xe2\x80\xae";
	event->names = (struct event_words)WORDS("\xff", "\"", "", "2001:db8::1");
	event->flags = (struct event_words)WORDS("\x02");
}

static const struct sample_event samples[] = {
	{"alert-ipv4", fill_alert},
	{"alert-ipv6", fill_ipv6},
	{"alert-hidden", fill_hidden},
	{"alert-exception", fill_exception},
	{"alert-served", fill_served},
	{"finding", fill_finding},
	{"sensor", fill_sensor},
	{"sensor-start", fill_start},
	{"test", fill_test},
	{"flow-judged", fill_judged_flow},
	{"flow-unjudged", fill_unjudged_flow},
	{"hostile", fill_hostile},
};

const struct sample_event *
sample_event_at(unsigned number)
{
	return number < sizeof(samples) / sizeof(*samples) ? &samples[number] : NULL;
}

void
sample_event_fill(const char *name, struct event *event)
{
	for (unsigned i = 0; sample_event_at(i) != NULL; i++)
		if (strcmp(samples[i].name, name) == 0) {
			samples[i].fill(event);
			return;
		}
	abort();
}

static void
fill_words(struct event_words *words, const char *text)
{
	words->count = EVENT_WORDS_MAX;
	for (size_t i = 0; i < EVENT_WORDS_MAX; i++)
		words->words[i] = text;
}

static struct event_end
longest_end(const char *text, const char *word)
{
	return (struct event_end){
		.ip = "2001:db8:1111:2222:3333:4444:5555:6666",
		.port = 65535,
		.has_port = true,
		.has_counts = true,
		.bytes = UINT64_MAX,
		.packets = UINT64_MAX,
		.as_number = UINT32_MAX,
		.as_organization = text,
		.country = word,
	};
}

static void
fill_lists(struct event *event, const char *text, const char *word)
{
	fill_words(&event->evidence, text);
	fill_words(&event->way_evidence, text);
	fill_words(&event->disagree, text);
	fill_words(&event->flags, text);
	fill_words(&event->risks, text);
	fill_words(&event->names, text);
	fill_words(&event->exceptions_of_part, text);
	fill_words(&event->exceptions_ended, text);
	for (size_t i = 0; i < EVENT_STEPS_MAX; i++)
		event->steps[i] = (struct event_step){word, word, word};
}

void
sample_event_longest(enum event_class class, char c, size_t len, struct event *event)
{
	static char text[4096 + 1], word[WORD_MAX + 1];
	size_t word_len = len < WORD_MAX ? len : WORD_MAX;

	memset(text, c, len);
	text[len] = '\0';
	memset(word, c, word_len);
	word[word_len] = '\0';
	*event = (struct event){
		.class = class,
		.test = true,
		.sequence = UINT64_MAX,
		.recorded_ns = UINT64_MAX,
		.id = SAMPLE_ALERT_ID,
		.timestamp_ns = START_NS,
		.start_ns = START_NS,
		.end_ns = UINT64_MAX,
		.duration_ns = UINT64_MAX,
		.has_severity = true,
		.severity = SEVERITY_INFORMATIONAL,
		.severity_before_exception = SEVERITY_CRITICAL,
		.rule_id = text,
		.rule_name = text,
		.message = text,
		.transport = word,
		.type = word,
		.protocol = word,
		.community_id = word,
		.vlan_id = word,
		.inner_vlan_id = word,
		.has_counts = true,
		.bytes = UINT64_MAX,
		.packets = UINT64_MAX,
		.source = longest_end(text, word),
		.destination = longest_end(text, word),
		.domain = text,
		.tls_version = word,
		.tls_server_name = text,
		.tls_ja4 = text,
		.tls_next_protocol = word,
		.tls_resumed = true,
		.inner_source = longest_end(text, word),
		.inner_destination = longest_end(text, word),
		.other_names = UINT64_MAX,
		.protocol_category = text,
		.capture = text,
		.flow_id = SAMPLE_FLOW_ID,
		.day = word,
		.host = text,
		.exception = text,
		.zone = text,
		.zone_owner = text,
		.data_class = word,
		.direction = "egress",
		.name = text,
		.name_source = word,
		.evidence_name = text,
		.operator_id = text,
		.host_operator = text,
		.service = text,
		.service_kind = word,
		.region = text,
		.region_country = word,
		.tenancy = text,
		.exposure = word,
		.confidence = word,
		.shape = word,
		.subject = text,
		.flows = UINT64_MAX,
		.vni = UINT32_MAX,
		.has_vni = true,
		.flow_seq = UINT64_MAX,
		.final = true,
		.payload_out = UINT64_MAX,
		.payload_in = UINT64_MAX,
		.more_names = true,
		.step_count = EVENT_STEPS_MAX,
	};
	event->outer_source.ip = event->outer_destination.ip = event->tunnel = word;
	fill_lists(event, text, word);
}
