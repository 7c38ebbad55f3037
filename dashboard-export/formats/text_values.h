/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the text formats say of an event that it does not hold as it stands. Each has the form of a
 * field's `make`: returns a text, which may stand in `scratch`, or NULL where there is nothing to
 * say.
 */
#pragma once

#include "dashboard-export/formats/text_fields.h"

#define TEXT_VALUE(name)                                                    \
	const char *text_value_##name(const struct event *event,            \
				      const struct format_context *context, \
				      char scratch[TEXT_FIELD_SCRATCH])

/** "alert", "finding", "sensor", "flow". */
TEXT_VALUE(class);

/** The word; NULL of a flow that was not judged. */
TEXT_VALUE(severity);

/** Where an exception changed it. */
TEXT_VALUE(severity_before);

/** 0 to 99. */
TEXT_VALUE(risk_score);

/** RFC 3339 with nine digits; the last is when it was written to the journal. */
TEXT_VALUE(start);
TEXT_VALUE(end);
TEXT_VALUE(recorded);

/** Milliseconds since 1970; the last is when it was told: event_told_ns. */
TEXT_VALUE(start_ms);
TEXT_VALUE(end_ms);
TEXT_VALUE(told_ms);

/** event_technique, and what it is an id of. */
TEXT_VALUE(technique);
TEXT_VALUE(framework);

/** Of the far end. */
TEXT_VALUE(as_number);
TEXT_VALUE(as_organization);
TEXT_VALUE(country);

/** Transport payload that left the inside, and that came in, of what has a wire. */
TEXT_VALUE(payload_out);
TEXT_VALUE(payload_in);

/** Of the context. */
TEXT_VALUE(sensor);
TEXT_VALUE(policy);
TEXT_VALUE(policy_version);
TEXT_VALUE(brief);

/** The rule's id; "FLOW" of a flow that was not judged. */
const char *text_value_rule(const struct event *event);

/**
 * Writes the sentence, of at most `max_len` bytes; of a flow without one what is known of it.
 */
void text_value_write_sentence(struct text_writer *w, const struct event *event, size_t max_len,
			       const struct text_escape *escape);
