/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames of RELP, version 0 (rsyslog's Reliable Event Logging Protocol): "TXNR SP COMMAND SP
 * DATALEN [SP DATA] LF". Reads what a receiver answers, of which nothing is believed, and numbers
 * and writes ours. Pure; any thread may call it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/** Transactions are numbered from 1 to this one, then from 1 again; 0 is a hint without answer. */
#define RELP_TXNR_MAX 999999999u

#define RELP_COMMAND_MAX 32

/** Most data of an answer that is read; they are a few words. */
#define RELP_ANSWER_MAX 16384

/** Longest head of a frame: two numbers of 9 digits, a command, three spaces. */
#define RELP_HEAD_MAX (9 + RELP_COMMAND_MAX + 9 + 3)

struct relp_frame {
	uint32_t txnr;
	struct slice command; /**< 1 to RELP_COMMAND_MAX letters */
	struct slice data;    /**< at most RELP_ANSWER_MAX bytes, any of them */
	size_t len;           /**< of the whole frame */
};

/**
 * Reads the frame at the beginning of `bytes`; its slices are borrowed from there. PARSE_FOUND,
 * PARSE_NEED_MORE (at most RELP_HEAD_MAX + RELP_ANSWER_MAX + 1 bytes in all) or PARSE_MALFORMED.
 */
enum parse_result relp_frame_parse(struct slice bytes, struct relp_frame *frame);

bool relp_frame_is(const struct relp_frame *frame, const char *command);

/** The data of a "rsp" frame: "CODE [SP TEXT] [LF FURTHER]". */
struct relp_response {
	unsigned code;        /**< 0 to 999; 200 is success */
	struct slice text;    /**< for people; any bytes */
	struct slice further; /**< lines behind it: the offers of a session */
};

/** Returns false where it has no code of three digits. */
bool relp_response_parse(struct slice data, struct relp_response *response);

/**
 * The value of an offer, a line "NAME=VALUE" of `further`. Returns false where there is none of
 * that name; an offer without "=" has an empty value.
 */
bool relp_offer_find(struct slice further, const char *name, struct slice *value);

/** Whether `word` is one of a list separated by commas. */
bool relp_list_has(struct slice list, const char *word);

/** Writes what stands before the data: "TXNR COMMAND LEN " or, where `len` is 0, "TXNR COMMAND 0".
 * `out` has RELP_HEAD_MAX + 1 bytes; `command` at most RELP_COMMAND_MAX letters. Returns the
 * length; a newline has to follow the data. */
size_t relp_frame_head(uint32_t txnr, const char *command, size_t len, char *out);

/** The number behind `txnr`. */
uint32_t relp_txnr_next(uint32_t txnr);

/** How many steps of relp_txnr_next lead from one number to the other, both of 1 to the highest. */
uint32_t relp_txnr_distance(uint32_t from, uint32_t to);
