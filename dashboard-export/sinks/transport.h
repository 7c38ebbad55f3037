/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How messages reach a receiver: one row and one file for each way. A transport belongs to one
 * thread, which may wait in it; it ends soon when it is told to stop. What is sent, when it is sent
 * again and what is remembered is the business of delivery.h: a transport only says how many of the
 * messages it was given have arrived for good.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dashboard-export/sinks/sink_config.h"

/** One formatted message, without a frame. Borrowed for the call. */
struct outgoing {
	const char *bytes;
	size_t len;
	const char *id;      /**< stable id of the alert; of a flow its id */
	uint64_t sequence;   /**< row of the journal; 0: a flow, or a test outside of it */
	const char *journal; /**< id of the journal that counts `sequence`, or NULL */
	uint64_t time_ns;
	bool is_flow;
};

/** What became of a call. The caller empties it before. */
struct transport_report {
	size_t accepted;  /**< leading messages that need not be sent again */
	size_t refused;   /**< of these: not taken, and never will be (too large, wrong mapping) */
	char answer[256]; /**< the receiver's last word, or what failed, as clean text of one line
			   */
};

/** Ends waiting: `fd` becomes readable when the transport shall give up at once. */
struct transport_stop {
	atomic_bool wanted;
	int fd;
};

struct transport; /* of each kind its own */

struct transport_kind {
	const char *name; /**< as in settings: "syslog-tls" */
	/**
	 * Whether `accepted` means that the receiver said so. Where it means only that the bytes
	 * were written, what was written shortly before a break is sent again.
	 */
	bool acknowledges;
	bool stays_connected; /**< after -EAGAIN: the receiver is only busy */
	bool envelope;        /**< messages are syslog's (RFC 5424) */
	/** Borrows both arguments. NULL with `why`; nothing is connected yet. */
	struct transport *(*create)(const struct sink_config *config,
				    const struct transport_stop *stop, char why[256]);
	void (*destroy)(struct transport *transport); /**< NULL is allowed */
	/** Connects anew and logs in. 0, or -errno with `report->answer`. -EACCES: refused for
	 * good until somebody changes settings or certificates. -ECANCELED: told to stop. */
	int (*connect)(struct transport *transport, struct transport_report *report);
	/**
	 * Sends `count` messages and waits until each is acknowledged (or written). Returns 0, or
	 * -errno after which the connection is given up; `report->accepted` holds in both cases.
	 */
	int (*send)(struct transport *transport, const struct outgoing *messages, size_t count,
		    struct transport_report *report);
	/** Looks, without waiting, whether the other end has closed or refused. 0 or -errno. NULL:
	 * there is nothing to look at. */
	int (*check)(struct transport *transport, struct transport_report *report);
	/** Bytes written that the receiver's machine has not taken yet; NULL: none, ever. */
	size_t (*pending)(struct transport *transport);
	/**
	 * Says good-bye and waits, as long as the time-out, until the receiver has closed in turn:
	 * then it has read everything, and 0 is returned. NULL: nothing is in doubt.
	 */
	int (*finish)(struct transport *transport, struct transport_report *report);
	/** Where the receiver can be asked: the highest sequence number of `journal` that it has,
	 * 0 for none. Returns 0 or -errno. NULL: it cannot. */
	int (*resume)(struct transport *transport, const char *journal, uint64_t *sequence,
		      struct transport_report *report);
	void (*disconnect)(struct transport *transport); /**< at once; allowed when not connected */
};

extern const struct transport_kind transport_syslog_udp, transport_syslog_tcp, transport_syslog_tls,
	transport_relp, transport_unix, transport_file, transport_hec, transport_bulk,
	transport_webhook, transport_kafka, transport_redis;

/** NULL behind the last. */
const struct transport_kind *transport_kind_at(unsigned number);
