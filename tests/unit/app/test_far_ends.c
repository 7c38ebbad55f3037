/* SPDX-License-Identifier: Apache-2.0 */
/* What the judge makes of certificates and of explicit proxies: through its lines. */
#include "app/far_ends.h"

#include "tests/unit/app/judging.h"
#include "tests/unit/policy/certificate_maker.h"

#define S UINT64_C(1000000000)
#define START (1700000000 * S)
#define CLIENT "10.0.0.5"
#define SERVER "93.184.216.34"
#define PROXY_INSIDE "10.0.0.80"
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

static void
add_certificate(struct judging *j, uint64_t id, const char *names)
{
	static union {
		struct certificate_message message;
		uint8_t room[sizeof(struct certificate_message) + CERTIFICATE_MADE_MAX];
	} body;

	body.message.id = id;
	body.message.len = (uint16_t)certificate_make(names, body.message.bytes).len;
	struct message message = {.time_ns = START,
				  .body = &body,
				  .len = sizeof(body),
				  .kind = WORKER_MESSAGE_CERTIFICATE};
	CU_ASSERT_EQUAL(judge_message(j->judge, &message), 0);
}

static void
expect(const char *what, const char *text, const char *const *parts)
{
	for (; *parts != NULL; parts++) {
		bool absent = **parts == '!';
		CU_ASSERT_EQUAL(has(text, *parts + absent), !absent);
		if (has(text, *parts + absent) == absent)
			printf("# %s: %s\n# in %s", what, *parts, text);
	}
}

static void
a_certificate_names_and_confirms(void)
{
	static const struct {
		const char *what, *names, *sni;
		const char *parts[6]; /* "!": must not be there */
	} rows[] = {
		{"it names",
		 "vault.bravo.example",
		 NULL,
		 {"\"name\":\"vault.bravo.example\",\"name_source\":\"certificate\"",
		  "\"evidence\":[\"certificate\"]", "\"exposure\":\"unknown\"",
		  "!\"server_name\""}},
		{"of several it names none",
		 "vault.bravo.example bravo.example",
		 NULL,
		 {"!\"name\":", "!certificate"}},
		{"it has the name, and anybody can show one",
		 "*.bravo.example",
		 "vault.bravo.example",
		 {"\"name_source\":\"tls-sni\"", "\"evidence\":[\"sni\",\"certificate\"]",
		  "sni-unconfirmed", "\"exposure\":\"unknown\""}},
		{"it has others",
		 "www.phares.example",
		 "vault.bravo.example",
		 {"\"evidence\":[\"sni\"]", "\"disagree\":[\"certificate\"]", "sni-unconfirmed"}},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct judging j;
		judging_begin(&j, (struct judge_outputs){0});
		add_certificate(&j, 77, rows[i].names);
		struct flow_message flow = judging_flow(CLIENT, SERVER, START + S, rows[i].sni);
		flow.record.detail.certificate = 77;
		judging_add_flow(&j, &flow);
		char *text = judging_end(&j);
		expect(rows[i].what, text, rows[i].parts);
		free(text);
	}
}

static void
certificates_are_forgotten_with_their_source(void)
{
	struct judging j;

	judging_begin(&j, (struct judge_outputs){0});
	add_certificate(&j, 77, "vault.bravo.example");
	judge_begin(j.judge, "next.pcap");
	struct flow_message flow = judging_flow(CLIENT, SERVER, START + S, NULL);
	flow.record.detail.certificate = 77;
	judging_add_flow(&j, &flow);
	char *text = judging_end(&j);
	CU_ASSERT_FALSE(has(text, "bravo"));
	free(text);
}

/* A flow that asks `proxy` for a name, an address or both. */
static struct flow_message
proxied_flow(const char *proxy, bool inside, const char *name, const char *address)
{
	struct flow_message flow = judging_flow(CLIENT, proxy, START + S, name);
	struct flow_record *r = &flow.record;

	r->destination_inside = inside;
	r->destination_port = 3128;
	r->flags = FLOW_FLAG_VIA_PROXY;
	r->name_source = name != NULL ? NAME_SOURCE_HTTP_CONNECT : NAME_SOURCE_NONE;
	r->detail.inner_destination_port = 443;
	if (address != NULL)
		r->detail.inner_destination = judging_address(address);
	return flow;
}

