/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of records in an answer means nothing (RFC 2181 5), so the chain of aliases is followed
 * by name: from the question to the CNAME it owns, to the CNAME that one's target owns, and so on;
 * then every address and every service whose owner is a name of the chain belongs to the question.
 * Each name is decoded once, whatever a packet tries.
 */
#include "classifier/names/dns.h"

#include <string.h>

#include "classifier/names/dns_name.h"
#include "classifier/names/dns_service.h"

#define HEADER_LEN 12
#define TYPE_A 1
#define TYPE_CNAME 5
#define TYPE_AAAA 28
#define CLASS_IN 1

#define FLAGS_QR_OPCODE 0xf800
#define FLAGS_RESPONSE 0x8000 /* QR set, OPCODE a standard query */
#define FLAGS_RCODE 0x000f
#define FLAGS_QR 0x8000
#define FLAGS_OPCODE 0x7800u
#define FLAGS_ZERO 0x0040 /* RFC 2535 6.1 left one bit of them */
#define OPCODE_NOTIFY 4
#define OPCODE_UPDATE 5
#define CLASS_NONE 254 /* and ANY: RFC 2136 2.4 */
#define LABEL_MAX 63

/* CNAMEs looked at in one answer. Resolvers give up a chain after 11 to 17. */
#define CNAMES_MAX 16

struct record {
	size_t owner_offset; /* in the message */
	uint16_t type;
	uint16_t class;
	uint32_t ttl_s;
	size_t data_offset; /* in the message: names in data are compressed too */
	struct slice data;
};

struct cname {
	struct dns_name owner;
	struct dns_name target;
	uint32_t ttl_s;
};

/* The answer section and what is read of it. Some 9 kB on the stack, filled only as far as needed.
 */
struct answers {
	struct slice message;
	struct cursor records;
	unsigned record_count;
	size_t cname_count;
	struct cname cnames[CNAMES_MAX];
	size_t chain_len;
	const struct dns_name *chain[1 + CNAMES_MAX]; /* the question, then its aliases in order */
	struct dns_name question;
};

static bool
take_record(struct cursor *c, struct slice message, struct record *out)
{
	out->owner_offset = (size_t)(c->at - message.data);
	dns_name_skip(c);
	out->type = cursor_be16(c);
	out->class = cursor_be16(c);
	out->ttl_s = cursor_be32(c);
	if (out->ttl_s > INT32_MAX) /* RFC 2181 8 */
		out->ttl_s = 0;
	out->data = cursor_vec16(c);
	out->data_offset = (size_t)(c->at - message.data) - out->data.len;
	return !c->failed;
}

static bool
is_address(const struct record *r)
{
	return r->class == CLASS_IN && (r->type == TYPE_A || r->type == TYPE_AAAA);
}

static bool
is_service(const struct record *r)
{
	return r->class == CLASS_IN && (r->type == DNS_TYPE_SVCB || r->type == DNS_TYPE_HTTPS);
}

static bool
keep_cname(struct answers *answers, const struct record *r)
{
	if (answers->cname_count == CNAMES_MAX)
		return true;
	struct cname *cname = &answers->cnames[answers->cname_count++];
	cname->ttl_s = r->ttl_s;
	return dns_name_read(answers->message, r->owner_offset, &cname->owner) &&
	       dns_name_read(answers->message, r->data_offset, &cname->target);
}

/* Whether the section is whole and each address as long as its type says (RFC 1035 3.4.1, RFC
 * 3596 2.2). */
static bool
read_cnames(struct answers *answers)
{
	struct cursor c = answers->records;
	struct record r;

	for (unsigned i = 0; i < answers->record_count; i++) {
		if (!take_record(&c, answers->message, &r))
			return false;
		if (is_address(&r) && r.data.len != (r.type == TYPE_A ? 4 : 16))
			return false;
		if (r.type == TYPE_CNAME && r.class == CLASS_IN && !keep_cname(answers, &r))
			return false;
	}
	return true;
}

