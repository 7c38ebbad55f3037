/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/sinks/tls_peer.h"

#include <err.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "tests/unit/sinks/sink_sample.h"

#define LOCALHOST "DNS:localhost,IP:127.0.0.1,IP:::1"
#define FROM "20240101000000Z"
#define UNTIL "20980101000000Z"

static const struct recipe {
	const char *name, *common, *alternatives, *from, *until;
	enum tls_peer_certificate signer;
} recipes[TLS_PEER_CERTIFICATES] = {
	[TLS_PEER_CA] = {"ca", "Test CA", NULL, FROM, UNTIL, TLS_PEER_CA},
	[TLS_PEER_OTHER_CA] = {"other", "Other CA", NULL, FROM, UNTIL, TLS_PEER_OTHER_CA},
	[TLS_PEER_GOOD] = {"good", "receiver", LOCALHOST, FROM, UNTIL, TLS_PEER_CA},
	[TLS_PEER_EXPIRED] = {"expired", "receiver", LOCALHOST, FROM, "20250201000000Z",
			      TLS_PEER_CA},
	[TLS_PEER_EARLY] = {"early", "receiver", LOCALHOST, "20990101000000Z", "20991231000000Z",
			    TLS_PEER_CA},
	[TLS_PEER_WRONG] = {"wrong", "receiver", "DNS:siem.example,DNS:logs.example", FROM, UNTIL,
			    TLS_PEER_CA},
	[TLS_PEER_UNKNOWN] = {"unknown", "receiver", LOCALHOST, FROM, UNTIL, TLS_PEER_OTHER_CA},
	[TLS_PEER_CLIENT] = {"client", "sensor", "DNS:sensor", FROM, UNTIL, TLS_PEER_CA},
	[TLS_PEER_UNKNOWN_CLIENT] = {"unknown-client", "sensor", "DNS:sensor", FROM, UNTIL,
				     TLS_PEER_OTHER_CA},
	[TLS_PEER_EXPIRED_CLIENT] = {"expired-client", "sensor", "DNS:sensor", FROM,
				     "20250201000000Z", TLS_PEER_CA},
};

static char files[TLS_PEER_CERTIFICATES][PATH_MAX], keys[TLS_PEER_CERTIFICATES][PATH_MAX];
static char locked_key[PATH_MAX];

static void
require(bool done, const char *what)
{
	if (!done)
		errx(1, "making certificates: %s", what);
}

static void
add_extension(X509 *certificate, X509 *signer, int kind, const char *value)
{
	X509V3_CTX context;

	X509V3_set_ctx(&context, signer, certificate, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
	require(extension != NULL && X509_add_ext(certificate, extension, -1) == 1, value);
	X509_EXTENSION_free(extension);
}

static X509 *
make_certificate(const struct recipe *recipe, EVP_PKEY *key, X509 *signer, EVP_PKEY *signer_key)
{
	static long serial = 1;
	X509 *certificate = X509_new();

	require(certificate != NULL, "no memory");
	if (signer == NULL)
		signer = certificate;
	X509_NAME *name = X509_get_subject_name(certificate);
	require(X509_set_version(certificate, 2) == 1 &&
			ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++) == 1 &&
			ASN1_TIME_set_string(X509_getm_notBefore(certificate), recipe->from) == 1 &&
			ASN1_TIME_set_string(X509_getm_notAfter(certificate), recipe->until) == 1 &&
			X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
						   (const unsigned char *)recipe->common, -1, -1,
						   0) == 1 &&
			X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1 &&
			X509_set_pubkey(certificate, key) == 1,
		recipe->name);
	if (recipe->alternatives == NULL)
		add_extension(certificate, signer, NID_basic_constraints, "critical,CA:TRUE");
	else
		add_extension(certificate, signer, NID_subject_alt_name, recipe->alternatives);
	require(X509_sign(certificate, signer_key, EVP_sha256()) > 0, "signing");
	return certificate;
}

static void
write_key(const char *path, EVP_PKEY *key, const char *passphrase)
{
	FILE *file = fopen(path, "w");

	require(file != NULL &&
			PEM_write_PrivateKey(
				file, key, passphrase != NULL ? EVP_aes_128_cbc() : NULL,
				(const unsigned char *)passphrase,
				passphrase != NULL ? (int)strlen(passphrase) : 0, NULL, NULL) == 1,
		path);
	fclose(file);
}

