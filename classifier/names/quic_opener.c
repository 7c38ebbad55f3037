/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys cost as much as the packet: 14 SHA-256 blocks, against 1.2 kB of AES-GCM. EVP_KDF takes 5 us
 * for them, copied EVP_MD_CTX take 1.0 us and an allocation a block. So HMAC (RFC 2104) is done
 * here over single blocks, in 0.9 us and without allocating: every message of this derivation fits
 * into one (a connection id, a label), and a key is the two hash states behind its inner and outer
 * pad. Those of the versions' salts are made once.
 */
#define OPENSSL_SUPPRESS_DEPRECATED /* SHA256_Transform: libcrypto offers no other single block */
#include "classifier/names/quic.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "classifier/names/quic_version.h"

#define BLOCK_LEN SHA256_CBLOCK
#define HASH_WORDS (SHA256_DIGEST_LENGTH / sizeof(uint32_t))
#define TAG_LEN 16
#define SAMPLE_LEN 16
#define NUMBER_LEN_MAX 4
#define RESERVED_BITS 0x0c
#define PACKET_MAX 65535 /* what a UDP datagram can hold */

struct hmac_key {
	uint32_t inner[HASH_WORDS];
	uint32_t outer[HASH_WORDS];
};

/* One block of a message that HMAC hashes, padded: the second one of its hash. */
struct message_block {
	uint8_t bytes[BLOCK_LEN];
};

/* What the keys of a version are made with. */
struct version_blocks {
	struct hmac_key salt;
	struct message_block key, iv, hp; /* HkdfLabels */
};

struct quic_opener {
	EVP_CIPHER_CTX *gcm;
	EVP_CIPHER_CTX *ecb;
	struct version_blocks versions[QUIC_VERSION_COUNT];
	struct message_block client_in;
};

/* Hashes one block onto `state` (FIPS 180-4 6.2.2); NULL stands for the state at the beginning. */
static void
hash_block(const uint32_t *state, const uint8_t *block, uint32_t *out)
{
	SHA256_CTX ctx;

	if (state == NULL)
		(void)SHA256_Init(&ctx); /* sets constants, cannot fail */
	else
		memcpy(ctx.h, state, sizeof(ctx.h));
	SHA256_Transform(&ctx, block);
	memcpy(out, ctx.h, sizeof(ctx.h));
}

static void
hmac_key_init(struct hmac_key *out, const uint8_t *key, size_t len)
{
	uint8_t pad[BLOCK_LEN];

	memset(pad, 0x36, sizeof(pad));
	for (size_t i = 0; i < len; i++)
		pad[i] ^= key[i];
	hash_block(NULL, pad, out->inner);
	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	hash_block(NULL, pad, out->outer);
}

/* Pads a message of `len` bytes, at most 55, that stands behind a block with the key's pad. */
static void
message_block_end(struct message_block *b, size_t len)
{
	size_t bits = (BLOCK_LEN + len) * 8;

	memset(b->bytes + len, 0, BLOCK_LEN - len);
	b->bytes[len] = 0x80;
	b->bytes[BLOCK_LEN - 2] = (uint8_t)(bits >> 8);
	b->bytes[BLOCK_LEN - 1] = (uint8_t)bits;
}

static void
write_digest(const uint32_t *words, uint8_t *digest)
{
	for (size_t i = 0; i < HASH_WORDS; i++) {
		uint32_t word = __builtin_bswap32(words[i]);
		memcpy(digest + i * sizeof(word), &word, sizeof(word));
	}
}

static void
hmac(const struct hmac_key *key, const struct message_block *message, uint8_t *mac)
{
	/* The outer hash is over 96 bytes, 0x300 bits: the pad's block and the inner hash. */
	uint8_t outer[BLOCK_LEN] = {[SHA256_DIGEST_LENGTH] = 0x80, [BLOCK_LEN - 2] = 3};
	uint32_t words[HASH_WORDS];

	hash_block(key->inner, message->bytes, words);
	write_digest(words, outer);
	hash_block(key->outer, outer, words);
	write_digest(words, mac);
}

