/* SPDX-License-Identifier: Apache-2.0 */
#include "app/worker_report.h"

static void
add_counters(struct worker_counters *sum, const struct worker_counters *more)
{
	sum->packets_in += more->packets_in;
	sum->bytes_in += more->bytes_in;
	for (unsigned i = 0; i < DECODE_RESULT_COUNT; i++)
		sum->decoded[i] += more->decoded[i];
	for (unsigned i = 0; i < WORKER_NOTE_COUNT; i++)
		sum->notes[i] += more->notes[i];
}

void
worker_report(struct summary *summary, struct worker *const *workers, unsigned count)
{
	struct worker_counters sum = {0};
	struct summary_counter refused[DECODE_RESULT_COUNT], notes[WORKER_NOTE_COUNT];
	struct summary_packets packets = {.refused = refused, .notes = notes};

	for (unsigned i = 0; i < count; i++)
		add_counters(&sum, worker_get_counters(workers[i]));
	packets.packets_in = sum.packets_in;
	packets.bytes_in = sum.bytes_in;
	packets.packets_tracked = sum.decoded[DECODE_TRACKED];
	for (unsigned i = DECODE_TRACKED + 1; i < DECODE_RESULT_COUNT; i++) {
		if (sum.decoded[i] != 0)
			refused[packets.refused_count++] =
				(struct summary_counter){decode_result_text(i), sum.decoded[i]};
	}
	for (unsigned i = 0; i < WORKER_NOTE_COUNT; i++) {
		if (sum.notes[i] != 0)
			notes[packets.note_count++] =
				(struct summary_counter){worker_note_text(i), sum.notes[i]};
	}
	summary_add_packets(summary, &packets);
}
