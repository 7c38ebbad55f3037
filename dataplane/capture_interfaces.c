/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_interfaces.h"

#include "dataplane/capture_format.h"
#include "dataplane/capture_linktype.h"
#include "dataplane/capture_order.h"

#include <stdlib.h>

#define NS_PER_S 1000000000u

/* draft-ietf-opsawg-pcapng 3.5 and 4.2 */
enum option_code {
	OPTION_END = 0,
	OPTION_IF_NAME = 2,
	OPTION_IF_TSRESOL = 9,
	OPTION_IF_TSOFFSET = 14,
};

static uint64_t
power_of_ten(unsigned exponent)
{
	uint64_t power = 1;

	while (exponent-- > 0)
		power *= 10;
	return power;
}

/*
 * draft-ietf-opsawg-pcapng 4.2, if_tsresol: a power of 10, or with the top bit set of 2. A clock so
 * fine that all of its 64 bits are less than a nanosecond stands still at 0.
 */
static struct capture_clock
clock_of_resolution(uint8_t resolution)
{
	unsigned exponent = resolution & 0x7f;

	if (resolution & 0x80)
		return (struct capture_clock){
			.multiplier = NS_PER_S, .divisor = 1, .shift = (uint8_t)exponent};
	if (exponent <= 9)
		return (struct capture_clock){.multiplier = power_of_ten(9 - exponent),
					      .divisor = 1};
	if (exponent - 9 <= 19)
		return (struct capture_clock){.multiplier = 1,
					      .divisor = power_of_ten(exponent - 9)};
	return (struct capture_clock){.multiplier = 0, .divisor = 1};
}

uint64_t
capture_clock_ns(const struct capture_clock *clock, uint64_t ticks)
{
	/* At most 64 + 30 bits, and an offset of 63 + 30: 128 bits hold every sum. */
	__extension__ __int128 ns = (__int128)ticks * clock->multiplier;

	if (clock->divisor != 1)
		ns = (__int128)((uint64_t)ns / clock->divisor);
	ns >>= clock->shift;
	ns += (__int128)clock->offset_s * NS_PER_S;
	if (ns < 0)
		return 0;
	return ns > (__int128)CAPTURE_TIME_MAX_NS ? CAPTURE_TIME_MAX_NS : (uint64_t)ns;
}

void
capture_interfaces_fini(struct capture_interfaces *table)
{
	for (uint32_t i = 0; i < table->count; i++)
		free(table->ports[i].name);
	free(table->ports);
	*table = (struct capture_interfaces){0};
}

void
capture_interfaces_section(struct capture_interfaces *table)
{
	table->section_base = table->count;
}

static const char *
set_name(struct capture_interface *interface, struct slice value)
{
	size_t len = value.len < CAPTURE_PORT_NAME_MAX ? value.len : CAPTURE_PORT_NAME_MAX;

	if (len == 0 || value.data[0] == '\0' || interface->name != NULL)
		return NULL;
	interface->name = strndup((const char *)value.data, len);
	return interface->name == NULL ? "no memory for the name of an interface" : NULL;
}

static const char *
apply_option(struct capture_interface *interface, uint16_t code, struct slice value, bool swapped)
{
	static const char wrong_length[] = "an interface option has a wrong length";

	switch (code) {
	case OPTION_IF_NAME:
		return set_name(interface, value);
	case OPTION_IF_TSRESOL:
		if (value.len != 1)
			return wrong_length;
		int64_t offset_s = interface->clock.offset_s;
		interface->clock = clock_of_resolution(value.data[0]);
		interface->clock.offset_s = offset_s;
		return NULL;
	case OPTION_IF_TSOFFSET:
		if (value.len != 8)
			return wrong_length;
		interface->clock.offset_s = (int64_t)capture_u64(value, 0, swapped);
		return NULL;
	default:
		return NULL;
	}
}

static const char *
read_options(struct capture_interface *interface, struct cursor *bytes, bool swapped)
{
	while (cursor_left(bytes) > 0) {
		struct slice head = cursor_take(bytes, 4);

		if (head.len == 0)
			break;
		uint16_t code = capture_u16(head, 0, swapped);
		uint16_t len = capture_u16(head, 2, swapped);

		if (code == OPTION_END)
			return NULL;
		struct slice value = cursor_take(bytes, len);
		cursor_skip(bytes, (4u - len % 4u) % 4u);
		if (bytes->failed)
			break;
		const char *wrong = apply_option(interface, code, value, swapped);
		if (wrong != NULL)
			return wrong;
	}
	return bytes->failed ? "an interface option is cut" : NULL;
}

/* Makes room for one more; doubling keeps files of many interfaces linear. */
static bool
grow(struct capture_interfaces *table)
{
	uint32_t capacity = table->capacity == 0 ? 4 : 2 * table->capacity;
	struct capture_interface *ports;

	if (table->count < table->capacity)
		return true;
	ports = reallocarray(table->ports, capacity, sizeof(*ports));
	if (ports == NULL)
		return false;
	table->ports = ports;
	table->capacity = capacity;
	return true;
}

const char *
capture_interfaces_add(struct capture_interfaces *table, struct slice body, bool swapped)
{
	struct cursor bytes = cursor_over(body);
	struct slice fixed = cursor_take(&bytes, 8);
	struct capture_interface interface = {.clock = clock_of_resolution(6)};
	const char *wrong;

	if (fixed.len == 0)
		return "an interface block is cut";
	if (table->count == CAPTURE_PORTS_MAX)
		return "more than 65536 interfaces";
	interface.link = (uint8_t)capture_linktype(capture_u16(fixed, 0, swapped));
	interface.snaplen = capture_u32(fixed, 4, swapped);
	wrong = read_options(&interface, &bytes, swapped);
	if (wrong == NULL && !grow(table))
		wrong = "no memory for an interface";
	if (wrong != NULL) {
		free(interface.name);
		return wrong;
	}
	table->ports[table->count++] = interface;
	return NULL;
}
