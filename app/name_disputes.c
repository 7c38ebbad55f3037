/* SPDX-License-Identifier: Apache-2.0 */
#include "app/name_disputes.h"

#include <stdlib.h>
#include <string.h>

#include "base/printable_text.h"

#define MINUTE_NS UINT64_C(60000000000)

/* Whether `word` is one of the list's, between commas. */
static bool
lists(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (list != NULL) {
		if (strncmp(list, word, len) == 0 && (list[len] == ',' || list[len] == '\0'))
			return true;
		list = strchr(list, ',');
		list = list != NULL ? list + 1 : NULL;
	}
	return false;
}

struct name_disputes
name_disputes_begin(bool hide_inside)
{
	return (struct name_disputes){
		.to = lists(getenv("VIGIE_DEBUG"), "names") ? stderr : NULL,
		.hide_inside = hide_inside,
	};
}

static const char *
end_text(const struct ip_address *end, bool hidden, char text[IP_ADDRESS_TEXT_MAX])
{
	if (hidden)
		return "a hidden address";
	(void)ip_address_format(end, text);
	return text;
}

/* "'one.example.org'". A name may be the address of an inside host, also in a form that nobody
 * takes for one. */
static struct printable_text
name_text(const struct name_disputes *disputes, const char *name)
{
	char canonical[DOMAIN_NAME_MAX], quoted[DOMAIN_NAME_MAX + 2];

	if (name[0] == '\0')
		return printable_text("none");
	if (disputes->hide_inside &&
	    (domain_name_from_host(slice_of(name, strlen(name)), canonical) == 0 ||
	     domain_name_is_address(canonical)))
		return printable_text("a hidden one");
	snprintf(quoted, sizeof(quoted), "'%s'", name);
	return printable_text(quoted);
}

/* Moves on to the message's minute, and tells what the last one kept back. */
static void
begin_minute(struct name_disputes *disputes, uint64_t minute)
{
	if (minute == disputes->minute)
		return;
	if (disputes->held_back != 0)
		fprintf(disputes->to, "vigie: debug: names differ in %u more flows\n",
			disputes->held_back);
	disputes->minute = minute;
	disputes->told = disputes->held_back = 0;
}

void
name_disputes_tell(struct name_disputes *disputes, const struct name_dispute_message *message,
		   const struct inner_ends *hidden, uint64_t time_ns)
{
	char source[IP_ADDRESS_TEXT_MAX], destination[IP_ADDRESS_TEXT_MAX];

	if (disputes->to == NULL)
		return;
	begin_minute(disputes, time_ns / MINUTE_NS);
	if (disputes->told == NAME_DISPUTES_A_MINUTE) {
		disputes->held_back++;
		return;
	}
	disputes->told++;
	fprintf(disputes->to,
		"vigie: debug: names differ: %s port %u to %s port %u: nDPI read %s (%s), vigie "
		"%s\n",
		end_text(&message->source, hidden->source_inside, source), message->source_port,
		end_text(&message->destination, hidden->destination_inside, destination),
		message->destination_port, name_text(disputes, message->theirs).text,
		message->protocol, name_text(disputes, message->ours).text);
}
