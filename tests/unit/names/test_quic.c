/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/quic.h"

#include "tests/unit/names/wire.h"
#include "tests/unit/unit.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define V1 0x00000001u
#define V2 0x6b3343cfu
#define TAG_LEN 16

/* RFC 9001 A, RFC 9369 A and the drafts all start from this connection id. */
static const uint8_t sample_dcid[8] = {0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08};

static struct quic_opener *opener;
static unsigned library_allocations;

static void *
count_malloc(size_t len, const char *file, int line)
{
	(void)file, (void)line;
	library_allocations++;
	return malloc(len);
}

static void *
count_realloc(void *p, size_t len, const char *file, int line)
{
	(void)file, (void)line;
	library_allocations++;
	return realloc(p, len);
}

static void
plain_free(void *p, const char *file, int line)
{
	(void)file, (void)line;
	free(p);
}

static void
keys_of_every_version(void)
{
	/* RFC 9001 A.1; RFC 9369 A.1; draft-ietf-quic-tls-29 A.1; draft-ietf-quic-tls-23 A.1 */
	static const char rfc9001[] = "1f369613dd76d5467730efcbe3b1a22d fa044b2f42a3fd3b46fb255c"
				      "9f50449e04a0e810283a1e9933adedd2";
	static const char rfc9369[] = "8b1a0bc121284290a29e0971b5cd045d 91f73e2351d8fa91660e909f"
				      "45b95e15235d6f45a6b19cbcb0294ba9";
	static const char draft29[] = "175257a31eb09dea9366d8bb79ad80ba 6b26114b9cba2b63a9e8dd4f"
				      "9ddd12c994c0698b89374a9c077a3077";
	static const char draft23[] = "af7fd7efebd21878ff66811248983694 8681359410a70bb9c92f0420"
				      "a980b8b4fb7d9fbc13e814c23164253d";
	static const struct {
		uint32_t version;
		const char *keys;
	} cases[] = {
		{V1, rfc9001},         {0xff000021, rfc9001}, {0xff000022, rfc9001},
		{V2, rfc9369},         {0xff00001d, draft29}, {0xff00001e, draft29},
		{0xff00001f, draft29}, {0xff000020, draft29}, {0xff00001b, draft23},
		{0xff00001c, draft23}, {0xfaceb002, draft23}, {0xfaceb00e, draft23},
	};
	static struct wire expected;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct quic_keys keys;
		expected.len = 0;
		wire_hex(&expected, cases[i].keys);
		CU_ASSERT(quic_keys_derive(opener, cases[i].version,
					   slice_of(sample_dcid, sizeof(sample_dcid)), &keys));
		CU_ASSERT_EQUAL(expected.len, sizeof(keys));
		CU_ASSERT_EQUAL(memcmp(&keys, expected.bytes, sizeof(keys)), 0);
	}
}

/* HKDF by the library's own implementation, to compare with. */
static void
library_hkdf(int mode, struct slice key, struct slice salt_or_info, struct slice out)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	const char *name =
		mode == EVP_KDF_HKDF_MODE_EXTRACT_ONLY ? OSSL_KDF_PARAM_SALT : OSSL_KDF_PARAM_INFO;
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)key.data, key.len),
		OSSL_PARAM_construct_octet_string(name, (void *)salt_or_info.data,
						  salt_or_info.len),
		OSSL_PARAM_construct_end(),
	};
	CU_ASSERT_EQUAL(EVP_KDF_derive(ctx, (uint8_t *)out.data, out.len, params), 1);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}

static void
library_expand(const uint8_t *secret, const char *info_hex, uint8_t *out, size_t len)
{
	static struct wire info;

	info.len = 0;
	wire_hex(&info, info_hex);
	library_hkdf(EVP_KDF_HKDF_MODE_EXPAND_ONLY, slice_of(secret, 32), wire_slice(&info),
		     slice_of(out, len));
}

