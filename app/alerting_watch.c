/* SPDX-License-Identifier: Apache-2.0 */
/* What is looked after while alerts come and go. */
#include "app/alerting_internal.h"

#include "base/clock.h"
#include "base/printable_text.h"
#include "base/time_zone.h"

#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#define NS_PER_S UINT64_C(1000000000)
#define ROLLUPS_EVERY_NS (60 * NS_PER_S)
#define HEAD_EVERY_NS NS_PER_S
#define LOOK_EVERY_NS (10 * NS_PER_S)
#define EXPIRE_EVERY_NS (24 * 3600 * NS_PER_S)
/* Not at once: by then the clock has been set. */
#define EXPIRE_FIRST_NS (600 * NS_PER_S)
#define CLOCK_SLIP_NS (3600 * NS_PER_S)
#define DAY_NS (24 * 3600 * NS_PER_S)
/* Totals without hosts are kept so long (domain §3i). */
#define TOTALS_MONTHS 36
#define DISK_FULL_PERCENT 90
/* Told again only after it was below this. */
#define DISK_ROOM_PERCENT 85

static bool
is_due(uint64_t *last_ns, uint64_t every_ns)
{
	uint64_t now = clock_monotonic_ns();

	if (*last_ns != 0 && now - *last_ns < every_ns)
		return false;
	*last_ns = now;
	return true;
}

void
alerting_flush_rollups(struct alerting *alerting)
{
	struct rollup *rows;
	size_t count = rollup_table_take(alerting->rollups, &rows);

	if (count > 0 && journal_add_rollups(alerting->journal, rows, count) != 0)
		alerting->rollups_lost += count;
}

void
alerting_tell_floods(struct alerting *alerting, uint64_t now_ns)
{
	struct alert_flood flood;
	char message[256];

	while (alert_limiter_take(alerting->limiter, now_ns, &flood)) {
		(void)snprintf(message, sizeof(message),
			       "%" PRIu64
			       " more alerts of rule %s within a minute were not told one by one; "
			       "the most severe of them is %s.",
			       flood.count, flood.rule, severity_text(flood.highest));
		const struct sensor_note note = {
			.what = SENSOR_FLOOD,
			.severity =
				flood.highest > SEVERITY_MEDIUM ? flood.highest : SEVERITY_MEDIUM,
			.subject = flood.rule,
			.message = message,
			.start_ns = flood.from_ns,
			.end_ns = flood.to_ns,
			.day = policy_day(alerting->config.ruleset->policy, flood.from_ns),
		};
		(void)alerting_put_note(alerting, &note);
	}
}

/* A journal that could not be written for a while lost what found no room; once it can, it says so
 * itself. */
static void
tell_lost(struct alerting *a)
{
	char why[256];
	uint64_t refused = journal_refused(a->journal);
	bool failing = journal_failing_since(a->journal, why) != 0;

	if (failing && !a->journal_failing_told)
		fprintf(stderr, "vigie: %s: the journal takes nothing: %s; alerts wait in memory\n",
			printable_text(a->config.journal_path).text, why);
	if (!failing && a->journal_failing_told)
		fprintf(stderr, "vigie: %s: the journal takes alerts again\n",
			printable_text(a->config.journal_path).text);
	a->journal_failing_told = failing;
	if (failing || refused == a->refused_told)
		return;
	if (alerting_note(a, SENSOR_JOURNAL_LOST, a->config.journal_path,
			  "%" PRIu64 " alerts were lost: the journal could not be written, and no "
			  "more of them found room in memory.",
			  refused - a->refused_told) == 0)
		a->refused_told = refused;
}

/* Damage that was found while it ran. */
static void
tell_replaced(struct alerting *a)
{
	struct journal_opening opening;

	if (journal_take_replaced(a->journal, &opening))
		alerting_tell_damage(a, &opening);
}