static const struct cname *
find_cname(const struct answers *answers, const struct dns_name *owner)
{
	for (size_t i = 0; i < answers->cname_count; i++) {
		if (dns_name_equal(&answers->cnames[i].owner, owner))
			return &answers->cnames[i];
	}
	return NULL;
}

static bool
chain_has(const struct answers *answers, const struct dns_name *name)
{
	for (size_t i = answers->chain_len; i > 0; i--) {
		if (dns_name_equal(answers->chain[i - 1], name))
			return true;
	}
	return false;
}

static void
note_ttl(struct dns_answer *out, uint32_t ttl_s)
{
	if (ttl_s < out->ttl_s)
		out->ttl_s = ttl_s;
}

/* Goes to the end of the chain, or to the alias that closes a loop. */
static void
follow_aliases(struct answers *answers, struct dns_answer *out)
{
	const struct cname *cname = find_cname(answers, &answers->question);

	while (cname != NULL && !chain_has(answers, &cname->target)) {
		answers->chain[answers->chain_len++] = &cname->target;
		note_ttl(out, cname->ttl_s);
		if (out->alias_count < DNS_ALIASES_MAX &&
		    dns_name_canonical(&cname->target, out->aliases[out->alias_count]) != 0)
			out->alias_count++;
		else
			out->aliases_dropped++;
		cname = find_cname(answers, &cname->target);
	}
}

static void
add_address(struct dns_answer *out, const struct record *r)
{
	note_ttl(out, r->ttl_s);
	if (out->address_count == DNS_ADDRESSES_MAX) {
		out->addresses_dropped++;
		return;
	}
	struct ip_address *a = &out->addresses[out->address_count++];
	*a = (struct ip_address){.version = r->type == TYPE_A ? 4 : 6};
	memcpy(a->bytes, r->data.data, r->data.len);
}

/* A target that the chain has already is no other name. */
static void
add_service(const struct answers *answers, struct dns_answer *out, const struct record *r)
{
	struct svcb svcb;

	if (!svcb_parse(r->data, &svcb)) {
		out->services_refused++;
		return;
	}
	note_ttl(out, r->ttl_s);
	bool is_own = svcb.target.len == 1 || chain_has(answers, &svcb.target);
	dns_service_add(out, r->type, &svcb, is_own);
}

static bool
collect(const struct answers *answers, struct dns_answer *out)
{
	struct cursor c = answers->records;
	struct dns_name owner;
	struct record r;

	for (unsigned i = 0; i < answers->record_count; i++) {
		if (!take_record(&c, answers->message, &r))
			return false;
		if (!is_address(&r) && !is_service(&r))
			continue;
		if (!dns_name_read(answers->message, r.owner_offset, &owner))
			return false;
		if (!chain_has(answers, &owner))
			continue;
		if (is_address(&r))
			add_address(out, &r);
		else
			add_service(answers, out, &r);
	}
	return true;
}

struct header {
	uint16_t flags;
	uint16_t question_count;
	uint16_t answer_count;
};

/* RFC 1035 4.1.1; the sections behind the answers are not read. */
static struct header
take_header(struct cursor *c)
{
	struct header h;

	cursor_skip(c, 2); /* ID */
	h.flags = cursor_be16(c);
	h.question_count = cursor_be16(c);
	h.answer_count = cursor_be16(c);
	cursor_skip(c, 4); /* NSCOUNT, ARCOUNT */
	return h;
}

static bool
is_response(const struct header *h)
{
	return (h->flags & FLAGS_QR_OPCODE) == FLAGS_RESPONSE && h->question_count == 1;
}

bool
dns_is_response(struct slice message)
{
	struct cursor c = cursor_over(message);
	struct header h = take_header(&c);

	return !c.failed && is_response(&h);
}

/* Counts that a question or an answer can have: an update (RFC 2136) and a zone transfer's question
 * (RFC 1995) have records of their own in other sections. */