/* The HkdfLabel of HKDF-Expand-Label with no context (RFC 8446 7.1) and at most one hash of output.
 */
static void
label_block_init(struct message_block *out, const char *label, size_t out_len)
{
	static const char prefix[] = {'t', 'l', 's', '1', '3', ' '};
	size_t label_len = strlen(label);
	uint8_t *at = out->bytes;

	*at++ = 0;
	*at++ = (uint8_t)out_len;
	*at++ = (uint8_t)(sizeof(prefix) + label_len);
	memcpy(at, prefix, sizeof(prefix));
	at += sizeof(prefix);
	memcpy(at, label, label_len);
	at += label_len;
	*at++ = 0; /* length of the context */
	*at++ = 1; /* number of the output block (RFC 5869 2.3) */
	message_block_end(out, (size_t)(at - out->bytes));
}

bool
quic_keys_derive(struct quic_opener *opener, uint32_t version, struct slice dcid,
		 struct quic_keys *out)
{
	const struct quic_version *v = quic_version_find(version);
	struct message_block id;
	uint8_t secret[SHA256_DIGEST_LENGTH];
	struct hmac_key key;

	if (v == NULL || dcid.len > QUIC_CID_MAX)
		return false;
	const struct version_blocks *blocks = &opener->versions[v - quic_versions];
	if (dcid.len > 0)
		memcpy(id.bytes, dcid.data, dcid.len);
	message_block_end(&id, dcid.len);
	hmac(&blocks->salt, &id, secret);
	hmac_key_init(&key, secret, sizeof(secret));
	hmac(&key, &opener->client_in, secret);
	hmac_key_init(&key, secret, sizeof(secret));
	hmac(&key, &blocks->key, secret);
	memcpy(out->key, secret, sizeof(out->key));
	hmac(&key, &blocks->iv, secret);
	memcpy(out->iv, secret, sizeof(out->iv));
	hmac(&key, &blocks->hp, secret);
	memcpy(out->hp, secret, sizeof(out->hp));
	return true;
}

/* A context whose cipher is fetched here once; fetched for each packet, that would cost most of
 * all. */
static EVP_CIPHER_CTX *
create_context(const char *cipher_name)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, cipher_name, NULL);

	if (ctx == NULL || cipher == NULL ||
	    EVP_CipherInit_ex2(ctx, cipher, NULL, NULL, 0, NULL) != 1) {
		EVP_CIPHER_CTX_free(ctx);
		ctx = NULL;
	}
	EVP_CIPHER_free(cipher); /* the context holds its own reference */
	return ctx;
}

static void
version_blocks_init(struct version_blocks *out, const struct quic_version *version)
{
	hmac_key_init(&out->salt, version->salt, QUIC_SALT_LEN);
	label_block_init(&out->key, version->labels->key, sizeof(((struct quic_keys *)0)->key));
	label_block_init(&out->iv, version->labels->iv, sizeof(((struct quic_keys *)0)->iv));
	label_block_init(&out->hp, version->labels->hp, sizeof(((struct quic_keys *)0)->hp));
}

struct quic_opener *
quic_opener_create(void)
{
	struct quic_opener *opener = calloc(1, sizeof(*opener));
	if (opener == NULL)
		return NULL;
	opener->gcm = create_context("AES-128-GCM");
	opener->ecb = create_context("AES-128-ECB");
	if (opener->gcm == NULL || opener->ecb == NULL) {
		quic_opener_destroy(opener);
		errno = ENOTSUP;
		return NULL;
	}
	label_block_init(&opener->client_in, "client in", SHA256_DIGEST_LENGTH);
	for (size_t i = 0; i < QUIC_VERSION_COUNT; i++)
		version_blocks_init(&opener->versions[i], &quic_versions[i]);
	return opener;
}

void
quic_opener_destroy(struct quic_opener *opener)
{
	if (opener == NULL)
		return;
	EVP_CIPHER_CTX_free(opener->gcm);
	EVP_CIPHER_CTX_free(opener->ecb);
	free(opener);
}

