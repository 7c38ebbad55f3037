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
#define PACKET_MAX 65535 /* what a UDP datagram can hold */

struct hmac_key {
	uint32_t inner[HASH_WORDS];
	uint32_t outer[HASH_WORDS];
};

struct quic_opener {
	EVP_CIPHER_CTX *gcm;
	EVP_CIPHER_CTX *ecb;
	struct hmac_key salts[QUIC_VERSION_COUNT];
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

/* Completes a block that holds `len` message bytes, the second one of its hash, and hashes it. */
static void
hash_last_block(const uint32_t *state, uint8_t *block, size_t len, uint8_t *digest)
{
	uint32_t words[HASH_WORDS];
	size_t bits = (BLOCK_LEN + len) * 8;

	memset(block + len, 0, BLOCK_LEN - len);
	block[len] = 0x80;
	block[BLOCK_LEN - 2] = (uint8_t)(bits >> 8);
	block[BLOCK_LEN - 1] = (uint8_t)bits;
	hash_block(state, block, words);
	for (size_t i = 0; i < HASH_WORDS; i++) {
		digest[4 * i] = (uint8_t)(words[i] >> 24);
		digest[4 * i + 1] = (uint8_t)(words[i] >> 16);
		digest[4 * i + 2] = (uint8_t)(words[i] >> 8);
		digest[4 * i + 3] = (uint8_t)words[i];
	}
}

/* `message` is the start of a block of which `len` bytes, at most 55, are the message. */
static void
hmac_short(const struct hmac_key *key, uint8_t *message, size_t len, uint8_t *mac)
{
	uint8_t outer[BLOCK_LEN];

	hash_last_block(key->inner, message, len, outer);
	hash_last_block(key->outer, outer, SHA256_DIGEST_LENGTH, mac);
}

/* HKDF-Expand-Label with no context (RFC 8446 7.1) for at most one hash of output. */
static void
expand_label(const struct hmac_key *secret, const char *label, uint8_t *out, size_t out_len)
{
	static const char prefix[] = {'t', 'l', 's', '1', '3', ' '};
	uint8_t info[BLOCK_LEN];
	uint8_t mac[SHA256_DIGEST_LENGTH];
	size_t label_len = strlen(label);
	size_t at = 3;

	info[0] = 0;
	info[1] = (uint8_t)out_len;
	info[2] = (uint8_t)(sizeof(prefix) + label_len);
	memcpy(info + at, prefix, sizeof(prefix));
	at += sizeof(prefix);
	memcpy(info + at, label, label_len);
	at += label_len;
	info[at++] = 0; /* length of the context */
	info[at++] = 1; /* number of the output block (RFC 5869 2.3) */
	hmac_short(secret, info, at, mac);
	memcpy(out, mac, out_len);
}

bool
quic_keys_derive(struct quic_opener *opener, uint32_t version, struct slice dcid,
		 struct quic_keys *out)
{
	const struct quic_version *v = quic_version_find(version);
	uint8_t block[BLOCK_LEN];
	uint8_t secret[SHA256_DIGEST_LENGTH];
	struct hmac_key key;

	if (v == NULL || dcid.len > QUIC_CID_MAX)
		return false;
	if (dcid.len > 0)
		memcpy(block, dcid.data, dcid.len);
	hmac_short(&opener->salts[v - quic_versions], block, dcid.len, secret);
	hmac_key_init(&key, secret, sizeof(secret));
	expand_label(&key, "client in", secret, sizeof(secret));
	hmac_key_init(&key, secret, sizeof(secret));
	expand_label(&key, v->labels->key, out->key, sizeof(out->key));
	expand_label(&key, v->labels->iv, out->iv, sizeof(out->iv));
	expand_label(&key, v->labels->hp, out->hp, sizeof(out->hp));
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
	for (size_t i = 0; i < QUIC_VERSION_COUNT; i++)
		hmac_key_init(&opener->salts[i], quic_versions[i].salt, QUIC_SALT_LEN);
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
 * Returns the length of the packet number, or 0 when the library fails.
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

enum parse_result
quic_initial_open(struct quic_opener *opener, const struct quic_keys *keys,
		  const struct quic_long_header *header, uint8_t *plain, size_t plain_len,
		  struct slice *frames)
{
	struct slice packet = header->packet;

	/* RFC 9001 5.4.2: a packet is long enough for a sample behind the longest packet number. */
	if (packet.len > plain_len || packet.len > PACKET_MAX || !header->is_initial ||
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
