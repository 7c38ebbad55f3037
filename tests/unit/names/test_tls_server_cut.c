/* SPDX-License-Identifier: Apache-2.0 */
/* A server's first flight in other records than its messages: RFC 5246 6.2.1, RFC 8446 5.1. */
#include <stdio.h>

#include "classifier/names/tls.h"
#include "tests/unit/names/tls_wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define SCRATCH_LEN TLS_SERVER_HELLO_MAX
#define LEAF_LEN 300

/* What has to be found in a flight; `certificate` is the answer where the leaf is not FOUND. */
struct expected {
	const char *what;
	uint16_t version;
	const char *extensions, *alpn;
	const char *session_id;
	enum parse_result certificate;
};

static const struct expected flights[] = {
	{"TLS 1.2 with ALPN", 0x0303, "0000 0000 0010 0005 0003 02 6832", "h2", "", PARSE_FOUND},
	{"TLS 1.2 with a session id", 0x0303, "ff01 0001 00", "", "abcd", PARSE_FOUND},
	{"TLS 1.0 without extensions", 0x0301, NULL, "", "", PARSE_FOUND},
	{"TLS 1.3", 0x0304, "002b 0002 0304 0033 0002 001d", "", "abcd", PARSE_NOT_MINE},
};

/* ServerHello, Certificate (a leaf whose bytes count upwards, and its issuer's) and
 * ServerHelloDone, in no record; where the leaf begins. */
static size_t
write_messages(struct wire *w, const struct expected *e)
{
	w->len = 0;
	wire_number(w, 2, 1);
	size_t body = wire_begin(w, 3);
	wire_number(w, e->version > 0x0303 ? 0x0303 : e->version, 2);
	wire_hex(w, RANDOM_ANY);
	wire_number(w, strlen(e->session_id), 1);
	wire_text(w, e->session_id);
	wire_hex(w, "c02f 00");
	if (e->extensions != NULL) {
		size_t list = wire_begin(w, 2);
		wire_hex(w, e->extensions);
		wire_end(w, list, 2);
	}
	wire_end(w, body, 3);
	wire_number(w, 11, 1);
	body = wire_begin(w, 3);
	size_t list = wire_begin(w, 3), leaf = wire_begin(w, 3);
	for (unsigned i = 0; i < LEAF_LEN; i++)
		wire_number(w, i % 251, 1);
	wire_end(w, leaf, 3);
	wire_hex(w, "000004 aabbccdd");
	wire_end(w, list, 3);
	wire_end(w, body, 3);
	wire_hex(w, "0e000000");
	return leaf;
}

/* Writes the messages in records that end at each of `cuts`, ascending, and at the end. */
static void
write_cut(struct wire *w, struct slice messages, const size_t *cuts, size_t count)
{
	size_t at = 0;

	w->len = 0;
	for (size_t i = 0; i <= count; i++) {
		size_t end = i < count ? cuts[i] : messages.len;
		if (end > at)
			write_record(w, 0x0303, slice_of(messages.data + at, end - at));
		at = end;
	}
}

static bool
hello_is(struct slice stream, const struct expected *e)
{
	uint8_t *copy = wire_exact_copy(stream), *scratch = malloc(SCRATCH_LEN);
	struct tls_server_hello hello;
	enum parse_result r =
		tls_server_stream_parse(slice_of(copy, stream.len), scratch, SCRATCH_LEN, &hello);
	bool same = r == PARSE_FOUND && hello.version == e->version &&
		    wire_slice_is(hello.alpn, e->alpn) &&
		    wire_slice_is(hello.session_id, e->session_id);

	free(scratch);
	free(copy);
	return same;
}

static bool
certificate_is(struct slice stream, const struct expected *e, const uint8_t *leaf)
{
	uint8_t *copy = wire_exact_copy(stream), *scratch = malloc(SCRATCH_LEN);
	struct slice der = {0};
	enum parse_result r =
		tls_server_certificate(slice_of(copy, stream.len), scratch, SCRATCH_LEN, &der);
	bool same = r == e->certificate &&
		    (r != PARSE_FOUND ||
		     (der.len == LEAF_LEN && memcmp(der.data, leaf, LEAF_LEN) == 0));

	free(scratch);
	free(copy);
	return same;
}

static void
check_flight(struct slice stream, const struct expected *e, const uint8_t *leaf)
{
	bool as_expected = hello_is(stream, e) && certificate_is(stream, e, leaf);

	CU_ASSERT(as_expected);
	if (!as_expected)
		printf("# wrong: %s\n", e->what);
}

static void
flight_in_two_records_cut_anywhere(void)
{
	static struct wire messages, flight;

	for (size_t i = 0; i < COUNT(flights); i++) {
		size_t leaf = write_messages(&messages, &flights[i]);
		for (size_t cut = 0; cut < messages.len; cut++) {
			write_cut(&flight, wire_slice(&messages), &cut, 1);
			check_flight(wire_slice(&flight), &flights[i], messages.bytes + leaf);
		}
	}
}

static void
flight_in_three_records_cut_anywhere(void)
{
	static struct wire messages, flight;

	for (size_t i = 0; i < COUNT(flights); i++) {
		size_t leaf = write_messages(&messages, &flights[i]), cuts[2];
		for (cuts[0] = 1; cuts[0] < 80; cuts[0]++) {
			for (cuts[1] = cuts[0] + 1; cuts[1] < messages.len;
			     cuts[1] += cuts[1] < 90 ? 1 : 37) {
				write_cut(&flight, wire_slice(&messages), cuts, 2);
				check_flight(wire_slice(&flight), &flights[i],
					     messages.bytes + leaf);
			}
		}
	}
}