static void
what_a_proxy_is_asked_for_is_the_destination(void)
{
	static const struct {
		const char *what, *proxy, *name, *address;
		bool inside;
		const char *parts[8];
	} rows[] = {
		{"a name, of a proxy inside",
		 PROXY_INSIDE,
		 "vault.bravo.example",
		 NULL,
		 true,
		 {"\"direction\":\"egress\"", "\"operator\":\"bravo\"", "\"confidence\":\"medium\"",
		  "\"rule\":{\"id\":\"INT-SOV\"}",
		  "vault.bravo.example, backup of Bravo Hosting, "
		  "through a proxy inside.",
		  "\"flags\":[\"via-proxy\"", "!\"ip\":\"" PROXY_INSIDE "\""}},
		{"an address",
		 PROXY_INSIDE,
		 NULL,
		 SERVER,
		 true,
		 {"\"direction\":\"egress\"", "to " SERVER ",", "through a proxy inside",
		  "\"inner\":{\"destination\":{\"ip\":\"" SERVER "\",\"port\":443}}",
		  "!\"ip\":\"" PROXY_INSIDE "\""}},
		{"an address that stands as a name",
		 PROXY_INSIDE,
		 SERVER,
		 NULL,
		 true,
		 {"\"direction\":\"egress\"", "to " SERVER ",", "!\"ip\":\"" PROXY_INSIDE "\""}},
		{"an address inside",
		 PROXY_INSIDE,
		 NULL,
		 "10.9.9.9",
		 true,
		 {"\"direction\":\"internal\"", "via-proxy", "!10.9.9.9", "!message"}},
		{"a name inside",
		 PROXY_INSIDE,
		 "intranet",
		 NULL,
		 true,
		 {"\"direction\":\"internal\"", "!message"}},
		{"of a proxy outside",
		 SERVER,
		 "vault.bravo.example",
		 NULL,
		 false,
		 {"\"operator\":\"bravo\"", "through a proxy at " SERVER ".", "!sni-unconfirmed",
		  "!mismatch", "\"ip\":\"" SERVER "\""}},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct judging j;
		judging_begin(&j, (struct judge_outputs){.hide_inside = true});
		struct flow_message flow =
			proxied_flow(rows[i].proxy, rows[i].inside, rows[i].name, rows[i].address);
		judging_add_flow(&j, &flow);
		char *text = judging_end(&j);
		expect(rows[i].what, text, rows[i].parts);
		free(text);
	}
}

#define FORM NAME_SOURCE_HTTP_HOST
#define CONNECT NAME_SOURCE_HTTP_CONNECT
#define SOCKS NAME_SOURCE_SOCKS

/* Where the flow goes, and what an answer to `resolver` tells of bravo.example. */
struct form_row {
	const char *what, *server, *resolver;
	uint16_t port;
	enum name_source source;
	bool inside, proxied;
};

static void
tell_answer(struct judging *j, const struct form_row *row)
{
	static union {
		struct dns_message message;
		uint8_t room[sizeof(struct dns_message) + 256];
	} dns;
	static const uint8_t answer[] = {0,   1,   0x81, 0x80, 0,   1,   0,   1,  0,   0,    0,
					 0,   5,   'b',  'r',  'a', 'v', 'o', 7,  'e', 'x',  'a',
					 'm', 'p', 'l',  'e',  0,   0,   1,   0,  1,   0xc0, 12,
					 0,   1,   0,    1,    0,   0,   0,   60, 0,   4};
	struct ip_address server = judging_address(row->server);
	struct message message = {
		.time_ns = START, .body = &dns, .len = sizeof(dns), .kind = WORKER_MESSAGE_DNS};

	if (row->resolver == NULL)
		return;
	memcpy(dns.message.bytes, answer, sizeof(answer));
	memcpy(dns.message.bytes + sizeof(answer), server.bytes, 4);
	dns.message.len = sizeof(answer) + 4;
	dns.message.client = judging_address(row->resolver);
	CU_ASSERT_EQUAL(judge_message(j->judge, &message), 0);
}

/* A server may be asked in the form that proxies are: that it is one is not said where it is likely
 * none, but no host may say so of a proxy inside. */
static void
a_server_of_that_name_is_no_proxy(void)
{
	static const struct form_row rows[] = {
		{"absolute form", SERVER, NULL, 8080, FORM, false, true},
		{"dns gives the name that address", SERVER, CLIENT, 8080, FORM, false, false},
		{"so does what all are told", SERVER, "10.0.0.53", 8080, FORM, false, false},
		{"the port of the web", SERVER, NULL, 80, FORM, false, false},
		{"CONNECT", SERVER, CLIENT, 8080, CONNECT, false, true},
		{"CONNECT on that port", SERVER, NULL, 80, CONNECT, false, true},
		{"SOCKS", SERVER, "10.0.0.53", 1080, SOCKS, false, true},
		{"inside", PROXY_INSIDE, NULL, 80, FORM, true, true},
		{"inside, by a client's own dns", PROXY_INSIDE, CLIENT, 80, FORM, true, true},
		{"inside, by what all are told", PROXY_INSIDE, "10.0.0.53", 80, FORM, true, false},
		{"CONNECT inside", PROXY_INSIDE, CLIENT, 3128, CONNECT, true, true},
		{"and by what all are told", PROXY_INSIDE, "10.0.0.53", 3128, CONNECT, true, true},
	};
	struct ip_prefix resolver = {.address = judging_address("10.0.0.53"), .bits = 32};
	const struct policy_file policy = {.resolvers = {.items = &resolver, .count = 1}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct judging j;
		judging_begin_under(&j, (struct judge_outputs){0}, &policy);
		tell_answer(&j, &rows[i]);
		struct flow_message flow =
			proxied_flow(rows[i].server, rows[i].inside, "bravo.example", NULL);
		flow.record.name_source = rows[i].source;
		flow.record.destination_port = rows[i].port;
		judging_add_flow(&j, &flow);
		char *text = judging_end(&j);
		CU_ASSERT_EQUAL(has(text, "through a proxy"), rows[i].proxied);
		if (has(text, "through a proxy") != rows[i].proxied)
			printf("# %s: %s\n", rows[i].what, text);
		free(text);
	}
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(a_certificate_names_and_confirms),
		CASE(certificates_are_forgotten_with_their_source),
		CASE(what_a_proxy_is_asked_for_is_the_destination),
		CASE(a_server_of_that_name_is_no_proxy),
	};
	return unit_run("far_ends", cases, COUNT(cases));
}