static void
look_at_disk(struct alerting *a)
{
	struct statvfs disk;
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s", a->config.journal_path);
	if (statvfs(dirname(path), &disk) != 0 || disk.f_blocks == 0)
		return;
	uint64_t used = disk.f_blocks - disk.f_bfree;
	uint64_t percent = used * 100 / (used + disk.f_bavail);
	if (!a->disk_told && percent > DISK_FULL_PERCENT) {
		a->disk_told = true;
		alerting_note(
			a, SENSOR_DISK, a->config.journal_path,
			"The disk of the journal is %" PRIu64
			" %% full; when it is full, alerts wait in memory and are lost with it.",
			percent);
	} else if (percent < DISK_ROOM_PERCENT) {
		a->disk_told = false;
	}
}

/*
 * A machine without a battery believes it is 1970 until it has heard the time, and a slip sets a
 * clock years ahead: nothing is removed by a clock that has moved since the start otherwise than
 * time does, nor by one that would have to be before 1970 when the oldest alerts were recorded.
 */
static bool
is_clock_plausible(const struct alerting *a, uint64_t now, uint64_t retention)
{
	uint64_t by_clock = now - a->started_wall_ns;
	uint64_t in_truth = clock_monotonic_ns() - a->started_ns;
	uint64_t apart = by_clock > in_truth ? by_clock - in_truth : in_truth - by_clock;

	return now > a->started_wall_ns && apart < CLOCK_SLIP_NS && now > retention + DAY_NS;
}

static void
expire(struct alerting *a)
{
	const struct settings *settings = &a->config.ruleset->settings;
	const struct policy *policy = a->config.ruleset->policy;
	uint64_t now = clock_wall_ns();

	if (!is_clock_plausible(a, now, settings->alert_retention_days * DAY_NS))
		return;
	struct journal_expiry expiry = {
		.recorded_before = now - settings->alert_retention_days * DAY_NS,
	};
	int32_t today = policy_day(policy, now);
	int32_t forget = today - TOTALS_MONTHS * 31;

	time_zone_format_day(today - (int32_t)settings->flow_retention_days, expiry.join_day);
	time_zone_format_day(forget, expiry.forget_day);
	journal_expire(a->journal, &expiry);
}

void
alerting_tick(struct alerting *alerting)
{
	if (alerting->limiter != NULL)
		alerting_tell_floods(alerting, clock_wall_ns());
	if (is_due(&alerting->rollups_ns, ROLLUPS_EVERY_NS))
		alerting_flush_rollups(alerting);
	/* With sinks, their threads do it: this one shall not wait for a disk. */
	if (alerting->cursors != NULL && alerting->delivery == NULL &&
	    is_due(&alerting->head_ns, HEAD_EVERY_NS))
		(void)cursors_note_head(alerting->cursors, journal_id(alerting->journal),
					journal_durable(alerting->journal));
	if (is_due(&alerting->looked_ns, LOOK_EVERY_NS)) {
		tell_replaced(alerting);
		tell_lost(alerting);
		look_at_disk(alerting);
	}
	bool settled = clock_monotonic_ns() - alerting->started_ns > EXPIRE_FIRST_NS;
	if (settled && is_due(&alerting->expired_ns, EXPIRE_EVERY_NS))
		expire(alerting);
}

void
alerting_format_status(struct alerting *alerting, char *out, size_t size)
{
	const struct settings *settings = &alerting->config.ruleset->settings;
	uint64_t waiting = 0, one;
	size_t good = 0;
	struct sink_cursor cursor;

	for (size_t i = 0; alerting->delivery != NULL && i < settings->sink_count; i++) {
		delivery_tell(alerting->delivery, i, &cursor, &one);
		good += cursor.failing_since_ns == 0;
		waiting = one > waiting ? one : waiting;
	}
	(void)snprintf(out, size, " journal %" PRIu64 " sinks %zu/%zu waiting %" PRIu64,
		       journal_durable(alerting->journal), good, settings->sink_count, waiting);
}
