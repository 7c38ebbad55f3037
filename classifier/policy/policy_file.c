/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of the policy. One table a record, in the order in which they are written;
 * configs/vigie.yaml shows them with their defaults. */
#include "classifier/policy/policy_file.h"

#include "classifier/policy/severity.h"

#define COUNT(fields) (sizeof(fields) / sizeof(*(fields)))
#define AT(type, member) .offset = offsetof(struct type, member)
#define NOT_GIVEN POLICY_FILE_NOT_GIVEN
#define DAYS_MAX 36500
#define DAY_S 86400
#define LIMIT_MAX 1000000
#define VLAN_MAX 4094
#define VNI_MAX ((1u << 24) - 1)

/* ---- policy, thresholds, alerts ---- */

const struct file_policy file_policy_defaults = {
	.version = 1,
	.time_zone = "UTC",
	.unmapped_class = DATA_CLASS_INTERNAL,
	.max_age_days = NOT_GIVEN,
};
static const struct config_field policy_fields[] = {
	{.type = CONFIG_SELF, AT(file_policy, node)},
	{.key = "version", .type = CONFIG_UINT, AT(file_policy, version), .max = UINT32_MAX},
	{.key = "name", .type = CONFIG_STRING, AT(file_policy, name)},
	{.key = "time_zone", .type = CONFIG_STRING, AT(file_policy, time_zone)},
	{.key = "unmapped_class",
	 .type = CONFIG_WORD,
	 AT(file_policy, unmapped_class),
	 .noun = "class",
	 .word = data_class_text},
	{.key = "max_age_days",
	 .type = CONFIG_UINT,
	 AT(file_policy, max_age_days),
	 .max = DAYS_MAX},
	{.key = "inside", .type = CONFIG_PREFIXES, AT(file_policy, inside)},
	{.key = "equivalent_schemes", .type = CONFIG_STRINGS, AT(file_policy, equivalent_schemes)},
};
const struct config_schema policy_schema = {
	.what = "policy",
	.fields = policy_fields,
	.field_count = COUNT(policy_fields),
	.size = sizeof(struct file_policy),
	.defaults = &file_policy_defaults,
};

static const struct file_day_thresholds day_defaults = {NOT_GIVEN, NOT_GIVEN, NOT_GIVEN, NOT_GIVEN,
							NOT_GIVEN};
static const struct config_field day_fields[] = {
	{.key = "internal", .type = CONFIG_SIZE, AT(file_day_thresholds, internal)},
	{.key = "personal", .type = CONFIG_SIZE, AT(file_day_thresholds, personal)},
	{.key = "economic-secret", .type = CONFIG_SIZE, AT(file_day_thresholds, economic_secret)},
	{.key = "state-business-application",
	 .type = CONFIG_SIZE,
	 AT(file_day_thresholds, state_business_application)},
	{.key = "health", .type = CONFIG_SIZE, AT(file_day_thresholds, health)},
};
static const struct config_schema day_schema = {
	.what = "day",
	.fields = day_fields,
	.field_count = COUNT(day_fields),
	.size = sizeof(struct file_day_thresholds),
	.defaults = &day_defaults,
};

const struct file_thresholds file_thresholds_defaults = {
	.trace_below = NOT_GIVEN,
	.export_min = NOT_GIVEN,
	.export_ratio = NOT_GIVEN,
	.bulk_min = NOT_GIVEN,
};
static const struct config_field thresholds_fields[] = {
	{.type = CONFIG_SELF, AT(file_thresholds, node)},
	{.key = "trace_below", .type = CONFIG_SIZE, AT(file_thresholds, trace_below)},
	{.key = "export_min", .type = CONFIG_SIZE, AT(file_thresholds, export_min)},
	{.key = "export_ratio", .type = CONFIG_RATIO, AT(file_thresholds, export_ratio)},
	{.key = "bulk_min", .type = CONFIG_SIZE, AT(file_thresholds, bulk_min)},
	{.key = "day", .type = CONFIG_RECORD, AT(file_thresholds, day), .schema = &day_schema},
};
const struct config_schema thresholds_schema = {
	.what = "thresholds",
	.fields = thresholds_fields,
	.field_count = COUNT(thresholds_fields),
	.size = sizeof(struct file_thresholds),
	.defaults = &file_thresholds_defaults,
};

