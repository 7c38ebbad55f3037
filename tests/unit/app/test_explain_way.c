/* SPDX-License-Identifier: Apache-2.0 */
/* What `explain` tells of proxies and tunnels, and of who runs them. */
#include "app/explain.h"

#include <stdlib.h>
#include <string.h>

#include "app/explain_words.h"
#include "classifier/policy/attribution.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define HEADING "\nThe way it took\n"
#define PROXY_OUTSIDE "52.95.154.7"
#define PROXY_INSIDE "10.0.0.8"
#define END_OUTSIDE "52.95.154.8"
#define ASKED .flags = {{"via-proxy"}, 1}
#define AT(address) .destination = {.ip = (address), .port = 3128, .has_port = true}
#define IN_TUNNEL(from, to) \
	.tunnel = "gre", .outer_source = {.ip = (from)}, .outer_destination = {.ip = (to)}
#define ENDS(from, to) .source = {.ip = (from)}, .destination = {.ip = (to)}
#define CLEAR .source = {.ip = "10.0.0.5"}
#define BY(...) .way_evidence = {{__VA_ARGS__}, COUNT(((const char *[]){__VA_ARGS__}))}

/* The settings in use when an alert is explained. */
enum now { NO_SETTINGS, INSIDE_NOW, OUTSIDE_NOW, NOW_COUNT };

static struct rule_book *rules;
static struct catalogue *catalogue;
static struct inside_map inside; /* has the addresses that are called outside */

/* To be freed. */
static char *
explain_with(const struct event *alert, enum now now)
{
	static const struct inside_map nothing;
	const struct explain_sources sources = {
		.rules = rules,
		.catalogue = catalogue,
		.inside = now == NO_SETTINGS  ? NULL
			  : now == INSIDE_NOW ? &inside
					      : &nothing,
	};
	struct event whole = *alert;
	char *text = NULL;
	size_t len;
	struct explain_page page = {open_memstream(&text, &len), 160, false};

	CU_ASSERT_PTR_NOT_NULL_FATAL(page.out);
	whole.class = EVENT_CLASS_ALERT;
	whole.id = "00112233445566778899aabbccddeeff";
	whole.rule_id = "INT-USA";
	if (whole.message == NULL)
		whole.message = "Desktops sent 3.0 MiB in 1 flow to mail.example.";
	if (whole.direction == NULL)
		whole.direction = "egress";
	explain_write(&sources, &whole, &page);
	fclose(page.out);
	return text;
}

static char *
explain(const struct event *alert)
{
	return explain_with(alert, NO_SETTINGS);
}

/* The part under the heading, or "". */
static const char *
find_way(const char *text)
{
	const char *at = strstr(text, HEADING);

	return at != NULL ? at + strlen(HEADING) : "";
}

struct row {
	const char *what;
	struct event alert;
	const char *told[7]; /* in this order, nothing between them; NULL ends them */
};

/* Lines are broken at 160 columns: a text is compared with its breaks as spaces. */
static void
unbreak(char *text)
{
	for (char *at = text; *at != '\0'; at++) {
		if (*at == '\n' && at[1] == ' ' && at[2] == ' ')
			*at = ' ';
	}
}

static void
squeeze(char *text)
{
	char *to = text;

	for (const char *at = text; *at != '\0'; at++) {
		if (*at != ' ' || to == text || to[-1] != ' ')
			*to++ = *at;
	}
	*to = '\0';
}

static void
check_now(const struct row *rows, size_t count, enum now now)
{
	for (size_t i = 0; i < count; i++) {
		char *text = explain_with(&rows[i].alert, now), whole[2048] = "";
		char *way = strdup(find_way(text));
		char *end = strstr(way, "\n\n");

		if (end != NULL)
			*end = '\0';
		unbreak(way);
		squeeze(way);
		for (size_t k = 0; k < COUNT(rows[i].told) && rows[i].told[k] != NULL; k++) {
			strcat(whole, " ");
			strcat(whole, rows[i].told[k]);
		}
		CU_ASSERT_STRING_EQUAL(way, whole);
		if (strcmp(way, whole) != 0)
			printf("# %s:\n#    given%s\n# expected%s\n", rows[i].what, way, whole);
		free(way);
		free(text);
	}
}

