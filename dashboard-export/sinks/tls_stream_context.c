/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/tls_stream_context.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/printable_text.h"

/* Names of a certificate that a message lists. */
#define NAMES_MAX 3

/* A key with a passphrase would have OpenSSL ask at the terminal. */
static int
refuse_passphrase(char *buffer, int size, int writing, void *asked)
{
	(void)buffer;
	(void)size;
	(void)writing;
	*(bool *)asked = true;
	return -1;
}

static void
say_file(char why[TLS_WHY_SIZE], const char *what, const char *path)
{
	char name[96];
	const char *reason = ERR_reason_error_string(ERR_peek_error());

	printable_text_copy(path, name, sizeof(name));
	snprintf(why, TLS_WHY_SIZE, "%s of `tls` cannot be used: %s: %.60s", what, name,
		 reason != NULL ? reason : "unknown reason");
}

static bool
load_authorities(SSL_CTX *context, const char *path, char why[TLS_WHY_SIZE])
{
	if (path == NULL) {
		if (SSL_CTX_set_default_verify_paths(context) == 1)
			return true;
		snprintf(why, TLS_WHY_SIZE, "the system's trusted certificates cannot be read");
		return false;
	}
	if (SSL_CTX_load_verify_file(context, path) != 1) {
		say_file(why, "`ca`", path);
		return false;
	}
	/* Who names an intermediate authority, or the receiver itself, trusts just that. */
	X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
	return true;
}

static bool
load_own_certificate(SSL_CTX *context, const struct sink_tls *tls, char why[TLS_WHY_SIZE])
{
	bool passphrase = false;

	if (tls->certificate == NULL)
		return true;
	const char *key = tls->key != NULL ? tls->key : tls->certificate;
	SSL_CTX_set_default_passwd_cb(context, refuse_passphrase);
	SSL_CTX_set_default_passwd_cb_userdata(context, &passphrase);
	if (SSL_CTX_use_certificate_chain_file(context, tls->certificate) != 1) {
		say_file(why, "`cert`", tls->certificate);
		return false;
	}
	bool loaded = SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1;
	SSL_CTX_set_default_passwd_cb_userdata(context, NULL);
	if (loaded)
		return true;
	if (passphrase)
		snprintf(why, TLS_WHY_SIZE,
			 "`key` of `tls` has a passphrase, which nobody could type: give one "
			 "without");
	else
		say_file(why, "`key`", key);
	return false;
}

struct ssl_ctx_st *
tls_stream_context_create(const struct sink_tls *tls, char why[TLS_WHY_SIZE])
{
	ERR_clear_error();
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (context == NULL) {
		snprintf(why, TLS_WHY_SIZE, "OpenSSL has no memory or no settings");
		return NULL;
	}
	if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
	    load_authorities(context, tls->ca, why) && load_own_certificate(context, tls, why)) {
		SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
		SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
						  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
		return context;
	}
	SSL_CTX_free(context);
	return NULL;
}

static bool
is_address(const char *name)
{
	struct in6_addr address;

	return inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1;
}

int
tls_stream_context_expect(struct ssl_st *ssl, const char *name, char why[TLS_WHY_SIZE])
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
	bool expected;

	/* RFC 6066 3: an address is no server name. */
	if (is_address(name)) {
		expected = X509_VERIFY_PARAM_set1_ip_asc(param, name) == 1;
	} else {
		X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
		expected = X509_VERIFY_PARAM_set1_host(param, name, 0) == 1 &&
			   SSL_set_tlsext_host_name(ssl, name) == 1;
	}
	if (expected)
		return 0;
	snprintf(why, TLS_WHY_SIZE, "%.160s can be no name of a certificate",
		 printable_text(name).text);
	return -EACCES;
}

/* ", "-separated into `out`, as far as there is room. */
static void
add_name(char *out, size_t size, const char *name)
{
	char clean[64];
	size_t used = strlen(out);

	printable_text_copy(name, clean, sizeof(clean));
	snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "", clean);
}

static void
add_general_name(char *out, size_t size, const GENERAL_NAME *general)
{
	char text[INET6_ADDRSTRLEN];

	if (general->type == GEN_DNS) {
		char name[64];
		snprintf(name, sizeof(name), "%.*s", ASN1_STRING_length(general->d.dNSName),
			 (const char *)ASN1_STRING_get0_data(general->d.dNSName));
		add_name(out, size, name);
	} else if (general->type == GEN_IPADD) {
		int len = ASN1_STRING_length(general->d.iPAddress);
		if ((len == 4 || len == 16) &&
		    inet_ntop(len == 4 ? AF_INET : AF_INET6,
			      ASN1_STRING_get0_data(general->d.iPAddress), text, sizeof(text)))
			add_name(out, size, text);
	}
}

/* Whom the certificate is for. */
static void
list_names(X509 *certificate, char *out, size_t size)
{
	char common[64];
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);

	out[0] = '\0';
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && i < NAMES_MAX; i++)
		add_general_name(out, size, sk_GENERAL_NAME_value(names, i));
	GENERAL_NAMES_free(names);
	if (out[0] == '\0' && X509_NAME_get_text_by_NID(X509_get_subject_name(certificate),
							NID_commonName, common, sizeof(common)) > 0)
		add_name(out, size, common);
	if (out[0] == '\0')
		add_name(out, size, "nobody");
}

static void
say_day(const ASN1_TIME *time, char out[16])
{
	struct tm day;

	if (ASN1_TIME_to_tm(time, &day) != 1 || strftime(out, 16, "%F", &day) == 0)
		strcpy(out, "?");
}

