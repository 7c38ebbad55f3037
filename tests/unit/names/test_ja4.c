/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vectors are fingerprints published for real clients, with the lists they stand for. From
 * https://github.com/FoxIO-LLC/ja4: technical_details/JA4.md, python/test/testdata and
 * rust/ja4/src/snapshots, named by capture and stream; the one of DTLS is Wireshark's. Around the
 * lists the messages are made up.
 */
#include "classifier/names/ja4.h"

#include <stdio.h>

#include <openssl/sha.h>

#include "tests/unit/names/tls_wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#define CHROME_CIPHERS "1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 009c 009d 002f 0035"
#define CHROME_SIGNATURES "0403 0804 0401 0503 0805 0501 0806 0601"

/* Lists in hexadecimal, two bytes each; what an extension holds is made for those that are read. */
struct ja4_case {
	const char *what;
	const char *ja4;
	const char *ciphers;
	const char *extensions;
	const char *signatures;
	const char *versions; /* NULL: "0304 0303" */
	const char *alpn;     /* first protocol, in hexadecimal; NULL: "h2" */
	uint16_t legacy_version;
	enum tls_carrier carrier;
};

static void
write_list(struct wire *w, const char *hex, size_t width)
{
	size_t list = wire_begin(w, width);

	wire_hex(w, hex);
	wire_end(w, list, width);
}

static void
write_extension(struct wire *w, const struct ja4_case *c, unsigned type)
{
	wire_number(w, type, 2);
	size_t data = wire_begin(w, 2);
	if (type == 0)
		wire_hex(w, "0004 00 0001 61");
	if (type == 16) {
		size_t list = wire_begin(w, 2);
		write_list(w, c->alpn != NULL ? c->alpn : "6832", 1);
		wire_hex(w, "08 687474702f312e31");
		wire_end(w, list, 2);
	}
	if (type == 13)
		write_list(w, c->signatures != NULL ? c->signatures : "", 2);
	if (type == 43)
		write_list(w, c->versions != NULL ? c->versions : "0304 0303", 1);
	wire_end(w, data, 2);
}

static void
write_body(struct wire *w, const struct ja4_case *c)
{
	struct wire *types = calloc(1, sizeof(*types));

	if (types == NULL)
		abort();
	w->len = 0;
	wire_number(w, c->legacy_version != 0 ? c->legacy_version : 0x0303, 2);
	wire_fill(w, 0xab, 32);
	wire_hex(w, c->carrier == TLS_CARRIER_DTLS ? "00 00" : "00");
	write_list(w, c->ciphers, 2);
	wire_hex(w, "01 00");
	wire_hex(types, c->extensions);
	size_t list = wire_begin(w, 2);
	for (size_t i = 0; i < types->len; i += 2)
		write_extension(w, c, (unsigned)types->bytes[i] << 8 | types->bytes[i + 1]);
	wire_end(w, list, 2);
	free(types);
}

