/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sentences of every far end that the small catalogue can make: each address with each name, by
 * each way, of each kind. None may contradict what the record says of the same flow.
 */
#include "classifier/policy/sentence.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/policy/attribution_rows.h"
#include "tests/unit/policy/shipped_rules.h"

static struct rule_book *rules;

static const struct zone zone = {.id = "bureautique", .label = "Desktops", .owner = "DSI"};

/* Who has the address, and what says so. */
static const struct far_end addresses[] = {
	{.asn = 0},
	{.asn = STRANGER},
	{.asn = BRAVO},
	{.list = "bravo", .tag = "VAULT", .asn = BRAVO},
	{.list = "bravo", .tag = "TRUSTED", .asn = BRAVO},
	{.list = "bravo", .tag = "VAULT", .asn = ALPHA},
	{.asn = BRAVO_US},
	{.asn = ALPHA},
	{.asn = ALPHA_EU},
	{.list = "alpha", .tag = "STORE", .list_region = "eu-west-3", .asn = ALPHA},
	{.list = "charlie", .asn = CHARLIE},
	{.asn = ECHO},
	{.asn = FOXTROT},
	{.asn = HOTEL},
	{.asn = LIMA},
	{.asn = MIKE},
	{.asn = NOVEMBER},
	{.asn = 0, .address = "203.0.113.5"},
	{.asn = FOXTROT, .address = "203.0.113.5"},
};

static const char *const names[] = {
	NULL,
	"www.unlisted.example",
	"vault.bravo.example",
	"store.eu-west-3.alpha.example",
	"ech.charlie.example",
	"www.delta.example",
	"www.echo.example",
	"www.foxtrot.example",
	"www.hotel.example",
	"www.lima.example",
	"dns.kilo.example",
};

static const enum name_source sources[] = {SNI, HOST, DNS};

/* Who passes it on. */
static const uint32_t carriers[] = {0, BRAVO, HOTEL, ALPHA, ECHO, FOXTROT, LIMA};

static const struct far_end kinds[] = {
	{.port = 443, .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_TLS},
	{.port = 80, .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_HTTP},
	{.port = 22, .transport = TRANSPORT_TCP, .protocol = APP_PROTOCOL_SSH},
	{.port = 53, .transport = TRANSPORT_UDP, .protocol = APP_PROTOCOL_DNS},
	{.port = 25, .transport = TRANSPORT_TCP},
	{.port = 4444, .transport = TRANSPORT_TCP},
};

static unsigned long asked, faulty;

static void
expect(bool holds, const char *what, const char *sentence)
{
	if (holds)
		return;
	if (faulty++ < 20)
		printf("# %s: %s\n", what, sentence);
}

static bool
is_told(const char *sentence, const char *part)
{
	return strstr(sentence, part) != NULL;
}

/* What a hole in a text, or a value that is missing, leaves behind. */
static void
check_form(const char *sentence)
{
	static const char *const holes[] = {
		"{",    "}",    "  ",   " ,",   " .",     " ;",      " :",     "()",   "( ",
		" )",   ",,",   "..",   ",.",   ";.",     "; ;",     " of,",   " of.", " of;",
		" by.", " by;", " at.", " at,", " and (", " says ,", " says ("};

	for (size_t i = 0; i < COUNT(holes); i++)
		expect(!is_told(sentence, holes[i]), holes[i], sentence);
	size_t len = strlen(sentence);
	expect(len > 1 && sentence[len - 1] == '.', "has no end", sentence);
}

/* Whom the words between `before` and `after` are of: NULL where these are not there. */
static const struct catalogue_operator *
find_named(const struct attribution *a, const char *sentence, const char *before, const char *after)
{
	const struct catalogue_operator *const all[] = {a->owner, a->host_operator,
							a->service_operator, a->proxy_operator,
							a->tunnel_operator};
	char said[256];

	for (size_t i = 0; i < COUNT(all); i++) {
		if (all[i] == NULL)
			continue;
		snprintf(said, sizeof(said), "%s%s%s", before, all[i]->name, after);
		if (is_told(sentence, said))
			return all[i];
	}
	snprintf(said, sizeof(said), "%sthe operator%s", before, after);
	return is_told(sentence, said) ? a->owner : NULL;
}

