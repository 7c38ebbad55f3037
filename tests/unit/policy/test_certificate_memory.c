/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/certificate_memory.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/policy/certificate_maker.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void
add(struct certificate_memory *memory, uint64_t id, const char *names)
{
	uint8_t room[CERTIFICATE_MADE_MAX];

	certificate_memory_add(memory, id, certificate_make(names, room));
}

static void
a_certificate_confirms_or_has_others(void)
{
	static const struct {
		const char *names, *asked;
		enum certificate_word word;
	} rows[] = {
		{"www.bravo.example", "www.bravo.example", CERTIFICATE_HAS_NAME},
		{"alpha.example *.bravo.example", "www.bravo.example", CERTIFICATE_HAS_NAME},
		{"*.bravo.example", "a.b.bravo.example", CERTIFICATE_HAS_OTHERS},
		{"*.bravo.example", "bravo.example", CERTIFICATE_HAS_OTHERS},
		{"alpha.example", "www.bravo.example", CERTIFICATE_HAS_OTHERS},
		{"", "www.bravo.example", CERTIFICATE_NOT_SEEN},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct certificate_memory *memory = certificate_memory_create(4);
		CU_ASSERT_PTR_NOT_NULL_FATAL(memory);
		add(memory, 7, rows[i].names);
		CU_ASSERT_EQUAL(certificate_memory_tell(memory, 7, rows[i].asked), rows[i].word);
		CU_ASSERT_EQUAL(certificate_memory_tell(memory, 8, rows[i].asked),
				CERTIFICATE_NOT_SEEN);
		certificate_memory_destroy(memory);
	}
}

static void
names_that_were_not_kept_may_be_the_one(void)
{
	struct certificate_memory *memory = certificate_memory_create(4);
	char names[8192] = "";

	/* More than the parser keeps of one. */
	for (unsigned i = 0; i < 100; i++)
		snprintf(names + strlen(names), 32, "n%u.alpha.example ", i);
	add(memory, 1, names);
	CU_ASSERT_EQUAL(certificate_memory_tell(memory, 1, "n7.alpha.example"),
			CERTIFICATE_HAS_NAME);
	CU_ASSERT_EQUAL(certificate_memory_tell(memory, 1, "bravo.example"), CERTIFICATE_NOT_SEEN);
	/* Longer than there is room for. */
	names[0] = '\0';
	for (unsigned i = 0; i < 30; i++)
		snprintf(names + strlen(names), 256, "n%02u.%060d.%060d.%060d.alpha.example ", i, 0,
			 0, 0);
	add(memory, 2, names);
	CU_ASSERT_EQUAL(certificate_memory_tell(memory, 2, "bravo.example"), CERTIFICATE_NOT_SEEN);
	CU_ASSERT_PTR_NULL(certificate_memory_sole_name(memory, 2));
	certificate_memory_destroy(memory);
}

static void
one_full_public_name_names_the_server(void)
{
	static const struct {
		const char *names, *sole;
	} rows[] = {
		{"mail.bravo.example", "mail.bravo.example"},
		{"mail.bravo.example MAIL.bravo.example.", "mail.bravo.example"},
		{"bravo.example www.bravo.example", NULL},
		{"*.bravo.example", NULL},
		{"bravo.example *.bravo.example", NULL},
		{"server", NULL},
		{"localhost.localdomain", NULL},
		{"nas.local", NULL},
		{"", NULL},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct certificate_memory *memory = certificate_memory_create(4);
		CU_ASSERT_PTR_NOT_NULL_FATAL(memory);
		add(memory, 7, rows[i].names);
		const char *sole = certificate_memory_sole_name(memory, 7);
		if (rows[i].sole == NULL)
			CU_ASSERT_PTR_NULL(sole);
		if (rows[i].sole != NULL && sole != NULL)
			CU_ASSERT_STRING_EQUAL(sole, rows[i].sole);
		CU_ASSERT_EQUAL(sole == NULL, rows[i].sole == NULL);
		CU_ASSERT_PTR_NULL(certificate_memory_sole_name(memory, 8));
		certificate_memory_destroy(memory);
	}
}

static void
a_certificate_is_read_once(void)
{
	struct certificate_memory *memory = certificate_memory_create(4);
	static const uint8_t nonsense[] = {0x30, 0x03, 1, 2, 3};

	for (unsigned i = 0; i < 3; i++)
		certificate_memory_add(memory, 5, slice_of(nonsense, sizeof(nonsense)));
	CU_ASSERT_EQUAL(certificate_memory_malformed(memory), 1);
	CU_ASSERT_EQUAL(certificate_memory_tell(memory, 5, "a.example"), CERTIFICATE_NOT_SEEN);
	CU_ASSERT_PTR_NULL(certificate_memory_sole_name(memory, 5));
	certificate_memory_destroy(memory);
}

static void
the_one_asked_for_longest_ago_goes_first(void)
{
	struct certificate_memory *memory = certificate_memory_create(2);

	add(memory, 1, "one.example");
	add(memory, 2, "two.example");
	CU_ASSERT_PTR_NOT_NULL(certificate_memory_sole_name(memory, 1));
	add(memory, 3, "three.example");
	CU_ASSERT_PTR_NULL(certificate_memory_sole_name(memory, 2));
	CU_ASSERT_PTR_NOT_NULL(certificate_memory_sole_name(memory, 1));
	CU_ASSERT_PTR_NOT_NULL(certificate_memory_sole_name(memory, 3));
	CU_ASSERT_EQUAL(certificate_memory_evicted(memory), 1);
	certificate_memory_clear(memory);
	CU_ASSERT_PTR_NULL(certificate_memory_sole_name(memory, 3));
	CU_ASSERT_EQUAL(certificate_memory_evicted(memory), 1);
	certificate_memory_destroy(memory);
}

/* Each fresh one costs its own reading and the oldest: the table grows no further. */
static void
a_flood_of_fresh_ones_moves_all_that_is_not_asked_for(void)
{
	struct certificate_memory *memory = certificate_memory_create(64);
	uint8_t room[CERTIFICATE_MADE_MAX];
	struct slice der = certificate_make("flood.example", room);

	add(memory, 1, "asked.example");
	add(memory, 2, "long.example");
	for (uint64_t id = 3; id < 20003; id++) {
		certificate_memory_add(memory, id, der);
		if (id % 32 == 0)
			certificate_memory_tell(memory, 1, "asked.example");
	}
	CU_ASSERT_EQUAL(certificate_memory_evicted(memory), 20002 - 64);
	CU_ASSERT_EQUAL(certificate_memory_tell(memory, 1, "asked.example"), CERTIFICATE_HAS_NAME);
	CU_ASSERT_EQUAL(certificate_memory_tell(memory, 2, "other.example"), CERTIFICATE_NOT_SEEN);
	certificate_memory_destroy(memory);
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(a_certificate_confirms_or_has_others),
		CASE(names_that_were_not_kept_may_be_the_one),
		CASE(one_full_public_name_names_the_server),
		CASE(a_certificate_is_read_once),
		CASE(the_one_asked_for_longest_ago_goes_first),
		CASE(a_flood_of_fresh_ones_moves_all_that_is_not_asked_for),
	};
	return unit_run("certificate_memory", cases, COUNT(cases));
}