static bool
is_sound_header(uint16_t flags, uint16_t questions, uint16_t answers, uint16_t authorities)
{
	unsigned opcode = (flags & FLAGS_OPCODE) >> 11;

	if ((flags & FLAGS_ZERO) != 0 || opcode == 3 || opcode > 5)
		return false;
	if ((flags & FLAGS_QR) != 0)
		return questions == 1 || (questions == 0 && (flags & FLAGS_RCODE) != 0);
	return questions == 1 && (opcode == OPCODE_UPDATE || opcode == OPCODE_NOTIFY ||
				  (answers == 0 && authorities <= 1));
}

/* The only name in front of which no other is: it cannot be compressed. */
static bool
is_sound_question(struct cursor *c)
{
	uint8_t length;

	while ((length = cursor_u8(c)) != 0) {
		if (length > LABEL_MAX)
			return false;
		cursor_skip(c, length);
	}
	cursor_skip(c, 2);
	uint16_t class = cursor_be16(c);
	return c->failed || class == CLASS_IN || class == 3 || class == 4 || class == CLASS_NONE ||
	       class == CLASS_NONE + 1;
}

bool
dns_is_message(struct slice message, bool is_cut)
{
	struct cursor c = cursor_over(message);

	cursor_skip(&c, 2); /* ID */
	uint16_t flags = cursor_be16(&c);
	uint16_t questions = cursor_be16(&c);
	uint16_t answers = cursor_be16(&c);
	uint16_t authorities = cursor_be16(&c);
	cursor_skip(&c, 2);
	if (c.failed || !is_sound_header(flags, questions, answers, authorities))
		return false;
	return questions == 0 || (is_sound_question(&c) && (is_cut || !c.failed));
}

/* Reads the question section; the cursor is behind it afterwards. */
static enum parse_result
read_question(struct cursor *c, struct answers *answers, struct dns_answer *out)
{
	if (!dns_name_read(answers->message, HEADER_LEN, &answers->question))
		return PARSE_MALFORMED;
	dns_name_skip(c);
	out->question_type = cursor_be16(c);
	uint16_t class = cursor_be16(c);
	if (c->failed)
		return PARSE_MALFORMED;
	if (class != CLASS_IN || dns_name_canonical(&answers->question, out->question) == 0)
		return PARSE_NOT_MINE;
	return PARSE_FOUND;
}

static void
clear(struct dns_answer *out)
{
	out->ttl_s = UINT32_MAX;
	out->alias_count = out->address_count = out->service_count = 0;
	out->aliases_dropped = out->addresses_dropped = 0;
	out->services_dropped = out->services_refused = 0;
}

enum parse_result
dns_answer_parse(struct slice message, struct dns_answer *out)
{
	struct cursor c = cursor_over(message);
	struct header h = take_header(&c);
	struct answers answers; /* not cleared: most of it is never touched */

	if (c.failed)
		return PARSE_MALFORMED;
	if (!is_response(&h) || (h.flags & FLAGS_RCODE) != 0)
		return PARSE_NOT_MINE;
	answers.message = message;
	enum parse_result r = read_question(&c, &answers, out);
	if (r != PARSE_FOUND)
		return r;

	answers.records = c;
	answers.record_count = h.answer_count;
	answers.cname_count = 0;
	answers.chain_len = 1;
	answers.chain[0] = &answers.question;
	clear(out);
	if (!read_cnames(&answers))
		return PARSE_MALFORMED;
	follow_aliases(&answers, out);
	if (!collect(&answers, out))
		return PARSE_MALFORMED;
	if (out->services_refused != 0)
		out->service_count = 0;
	if (out->ttl_s == UINT32_MAX) /* nothing was found that has one */
		out->ttl_s = 0;
	return PARSE_FOUND;
}

const char *
dns_answer_origin(const struct dns_answer *answer)
{
	const char *name = answer->question;

	while (*name == '_') {
		name += strcspn(name, ".");
		name += *name == '.';
	}
	return name;
}