static void
keys_agree_with_the_library_for_every_length_of_connection_id(void)
{
	static struct wire salt, dcid;

	wire_hex(&salt, "38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
	for (size_t len = 1; len <= QUIC_CID_MAX; len++) {
		uint8_t secret[32];
		struct quic_keys expected, keys;

		wire_number(&dcid, 0xf0 + len, 1);
		library_hkdf(EVP_KDF_HKDF_MODE_EXTRACT_ONLY, wire_slice(&dcid), wire_slice(&salt),
			     slice_of(secret, sizeof(secret)));
		/* The HkdfLabels of RFC 9001 A.1. */
		library_expand(secret, "00200f746c73313320636c69656e7420696e00", secret, 32);
		library_expand(secret, "00100e746c7331332071756963206b657900", expected.key, 16);
		library_expand(secret, "000c0d746c733133207175696320697600", expected.iv, 12);
		library_expand(secret, "00100d746c733133207175696320687000", expected.hp, 16);
		CU_ASSERT(quic_keys_derive(opener, V1, wire_slice(&dcid), &keys));
		CU_ASSERT_EQUAL(memcmp(&keys, &expected, sizeof(keys)), 0);
	}
}

static void
no_keys_for_unknown_versions_or_long_connection_ids(void)
{
	static const uint8_t dcid[QUIC_CID_MAX + 1];
	struct quic_keys keys;

	CU_ASSERT_FALSE(quic_keys_derive(opener, 0, slice_of(dcid, 8), &keys));
	CU_ASSERT_FALSE(quic_keys_derive(opener, 0x51303530, slice_of(dcid, 8), &keys));
	CU_ASSERT_FALSE(quic_keys_derive(opener, 0x0a0a0a0a, slice_of(dcid, 8), &keys));
	CU_ASSERT_FALSE(quic_keys_derive(opener, V1, slice_of(dcid, sizeof(dcid)), &keys));
	CU_ASSERT(quic_keys_derive(opener, V1, slice_of(NULL, 0), &keys));
}

/*
 * Seals `frames` behind `header` (in clear, with its packet number at the end) as RFC 9001 5.3
 * and 5.4 say, with the library's plain functions.
 */
static void
write_sealed(struct wire *w, const struct quic_keys *keys, struct slice header, struct slice frames)
{
	EVP_CIPHER_CTX *gcm = EVP_CIPHER_CTX_new();
	EVP_CIPHER_CTX *ecb = EVP_CIPHER_CTX_new();
	size_t start = w->len;
	size_t number_len = (header.data[0] & 3u) + 1;
	uint8_t nonce[12];
	uint8_t mask[16];
	int n;

	memcpy(nonce, keys->iv, sizeof(nonce));
	for (size_t i = 0; i < number_len; i++)
		nonce[12 - number_len + i] ^= header.data[header.len - number_len + i];
	wire_bytes(w, header.data, header.len);
	wire_fill(w, 0, frames.len + TAG_LEN);
	uint8_t *sealed = w->bytes + start + header.len;
	CU_ASSERT_EQUAL(EVP_EncryptInit_ex(gcm, EVP_aes_128_gcm(), NULL, keys->key, nonce), 1);
	CU_ASSERT_EQUAL(EVP_EncryptUpdate(gcm, NULL, &n, header.data, (int)header.len), 1);
	if (frames.len > 0)
		CU_ASSERT_EQUAL(EVP_EncryptUpdate(gcm, sealed, &n, frames.data, (int)frames.len),
				1);
	CU_ASSERT_EQUAL(EVP_EncryptFinal_ex(gcm, sealed, &n), 1);
	CU_ASSERT_EQUAL(
		EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, sealed + frames.len), 1);

	const uint8_t *sample = sealed + 4 - number_len;
	CU_ASSERT_EQUAL(EVP_EncryptInit_ex(ecb, EVP_aes_128_ecb(), NULL, keys->hp, NULL), 1);
	CU_ASSERT_EQUAL(EVP_EncryptUpdate(ecb, mask, &n, sample, 16), 1);
	w->bytes[start] ^= mask[0] & 0x0f;
	for (size_t i = 0; i < number_len; i++)
		w->bytes[start + header.len - number_len + i] ^= mask[1 + i];
	EVP_CIPHER_CTX_free(gcm);
	EVP_CIPHER_CTX_free(ecb);
}

/* The frames of RFC 9001 A.2 and RFC 9369 A.2: one CRYPTO frame, and PADDING up to 1162 bytes. */
static void
write_sample_frames(struct wire *w)
{
	wire_hex(w, "060040f1010000ed0303ebf8fa56f129 39b9584a3896472ec40bb863cfd3e868"
		    "04fe3a47f06a2b69484c000004130113 02010000c000000010000e00000b6578"
		    "616d706c652e636f6dff01000100000a 00080006001d00170018001000070005"
		    "04616c706e0005000501000000000033 00260024001d00209370b2c9caa47fba"
		    "baf4559fedba753de171fa71f50f1ce1 5d43e994ec74d748002b000302030400"
		    "0d0010000e0403050306030203080408 050806002d00020101001c0002400100"
		    "3900320408ffffffffffffffff050480 00ffff07048000ffff08011001048000"
		    "75300901100f088394c8f03e51570806 048000ffff");
	wire_fill(w, 0, 1162 - w->len);
}

