/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names are read where they lie; the public key is passed over like all else. libcrypto would
 * decode it together with the certificate, and a key of some hundred bytes, with a curve of its
 * own, can keep it busy for a third of a second.
 */
#include "classifier/names/certificate.h"

#include <string.h>

#include "classifier/names/der.h"

/* DNS names of one certificate that are looked at; beyond, they are only counted. Few names that
 * come again and again would cost the most. */
#define NAMES_READ_MAX 256

/* Names kept, in the order of their spelling: each is there once. */
struct name_order {
	uint8_t index[CERTIFICATE_NAMES_MAX];
};

/* What the names are in; `alternative` is an empty slice where there is no such extension. */
struct certificate_parts {
	struct slice subject;
	struct slice alternative;
};

/* A wildcard is a whole left-most label with at least two behind it (RFC 6125 6.4.3); elsewhere a
 * star means nothing, and an address is no name. */
static bool
is_host_name(const char *name)
{
	const char *star = strchr(name, '*');

	if (star != NULL && (star != name || name[1] != '.' || strchr(name + 1, '*') != NULL ||
			     strchr(name + 2, '.') == NULL))
		return false;
	return !domain_name_is_address(name);
}

/* The place of `name` among those kept; true where it is one of them. */
static bool
find_place(const struct certificate_names *names, const struct name_order *order, const char *name,
	   size_t *place)
{
	size_t low = 0, high = names->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int difference = strcmp(name, names->names[order->index[middle]]);
		if (difference == 0)
			return true;
		if (difference < 0)
			high = middle;
		else
			low = middle + 1;
	}
	*place = low;
	return false;
}

/* The spelling is judged with its length: a NUL inside is refused, as no byte of a host name. */
static void
add_name(struct certificate_names *out, struct name_order *order, struct slice wire)
{
	char name[DOMAIN_NAME_MAX];
	size_t place;

	/* A colon makes it an address at best, of the form that takes longest to read. */
	bool has_colon = wire.len != 0 && memchr(wire.data, ':', wire.len) != NULL;
	size_t len = has_colon ? 0 : domain_name_canonical(wire, name);
	if (len == 0 || !is_host_name(name)) {
		out->dropped++;
		return;
	}
	if (find_place(out, order, name, &place))
		return;
	memmove(order->index + place + 1, order->index + place, out->count - place);
	order->index[place] = (uint8_t)out->count;
	memcpy(out->names[out->count++], name, len + 1);
}

static bool
is_object(const struct cursor *identifier, const char object[3])
{
	struct slice bytes = der_content(identifier);

	return bytes.len == 3 && memcmp(bytes.data, object, 3) == 0;
}

/* RFC 5280 4.1: Extension. */
static void
read_extension(struct cursor *list, struct certificate_parts *out)
{
	struct cursor extension = der_take(list, DER_SEQUENCE);
	struct cursor identifier = der_take(&extension, DER_OBJECT_IDENTIFIER);

	if (der_next_is(&extension, DER_BOOLEAN))
		der_skip(&extension, DER_BOOLEAN);
	struct cursor value = der_take(&extension, DER_OCTET_STRING);
	if (!der_is_read(&extension)) {
		list->failed = true;
		return;
	}
	/* id-ce-subjectAltName, 2.5.29.17 */
	if (!is_object(&identifier, "\x55\x1d\x11"))
		return;
	/* RFC 5280 4.2: an extension comes once. Of two, nobody could say which is meant. */
	if (out->alternative.len != 0 || cursor_left(&value) == 0)
		list->failed = true;
	out->alternative = der_content(&value);
}

/* RFC 5280 4.1: the end of TBSCertificate, [1] and [2] unique identifiers, [3] extensions. */
static void
read_optional_parts(struct cursor *tbs, struct certificate_parts *out)
{
	for (uint8_t number = 1; number <= 2; number++) {
		if (der_next_is(tbs, DER_CONTEXT | number))
			der_skip(tbs, DER_CONTEXT | number);
	}
	if (!der_next_is(tbs, DER_CONTEXT | DER_CONSTRUCTED | 3))
		return;
	struct cursor wrapping = der_take(tbs, DER_CONTEXT | DER_CONSTRUCTED | 3);
	struct cursor list = der_take(&wrapping, DER_SEQUENCE);
	while (cursor_left(&list) > 0)
		read_extension(&list, out);
	if (list.failed || !der_is_read(&wrapping))
		tbs->failed = true;
}

