/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What attribution is put together from: two answers, one by the address and one by the name, the
 * class of each, and the rows that weigh them. Inside of attribution only.
 */
#pragma once

#include <string.h>

#include "classifier/policy/attribution.h"

/** Who runs the address. */
struct address_answer {
	const struct catalogue_operator *owner;        /**< or NULL */
	const struct catalogue_operator *list_owner;   /**< of the published list, or NULL */
	const struct catalogue_operator *asn_operator; /**< another's than the list's; or NULL */
	const struct catalogue_service *service; /**< that has the prefix to itself; or NULL */
	enum service_kind kind;
	bool cdn;
	bool mixed;            /**< the AS that alone says so has others' machines too */
	bool has_own_exposure; /**< AS or list say a class of their own: no name lowers it (domain
				  §5.35) */
	enum exposure own_exposure;
	const char *region; /**< of the list, or NULL */
	const char *region_country;
	unsigned evidence;
};

/** Whose the name is. */
struct name_answer {
	bool there;  /**< the flow has a name that is no address */
	bool known;  /**< the catalogue or the settings have it */
	bool outer;  /**< an ECH public name stands, or may stand, in the place of the real one */
	bool ech;    /**< it does: the extension was seen */
	bool hidden; /**< `outer`, and dns does not tell the real name either */
	struct catalogue_name name; /**< with `known` */
	unsigned evidence;          /**< what the name came from, and dns where it links */
};

/** All that the rows look at. */
struct attribution_facts {
	const struct policy *policy;
	const struct attribution_query *query;
	struct address_answer address;
	struct name_answer name;
	bool told;        /**< some dns answer links name and address */
	bool shared_only; /**< that is, one to a shared resolver alone */
};

/** Whose class is asked for, and how surely the flow is that service's. */
struct class_question {
	const struct catalogue_operator *owner;
	const struct catalogue_service *service; /**< or NULL */
	bool has_exposure;                       /**< a record below the service says its own */
	enum exposure exposure;
	bool tied;                  /**< the flow is tied to the service: qualifications count */
	bool by_tenancy;            /**< by a declaration: state-internal counts */
	const char *region;         /**< of the flow, "" where not known */
	const char *region_country; /**< or NULL */
};

struct class_answer {
	enum exposure exposure;
	bool stale;                                                /**< the record is too old */
	const struct catalogue_qualification *qualification;       /**< counted; or NULL */
	const struct catalogue_qualification *qualification_ended; /**< or NULL */
	const struct catalogue_hds *hds;                           /**< counted; or NULL */
};

/** Operators of one group are one answer (domain §5.9). */
static inline bool
attribution_same_group(const struct catalogue_operator *a, const struct catalogue_operator *b)
{
	return a == b || strcmp(a->group, b->group) == 0;
}

/** Regions are written as the operator does, or as the country's code: this one is such. */
static inline bool
attribution_is_country(const char *region)
{
	return strlen(region) == 2 && region[0] >= 'A' && region[0] <= 'Z' && region[1] >= 'A' &&
	       region[1] <= 'Z';
}

void attribution_find_address(const struct policy *policy, const struct attribution_query *query,
			      struct address_answer *out);

void attribution_find_name(const struct policy *policy, const struct attribution_query *query,
			   struct name_answer *out);

/** The class that the records give on the day (domain §3a, §5.17, §5.48). */
void attribution_find_class(const struct policy *policy, int32_t day,
			    const struct class_question *question, struct class_answer *out);

/** The address's operator and service become those to show. */
void attribution_show_address(const struct attribution_facts *facts, struct attribution *out);

/** Those of the name do; what it came from is evidence. */
void attribution_show_name(const struct attribution_facts *facts, struct attribution *out);

/** Class of the address; `tied`: a prefix of the service counts as being the service. */
void attribution_address_class(const struct attribution_facts *facts, bool tied,
			       const struct attribution *out, struct class_answer *answer);

/** Class of the name; `tied`: the flow is surely the named service's. */
void attribution_name_class(const struct attribution_facts *facts, bool tied,
			    const struct attribution *out, struct class_answer *answer);

/** Whether a region (of its country; NULL: not known) is surely none in which the service is
 * offered.
 */
bool attribution_is_elsewhere(const struct catalogue_service *service, const char *region,
			      const char *country);

/** A class of its own that the address has beside that of `service`, or unknown (domain §5.35). */
enum exposure attribution_own_exposure(const struct address_answer *address,
				       const struct catalogue_service *service);

/** Makes the class at least that exposed. */
void attribution_raise_class(struct class_answer *answer, enum exposure exposure);

/** Takes the class over into `out`, with the records that gave it. */
void attribution_take_class(const struct class_answer *answer, struct attribution *out);

/** Region of the flow: the list's is published; the name's only where it is to be believed. */
void attribution_set_region(const struct attribution_facts *facts, bool believe_name,
			    struct attribution *out);

/** The confidence where dns is what confirms: less with answers to others, or of many names. */
enum confidence
attribution_by_dns(const struct attribution_facts *facts, enum confidence confidence);

/** Whether the name is what a proxy was asked for, and no address is known (C14). A server name
 * behind a proxy is a claim like any other. */
static inline bool
attribution_is_asked(const struct attribution_query *query)
{
	bool asked = query->name_source == NAME_SOURCE_HTTP_CONNECT ||
		     query->name_source == NAME_SOURCE_HTTP_HOST ||
		     query->name_source == NAME_SOURCE_SOCKS;

	return query->via_proxy && query->address == NULL && asked;
}

/** Adds to the answer for what was asked that of the proxy's own address (NULL: it is inside). */
void attribution_add_proxy(const struct attribution_query *query, const struct attribution *proxy,
			   struct attribution *out);

/** Adds that of the tunnel's far end. */
void attribution_add_tunnel(const struct attribution_query *query, const struct attribution *end,
			    struct attribution *out);

/** C1. Returns whether a tenancy decided; one that was refused is noted in `out` all the same. */
bool attribution_by_tenancy(const struct attribution_facts *facts, struct attribution *out);

/** The rows where only one of the answers speaks: C9, C10, C3 to C6, C13, C14. */
void attribution_by_one(const struct attribution_facts *facts, struct attribution *out);

/** The rows where both do: C12, C8, C7, C2; and C7 with a name that is not in the catalogue. */
void attribution_by_both(const struct attribution_facts *facts, struct attribution *out);

/** C11, DNS, and what is plainly the web set the kind beside any row. */
void attribution_set_kind(const struct attribution_facts *facts, struct attribution *out);