static const struct sample {
	uint32_t version;
	const char *clear_header, *sealed_header, *tag;
} samples[] = {
	{V1, "c300000001088394c8f03e5157080000449e00000002",
	 "c000000001088394c8f03e5157080000449e7b9aec34", "e221af44860018ab0856972e194cd934"},
	{V2, "d36b3343cf088394c8f03e5157080000449e00000002",
	 "d76b3343cf088394c8f03e5157080000449ea0c95e82", "a18b2faa745b6fe189cf772a9f84cbfc"},
};

/* The whole packet of the RFC; that its header and its tag come out as printed proves the rest. */
static void
write_sample_packet(struct wire *w, const struct sample *s, struct quic_keys *keys)
{
	static struct wire header, frames;

	header.len = frames.len = 0;
	wire_hex(&header, s->clear_header);
	write_sample_frames(&frames);
	CU_ASSERT(quic_keys_derive(opener, s->version, slice_of(sample_dcid, sizeof(sample_dcid)),
				   keys));
	write_sealed(w, keys, wire_slice(&header), wire_slice(&frames));
}

static enum parse_result
open_exactly(struct slice datagram, const struct quic_keys *keys, struct wire *frames_out)
{
	uint8_t *copy = wire_exact_copy(datagram);
	struct quic_long_header header;
	enum parse_result r = quic_long_header_parse(slice_of(copy, datagram.len), &header);

	if (r == PARSE_FOUND) {
		uint8_t *plain = malloc(header.packet.len);
		struct slice frames;
		r = quic_initial_open(opener, keys, &header, plain, header.packet.len, &frames);
		if (r == PARSE_FOUND && frames_out != NULL) {
			frames_out->len = 0;
			wire_bytes(frames_out, frames.data, frames.len);
		}
		free(plain);
	}
	free(copy);
	return r;
}

static void
client_initial_of_the_rfc_opens(void)
{
	static struct wire packet, expected, frames, landmark;

	write_sample_frames(&expected);
	for (size_t i = 0; i < COUNT(samples); i++) {
		struct quic_keys keys;
		packet.len = 0;
		write_sample_packet(&packet, &samples[i], &keys);
		CU_ASSERT_EQUAL(packet.len, 1200);
		landmark.len = 0;
		wire_hex(&landmark, samples[i].sealed_header);
		CU_ASSERT_EQUAL(memcmp(packet.bytes, landmark.bytes, landmark.len), 0);
		landmark.len = 0;
		wire_hex(&landmark, samples[i].tag);
		CU_ASSERT_EQUAL(memcmp(packet.bytes + 1200 - TAG_LEN, landmark.bytes, TAG_LEN), 0);

		CU_ASSERT_EQUAL(open_exactly(wire_slice(&packet), &keys, &frames), PARSE_FOUND);
		CU_ASSERT_EQUAL(frames.len, expected.len);
		CU_ASSERT_EQUAL(memcmp(frames.bytes, expected.bytes, expected.len), 0);
	}
}