/* What the record tells is told alike, whatever the settings have become. */
static void
check(const struct row *rows, size_t count)
{
	for (unsigned now = 0; now < NOW_COUNT; now++)
		check_now(rows, count, (enum now)now);
}

#define PREFIX_TOLD "prefix the operator's published range list has the address"
#define ASN_TOLD "asn the address is announced by an autonomous system of the operator"

static void
a_proxy_is_told(void)
{
	static const struct row rows[] = {
		{"neither proxy nor tunnel", {.name = "mail.example"}, {NULL}},
		{"outside, of a known operator",
		 {ASKED, AT(PROXY_OUTSIDE), BY("prefix", "asn"), .host_operator = "alpha"},
		 {"The client asked a proxy outside, and the packets went to that proxy's "
		  "address, " PROXY_OUTSIDE
		  " port 3128. Who runs the proxy has the data too, whatever it then "
		  "does with them.",
		  "Who runs the proxy: Alpha Cloud. These say so:", PREFIX_TOLD, ASN_TOLD}},
		{"of one whom the catalogue does not have any more",
		 {ASKED, AT(PROXY_OUTSIDE), BY("asn"), .host_operator = "bygone"},
		 {"The client asked a proxy outside, and the packets went to that proxy's "
		  "address, " PROXY_OUTSIDE
		  " port 3128. Who runs the proxy has the data too, whatever it then "
		  "does with them.",
		  "Who runs the proxy: bygone. These say so:", ASN_TOLD}},
		{"of nobody known",
		 {ASKED, AT(PROXY_OUTSIDE), .evidence = {{"host"}, 1}},
		 {"The client asked in the form for a proxy, and the packets went to " PROXY_OUTSIDE
		  " port 3128. Who runs that address has the data, whatever it then does with "
		  "them.",
		  "No range and no AS of the catalogue tells who runs that address."}},
		{"of nobody known, asked for a listed address",
		 {ASKED, AT(PROXY_OUTSIDE), .evidence = {{"prefix"}, 1},
		  .inner_destination = {.ip = "52.95.154.1"}},
		 {"The client asked in the form for a proxy, and the packets went to " PROXY_OUTSIDE
		  " port 3128. Who runs that address has the data, whatever it then does with "
		  "them.",
		  "No range and no AS of the catalogue tells who runs that address."}},
		{"a server that was asked for itself",
		 {ASKED, AT(PROXY_OUTSIDE), .evidence = {{"asn", "host"}, 2}},
		 {"The client asked in the form for a proxy, but the packets went to " PROXY_OUTSIDE
		  " port 3128, and the evidence above is of that address."}},
		{"inside",
		 {ASKED, AT(PROXY_INSIDE)},
		 {"The client asked a proxy on the inside, and the packets went to that proxy's "
		  "address, " PROXY_INSIDE " port 3128. What the proxy then sent is another "
		  "flow."}},
		{"inside, hidden",
		 {ASKED, AT(NULL), .flows = 2},
		 {"The addresses are those of its first flow.",
		  "The client asked a proxy on the inside, whose address is not told, and the "
		  "packets went there. What the proxy then sent is another flow."}},
		{"inside, of a public range: the sentence says so",
		 {ASKED, CLEAR, AT(PROXY_OUTSIDE),
		  .message = "Desktops sent 3.0 MiB in 1 flow to mail.example, mail of Example, "
			     "through a proxy inside. And so on."},
		 {"The client asked a proxy on the inside, and the packets went to that proxy's "
		  "address, " PROXY_OUTSIDE " port 3128. What the proxy then sent is another "
		  "flow."}},
		{"outside, with every address told: the sentence says so",
		 {ASKED, CLEAR, AT(PROXY_OUTSIDE), .evidence = {{"host"}, 1},
		  .message = "Desktops sent 3.0 MiB in 1 flow to mail.example, mail of Example, "
			     "through a proxy at " PROXY_OUTSIDE ". And so on."},
		 {"The client asked in the form for a proxy, and the packets went to " PROXY_OUTSIDE
		  " port 3128. Who runs that address has the data, whatever it then does with "
		  "them.",
		  "No range and no AS of the catalogue tells who runs that address."}},
		{"from outside it says nothing",
		 {ASKED, AT(PROXY_INSIDE), .direction = "ingress"},
		 {NULL}},
		{"of the flow that decided, and not of the first",
		 {AT("192.0.2.1"), BY("tenancy"), .host_operator = "bravo"},
		 {"The flow that decided went by way of a proxy outside or of a tunnel's far end, "
		  "which the first flow did not.",
		  "Who runs it: Bravo Hosting. These say so:",
		  "tenancy the organisation declared this address or name as its own use of the "
		  "service"}},
	};
	check(rows, COUNT(rows));
}

