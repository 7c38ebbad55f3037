/* SPDX-License-Identifier: Apache-2.0 */
#include "app/explain_words.h"

#include "classifier/policy/verdict.h"

#include <stdio.h>
#include <string.h>

struct meaning {
	const char *word;
	const char *text;
};

static const struct meaning evidence[] = {
	{"tenancy", "the organisation declared this address or name as its own use of the service"},
	{"prefix", "the operator's published range list has the address"},
	{"asn", "the address is announced by an autonomous system of the operator"},
	{"dns", "an answer that this host got before links name and address"},
	{"dns-shared", "an answer that a resolver of the site got links name and address"},
	{"cname", "the answer's chain of names leads into the network of the address"},
	{"sni",
	 "the name that the client asked for in its TLS or QUIC greeting; a claim of the client"},
	{"host",
	 "the name that the client asked for in clear HTTP or of a proxy; a claim of the client"},
	{"certificate",
	 "the certificate that the server showed has the name; nobody checked who signed it"},
};

/* What the same words mean where they say otherwise. */
static const struct meaning disagreement[] = {
	{"prefix", "a range list that another operator publishes has the address"},
	{"asn", "the address is announced by an autonomous system of another operator"},
	{"dns",
	 "answers of dns give the name other addresses, or the address another operator's name"},
	{"dns-shared",
	 "an answer that a resolver of the site got gives the address another operator's name"},
	{"sni",
	 "the name that the client asked for in its TLS or QUIC greeting is another operator's; a "
	 "claim of the client"},
	{"host", "the name that the client asked for in clear HTTP or of a proxy is another "
		 "operator's; a claim of the client"},
	{"certificate", "the certificate that the server showed has other names only"},
};

static const struct meaning flags[] = {
	{"midstream", "the beginning of the connection was not seen"},
	{"ech-or-grease", "the greeting may hide the real name, or only look as if it did"},
	{"no-sni", "the greeting names no server"},
	{"name-incomplete", "the greeting was not seen to its end"},
	{"name-refused", "the name on the wire breaks the rules for host names"},
	{"evicted", "the flow was told of early because the table of flows was full"},
	{"overlap-conflict", "parts of the beginning were sent again with other content; the first "
			     "is what was read, and the server may have read the other"},
	{"cut-buffer-full", "the greeting is longer than is kept of one"},
	{"cut-pool-empty", "so many greetings were unfinished that there was no room for this one"},
	{"cut-snaplen", "the capture kept only the beginning of its packets"},
	{"cut-gap", "a part of the greeting never came by"},
	{"encrypted", "the beginning was encrypted already, or under keys that are not known"},
	{"via-proxy", "the client asked a proxy: name and operator are those of what it asked for, "
		      "the address is the proxy's"},
	{"proxy-protocol", "a load balancer said in front who is behind it; anybody can say that"},
	{"names-differ", "the client asked a proxy for one name and then greeted another through "
			 "it; the one asked for is shown"},
	{"tls-resumed", "the session goes on from an earlier one, so no certificate was shown"},
	{"tunnelled",
	 "it came in a tunnel: names and addresses inside are as the sender wrote them, and "
	 "the outer ends say where the packets go"},
	{"tls-retried", "the server asked for a second greeting (HelloRetryRequest)"},
	{"ech", "the real name is encrypted (ECH): where an answer of dns told it (name source "
		"dns), that is the name shown, else only the address tells who it is"},
	{"cdn-fronted",
	 "a delivery network stands in front and ends TLS; what is behind is not visible"},
	{"hosted", "the service of one operator runs on the addresses of another"},
	{"name-address-mismatch",
	 "the name says one operator, the address another, and dns does not link them"},
	{"sni-unconfirmed",
	 "nothing but the client's own word, or a certificate that nobody checked, supports the "
	 "name"},
	{"stale-record", "the catalogue's record of the operator is old"},
	{"served", "a client outside fetched the data from a server of this zone"},
	{"night", "it began between 22:00 and 06:00"},
	{"recurring",
	 "much the same happened on three of the last seven nights: it may be a backup"},
	{"low-slow", "the day's sum was reached by many small flows"},
	{"review", "the evidence is weak: a person should look at it first"},
};

