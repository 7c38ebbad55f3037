/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/delivery_batch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dashboard-export/journal/journal.h"
#include "tests/unit/unit.h"

#define ID "00112233445566778899aabbccddeeff"
/* 2026-12-01T09:00:00Z: the latest packet; the first came at 08:00. */
#define END_NS UINT64_C(1796115600000000000)

static const char line[] =
	"{\"@timestamp\":\"2026-12-01T08:00:00.000000000Z\",\"event\":{\"kind\":\"alert\","
	"\"id\":\"" ID "\",\"start\":\"2026-12-01T08:00:00.000000000Z\","
	"\"end\":\"2026-12-01T09:00:00.000000000Z\",\"duration\":3600000000000},"
	"\"rule\":{\"id\":\"ECO-USA\",\"name\":\"rule\"},\"message\":\"It grows.\","
	"\"vigie\":{\"day\":\"2026-12-01\",\"flows\":9,\"severity\":\"high\"}}";

static void
append(const char *path)
{
	struct site_key key = {0};
	struct journal_opening opening;
	char why[256];
	const struct journal_config config = {.path = path, .key = &key};
	const struct journal_entry entry = {
		.kind = JOURNAL_ALERT,
		.time_ns = END_NS,
		.id = ID,
		.rule = "ECO-USA",
		.severity = SEVERITY_HIGH,
		.content = line,
		.len = strlen(line),
	};
	struct journal *journal = journal_open(&config, &opening, why);

	CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
	CU_ASSERT_EQUAL(journal_append(journal, &entry), 0);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
}

static uint64_t
recorded_ns(const char *path)
{
	const struct journal_filter filter = {.after = 0};
	struct journal_row row = {0};
	char why[256];
	struct journal_reader *reader = journal_reader_open(path, why);

	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	CU_ASSERT_EQUAL(journal_reader_select(reader, &filter), 0);
	CU_ASSERT_EQUAL(journal_reader_next(reader, &row), 1);
	uint64_t found = row.recorded_ns;
	journal_reader_close(reader);
	return found;
}

static void
fill(const char *path, char *out, size_t size, uint64_t *time_ns)
{
	const struct sink_config config = {
		.name = "soc",
		.kind = &transport_file,
		.format = &format_ocsf,
		.alerts = true,
		.context = {.sensor = "sensor", .version = "0", .facility = 20},
		.limit = FORMAT_MESSAGE_MAX,
		.batch = 64,
	};
	struct delivery_batch *batch = delivery_batch_create(&config);
	struct delivery_filled filled;
	char why[256];
	struct journal_reader *reader = journal_reader_open(path, why);

	CU_ASSERT_PTR_NOT_NULL_FATAL(batch);
	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	CU_ASSERT_EQUAL(delivery_batch_fill(batch, reader, 0, UINT64_MAX, 64, &filled), 0);
	CU_ASSERT_EQUAL_FATAL(filled.count, 1);
	const struct outgoing *message = delivery_batch_messages(batch);
	*time_ns = message->time_ns;
	snprintf(out, size, "%.*s", (int)message->len, message->bytes);
	journal_reader_close(reader);
	delivery_batch_destroy(batch);
}

/* Rules over the last minutes have to see an alert that began long ago and grew just now. */
static void
an_alert_has_the_time_of_its_latest_packet_and_of_its_row(void)
{
	char folder[] = "/tmp/vigie-batch-XXXXXX", path[64], message[8192], wanted[80];
	uint64_t time_ns;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/journal.db", folder);
	append(path);
	fill(path, message, sizeof(message), &time_ns);
	CU_ASSERT_EQUAL(time_ns, END_NS);
	CU_ASSERT_PTR_NOT_NULL(strstr(message, "\"time\":1796115600000,"));
	snprintf(wanted, sizeof(wanted), "\"logged_time\":%" PRIu64 ",",
		 recorded_ns(path) / 1000000);
	CU_ASSERT_PTR_NOT_NULL(strstr(message, wanted));
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		snprintf(wanted, sizeof(wanted), "%s%s", path, ends[i]);
		(void)unlink(wanted);
	}
	CU_ASSERT_EQUAL(rmdir(folder), 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"an_alert_has_the_time_of_its_latest_packet_and_of_its_row",
		 an_alert_has_the_time_of_its_latest_packet_and_of_its_row},
	};
	return unit_run("delivery_batch", cases, sizeof(cases) / sizeof(*cases));
}
