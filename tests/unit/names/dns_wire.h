/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes DNS messages for the tests of what reads them.
 */
#pragma once

#include "classifier/names/dns.h"
#include "tests/unit/names/wire.h"

#define TYPE_A 1
#define TYPE_CNAME 5
#define TYPE_AAAA 28
#define CLASS_IN 1

/* Text form to labels; "" is the root. */
static inline void
write_name(struct wire *w, const char *name)
{
	while (*name != '\0') {
		size_t len = strcspn(name, ".");
		wire_number(w, len, 1);
		wire_bytes(w, name, len);
		name += len + (name[len] == '.');
	}
	wire_number(w, 0, 1);
}

static inline void
write_header(struct wire *w, unsigned flags, unsigned answer_count)
{
	w->len = 0;
	wire_hex(w, "1234");
	wire_number(w, flags, 2);
	wire_number(w, 1, 2);
	wire_number(w, answer_count, 2);
	wire_hex(w, "0000 0000");
}

static inline void
write_question(struct wire *w, const char *name, unsigned type, unsigned class)
{
	write_name(w, name);
	wire_number(w, type, 2);
	wire_number(w, class, 2);
}

struct record {
	const char *owner;
	unsigned type;
	uint32_t ttl_s;
	const char *data; /* a name for CNAME, hex for others */
	unsigned class;   /* 0 stands for IN */
};

static inline void
write_record(struct wire *w, const struct record *r)
{
	write_name(w, r->owner);
	wire_number(w, r->type, 2);
	wire_number(w, r->class == 0 ? CLASS_IN : r->class, 2);
	wire_number(w, r->ttl_s, 4);
	size_t data = wire_begin(w, 2);
	if (r->type == TYPE_CNAME)
		write_name(w, r->data);
	else
		wire_hex(w, r->data);
	wire_end(w, data, 2);
}

static inline enum parse_result
parse_exactly(struct slice message, struct dns_answer *out)
{
	uint8_t *copy = wire_exact_copy(message);
	enum parse_result r = dns_answer_parse(slice_of(copy, message.len), out);

	free(copy);
	return r;
}