/* Only of one whom the record names, and of whom it holds. */
static void
check_unknown_class(const struct attribution *a, const char *sentence)
{
	static const char who[] = "Who controls ", unrecorded[] = " is not recorded.";
	static const char old[] = "The record of ", too_old[] = " is too old to be relied on.";
	const struct catalogue_operator *without = find_named(a, sentence, who, unrecorded);
	const struct catalogue_operator *aged = find_named(a, sentence, old, too_old);

	if (is_told(sentence, unrecorded))
		expect(without != NULL && without->exposure == EXPOSURE_UNKNOWN,
		       "whose control is recorded", sentence);
	if (is_told(sentence, too_old))
		expect(aged != NULL && strcmp(aged->id, "lima") == 0, "whose record is not old",
		       sentence);
}

/* A class is said of one who has it. */
static void
check_class(const struct attribution *a, const char *sentence)
{
	const struct catalogue_operator *const all[] = {a->owner, a->host_operator,
							a->service_operator, a->proxy_operator,
							a->tunnel_operator};
	const char *code = exposure_code(a->exposure);
	char said[256];

	for (size_t i = 0; i < COUNT(all); i++) {
		if (all[i] == NULL)
			continue;
		snprintf(said, sizeof(said), "%s recorded as ", all[i]->name);
		if (is_told(sentence, said))
			expect(strcmp(exposure_code(all[i]->exposure), code) == 0, "another class",
			       sentence);
	}
	if (is_told(sentence, "Operator recorded as "))
		expect(a->owner != NULL && strcmp(exposure_code(a->owner->exposure), code) == 0,
		       "another class", sentence);
}

/* The end of a way of whom the record names the operator. */
static void
check_way(const struct attribution *a, const char *sentence)
{
	bool strange_proxy = a->proxy_address.version != 0 && a->proxy_operator == NULL;
	bool strange_end = a->tunnel_end.version != 0 && a->tunnel_operator == NULL;

	expect(is_told(sentence, "says the proxy is run by") == (a->proxy_operator != NULL),
	       "who runs the proxy", sentence);
	expect(is_told(sentence, "says the tunnel's far end is run by") ==
		       (a->tunnel_operator != NULL),
	       "who runs the tunnel's end", sentence);
	if (is_told(sentence, "A proxy outside has the data"))
		expect(strange_proxy, "the proxy's operator is known", sentence);
	if (is_told(sentence, "The far end of a tunnel has the data"))
		expect(strange_end, "the tunnel's operator is known", sentence);
}

static void
check_operator(const struct attribution *a, bool named, const char *sentence)
{
	bool counts = a->owner != NULL && a->pattern != ATTRIBUTION_NOTHING &&
		      (a->pattern != ATTRIBUTION_NAME_CLAIMED || a->exposure != EXPOSURE_UNKNOWN);

	if (is_told(sentence, "Operator not identified."))
		expect(!counts, "an operator that the record names", sentence);
	if (is_told(sentence, "unknown service"))
		expect(a->kind == SERVICE_KIND_UNKNOWN, "a kind that the record names", sentence);
	if (is_told(sentence, "not in the catalogue"))
		expect(a->service_operator == NULL, "a name that is listed", sentence);
	if (is_told(sentence, "name asked of") || is_told(sentence, "name not in"))
		expect(named, "a name that the record does not have", sentence);
	if (is_told(sentence, "what lies behind the tunnel is not"))
		expect(a->host_operator == NULL, "an address that is listed", sentence);
	if (is_told(sentence, "no name, range or AS") || is_told(sentence, "no range or AS"))
		expect((a->evidence & (EVIDENCE_PREFIX | EVIDENCE_ASN)) == 0,
		       "evidence that the record names", sentence);
}

