/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets from live ports: the one part that knows EAL, ports, queues and mbufs. With as many
 * queues as workers each worker polls its own (symmetric RSS keeps a conversation together); where
 * a port has one queue, the first worker polls it and shows every packet to all, and each takes the
 * conversations that fall to it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/packet.h"

struct rx_ports;

/** Packets as the ports count them. */
struct rx_port_counters {
	uint64_t received;  /**< handed to the program */
	uint64_t missed;    /**< dropped by the device because the program was too slow */
	uint64_t errors;    /**< broken on the wire or in the device */
	uint64_t no_memory; /**< dropped for want of buffers */
};

/**
 * Starts EAL with the `argc` options of `argv` (argv[0] is the program's name). Once per process.
 * Returns 0, or -errno after EAL's own message on stderr.
 */
int rx_ports_start_eal(int argc, char **argv);

/**
 * Opens the ports named (none: all there are) for `worker_count` workers and starts them. On
 * failure returns NULL with a message in `why` (`why_len` bytes). Close with rx_ports_close.
 */
struct rx_ports *rx_ports_open(const char *const *names, size_t name_count, unsigned worker_count,
			       char *why, size_t why_len);
/** Stops the ports and EAL. NULL is allowed: only EAL is stopped then. */
void rx_ports_close(struct rx_ports *ports);

/** Whether all workers are shown the same packets: then each must be told its index and the count.
 */
bool rx_ports_is_shared(const struct rx_ports *ports);

/** Whether packets bring times of the past (net_pcap): then the machine's clock is not theirs. */
bool rx_ports_has_capture_time(const struct rx_ports *ports);

/** To be called by a worker's thread before its first poll, and after its last. 0 or -errno. */
int rx_ports_enter_thread(void);
void rx_ports_leave_thread(void);

/** How a poll ended. */
enum rx_poll {
	RX_POLL_PACKETS, /**< there are packets */
	RX_POLL_EMPTY,   /**< nothing has come */
	RX_POLL_ENDED, /**< shared packets only: the first worker has ended, and all of its packets
			  were seen */
};

/**
 * Takes up to PACKET_BURST_MAX packets for `worker`; they are valid until its next poll. The clock
 * is read at most once a call, for packets that bring no time of their own.
 */
enum rx_poll
rx_ports_poll(struct rx_ports *ports, unsigned worker, struct packet *packets, size_t *count);

/** The first worker has polled for the last time. */
void rx_ports_end(struct rx_ports *ports);

/** Sums over all ports. */
void rx_ports_count(const struct rx_ports *ports, struct rx_port_counters *out);
