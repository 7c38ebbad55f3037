/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The languages in which an event is told: one row of the table and one file each. A format gives
 * the body of one message and knows nothing of how it travels, but for syslog, whose envelope (RFC
 * 5424) every format can be put into. Pure; any thread may call it.
 */
#pragma once

#include "dashboard-export/formats/event.h"

/** Room for every message of every format; what does not fit is shortened (format_message). */
#define FORMAT_MESSAGE_MAX 65536

/** Least that a receiver has to take: shortened, every event fits. */
#define FORMAT_LIMIT_MIN 4096

/** Into which key of CEF an upload's bytes go: the standard's letter says `in`, most vendors `out`.
 */
enum format_upload {
	FORMAT_UPLOAD_OUT,
	FORMAT_UPLOAD_IN,
};

/** What a message says of the sensor, and how. Borrowed. */
struct format_context {
	const char *sensor;         /**< name of this sensor, as hosts are named in syslog */
	const char *version;        /**< of the program */
	const char *policy;         /**< name of the policy, or NULL */
	uint64_t policy_version;    /**< 0: none */
	uint32_t enterprise_number; /**< of the syslog SD-ID `vigie@N` (IANA); 32473 is for examples
				     */
	unsigned facility;          /**< of syslog, 0 to 23; 20 is local4 */
	enum format_upload upload;
	uint64_t process_id; /**< of syslog's PROCID; 0: none */
	bool brief; /**< leave out lists and cut texts, so that the message is below 4 KiB */
};

struct format {
	const char *name;         /**< as in settings: "cef" */
	const char *content_type; /**< of HTTP */
	/**
	 * Writes the body, without a line end, of at most `size` bytes, and returns its length; 0
	 * where it does not fit. The body has no newline: it may be framed by one.
	 */
	size_t (*write)(const struct event *event, const struct format_context *context, char *out,
			size_t size);
	/** Further elements of syslog's structured data, or NULL; returns as `write`. */
	size_t (*write_structured_data)(const struct event *event,
					const struct format_context *context, char *out,
					size_t size);
};

extern const struct format format_cef, format_leef, format_ecs, format_ocsf, format_syslog,
	format_eve, format_text;

/** NULL behind the last. */
const struct format *format_at(unsigned number);

/** The format of that name; NULL: there is none. */
const struct format *format_find(const char *name);

/**
 * The message in `format`, bare or (`envelope`) as the MSG of RFC 5424, of at most `limit` bytes
 * (FORMAT_LIMIT_MIN to FORMAT_MESSAGE_MAX): where it is longer, lists are left out and texts cut,
 * never an identifier. `context->brief` is overruled. Returns its length; there is no NUL.
 */
size_t format_message(const struct format *format, bool envelope, const struct event *event,
		      const struct format_context *context, char *out, size_t limit);
