/* SPDX-License-Identifier: Apache-2.0 */
/* What statuses of HTTP mean for messages (RFC 9110 15), and how an answer is told to people. */
#include "dashboard-export/sinks/http_client.h"

#include "base/printable_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum http_verdict
http_verdict_of(unsigned status)
{
	switch (status) {
	case 401:
	case 403:
	case 407:
		return HTTP_VERDICT_DENIED;
	/* They speak of address, method or media type, which are the same for every message. */
	case 404:
	case 405:
	case 406:
	case 410:
	case 411:
	case 415:
	case 417:
	case 421:
	case 426:
	case 431:
		return HTTP_VERDICT_MISTAKEN;
	case 408:
	case 409:
	case 425:
	case 429:
		return HTTP_VERDICT_BUSY;
	case 413:
		return HTTP_VERDICT_TOO_LARGE;
	default:
		break;
	}
	if (status >= 200 && status < 300)
		return HTTP_VERDICT_TAKEN;
	if (status >= 300 && status < 400)
		return HTTP_VERDICT_DENIED;
	return status >= 400 && status < 500 ? HTTP_VERDICT_REFUSED : HTTP_VERDICT_BUSY;
}

int
http_verdict_error(enum http_verdict verdict)
{
	static const int errors[] = {
		[HTTP_VERDICT_TAKEN] = 0,
		[HTTP_VERDICT_DENIED] = -EACCES,
		[HTTP_VERDICT_MISTAKEN] = -EINVAL,
		[HTTP_VERDICT_BUSY] = -EAGAIN,
		[HTTP_VERDICT_TOO_LARGE] = -EMSGSIZE,
		[HTTP_VERDICT_REFUSED] = -EBADMSG,
	};
	return errors[verdict];
}

/* The beginning of a body, on one line. */
static void
excerpt(const struct http_answer *answer, char *out, size_t size)
{
	size_t len = answer->len < size - 1 ? answer->len : size - 1;

	for (size_t i = 0; i < len; i++) {
		char c = answer->body[i];
		out[i] = c == '\0' || c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
	}
	out[len] = '\0';
}

void
http_answer_tell(const struct http_answer *answer, const char *words, char out[256])
{
	/* Longer than what is told of it: "..." is behind what was cut. */
	char beginning[256], clean[192], wait[48] = "";

	excerpt(answer, beginning, sizeof(beginning));
	printable_text_copy(words != NULL && *words != '\0' ? words : beginning, clean,
			    sizeof(clean));
	if (answer->retry_after_s > 0)
		snprintf(wait, sizeof(wait), " (asks to wait %u s)", answer->retry_after_s);
	const char *moved = answer->status >= 300 && answer->status < 400
				    ? " (redirects are not followed)"
				    : "";
	int len = snprintf(out, 256, "HTTP %u%s", answer->status, moved);
	if (len > 0 && clean[0] != '\0')
		len += snprintf(out + len, 256 - (size_t)len, ": %s", clean);
	if (len > 0 && len < 256)
		snprintf(out + len, 256 - (size_t)len, "%s", wait);
}