const struct file_alerts file_alerts_defaults = {
	.minimum = SEVERITY_LOW,
	.update_every = 60,
	.rule_limit = 600,
	.limit = 3000,
};
static const struct config_field alerts_fields[] = {
	{.key = "minimum",
	 .type = CONFIG_WORD,
	 AT(file_alerts, minimum),
	 .noun = "severity",
	 .word = severity_text},
	{.key = "update_every", .type = CONFIG_UINT, AT(file_alerts, update_every), .max = DAY_S},
	{.key = "rule_limit", .type = CONFIG_UINT, AT(file_alerts, rule_limit), .max = LIMIT_MAX},
	{.key = "limit", .type = CONFIG_UINT, AT(file_alerts, limit), .max = LIMIT_MAX},
};
const struct config_schema alerts_schema = {
	.what = "alerts",
	.fields = alerts_fields,
	.field_count = COUNT(alerts_fields),
	.size = sizeof(struct file_alerts),
	.defaults = &file_alerts_defaults,
};

/* ---- zones ---- */

static const struct config_field zone_match_fields[] = {
	{.type = CONFIG_SELF, AT(file_zone_match, node)},
	{.key = "cidr", .type = CONFIG_PREFIXES, AT(file_zone_match, cidr)},
	{.key = "vlan", .type = CONFIG_UINTS, AT(file_zone_match, vlan), .max = VLAN_MAX},
	{.key = "vni", .type = CONFIG_UINTS, AT(file_zone_match, vni), .max = VNI_MAX},
	{.key = "port", .type = CONFIG_STRINGS, AT(file_zone_match, port)},
};
static const struct config_schema zone_match_schema = {
	.what = "match",
	.fields = zone_match_fields,
	.field_count = COUNT(zone_match_fields),
	.size = sizeof(struct file_zone_match),
};

static const char *
off_on_word(unsigned value)
{
	static const char *const words[] = {"off", "on"};
	return value < COUNT(words) ? words[value] : NULL;
}

static const char *
privacy_word(unsigned value)
{
	static const char *const words[] = {"normal", "excluded"};
	return value < COUNT(words) ? words[value] : NULL;
}

static const struct config_field zone_fields[] = {
	{.type = CONFIG_SELF, AT(file_zone, node)},
	{.key = "id", .type = CONFIG_STRING, AT(file_zone, id), .required = true},
	{.key = "label", .type = CONFIG_STRING, AT(file_zone, label)},
	{.key = "match",
	 .type = CONFIG_RECORD,
	 AT(file_zone, match),
	 .required = true,
	 .schema = &zone_match_schema},
	{.key = "class",
	 .type = CONFIG_WORD,
	 AT(file_zone, data_class),
	 .required = true,
	 .noun = "class",
	 .word = data_class_text},
	{.key = "r9", .type = CONFIG_BOOL, AT(file_zone, r9)},
	{.key = "owner", .type = CONFIG_STRING, AT(file_zone, owner)},
	{.key = "content_inspection",
	 .type = CONFIG_WORD,
	 AT(file_zone, content_inspection),
	 .word = off_on_word},
	{.key = "privacy", .type = CONFIG_WORD, AT(file_zone, privacy), .word = privacy_word},
	{.key = "thresholds",
	 .type = CONFIG_RECORD,
	 AT(file_zone, thresholds),
	 .schema = &thresholds_schema},
};
const struct config_schema zone_schema = {
	.what = "zone",
	.fields = zone_fields,
	.field_count = COUNT(zone_fields),
	.size = sizeof(struct file_zone),
};

/* ---- tenancies and services ---- */

