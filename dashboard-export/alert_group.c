/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert_group.h"

#include "dashboard-export/alert_room.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
alert_init(struct alert *alert, const char *id, int32_t day, enum severity minimum)
{
	assert(id == NULL || strlen(id) == ALERT_ID_LEN);
	*alert = (struct alert){.day = day, .minimum = minimum};
	if (id != NULL)
		memcpy(alert->id, id, ALERT_ID_LEN + 1);
}

void
alert_use_room(struct alert *alert, struct alert_room *room)
{
	alert->room = room;
}

void
alert_fini(struct alert *alert)
{
	for (size_t i = 0; i < alert->name_count; i++)
		alert_room_release(alert->room, alert->names[i].name);
	alert_room_release(alert->room, alert->names);
	free(alert->covers);
	if (alert->highest != NULL)
		free(alert->highest->name);
	free(alert->highest);
	alert_room_release(alert->room, alert->first);
	alert_room_release(alert->room, alert->host);
	alert_room_release(alert->room, alert->capture);
	free(alert->subject);
	free(alert->finding_message);
}

/* Replaces an owned text that has no place in a room. */
static int
set_text(const struct alert *alert, char **to, const char *text)
{
	return alert_room_set_text(alert->room, to, text, (struct alert_place){0});
}

/* Whether the flow began before another; ids decide between flows that began together, whatever
 * order they are told in. */
static bool
begins_before(const struct flow_record *r, uint64_t start_ns, uint64_t flow_id)
{
	return r->start_ns != start_ns ? r->start_ns < start_ns : r->flow_id < flow_id;
}

static int
take_first(struct alert *alert, const struct judged_flow *flow)
{
	const struct flow_record *record = flow->record;
	size_t len = flow_record_len(record);

	if (alert->first != NULL &&
	    !begins_before(record, alert->first->start_ns, alert->first->flow_id))
		return 0;
	void *first = alert_room_take(ALERT_PLACE(alert->room, first), len);
	if (first == NULL)
		return -ENOMEM;
	alert_room_release(alert->room, alert->first);
	alert->first = memcpy(first, record, len);
	alert->first_is_outer = flow->name_is_outer;
	alert->first_inner = flow->inner;
	alert->first_by_tunnel = flow->by_tunnel;
	alert->direction = flow->direction;
	return alert_room_set_text(alert->room, &alert->capture, flow->capture,
				   ALERT_PLACE(alert->room, capture));
}

/* What a flow adds later is told with the same id and replaces what it said before. */
static bool
is_highest(const struct alert_judgement *highest, const struct judged_flow *flow)
{
	const struct verdict *now = flow->verdict, *best = &highest->verdict;

	if (now->severity != best->severity)
		return now->severity > best->severity;
	if (now->severity_before_exception != best->severity_before_exception)
		return now->severity_before_exception > best->severity_before_exception;
	return !begins_before(flow->record, highest->start_ns, highest->flow_id);
}

static const struct ip_address *
far_end_of(const struct judged_flow *flow)
{
	return flow->direction == FLOW_DIRECTION_INGRESS ? &flow->record->source
							 : &flow->record->destination;
}

static bool
is_incoming(const struct judged_flow *flow)
{
	return flow->direction == FLOW_DIRECTION_INGRESS;
}

/* What a flow counts by among the names. */
struct flow_name {
	const char *text;
	enum name_source source;
	char address[IP_ADDRESS_TEXT_MAX];
};

/* On the way in, the name is our own server's; who came is an address. So is who hides behind a
 * public name, and the end of a tunnel. */
static void
find_name(const struct judged_flow *flow, struct flow_name *out)
{
	out->text = flow->name;
	out->source = flow->name_source;
	if (flow->name == NULL || flow->name[0] == '\0' || is_incoming(flow) ||
	    flow->name_is_outer || flow->by_tunnel || domain_name_is_address(flow->name)) {
		(void)ip_address_format(judged_flow_far_end(flow), out->address);
		out->text = out->address;
		out->source = NAME_SOURCE_NONE;
	}
}

static const struct attribution *
attribution_of(const struct judged_flow *flow)
{
	static const struct attribution nothing = {.exposure = EXPOSURE_UNKNOWN};

	return flow->attribution != NULL ? flow->attribution : &nothing;
}

/* Of a flow below the minimum nothing is needed: the first that reaches it is above. */
static int
take_highest(struct alert *alert, const struct judged_flow *flow, const struct flow_name *name)
{
	const struct flow_record *r = flow->record;
	struct alert_judgement *highest = alert->highest;

	if (flow->verdict->severity_before_exception < alert->minimum ||
	    (highest != NULL && !is_highest(highest, flow)))
		return 0;
	if (highest == NULL)
		highest = calloc(1, sizeof(*highest));
	if (highest == NULL || set_text(alert, &highest->name, name->text) != 0) {
		if (alert->highest == NULL)
			free(highest);
		return -ENOMEM;
	}
	alert->highest = highest;
	*highest = (struct alert_judgement){
		.start_ns = r->start_ns,
		.flow_id = r->flow_id,
		.far_end = *far_end_of(flow),
		.origin = flow->origin != NULL && !flow->by_tunnel ? *flow->origin
								   : (struct origin){0},
		.attribution = *attribution_of(flow),
		.verdict = *flow->verdict,
		.exception =
			flow->exception != NULL ? *flow->exception : (struct exception_answer){0},
		.shape = flow->shape,
		.day_limit = flow->day_limit,
		.name = highest->name,
		.up = (is_incoming(flow) ? &r->from_destination : &r->from_source)->payload,
	};
	return 0;
}