static const struct meaning shapes[] = {
	{"trace", "very little left the zone"},
	{"interactive", "it looks like a person at work, not like an export"},
	{"export",
	 "it looks like an export: much leaves, little comes back, or the day's sum is high"},
	{"bulk", "it looks like an export in bulk"},
};

static const struct meaning confidences[] = {
	{"high", "independent sources agree, or the organisation declared it"},
	{"medium", "one good source says so and none contradicts it"},
	{"low", "little supports it, or sources contradict each other"},
};

static const char *
find(const struct meaning *meanings, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(meanings[i].word, word) == 0)
			return meanings[i].text;
	}
	return NULL;
}

const char *
explain_evidence(const char *word)
{
	return find(evidence, sizeof(evidence) / sizeof(*evidence), word);
}

const char *
explain_disagreement(const char *word)
{
	const char *text = find(disagreement, sizeof(disagreement) / sizeof(*disagreement), word);

	return text != NULL ? text : explain_evidence(word);
}

const char *
explain_flag(const char *word)
{
	return find(flags, sizeof(flags) / sizeof(*flags), word);
}

const char *
explain_shape(const char *word)
{
	return find(shapes, sizeof(shapes) / sizeof(*shapes), word);
}

const char *
explain_confidence(const char *word)
{
	return find(confidences, sizeof(confidences) / sizeof(*confidences), word);
}

static const char *
or_unknown(const char *word)
{
	return word != NULL ? word : "unknown";
}

static void
explain_shape_step(const struct rule_steps *steps, const struct event *alert,
		   char out[EXPLAIN_STEP_MAX])
{
	const char *shape = or_unknown(alert->shape);

	if (strcmp(shape, "trace") == 0)
		snprintf(out, EXPLAIN_STEP_MAX, "a trace of data: set to %s",
			 or_unknown(severity_text(steps->trace_becomes)));
	else if (strcmp(shape, "interactive") == 0)
		snprintf(out, EXPLAIN_STEP_MAX, "interactive use and no export: %u less",
			 steps->interactive_subtracts);
	else
		snprintf(out, EXPLAIN_STEP_MAX, "shape %s towards such an operator: %u more", shape,
			 steps->bulk_adds);
}

void
explain_step(const struct rule_book *rules, const struct event *alert, const char *step,
	     char out[EXPLAIN_STEP_MAX])
{
	const struct rule_steps *steps = &rules->steps;

	out[0] = '\0';
	if (strcmp(step, verdict_step_text(VERDICT_STEP_R9)) == 0)
		snprintf(out, EXPLAIN_STEP_MAX,
			 "the zone holds data of particular sensitivity (R9), which asks for more");
	else if (strcmp(step, verdict_step_text(VERDICT_STEP_SHAPE)) == 0)
		explain_shape_step(steps, alert, out);
	else if (strcmp(step, verdict_step_text(VERDICT_STEP_KIND)) == 0)
		snprintf(out, EXPLAIN_STEP_MAX,
			 "the service is of kind %.40s, which takes in little: %u less",
			 or_unknown(alert->service_kind), steps->low_sink_subtracts);
	else if (strcmp(step, verdict_step_text(VERDICT_STEP_CONTENT)) == 0)
		snprintf(out, EXPLAIN_STEP_MAX, "strong evidence in cleartext content: %u more",
			 steps->content_adds);
	else if (strcmp(step, verdict_step_text(VERDICT_STEP_CONFIDENCE)) == 0)
		snprintf(out, EXPLAIN_STEP_MAX, "who the far end is stands on little: %u less",
			 steps->low_confidence_subtracts);
	else if (strcmp(step, verdict_step_text(VERDICT_STEP_MISMATCH)) == 0)
		snprintf(out, EXPLAIN_STEP_MAX,
			 "name and address contradict each other: at least %s",
			 or_unknown(severity_text(steps->mismatch_least)));
	else if (strcmp(step, verdict_step_text(VERDICT_STEP_EXCEPTION)) == 0)
		snprintf(out, EXPLAIN_STEP_MAX, "exception %.80s covers it",
			 or_unknown(alert->exception));
}
