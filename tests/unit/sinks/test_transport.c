/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/transport.h"

#include "tests/unit/unit.h"

#include <string.h>

static void
every_kind_of_the_settings_is_there(void)
{
	static const struct {
		const char *name;
		bool acknowledges, envelope;
	} rows[] = {
		{"syslog-udp", false, true}, {"syslog-tcp", false, true},
		{"syslog-tls", false, true}, {"relp", true, true},
		{"unix", false, true},       {"file", true, false},
		{"hec", true, false},        {"bulk", true, false},
		{"webhook", true, false},    {"kafka", true, false},
		{"redis", true, false},
	};
	unsigned count = sizeof(rows) / sizeof(*rows);

	for (unsigned i = 0; i < count; i++) {
		const struct transport_kind *kind = transport_kind_at(i);
		CU_ASSERT_PTR_NOT_NULL_FATAL(kind);
		CU_ASSERT_STRING_EQUAL(kind->name, rows[i].name);
		CU_ASSERT_EQUAL(kind->acknowledges, rows[i].acknowledges);
		CU_ASSERT_EQUAL(kind->envelope, rows[i].envelope);
	}
	CU_ASSERT_PTR_NULL(transport_kind_at(count));
	CU_ASSERT_PTR_NULL(transport_kind_at(~0u));
}

static void
every_kind_can_do_what_is_always_called(void)
{
	for (unsigned i = 0; transport_kind_at(i) != NULL; i++) {
		const struct transport_kind *kind = transport_kind_at(i);
		CU_ASSERT_PTR_NOT_NULL(kind->create);
		CU_ASSERT_PTR_NOT_NULL(kind->destroy);
		CU_ASSERT_PTR_NOT_NULL(kind->connect);
		CU_ASSERT_PTR_NOT_NULL(kind->send);
		CU_ASSERT_PTR_NOT_NULL(kind->disconnect);
		kind->destroy(NULL);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"every_kind_of_the_settings_is_there", every_kind_of_the_settings_is_there},
		{"every_kind_can_do_what_is_always_called",
		 every_kind_can_do_what_is_always_called},
	};
	return unit_run("transport", cases, sizeof(cases) / sizeof(*cases));
}
