/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay_ports.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PORTS 65536

struct replay_ports {
	const struct zone_table *zones;
	uint16_t of_file;                 /* what the name of a single file means */
	bool merged;                      /* ports are files */
	_Atomic(uint32_t) numbers[PORTS]; /* 0: not seen yet, else the number and 1 */
};

/* A zone may name a file as it was given, or without its folders. */
static uint16_t
number_of_file(const struct zone_table *zones, const char *path)
{
	const char *slash = strrchr(path, '/');
	uint16_t number = zone_table_port(zones, path);

	return number != ZONE_NO_PORT || slash == NULL ? number : zone_table_port(zones, slash + 1);
}

struct replay_ports *
replay_ports_create(const struct zone_table *zones, const char *const *paths, size_t count)
{
	if (!zone_table_uses_ports(zones)) {
		errno = ENOENT;
		return NULL;
	}
	struct replay_ports *p = calloc(1, sizeof(*p));
	if (p == NULL)
		return NULL;
	p->zones = zones;
	p->merged = count > 1;
	p->of_file = number_of_file(zones, paths[0]);
	for (size_t i = 0; p->merged && i < count && i < PORTS; i++)
		atomic_init(&p->numbers[i], number_of_file(zones, paths[i]) + 1u);
	return p;
}

void
replay_ports_destroy(struct replay_ports *ports)
{
	free(ports);
}

static uint16_t
number_of_interface(const struct replay_ports *ports, const struct replay_source *source,
		    uint16_t port)
{
	const char *name = replay_source_port_name(source, port);
	uint16_t number = name != NULL ? zone_table_port(ports->zones, name) : ZONE_NO_PORT;

	return number != ZONE_NO_PORT ? number : ports->of_file;
}

void
replay_ports_note(struct replay_ports *ports, const struct replay_source *source,
		  const struct packet *packets, size_t count)
{
	for (size_t i = 0; !ports->merged && i < count; i++) {
		_Atomic(uint32_t) *number = &ports->numbers[packets[i].port];
		if (atomic_load_explicit(number, memory_order_relaxed) == 0)
			atomic_store_explicit(
				number, number_of_interface(ports, source, packets[i].port) + 1u,
				memory_order_relaxed);
	}
}

uint16_t
replay_ports_number(const void *ports, uint16_t capture_port)
{
	const struct replay_ports *p = ports;
	uint32_t number = atomic_load_explicit(&p->numbers[capture_port], memory_order_relaxed);

	return number != 0 ? (uint16_t)(number - 1) : ZONE_NO_PORT;
}
