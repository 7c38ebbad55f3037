/* SPDX-License-Identifier: Apache-2.0 */
/* The findings that the program raises, and what each can tell. */
#include "classifier/policy/rule_book_build.h"

#include <string.h>

/* Which limits a finding has. */
enum finding_limits {
	LIMITS_NONE,
	LIMITS_DAYS,
	LIMITS_LATE,   /* days, late_days, late_severity */
	LIMITS_SHARES, /* lost_share, one_way_share */
};

static const struct finding_kind {
	const char *id;
	const char *placeholders;
	enum finding_limits limits;
} kinds[] = {
	{"GOV-EXC-EXPIRED", "exception date owner", LIMITS_NONE},
	{"GOV-EXC-EXPIRING", "exception date days owner", LIMITS_DAYS},
	{"GOV-QUAL-EXPIRED", "scheme version service operator date", LIMITS_NONE},
	{"GOV-QUAL-EXPIRING", "scheme version service operator date days", LIMITS_DAYS},
	{"GOV-CAT-STALE", "date days", LIMITS_LATE},
	{"GOV-ZONE-UNMAPPED", "network class", LIMITS_NONE},
	{"GOV-BLIND", "lost one_way", LIMITS_SHARES},
	{"GOV-POLICY-CHANGED", "policy version author hash", LIMITS_NONE},
	{"GOV-ZONE-CROSSING", "zone class peer peer_class", LIMITS_NONE},
	{"GOV-TENANCY-CONFLICT", "tenancy operator region host_operator host_region", LIMITS_NONE},
};
#define KIND_COUNT (sizeof(kinds) / sizeof(*kinds))

static const struct finding_kind *
find_kind(const char *id)
{
	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (strcmp(kinds[i].id, id) == 0)
			return &kinds[i];
	}
	return NULL;
}

/* A limit that is missing would never be reached, and one too many would never be looked at. */
static void
check_limits(const struct file_finding *file, enum finding_limits limits, struct fault_list *faults)
{
	const struct {
		const char *key;
		bool wanted;
	} keys[] = {
		{"days", limits == LIMITS_DAYS || limits == LIMITS_LATE},
		{"late_days", limits == LIMITS_LATE},
		{"late_severity", limits == LIMITS_LATE},
		{"lost_share", limits == LIMITS_SHARES},
		{"one_way_share", limits == LIMITS_SHARES},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const struct config_node *node = config_node_find(file->node, keys[i].key);
		bool given = node != NULL && !config_node_is_null(node);
		if (keys[i].wanted && !given)
			config_node_fault(file->node, faults, "finding `%s` lacks `%s`", file->id,
					  keys[i].key);
		else if (given && !keys[i].wanted)
			config_node_key_fault(node, faults, "finding `%s` has no `%s`", file->id,
					      keys[i].key);
	}
	if (limits == LIMITS_LATE && file->late_days < file->days)
		config_node_fault(file->node, faults, "late_days %llu is before days %llu",
				  (unsigned long long)file->late_days,
				  (unsigned long long)file->days);
}

static void
check_finding(const struct file_finding *file, struct fault_list *faults)
{
	const struct finding_kind *kind = find_kind(file->id);

	if (kind == NULL) {
		config_node_fault(config_node_find(file->node, "id"), faults,
				  "`%s` is no finding of this program", file->id);
		return;
	}
	check_limits(file, kind->limits, faults);
	rule_text_check(config_node_find(file->node, "sentence"), kind->placeholders, faults);
	rule_text_check(config_node_find(file->node, "name"), "", faults);
	rule_text_check(config_node_find(file->node, "what_to_do"), "", faults);
}

static void
fill_finding(const struct file_finding *file, struct rule_finding *out)
{
	bool late = file->late_days != 0;

	*out = (struct rule_finding){
		.id = file->id,
		.name = file->name,
		.severity = (enum severity)file->severity,
		.days = (uint32_t)file->days,
		.late_days = (uint32_t)file->late_days,
		.late_severity = (enum severity)(late ? file->late_severity : file->severity),
		.lost_share = (uint32_t)file->lost_share,
		.one_way_share = (uint32_t)file->one_way_share,
		.sentence = file->sentence,
		.what_to_do = file->what_to_do,
	};
}

static void
demand_all(const struct rule_book *rules, const char *name, struct fault_list *faults)
{
	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (rule_book_finding(rules, kinds[i].id) == NULL)
			fault_list_add(faults, name, 0, 0, "findings lack `%s`", kinds[i].id);
	}
}

void
rule_book_build_findings(const struct rule_book_file *file, const char *name,
			 struct rule_book *rules, struct fault_list *faults)
{
	const struct file_finding *from = file->findings.items;
	struct rule_finding *to =
		arena_alloc_array(rules->arena, file->findings.count, sizeof(*to));

	if (to == NULL) {
		fault_list_add(faults, name, 0, 0, "out of memory");
		return;
	}
	rules->findings = to;
	for (size_t i = 0; i < file->findings.count; i++) {
		check_finding(&from[i], faults);
		if (rule_book_finding(rules, from[i].id) != NULL)
			config_node_fault(from[i].node, faults, "finding `%s` is given again",
					  from[i].id);
		fill_finding(&from[i], &to[i]);
		rules->finding_count = i + 1;
	}
	demand_all(rules, name, faults);
}
