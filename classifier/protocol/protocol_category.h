/* SPDX-License-Identifier: Apache-2.0 */
/* What a kind of protocol is called in JSON: words that stay. */
#pragma once

/** One past the highest number that has a word. */
#define PROTOCOL_CATEGORY_COUNT 100u

/** The word of nDPI 4.2's category of that number: "remote-access", ... "" where there is none. */
const char *protocol_category_text(unsigned category);
