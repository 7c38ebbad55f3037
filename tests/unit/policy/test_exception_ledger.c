/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/exceptions.h"

#include "base/time_zone.h"
#include "classifier/policy/policy.h"
#include "tests/unit/policy/policy_text.h"
#include "tests/unit/unit.h"

#include <string.h>

#define REST "reason: r, legal_basis: l, owner: o, approved_by: a, measures: m"
#define DATES "approved_on: 2026-04-01, expires_on: 2027-03-31"
#define ZONES                                                   \
	"zones:\n"                                              \
	"  - {id: office, match: {vlan: 1}, class: internal}\n" \
	"  - {id: dr, match: {vlan: 2}, class: diffusion-restreinte}\n"

static struct {
	struct policy_text text;
	struct catalogue *catalogue;
	struct policy *policy;
	struct exception_ledger *ledger;
} run;

static void
begin(const char *text)
{
	policy_text_read(&run.text, text);
	run.catalogue = policy_text_catalogue();
	run.policy =
		policy_create(&run.text.file, run.catalogue, &policy_text_rules, &run.text.faults);
	policy_text_expect(&run.text.faults, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(run.policy);
	run.ledger = exception_ledger_create(run.policy->exceptions);
	CU_ASSERT_PTR_NOT_NULL_FATAL(run.ledger);
}

static void
end(void)
{
	exception_ledger_destroy(run.ledger);
	policy_destroy(run.policy);
	catalogue_destroy(run.catalogue);
	policy_text_fini(&run.text);
}

static const struct catalogue_operator *
op(const char *id)
{
	return catalogue_find_operator(run.catalogue, id);
}

/* A backup of an office host to AWS, known for sure, on a day within DATES. */
static struct exception_query
usual(uint64_t bytes)
{
	struct exception_query query = {
		.zone = zone_table_by_id(run.policy->zones, "office"),
		.service_operator = op("aws"),
		.host_operator = op("aws"),
		.kind = SERVICE_KIND_BACKUP,
		.data_class = DATA_CLASS_INTERNAL,
		.confidence = CONFIDENCE_HIGH,
		.bytes = bytes,
	};

	CU_ASSERT_TRUE_FATAL(time_zone_parse_day("2026-12-01", &query.day));
	return query;
}

static struct exception_answer
ask(const struct exception_query *query)
{
	struct exception_answer answer;

	exception_ledger_apply(run.ledger, query, &answer);
	return answer;
}

static const char *
covering(const struct exception_query *query)
{
	struct exception_answer answer = ask(query);

	return answer.covering != NULL ? answer.covering->id : "";
}

#define ONE                                                                                  \
	ZONES "exceptions:\n"                                                                \
	      "  - {id: E1, zones: [office], operators: [aws], kinds: [backup], max_class: " \
	      "internal, cap: 0, max_bytes_day: 1000, " DATES ", " REST "}\n"

struct field_row {
	const char *name;
	void (*change)(struct exception_query *query);
	bool covered;
};

static void
nothing(struct exception_query *q)
{
	(void)q;
}

static void
other_zone(struct exception_query *q)
{
	q->zone = zone_table_by_id(run.policy->zones, "dr");
}

static void
other_service_operator(struct exception_query *q)
{
	q->service_operator = op("dropbox");
}

static void
other_host_operator(struct exception_query *q)
{
	q->host_operator = op("ovhcloud");
}

static void
other_proxy_operator(struct exception_query *q)
{
	q->proxy_operator = op("ovhcloud");
}

static void
same_proxy_operator(struct exception_query *q)
{
	q->proxy_operator = op("aws");
}

static void
proxy_alone(struct exception_query *q)
{
	q->service_operator = q->host_operator = NULL;
	q->proxy_operator = op("aws");
}

static void
proxy_of_nobody(struct exception_query *q)
{
	q->proxy_outside = true;
}

static void
no_operator(struct exception_query *q)
{
	q->service_operator = q->host_operator = NULL;
}

static void
host_alone(struct exception_query *q)
{
	q->service_operator = NULL;
}

static void
other_kind(struct exception_query *q)
{
	q->kind = SERVICE_KIND_UNKNOWN;
}

static void
higher_class(struct exception_query *q)
{
	q->data_class = DATA_CLASS_PERSONAL;
}

static void
lower_class(struct exception_query *q)
{
	q->data_class = DATA_CLASS_PUBLIC;
}

static void
low_confidence(struct exception_query *q)
{
	q->confidence = CONFIDENCE_LOW;
}

static void
medium_confidence(struct exception_query *q)
{
	q->confidence = CONFIDENCE_MEDIUM;
}

static void
every_field_has_to_match(void)
{
	static const struct field_row rows[] = {
		{"all fields", nothing, true},
		{"zone", other_zone, false},
		{"operator of the service", other_service_operator, false},
		{"operator of the address", other_host_operator, false},
		{"operator of the proxy", other_proxy_operator, false},
		{"a proxy of one that is listed", same_proxy_operator, true},
		{"a proxy outside that nobody knows", proxy_of_nobody, false},
		{"only the proxy known", proxy_alone, true},
		{"no operator known", no_operator, false},
		{"only the address known", host_alone, true},
		{"kind", other_kind, false},
		{"class above", higher_class, false},
		{"class below", lower_class, true},
		{"low confidence", low_confidence, false},
		{"medium confidence", medium_confidence, true},
	};

	begin(ONE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct exception_query query = usual(1);
		rows[i].change(&query);
		CU_ASSERT_EQUAL(covering(&query)[0] != '\0', rows[i].covered);
	}
	end();
}

struct day_row {
	const char *day;
	bool covered;
	bool expired;
};

static void
first_and_last_day_are_valid(void)
{
	static const struct day_row rows[] = {
		{"2026-03-31", false, false}, {"2026-04-01", true, false},
		{"2027-03-31", true, false},  {"2027-04-01", false, true},
		{"2030-01-01", false, true},
	};

	begin(ONE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct exception_query query = usual(1);
		CU_ASSERT_TRUE_FATAL(time_zone_parse_day(rows[i].day, &query.day));
		struct exception_answer answer = ask(&query);
		CU_ASSERT_EQUAL(answer.covering != NULL, rows[i].covered);
		CU_ASSERT_EQUAL(answer.ended_count != 0, rows[i].expired);
	}
	end();
}

static void
a_flow_past_the_days_bytes_is_surplus_as_a_whole(void)
{
	begin(ONE);
	struct exception_query first = usual(600), large = usual(500), rest = usual(400);
	struct exception_query one = usual(1);
	CU_ASSERT_STRING_EQUAL(covering(&first), "E1");
	struct exception_answer answer = ask(&large);
	CU_ASSERT_PTR_NULL(answer.covering);
	CU_ASSERT_PTR_NOT_NULL(answer.surplus);
	/* It used up nothing: exactly the limit still fits. */
	CU_ASSERT_STRING_EQUAL(covering(&rest), "E1");
	CU_ASSERT_STRING_EQUAL(covering(&one), "");
	one.day++;
	CU_ASSERT_STRING_EQUAL(covering(&one), "E1");
	exception_ledger_clear(run.ledger);
	CU_ASSERT_STRING_EQUAL(covering(&first), "E1");
	end();
}

static void
days_long_past_have_no_bytes_left(void)
{
	begin(ONE);
	struct exception_query query = usual(1000);
	for (unsigned i = 0; i < EXCEPTION_DAYS; i++, query.day++)
		CU_ASSERT_STRING_EQUAL(covering(&query), "E1");
	query.day = usual(0).day;
	CU_ASSERT_STRING_EQUAL(covering(&query), ""); /* still known */
	query.day--;
	CU_ASSERT_STRING_EQUAL(covering(&query), "");
	end();
}

static void
every_ended_exception_is_told(void)
{
	begin(ZONES "exceptions:\n"
		    "  - {id: A, zones: [office], operators: [aws], kinds: [backup], max_class: "
		    "internal,\n"
		    "     cap: 1, max_bytes_day: 1000, " DATES ", " REST "}\n"
		    "  - {id: B, zones: [office], operators: [aws], kinds: [backup], max_class: "
		    "internal,\n"
		    "     cap: 0, max_bytes_day: 100, " DATES ", " REST "}\n");
	struct exception_query query = usual(1);
	CU_ASSERT_TRUE_FATAL(time_zone_parse_day("2028-01-01", &query.day));
	struct exception_answer answer = ask(&query);
	CU_ASSERT_EQUAL_FATAL(answer.ended_count, 2);
	CU_ASSERT_STRING_EQUAL(answer.ended[0]->id, "A");
	CU_ASSERT_STRING_EQUAL(answer.ended[1]->id, "B");
	end();
}

static void
lowest_cap_wins_then_file_order(void)
{
	begin(ZONES "exceptions:\n"
		    "  - {id: A, zones: [office], operators: [aws], kinds: [backup], max_class: "
		    "internal, "
		    "cap: 1, max_bytes_day: 1000, " DATES ", " REST "}\n"
		    "  - {id: B, zones: [office], operators: [aws], kinds: [backup], max_class: "
		    "internal, "
		    "cap: 0, max_bytes_day: 100, " DATES ", " REST "}\n"
		    "  - {id: C, zones: [office], operators: [aws], kinds: [backup], max_class: "
		    "internal, "
		    "cap: 0, max_bytes_day: 1000, " DATES ", " REST "}\n");
	struct exception_query query = usual(100), large = usual(950);
	CU_ASSERT_STRING_EQUAL(covering(&query), "B");
	CU_ASSERT_STRING_EQUAL(covering(&query), "C");
	CU_ASSERT_STRING_EQUAL(covering(&large), "A");
	end();
}

static void
diffusion_restreinte_takes_an_approval_of_its_own(void)
{
	begin(ZONES "exceptions:\n"
		    "  - {id: D, type: dr-approval, zones: [dr, office], operators: [aws], kinds: "
		    "[backup], "
		    "max_class: diffusion-restreinte, cap: 1, max_bytes_day: 1000, " DATES ", " REST
		    "}\n");
	struct exception_query query = usual(1);
	query.zone = zone_table_by_id(run.policy->zones, "dr");
	query.data_class = DATA_CLASS_DIFFUSION_RESTREINTE;
	CU_ASSERT_STRING_EQUAL(covering(&query), "D");
	query.data_class = DATA_CLASS_SECRET;
	CU_ASSERT_STRING_EQUAL(covering(&query), "");
	end();
}

static void
services_are_matched_by_id(void)
{
	static const struct catalogue_service s3 = {.id = "s3"}, glacier = {.id = "glacier"};

	begin(ZONES "exceptions:\n"
		    "  - {id: S, zones: [office], services: [glacier], kinds: [backup], max_class: "
		    "internal, "
		    "cap: 0, max_bytes_day: 1000, " DATES ", " REST "}\n");
	struct exception_query query = usual(1);
	CU_ASSERT_STRING_EQUAL(covering(&query), "");
	query.service = &s3;
	CU_ASSERT_STRING_EQUAL(covering(&query), "");
	query.service = &glacier;
	CU_ASSERT_STRING_EQUAL(covering(&query), "S");
	/* On its operator's addresses, not on another's under its name. */
	struct catalogue_service owned = {.id = "glacier", .owner = op("aws")};
	query.service = &owned;
	CU_ASSERT_STRING_EQUAL(covering(&query), "S");
	query.host_operator = op("ovhcloud");
	CU_ASSERT_STRING_EQUAL(covering(&query), "");
	end();
}

#define CROSSED(id, zones, kinds, cap)                                          \
	"  - {id: " id ", zones: [" zones "], operators: [aws], kinds: [" kinds \
	"], max_class: internal, cap: " cap ", max_bytes_day: 100, " DATES ", " REST "}\n"

#define OF_OPERATORS(id, operators)                                                             \
	"  - {id: " id ", zones: [office], operators: [" operators                              \
	"], kinds: [backup], max_class: internal, cap: 0, max_bytes_day: 100, " DATES ", " REST \
	"}\n"
#define OF_SERVICE(id)                                                                        \
	"  - {id: " id ", zones: [office], services: [glacier], kinds: [backup], max_class: " \
	"internal, cap: 0, max_bytes_day: 100, " DATES ", " REST "}\n"

/* The ids, each of one letter. */
static void
check_ended(const struct exception_answer *answer, const char *expected)
{
	char ended[EXCEPTION_ENDED_MAX + 1] = "";

	for (size_t i = 0; i < answer->ended_count; i++)
		ended[i] = answer->ended[i]->id[0];
	CU_ASSERT_STRING_EQUAL(ended, expected);
}

struct crossed_row {
	const char *zone;
	enum service_kind kind;
	const char *first, *second, *ended; /* ids; "" for none; of the ended ones all */
};

/* Exceptions of all zones and kinds among each other: each flow meets its own, in file order. */
static void
others_zones_and_kinds_are_passed_over(void)
{
	static const struct crossed_row rows[] = {
		{"office", SERVICE_KIND_BACKUP, "B", "A", "ABE"},
		{"office", SERVICE_KIND_MAIL, "B", "D", "BDE"},
		{"office", SERVICE_KIND_SAAS, "", "", ""},
		{"lab", SERVICE_KIND_BACKUP, "C", "E", "CE"},
		{"lab", SERVICE_KIND_MAIL, "E", "", "E"},
		{"dr", SERVICE_KIND_BACKUP, "C", "", "C"},
		{"dr", SERVICE_KIND_MAIL, "", "", ""},
		{"idle", SERVICE_KIND_BACKUP, "", "", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		begin(ZONES "  - {id: lab, match: {vlan: 3}, class: internal}\n"
			    "  - {id: idle, match: {vlan: 4}, class: internal}\n"
			    "exceptions:\n" CROSSED("A", "office", "backup",
						    "1") CROSSED("B", "office", "backup, mail", "0")
				    CROSSED("C", "lab, dr", "backup", "0") CROSSED("D", "office",
										   "mail", "0")
					    CROSSED("E", "lab, office", "mail, backup", "2"));
		struct exception_query query = usual(100);
		query.zone = zone_table_by_id(run.policy->zones, rows[i].zone);
		query.kind = rows[i].kind;
		CU_ASSERT_STRING_EQUAL(covering(&query), rows[i].first);
		CU_ASSERT_STRING_EQUAL(covering(&query), rows[i].second);
		CU_ASSERT_TRUE_FATAL(time_zone_parse_day("2028-01-01", &query.day));
		struct exception_answer answer = ask(&query);
		check_ended(&answer, rows[i].ended);
		end();
	}
}

static void
those_of_operators_and_of_services_stay_in_file_order(void)
{
	static const struct {
		const char *service, *host, *ended;
	} rows[] = {
		{"aws", "aws", "ABCE"}, {"aws", NULL, "ABCE"},    {NULL, "aws", "ABCE"},
		{NULL, NULL, "B"},      {"dropbox", NULL, "BCD"}, {"aws", "dropbox", "C"},
	};

	begin(ZONES "exceptions:\n" CROSSED("A", "office", "backup", "0") OF_SERVICE("B")
		      OF_OPERATORS("C", "dropbox, aws") OF_OPERATORS("D", "dropbox")
			      OF_OPERATORS("E", "aws, aws"));
	struct catalogue_service glacier = {.id = "glacier", .owner = op("aws")};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct exception_query query = usual(1);
		query.service = &glacier;
		query.service_operator = rows[i].service != NULL ? op(rows[i].service) : NULL;
		query.host_operator = rows[i].host != NULL ? op(rows[i].host) : NULL;
		CU_ASSERT_TRUE_FATAL(time_zone_parse_day("2028-01-01", &query.day));
		struct exception_answer answer = ask(&query);
		check_ended(&answer, rows[i].ended);
	}
	end();
}

static void
a_zone_named_twice_counts_once(void)
{
	begin(ZONES "exceptions:\n" CROSSED("A", "office, office", "backup, backup", "0"));
	struct exception_query query = usual(1);
	CU_ASSERT_TRUE_FATAL(time_zone_parse_day("2028-01-01", &query.day));
	CU_ASSERT_EQUAL(ask(&query).ended_count, 1);
	end();
}

static void
without_exceptions_nothing_is_covered(void)
{
	begin(ZONES);
	struct exception_query query = usual(1);
	CU_ASSERT_STRING_EQUAL(covering(&query), "");
	end();
	exception_ledger_destroy(NULL);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"every_field_has_to_match", every_field_has_to_match},
		{"first_and_last_day_are_valid", first_and_last_day_are_valid},
		{"a_flow_past_the_days_bytes_is_surplus_as_a_whole",
		 a_flow_past_the_days_bytes_is_surplus_as_a_whole},
		{"days_long_past_have_no_bytes_left", days_long_past_have_no_bytes_left},
		{"every_ended_exception_is_told", every_ended_exception_is_told},
		{"lowest_cap_wins_then_file_order", lowest_cap_wins_then_file_order},
		{"diffusion_restreinte_takes_an_approval_of_its_own",
		 diffusion_restreinte_takes_an_approval_of_its_own},
		{"services_are_matched_by_id", services_are_matched_by_id},
		{"others_zones_and_kinds_are_passed_over", others_zones_and_kinds_are_passed_over},
		{"those_of_operators_and_of_services_stay_in_file_order",
		 those_of_operators_and_of_services_stay_in_file_order},
		{"a_zone_named_twice_counts_once", a_zone_named_twice_counts_once},
		{"without_exceptions_nothing_is_covered", without_exceptions_nothing_is_covered},
	};

	return unit_run("exception_ledger", cases, sizeof(cases) / sizeof(*cases));
}
