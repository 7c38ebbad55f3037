/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/worker_counters.h"

#include "tests/unit/unit.h"

#include <string.h>

static void
every_note_has_a_name_of_its_own(void)
{
	for (unsigned i = 0; i < WORKER_NOTE_COUNT; i++) {
		const char *text = worker_note_text(i);
		CU_ASSERT_PTR_NOT_NULL_FATAL(text);
		CU_ASSERT(strlen(text) > 0);
		for (unsigned k = 0; k < i; k++)
			CU_ASSERT_STRING_NOT_EQUAL(text, worker_note_text(k));
		/* A summary shows both lists together. */
		for (unsigned k = 0; k < DECODE_RESULT_COUNT; k++)
			CU_ASSERT_STRING_NOT_EQUAL(text, decode_result_text(k));
	}
	CU_ASSERT_STRING_EQUAL(worker_note_text(NOTE_CLIENT_HELLO_MALFORMED),
			       "client-hello-malformed");
	CU_ASSERT_STRING_EQUAL(worker_note_text(WORKER_NOTE_COUNT), "");
}

static const struct unit_case cases[] = {
	{"every_note_has_a_name_of_its_own", every_note_has_a_name_of_its_own},
};

int
main(void)
{
	return unit_run("worker_counters", cases, sizeof(cases) / sizeof(*cases));
}
