/* SPDX-License-Identifier: Apache-2.0 */
/* The certificates are made here, with a key of their own that nobody asks for. */
#include "classifier/names/certificate.h"

#include <stdio.h>

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "tests/unit/names/wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A name of subjectAltName: its type and its bytes; `len` 0: the text's. */
struct san {
	int type;
	const char *text;
	int len;
};

struct certificate_case {
	const char *what;
	const char *common_names[3]; /* up to the first NULL */
	struct san sans[8];          /* up to the first without text */
	const char *expected;        /* names, a space between them */
	unsigned dropped;
};

static const struct certificate_case cases[] = {
	{"two names",
	 {"ignored.example"},
	 {{GEN_DNS, "a.example"}, {GEN_DNS, "b.example"}},
	 "a.example b.example"},
	{"spelling made canonical, each once",
	 {NULL},
	 {{GEN_DNS, "WWW.Example.ORG."}, {GEN_DNS, "www.example.org"}},
	 "www.example.org"},
	{"wildcards stay",
	 {NULL},
	 {{GEN_DNS, "*.Example.org"}, {GEN_DNS, "example.org"}},
	 "*.example.org example.org"},
	{"stars elsewhere mean nothing",
	 {NULL},
	 {{GEN_DNS, "w*.example.org"},
	  {GEN_DNS, "a.*.org"},
	  {GEN_DNS, "*.*.example.org"},
	  {GEN_DNS, "*.org"},
	  {GEN_DNS, "*"},
	  {GEN_DNS, "b.example"}},
	 "b.example",
	 5},
	{"a NUL inside is refused",
	 {NULL},
	 {{GEN_DNS, "bank.example\0.evil.example", 26}, {GEN_DNS, "c.example"}},
	 "c.example",
	 1},
	{"bytes of no host name",
	 {NULL},
	 {{GEN_DNS, "a b.example"},
	  {GEN_DNS, "a..example"},
	  {GEN_DNS, "\xc3\xa4.example"},
	  {GEN_DNS, "a/b"},
	  {GEN_DNS, "."}},
	 "",
	 5},
	{"addresses spelled as names",
	 {NULL},
	 {{GEN_DNS, "192.0.2.1"}, {GEN_DNS, "2001:db8::1"}},
	 "",
	 2},
	{"other types are passed over",
	 {NULL},
	 {{GEN_EMAIL, "x@mail.example"}, {GEN_URI, "https://uri.example/"}, {GEN_DNS, "d.example"}},
	 "d.example"},
	{"no DNS name: the common name",
	 {"cn.example"},
	 {{GEN_EMAIL, "x@mail.example"}},
	 "cn.example"},
	{"no alternative names: the common name", {"CN.Example"}, {{0}}, "cn.example"},
	{"the last common name", {"first.example", "last.example"}, {{0}}, "last.example"},
	{"a common name with a wildcard", {"*.cn.example"}, {{0}}, "*.cn.example"},
	{"a common name that is none of a host", {"Example Root CA"}, {{0}}, ""},
	{"refused DNS names do not bring the common name back",
	 {"cn.example"},
	 {{GEN_DNS, "a b"}},
	 "",
	 1},
	{"no name at all", {NULL}, {{0}}, ""},
};

static EVP_PKEY *key;

static void
add_san(GENERAL_NAMES *names, const struct san *san)
{
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();
	GENERAL_NAME *name = GENERAL_NAME_new();

	ASN1_STRING_set(text, san->text, san->len != 0 ? san->len : (int)strlen(san->text));
	GENERAL_NAME_set0_value(name, san->type, text);
	sk_GENERAL_NAME_push(names, name);
}

/* Signs `x` and returns its DER, to be freed with OPENSSL_free. */
static struct slice
finish(X509 *x)
{
	unsigned char *der = NULL;

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, key);
	X509_sign(x, key, NULL);
	int len = i2d_X509(x, &der);
	X509_free(x);
	if (len <= 0)
		abort();
	return slice_of(der, (size_t)len);
}

