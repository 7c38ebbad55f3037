/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A receiver may say back to us what we told it: an answer that is kept, printed or sent elsewhere
 * goes through here first, so that no secret of the sink is in it. Any thread may call it.
 */
#pragma once

#include <stddef.h>

#include "dashboard-export/sinks/sink_config.h"

/**
 * Writes "***" in `text`, clean text of one line in `size` bytes (at least 8), in place of the
 * sink's password, token, secret, "user:password" in Base64 (RFC 7617), and the path and the query
 * of its URL; also where a secret is spelled with escapes of ours (\xNN), of JSON or of URLs, and
 * where only a beginning of it is left: eight bytes anywhere, three where the text was cut. One
 * below four bytes is masked where it stands as a word. What does not fit any more is cut, "..."
 * tells.
 */
void secret_mask(const struct sink_config *config, char *text, size_t size);
