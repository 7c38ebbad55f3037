/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the explanation in the order of a reader's questions. Words of the record that this
 * program does not know are shown as they are; a rule book that has changed since is told.
 */
#include "app/explain.h"

#include <string.h>

#include "app/explain_page.h"
#include "app/explain_words.h"
#include "base/country_name.h"
#include "base/human_text.h"
#include "dashboard-export/paragraph.h"
#include "dashboard-export/text_table.h"

static void
write_operator(const struct explanation *e, const char *label, const char *id)
{
	const struct catalogue_operator *owner = NULL;
	char text[512];

	if (id != NULL && e->sources->catalogue != NULL)
		owner = catalogue_find_operator(e->sources->catalogue, id);
	if (owner == NULL) {
		explain_field(e, label, id);
		return;
	}
	/* Where nobody knows who controls it, the record has the seat alone. */
	bool unknown = owner->exposure == EXPOSURE_UNKNOWN;
	const char *code = unknown ? owner->seat_country : owner->control_country;
	const char *country = country_name(code);
	snprintf(text, sizeof(text), "%s, %s %s%s (checked on %s)", owner->name,
		 unknown ? "seated in" : "recorded as controlled from",
		 country != NULL ? country : code,
		 unknown ? "; who controls it is not recorded" : "", owner->checked_on);
	explain_field(e, label, text);
}

static void
write_volume(const struct explanation *e)
{
	const struct event *a = e->alert;
	char text[160];

	if (a->flows == 0)
		return;
	snprintf(text, sizeof(text), "%s up, %s down, in %s %s", human_bytes(a->payload_out).text,
		 human_bytes(a->payload_in).text, human_count(a->flows).text,
		 a->flows == 1 ? "flow" : "flows");
	explain_field(e, "volume", text);
}

static void
write_names(const struct explanation *e)
{
	const struct event_words *names = &e->alert->names;
	struct paragraph p;

	if (names->count < 2) {
		explain_field(e, "name", e->alert->name);
		return;
	}
	paragraph_begin(&p, e->page.out, e->page.width, "names", EXPLAIN_LABEL_WIDTH);
	for (size_t i = 0; i < names->count; i++)
		paragraph_add_text(&p, names->words[i]);
	paragraph_end(&p);
}

/* "Company files (licences)" */
static void
write_zone(const struct explanation *e)
{
	const char *id = e->alert->zone;
	const struct zone *zone = explain_find_zone(e, id);
	char text[512];

	if (zone == NULL || strcmp(zone->label, id) == 0) {
		explain_field(e, "zone", id);
		return;
	}
	snprintf(text, sizeof(text), "%.240s (%.240s)", zone->label, id);
	explain_field(e, "zone", text);
}

static void
write_service(const struct explanation *e)
{
	const struct event *a = e->alert;
	const struct catalogue_operator *owner = NULL;
	const struct catalogue_service *service = NULL;

	if (a->operator_id != NULL && a->service != NULL && e->sources->catalogue != NULL)
		owner = catalogue_find_operator(e->sources->catalogue, a->operator_id);
	if (owner != NULL)
		service = catalogue_find_service(owner, a->service);
	explain_field(e, "service", service != NULL ? service->name : a->service);
}

/* "52.95.154.1 port 443", as far as it is known; where a name stands for the address, that. */
static void
write_inner_end(const struct explanation *e, const char *label, const struct event_end *end,
		const char *name)
{
	char text[320], port[16] = "";
	const char *ip = end->ip != NULL ? end->ip : end->has_port ? name : NULL;

	if (end->has_port)
		snprintf(port, sizeof(port), "port %u", end->port);
	snprintf(text, sizeof(text), "%.256s%s%s", ip != NULL ? ip : "",
		 ip != NULL && end->has_port ? " " : "", port);
	if (text[0] != '\0')
		explain_field(e, label, text);
}

/* "192.0.2.1 port 3128": the destination on the wire. */
static void
write_proxy(const struct explanation *e)
{
	const struct event_end *proxy = &e->alert->destination;
	char text[128];

	if (!explain_has_word(&e->alert->flags, "via-proxy"))
		return;
	snprintf(text, sizeof(text), "%.64s port %u",
		 proxy->ip != NULL ? proxy->ip : "an address that is not told,", proxy->port);
	explain_field(e, "by proxy", text);
}

/* "gre from 10.0.0.5 to 52.95.154.1", as far as it is told. */
static void
write_tunnel(const struct explanation *e)
{
	const char *from = e->alert->outer_source.ip, *to = e->alert->outer_destination.ip;
	char text[256];

	if (e->alert->tunnel == NULL)
		return;
	snprintf(text, sizeof(text), "%.64s%s%.64s%s%.64s", e->alert->tunnel,
		 from != NULL ? " from " : "", from != NULL ? from : "", to != NULL ? " to " : "",
		 to != NULL ? to : "");
	explain_field(e, "tunnel", text);
}

static void
write_risks(const struct explanation *e)
{
	const struct event_words *risks = &e->alert->risks;
	struct paragraph p;

	if (risks->count == 0)
		return;
	paragraph_begin(&p, e->page.out, e->page.width, "risks", EXPLAIN_LABEL_WIDTH);
	for (size_t i = 0; i < risks->count; i++)
		paragraph_add_text(&p, risks->words[i]);
	paragraph_end(&p);
}

/* What the first packets told beside the name. Of a proxy that was asked, there is no inner source.
 */
