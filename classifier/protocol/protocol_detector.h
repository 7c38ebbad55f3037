/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second opinion about what a flow speaks, by nDPI: it looks at the first packets with payload of
 * a flow and names the protocol, its kind and what is risky about it. Knows content and ports only:
 * addresses are hidden from it, and what was seen of other flows is forgotten between two packets.
 * So an answer depends on the flow's own packets, and neither on their order among others nor on
 * how many workers there are. Guesses by port are no answer.
 *
 * A detector belongs to one thread. Several threads may create and destroy theirs at the same time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/flow_record.h"

/** Flows under detection at one time. */
#define PROTOCOL_STATES_MAX 4096u

/** Packets with payload after which there is no answer. */
#define PROTOCOL_PACKETS_MAX 8u

/** The library cuts names to this length. */
#define PROTOCOL_HOST_MAX 80

/** No state. */
#define PROTOCOL_STATE_NONE UINT32_MAX

/** What flows are shown to it. */
enum protocol_detector_scope {
	PROTOCOL_DETECTOR_UNKNOWN, /**< those that no parser of ours knows: QUIC is not looked for,
				      which would allocate */
	PROTOCOL_DETECTOR_ALL,     /**< all of them */
};

struct protocol_packet {
	struct slice payload; /**< of the transport: all that was sent */
	uint16_t source_port;
	uint16_t destination_port;
	uint32_t tcp_seq;  /**< 0 for UDP, and the flags as well */
	uint8_t tcp_flags; /**< as on the wire */
	bool is_udp;
	bool from_high; /**< which end sent it */
	uint64_t time_ns;
};

struct protocol_opinion {
	char protocol[FLOW_PROTOCOL_MAX]; /**< lower case: "ssh", "bittorrent"; "": not known */
	char category[FLOW_PROTOCOL_MAX]; /**< its kind: "remote-access", "voip"; "": none */
	uint64_t risks;                   /**< bits as in protocol_risk.h */
	char host[PROTOCOL_HOST_MAX]; /**< of TLS, QUIC and HTTP the server's name as it was read,
					 or
					 "" */
};

enum protocol_answer {
	PROTOCOL_MORE,    /**< more packets may tell */
	PROTOCOL_DECIDED, /**< the opinion is final; release the state */
	PROTOCOL_NO_ROOM, /**< it would need more memory than a flow gets: no opinion, release it */
};

struct protocol_detector;

/**
 * Takes tens of milliseconds and about 5 MB, unless one that was destroyed can be had again. NULL
 * with errno: ENOMEM, or ENOTSUP where the installed library is not the one that this was built
 * with. Free with protocol_detector_destroy (NULL allowed).
 */
struct protocol_detector *protocol_detector_create(enum protocol_detector_scope scope);
void protocol_detector_destroy(struct protocol_detector *detector);

/** A state for a flow; PROTOCOL_STATE_NONE when all are in use (release the oldest, and try again).
 */
uint32_t protocol_detector_begin(struct protocol_detector *detector, uint32_t flow);
void protocol_detector_release(struct protocol_detector *detector, uint32_t state);

/** The state begun longest ago, PROTOCOL_STATE_NONE when none is in use; and the flow it is for. */
uint32_t protocol_detector_oldest(const struct protocol_detector *detector);
uint32_t protocol_detector_flow(const struct protocol_detector *detector, uint32_t state);

/**
 * Shows it the flow's next packet with payload. `out` is filled in with PROTOCOL_DECIDED, which
 * comes with the PROTOCOL_PACKETS_MAX-th packet at the latest.
 */
enum protocol_answer
protocol_detector_feed(struct protocol_detector *detector, uint32_t state,
		       const struct protocol_packet *packet, struct protocol_opinion *out);
