/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/format.h"

#include <assert.h>
#include <string.h>

#include "dashboard-export/formats/syslog_envelope.h"

static const struct format *const formats[] = {
	&format_cef,    &format_leef, &format_ecs,  &format_ocsf,
	&format_syslog, &format_eve,  &format_text,
};

#define FORMATS (sizeof(formats) / sizeof(*formats))

const struct format *
format_at(unsigned number)
{
	return number < FORMATS ? formats[number] : NULL;
}

const struct format *
format_find(const char *name)
{
	for (unsigned i = 0; i < FORMATS; i++) {
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	}
	return NULL;
}

size_t
format_message(const struct format *format, bool envelope, const struct event *event,
	       const struct format_context *context, char *out, size_t limit)
{
	struct format_context told = *context;
	/* A format that tells its fields in structured data is nothing without it. */
	bool framed = envelope || format->write_structured_data != NULL;
	size_t len = 0;

	assert(limit >= FORMAT_LIMIT_MIN && limit <= FORMAT_MESSAGE_MAX);
	for (unsigned brief = 0; len == 0 && brief <= 1; brief++) {
		told.brief = brief != 0;
		len = framed ? syslog_envelope_write(format, event, &told, out, limit)
			     : format->write(event, &told, out, limit);
	}
	return len;
}