static struct slice
make_certificate(const struct certificate_case *c)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	X509 *x = X509_new();

	for (size_t i = 0; i < COUNT(c->common_names) && c->common_names[i] != NULL; i++)
		X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
					   (const unsigned char *)c->common_names[i], -1, -1, 0);
	for (size_t i = 0; i < COUNT(c->sans) && c->sans[i].text != NULL; i++)
		add_san(names, &c->sans[i]);
	if (sk_GENERAL_NAME_num(names) > 0)
		X509_add1_ext_i2d(x, NID_subject_alt_name, names, 0, 0);
	GENERAL_NAMES_free(names);
	return finish(x);
}

static enum parse_result
parse_exactly(struct slice der, struct certificate_names *out)
{
	uint8_t *copy = wire_exact_copy(der);
	enum parse_result r = certificate_names_parse(slice_of(copy, der.len), out);

	free(copy);
	return r;
}

static void
names_by_rule(void)
{
	static struct certificate_names names;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice der = make_certificate(&cases[i]);
		char text[2048] = "";

		CU_ASSERT_EQUAL(parse_exactly(der, &names), PARSE_FOUND);
		for (size_t n = 0; n < names.count; n++) {
			strcat(text, n > 0 ? " " : "");
			strcat(text, names.names[n]);
		}
		CU_ASSERT_STRING_EQUAL(text, cases[i].expected);
		CU_ASSERT_EQUAL(names.dropped, cases[i].dropped);
		if (strcmp(text, cases[i].expected) != 0)
			printf("# wrong: %s: %s\n", cases[i].what, text);
		OPENSSL_free((void *)(uintptr_t)der.data);
	}
}

/* `count` DNS names, n0.example and so on, from the first again after `distinct`. */
static struct slice
make_many_names(int count, int distinct)
{
	GENERAL_NAMES *sans = sk_GENERAL_NAME_new_null();
	X509 *x = X509_new();

	for (int i = 0; i < count; i++) {
		char text[32];
		snprintf(text, sizeof(text), "n%d.example", i % distinct);
		add_san(sans, &(struct san){GEN_DNS, text, 0});
	}
	X509_add1_ext_i2d(x, NID_subject_alt_name, sans, 0, 0);
	GENERAL_NAMES_free(sans);
	return finish(x);
}

static void
names_beyond_the_limits_are_counted(void)
{
	static const struct {
		int count, distinct;
		size_t kept;
		unsigned dropped;
	} rows[] = {
		{200, 200, 64, 136},
		{64, 64, 64, 0},
		{256, 60, 60, 0},  /* each once */
		{300, 60, 60, 44}, /* from the 257th on none is looked at */
	};
	static struct certificate_names names;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice der = make_many_names(rows[i].count, rows[i].distinct);
		CU_ASSERT_EQUAL(parse_exactly(der, &names), PARSE_FOUND);
		CU_ASSERT_EQUAL(names.count, rows[i].kept);
		CU_ASSERT_EQUAL(names.dropped, rows[i].dropped);
		CU_ASSERT_STRING_EQUAL(names.names[59], "n59.example");
		OPENSSL_free((void *)(uintptr_t)der.data);
	}
}

static void
cut_or_followed_by_bytes_is_malformed(void)
{
	static struct certificate_names names;
	struct slice der = make_certificate(&cases[0]);
	uint8_t *longer = calloc(1, der.len + 1);

	if (longer == NULL)
		abort();
	for (size_t len = 0; len < der.len; len++)
		CU_ASSERT_EQUAL(parse_exactly(slice_of(der.data, len), &names), PARSE_MALFORMED);
	memcpy(longer, der.data, der.len);
	CU_ASSERT_EQUAL(parse_exactly(slice_of(longer, der.len + 1), &names), PARSE_MALFORMED);
	CU_ASSERT_EQUAL(parse_exactly(slice_of("not a certificate", 17), &names), PARSE_MALFORMED);
	free(longer);
	OPENSSL_free((void *)(uintptr_t)der.data);
}

