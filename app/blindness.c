/* SPDX-License-Identifier: Apache-2.0 */
#include "app/blindness.h"

#include <netinet/in.h>
#include <stdio.h>

/* Shares of fewer than these are chance. */
#define PACKETS_MIN 1000
#define CONNECTIONS_MIN 100
/* The rule book's shares are ten-thousandths. */
#define SHARE_ONE 10000

/*
 * A connection with payload in one direction and not a packet in the other was not seen whole; one
 * without any payload may never have been answered, as under a scan. UDP may be one-way by nature.
 */
void
blindness_add(struct blindness *blindness, const struct flow_record *record)
{
	const struct flow_side *a = &record->from_source, *b = &record->from_destination;

	if (record->transport != IPPROTO_TCP || a->payload + b->payload == 0)
		return;
	blindness->connections++;
	blindness->one_way += a->packets == 0 || b->packets == 0;
}

/* Ten-thousandths; 0 where there is too little to tell. */
static uint64_t
share(uint64_t part, uint64_t whole, uint64_t least)
{
	return whole >= least ? part * SHARE_ONE / whole : 0;
}

static void
format_share(uint64_t share, char out[16])
{
	(void)snprintf(out, 16, "%llu.%02llu %%", (unsigned long long)(share / 100 % 1000),
		       (unsigned long long)(share % 100));
}

bool
blindness_look(struct blindness *blindness, uint64_t received, uint64_t lost,
	       const struct policy *policy, uint64_t now_ns, struct blindness_finding *out)
{
	const struct rule_finding *rule = rule_book_finding(policy->rules, "GOV-BLIND");
	uint64_t lost_now = lost - blindness->lost;
	uint64_t lost_share =
		share(lost_now, lost_now + (received - blindness->received), PACKETS_MIN);
	uint64_t one_way = share(blindness->one_way, blindness->connections, CONNECTIONS_MIN);
	char lost_text[16], one_way_text[16];

	*blindness = (struct blindness){.received = received, .lost = lost};
	if (lost_share <= rule->lost_share && one_way <= rule->one_way_share)
		return false;
	format_share(lost_share, lost_text);
	format_share(one_way, one_way_text);
	const struct sentence_value values[] = {{"lost", lost_text}, {"one_way", one_way_text}};
	(void)sentence_fill(rule->sentence, values, sizeof(values) / sizeof(*values), out->message);
	out->finding = (struct judged_finding){
		.rule = rule,
		.subject = "capture",
		.message = out->message,
		.time_ns = now_ns,
		.day = policy_day(policy, now_ns),
	};
	return true;
}