static const struct config_field tenancy_match_fields[] = {
	{.type = CONFIG_SELF, AT(file_tenancy_match, node)},
	{.key = "cidr", .type = CONFIG_PREFIXES, AT(file_tenancy_match, cidr)},
	{.key = "name", .type = CONFIG_STRINGS, AT(file_tenancy_match, name)},
};
static const struct config_schema tenancy_match_schema = {
	.what = "match",
	.fields = tenancy_match_fields,
	.field_count = COUNT(tenancy_match_fields),
	.size = sizeof(struct file_tenancy_match),
};

static const struct config_field tenancy_fields[] = {
	{.type = CONFIG_SELF, AT(file_tenancy, node)},
	{.key = "id", .type = CONFIG_STRING, AT(file_tenancy, id), .required = true},
	{.key = "operator", .type = CONFIG_STRING, AT(file_tenancy, operator_id), .required = true},
	{.key = "service", .type = CONFIG_STRING, AT(file_tenancy, service), .required = true},
	{.key = "match",
	 .type = CONFIG_RECORD,
	 AT(file_tenancy, match),
	 .required = true,
	 .schema = &tenancy_match_schema},
	{.key = "owner", .type = CONFIG_STRING, AT(file_tenancy, owner)},
};
const struct config_schema tenancy_schema = {
	.what = "tenancy",
	.fields = tenancy_fields,
	.field_count = COUNT(tenancy_fields),
	.size = sizeof(struct file_tenancy),
};

static const struct file_policy_service service_defaults = {.service.exposure = EXPOSURE_COUNT};
static const struct config_field service_fields[] = {
	{.type = CONFIG_SELF, AT(file_policy_service, service.node)},
	{.key = "id", .type = CONFIG_STRING, AT(file_policy_service, service.id), .required = true},
	{.key = "operator",
	 .type = CONFIG_STRING,
	 AT(file_policy_service, operator_id),
	 .required = true},
	{.key = "name", .type = CONFIG_STRING, AT(file_policy_service, service.name)},
	{.key = "kind",
	 .type = CONFIG_WORD,
	 AT(file_policy_service, service.kind),
	 .required = true,
	 .noun = "kind",
	 .word = catalogue_kind_word},
	{.key = "regions", .type = CONFIG_STRINGS, AT(file_policy_service, service.regions)},
	{.key = "name_patterns", .type = CONFIG_STRINGS, AT(file_policy_service, name_patterns)},
	{.key = "prefixes", .type = CONFIG_PREFIXES, AT(file_policy_service, prefixes)},
	{.key = "exposure",
	 .type = CONFIG_WORD,
	 AT(file_policy_service, service.exposure),
	 .noun = "exposure",
	 .word = catalogue_exposure_word},
	{.key = "technology_origin",
	 .type = CONFIG_STRING,
	 AT(file_policy_service, service.technology_origin)},
	{.key = "operated_by", .type = CONFIG_STRING, AT(file_policy_service, service.operated_by)},
	{.key = "qualifications",
	 .type = CONFIG_RECORDS,
	 AT(file_policy_service, service.qualifications),
	 .schema = &catalogue_qualification_schema},
	{.key = "hds",
	 .type = CONFIG_RECORD,
	 AT(file_policy_service, service.hds),
	 .schema = &catalogue_hds_schema},
	{.key = "checked_on", .type = CONFIG_DATE, AT(file_policy_service, service.checked_on)},
};
const struct config_schema policy_service_schema = {
	.what = "service",
	.fields = service_fields,
	.field_count = COUNT(service_fields),
	.size = sizeof(struct file_policy_service),
	.defaults = &service_defaults,
};

/* ---- exceptions ---- */

static const char *
exception_type_word(unsigned value)
{
	static const char *const words[] = {"ordinary", "dr-approval"};
	return value < COUNT(words) ? words[value] : NULL;
}

#define REQUIRED_TEXT(name)                                                                     \
	{                                                                                       \
		.key = #name, .type = CONFIG_STRING, AT(file_exception, name), .required = true \
	}