/* A key is whatever comes in its place: reading one can take a third of a second. */
static void
key_is_passed_over(void)
{
	static struct certificate_names names;
	struct slice der = make_certificate(&cases[0]);
	unsigned char *spki = NULL;
	int spki_len = i2d_PUBKEY(key, &spki);

	uint8_t *at = spki_len > 2 ? memmem(der.data, der.len, spki, (size_t)spki_len) : NULL;
	if (at == NULL)
		abort();
	memset(at + 2, 0xa5, (size_t)spki_len - 2);
	CU_ASSERT_EQUAL(parse_exactly(der, &names), PARSE_FOUND);
	CU_ASSERT_EQUAL(names.count, 2);
	CU_ASSERT_STRING_EQUAL(names.names[0], "a.example");
	OPENSSL_free(spki);
	OPENSSL_free((void *)(uintptr_t)der.data);
}

static void
common_name_is_text_of_one_byte_a_letter(void)
{
	static const struct {
		int type;
		const char *text;
		bool is_name;
	} rows[] = {
		{V_ASN1_UTF8STRING, "cn.example", true},
		{V_ASN1_PRINTABLESTRING, "cn.example", true},
		{V_ASN1_IA5STRING, "cn.example", true},
		{V_ASN1_T61STRING, "cn.example", true},
		{V_ASN1_BMPSTRING, "cn.example", false}, /* five letters that are no host's */
		{V_ASN1_BIT_STRING, "cn.example", false},
	};
	static struct certificate_names names;

	for (size_t i = 0; i < COUNT(rows); i++) {
		X509 *x = X509_new();
		X509_NAME *subject = X509_get_subject_name(x);
		X509_NAME_add_entry_by_NID(subject, NID_commonName, V_ASN1_UTF8STRING,
					   (const unsigned char *)"first.example", -1, -1, 0);
		X509_NAME_add_entry_by_NID(subject, NID_commonName, rows[i].type,
					   (const unsigned char *)rows[i].text, 10, -1, 0);
		struct slice der = finish(x);
		CU_ASSERT_EQUAL(parse_exactly(der, &names), PARSE_FOUND);
		CU_ASSERT_EQUAL(names.count, rows[i].is_name);
		if (rows[i].is_name)
			CU_ASSERT_STRING_EQUAL(names.names[0], "cn.example");
		OPENSSL_free((void *)(uintptr_t)der.data);
	}
}

/* An element: `around` is its identifier, and what its length begins with. */
static void
put(struct wire *w, const char *around, const struct wire *content)
{
	wire_hex(w, around);
	wire_number(w, content->len, 1);
	wire_bytes(w, wire_slice(content).data, content->len);
}

#define SAN "0603551d11 "
#define NAME "3003 820161" /* the name "a" */