/* RFC 5280 4.1: TBSCertificate. */
static bool
read_to_be_signed(struct cursor tbs, struct certificate_parts *out)
{
	*out = (struct certificate_parts){0};
	if (der_next_is(&tbs, DER_CONTEXT | DER_CONSTRUCTED | 0))
		der_skip(&tbs, DER_CONTEXT | DER_CONSTRUCTED | 0); /* version */
	der_skip(&tbs, DER_INTEGER);                               /* serialNumber */
	der_skip(&tbs, DER_SEQUENCE);                              /* signature */
	der_skip(&tbs, DER_SEQUENCE);                              /* issuer */
	der_skip(&tbs, DER_SEQUENCE);                              /* validity */
	struct cursor subject = der_take(&tbs, DER_SEQUENCE);
	out->subject = der_content(&subject);
	der_skip(&tbs, DER_SEQUENCE); /* subjectPublicKeyInfo */
	read_optional_parts(&tbs, out);
	return der_is_read(&tbs);
}

/* RFC 5280 4.1: Certificate. */
static bool
read_certificate(struct slice der, struct certificate_parts *out)
{
	struct cursor file = cursor_over(der);
	struct cursor certificate = der_take(&file, DER_SEQUENCE);
	struct cursor tbs = der_take(&certificate, DER_SEQUENCE);

	der_skip(&certificate, DER_SEQUENCE);   /* signatureAlgorithm */
	der_skip(&certificate, DER_BIT_STRING); /* signatureValue */
	return der_is_read(&file) && der_is_read(&certificate) && read_to_be_signed(tbs, out);
}

/* RFC 5280 4.2.1.6: GeneralNames; dNSName is [2]. Whether it is sound; `found`: it has a DNS name,
 * whatever its spelling. */
static bool
add_alternative_names(struct slice extension, struct certificate_names *out, bool *found)
{
	struct cursor value = cursor_over(extension);
	struct cursor list = der_take(&value, DER_SEQUENCE);
	struct name_order order;
	size_t seen = 0;

	while (cursor_left(&list) > 0) {
		uint8_t tag;
		struct cursor name = der_take_any(&list, &tag);
		if ((tag & DER_CLASS) != DER_CONTEXT || (tag & DER_NUMBER) > 8 ||
		    tag == (DER_CONTEXT | DER_CONSTRUCTED | 2))
			return false;
		if (list.failed || tag != (DER_CONTEXT | 2))
			continue;
		if (out->count == CERTIFICATE_NAMES_MAX || seen >= NAMES_READ_MAX)
			out->dropped++;
		else
			add_name(out, &order, der_content(&name));
		seen++;
	}
	*found = seen > 0;
	return !list.failed && der_is_read(&value);
}

static bool
is_text(uint8_t tag)
{
	return tag == DER_UTF8_STRING || tag == DER_PRINTABLE_STRING || tag == DER_IA5_STRING ||
	       tag == DER_TELETEX_STRING;
}

/* RFC 5280 4.1.2.4: one RelativeDistinguishedName. A common name of another type is none, but the
 * last all the same. */
static void
read_relative_name(struct cursor *names, struct slice *common_name)
{
	struct cursor set = der_take(names, DER_SET);

	while (cursor_left(&set) > 0) {
		uint8_t tag;
		struct cursor attribute = der_take(&set, DER_SEQUENCE);
		struct cursor type = der_take(&attribute, DER_OBJECT_IDENTIFIER);
		struct cursor value = der_take_any(&attribute, &tag);
		if (!der_is_read(&attribute))
			set.failed = true;
		else if (is_object(&type, "\x55\x04\x03")) /* id-at-commonName, 2.5.4.3 */
			*common_name = is_text(tag) ? der_content(&value) : (struct slice){0};
	}
	if (set.failed)
		names->failed = true;
}

/* RFC 6125 6.4.4: the last, most specific common name. One that is a person's or a product's is no
 * fault, and not counted. */
static bool
add_common_name(struct slice subject, struct certificate_names *out)
{
	struct cursor names = cursor_over(subject);
	struct slice common_name = {0};
	struct name_order order;

	while (cursor_left(&names) > 0)
		read_relative_name(&names, &common_name);
	if (names.failed)
		return false;
	add_name(out, &order, common_name);
	out->dropped = 0;
	return true;
}

static bool
add_names(const struct certificate_parts *parts, struct certificate_names *out)
{
	bool found = false;

	if (parts->alternative.len != 0 && !add_alternative_names(parts->alternative, out, &found))
		return false;
	return found || add_common_name(parts->subject, out);
}

enum parse_result
certificate_names_parse(struct slice der, struct certificate_names *out)
{
	struct certificate_parts parts;

	out->count = 0;
	out->dropped = 0;
	if (read_certificate(der, &parts) && add_names(&parts, out))
		return PARSE_FOUND;
	out->count = 0;
	out->dropped = 0;
	return PARSE_MALFORMED;
}

bool
certificate_name_matches(const char *pattern, const char *name)
{
	if (pattern[0] != '*' || pattern[1] != '.')
		return strcmp(pattern, name) == 0;
	const char *dot = strchr(name, '.');
	return dot != NULL && dot != name && !domain_name_is_address(name) &&
	       strcmp(pattern + 1, dot) == 0;
}
