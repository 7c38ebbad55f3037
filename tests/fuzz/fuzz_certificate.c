/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate: whatever its names are, what comes out is canonical, bounded and there once. Of
 * the same certificate libcrypto tells the same names where it can read it. It is not shown the
 * key, which it would decode at any length.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "classifier/names/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* RFC 5280 4.1, with whatever stands in the key's place. */
struct second_to_be_signed {
	ASN1_INTEGER *version;
	ASN1_INTEGER *serial;
	ASN1_TYPE *signature, *issuer, *validity;
	X509_NAME *subject;
	ASN1_TYPE *key;
	ASN1_BIT_STRING *issuer_id, *subject_id;
	STACK_OF(X509_EXTENSION) * extensions;
};

struct second_certificate {
	struct second_to_be_signed *tbs;
	ASN1_TYPE *algorithm;
	ASN1_BIT_STRING *signature;
};

typedef struct second_to_be_signed SECOND_TBS;
typedef struct second_certificate SECOND;

/* clang-format off */
ASN1_SEQUENCE(SECOND_TBS) = {
	ASN1_EXP_OPT(SECOND_TBS, version, ASN1_INTEGER, 0),
	ASN1_SIMPLE(SECOND_TBS, serial, ASN1_INTEGER),
	ASN1_SIMPLE(SECOND_TBS, signature, ASN1_ANY),
	ASN1_SIMPLE(SECOND_TBS, issuer, ASN1_ANY),
	ASN1_SIMPLE(SECOND_TBS, validity, ASN1_ANY),
	ASN1_SIMPLE(SECOND_TBS, subject, X509_NAME),
	ASN1_SIMPLE(SECOND_TBS, key, ASN1_ANY),
	ASN1_IMP_OPT(SECOND_TBS, issuer_id, ASN1_BIT_STRING, 1),
	ASN1_IMP_OPT(SECOND_TBS, subject_id, ASN1_BIT_STRING, 2),
	ASN1_EXP_SEQUENCE_OF_OPT(SECOND_TBS, extensions, X509_EXTENSION, 3),
} static_ASN1_SEQUENCE_END(SECOND_TBS)

ASN1_SEQUENCE(SECOND) = {
	ASN1_SIMPLE(SECOND, tbs, SECOND_TBS),
	ASN1_SIMPLE(SECOND, algorithm, ASN1_ANY),
	ASN1_SIMPLE(SECOND, signature, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END(SECOND)
	/* clang-format on */

	static void check_name(const struct certificate_names *names, size_t index)
{
	const char *name = names->names[index];
	char again[DOMAIN_NAME_MAX];
	size_t len = strnlen(name, DOMAIN_NAME_MAX);

	if (len == 0 || len == DOMAIN_NAME_MAX ||
	    domain_name_canonical(slice_of(name, len), again) != len || strcmp(name, again) != 0 ||
	    domain_name_is_address(name) || !certificate_name_matches(name, name))
		abort();
	for (size_t i = 0; i < index; i++) {
		if (strcmp(names->names[i], name) == 0)
			abort();
	}
}

/* "" where it is refused as a name. */
static void
spell(const ASN1_STRING *text, char name[DOMAIN_NAME_MAX])
{
	struct slice wire = slice_of(ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text));

	if (domain_name_canonical(wire, name) == 0)
		name[0] = '\0';
}

static bool
is_among(const struct certificate_names *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names->names[i], name) == 0)
			return true;
	}
	return false;
}

/* In the order in which they stand, each once; the others are counted, and late ones that come
 * again may be. Returns whether there is a DNS name at all. */
static bool
compare_alternative_names(const GENERAL_NAMES *sans, const struct certificate_names *names)
{
	size_t next = 0, others = 0, again = 0;

	for (int i = 0; i < sk_GENERAL_NAME_num(sans); i++) {
		const GENERAL_NAME *san = sk_GENERAL_NAME_value(sans, i);
		char name[DOMAIN_NAME_MAX];
		if (san->type != GEN_DNS)
			continue;
		spell(san->d.dNSName, name);
		if (next < names->count && strcmp(name, names->names[next]) == 0)
			next++;
		else if (is_among(names, next, name))
			again++;
		else
			others++;
	}
	if (next + others + again == 0)
		return false;
	if (next != names->count || names->dropped < others || names->dropped > others + again)
		abort();
	return true;
}

static void
compare_common_name(const X509_NAME *subject, const struct certificate_names *names)
{
	char name[DOMAIN_NAME_MAX] = "";
	int last = -1;

	for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;)
		last = at;
	if (last >= 0)
		spell(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last)), name);
	if (names->count > 1 || names->dropped != 0)
		abort();
	if (names->count == 1 && strcmp(names->names[0], name) != 0)
		abort();
}

static void
compare(const uint8_t *data, size_t size, const struct certificate_names *names)
{
	const unsigned char *at = data;
	int found;

	SECOND *second = (SECOND *)ASN1_item_d2i(NULL, &at, (long)size, ASN1_ITEM_rptr(SECOND));
	if (second != NULL) {
		GENERAL_NAMES *sans = (GENERAL_NAMES *)X509V3_get_d2i(
			second->tbs->extensions, NID_subject_alt_name, &found, NULL);
		if (found == -2) /* more than one */
			abort();
		/* Read differently by both, it would have gone on with the common name. */
		if ((sans != NULL || found == -1) && !compare_alternative_names(sans, names))
			compare_common_name(second->tbs->subject, names);
		GENERAL_NAMES_free(sans);
	}
	ASN1_item_free((ASN1_VALUE *)second, ASN1_ITEM_rptr(SECOND));
	ERR_clear_error();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct certificate_names names;
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	if (certificate_names_parse(slice_of(copy, size), &names) == PARSE_FOUND) {
		if (names.count > CERTIFICATE_NAMES_MAX)
			abort();
		for (size_t i = 0; i < names.count; i++)
			check_name(&names, i);
		compare(copy, size, &names);
	} else if (names.count != 0 || names.dropped != 0) {
		abort();
	}
	free(copy);
	return 0;
}