#define ASKED_AND_WENT                                                                     \
	"The client asked in the form for a proxy, and the packets went to " PROXY_OUTSIDE \
	" port 3128."
#define WENT "The packets went to " END_OUTSIDE ", the far end of a tunnel (gre)."
#define BY_ONE "The flow that decided went by way of a proxy outside or of a tunnel's far end."

/* Every address is told, and the sentence does not tell the way. */
static void
the_side_is_that_of_the_settings_in_use(void)
{
	static const char *const sides[NOW_COUNT] = {
		[NO_SETTINGS] = "Whether that is on the inside, the alert does not tell.",
		[INSIDE_NOW] = "By the settings in use now that is on the inside; the alert does "
			       "not tell it.",
		[OUTSIDE_NOW] = "By the settings in use now that is outside; the alert does not "
				"tell it.",
	};

	for (unsigned now = 0; now < NOW_COUNT; now++) {
		const char *side = sides[now];
		const struct row rows[] = {
			{"a proxy",
			 {ASKED, CLEAR, AT(PROXY_OUTSIDE), .evidence = {{"host"}, 1}},
			 {ASKED_AND_WENT, side}},
			{"another proxy than the sentence's",
			 {ASKED, CLEAR, AT(PROXY_OUTSIDE),
			  .message = "Sent, through a proxy at " PROXY_OUTSIDE
				     "0. Sent, through a proxy at " PROXY_OUTSIDE ":1."},
			 {ASKED_AND_WENT, side}},
			{"a tunnel",
			 {CLEAR, AT("192.0.9.1"), IN_TUNNEL("10.0.0.5", END_OUTSIDE)},
			 {WENT, side}},
			{"flows of which one went by way of one known",
			 {CLEAR, AT("192.0.9.1"), IN_TUNNEL("10.0.0.5", END_OUTSIDE), BY("asn"),
			  .flows = 2, .host_operator = "alpha"},
			 {"The addresses are those of its first flow.", WENT, side, BY_ONE,
			  "Who runs it: Alpha Cloud. These say so:", ASN_TOLD}},
			{"a proxy by way of a tunnel, one of them of one known",
			 {ASKED, CLEAR, AT(PROXY_OUTSIDE), IN_TUNNEL("10.0.0.5", END_OUTSIDE),
			  BY("asn"), .host_operator = "alpha"},
			 {ASKED_AND_WENT, side, WENT, side, BY_ONE,
			  "Who runs it: Alpha Cloud. These say so:", ASN_TOLD}},
		};
		check_now(rows, COUNT(rows), (enum now)now);
	}
}

#define HAS_IT_TOO \
	"Who runs that end has the data too; what lies behind it is as the sender wrote it."

