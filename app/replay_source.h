/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets of one capture file, or of several merged by time, as one worker reads them. Every worker
 * has a source of its own over the same files and sees every packet in the same order.
 */
#pragma once

#include <stddef.h>

#include "dataplane/rx_capture.h"

struct replay_source;

/** Reader `index` of each file. Borrows the files. NULL with errno; free with replay_source_close
 * (NULL allowed). */
struct replay_source *
replay_source_open(struct capture_file *const *files, size_t file_count, unsigned index);
void replay_source_close(struct replay_source *source);

/**
 * At most PACKET_BURST_MAX packets in order of time (of equal times, in order of the files); 0 at
 * the end. With several files `port` of a packet is the number of its file. Valid until the next
 * call.
 */
size_t replay_source_burst(struct replay_source *source, struct packet *packets);

/** Damage of file `file`, known after the end; `what` NULL when there was none. */
struct capture_damage replay_source_damage(const struct replay_source *source, size_t file);

/** Name of interface `port` of a single file, NULL when it gives none. Valid until close. */
const char *replay_source_port_name(const struct replay_source *source, uint16_t port);
