/* SPDX-License-Identifier: Apache-2.0 */
#include "app/outputs.h"

#include "base/clock.h"
#include "base/printable_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int
on_alert(void *context, const struct alert *alert)
{
	struct outputs *o = context;
	char message[SENTENCE_MAX];

	/* First: what is not on disk is told to nobody. */
	int journal = o->alerting != NULL ? alerting_add(o->alerting, alert) : 0;
	if (o->wanted.summary != NULL) {
		(void)alert_message(alert, o->ruleset->rules, message);
		summary_add_alert(o->wanted.summary, alert, message);
	}
	int error = o->alert_lines != NULL ? alert_writer_add(o->alert_lines, alert) : 0;
	/* Live, a file that takes nothing must not keep alerts from the journal; it is told by
	   outputs_flush. */
	if (o->wanted.live)
		return 0;
	return journal != 0 ? journal : error;
}

static void
on_flow(void *context, const struct judged_flow *flow, const struct flow_fresh *fresh)
{
	struct outputs *o = context;

	if (flow->record->final)
		blindness_add(&o->blindness, flow->record);
	alerting_add_flow(o->alerting, flow, fresh);
}

static int
tell(const char *path, int error)
{
	fprintf(stderr, "vigie: %s: %s\n", printable_text(path).text, strerror(-error));
	return error;
}

/* Under the public key everybody could undo the pseudonyms by trying all addresses. */
static int
open_key(struct outputs *o)
{
	const struct settings *settings = &o->ruleset->settings;
	char why[200];

	site_key_public(&o->key);
	if (!settings->from_file)
		return 0;
	if (site_key_load(settings->key_file, &o->key, why) != 0) {
		fprintf(stderr, "vigie: %s: %s\n", printable_text(settings->key_file).text, why);
		return -EACCES;
	}
	o->has_key = true;
	return 0;
}

static int
open_lines(struct outputs *o)
{
	const struct outputs_wanted *w = &o->wanted;
	const struct rule_book *rules = o->ruleset->rules;
	int error = 0;

	if (w->flows != NULL) {
		o->flows = w->live ? flow_writer_open_append(w->flows, &error)
				   : flow_writer_open(w->flows, &error);
		if (o->flows == NULL)
			return tell(w->flows, error);
	}
	if (w->alerts != NULL) {
		o->alert_lines = w->live ? alert_writer_open_append(w->alerts, rules, &error)
					 : alert_writer_open(w->alerts, rules, &error);
		if (o->alert_lines == NULL)
			return tell(w->alerts, error);
	}
	return 0;
}

static int
open_alerting(struct outputs *o)
{
	const struct alerting_config config = {
		.ruleset = o->ruleset,
		.key = &o->key,
		.journal_path = o->wanted.journal,
		.live = o->wanted.live,
	};

	if (o->wanted.journal == NULL)
		return 0;
	o->alerting = alerting_open(&config);
	return o->alerting != NULL ? 0 : -errno;
}

/* Groups that nobody is told of need not be kept. */
static bool
are_alerts_wanted(const struct outputs_wanted *w)
{
	return w->summary != NULL || w->alerts != NULL || w->journal != NULL;
}

static int
open_alert_table(struct outputs *o)
{
	const struct ruleset *ruleset = o->ruleset;

	if (!are_alerts_wanted(&o->wanted))
		return 0;
	struct alert_table_config config = {
		.key = o->key,
		.minimum = ruleset->policy->alerts_minimum,
		.max_alerts = ALERT_TABLE_DEFAULT,
		.live = o->wanted.live,
		.update_ns = (uint64_t)ruleset->settings.alert_update_s * 1000000000u,
		.on_alert = on_alert,
		.context = o,
	};
	o->alerts = alert_table_create(&config);
	site_key_fini(&config.key);
	if (o->alerts != NULL)
		return 0;
	fprintf(stderr, "vigie: no memory for alerts\n");
	return -ENOMEM;
}

int
outputs_open(struct outputs *out, const struct ruleset *ruleset,
	     const struct outputs_wanted *wanted)
{
	*out = (struct outputs){.ruleset = ruleset, .wanted = *wanted};
	int error = open_key(out);
	if (error == 0)
		error = open_lines(out);
	if (error == 0)
		error = open_alerting(out);
	if (error != 0)
		return error;
	if (wanted->summary != NULL)
		summary_set_alerts_minimum(wanted->summary, ruleset->policy->alerts_minimum);
	return open_alert_table(out);
}

struct judge_outputs
outputs_for_judge(struct outputs *outputs)
{
	return (struct judge_outputs){
		.flows = outputs->flows,
		.summary = outputs->wanted.summary,
		.alerts = outputs->alerts,
		.key = outputs->has_key ? &outputs->key : NULL,
		.on_flow = outputs->alerting != NULL ? on_flow : NULL,
		.on_flow_context = outputs,
		.messages = outputs->alerting != NULL && alerting_wants_messages(outputs->alerting),
	};
}

/* Later errors of the same output only repeat the first. */
static void
note_error(const char *path, int error, int *first)
{
	if (error == 0 || *first != 0)
		return;
	*first = error;
	fprintf(stderr,
		"vigie: %s: %s; nothing is written there any more, start again when there is "
		"room\n",
		printable_text(path).text, strerror(-error));
}

void
outputs_look_for_blindness(struct outputs *outputs, uint64_t received, uint64_t lost)
{
	struct blindness_finding found;
	uint64_t now = clock_wall_ns();

	if (outputs->alerts != NULL && blindness_look(&outputs->blindness, received, lost,
						      outputs->ruleset->policy, now, &found))
		(void)alert_table_add_finding(outputs->alerts, &found.finding);
}

void
outputs_flush(struct outputs *outputs)
{
	if (outputs->flows != NULL)
		note_error(outputs->wanted.flows, flow_writer_flush(outputs->flows),
			   &outputs->flows_error);
	if (outputs->alert_lines != NULL)
		note_error(outputs->wanted.alerts, alert_writer_flush(outputs->alert_lines),
			   &outputs->alerts_error);
}

int
outputs_close(struct outputs *outputs)
{
	int flows = outputs->flows != NULL ? flow_writer_close(outputs->flows) : 0;
	int alerts = outputs->alert_lines != NULL ? alert_writer_close(outputs->alert_lines) : 0;

	if (flows != 0 && outputs->flows_error == 0)
		(void)tell(outputs->wanted.flows, flows);
	if (alerts != 0 && outputs->alerts_error == 0)
		(void)tell(outputs->wanted.alerts, alerts);
	alert_table_destroy(outputs->alerts);
	int journal = alerting_close(outputs->alerting);
	site_key_fini(&outputs->key);
	if (flows != 0 || alerts != 0)
		return flows != 0 ? flows : alerts;
	return journal;
}