static void
a_tunnel_is_told(void)
{
	static const struct row rows[] = {
		{"its end, of a known operator",
		 {IN_TUNNEL("10.0.0.5", END_OUTSIDE), BY("asn"), .host_operator = "alpha"},
		 {"The packets went to " END_OUTSIDE ", the far end of a tunnel (gre). " HAS_IT_TOO,
		  "Who runs the tunnel's far end: Alpha Cloud. These say so:", ASN_TOLD}},
		{"of nobody known",
		 {IN_TUNNEL(NULL, END_OUTSIDE), .evidence = {{"prefix"}, 1}},
		 {"The packets went to " END_OUTSIDE ", the far end of a tunnel (gre). " HAS_IT_TOO,
		  "No range and no AS of the catalogue tells who runs the tunnel's far end."}},
		{"of who comes",
		 {IN_TUNNEL(END_OUTSIDE, "10.0.0.5"), BY("asn"), .host_operator = "alpha",
		  .direction = "ingress"},
		 {"The packets came from " END_OUTSIDE
		  ", the far end of a tunnel (gre). " HAS_IT_TOO,
		  "Who runs the tunnel's far end: Alpha Cloud. These say so:", ASN_TOLD}},
		{"of nobody known, with every address told: the sentence says so",
		 {CLEAR, AT("192.0.9.1"), IN_TUNNEL("10.0.0.5", END_OUTSIDE),
		  .service_kind = "tunnel",
		  .message = "Desktops sent 3.0 MiB in 1 flow to 192.0.9.1, tunnel of Example, in "
			     "a gre tunnel by way of " END_OUTSIDE ". And so on."},
		 {"The packets went to " END_OUTSIDE ", the far end of a tunnel (gre). " HAS_IT_TOO,
		  "No range and no AS of the catalogue tells who runs the tunnel's far end."}},
		{"it is the far end: the sentence says so",
		 {CLEAR, AT("192.0.9.1"), IN_TUNNEL("10.0.0.5", END_OUTSIDE),
		  .service_kind = "tunnel",
		  .message = "Desktops sent 3.0 MiB in 1 flow to " END_OUTSIDE
			     ", tunnel of Example, in a gre tunnel. And so on."},
		 {"The packets went to " END_OUTSIDE ", the far end of a tunnel (gre). That end is "
		  "who is judged, and what is said above is of its address: names and addresses "
		  "inside are as the sender wrote them."}},
		{"it is the far end: all is inside by the ends in it",
		 {IN_TUNNEL("10.0.0.5", END_OUTSIDE), ENDS("10.1.0.1", "10.1.0.2"),
		  .service_kind = "tunnel", .evidence = {{"asn"}, 1}},
		 {"The packets went to " END_OUTSIDE ", the far end of a tunnel (gre). That end is "
		  "who is judged, and what is said above is of its address: names and addresses "
		  "inside are as the sender wrote them."}},
		{"where these are hidden",
		 {IN_TUNNEL(NULL, END_OUTSIDE), .service_kind = "tunnel"},
		 {"The packets went to " END_OUTSIDE ", the far end of a tunnel (gre). That end is "
		  "who is judged, and what is said above is of its address: names and addresses "
		  "inside are as the sender wrote them."}},
		{"or say that it comes in",
		 {IN_TUNNEL(NULL, END_OUTSIDE), ENDS("192.0.9.1", NULL), .service_kind = "tunnel",
		  ASKED},
		 {"The packets went to " END_OUTSIDE ", the far end of a tunnel (gre). That end is "
		  "who is judged, and what is said above is of its address: names and addresses "
		  "inside are as the sender wrote them."}},
		{"ssh by way of one of nobody known",
		 {IN_TUNNEL(NULL, END_OUTSIDE), ENDS(NULL, "192.0.9.1"), .service_kind = "tunnel"},
		 {"The packets went to " END_OUTSIDE ", the far end of a tunnel (gre). " HAS_IT_TOO,
		  "No range and no AS of the catalogue tells who runs the tunnel's far end."}},
		{"its ends hidden: both are inside, or neither was known to be",
		 {IN_TUNNEL(NULL, NULL)},
		 {"The packets were seen in a tunnel (gre) whose ends are not told: it was not "
		  "seen to cross the border."}},
		{"of the inside, told",
		 {IN_TUNNEL("10.0.0.5", "10.0.0.9")},
		 {"The packets were seen in a tunnel (gre) that ends on the inside: nobody else "
		  "has "
		  "the data by it."}},
		{"and a proxy",
		 {ASKED, AT(PROXY_OUTSIDE), IN_TUNNEL("10.0.0.5", END_OUTSIDE), BY("asn"),
		  .host_operator = "alpha"},
		 {"The client asked a proxy outside, and the packets went to that proxy's "
		  "address, " PROXY_OUTSIDE
		  " port 3128. Who runs the proxy has the data too, whatever it then "
		  "does with them.",
		  "The packets went to " END_OUTSIDE ", the far end of a tunnel (gre). " HAS_IT_TOO,
		  "Who runs the proxy or the tunnel's far end: Alpha Cloud. These say so:",
		  ASN_TOLD}},
	};
	check(rows, COUNT(rows));
}