static const struct config_field exception_fields[] = {
	{.type = CONFIG_SELF, AT(file_exception, node)},
	REQUIRED_TEXT(id),
	{.key = "type", .type = CONFIG_WORD, AT(file_exception, type), .word = exception_type_word},
	{.key = "zones", .type = CONFIG_STRINGS, AT(file_exception, zones), .required = true},
	{.key = "operators", .type = CONFIG_STRINGS, AT(file_exception, operators)},
	{.key = "services", .type = CONFIG_STRINGS, AT(file_exception, services)},
	{.key = "kinds", .type = CONFIG_STRINGS, AT(file_exception, kinds), .required = true},
	{.key = "max_class",
	 .type = CONFIG_WORD,
	 AT(file_exception, max_class),
	 .required = true,
	 .noun = "class",
	 .word = data_class_text},
	{.key = "max_bytes_day",
	 .type = CONFIG_SIZE,
	 AT(file_exception, max_bytes_day),
	 .min = 1,
	 .required = true},
	{.key = "cap",
	 .type = CONFIG_UINT,
	 AT(file_exception, cap),
	 .max = SEVERITY_MEDIUM,
	 .required = true},
	REQUIRED_TEXT(reason),
	REQUIRED_TEXT(legal_basis),
	REQUIRED_TEXT(owner),
	REQUIRED_TEXT(approved_by),
	{.key = "approved_on",
	 .type = CONFIG_DATE,
	 AT(file_exception, approved_on),
	 .required = true},
	{.key = "expires_on",
	 .type = CONFIG_DATE,
	 AT(file_exception, expires_on),
	 .required = true},
	REQUIRED_TEXT(measures),
};
const struct config_schema exception_schema = {
	.what = "exception",
	.fields = exception_fields,
	.field_count = COUNT(exception_fields),
	.size = sizeof(struct file_exception),
};

/* ---- from and to what they mean ---- */

static void
replace(uint64_t *value, uint64_t given)
{
	if (given != NOT_GIVEN)
		*value = given;
}

void
policy_file_apply_thresholds(const struct file_thresholds *file,
			     struct shape_thresholds *thresholds)
{
	if (file == NULL)
		return;
	replace(&thresholds->trace_below, file->trace_below);
	replace(&thresholds->export_min, file->export_min);
	replace(&thresholds->export_ratio, file->export_ratio);
	replace(&thresholds->bulk_min, file->bulk_min);
	const struct file_day_thresholds *day = file->day;
	if (day == NULL)
		return;
	replace(&thresholds->day[DATA_CLASS_INTERNAL], day->internal);
	replace(&thresholds->day[DATA_CLASS_PERSONAL], day->personal);
	replace(&thresholds->day[DATA_CLASS_ECONOMIC_SECRET], day->economic_secret);
	replace(&thresholds->day[DATA_CLASS_STATE_BUSINESS_APPLICATION],
		day->state_business_application);
	replace(&thresholds->day[DATA_CLASS_HEALTH], day->health);
}

void
policy_file_fill_thresholds(const struct shape_thresholds *thresholds, struct file_thresholds *file,
			    struct file_day_thresholds *day)
{
	*day = (struct file_day_thresholds){
		.internal = thresholds->day[DATA_CLASS_INTERNAL],
		.personal = thresholds->day[DATA_CLASS_PERSONAL],
		.economic_secret = thresholds->day[DATA_CLASS_ECONOMIC_SECRET],
		.state_business_application =
			thresholds->day[DATA_CLASS_STATE_BUSINESS_APPLICATION],
		.health = thresholds->day[DATA_CLASS_HEALTH],
	};
	*file = (struct file_thresholds){
		.trace_below = thresholds->trace_below,
		.export_min = thresholds->export_min,
		.export_ratio = thresholds->export_ratio,
		.bulk_min = thresholds->bulk_min,
		.day = day,
	};
}

const struct config_node *
policy_file_item(const struct config_node *record, const char *key, size_t index)
{
	const struct config_node *list = config_node_find(record, key);

	if (list == NULL)
		return record;
	const struct config_node *item = config_node_first(list);
	while (item != NULL && index > 0) {
		item = config_node_next(item);
		index--;
	}
	return item != NULL && config_node_kind(list) == CONFIG_KIND_SEQUENCE ? item : list;
}