static void
encoding_by_rule(void)
{
	static const struct {
		const char *what;
		const char
			*outer; /* identifier of the certificate, and what its length begins with */
		const char *rest; /* of TBSCertificate, behind the key */
		enum parse_result result;
		const char *name;
	} rows[] = {
		{"nothing behind the key", "30", "", PARSE_FOUND, "cn"},
		{"one DNS name", "30", "a310300e300c" SAN "0405" NAME, PARSE_FOUND, "a"},
		{"critical", "30", "a3133011300f" SAN "0101ff 0405" NAME, PARSE_FOUND, "a"},
		{"unique identifiers", "30", "810100820100 a310300e300c" SAN "0405" NAME,
		 PARSE_FOUND, "a"},
		{"they come in order", "30", "820100810100", PARSE_MALFORMED, ""},
		{"length of two bytes", "3081", "", PARSE_FOUND, "cn"},
		{"of five", "3084000000", "", PARSE_FOUND, "cn"},
		{"of six", "308500000000", "", PARSE_MALFORMED, ""},
		{"indefinite form", "30", "a380 0000", PARSE_MALFORMED, ""},
		{"not a sequence", "31", "", PARSE_MALFORMED, ""},
		{"identifier of two bytes", "30", "bf0300", PARSE_MALFORMED, ""},
		{"a name in pieces", "30", "a3123010300e" SAN "0407 3005a203 040161",
		 PARSE_MALFORMED, ""},
		{"a type that there is not", "30", "a310300e300c" SAN "0405 3003890161",
		 PARSE_MALFORMED, ""},
		{"twice", "30", "a31e301c 300c" SAN "0405" NAME "300c" SAN "0405" NAME,
		 PARSE_MALFORMED, ""},
		{"bytes behind the names", "30", "a311300f300d" SAN "0406" NAME "00",
		 PARSE_MALFORMED, ""},
		{"bytes behind the value", "30", "a3123010300e" SAN "0405" NAME "0500",
		 PARSE_MALFORMED, ""},
		{"bytes behind the extensions", "30", "a312300e300c" SAN "0405" NAME "0500",
		 PARSE_MALFORMED, ""},
		{"longer than what it is in", "30", "a310300e300c" SAN "0405 3004820161",
		 PARSE_MALFORMED, ""},
		{"an empty list", "30", "a30d300b3009" SAN "0402 3000", PARSE_FOUND, "cn"},
		{"an empty value", "30", "a30b30093007" SAN "0400", PARSE_MALFORMED, ""},
	};
	static struct wire tbs, certificate, der;
	static struct certificate_names names;

	for (size_t i = 0; i < COUNT(rows); i++) {
		tbs.len = certificate.len = der.len = 0;
		wire_hex(&tbs, "020101 3000 3000 3000 300d310b3009 06035504030c02636e 3002a5a5");
		wire_hex(&tbs, rows[i].rest);
		put(&certificate, "30", &tbs);
		wire_hex(&certificate, "3000 0300");
		put(&der, rows[i].outer, &certificate);
		CU_ASSERT_EQUAL(parse_exactly(wire_slice(&der), &names), rows[i].result);
		CU_ASSERT_STRING_EQUAL(names.count > 0 ? names.names[0] : "", rows[i].name);
	}
}

static void
pattern_stands_for_one_label(void)
{
	static const struct {
		const char *pattern, *name;
		bool matches;
	} rows[] = {
		{"a.example", "a.example", true},
		{"a.example", "b.example", false},
		{"a.example", "x.a.example", false},
		{"*.example.org", "www.example.org", true},
		{"*.example.org", "xn--a-1.example.org", true},
		{"*.example.org", "example.org", false},
		{"*.example.org", "a.b.example.org", false},
		{"*.example.org", "www.example.com", false},
		{"*.example.org", ".example.org", false},
		{"*.example.org", "*.example.org", true},
		{"*.0.2.1", "192.0.2.1", false},
		{"w*.example.org", "www.example.org", false},
		{"*", "localhost", false},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		CU_ASSERT_EQUAL(certificate_name_matches(rows[i].pattern, rows[i].name),
				rows[i].matches);
}

int
main(void)
{
	static const struct unit_case unit_cases[] = {
		{"names_by_rule", names_by_rule},
		{"names_beyond_the_limits_are_counted", names_beyond_the_limits_are_counted},
		{"cut_or_followed_by_bytes_is_malformed", cut_or_followed_by_bytes_is_malformed},
		{"key_is_passed_over", key_is_passed_over},
		{"common_name_is_text_of_one_byte_a_letter",
		 common_name_is_text_of_one_byte_a_letter},
		{"encoding_by_rule", encoding_by_rule},
		{"pattern_stands_for_one_label", pattern_stands_for_one_label},
	};
	key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	if (key == NULL)
		abort();
	int status = unit_run("certificate", unit_cases, COUNT(unit_cases));
	EVP_PKEY_free(key);
	return status;
}
