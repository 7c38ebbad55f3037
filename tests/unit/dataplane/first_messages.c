/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/dataplane/first_messages.h"

#include <stdbool.h>

#include <openssl/evp.h>

#include "classifier/names/quic.h"

#define TAG_LEN 16

static void
check(bool sound)
{
	if (!sound)
		abort();
}

void
message_client_hello(struct wire *w, const char *name, size_t padding)
{
	wire_number(w, 1, 1);
	size_t message = wire_begin(w, 3);
	wire_number(w, 0x0303, 2);
	wire_fill(w, 0x5a, 32);        /* random */
	wire_number(w, 0, 1);          /* session id */
	wire_number(w, 0x00021301, 4); /* cipher suites */
	wire_number(w, 0x0100, 2);     /* compression */
	size_t extensions = wire_begin(w, 2);
	if (padding != 0) {
		wire_number(w, 21, 2);
		wire_number(w, padding, 2);
		wire_fill(w, 0, padding);
	}
	if (name != NULL) {
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
	wire_number(w, 0x002b0003020304, 7); /* supported_versions: 1.3 */
	wire_end(w, extensions, 2);
	wire_end(w, message, 3);
}

void
message_tls_records(struct wire *w, struct slice message, size_t fragment_max)
{
	while (message.len != 0) {
		size_t len = message.len < fragment_max ? message.len : fragment_max;
		wire_number(w, 0x160301, 3);
		wire_number(w, len, 2);
		wire_bytes(w, message.data, len);
		message = slice_of(message.data + len, message.len - len);
	}
}

void
message_client_stream(struct wire *w, const char *name, size_t padding)
{
	static struct wire hello;

	hello.len = 0;
	message_client_hello(&hello, name, padding);
	message_tls_records(w, wire_slice(&hello), 16384);
}

void
message_server_stream(struct wire *w, uint16_t version)
{
	wire_number(w, 0x160303, 3);
	size_t record = wire_begin(w, 2);
	wire_number(w, 2, 1);
	size_t message = wire_begin(w, 3);
	wire_number(w, version < 0x0304 ? version : 0x0303, 2);
	wire_fill(w, 0xa5, 32);
	wire_number(w, 0, 1);
	wire_number(w, 0x1301, 2);
	wire_number(w, 0, 1);
	size_t extensions = wire_begin(w, 2);
	if (version >= 0x0304) {
		wire_number(w, 0x002b0002, 4);
		wire_number(w, version, 2);
	}
	wire_end(w, extensions, 2);
	wire_end(w, message, 3);
	wire_end(w, record, 2);
}

void
message_crypto_frame(struct wire *w, uint64_t offset, struct slice data)
{
	wire_number(w, 6, 1);
	wire_number(w, UINT64_C(3) << 62 | offset, 8);
	wire_number(w, 0x4000 | data.len, 2);
	wire_bytes(w, data.data, data.len);
}

/* Seals what lies behind the header in place (RFC 9001 5.3), and protects the header (5.4); a
 * number of one byte. */
static void
seal(struct wire *w, size_t start, size_t number_at, const struct quic_keys *keys)
{
	uint8_t *packet = w->bytes + start, *clear = w->bytes + number_at + 1, mask[16], nonce[12];
	int header_len = (int)(number_at + 1 - start);
	int clear_len = (int)(w->len - TAG_LEN - number_at - 1), n;
	EVP_CIPHER_CTX *gcm = EVP_CIPHER_CTX_new(), *ecb = EVP_CIPHER_CTX_new();

	memcpy(nonce, keys->iv, sizeof(nonce));
	nonce[11] ^= w->bytes[number_at];
	check(EVP_EncryptInit_ex(gcm, EVP_aes_128_gcm(), NULL, keys->key, nonce) == 1);
	check(EVP_EncryptUpdate(gcm, NULL, &n, packet, header_len) == 1);
	check(EVP_EncryptUpdate(gcm, clear, &n, clear, clear_len) == 1);
	check(EVP_EncryptFinal_ex(gcm, clear + n, &n) == 1);
	check(EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, clear + clear_len) == 1);

	/* The sample begins four bytes behind the beginning of the packet number. */
	check(EVP_EncryptInit_ex(ecb, EVP_aes_128_ecb(), NULL, keys->hp, NULL) == 1);
	check(EVP_EncryptUpdate(ecb, mask, &n, w->bytes + number_at + 4, 16) == 1);
	packet[0] ^= mask[0] & 0x0f;
	w->bytes[number_at] ^= mask[1];
	EVP_CIPHER_CTX_free(gcm);
	EVP_CIPHER_CTX_free(ecb);
}

