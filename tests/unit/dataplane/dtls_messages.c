/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/dataplane/dtls_messages.h"

#include "classifier/names/dtls.h"

#define DTLS_1_2 0xfefd

static void
write_server_name(struct wire *w, const char *name)
{
	wire_number(w, 0, 2);
	size_t extension = wire_begin(w, 2);
	size_t list = wire_begin(w, 2);
	wire_number(w, 0, 1);
	size_t host = wire_begin(w, 2);
	wire_text(w, name);
	wire_end(w, host, 2);
	wire_end(w, list, 2);
	wire_end(w, extension, 2);
}

void
dtls_client_hello(struct wire *w, const char *name, const char *cookie, size_t padding)
{
	cookie = cookie != NULL ? cookie : "";
	wire_number(w, DTLS_1_2, 2);
	wire_fill(w, 0x5a, 32);
	wire_number(w, 0, 1); /* session id */
	wire_number(w, strlen(cookie), 1);
	wire_text(w, cookie);
	wire_hex(w, "0004 1301c02b 0100"); /* cipher suites, compression */
	size_t extensions = wire_begin(w, 2);
	if (padding != 0) {
		wire_number(w, 21, 2);
		wire_number(w, padding, 2);
		wire_fill(w, 0, padding);
	}
	if (name != NULL)
		write_server_name(w, name);
	wire_hex(w, "002b0005 04fefcfefd"); /* supported_versions: 1.3 and 1.2 */
	wire_end(w, extensions, 2);
}

void
dtls_server_hello(struct wire *w, uint16_t version)
{
	wire_number(w, version < DTLS_1_2 ? DTLS_1_2 : version, 2);
	wire_fill(w, 0xa5, 32);
	wire_hex(w, "00 c02b 00");
	size_t extensions = wire_begin(w, 2);
	if (version < DTLS_1_2) {
		wire_hex(w, "002b0002");
		wire_number(w, version, 2);
	}
	wire_end(w, extensions, 2);
}

void
dtls_hello_verify_request(struct wire *w, const char *cookie)
{
	wire_number(w, 0xfeff, 2);
	wire_number(w, strlen(cookie), 1);
	wire_text(w, cookie);
}

void
dtls_fragment(struct wire *w, uint8_t type, uint16_t message_seq, struct slice body, size_t start,
	      size_t end)
{
	wire_number(w, 22, 1);
	wire_number(w, type == DTLS_CLIENT_HELLO ? 0xfeff : DTLS_1_2, 2);
	wire_number(w, message_seq, 8); /* epoch 0, sequence number */
	size_t record = wire_begin(w, 2);
	wire_number(w, type, 1);
	wire_number(w, body.len, 3);
	wire_number(w, message_seq, 2);
	wire_number(w, start, 3);
	wire_number(w, end - start, 3);
	wire_bytes(w, body.data + start, end - start);
	wire_end(w, record, 2);
}

void
dtls_message(struct wire *w, uint8_t type, uint16_t message_seq, struct slice body)
{
	dtls_fragment(w, type, message_seq, body, 0, body.len);
}

void
dtls_protected(struct wire *w, uint8_t content_type, uint16_t epoch, size_t len)
{
	wire_number(w, content_type, 1);
	wire_number(w, DTLS_1_2, 2);
	wire_number(w, epoch, 2);
	wire_number(w, 5, 6);
	wire_number(w, len, 2);
	wire_fill(w, 0x33, len);
}
