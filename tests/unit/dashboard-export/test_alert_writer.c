/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert_writer.h"

#include "tests/unit/dashboard-export/sample_alert.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/test_alert_writer.XXXXXX";
static char path[128];

/* Whether the file holds the two lines and nothing else. */
static bool
file_holds(const struct alert *first, const struct alert *second)
{
	static char expected[2 * ALERT_JSON_MAX], found[2 * ALERT_JSON_MAX];
	size_t len = alert_json_format(first, sample_rules(), expected);
	FILE *in = fopen(path, "r");

	len += alert_json_format(second, sample_rules(), expected + len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(in);
	size_t got = fread(found, 1, sizeof(found), in);
	fclose(in);
	return got == len && memcmp(found, expected, len) == 0;
}

static void
alerts_become_lines(void)
{
	struct sample_flow s;
	struct alert alert, finding;
	int error = 1;

	sample_upload_init(&s);
	sample_alert_init(&alert, &s);
	sample_finding_init(&finding);
	struct alert_writer *w = alert_writer_open(path, sample_rules(), &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(w);
	CU_ASSERT_EQUAL(error, 0);
	CU_ASSERT_EQUAL(alert_writer_add(w, &alert), 0);
	CU_ASSERT_EQUAL(alert_writer_add(w, &finding), 0);
	CU_ASSERT_EQUAL(access(path, F_OK), -1);
	CU_ASSERT_EQUAL(alert_writer_close(w), 0);
	CU_ASSERT(file_holds(&alert, &finding));
	unlink(path);
	alert_fini(&alert);
	alert_fini(&finding);
}

static void
appended_alerts_can_be_followed(void)
{
	struct alert finding;
	int error;

	sample_finding_init(&finding);
	for (unsigned i = 0; i < 2; i++) {
		struct alert_writer *w = alert_writer_open_append(path, sample_rules(), &error);
		CU_ASSERT_PTR_NOT_NULL_FATAL(w);
		CU_ASSERT_EQUAL(alert_writer_add(w, &finding), 0);
		CU_ASSERT_EQUAL(alert_writer_flush(w), 0);
		CU_ASSERT_EQUAL(access(path, F_OK), 0);
		CU_ASSERT_EQUAL(alert_writer_close(w), 0);
	}
	CU_ASSERT(file_holds(&finding, &finding));
	unlink(path);
	alert_fini(&finding);
}

static void
errors_are_told(void)
{
	struct alert finding;
	int error = 0;

	CU_ASSERT_PTR_NULL(alert_writer_open("/nonexistent/alerts.json", sample_rules(), &error));
	CU_ASSERT_EQUAL(error, -ENOENT);
	sample_finding_init(&finding);
	struct alert_writer *w = alert_writer_open("/dev/full", sample_rules(), &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(w);
	CU_ASSERT_EQUAL(alert_writer_add(w, &finding), 0);
	CU_ASSERT_EQUAL(alert_writer_close(w), -ENOSPC);
	alert_fini(&finding);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"alerts_become_lines", alerts_become_lines},
		{"appended_alerts_can_be_followed", appended_alerts_can_be_followed},
		{"errors_are_told", errors_are_told},
	};

	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/alerts.json", folder);
	int status = unit_run("alert_writer", cases, sizeof(cases) / sizeof(*cases));
	rmdir(folder);
	return status;
}