/* What the first clause would say of this flow and of those before it. */
static void
compare_far_ends(struct alert *alert, const struct judged_flow *flow)
{
	const struct attribution *a = attribution_of(flow);
	struct sentence_form form = sentence_form_of(a);

	if (alert->flows == 0) {
		alert->form = form;
		memcpy(alert->region, a->region, sizeof(alert->region));
		return;
	}
	alert->forms_differ |= !sentence_form_equal(&alert->form, &form);
	alert->regions_differ |= strcmp(alert->region, a->region) != 0;
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
	bool incoming = is_incoming(flow);
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

/* How much of the group which exception covers. Of more of them than are kept nothing is told. */
static int
add_cover(struct alert *alert, const struct judged_flow *flow, uint64_t up)
{
	const struct exception *by = flow->exception != NULL ? flow->exception->covering : NULL;
	size_t i = 0;

	while (i < alert->cover_count && alert->covers[i].exception != by)
		i++;
	if (by == NULL || i == ALERT_COVERS_MAX) {
		alert->uncovered |= by == NULL;
		return 0;
	}
	if (i == alert->cover_count) {
		struct sentence_cover *covers = realloc(alert->covers, (i + 1) * sizeof(*covers));
		if (covers == NULL)
			return -ENOMEM;
		alert->covers = covers;
		alert->covers[alert->cover_count++] = (struct sentence_cover){.exception = by};
	}
	alert->covers[i].up += up;
	return 0;
}

static struct alert_name *
find_kept_name(struct alert *alert, const char *text)
{
	for (size_t i = 0; i < alert->name_count; i++) {
		if (strcmp(alert->names[i].name, text) == 0)
			return &alert->names[i];
	}
	return NULL;
}

static struct alert_name *
append_name(struct alert *alert)
{
	bool first = alert->name_count == 0 && alert->room != NULL;
	bool moves = alert_room_has(alert->room, alert->names);
	size_t size = (alert->name_count + 1) * sizeof(*alert->names);
	struct alert_name *names =
		first ? alert->room->names : realloc(moves ? NULL : alert->names, size);

	if (names == NULL)
		return NULL;
	if (moves)
		memcpy(names, alert->names, alert->name_count * sizeof(*names));
	alert->names = names;
	names[alert->name_count] = (struct alert_name){0};
	return &names[alert->name_count++];
}

/*
 * The least of a full list, which a new name replaces: the new one may have had as much before,
 * when it was not looked at ("space-saving"), so that one that goes on growing stays in the end.
 * The one that surely got most is not given up.
 */
static struct alert_name *
find_least_name(struct alert *alert)
{
	const struct alert_name *largest = alert_largest_name(alert);
	struct alert_name *least = NULL;

	for (size_t i = 0; i < alert->name_count; i++) {
		struct alert_name *name = &alert->names[i];
		if (name != largest &&
		    (least == NULL || name->up + name->missed < least->up + least->missed))
			least = name;
	}
	return least;
}

static struct alert_name *
make_place(struct alert *alert)
{
	if (alert->name_count < ALERT_NAMES_MAX)
		return append_name(alert);
	struct alert_name *least = find_least_name(alert);
	least->missed += least->up;
	least->up = 0;
	return least;
}

/* The room has place for one name. */
static int
set_name(struct alert *alert, struct alert_name *entry, const char *text)
{
	bool mine = alert->name_count == 1 ||
		    (entry->name != NULL && alert_room_has(alert->room, entry->name));

	return mine ? alert_room_set_text(alert->room, &entry->name, text,
					  ALERT_PLACE(alert->room, name))
		    : set_text(alert, &entry->name, text);
}

static int
add_name(struct alert *alert, const struct flow_name *name, uint64_t up)
{
	struct alert_name *entry = find_kept_name(alert, name->text);

	if (entry == NULL) {
		bool full = alert->name_count == ALERT_NAMES_MAX;
		alert->more_names |= full;
		if (full && up == 0)
			return 0;
		entry = make_place(alert);
		if (entry == NULL || set_name(alert, entry, name->text) != 0)
			return -ENOMEM;
		entry->source = name->source;
	}
	entry->up += up;
	return 0;
}

int
alert_add_flow(struct alert *alert, const struct judged_flow *flow, const struct flow_fresh *fresh)
{
	uint64_t up_before = alert->up;
	struct flow_name name;

	find_name(flow, &name);
	if (take_first(alert, flow) != 0 ||
	    alert_room_set_text(alert->room, &alert->host, flow->host,
				ALERT_PLACE(alert->room, host)) != 0 ||
	    take_highest(alert, flow, &name) != 0)
		return -ENOMEM;
	compare_far_ends(alert, flow);
	alert->zone = flow->zone;
	alert->flags |= flow->flags;
	alert->hide_inside |= flow->hide_inside;
	add_sums(alert, flow, fresh);
	uint64_t up = alert->up - up_before;
	return add_cover(alert, flow, up) != 0 ? -ENOMEM : add_name(alert, &name, up);
}

int
alert_set_finding(struct alert *alert, const struct judged_finding *finding)
{
	if (set_text(alert, &alert->subject, finding->subject) != 0 ||
	    set_text(alert, &alert->finding_message, finding->message) != 0)
		return -ENOMEM;
	alert->finding = finding->rule;
	alert->zone = finding->zone;
	alert->start_ns = alert->end_ns = finding->time_ns;
	return 0;
}

void
alert_extend_finding(struct alert *alert, const struct judged_finding *finding)
{
	if (finding->time_ns < alert->start_ns)
		alert->start_ns = finding->time_ns;
	if (finding->time_ns > alert->end_ns)
		alert->end_ns = finding->time_ns;
}

bool
alert_reached_minimum(const struct alert *alert)
{
	return alert->finding != NULL ? alert->finding->severity >= alert->minimum
				      : alert->highest != NULL;
}
