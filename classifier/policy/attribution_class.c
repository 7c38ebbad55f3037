/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The class of a service on a day (domain §3a): declared as one's own, qualified, else what its
 * record says, else what its operator's says - and nothing of that where the record is too old. A
 * qualification belongs to a service, never to a company, and counts only for flows that are tied
 * to it.
 */
#include "classifier/policy/attribution_parts.h"

#include <strings.h>

#include "base/time_zone.h"

/* SecNumCloud has had its clause on extra-European law since this version. */
#define SECNUMCLOUD_MAJOR 3
#define SECNUMCLOUD_MINOR 2

/* A number that ends at '.' or at the end; digits only, and no more than anybody numbers. */
static const char *
read_number(const char *text, unsigned *out)
{
	unsigned value = 0;

	if (*text < '0' || *text > '9')
		return NULL;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (value > 9999)
			return NULL;
		value = value * 10 + (unsigned)(*text - '0');
	}
	*out = value;
	return *text == '.' ? text + 1 : *text == '\0' ? text : NULL;
}

/* "3.2", "3.10" and "4" are; "3.1", "3", "three" and nothing are not. */
static bool
is_immune_version(const char *version)
{
	unsigned major, minor = 0;

	if (version == NULL)
		return false;
	const char *rest = read_number(version, &major);
	if (rest == NULL || (*rest != '\0' && read_number(rest, &minor) == NULL))
		return false;
	return major > SECNUMCLOUD_MAJOR ||
	       (major == SECNUMCLOUD_MAJOR && minor >= SECNUMCLOUD_MINOR);
}

static bool
is_counted_scheme(const struct policy *policy, const struct catalogue_qualification *q)
{
	for (size_t i = 0; i < policy->equivalent_scheme_count; i++) {
		if (strcasecmp(policy->equivalent_schemes[i], q->scheme) == 0)
			return true;
	}
	return strcasecmp(q->scheme, "SecNumCloud") == 0 && is_immune_version(q->version);
}

/* The flow's region, or else the only one in which the service is offered; "" for not known. */
static const char *
region_of(const struct class_question *question)
{
	if (question->region[0] != '\0')
		return question->region;
	return question->service->region_count == 1 ? question->service->regions[0] : "";
}

bool
attribution_is_elsewhere(const struct catalogue_service *service, const char *region,
			 const char *country)
{
	bool whole = attribution_is_country(region);

	if (whole && country == NULL)
		country = region;
	for (size_t i = 0; i < service->region_count; i++) {
		const char *offered = service->regions[i];
		/* A region of a country that is not known may lie in any. */
		if (attribution_is_country(offered) ? country == NULL : whole)
			return false;
		if (strcasecmp(offered, region) == 0 ||
		    (country != NULL && strcasecmp(offered, country) == 0))
			return false;
	}
	return region[0] != '\0' && service->region_count > 0;
}

/* Records name regions as the operator does or by country; none named are all of the service
 * (domain §5.43). */
static bool
covers_region(const char *const *regions, size_t count, const struct class_question *question)
{
	const char *region = region_of(question), *country = question->region_country;

	if (count == 0)
		return !attribution_is_elsewhere(question->service, region, country);
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(regions[i], region) == 0 ||
		    (country != NULL && strcasecmp(regions[i], country) == 0))
			return true;
	}
	return false;
}

/* The day lies on one of the two or between them; without both there is no answer. */
static bool
is_within(int32_t day, const char *from, const char *to)
{
	int32_t first, last;

	return from != NULL && to != NULL && time_zone_parse_day(from, &first) &&
	       time_zone_parse_day(to, &last) && first <= day && day <= last;
}

static bool
is_behind(int32_t day, const char *to)
{
	int32_t last;

	return to != NULL && time_zone_parse_day(to, &last) && day > last;
}

/* Of several the one that lasts longest; ISO dates compare as texts. */
static const struct catalogue_qualification *
later(const struct catalogue_qualification *a, const struct catalogue_qualification *b)
{
	return a == NULL || strcmp(b->valid_to, a->valid_to) > 0 ? b : a;
}

/* Fills the one that counts, or else the one that has ended: a flow tied to the service then makes
 * that worth telling. */
static void
find_qualification(const struct policy *policy, int32_t day, const struct class_question *question,
		   struct class_answer *out)
{
	const struct catalogue_service *service = question->service;

	for (size_t i = 0; i < service->qualification_count; i++) {
		const struct catalogue_qualification *q = &service->qualifications[i];
		if (!is_counted_scheme(policy, q) ||
		    !covers_region(q->regions, q->region_count, question))
			continue;
		if (is_within(day, q->valid_from, q->valid_to))
			out->qualification = later(out->qualification, q);
		else if (q->valid_from != NULL && is_behind(day, q->valid_to))
			out->qualification_ended = later(out->qualification_ended, q);
	}
	if (out->qualification != NULL)
		out->qualification_ended = NULL;
}

static const struct catalogue_hds *
find_hds(int32_t day, const struct class_question *question)
{
	const struct catalogue_hds *hds = question->service->hds;

	if (hds == NULL || !covers_region(hds->regions, hds->region_count, question))
		return NULL;
	/* Without a first day it has always held, without a last one it does not count. */
	const char *from = hds->valid_from != NULL ? hds->valid_from : "1970-01-01";
	return is_within(day, from, hds->valid_to) ? hds : NULL;
}

static bool
is_too_old(const struct policy *policy, int32_t day, const char *checked_on)
{
	int32_t checked;

	return checked_on != NULL && time_zone_parse_day(checked_on, &checked) &&
	       (int64_t)day - checked > (int64_t)policy->max_age_days;
}

/* Neither a qualification nor one's own infrastructure: what the records say of control. */
static bool
says_control(bool has_exposure, enum exposure exposure)
{
	return has_exposure && exposure > EXPOSURE_EU_QUALIFIED;
}

/* The class; returns the day on which the record that gives it was checked. */
static const char *
find_exposure(const struct class_question *question, struct class_answer *out)
{
	const struct catalogue_operator *owner = question->owner;
	const struct catalogue_service *service = question->service;
	bool own = service != NULL && service->has_exposure;

	if (question->by_tenancy && own && service->exposure == EXPOSURE_STATE_INTERNAL) {
		out->exposure = EXPOSURE_STATE_INTERNAL;
	} else if (out->qualification != NULL) {
		out->exposure = EXPOSURE_EU_QUALIFIED;
	} else if (says_control(question->has_exposure, question->exposure)) {
		out->exposure = question->exposure;
		return owner->checked_on;
	} else if (says_control(own, own ? service->exposure : EXPOSURE_UNKNOWN)) {
		out->exposure = service->exposure;
	} else {
		out->exposure = owner->exposure;
		return owner->checked_on;
	}
	return service->checked_on != NULL ? service->checked_on : owner->checked_on;
}

void
attribution_find_class(const struct policy *policy, int32_t day,
		       const struct class_question *question, struct class_answer *out)
{
	*out = (struct class_answer){0};
	if (question->tied && question->service != NULL) {
		find_qualification(policy, day, question, out);
		out->hds = find_hds(day, question);
	}
	const char *checked_on = find_exposure(question, out);
	out->stale = is_too_old(policy, day, checked_on);
	/* An old record of US or third-country control is not made milder by its age. */
	if (out->stale && out->exposure < EXPOSURE_UNKNOWN)
		out->exposure = EXPOSURE_UNKNOWN;
	if (out->exposure != EXPOSURE_EU_QUALIFIED)
		out->qualification = NULL;
}
