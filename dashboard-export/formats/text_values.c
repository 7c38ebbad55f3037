/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/text_values.h"

#include "base/rfc3339.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_MS 1000000u

static_assert(TEXT_FIELD_SCRATCH > RFC3339_LEN, "a time fits");

TEXT_VALUE(class)
{
	(void)context;
	(void)scratch;
	switch (event->class) {
	case EVENT_CLASS_FLOW:
		return "flow";
	case EVENT_CLASS_ALERT:
		return "alert";
	case EVENT_CLASS_FINDING:
		return "finding";
	case EVENT_CLASS_SENSOR:
		return "sensor";
	}
	return NULL;
}

TEXT_VALUE(severity)
{
	(void)context;
	(void)scratch;
	return event->has_severity ? severity_text(event->severity) : NULL;
}

TEXT_VALUE(severity_before)
{
	(void)context;
	(void)scratch;
	return event->has_severity && event->severity != event->severity_before_exception
		       ? severity_text(event->severity_before_exception)
		       : NULL;
}

static const char *
number(char *scratch, uint64_t value)
{
	snprintf(scratch, TEXT_FIELD_SCRATCH, "%" PRIu64, value);
	return scratch;
}

/* 0 is a score, and a payload may be none at all; of AS numbers, versions and times it is none. */
static const char *
number_but_0(char *scratch, uint64_t value)
{
	return value != 0 ? number(scratch, value) : NULL;
}

TEXT_VALUE(risk_score)
{
	(void)context;
	return event->has_severity ? number(scratch, severity_risk_score(event->severity)) : NULL;
}

static const char *
time_text(char *scratch, uint64_t time_ns)
{
	if (time_ns == 0)
		return NULL;
	rfc3339_format(time_ns, scratch);
	return scratch;
}

TEXT_VALUE(start)
{
	(void)context;
	return time_text(scratch, event->start_ns);
}

TEXT_VALUE(end)
{
	(void)context;
	return time_text(scratch, event->end_ns);
}

TEXT_VALUE(recorded)
{
	(void)context;
	return time_text(scratch, event->recorded_ns);
}

TEXT_VALUE(start_ms)
{
	(void)context;
	return number_but_0(scratch, event->start_ns / NS_PER_MS);
}

TEXT_VALUE(end_ms)
{
	(void)context;
	return number_but_0(scratch, event->end_ns / NS_PER_MS);
}

TEXT_VALUE(told_ms)
{
	(void)context;
	return number_but_0(scratch, event_told_ns(event) / NS_PER_MS);
}

TEXT_VALUE(technique)
{
	(void)context;
	(void)scratch;
	return event_technique(event);
}

TEXT_VALUE(framework)
{
	(void)context;
	(void)scratch;
	return event_technique(event) != NULL ? "MITRE ATT&CK" : NULL;
}

static const struct event_end *
far_end(const struct event *event)
{
	const struct event_end *source = &event->source;

	return source->as_number != 0 || source->country != NULL ? source : &event->destination;
}

TEXT_VALUE(as_number)
{
	(void)context;
	return number_but_0(scratch, far_end(event)->as_number);
}

TEXT_VALUE(as_organization)
{
	(void)context;
	(void)scratch;
	return far_end(event)->as_organization;
}

TEXT_VALUE(country)
{
	(void)context;
	(void)scratch;
	return far_end(event)->country;
}

TEXT_VALUE(payload_out)
{
	(void)context;
	return event->has_counts ? number(scratch, event->payload_out) : NULL;
}

TEXT_VALUE(payload_in)
{
	(void)context;
	return event->has_counts ? number(scratch, event->payload_in) : NULL;
}

TEXT_VALUE(sensor)
{
	(void)event;
	(void)scratch;
	return context->sensor;
}

TEXT_VALUE(policy)
{
	(void)event;
	(void)scratch;
	return context->policy;
}

TEXT_VALUE(policy_version)
{
	(void)event;
	return number_but_0(scratch, context->policy_version);
}

TEXT_VALUE(brief)
{
	(void)event;
	(void)scratch;
	return context->brief ? "true" : NULL;
}

const char *
text_value_rule(const struct event *event)
{
	return event->rule_id != NULL ? event->rule_id : "FLOW";
}

static const char *
or_hidden(const char *ip)
{
	return ip != NULL ? ip : "hidden";
}

/* "tcp flow from 10.0.0.5 to 192.0.2.1 (www.example): 100 bytes out, 2000 bytes in" */
static void
describe_flow(const struct event *e, char *out, size_t size)
{
	snprintf(out, size,
		 "%.16s flow from %.48s to %.48s%s%.256s%s: %" PRIu64 " bytes out, %" PRIu64
		 " bytes in",
		 e->transport != NULL ? e->transport : "IP", or_hidden(e->source.ip),
		 or_hidden(e->destination.ip), e->name != NULL ? " (" : "",
		 e->name != NULL ? e->name : "", e->name != NULL ? ")" : "", e->payload_out,
		 e->payload_in);
}

void
text_value_write_sentence(struct text_writer *w, const struct event *event, size_t max_len,
			  const struct text_escape *escape)
{
	char flow[512];
	const char *text = event->message;

	if (text == NULL) {
		describe_flow(event, flow, sizeof(flow));
		text = flow;
	}
	text_writer_text(w, text, strlen(text), max_len, escape);
}
