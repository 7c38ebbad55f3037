/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the settings of each type of sink may say: which keys it needs and knows, which formats and
 * records it can carry, and what holds where nothing is said. One row a type; how a type sends is
 * its transport's business (transport.h), which has the same name.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/** Keys that not every type knows. */
enum sink_key {
	SINK_KEY_ADDRESS = 1u << 0,
	SINK_KEY_URL = 1u << 1,
	SINK_KEY_PATH = 1u << 2,
	SINK_KEY_FRAMING = 1u << 3,
	SINK_KEY_TLS = 1u << 4,
	SINK_KEY_FACILITY = 1u << 5,
	SINK_KEY_RESEND = 1u << 6,
	SINK_KEY_USER = 1u << 7,
	SINK_KEY_PASSWORD_FILE = 1u << 8,
	SINK_KEY_PASSWORD_ENV = 1u << 9,
	SINK_KEY_TOKEN_FILE = 1u << 10,
	SINK_KEY_TOKEN_ENV = 1u << 11,
	SINK_KEY_SECRET_FILE = 1u << 12,
	SINK_KEY_SECRET_ENV = 1u << 13,
	SINK_KEY_INDEX = 1u << 14,
	SINK_KEY_SOURCE_TYPE = 1u << 15,
	SINK_KEY_BROKERS = 1u << 16,
	SINK_KEY_TOPIC = 1u << 17,
	SINK_KEY_FLOW_TOPIC = 1u << 18,
	SINK_KEY_STREAM = 1u << 19,
	SINK_KEY_FLOW_STREAM = 1u << 20,
	SINK_KEY_DATABASE = 1u << 21,
	SINK_KEY_MAX_LEN = 1u << 22,
	SINK_KEY_ROLLUPS = 1u << 23,
	SINK_KEY_ROTATE_SIZE = 1u << 24,
	SINK_KEY_ROTATE_AGE = 1u << 25,
	SINK_KEY_KEEP = 1u << 26,
};

/** What a type makes of a message, and so which formats it takes. */
enum sink_body {
	SINK_BODY_SYSLOG, /**< the MSG of RFC 5424: any format */
	SINK_BODY_ANY,    /**< any format that tells everything by itself: not `syslog` */
	SINK_BODY_JSON,   /**< a part of JSON of the receiver's own */
};

struct sink_type {
	const char *name;
	uint32_t needed;  /**< keys, all of them */
	uint32_t one_of;  /**< of these exactly one; 0: no such rule */
	uint32_t allowed; /**< keys beside those */
	enum sink_body body;
	bool flows;                /**< flows too, not alerts alone */
	const char *format, *port; /**< where not given; a port of NULL: not for it */
	uint32_t max_message;      /**< bytes, where not given */
};

/** Row `number`; NULL behind the last. */
const struct sink_type *sink_type_at(unsigned number);

/** The words of `type`. */
const char *sink_type_word(unsigned number);

/** Bit of a key; 0 where every type knows it, or none. */
uint32_t sink_type_key(const char *key);

/** Whether the type knows the keys of that bit. */
bool sink_type_knows(const struct sink_type *type, uint32_t key);

/** "`a`, `b` and `c`" of the keys of a mask, joined before the last by `last`; cut where 256 bytes
 * do not do. */
void sink_type_list_keys(uint32_t keys, const char *last, char out[256]);