/* RFC 9001 A.3, RFC 9369 A.3 */
static void
server_initials_of_the_rfc_are_not_the_clients(void)
{
	static const struct {
		uint32_t version;
		const char *hex;
	} rows[] = {
		{V1, "cf000000010008f067a5502a4262b500 4075c0d95a482cd0991cd25b0aac406a"
		     "5816b6394100f37a1c69797554780bb3 8cc5a99f5ede4cf73c3ec2493a1839b3"
		     "dbcba3f6ea46c5b7684df3548e7ddeb9 c3bf9c73cc3f3bded74b562bfb19fb84"
		     "022f8ef4cdd93795d77d06edbb7aaf2f 58891850abbdca3d20398c276456cbc4"
		     "2158407dd074ee"},
		{V2, "dc6b3343cf0008f067a5502a4262b500 4075d92faaf16f05d8a4398c47089698"
		     "baeea26b91eb761d9b89237bbf872630 17915358230035f7fd3945d88965cf17"
		     "f9af6e16886c61bfc703106fbaf3cb4c fa52382dd16a393e42757507698075b2"
		     "c984c707f0a0812d8cd5a6881eaf21ce da98f4bd23f6fe1a3e2c43edd9ce7ca8"
		     "4bed8521e2e140"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		static struct wire packet;
		struct quic_long_header header;
		struct quic_keys keys;

		packet.len = 0;
		wire_hex(&packet, rows[i].hex);
		CU_ASSERT_EQUAL(quic_long_header_parse(wire_slice(&packet), &header), PARSE_FOUND);
		CU_ASSERT_EQUAL(header.type, QUIC_PACKET_INITIAL);
		CU_ASSERT_EQUAL(header.version, rows[i].version);
		CU_ASSERT_EQUAL(header.dcid.len, 0);
		CU_ASSERT_EQUAL(header.scid.len, 8);
		CU_ASSERT_EQUAL(header.packet.len, packet.len);
		CU_ASSERT(quic_keys_derive(opener, rows[i].version,
					   slice_of(sample_dcid, sizeof(sample_dcid)), &keys));
		CU_ASSERT_EQUAL(open_exactly(wire_slice(&packet), &keys, NULL), PARSE_NOT_MINE);
	}
}

/* RFC 9001 A.4, RFC 9369 A.4 */
static void
retry_packets_of_the_rfc_give_the_next_connection_id(void)
{
	static const char *const rows[] = {
		"ff000000010008f067a5502a4262b574 6f6b656e04a265ba2eff4d829058fb3f 0f2496ba",
		"cf6b3343cf0008f067a5502a4262b574 6f6b656ec8646ce8bfe33952d9555436 65dcc7b6",
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		static struct wire packet;
		struct quic_long_header header;

		packet.len = 0;
		wire_hex(&packet, rows[i]);
		CU_ASSERT_EQUAL(quic_long_header_parse(wire_slice(&packet), &header), PARSE_FOUND);
		CU_ASSERT_EQUAL(header.type, QUIC_PACKET_RETRY);
		CU_ASSERT_EQUAL(header.packet.len, packet.len);
		CU_ASSERT_EQUAL(header.dcid.len, 0);
		CU_ASSERT(wire_slice_is(header.scid, "\xf0\x67\xa5\x50\x2a\x42\x62\xb5"));
	}
}

/* RFC 9000 17.2: once protection is off, the reserved bits have to be zero. */
static void
set_reserved_bits_are_refused(void)
{
	static struct wire packet, header, frames;
	struct quic_keys keys;

	CU_ASSERT(quic_keys_derive(opener, V1, slice_of(sample_dcid, sizeof(sample_dcid)), &keys));
	for (unsigned bits = 0; bits < 4; bits++) {
		packet.len = header.len = frames.len = 0;
		wire_fill(&frames, 1, 40);
		wire_number(&header, 0xc0 | bits << 2, 1);
		wire_hex(&header, "00000001 08 8394c8f03e515708 00 00 4039 00");
		write_sealed(&packet, &keys, wire_slice(&header), wire_slice(&frames));
		CU_ASSERT_EQUAL(open_exactly(wire_slice(&packet), &keys, NULL),
				bits == 0 ? PARSE_FOUND : PARSE_NOT_MINE);
	}
}

static void
a_changed_bit_anywhere_does_not_open(void)
{
	static struct wire packet;
	struct quic_keys keys;

	write_sample_packet(&packet, &samples[0], &keys);
	for (size_t i = 0; i < packet.len; i++) {
		packet.bytes[i] ^= 0x40;
		CU_ASSERT_NOT_EQUAL(open_exactly(wire_slice(&packet), &keys, NULL), PARSE_FOUND);
		packet.bytes[i] ^= 0x40;
	}
	CU_ASSERT_EQUAL(open_exactly(wire_slice(&packet), &keys, NULL), PARSE_FOUND);
}

static void
a_packet_cut_anywhere_is_malformed(void)
{
	static struct wire packet;
	struct quic_keys keys;

	write_sample_packet(&packet, &samples[0], &keys);
	for (size_t len = 0; len < packet.len; len++) {
		enum parse_result r = open_exactly(slice_of(packet.bytes, len), &keys, NULL);
		/* Before the version is there, it could be anything. */
		CU_ASSERT_EQUAL(r, len < 5 ? PARSE_NOT_MINE : PARSE_MALFORMED);
	}
}

static void
every_length_of_packet_number_and_payload_opens(void)
{
	static struct wire packet, frames, opened, header;
	struct quic_keys keys;

	CU_ASSERT(quic_keys_derive(opener, V1, slice_of(sample_dcid, sizeof(sample_dcid)), &keys));
	for (size_t number_len = 1; number_len <= 4; number_len++) {
		for (size_t frames_len = 0; frames_len < 40; frames_len++) {
			packet.len = frames.len = header.len = 0;
			wire_fill(&frames, 1, frames_len);
			wire_number(&header, 0xc0 + number_len - 1, 1);
			wire_hex(&header, "00000001 08 8394c8f03e515708 00 03 746f6b"); /* token */
			wire_number(&header, 0x4000 + number_len + frames_len + TAG_LEN, 2);
			wire_number(&header, 0x12345678, number_len);
			write_sealed(&packet, &keys, wire_slice(&header), wire_slice(&frames));
			/* RFC 9001 5.4.2: shorter packets cannot be sampled. */
			bool is_short = number_len + frames_len < 4;
			CU_ASSERT_EQUAL(open_exactly(wire_slice(&packet), &keys, &opened),
					is_short ? PARSE_MALFORMED : PARSE_FOUND);
			CU_ASSERT(is_short ||
				  (opened.len == frames_len &&
				   memcmp(opened.bytes, frames.bytes, frames_len) == 0));
		}
	}
}

static void
opening_needs_room_for_the_packet(void)
{
	static struct wire packet;
	static uint8_t plain[1200];
	struct quic_long_header header;
	struct quic_keys keys;
	struct slice frames;

	write_sample_packet(&packet, &samples[0], &keys);
	CU_ASSERT_EQUAL(quic_long_header_parse(wire_slice(&packet), &header), PARSE_FOUND);
	CU_ASSERT_EQUAL(quic_initial_open(opener, &keys, &header, plain, 1199, &frames),
			PARSE_MALFORMED);
	CU_ASSERT_EQUAL(quic_initial_open(opener, &keys, &header, plain, 1200, &frames),
			PARSE_FOUND);
}

static void
opening_allocates_nothing(void)
{
	static struct wire packet;
	static uint8_t plain[1200];
	struct quic_long_header header;
	struct quic_keys keys;
	struct slice frames;

	write_sample_packet(&packet, &samples[0], &keys);
	CU_ASSERT_EQUAL(quic_long_header_parse(wire_slice(&packet), &header), PARSE_FOUND);
	for (int round = 0; round < 3; round++) {
		unsigned before = library_allocations;
		CU_ASSERT(quic_keys_derive(opener, V1, header.dcid, &keys));
		CU_ASSERT_EQUAL(
			quic_initial_open(opener, &keys, &header, plain, sizeof(plain), &frames),
			PARSE_FOUND);
		CU_ASSERT_EQUAL(library_allocations, before);
		keys.key[0] ^= 1; /* the way of a packet that does not open */
		CU_ASSERT_EQUAL(
			quic_initial_open(opener, &keys, &header, plain, sizeof(plain), &frames),
			PARSE_NOT_MINE);
		CU_ASSERT_EQUAL(library_allocations, before);
	}
	CU_ASSERT(library_allocations > 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"keys_of_every_version", keys_of_every_version},
		{"keys_agree_with_the_library_for_every_length_of_connection_id",
		 keys_agree_with_the_library_for_every_length_of_connection_id},
		{"no_keys_for_unknown_versions_or_long_connection_ids",
		 no_keys_for_unknown_versions_or_long_connection_ids},
		{"client_initial_of_the_rfc_opens", client_initial_of_the_rfc_opens},
		{"server_initials_of_the_rfc_are_not_the_clients",
		 server_initials_of_the_rfc_are_not_the_clients},
		{"retry_packets_of_the_rfc_give_the_next_connection_id",
		 retry_packets_of_the_rfc_give_the_next_connection_id},
		{"set_reserved_bits_are_refused", set_reserved_bits_are_refused},
		{"a_changed_bit_anywhere_does_not_open", a_changed_bit_anywhere_does_not_open},
		{"a_packet_cut_anywhere_is_malformed", a_packet_cut_anywhere_is_malformed},
		{"every_length_of_packet_number_and_payload_opens",
		 every_length_of_packet_number_and_payload_opens},
		{"opening_needs_room_for_the_packet", opening_needs_room_for_the_packet},
		{"opening_allocates_nothing", opening_allocates_nothing},
	};

	if (CRYPTO_set_mem_functions(count_malloc, count_realloc, plain_free) != 1)
		return 1;
	opener = quic_opener_create();
	if (opener == NULL)
		return 1;
	int status = unit_run("quic", cases, COUNT(cases));
	quic_opener_destroy(opener);
	return status;
}
