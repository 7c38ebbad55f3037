/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/app/alert_rows.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

size_t
alert_row_format(const struct alert_row *row, char out[ALERT_ROW_MAX])
{
	int len = snprintf(
		out, ALERT_ROW_MAX,
		"{\"@timestamp\":\"2026-12-01T08:15:02.000000000Z\",\"event\":{\"kind\":\"alert\","
		"\"id\":\"%s\",\"category\":[\"network\"],\"type\":[\"info\"],\"severity\":%u,"
		"\"risk_score\":%u,\"start\":\"2026-12-01T08:15:02.000000000Z\","
		"\"end\":\"2026-12-01T08:16:02.000000000Z\",\"duration\":60000000000},"
		"\"source\":{\"ip\":\"198.51.100.7\"},\"destination\":{\"ip\":\"203.0.113.9\"},"
		"\"rule\":{\"id\":\"%s\",\"name\":\"rule\"},\"message\":\"%s\","
		"\"vigie\":{\"day\":\"2026-12-01\",\"flows\":2,\"severity\":\"%s\",\"zone\":\"%s\","
		"\"direction\":\"egress\",\"name\":\"%s\",\"payload_out\":65536,\"payload_in\":3}}",
		row->id, severity_ecs(row->severity), severity_risk_score(row->severity), row->rule,
		row->message, severity_text(row->severity), row->zone, row->name);

	CU_ASSERT_FATAL(len > 0 && len < ALERT_ROW_MAX);
	return (size_t)len;
}

void
alert_row_append(struct journal *journal, const struct alert_row *row)
{
	char line[ALERT_ROW_MAX];
	const struct journal_entry entry = {
		.kind = JOURNAL_ALERT,
		.time_ns = 1,
		.id = row->id,
		.rule = row->rule,
		.zone = row->zone,
		.severity = row->severity,
		.content = line,
		.len = alert_row_format(row, line),
	};

	CU_ASSERT_EQUAL_FATAL(journal_append(journal, &entry), 0);
}
