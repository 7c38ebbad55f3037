/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operators' own formats that are arrays of groups of prefixes.
 * Azure ServiceTags_Public.json, ServiceTags_AzureGovernment.json:
 *   {"changeNumber": 360, "cloud": "Public", "values": [{"name": "Storage.FranceCentral",
 *    "properties": {"region": "centralfrance", "addressPrefixes": ["20.38.196.0/24"]}}]}
 * Oracle public_ip_ranges.json:
 *   {"last_updated_timestamp": "2025-07-21T07:13:25.457838", "regions": [{"region": "eu-paris-1",
 *    "cidrs": [{"cidr": "129.80.0.0/16", "tags": ["OCI"]}]}]}
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "geo/ranges_json.h"
#include "geo/ranges_merge.h"

/* ---- Azure ---- */

struct azure {
	const struct range_document *d;
	struct arena *texts;
	struct range_merge merge;
};

static int
no_rank(const char *service)
{
	(void)service;
	return 0;
}

/*
 * "Storage.FranceCentral" is the service Storage in a region; AzureCloud is every address and no
 * service. NULL for none; `-ENOMEM` in `rc`.
 */
static const char *
azure_service(const struct azure *a, const char *name, int *rc)
{
	size_t len = strcspn(name, ".");
	if (len == 0 || (len == strlen("AzureCloud") && strncmp(name, "AzureCloud", len) == 0))
		return NULL;
	const char *service = arena_copy_text(a->texts, name, len);
	if (service == NULL)
		*rc = -ENOMEM;
	return service;
}

static int
read_azure_value(struct azure *a, size_t index, const json_t *value)
{
	const json_t *properties = json_object_get(value, "properties");
	const char *name = json_string_value(json_object_get(value, "name"));
	const char *region = json_string_value(json_object_get(properties, "region"));
	struct range_place place = {"values", index};
	int rc = 0;

	if (name == NULL || region == NULL) {
		range_json_fault(a->d, place, name, "expected a name and properties with a region");
		return 0;
	}
	if (!range_json_check_text(a->d, place, name) ||
	    !range_json_check_text(a->d, place, region))
		return 0;
	struct range_entry entry = {.service = azure_service(a, name, &rc),
				    .region = *region != '\0' ? region : NULL};
	const json_t *prefixes = range_json_array(a->d, properties, "addressPrefixes");
	for (size_t i = 0; rc == 0 && i < json_array_size(prefixes); i++) {
		if (range_json_read_prefix(a->d, (struct range_place){"addressPrefixes", i},
					   json_array_get(prefixes, i), &entry.prefix))
			rc = range_merge_add(&a->merge, &entry);
	}
	return rc;
}

/* The document has no date, but counts its changes. */
static void
name_azure_list(const struct range_document *d)
{
	struct range_list_about *about = d->p->about;
	json_int_t change = json_integer_value(json_object_get(d->root, "changeNumber"));
	if (change > 0)
		snprintf(about->source, sizeof(about->source),
			 "Azure ServiceTags, change %" JSON_INTEGER_FORMAT, change);
}

int
range_parse_azure_json(const struct range_parse *p)
{
	struct range_document d;
	if (!range_json_open(p, "Azure ServiceTags", &d))
		return 0;
	name_azure_list(&d);

	/* Prefixes without a region lie in the AzureCloud prefix of theirs. */
	struct azure a = {.d = &d,
			  .texts = arena_create(),
			  .merge = {.rank = no_rank, .inherit_region = true}};
	const json_t *values = range_json_array(&d, d.root, "values");
	int rc = a.texts == NULL ? -ENOMEM : 0;
	for (size_t i = 0; rc == 0 && i < json_array_size(values); i++)
		rc = read_azure_value(&a, i, json_array_get(values, i));
	if (rc == 0)
		rc = range_merge_finish(&a.merge, p->sink);
	range_merge_fini(&a.merge);
	if (a.texts != NULL)
		arena_destroy(a.texts);
	range_json_close(&d);
	return rc;
}

/* ---- Oracle ---- */

struct oracle {
	const struct range_document *d;
	struct range_merge merge;
};

/* OCI is every address of customers, OSN every service of theirs, OBJECT_STORAGE one of these. */
static int
oracle_rank(const char *service)
{
	if (strcmp(service, "OCI") == 0)
		return 2;
	return strcmp(service, "OSN") == 0;
}

static int
read_oracle_tags(struct oracle *o, size_t index, const json_t *tags, struct range_entry *entry)
{
	struct range_place place = {"cidrs", index};
	int rc = 0;
	if (json_array_size(tags) == 0)
		return range_merge_add(&o->merge, entry);
	for (size_t i = 0; rc == 0 && i < json_array_size(tags); i++) {
		entry->service = json_string_value(json_array_get(tags, i));
		if (entry->service == NULL)
			range_json_fault(o->d, place, NULL, "expected texts as tags");
		else if (range_json_check_text(o->d, place, entry->service))
			rc = range_merge_add(&o->merge, entry);
	}
	return rc;
}

static int
read_oracle_region(struct oracle *o, size_t index, const json_t *object)
{
	struct range_place place = {"regions", index};
	struct range_entry entry = {.region = json_string_value(json_object_get(object, "region"))};
	if (entry.region == NULL) {
		range_json_fault(o->d, place, NULL, "expected an object with a region");
		return 0;
	}
	if (!range_json_check_text(o->d, place, entry.region))
		return 0;
	const json_t *cidrs = range_json_array(o->d, object, "cidrs");
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < json_array_size(cidrs); i++) {
		const json_t *item = json_array_get(cidrs, i);
		entry.service = NULL;
		if (range_json_read_prefix(o->d, (struct range_place){"cidrs", i},
					   json_object_get(item, "cidr"), &entry.prefix))
			rc = read_oracle_tags(o, i, json_object_get(item, "tags"), &entry);
	}
	return rc;
}

int
range_parse_oracle_json(const struct range_parse *p)
{
	struct range_document d;
	if (!range_json_open(p, "Oracle public_ip_ranges.json", &d))
		return 0;
	range_json_take_date(&d, "last_updated_timestamp");

	struct oracle o = {.d = &d, .merge = {.rank = oracle_rank}};
	const json_t *regions = range_json_array(&d, d.root, "regions");
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < json_array_size(regions); i++)
		rc = read_oracle_region(&o, i, json_array_get(regions, i));
	if (rc == 0)
		rc = range_merge_finish(&o.merge, p->sink);
	range_merge_fini(&o.merge);
	range_json_close(&d);
	return rc;
}
