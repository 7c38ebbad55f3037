/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <CUnit/TestRun.h>

static const char *skip_reason;
static unsigned cases_run;

static void
print_failures(const CU_FailureRecord *failure)
{
	for (; failure != NULL; failure = failure->pNext)
		printf("# %s:%u: %s\n", failure->strFileName, failure->uiLineNumber,
		       failure->strCondition);
}

static void
case_starts(const CU_pTest test, const CU_pSuite suite)
{
	(void)test;
	(void)suite;
	skip_reason = NULL;
}

/* `failures` are those of this case alone, NULL when there are none. */
static void
case_ended(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failures)
{
	cases_run++;
	print_failures(failures);
	printf("%s %u - %s: %s", failures == NULL ? "ok" : "not ok", cases_run, suite->pName,
	       test->pName);
	if (failures == NULL && skip_reason != NULL)
		printf(" # SKIP %s", skip_reason);
	putchar('\n');
	/* A case that brings the program down must not take the results before it along. */
	fflush(stdout);
}

static int
add_cases(const char *program, const struct unit_case *cases, size_t count)
{
	CU_pSuite suite = CU_add_suite(program, NULL, NULL);
	if (suite == NULL)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (CU_add_test(suite, cases[i].name, cases[i].run) == NULL)
			return -1;
	}
	return 0;
}

int
unit_run(const char *program, const struct unit_case *cases, size_t count)
{
	printf("TAP version 13\n1..%zu\n", count);
	if (CU_initialize_registry() != CUE_SUCCESS || add_cases(program, cases, count) != 0) {
		printf("Bail out! CUnit: %s\n", CU_get_error_msg());
		return 1;
	}
	CU_set_test_start_handler(case_starts);
	CU_set_test_complete_handler(case_ended);
	CU_ErrorCode result = CU_run_all_tests();
	unsigned failed = CU_get_number_of_tests_failed();
	CU_cleanup_registry();
	return result == CUE_SUCCESS && failed == 0 && cases_run == count ? 0 : 1;
}

void
unit_skip(const char *why)
{
	skip_reason = why;
}

const char *
unit_source_path(const char *relative)
{
	static char path[PATH_MAX];
	const char *root = getenv("VIGIE_SOURCE_ROOT");
	snprintf(path, sizeof(path), "%s/%s", root != NULL ? root : ".", relative);
	return path;
}