/* Each word of evidence as it is meant, and those of tomorrow as they are. */
static void
every_word_is_told(void)
{
	char line[256];

	for (unsigned bit = 0; bit < EVIDENCE_COUNT; bit++) {
		const char *word = evidence_text((enum evidence)(1u << bit));
		const struct event alert = {ASKED, AT(PROXY_OUTSIDE), BY(word)};
		char *text = explain(&alert);
		snprintf(line, sizeof(line), "\n  %-14s%.60s", word, explain_evidence(word));
		CU_ASSERT_PTR_NOT_NULL(strstr(find_way(text), line));
		free(text);
	}
	const struct event alert = {
		.tunnel = "a-tunnel-of-tomorrow",
		.outer_destination = {.ip = END_OUTSIDE},
		BY("rpki", "a-longer-word-of-tomorrow"),
	};
	char *text = explain(&alert);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "the far end of a tunnel (a-tunnel-of-tomorrow)."));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\n  rpki          a word that this vigie does not"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\n  a-longer-word-of-tomorrow\n                a "
					    "word that this vigie"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "far end: an operator that is not told. These say"));
	free(text);
}

/* Where nothing tells who gets it, whoever passes it on may be known all the same. */
static void
no_evidence_is_none_of_who_gets_it(void)
{
	const struct event none = {ASKED, AT(PROXY_OUTSIDE)};
	const struct event carried = {ASKED, AT(PROXY_OUTSIDE), BY("asn")};
	char *nobody = explain(&none), *carrier = explain(&carried);

	CU_ASSERT_PTR_NOT_NULL(strstr(nobody, "of the catalogue tells who the far end is."));
	CU_ASSERT_PTR_NULL(strstr(carrier, "tells who the far end is."));
	CU_ASSERT_PTR_NOT_NULL(strstr(carrier, "what is known is who passes it on."));
	free(nobody);
	free(carrier);
}

/* As the sentence above it does. */
static void
a_seat_is_no_control(void)
{
	const struct event unknown = {.operator_id = "foxtrot"}, known = {.operator_id = "echo"};
	char *seat = explain(&unknown), *control = explain(&known);

	CU_ASSERT_PTR_NOT_NULL(strstr(seat,
				      "  operator      Foxtrot, seated in France; who controls "
				      "it is not recorded (checked on 2026-11-01)\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(control,
				      "  operator      Echo Search, recorded as controlled "
				      "from China (checked on 2026-11-01)\n"));
	free(seat);
	free(control);
}

/* A port alone says little. */
static void
what_was_asked_for_has_its_name(void)
{
	struct event alert = {ASKED, AT(PROXY_INSIDE), .name = "www.example",
			      .inner_destination = {.port = 443, .has_port = true}};
	char *one = explain(&alert);
	alert.names = (struct event_words){{"www.example", "other.example"}, 2};
	char *several = explain(&alert);

	CU_ASSERT_PTR_NOT_NULL(strstr(one, "  asked for     www.example port 443\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(several, "  asked for     port 443\n"));
	free(one);
	free(several);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"a_proxy_is_told", a_proxy_is_told},
		{"a_tunnel_is_told", a_tunnel_is_told},
		{"the_side_is_that_of_the_settings_in_use",
		 the_side_is_that_of_the_settings_in_use},
		{"every_word_is_told", every_word_is_told},
		{"no_evidence_is_none_of_who_gets_it", no_evidence_is_none_of_who_gets_it},
		{"a_seat_is_no_control", a_seat_is_no_control},
		{"what_was_asked_for_has_its_name", what_was_asked_for_has_its_name},
	};
	struct fault_list faults = FAULT_LIST_INIT;

	rules = rule_book_load(unit_source_path("configs/policy"), &faults);
	catalogue = catalogue_load(unit_source_path("tests/unit/policy/attribution.yaml"), &faults);
	struct ip_prefix ours = {.address = {.version = 4, .bytes = {52, 95, 154}}, .bits = 24};
	if (rules == NULL || catalogue == NULL || inside_map_add(&inside, &ours) != 0)
		return 1;
	int status = unit_run("explain_way", cases, COUNT(cases));
	inside_map_fini(&inside);
	catalogue_destroy(catalogue);
	rule_book_destroy(rules);
	return status;
}
