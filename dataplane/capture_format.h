/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a capture format is to the reader: something that recognises its files and walks a view,
 * packet by packet. A walk is one reader's: its view, whether it has ended, and what cut it short.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "dataplane/capture_window.h"
#include "dataplane/packet.h"
#include "dataplane/rx_capture.h"

/** Bytes of a capture that are enough to recognise every format. */
#define CAPTURE_FORMAT_HEAD 4

/**
 * Latest time a packet can have, in the year 2262: whoever adds a timeout to it needs no second
 * check.
 */
#define CAPTURE_TIME_MAX_NS ((uint64_t)INT64_MAX)

struct capture_walk {
	struct capture_view view;
	struct capture_damage damage; /**< `what` NULL: none */
	bool ended;
};

/** A format. `state` is `state_size` zero bytes to begin with, one for each reader. */
struct capture_format {
	bool (*recognises)(struct slice head);
	size_t state_size;
	/**
	 * Fills up to `max` packets and gives the number; waits only as long as it has none, as
	 * their bytes are valid only until the view waits. 0: the walk has ended.
	 */
	size_t (*burst)(void *state, struct capture_walk *walk, struct packet *packets, size_t max);
	/** Name of an interface or NULL; the function may be NULL where the format has no names. */
	const char *(*port_name)(const void *state, uint16_t port);
	/** Frees what the state owns; may be NULL. */
	void (*fini)(void *state);
};

extern const struct capture_format capture_pcap;
extern const struct capture_format capture_pcapng;

/**
 * Makes `need` bytes from the place on readable. false: not now, so deliver the `held` packets
 * first; or, when none are held, never: then the walk has ended, in damage with text `cut` where it
 * ends within something, or with the text of the source where that is at fault.
 */
bool capture_walk_reach(struct capture_walk *walk, size_t need, size_t held, const char *cut);

/** Ends the walk in damage at the place, with static text `what`. */
void capture_walk_stop(struct capture_walk *walk, const char *what);
