/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert_group.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
alert_init(struct alert *alert, const char *id, int32_t day)
{
	assert(strlen(id) == ALERT_ID_LEN);
	*alert = (struct alert){.day = day};
	memcpy(alert->id, id, ALERT_ID_LEN + 1);
}

void
alert_fini(struct alert *alert)
{
	for (size_t i = 0; i < alert->name_count; i++)
		free(alert->names[i].name);
	free(alert->names);
	free(alert->host);
	free(alert->capture);
	free(alert->subject);
	free(alert->finding_message);
}

/* Replaces an owned text; NULL stays NULL. */
static int
set_text(char **to, const char *text)
{
	char *copy = NULL;

	if (*to != NULL && text != NULL && strcmp(*to, text) == 0)
		return 0;
	if (text != NULL) {
		copy = strdup(text);
		if (copy == NULL)
			return -ENOMEM;
	}
	free(*to);
	*to = copy;
	return 0;
}

/* By start; ids decide between flows that began together, whatever order they are told in. */
static int
compare_starts(const struct flow_record *a, const struct flow_record *b)
{
	if (a->start_ns != b->start_ns)
		return a->start_ns < b->start_ns ? -1 : 1;
	return (a->flow_id > b->flow_id) - (a->flow_id < b->flow_id);
}

static int
take_first(struct alert *alert, const struct judged_flow *flow)
{
	if (alert->flows != 0 && compare_starts(flow->record, &alert->first) >= 0)
		return 0;
	alert->first = *flow->record;
	alert->direction = flow->direction;
	return set_text(&alert->capture, flow->capture);
}

/* What a flow adds later is told with the same id and replaces what it said before. */
static bool
is_highest(const struct alert *alert, const struct judged_flow *flow)
{
	const struct verdict *now = flow->verdict, *best = &alert->verdict;

	if (alert->flows == 0)
		return true;
	if (now->severity_before_exception != best->severity_before_exception)
		return now->severity_before_exception > best->severity_before_exception;
	if (now->severity != best->severity)
		return now->severity > best->severity;
	return compare_starts(flow->record, &alert->highest) >= 0;
}

static const struct ip_address *
far_end_of(const struct judged_flow *flow)
{
	return flow->direction == FLOW_DIRECTION_INGRESS ? &flow->record->source
							 : &flow->record->destination;
}

static void
take_highest(struct alert *alert, const struct judged_flow *flow)
{
	if (!is_highest(alert, flow))
		return;
	alert->highest = *flow->record;
	alert->far_end = *far_end_of(flow);
	alert->origin = flow->origin != NULL ? *flow->origin : (struct origin){0};
	alert->attribution = flow->attribution != NULL
				     ? *flow->attribution
				     : (struct attribution){.exposure = EXPOSURE_UNKNOWN};
	alert->verdict = *flow->verdict;
	alert->exception =
		flow->exception != NULL ? *flow->exception : (struct exception_answer){0};
	alert->shape = flow->shape;
	alert->day_limit = flow->day_limit;
}

static void
add_side(struct flow_side *to, const struct flow_side *more)
{
	to->packets += more->packets;
	to->bytes += more->bytes;
	to->payload += more->payload;
}

static void
add_sums(struct alert *alert, const struct judged_flow *flow, const struct flow_fresh *fresh)
{
	bool incoming = flow->direction == FLOW_DIRECTION_INGRESS;
	const struct flow_side *out = incoming ? &fresh->from_destination : &fresh->from_source;
	const struct flow_side *in = incoming ? &fresh->from_source : &fresh->from_destination;
	const struct flow_record *r = flow->record;

	add_side(&alert->from_inside, out);
	add_side(&alert->from_outside, in);
	alert->up += out->payload;
	alert->down += in->payload;
	if (alert->flows == 0 || r->start_ns < alert->start_ns)
		alert->start_ns = r->start_ns;
	if (alert->flows == 0 || r->end_ns > alert->end_ns)
		alert->end_ns = r->end_ns;
	/* A flow whose first record was forgotten is one all the same. */
	alert->flows += fresh->first || alert->flows == 0;
}

static struct alert_name *
append_name(struct alert *alert, const char *text, enum name_source source)
{
	struct alert_name *names =
		realloc(alert->names, (alert->name_count + 1) * sizeof(*alert->names));

	if (names == NULL)
		return NULL;
	alert->names = names;
	names[alert->name_count] = (struct alert_name){.name = strdup(text), .source = source};
	return names[alert->name_count].name != NULL ? &names[alert->name_count++] : NULL;
}

/* On the way in, the name is our own server's; who came is an address. */
static int
add_name(struct alert *alert, const struct judged_flow *flow, uint64_t up)
{
	char text[IP_ADDRESS_TEXT_MAX];
	const char *name = flow->name;
	enum name_source source = flow->name_source;

	if (name == NULL || name[0] == '\0' || flow->direction == FLOW_DIRECTION_INGRESS ||
	    domain_name_is_address(name)) {
		(void)ip_address_format(far_end_of(flow), text);
		name = text;
		source = NAME_SOURCE_NONE;
	}
	struct alert_name *entry = NULL;
	for (size_t i = 0; i < alert->name_count && entry == NULL; i++) {
		if (strcmp(alert->names[i].name, name) == 0)
			entry = &alert->names[i];
	}
	if (entry == NULL && alert->name_count == ALERT_NAMES_MAX) {
		alert->more_names = true;
		return 0;
	}
	if (entry == NULL)
		entry = append_name(alert, name, source);
	if (entry == NULL)
		return -ENOMEM;
	entry->up += up;
	return 0;
}

int
alert_add_flow(struct alert *alert, const struct judged_flow *flow, const struct flow_fresh *fresh)
{
	uint64_t up_before = alert->up;

	if (take_first(alert, flow) != 0 || set_text(&alert->host, flow->host) != 0)
		return -ENOMEM;
	take_highest(alert, flow);
	alert->zone = flow->zone;
	alert->flags |= flow->flags;
	alert->hide_inside = flow->hide_inside;
	add_sums(alert, flow, fresh);
	return add_name(alert, flow, alert->up - up_before);
}

int
alert_set_finding(struct alert *alert, const struct judged_finding *finding)
{
	if (set_text(&alert->subject, finding->subject) != 0 ||
	    set_text(&alert->finding_message, finding->message) != 0)
		return -ENOMEM;
	alert->finding = finding->rule;
	alert->zone = finding->zone;
	alert->start_ns = alert->end_ns = finding->time_ns;
	return 0;
}

enum severity
alert_severity_before_exception(const struct alert *alert)
{
	return alert->finding != NULL ? alert->finding->severity
				      : alert->verdict.severity_before_exception;
}
