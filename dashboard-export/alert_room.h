/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Room for what most alerts come to own, so that few of them need memory of their own: what fits
 * lies in it, the rest is allocated. Who has an alert without a room allocates everything.
 */
#pragma once

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>

#include "dashboard-export/alert.h"

struct alert_room {
	char host[16];
	char capture[48];
	char name[48];
	struct alert_name names[1];
	alignas(struct flow_record) char first[352]; /**< records with names of 46 bytes */
};

/** A member of a room; `at` is NULL where there is no room. */
struct alert_place {
	char *at;
	size_t size;
};

#define ALERT_PLACE(room, member) \
	((struct alert_place){(room) != NULL ? (room)->member : NULL, sizeof((room)->member)})

/** `size` bytes, at the place where they fit; else as malloc. */
void *alert_room_take(struct alert_place place, size_t size);

bool alert_room_has(const struct alert_room *room, const void *at);

/** Frees what is not in the room. NULL is allowed. */
void alert_room_release(const struct alert_room *room, void *owned);

/** Replaces an owned text, at the place where it fits; NULL stays NULL. Returns 0 or -ENOMEM. */
int alert_room_set_text(const struct alert_room *room, char **to, const char *text,
			struct alert_place place);