/* Nobody trusted has signed it, or not in a way that holds. */
static void
say_issuer(X509 *certificate, int error, char why[TLS_WHY_SIZE])
{
	char common[64], issuer[80] = "";

	if (X509_NAME_get_text_by_NID(X509_get_issuer_name(certificate), NID_commonName, common,
				      sizeof(common)) > 0)
		add_name(issuer, sizeof(issuer), common);
	switch (error) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		snprintf(
			why, TLS_WHY_SIZE,
			"the receiver's certificate is signed by an unknown CA (%s): name the file "
			"of its CA as `ca` of `tls`",
			issuer);
		break;
	default:
		snprintf(why, TLS_WHY_SIZE, "the receiver's certificate is wrong: %.120s",
			 X509_verify_cert_error_string(error));
	}
}

void
tls_stream_say_certificate(struct x509_store_ctx_st *checked, const char *name,
			   char why[TLS_WHY_SIZE])
{
	int error = X509_STORE_CTX_get_error(checked);
	X509 *certificate = X509_STORE_CTX_get_current_cert(checked);
	const char *whose = X509_STORE_CTX_get_error_depth(checked) == 0
				    ? "the receiver's certificate"
				    : "the certificate of the receiver's CA";
	char names[100], clean[60], day[16];

	if (certificate == NULL) {
		snprintf(why, TLS_WHY_SIZE, "the receiver shows no certificate");
		return;
	}
	switch (error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		say_day(X509_get0_notAfter(certificate), day);
		snprintf(why, TLS_WHY_SIZE, "%s has expired on %s", whose, day);
		break;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		say_day(X509_get0_notBefore(certificate), day);
		snprintf(why, TLS_WHY_SIZE, "%s is valid only from %s on: is the clock right?",
			 whose, day);
		break;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		list_names(certificate, names, sizeof(names));
		printable_text_copy(name, clean, sizeof(clean));
		snprintf(why, TLS_WHY_SIZE,
			 "the receiver's certificate is for %s, not for %s: wrong host, or set "
			 "`server_name`",
			 names, clean);
		break;
	default:
		say_issuer(certificate, error, why);
	}
}

/* Alerts (RFC 8446 6.2) that say more than that it did not work. */
static const struct {
	int alert;
	int error;
	const char *words;
} alerts[] = {
	{SSL_AD_CERTIFICATE_REQUIRED, -EACCES,
	 "it asks for a certificate of ours: set `cert` and `key` of `tls`"},
	{SSL_AD_UNKNOWN_CA, -EACCES, "it does not know the CA of our certificate"},
	{SSL_AD_CERTIFICATE_EXPIRED, -EACCES, "it says that our certificate has expired"},
	{SSL_AD_CERTIFICATE_REVOKED, -EACCES, "it says that our certificate is revoked"},
	{SSL_AD_BAD_CERTIFICATE, -EACCES, "it does not accept our certificate"},
	{SSL_AD_UNSUPPORTED_CERTIFICATE, -EACCES, "our certificate is of a kind it does not take"},
	{SSL_AD_CERTIFICATE_UNKNOWN, -EACCES, "it does not accept our certificate"},
	{SSL_AD_ACCESS_DENIED, -EACCES, "our certificate gives no access there"},
	{SSL_AD_HANDSHAKE_FAILURE, -EACCES,
	 "no common cipher, or it asks for a certificate of ours (`cert` and `key` of `tls`)"},
	{SSL_AD_INSUFFICIENT_SECURITY, -EACCES, "it asks for stronger ciphers"},
	{SSL_AD_PROTOCOL_VERSION, -EACCES, "it speaks neither TLS 1.2 nor TLS 1.3"},
	{SSL_AD_UNRECOGNIZED_NAME, -EACCES, "it does not know the name that was asked for"},
};

static int
say_alert(int alert, char why[TLS_WHY_SIZE])
{
	for (size_t i = 0; i < sizeof(alerts) / sizeof(*alerts); i++) {
		if (alerts[i].alert != alert)
			continue;
		snprintf(why, TLS_WHY_SIZE, "the receiver refused: %s", alerts[i].words);
		return alerts[i].error;
	}
	snprintf(why, TLS_WHY_SIZE, "the receiver ended TLS: %s",
		 SSL_alert_desc_string_long(alert));
	return -EPROTO;
}

int
tls_stream_say_error(unsigned long error, char why[TLS_WHY_SIZE])
{
	int reason = ERR_GET_REASON(error);

	if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET &&
	    reason < SSL_AD_REASON_OFFSET + 256)
		return say_alert(reason - SSL_AD_REASON_OFFSET, why);
	switch (ERR_GET_LIB(error) == ERR_LIB_SSL ? reason : 0) {
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_HTTP_REQUEST:
	case SSL_R_PACKET_LENGTH_TOO_LONG:
		snprintf(why, TLS_WHY_SIZE, "the receiver does not speak TLS at this port");
		return -EACCES;
	case SSL_R_UNSUPPORTED_PROTOCOL:
		snprintf(why, TLS_WHY_SIZE, "the receiver speaks neither TLS 1.2 nor TLS 1.3");
		return -EACCES;
	default:
		snprintf(why, TLS_WHY_SIZE, "TLS failed: %.120s",
			 ERR_reason_error_string(error) != NULL ? ERR_reason_error_string(error)
								: "unknown reason");
		return -EPROTO;
	}
}