static const struct ja4_case cases[] = {
	{"tls-sni.pcapng 2, the definition's example", "t13d1516h2_8daaf6152771_e5627efa2ab1",
	 CHROME_CIPHERS,
	 "001b 0000 0033 0010 4469 0017 002d 000d 0005 0023 0012 002b ff01 000b 000a 0015",
	 CHROME_SIGNATURES},
	{"tls-sni.pcapng 0, another order", "t13d1516h2_8daaf6152771_e5627efa2ab1", CHROME_CIPHERS,
	 "ff01 0033 002d 0005 4469 000d 0010 0023 001b 002b 0000 0012 000a 0017 000b 0015",
	 CHROME_SIGNATURES},
	{"the same with GREASE wherever it may be", "t13d1516h2_8daaf6152771_e5627efa2ab1",
	 "6a6a" CHROME_CIPHERS,
	 "2a2a 001b 0000 0033 0010 4469 0017 002d 000d 0005 0023 0012 002b ff01 000b 000a 1a1a"
	 "0015",
	 "0403 0804 dada 0401 0503 0805 0501 0806 0601 fafa", "9a9a 0304 0303"},
	{"tls-sni.pcapng 5, http/1.1", "t13d1516h1_8daaf6152771_e5627efa2ab1", CHROME_CIPHERS,
	 "000d 0033 0000 ff01 002b 0023 002d 0005 0012 000b 0017 4469 0010 001b 000a 0015",
	 CHROME_SIGNATURES, .alpn = "687474702f312e31"},
	{"tls-sni.pcapng 6, no ALPN", "t13d151400_8daaf6152771_de4a06bb82e3", CHROME_CIPHERS,
	 "0033 002b 001b 0000 0012 002d 000d 000a 0005 0023 0017 ff01 000b 0015",
	 CHROME_SIGNATURES},
	{"tls3.pcapng 9, a resumption", "t13d1516h2_8daaf6152771_9b887d9acb53", CHROME_CIPHERS,
	 "0033 000a 0005 000d 0012 0000 0010 002b 0023 001b 0017 002d ff01 4469 000b 0029",
	 CHROME_SIGNATURES},
	{"sigalg-grease.pcapng 0", "t13d1517h2_8daaf6152771_cb7bf5808d99", CHROME_CIPHERS,
	 "fe0d 0010 0017 0033 44cd ff01 000a 000d 0023 002b 000b ca34 002d 0000 0005 001b 0012",
	 "1a1a 0904 0905 0906 0403 0804 0401 0503 0805 0501 0806 0601"},
	{"badcurveball.pcap 0", "t13d1615h2_46e7e9700bed_45f260be83e2", CHROME_CIPHERS "000a",
	 "0000 0017 ff01 000a 000b 0023 0010 0005 000d 0012 0033 002d 002b 001b 0015",
	 CHROME_SIGNATURES "0201"},
	{"latest.pcapng 3, TLS 1.2", "t12d190800_d83cc789557e_7af1ed941c26",
	 "c02c c02b c030 c02f c024 c023 c028 c027 c00a c009 c014 c013 009d 009c 003d 003c 0035 002f"
	 "000a",
	 "0000 0005 000a 000b 000d 0023 0017 ff01",
	 "0804 0805 0806 0401 0501 0201 0403 0503 0203 0202 0601 0603"},
	{"tls3.pcapng 21, QUIC", "q13d0310h3_55b375c5d22e_cd85d2d88918", "1301 1302 1303",
	 "0000 0010 000a 000d 001b 002b 002d 0033 0039 4469", CHROME_SIGNATURES "0201",
	 .versions = "0304", .alpn = "6833", .carrier = TLS_CARRIER_QUIC},
	{"tls3.pcapng 25, QUIC resumed", "q13d0311h3_55b375c5d22e_3512bcbbc9ec", "1301 1302 1303",
	 "0039 0000 0010 002b 002d 4469 0033 000a 000d 001b 0029", CHROME_SIGNATURES "0201",
	 .versions = "0304", .alpn = "6833", .carrier = TLS_CARRIER_QUIC},
	{"Wireshark, DTLS 1.2 of WebRTC", "dd2i110600_c45550529adf_279517677189",
	 "c02b c02f cca9 cca8 c009 c013 c00a c014 009c 002f 0035", "000a 0017 000d 000e 000b ff01",
	 CHROME_SIGNATURES "0201", .legacy_version = 0xfefd, .carrier = TLS_CARRIER_DTLS},
	{"the definition's, no signature algorithms", "t13i151400_8daaf6152771_6d807ffa2a79",
	 CHROME_CIPHERS, "0005 000a 000b 000d 0012 0015 0017 001b 0023 002b 002d 0033 4469 ff01"},
	{"only GREASE and what is not hashed", "t12d0002h2_000000000000_000000000000", "0a0a baba",
	 "0000 0010 3a3a"},
	{"no extensions", "ts3i010000_ba72b8082249_000000000000", "002f", "",
	 .legacy_version = 0x0300},
};

static bool
parse(struct wire *w, const struct ja4_case *c, struct tls_client_hello *hello)
{
	write_body(w, c);
	return tls_client_hello_body_parse(wire_slice(w), c->carrier, hello) == PARSE_FOUND;
}

static void
check(struct ja4_maker *maker, const struct ja4_case *c)
{
	static struct wire w;
	struct tls_client_hello hello;
	char text[JA4_TEXT_SIZE] = "not parsed";

	if (parse(&w, c, &hello))
		ja4_format(maker, &hello, text);
	CU_ASSERT_STRING_EQUAL(text, c->ja4);
	if (strcmp(text, c->ja4) != 0)
		printf("# wrong: %s: %s\n", c->what, text);
}