static void
derive_keys(const struct message_initial *initial, struct quic_keys *keys)
{
	static struct quic_opener *opener;
	const char *dcid = initial->keys_dcid != NULL ? initial->keys_dcid : initial->dcid;
	uint32_t version = initial->keys_version != 0 ? initial->keys_version : 1;

	if (opener == NULL)
		opener = quic_opener_create();
	check(opener != NULL &&
	      quic_keys_derive(opener, version, slice_of(dcid, strlen(dcid)), keys));
}

void
message_initial(struct wire *w, const struct message_initial *initial, struct slice frames)
{
	const uint32_t v2 = 0x6b3343cf;
	const char *token = initial->token != NULL ? initial->token : "";
	size_t start = w->len;
	struct quic_keys keys;

	derive_keys(initial, &keys);
	/* Long header, Initial, number of one byte; v2 counts the types from 1. */
	wire_number(w, initial->keys_version == v2 ? 0xd0 : 0xc0, 1);
	wire_number(w, initial->version != 0 ? initial->version : 1, 4);
	wire_number(w, strlen(initial->dcid), 1);
	wire_text(w, initial->dcid);
	wire_number(w, 0, 1); /* no source connection id */
	wire_number(w, strlen(token), 1);
	wire_text(w, token);
	size_t length_at = w->len;
	size_t number_at = length_at + 2;
	size_t least = number_at - start + 1 + frames.len + TAG_LEN;
	check(initial->len >= least && strlen(token) < 64);
	wire_number(w, 0x4000 | (initial->len - (number_at - start)), 2);
	wire_number(w, initial->number, 1);
	wire_bytes(w, frames.data, frames.len);
	wire_fill(w, 0, initial->len - least + TAG_LEN);
	seal(w, start, number_at, &keys);
}

void
message_quic_initial(struct wire *w, const char *dcid, uint8_t number, struct slice frames,
		     size_t len)
{
	message_initial(w, &(struct message_initial){.dcid = dcid, .number = number, .len = len},
			frames);
}

void
message_quic_protected(struct wire *w, const char *dcid, unsigned type, size_t len)
{
	wire_number(w, 0xc0 | type << 4, 1);
	wire_number(w, 1, 4);
	wire_number(w, strlen(dcid), 1);
	wire_text(w, dcid);
	wire_number(w, 0, 1);
	wire_number(w, 0x4000 | len, 2);
	wire_fill(w, 0x77, len);
}

void
message_quic_negotiation(struct wire *w, const char *dcid, uint32_t version)
{
	wire_number(w, 0x80, 1);
	wire_number(w, 0, 4);
	wire_number(w, 0, 1);
	wire_number(w, strlen(dcid), 1);
	wire_text(w, dcid);
	wire_number(w, version, 4);
}

void
message_dns_answer(struct wire *w, const char *name)
{
	wire_number(w, 0x12348180, 4);
	wire_number(w, 0x0001000100000000, 8);
	for (const char *label = name; *label != '\0';) {
		size_t len = strcspn(label, ".");
		wire_number(w, len, 1);
		wire_bytes(w, label, len);
		label += len + (label[len] == '.');
	}
	wire_number(w, 0, 1);
	wire_number(w, 0x00010001, 4);
	wire_hex(w, "c00c 0001 0001 0000003c 0004 c0000201");
}
