/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session of RELP: it is opened with what both ends offer, carries frames both ways, and is
 * closed by agreement. Which message an answer belongs to is the business of transport_relp.c. For
 * one thread each.
 */
#pragma once

#include "dashboard-export/sinks/relp_frame.h"
#include "dashboard-export/sinks/stream.h"

/* Any answer fits, and some hundreds of the usual ones. */
#define RELP_SESSION_IN_SIZE 32768

struct relp_session {
	struct stream *stream; /**< NULL: not open */
	uint32_t next_txnr;    /**< of the next frame of ours; whoever writes one moves it on */
	size_t in_at, in_used; /**< what of `in` is not read yet */
	uint8_t in[RELP_SESSION_IN_SIZE];
};

/**
 * Connects, and opens the session for syslog messages. Returns 0; or -errno with `why`: -EACCES
 * where the receiver does not want us, else as stream.h. The session is closed then.
 */
int relp_session_open(struct relp_session *session, const struct stream_target *target,
		      char why[STREAM_WHY_SIZE]);

/** Reads what has arrived, without waiting. Returns how many bytes, or -errno. */
int relp_session_read(struct relp_session *session, char why[STREAM_WHY_SIZE]);

/**
 * The next frame of what was read, valid until relp_session_read. Returns 1; 0 when there is none
 * (yet); -EPROTO with `why` when there is something else; -ECONNRESET when the receiver ends the
 * session.
 */
int relp_session_next(struct relp_session *session, struct relp_frame *frame,
		      char why[STREAM_WHY_SIZE]);

/** What is not as the protocol has it: "NAME: WHAT: the beginning of `text`". Returns `error`. */
int relp_session_say(const struct relp_session *session, char why[STREAM_WHY_SIZE],
		     const char *what, struct slice text, int error);

/** Ends the session by agreement, or after the time-out without, and closes. */
void relp_session_finish(struct relp_session *session);

/** Closes at once; allowed when it is not open. */
void relp_session_close(struct relp_session *session);
