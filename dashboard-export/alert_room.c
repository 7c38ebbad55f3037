/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert_room.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void *
alert_room_take(struct alert_place place, size_t size)
{
	return place.at != NULL && size <= place.size ? place.at : malloc(size);
}

bool
alert_room_has(const struct alert_room *room, const void *at)
{
	const char *begin = (const char *)room, *byte = at;

	return room != NULL && byte >= begin && byte < begin + sizeof(*room);
}

void
alert_room_release(const struct alert_room *room, void *owned)
{
	if (!alert_room_has(room, owned))
		free(owned);
}

int
alert_room_set_text(const struct alert_room *room, char **to, const char *text,
		    struct alert_place place)
{
	char *copy = NULL;

	if (*to != NULL && text != NULL && strcmp(*to, text) == 0)
		return 0;
	if (text != NULL) {
		size_t size = strlen(text) + 1;
		copy = alert_room_take(place, size);
		if (copy == NULL)
			return -ENOMEM;
		memcpy(copy, text, size);
	}
	alert_room_release(room, *to);
	*to = copy;
	return 0;
}
