/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which zone rule the ports of a replay mean (domain §5.6): a port's name is that of its interface
 * in a pcapng file, else the file's. The workers learn names while they read and note what they
 * mean; the analysis asks. A note is published together with the messages of the packets behind it.
 */
#pragma once

#include "app/replay_source.h"
#include "classifier/policy/zones.h"

struct replay_ports;

/**
 * For `count` captures read as one. NULL with errno, also ENOENT where no zone goes by its port:
 * nothing has to be noted then. Free with replay_ports_destroy (NULL allowed).
 */
struct replay_ports *
replay_ports_create(const struct zone_table *zones, const char *const *paths, size_t count);
void replay_ports_destroy(struct replay_ports *ports);

/** Any worker: notes the ports of the packets it has just been given by `source`. */
void replay_ports_note(struct replay_ports *ports, const struct replay_source *source,
		       const struct packet *packets, size_t count);

/** The analysis: zone_table_port's number of a record's capture port; as judge_port_function. */
uint16_t replay_ports_number(const void *ports, uint16_t capture_port);