static void
published_vectors_are_met(void)
{
	struct ja4_maker *maker = ja4_maker_create();

	/* Twice: one fingerprint leaves nothing behind for the next. */
	for (size_t i = 0; i < 2 * COUNT(cases); i++)
		check(maker, &cases[i % COUNT(cases)]);
	ja4_maker_destroy(maker);
}

static void
version_by_rule(void)
{
	static const struct {
		uint16_t legacy_version;
		const char *versions; /* NULL: no supported_versions */
		const char *start;
		enum tls_carrier carrier;
	} rows[] = {
		{0x0303, "0304 0303", "t13", TLS_CARRIER_TCP},
		{0x0303, "0303 0304", "t13", TLS_CARRIER_TCP},
		{0x0301, "0302 0301", "t11", TLS_CARRIER_TCP},
		{0x0303, "1a1a 0303", "t12", TLS_CARRIER_TCP},
		{0x0303, "1a1a", "t00", TLS_CARRIER_TCP},
		{0x0303, "0303 7f1c", "t00", TLS_CARRIER_TCP}, /* the highest value is a draft's */
		{0x0304, NULL, "t13", TLS_CARRIER_TCP},
		{0x0303, NULL, "t12", TLS_CARRIER_TCP},
		{0x0302, NULL, "t11", TLS_CARRIER_TCP},
		{0x0301, NULL, "t10", TLS_CARRIER_TCP},
		{0x0300, NULL, "ts3", TLS_CARRIER_TCP},
		{0x0305, NULL, "t00", TLS_CARRIER_TCP},
		{0x0303, "0304", "q13", TLS_CARRIER_QUIC},
		{0xfeff, NULL, "dd1", TLS_CARRIER_DTLS},
		{0xfefd, NULL, "dd2", TLS_CARRIER_DTLS},
		{0xfefd, "fefc fefd", "dd3", TLS_CARRIER_DTLS},
		{0xfefd, "fefd fefc", "dd3", TLS_CARRIER_DTLS},
	};
	struct ja4_maker *maker = ja4_maker_create();
	static struct wire w;

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct ja4_case c = {
			.ciphers = "1301",
			.extensions = rows[i].versions != NULL ? "002b" : "",
			.versions = rows[i].versions,
			.legacy_version = rows[i].legacy_version,
			.carrier = rows[i].carrier,
		};
		struct tls_client_hello hello;
		char text[JA4_TEXT_SIZE];

		CU_ASSERT_TRUE_FATAL(parse(&w, &c, &hello));
		ja4_format(maker, &hello, text);
		CU_ASSERT_NSTRING_EQUAL(text, rows[i].start, 3);
	}
	ja4_maker_destroy(maker);
}

static void
alpn_by_rule(void)
{
	/* The first five are the definition's. */
	static const char *const rows[][2] = {
		{"ab", "ab"},       {"abcd", "ad"}, {"30ab", "3b"},       {"3031abcd", "3d"},
		{"30abcd31", "01"}, {"61", "aa"},   {"683263", "hc"},     {"0a0a", "h1"},
		{"0a1a", "0a"},     {"485a", "HZ"}, {"687474702f", "6f"}, {"737064792f33", "s3"},
	};
	struct ja4_maker *maker = ja4_maker_create();
	static struct wire w;

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct ja4_case c = {
			.ciphers = "1301", .extensions = "0010", .alpn = rows[i][0]};
		struct tls_client_hello hello;
		char text[JA4_TEXT_SIZE];

		CU_ASSERT_TRUE_FATAL(parse(&w, &c, &hello));
		ja4_format(maker, &hello, text);
		CU_ASSERT_NSTRING_EQUAL(text + 8, rows[i][1], 2);
	}
	ja4_maker_destroy(maker);
}

