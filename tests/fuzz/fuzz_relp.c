/* SPDX-License-Identifier: Apache-2.0 */
/* What a receiver answers over RELP: frames stay within what was read, and are found whole only. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard-export/sinks/relp_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
require_within(struct slice part, struct slice whole)
{
	require(part.len == 0 || (part.data >= whole.data && part.len <= whole.len &&
				  part.data + part.len <= whole.data + whole.len));
}

static void
read_response(struct slice data)
{
	struct relp_response response;
	struct slice value = {0};

	if (!relp_response_parse(data, &response))
		return;
	require(response.code <= 999);
	require_within(response.text, data);
	require_within(response.further, data);
	if (relp_offer_find(response.further, "relp_version", &value))
		require_within(value, response.further);
	if (relp_offer_find(response.further, "commands", &value))
		(void)relp_list_has(value, "syslog");
}

/* The head that we would have written for it is the one that was read, but for leading zeros and
 * the space where there is no data. */
static void
require_same_head(const struct relp_frame *frame, struct slice bytes)
{
	char head[RELP_HEAD_MAX + 1], command[RELP_COMMAND_MAX + 1] = "";

	memcpy(command, frame->command.data, frame->command.len);
	size_t len = relp_frame_head(frame->txnr, command, frame->data.len, head);
	require(len > 0 && len <= RELP_HEAD_MAX);
	if (len + frame->data.len + 1 == frame->len)
		require(memcmp(head, bytes.data, len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);

	require(copy != NULL);
	if (size > 0)
		memcpy(copy, data, size);
	struct slice rest = slice_of(copy, size);
	for (;;) {
		struct relp_frame frame = {0}, cut;
		enum parse_result result = relp_frame_parse(rest, &frame);
		if (result != PARSE_FOUND) {
			require(result == PARSE_MALFORMED ||
				(result == PARSE_NEED_MORE &&
				 rest.len <= RELP_HEAD_MAX + RELP_ANSWER_MAX + 1));
			break;
		}
		require(frame.len > 0 && frame.len <= rest.len && frame.txnr <= RELP_TXNR_MAX);
		require(frame.command.len > 0 && frame.command.len <= RELP_COMMAND_MAX);
		require_within(frame.command, rest);
		require_within(frame.data, rest);
		require_same_head(&frame, rest);
		require(relp_frame_parse(slice_of(rest.data, frame.len - 1), &cut) ==
			PARSE_NEED_MORE);
		read_response(frame.data);
		rest = slice_of(rest.data + frame.len, rest.len - frame.len);
	}
	free(copy);
	return 0;
}
