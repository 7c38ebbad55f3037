/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operators' own formats that are arrays of prefixes.
 * AWS ip-ranges.json:
 *   {"createDate": "2026-08-22-15-17-05", "prefixes": [{"ip_prefix", "region", "service"}],
 *    "ipv6_prefixes": [{"ipv6_prefix", "region", "service"}]}
 * Google cloud.json, and goog.json without service and scope:
 *   {"creationTime": "2025-07-24T19:16:28",
 *    "prefixes": [{"ipv4Prefix" | "ipv6Prefix", "service", "scope"}]}
 * Fastly public-ip-list:
 *   {"addresses": ["23.235.32.0/20"], "ipv6_addresses": ["2a04:4e40::/32"]}
 * GitHub meta, an array a service:
 *   {"git": ["192.30.252.0/22"], "packages": ["140.82.121.33/32"], "actions": [...]}
 */
#include <string.h>

#include <jansson.h>

#include "geo/ranges_json.h"
#include "geo/ranges_merge.h"

/* How the entries of one array are spelled. */
struct spelling {
	const char *array;
	const char *prefix;
	const char *other_prefix; /* the key of the other family in the same array, or NULL */
	const char *region;
	bool texts_required; /* else service and region may be absent */
};

static bool
read_text(const struct range_document *d, const struct spelling *spelling, size_t index,
	  const json_t *value, const char **out)
{
	struct range_place place = {spelling->array, index};
	*out = json_string_value(value);
	if (*out != NULL)
		return range_json_check_text(d, place, *out);
	if (value == NULL && !spelling->texts_required)
		return true;
	range_json_fault(d, place, NULL, "expected texts for service and region");
	return false;
}

/* Reads one entry, whose texts stay in the tree; false with a fault if it is wrong. */
static bool
read_entry(const struct range_document *d, const struct spelling *spelling, size_t index,
	   const json_t *item, struct range_entry *entry)
{
	const json_t *prefix = json_object_get(item, spelling->prefix);
	if (prefix == NULL && spelling->other_prefix != NULL)
		prefix = json_object_get(item, spelling->other_prefix);
	if (!json_is_string(prefix)) {
		range_json_fault(d, (struct range_place){spelling->array, index}, NULL,
				 "expected an object with a prefix");
		return false;
	}
	return range_json_read_prefix(d, (struct range_place){spelling->array, index}, prefix,
				      &entry->prefix) &&
	       read_text(d, spelling, index, json_object_get(item, "service"), &entry->service) &&
	       read_text(d, spelling, index, json_object_get(item, spelling->region),
			 &entry->region);
}

static int
read_objects(const struct range_document *d, const struct spelling *spelling,
	     const struct range_sink *sink)
{
	const json_t *array = range_json_array(d, d->root, spelling->array);
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < json_array_size(array); i++) {
		struct range_entry entry;
		if (read_entry(d, spelling, i, json_array_get(array, i), &entry))
			rc = sink->on_entry(sink->context, &entry);
	}
	return rc;
}

/* An array of prefixes that all belong to one service, or to none. */
static int
read_prefixes(const struct range_document *d, const char *key, const char *service,
	      const struct range_sink *sink)
{
	const json_t *array = range_json_array(d, d->root, key);
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < json_array_size(array); i++) {
		struct range_entry entry = {.service = service};
		if (range_json_read_prefix(d, (struct range_place){key, i},
					   json_array_get(array, i), &entry.prefix))
			rc = sink->on_entry(sink->context, &entry);
	}
	return rc;
}

/* AMAZON is every address of theirs, EC2 whatever runs on rented machines, services of AWS
 * included. */
static int
aws_rank(const char *service)
{
	if (strcmp(service, "AMAZON") == 0)
		return 2;
	return strcmp(service, "EC2") == 0;
}

int
range_parse_aws_json(const struct range_parse *p)
{
	static const struct spelling v4 = {"prefixes", "ip_prefix", NULL, "region", true};
	static const struct spelling v6 = {"ipv6_prefixes", "ipv6_prefix", NULL, "region", true};
	struct range_document d;
	if (!range_json_open(p, "AWS ip-ranges.json", &d))
		return 0;
	range_json_take_date(&d, "createDate");

	struct range_merge merge = {.rank = aws_rank};
	struct range_sink collector = {.on_entry = range_merge_add, .context = &merge};
	int rc = read_objects(&d, &v4, &collector);
	if (rc == 0)
		rc = read_objects(&d, &v6, &collector);
	if (rc == 0)
		rc = range_merge_finish(&merge, p->sink);
	range_merge_fini(&merge);
	range_json_close(&d);
	return rc;
}

int
range_parse_google_json(const struct range_parse *p)
{
	static const struct spelling both = {"prefixes", "ipv4Prefix", "ipv6Prefix", "scope",
					     false};
	struct range_document d;
	bool is_cloud = strcmp(range_feed_id(p->feed), "google-cloud") == 0;
	if (!range_json_open(p, is_cloud ? "Google cloud.json" : "Google goog.json", &d))
		return 0;
	range_json_take_date(&d, "creationTime");
	int rc = read_objects(&d, &both, p->sink);
	range_json_close(&d);
	return rc;
}

int
range_parse_fastly_json(const struct range_parse *p)
{
	struct range_document d;
	if (!range_json_open(p, "Fastly public-ip-list", &d))
		return 0;
	int rc = read_prefixes(&d, "addresses", NULL, p->sink);
	if (rc == 0)
		rc = read_prefixes(&d, "ipv6_addresses", NULL, p->sink);
	range_json_close(&d);
	return rc;
}

/* The large prefixes stand under most services; what is sent there is mostly source code. */
static int
github_rank(const char *service)
{
	return strcmp(service, "git") != 0;
}

/*
 * Of the addresses of GitHub's meta those that are its own. Left out are "actions" and their like:
 * whole blocks of Azure that its runners share with every other customer there.
 */
int
range_parse_github_json(const struct range_parse *p)
{
	static const char *const services[] = {
		"git",    "packages", "pages",    "web",
		"api",    "hooks",    "importer", "github_enterprise_importer",
		"copilot"};
	struct range_document d;
	if (!range_json_open(p, "GitHub meta", &d))
		return 0;

	struct range_merge merge = {.rank = github_rank};
	struct range_sink collector = {.on_entry = range_merge_add, .context = &merge};
	int rc = 0;
	bool any = false;
	for (size_t i = 0; rc == 0 && i < sizeof(services) / sizeof(*services); i++) {
		if (json_object_get(d.root, services[i]) == NULL)
			continue;
		any = true;
		rc = read_prefixes(&d, services[i], services[i], &collector);
	}
	if (!any)
		fault_list_add(p->faults, p->text->name, 0, 0,
			       "expected arrays as \"git\" and \"web\"");
	if (rc == 0)
		rc = range_merge_finish(&merge, p->sink);
	range_merge_fini(&merge);
	range_json_close(&d);
	return rc;
}
