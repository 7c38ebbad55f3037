/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/dns_name.h"

#include <string.h>

#include "base/domain_name.h"

#define HEADER_LEN 12
#define LABEL_MAX 63
#define POINTER 0xc0

/*
 * Pointers followed in one name. Encoders need one a label at most, and names have four or five of
 * those; without a bound, a packet full of pointers to pointers costs milliseconds.
 */
#define POINTERS_MAX 32

static struct cursor
cursor_at(struct slice message, size_t offset)
{
	struct cursor c = cursor_over(message);

	cursor_skip(&c, offset);
	return c;
}

static bool
append_label(struct dns_name *name, struct slice label)
{
	if (name->len + 1 + label.len > sizeof(name->bytes))
		return false;
	name->bytes[name->len++] = (uint8_t)label.len;
	for (size_t i = 0; i < label.len; i++) {
		uint8_t byte = label.data[i];
		name->bytes[name->len++] = byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
	}
	return true;
}

/*
 * RFC 1035 4.1.4: a pointer leads to a prior occurrence of a name. So each has to go before the run
 * of labels that it ends, and no loop can be built.
 */
bool
dns_name_read(struct slice message, size_t offset, struct dns_name *out)
{
	struct cursor c = cursor_at(message, offset);
	unsigned pointers = 0;

	out->len = 0;
	for (;;) {
		uint8_t len = cursor_u8(&c);
		if (len >= POINTER) {
			size_t target = (len & 0x3fu) << 8 | cursor_u8(&c);
			if (c.failed || target < HEADER_LEN || target >= offset ||
			    ++pointers > POINTERS_MAX)
				return false;
			offset = target;
			c = cursor_at(message, offset);
			continue;
		}
		struct slice label = cursor_take(&c, len);
		if (c.failed || len > LABEL_MAX || !append_label(out, label))
			return false;
		if (len == 0)
			return true;
	}
}

void
dns_name_skip(struct cursor *c)
{
	for (;;) {
		uint8_t len = cursor_u8(c);
		if (len > LABEL_MAX) {
			c->failed |=
				len < POINTER; /* 01 and 10 in front: no label type (RFC 6891 5) */
			cursor_skip(c, 1);
			return;
		}
		cursor_skip(c, len);
		if (len == 0)
			return;
	}
}

bool
dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* A dot inside a label would fake a border, a colon an IPv6 literal. */
static bool
fits_in_text(struct slice label)
{
	return memchr(label.data, '.', label.len) == NULL &&
	       memchr(label.data, ':', label.len) == NULL;
}

size_t
dns_name_canonical(const struct dns_name *name, char *out)
{
	uint8_t text[DNS_NAME_WIRE_MAX];
	struct cursor c = cursor_over(slice_of(name->bytes, name->len));
	size_t len = 0;

	for (;;) {
		struct slice label = cursor_vec8(&c);
		if (label.len == 0)
			return domain_name_canonical(slice_of(text, len), out);
		if (!fits_in_text(label))
			return 0;
		memcpy(text + len, label.data, label.len);
		len += label.len;
		text[len++] = '.';
	}
}