static void
write_certificate(const char *path, X509 *certificate)
{
	FILE *file = fopen(path, "w");

	require(file != NULL && PEM_write_X509(file, certificate) == 1, path);
	fclose(file);
}

static void
make_all(void)
{
	EVP_PKEY *made_keys[TLS_PEER_CERTIFICATES];
	X509 *made[TLS_PEER_CERTIFICATES];
	const char *folder = sink_sample_folder();

	for (size_t i = 0; i < TLS_PEER_CERTIFICATES; i++) {
		const struct recipe *recipe = &recipes[i];
		bool is_root = recipe->signer == i;
		made_keys[i] = EVP_EC_gen("P-256");
		require(made_keys[i] != NULL, "a key");
		made[i] = make_certificate(recipe, made_keys[i],
					   is_root ? NULL : made[recipe->signer],
					   made_keys[recipe->signer]);
		snprintf(files[i], PATH_MAX, "%s/%s.pem", folder, recipe->name);
		snprintf(keys[i], PATH_MAX, "%s/%s.key", folder, recipe->name);
		write_certificate(files[i], made[i]);
		write_key(keys[i], made_keys[i], NULL);
	}
	snprintf(locked_key, sizeof(locked_key), "%s/locked.key", folder);
	write_key(locked_key, made_keys[TLS_PEER_CLIENT], "secret");
	for (size_t i = 0; i < TLS_PEER_CERTIFICATES; i++) {
		X509_free(made[i]);
		EVP_PKEY_free(made_keys[i]);
	}
}

const char *
tls_peer_file(enum tls_peer_certificate certificate)
{
	if (files[0][0] == '\0')
		make_all();
	return files[certificate];
}

const char *
tls_peer_key(enum tls_peer_certificate certificate)
{
	(void)tls_peer_file(certificate);
	return keys[certificate];
}

const char *
tls_peer_locked_key(void)
{
	(void)tls_peer_file(TLS_PEER_CLIENT);
	return locked_key;
}

/* The rest of a session: an SSL is one already, this gives it a name of ours. */
struct tls_peer {
	SSL *ssl;
};

static SSL_CTX *
create_context(const struct tls_peer_settings *settings)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	require(context != NULL &&
			SSL_CTX_use_certificate_chain_file(
				context, tls_peer_file(settings->certificate)) == 1 &&
			SSL_CTX_use_PrivateKey_file(context, tls_peer_key(settings->certificate),
						    SSL_FILETYPE_PEM) == 1,
		"a receiver's settings");
	if (settings->version != 0) {
		SSL_CTX_set_min_proto_version(context, settings->version);
		SSL_CTX_set_max_proto_version(context, settings->version);
		/* TLS 1.1 is below what OpenSSL 3 otherwise does. */
		SSL_CTX_set_security_level(context, settings->version < TLS1_2_VERSION ? 0 : 1);
	}
	if (settings->asks_client) {
		require(SSL_CTX_load_verify_file(context, tls_peer_file(TLS_PEER_CA)) == 1, "ca");
		SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
				   NULL);
	}
	return context;
}

struct tls_peer *
tls_peer_accept(int fd, const struct tls_peer_settings *settings)
{
	struct tls_peer *peer = malloc(sizeof(*peer));
	SSL_CTX *context = create_context(settings);

	require(peer != NULL, "no memory");
	peer->ssl = SSL_new(context);
	SSL_CTX_free(context);
	require(peer->ssl != NULL && SSL_set_fd(peer->ssl, fd) == 1, "a session");
	if (SSL_accept(peer->ssl) == 1)
		return peer;
	tls_peer_close(peer, false);
	return NULL;
}

ssize_t
tls_peer_read(struct tls_peer *peer, void *bytes, size_t size)
{
	return SSL_read(peer->ssl, bytes, size < INT_MAX ? (int)size : INT_MAX);
}

bool
tls_peer_write(struct tls_peer *peer, const void *bytes, size_t len)
{
	return SSL_write(peer->ssl, bytes, (int)len) == (int)len;
}

void
tls_peer_close(struct tls_peer *peer, bool say_goodbye)
{
	if (say_goodbye)
		(void)SSL_shutdown(peer->ssl);
	SSL_free(peer->ssl);
	free(peer);
}