/*
 * Copies the header to `clear` and takes its protection off (RFC 9001 5.4.1, 5.4.2). The packet
 * number of an Initial is taken as it stands: nobody sends enough of them to leave bits out.
 * Returns the length of the packet number, or 0 when the library fails or the reserved bits are set
 * (RFC 9000 17.2: they may not be): so do three of four packets with other keys say at once what
 * the tag would say later.
 */
static size_t
unprotect_header(EVP_CIPHER_CTX *ecb, const uint8_t *hp, const struct quic_long_header *header,
		 uint8_t *clear)
{
	size_t number_at = header->number_offset;
	const uint8_t *sample = header->packet.data + number_at + NUMBER_LEN_MAX;
	uint8_t mask[SAMPLE_LEN];
	int mask_len;

	if (EVP_EncryptInit_ex2(ecb, NULL, hp, NULL, NULL) != 1 ||
	    EVP_EncryptUpdate(ecb, mask, &mask_len, sample, SAMPLE_LEN) != 1)
		return 0;
	memcpy(clear, header->packet.data, number_at + NUMBER_LEN_MAX);
	clear[0] ^= mask[0] & 0x0f;
	if ((clear[0] & RESERVED_BITS) != 0)
		return 0;
	size_t number_len = (clear[0] & 3u) + 1;
	for (size_t i = 0; i < number_len; i++)
		clear[number_at + i] ^= mask[1 + i];
	return number_len;
}

/* RFC 9001 5.3: the nonce is the IV with the packet number added to its end. */
static bool
open_payload(EVP_CIPHER_CTX *gcm, const struct quic_keys *keys, struct slice clear_header,
	     struct slice sealed, uint8_t *plain)
{
	const uint8_t *number = clear_header.data + clear_header.len - NUMBER_LEN_MAX;
	size_t number_len = (clear_header.data[0] & 3u) + 1;
	int plain_len = (int)(sealed.len - TAG_LEN);
	uint8_t tag[TAG_LEN];
	uint8_t nonce[sizeof(keys->iv)];
	int done;

	memcpy(nonce, keys->iv, sizeof(nonce));
	for (size_t i = NUMBER_LEN_MAX - number_len; i < NUMBER_LEN_MAX; i++)
		nonce[sizeof(nonce) - NUMBER_LEN_MAX + i] ^= number[i];
	memcpy(tag, sealed.data + plain_len, sizeof(tag));
	return EVP_DecryptInit_ex2(gcm, NULL, keys->key, nonce, NULL) == 1 &&
	       EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, tag) == 1 &&
	       EVP_DecryptUpdate(gcm, NULL, &done, clear_header.data, (int)clear_header.len) == 1 &&
	       EVP_DecryptUpdate(gcm, plain, &done, sealed.data, plain_len) == 1 &&
	       EVP_DecryptFinal_ex(gcm, plain + done, &done) == 1;
}

static bool
is_opened(enum quic_packet_type type)
{
	return type == QUIC_PACKET_INITIAL || type == QUIC_PACKET_UNKNOWN;
}

enum parse_result
quic_initial_open(struct quic_opener *opener, const struct quic_keys *keys,
		  const struct quic_long_header *header, uint8_t *plain, size_t plain_len,
		  struct slice *frames)
{
	struct slice packet = header->packet;

	/* RFC 9001 5.4.2: a packet is long enough for a sample behind the longest packet number. */
	if (packet.len > plain_len || packet.len > PACKET_MAX || !is_opened(header->type) ||
	    packet.len < header->number_offset + NUMBER_LEN_MAX + SAMPLE_LEN)
		return PARSE_MALFORMED;

	size_t number_len = unprotect_header(opener->ecb, keys->hp, header, plain);
	if (number_len == 0)
		return PARSE_NOT_MINE;
	size_t header_len = header->number_offset + number_len;
	struct slice sealed = slice_of(packet.data + header_len, packet.len - header_len);
	uint8_t *payload = plain + header_len;
	if (!open_payload(opener->gcm, keys, slice_of(plain, header_len), sealed, payload))
		return PARSE_NOT_MINE;
	*frames = slice_of(payload, sealed.len - TAG_LEN);
	return PARSE_FOUND;
}
