/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/relp_session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/printable_text.h"

/* Only the version is checked by receivers; the software's name is for their logs. */
#define OFFERS "relp_version=0\nrelp_software=vigie\ncommands=syslog"

int
relp_session_say(const struct relp_session *session, char why[STREAM_WHY_SIZE], const char *what,
		 struct slice text, int error)
{
	char raw[64], clean[100], message[176];
	size_t len = text.len < sizeof(raw) - 1 ? text.len : sizeof(raw) - 1;

	if (len > 0)
		memcpy(raw, text.data, len);
	raw[len] = '\0';
	printable_text_copy(raw, clean, sizeof(clean));
	snprintf(message, sizeof(message), "%.70s%s%s", what, clean[0] != '\0' ? ": " : "", clean);
	(void)stream_say(session->stream, why, message, 0);
	return error;
}

int
relp_session_read(struct relp_session *session, char why[STREAM_WHY_SIZE])
{
	size_t left = session->in_used - session->in_at;

	if (session->in_at > 0) {
		memmove(session->in, session->in + session->in_at, left);
		session->in_at = 0;
		session->in_used = left;
	}
	if (session->in_used == sizeof(session->in))
		return 0;
	ssize_t got = stream_read_some(session->stream, session->in + session->in_used,
				       sizeof(session->in) - session->in_used, why);
	if (got > 0)
		session->in_used += (size_t)got;
	return (int)got;
}

int
relp_session_next(struct relp_session *session, struct relp_frame *frame, char why[STREAM_WHY_SIZE])
{
	struct slice bytes =
		slice_of(session->in + session->in_at, session->in_used - session->in_at);

	if (bytes.len == 0)
		return 0;
	switch (relp_frame_parse(bytes, frame)) {
	case PARSE_FOUND:
		break;
	case PARSE_NEED_MORE:
		return 0;
	default:
		return relp_session_say(session, why, "this is no RELP", bytes, -EPROTO);
	}
	session->in_at += frame->len;
	if (relp_frame_is(frame, "serverclose"))
		return relp_session_say(session, why, "the receiver ends the session", frame->data,
					-ECONNRESET);
	return 1;
}

static int
write_frame(struct relp_session *session, const char *command, const char *data,
	    char why[STREAM_WHY_SIZE])
{
	char frame[RELP_HEAD_MAX + sizeof(OFFERS) + 1];
	size_t len = relp_frame_head(session->next_txnr, command, strlen(data), frame);

	session->next_txnr = relp_txnr_next(session->next_txnr);
	len += (size_t)snprintf(frame + len, sizeof(frame) - len, "%s\n", data);
	return stream_write_all(session->stream, frame, len, why);
}

/* Waits for the answer to our last frame. Returns 0, -EPROTO or as stream.h. */
static int
await_response(struct relp_session *session, uint32_t txnr, struct relp_response *response,
	       char why[STREAM_WHY_SIZE])
{
	struct deadline deadline = stream_deadline(session->stream);
	struct relp_frame frame;

	for (;;) {
		int got = relp_session_next(session, &frame, why);
		if (got < 0)
			return got;
		if (got > 0)
			break;
		int error = relp_session_read(session, why);
		if (error == 0)
			error = stream_wait(session->stream, false, &deadline, why);
		if (error < 0)
			return error;
	}
	if (frame.txnr != txnr || !relp_frame_is(&frame, "rsp") ||
	    !relp_response_parse(frame.data, response))
		return relp_session_say(session, why, "an answer to something else", frame.command,
					-EPROTO);
	return 0;
}

/* What the receiver offers has to be what we speak. */
static int
judge_offers(const struct relp_session *session, const struct relp_response *response,
	     char why[STREAM_WHY_SIZE])
{
	struct slice value = {0};

	if (response->code != 200)
		return relp_session_say(session, why, "the receiver refused the session",
					response->text, -EACCES);
	if (!relp_offer_find(response->further, "relp_version", &value) ||
	    !relp_list_has(value, "0"))
		return relp_session_say(session, why, "the receiver speaks another version of RELP",
					value, -EACCES);
	value = (struct slice){0};
	if (!relp_offer_find(response->further, "commands", &value) ||
	    !relp_list_has(value, "syslog"))
		return relp_session_say(session, why, "the receiver takes no syslog messages",
					value, -EACCES);
	return 0;
}

int
relp_session_open(struct relp_session *session, const struct stream_target *target,
		  char why[STREAM_WHY_SIZE])
{
	struct relp_response response;

	session->in_at = session->in_used = 0;
	session->next_txnr = 1;
	int error = stream_open(&session->stream, target, why);
	if (error != 0)
		return error;
	uint32_t txnr = session->next_txnr;
	error = write_frame(session, "open", OFFERS, why);
	if (error == 0)
		error = await_response(session, txnr, &response, why);
	if (error == 0)
		error = judge_offers(session, &response, why);
	if (error != 0)
		relp_session_close(session);
	return error;
}

/* Everything was acknowledged before, so nothing depends on how this ends. */
void
relp_session_finish(struct relp_session *session)
{
	struct relp_response response;
	char why[STREAM_WHY_SIZE];

	if (session->stream == NULL)
		return;
	uint32_t txnr = session->next_txnr;
	if (write_frame(session, "close", "", why) == 0 &&
	    await_response(session, txnr, &response, why) == 0)
		(void)stream_finish(session->stream, why);
	relp_session_close(session);
}

void
relp_session_close(struct relp_session *session)
{
	stream_close(session->stream);
	session->stream = NULL;
}