/* Ciphers from `first` downwards, each `times` times: count and hash of the sorted list. */
static void
check_many_ciphers(struct ja4_maker *maker, unsigned first, unsigned count, unsigned times)
{
	static uint8_t ciphers[65534];
	static char text[5 * 32767 + 2];
	struct tls_client_hello hello = {.legacy_version = 0x0303};
	uint8_t digest[SHA256_DIGEST_LENGTH];
	char ja4[JA4_TEXT_SIZE], expected[13];
	size_t len = 0;

	for (unsigned i = 0; i < count * times; i++) {
		unsigned value = first - i % count;
		ciphers[2 * i] = (uint8_t)(value >> 8);
		ciphers[2 * i + 1] = (uint8_t)value;
	}
	for (unsigned i = 0; i < count * times; i++) {
		unsigned value = first - count + 1 + i / times;
		if ((value & 0x0f0f) != 0x0a0a || value >> 8 != (value & 0xff))
			len += (size_t)snprintf(text + len, 6, "%s%04x", len > 0 ? "," : "", value);
	}
	(void)SHA256((const unsigned char *)text, len, digest);
	for (size_t i = 0; i < 6; i++)
		snprintf(expected + 2 * i, 3, "%02x", digest[i]);
	hello.cipher_suites = slice_of(ciphers, 2 * (size_t)count * times);
	ja4_format(maker, &hello, ja4);
	CU_ASSERT_NSTRING_EQUAL(ja4, "t12i990000_", 11);
	CU_ASSERT_NSTRING_EQUAL(ja4 + 11, expected, 12);
}

static void
count_ends_at_99_and_the_hash_covers_all(void)
{
	struct ja4_maker *maker = ja4_maker_create();

	check_many_ciphers(maker, 0x1300, 100, 1);
	check_many_ciphers(maker, 0x1300, 50, 2);
	check_many_ciphers(maker, 0xffff, 32767, 1);
	check_many_ciphers(maker, 0x0002, 1, 32767);
	check_many_ciphers(maker, 0x1303, 3, 10922);
	check_many_ciphers(maker, 0xc030, 102, 1); /* the text has one of the buffer's lengths */
	for (size_t i = 0; i < COUNT(cases); i++)
		check(maker, &cases[i]);
	ja4_maker_destroy(maker);
}

/* Lists of the same few values, in all orders and places, against a maker that remembers none. */
static void
what_is_remembered_is_not_mixed_up(void)
{
	static const char *const lists[] = {"0001",      "0002",      "0001 0002", "0002 0001",
					    "0001 0001", "0001 0a0a", "0002 0002", "0003"};
	struct ja4_maker *maker = ja4_maker_create();
	static struct wire w;

	for (size_t i = 0; i < 512; i++) {
		const struct ja4_case c = {
			.ciphers = lists[i % 8],
			.extensions = i / 8 % 2 == 0 ? "0000 000d" : "000d 0000 0005",
			.signatures = lists[i / 64 % 8],
		};
		struct tls_client_hello hello;
		char text[JA4_TEXT_SIZE], fresh[JA4_TEXT_SIZE];
		struct ja4_maker *other = ja4_maker_create();

		CU_ASSERT_TRUE_FATAL(parse(&w, &c, &hello));
		ja4_format(maker, &hello, text);
		ja4_format(other, &hello, fresh);
		CU_ASSERT_STRING_EQUAL(text, fresh);
		ja4_maker_destroy(other);
	}
	ja4_maker_destroy(maker);
}

static void
hello_in_the_form_of_ssl_2_has_none(void)
{
	const struct tls_client_hello hello = {.is_ssl2_format = true, .legacy_version = 0x0301};
	struct ja4_maker *maker = ja4_maker_create();
	char text[JA4_TEXT_SIZE] = "x";

	ja4_format(maker, &hello, text);
	CU_ASSERT_STRING_EQUAL(text, "");
	ja4_maker_destroy(maker);
	ja4_maker_destroy(NULL);
}

int
main(void)
{
	static const struct unit_case unit_cases[] = {
		{"published_vectors_are_met", published_vectors_are_met},
		{"version_by_rule", version_by_rule},
		{"alpn_by_rule", alpn_by_rule},
		{"count_ends_at_99_and_the_hash_covers_all",
		 count_ends_at_99_and_the_hash_covers_all},
		{"what_is_remembered_is_not_mixed_up", what_is_remembered_is_not_mixed_up},
		{"hello_in_the_form_of_ssl_2_has_none", hello_in_the_form_of_ssl_2_has_none},
	};
	return unit_run("ja4", unit_cases, COUNT(unit_cases));
}
