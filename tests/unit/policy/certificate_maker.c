/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/policy/certificate_maker.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static void
add_names(X509 *x, const char *names)
{
	GENERAL_NAMES *list = sk_GENERAL_NAME_new_null();

	while (*names != '\0') {
		int len = (int)strcspn(names, " ");
		ASN1_IA5STRING *text = ASN1_IA5STRING_new();
		GENERAL_NAME *name = GENERAL_NAME_new();
		ASN1_STRING_set(text, names, len);
		GENERAL_NAME_set0_value(name, GEN_DNS, text);
		sk_GENERAL_NAME_push(list, name);
		names += len;
		names += strspn(names, " ");
	}
	if (sk_GENERAL_NAME_num(list) > 0)
		X509_add1_ext_i2d(x, NID_subject_alt_name, list, 0, 0);
	GENERAL_NAMES_free(list);
}

struct slice
certificate_make(const char *names, uint8_t out[CERTIFICATE_MADE_MAX])
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	uint8_t *at = out;

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, key);
	add_names(x, names);
	X509_sign(x, key, EVP_sha256());
	int len = i2d_X509(x, NULL);
	if (len <= 0 || len > CERTIFICATE_MADE_MAX || i2d_X509(x, &at) != len)
		abort();
	X509_free(x);
	EVP_PKEY_free(key);
	return slice_of(out, (size_t)len);
}