static void
check_one(const struct far_end *end, bool served)
{
	struct attribution a = decide(end);
	char address[IP_ADDRESS_TEXT_MAX] = "192.0.2.1", out[SENTENCE_MAX];
	const struct verdict verdict = {
		.data_class = (enum data_class)(asked % DATA_CLASS_COUNT),
		.exposure = a.exposure,
		.severity = (enum severity)(asked % SEVERITY_COUNT),
		.severity_before_exception = (enum severity)(asked % SEVERITY_COUNT),
	};
	const struct sentence_shown shown = {.name = "192.0.2.1", .up = 4096};
	struct sentence_facts facts = {
		.rules = rules,
		.zone = &zone,
		.verdict = &verdict,
		.attribution = &a,
		.name = end->name,
		.address = address,
		.up = 3 << 20,
		.flows = 1 + asked % 3,
		.more_names = asked % 5 == 0 ? asked % 4 : 0,
		.day_limit = asked % 7 == 0 ? 1 << 30 : 0,
		.shown = asked % 11 == 0 ? &shown : NULL,
	};

	if (served)
		a.flags |= JUDGED_FLAG_SERVED;
	sentence_format(&facts, out);
	check_form(out);
	check_class(&a, out);
	check_unknown_class(&a, out);
	check_way(&a, out);
	check_operator(&a, end->name != NULL, out);
	asked++;
}

static void
go_all_ways(struct far_end end)
{
	for (unsigned via = VIA_NONE; via <= VIA_OUTSIDE; via++) {
		for (size_t p = 0; p < (via == VIA_OUTSIDE ? COUNT(carriers) : 1); p++) {
			end.via = (enum via)via;
			end.via_asn = carriers[p];
			end.asked = via != VIA_NONE && end.name != NULL && asked % 2 == 0;
			end.tunnel = TUNNEL_NONE;
			check_one(&end, asked % 13 == 0);
			end.tunnel = TUNNEL_BEFORE;
			for (size_t t = 0; t < COUNT(carriers); t++) {
				end.tunnel_asn = carriers[t];
				check_one(&end, asked % 13 == 0);
			}
		}
	}
	end.via = VIA_NONE;
	end.asked = false;
	end.tunnel = TUNNEL_ENDS;
	check_one(&end, false);
}

/* Kinds take turns: what they add to a sentence does not depend on the rest. */
static void
name_it(struct far_end end, const char *name, enum name_source source)
{
	static const enum told told[] = {UNTOLD, TOLD, TOLD_OTHERWISE};

	end.date = "2026-12-10"; /* lima's record is old then */
	end.name = name;
	end.source = source;
	for (size_t i = 0; i < COUNT(told); i++) {
		const struct far_end *kind = &kinds[asked % COUNT(kinds)];
		end.told = told[i];
		end.port = kind->port;
		end.transport = kind->transport;
		end.protocol = kind->protocol;
		end.certificate = (enum certificate_word)(asked % 3);
		end.ech = source == SNI && i == 0;
		end.cut = source == SNI && i == 1;
		go_all_ways(end);
	}
}

static void
no_sentence_contradicts_its_record(void)
{
	for (size_t a = 0; a < COUNT(addresses); a++) {
		name_it(addresses[a], NULL, NO_NAME);
		for (size_t n = 1; n < COUNT(names); n++) {
			for (size_t s = 0; s < COUNT(sources); s++)
				name_it(addresses[a], names[n], sources[s]);
		}
	}
	printf("# %lu sentences\n", asked);
	CU_ASSERT_EQUAL(faulty, 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"no_sentence_contradicts_its_record", no_sentence_contradicts_its_record},
	};

	rules = load_shipped_rules();
	if (rules == NULL) {
		puts("Bail out! the shipped rules cannot be loaded");
		return 1;
	}
	int status = attribution_rows_run("sentence_space",
					  "policy: {version: 1, name: rows, time_zone: UTC}\n"
					  "tenancies:\n"
					  "  - {id: by-cidr, operator: bravo, service: vault,"
					  " match: {cidr: [203.0.113.0/28]}, owner: DSI}\n",
					  cases, COUNT(cases));
	rule_book_destroy(rules);
	return status;
}