static void
flight_in_many_records_behind_a_warning(void)
{
	static struct wire messages, flight;

	for (size_t i = 0; i < COUNT(flights); i++) {
		size_t leaf = write_messages(&messages, &flights[i]);
		for (size_t record = 1; record < 60; record++) {
			flight.len = 0;
			wire_hex(&flight, "150303 0002 0170");
			write_records(&flight, wire_slice(&messages), record);
			check_flight(wire_slice(&flight), &flights[i], messages.bytes + leaf);
		}
	}
}

static enum parse_result
parse_exactly(struct slice stream, size_t scratch_len)
{
	uint8_t *copy = wire_exact_copy(stream), *scratch = malloc(scratch_len + 1);
	struct tls_server_hello hello;
	struct slice der;
	struct slice s = slice_of(copy, stream.len);
	enum parse_result r = tls_server_stream_parse(s, scratch, scratch_len, &hello);

	/* Without a hello there is no certificate either. */
	if (r != PARSE_FOUND)
		CU_ASSERT_EQUAL(tls_server_certificate(s, scratch, scratch_len, &der), r);
	free(scratch);
	free(copy);
	return r;
}

/* As long as the hello is not whole more is asked for, wherever the stream ends. */
static void
hello_over_records_asks_for_more_until_it_is_whole(void)
{
	static struct wire messages, flight;

	write_messages(&messages, &flights[0]);
	messages.len = 4 + messages.bytes[3]; /* the hello alone */
	for (size_t cut = 1; cut < messages.len; cut++) {
		write_cut(&flight, wire_slice(&messages), &cut, 1);
		for (size_t len = 0; len <= flight.len; len++)
			CU_ASSERT_EQUAL(parse_exactly(slice_of(flight.bytes, len), SCRATCH_LEN),
					len < flight.len ? PARSE_NEED_MORE : PARSE_FOUND);
	}
}

/* What may not stand between the records of a hello is refused, as in a client's stream. */
static void
hello_with_other_records_in_between(void)
{
	static const struct {
		const char *what, *between;
		enum parse_result result;
	} rows[] = {
		{"nothing", "", PARSE_FOUND},
		{"an empty record", "160303 0000", PARSE_MALFORMED},
		{"a warning", "150303 0002 0170", PARSE_MALFORMED},
		{"change_cipher_spec", "140303 0001 01", PARSE_MALFORMED},
		{"application data", "170303 0001 00", PARSE_MALFORMED},
		{"another protocol", "160203 0001 00", PARSE_MALFORMED},
		{"a record that is too long", "160303 4001 00", PARSE_MALFORMED},
	};
	static struct wire messages, flight;

	write_messages(&messages, &flights[0]);
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t cut = 1; cut < 4u + messages.bytes[3]; cut++) {
			flight.len = 0;
			write_record(&flight, 0x0303, slice_of(messages.bytes, cut));
			wire_hex(&flight, rows[i].between);
			write_record(&flight, 0x0303,
				     slice_of(messages.bytes + cut, messages.len - cut));
			enum parse_result r = parse_exactly(wire_slice(&flight), SCRATCH_LEN);
			CU_ASSERT_EQUAL(r, rows[i].result);
			if (r != rows[i].result)
				printf("# wrong: %s at %zu: %d\n", rows[i].what, cut, r);
		}
	}
}

static void
hello_over_records_is_bounded(void)
{
	static struct wire message, flight;

	for (size_t over = 0; over < 2; over++) {
		message.len = 0;
		wire_number(&message, 2, 1);
		size_t body = wire_begin(&message, 3);
		wire_hex(&message, "0303" RANDOM_ANY "00 c02f 00");
		size_t list = wire_begin(&message, 2);
		wire_hex(&message, "0015");
		size_t padding = wire_begin(&message, 2);
		wire_fill(&message, 0, TLS_SERVER_HELLO_MAX - message.len + over);
		wire_end(&message, padding, 2);
		wire_end(&message, list, 2);
		wire_end(&message, body, 3);
		flight.len = 0;
		write_records(&flight, wire_slice(&message), 1000);
		CU_ASSERT_EQUAL(parse_exactly(wire_slice(&flight), SCRATCH_LEN),
				over != 0 ? PARSE_MALFORMED : PARSE_FOUND);
		/* The header is enough to tell; and so it is that there is no room. */
		CU_ASSERT_EQUAL(parse_exactly(slice_of(flight.bytes, 5 + 4), SCRATCH_LEN),
				over != 0 ? PARSE_MALFORMED : PARSE_NEED_MORE);
		CU_ASSERT_EQUAL(
			parse_exactly(slice_of(flight.bytes, 5 + 4), TLS_SERVER_HELLO_MAX - 5),
			PARSE_MALFORMED);
	}
	flight.len = 0;
	wire_hex(&flight, "160303 0002 02ff 160303 0002 ffff");
	CU_ASSERT_EQUAL(parse_exactly(wire_slice(&flight), SCRATCH_LEN), PARSE_MALFORMED);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"flight_in_two_records_cut_anywhere", flight_in_two_records_cut_anywhere},
		{"flight_in_three_records_cut_anywhere", flight_in_three_records_cut_anywhere},
		{"flight_in_many_records_behind_a_warning",
		 flight_in_many_records_behind_a_warning},
		{"hello_over_records_asks_for_more_until_it_is_whole",
		 hello_over_records_asks_for_more_until_it_is_whole},
		{"hello_with_other_records_in_between", hello_with_other_records_in_between},
		{"hello_over_records_is_bounded", hello_over_records_is_bounded},
	};
	return unit_run("tls_server_cut", cases, COUNT(cases));
}
