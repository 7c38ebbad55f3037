/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interfaces that a pcapng file describes: link type, clock and name of each. Packets name them
 * by a number that begins at 0 again in each section of the file; outside, an interface is a port,
 * counted through all sections. One table belongs to one reader.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/** Most ports of a file: a port is a 16-bit number. */
#define CAPTURE_PORTS_MAX 65536u

/** Longest name kept, as Linux allows 15 and Windows' GUID names have 50. */
#define CAPTURE_PORT_NAME_MAX 255

/* The clock of an interface: ns = ticks * multiplier / divisor >> shift, plus the offset. */
struct capture_clock {
	uint64_t multiplier;
	uint64_t divisor;
	uint8_t shift;
	int64_t offset_s;
};

struct capture_interface {
	struct capture_clock clock;
	char *name;       /* NULL: none given */
	uint32_t snaplen; /* 0: no limit */
	uint8_t link;
};

struct capture_interfaces {
	struct capture_interface *ports;
	uint32_t count;
	uint32_t capacity;
	uint32_t section_base; /* port of the section's interface 0 */
};

/** A table of zero bytes is an empty one. */
void capture_interfaces_fini(struct capture_interfaces *table);

/** A new section begins: numbers begin at 0 again. */
void capture_interfaces_section(struct capture_interfaces *table);

/**
 * Adds the interface of an Interface Description Block, `body` being what stands between its two
 * lengths. NULL, or static text of what is wrong.
 */
const char *
capture_interfaces_add(struct capture_interfaces *table, struct slice body, bool swapped);

/** Interface `number` of this section; NULL when there is none. Valid until the next one is added.
 */
static inline const struct capture_interface *
capture_interfaces_find(const struct capture_interfaces *table, uint32_t number)
{
	return number < table->count - table->section_base
		       ? &table->ports[table->section_base + number]
		       : NULL;
}

/**
 * Time of `ticks` on this clock in nanoseconds since 1970, from 0 to CAPTURE_TIME_MAX_NS whatever
 * the input.
 */
uint64_t capture_clock_ns(const struct capture_clock *clock, uint64_t ticks);