static void
write_wire(const struct explanation *e)
{
	const struct event *a = e->alert;
	bool behind = a->inner_source.ip != NULL || a->inner_source.has_port;

	/* Of several names nobody can say which the first flow had. */
	const char *name = !behind && a->names.count < 2 ? a->name : NULL;
	write_inner_end(e, "inner source", &a->inner_source, NULL);
	write_inner_end(e, behind ? "inner target" : "asked for", &a->inner_destination, name);
	write_proxy(e);
	write_tunnel(e);
	explain_field(e, "JA4", a->tls_ja4);
	write_risks(e);
}

static void
write_facts(const struct explanation *e)
{
	const struct event *a = e->alert;
	char host[128];

	fputc('\n', e->page.out);
	explain_field(e, "day", a->day);
	write_zone(e);
	if (a->host != NULL) {
		snprintf(host, sizeof(host), "%.80s (pseudonym)", a->host);
		explain_field(e, "host", host);
	}
	explain_field(e, "subject", a->subject);
	write_volume(e);
	write_names(e);
	write_operator(e, "operator", a->operator_id);
	if (a->host_operator != NULL &&
	    (a->operator_id == NULL || strcmp(a->host_operator, a->operator_id) != 0))
		write_operator(e, "address of", a->host_operator);
	write_service(e);
	explain_field(e, "kind", a->service_kind);
	explain_field(e, "region", a->region);
	explain_field(e, "tenancy", a->tenancy);
	write_wire(e);
	explain_field(e, "capture", a->capture);
}

/* What the rules say before any step. */
static const char *
severity_of_table(const struct event *a)
{
	if (a->step_count > 0)
		return a->steps[0].before;
	return severity_text(a->severity_before_exception);
}

static void
write_table_cell(const struct explanation *e)
{
	const struct event *a = e->alert;
	const struct rule_book *rules = e->sources->rules;
	unsigned class = explain_find_class(a->data_class),
		 exposure = explain_find_exposure(a->exposure);
	const char *said = severity_of_table(a);
	char text[512];

	snprintf(text, sizeof(text), "Data of class %s towards exposure %s: the table says %s.",
		 a->data_class != NULL ? a->data_class : "unknown",
		 a->exposure != NULL ? a->exposure : "unknown", said);
	explain_text(e, text);
	if (class == DATA_CLASS_COUNT || exposure == EXPOSURE_COUNT)
		return;
	unsigned now = rules->table[class][exposure], with_hds = rules->table_hds[class][exposure];
	if (now == explain_find_severity(said))
		return;
	if (with_hds == explain_find_severity(said))
		snprintf(text, sizeof(text),
			 "That is the row for services with a valid record of health data hosting "
			 "(HDS); without one it says %s.",
			 severity_text(now));
	else
		snprintf(text, sizeof(text),
			 "The rule book in use now (version %s) says %s: it has changed since.",
			 rules->version, severity_text(now));
	explain_text(e, text);
}

static void
write_steps(const struct explanation *e)
{
	const struct event *a = e->alert;
	char why[EXPLAIN_STEP_MAX], text[EXPLAIN_STEP_MAX + 128];

	if (a->step_count == 0)
		explain_text(e, "No step changed that.");
	for (size_t i = 0; i < a->step_count; i++) {
		const struct event_step *step = &a->steps[i];
		explain_step(e->sources->rules, a, step->step, why);
		snprintf(text, sizeof(text), "%.24s -> %.24s%s%s", step->before, step->after,
			 why[0] != '\0' ? ": " : "", why);
		explain_labelled(e, step->step, EXPLAIN_LABEL_WIDTH, text);
	}
}

static void
write_rule(const struct explanation *e)
{
	const struct event *a = e->alert;
	char text[640];

	explain_heading(e, "The rule");
	snprintf(text, sizeof(text), "%.32s%s%.512s", a->rule_id, a->rule_name != NULL ? ": " : "",
		 a->rule_name != NULL ? a->rule_name : "");
	explain_text(e, text);
	if (explain_is_finding(a))
		return;
	write_table_cell(e);
	write_steps(e);
	snprintf(text, sizeof(text), "The answer is %s.", severity_text(a->severity));
	explain_text(e, text);
}

static const char *
colour_of(enum severity severity)
{
	if (severity == SEVERITY_CRITICAL)
		return TEXT_TABLE_BOLD_MAGENTA;
	if (severity == SEVERITY_HIGH)
		return TEXT_TABLE_RED;
	return severity == SEVERITY_MEDIUM ? TEXT_TABLE_YELLOW : "";
}

void
explain_write(const struct explain_sources *sources, const struct event *alert,
	      const struct explain_page *page)
{
	const struct explanation e = {sources, alert, *page};

	fprintf(page->out, "Alert %s: %s%s%s\n", alert->id,
		page->colour ? colour_of(alert->severity) : "", severity_text(alert->severity),
		page->colour ? TEXT_TABLE_END : "");
	explain_text(&e, alert->message);
	write_facts(&e);
	write_rule(&e);
	explain_grounds(&e);
	explain_consequences(&e);
}

void
explain_write_choice(const struct event *alert, FILE *out)
{
	fprintf(out, "  %s  %s  %s  %s  %s\n", alert->id, alert->day != NULL ? alert->day : "-",
		severity_text(alert->severity), alert->rule_id,
		alert->zone != NULL ? alert->zone : "-");
}
