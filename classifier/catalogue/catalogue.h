/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operators we know: who controls them, which autonomous systems, published lists and names are
 * theirs, and which service a name or a list's tag means. Facts only, each with source and date,
 * loaded from YAML; what follows from them is policy. Immutable after loading: any number of
 * threads may ask. All texts handed out are borrowed from the catalogue.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault_list.h"
#include "base/ip_address.h"
#include "classifier/catalogue/exposure.h"
#include "classifier/catalogue/service_kind.h"

struct catalogue;
struct catalogue_service;

struct catalogue_controller {
	const char *name;
	const char *country; /**< ISO 3166-1 alpha-2 */
	const char *source;
	const char *checked_on; /**< ISO 8601 date */
	const char *share;      /**< of votes or capital, as the source words it; or NULL */
};

/** A scheme's statement about a service. Without both dates it is only shown, never counted
 * (domain §5.17). */
struct catalogue_qualification {
	const char *scheme;     /**< "SecNumCloud" */
	const char *version;    /**< "3.2", or NULL */
	const char *scope;      /**< or NULL */
	const char *valid_from; /**< ISO 8601 date, or NULL */
	const char *valid_to;   /**< ISO 8601 date, or NULL */
	const char *source;
	const char *note; /**< or NULL */
	const char *const *regions;
	size_t region_count; /**< none: all */
};

/** The service is certified as a host of health data (France). */
struct catalogue_hds {
	const char *valid_from; /**< ISO 8601 date, or NULL: always */
	const char *valid_to;   /**< ISO 8601 date */
	const char *const *regions;
	size_t region_count; /**< none: all */
	const char *source;  /**< NULL only where the settings say it */
};

struct catalogue_operator {
	const char *id;         /**< the code in records: "aws" */
	const char *name;       /**< as a person writes it: "Amazon Web Services" */
	const char *short_name; /**< "AWS"; the name where there is none */
	const char *group; /**< operators of one group agree; the id itself where none is given */
	const char *seat_country;
	const char *control_country; /**< country of the ultimate controller; the seat where nobody
					is above */
	enum exposure exposure;
	bool cdn;     /**< ends TLS for others: a foreign name on its addresses is normal */
	bool retired; /**< closed; kept so that old names resolve */
	const char *technology_origin; /**< vendor of licensed technology, or NULL */
	const struct catalogue_controller *controllers;
	size_t controller_count;
	const char *source;
	const char *checked_on;
	const char *const *aliases; /**< other names of the operator and its brands, for search */
	size_t alias_count;
	const char *const *hosted_on; /**< ids of operators whose addresses it uses (domain C12) */
	size_t hosted_on_count;
	bool has_network; /**< has an AS or a published list of its own as well */
	const struct catalogue_service *const *services; /**< sorted by id */
	size_t service_count;
};

struct catalogue_service {
	const char *id;   /**< "s3" */
	const char *name; /**< "Amazon S3" */
	const struct catalogue_operator *owner;
	enum service_kind kind;
	bool has_exposure; /**< the service has a class of its own, else the operator's holds */
	enum exposure exposure;
	bool cdn;
	const struct catalogue_qualification *qualifications;
	size_t qualification_count;
	const char *technology_origin;   /**< the operator's where the service has none; or NULL */
	const char *operated_by;         /**< who runs it for the owner, or NULL */
	const struct catalogue_hds *hds; /**< or NULL */
	const char *checked_on;          /**< the operator's where the service has none */
	const char *const *regions;      /**< where it is offered, as its owner writes them */
	size_t region_count;
};

/** Addresses that a service has to itself. */
struct catalogue_prefix {
	struct ip_prefix prefix;
	const struct catalogue_service *service;
};

/** What an AS carries. Only the first kind tells who runs the machine behind an address. */
enum asn_scope {
	ASN_SCOPE_CLOUD,   /**< the operator's own servers and those of its customers */
	ASN_SCOPE_ACCESS,  /**< mostly subscribers' lines */
	ASN_SCOPE_TRANSIT, /**< other networks' traffic */
	ASN_SCOPE_COUNT,
};

/** Class of an AS's addresses in one country, where another company of the group runs them. */
struct catalogue_asn_country {
	const char *country; /**< ISO 3166-1 alpha-2 */
	enum exposure exposure;
};

/** Answer to "whose AS is it": `has_exposure` where this AS differs from the operator (§
 * domain 5.15). */
struct catalogue_asn {
	uint32_t asn;
	const struct catalogue_operator *owner;
	enum asn_scope scope;
	bool has_exposure;
	enum exposure exposure;
	bool mixed;
	const struct catalogue_asn_country *by_country;
	size_t by_country_count;
};

/** Answer to "whose name is it". Without `has_exposure`, `exposure` is the operator's. */
struct catalogue_name {
	const struct catalogue_operator *owner;
	const struct catalogue_service *service; /**< NULL where the name tells only the operator */
	enum service_kind kind;
	bool has_exposure;
	enum exposure exposure;
	bool low_sink;   /**< the pattern can only be a low-sink service (domain §5.34) */
	char region[32]; /**< region told by the name ("eu-west-3"), or "" */
	const char *region_country; /**< ISO 3166-1 alpha-2, or NULL */
};

/** Answer to "whose published list entry is it". Without `has_exposure`, `exposure` is the
 * operator's; with it, a company of another class runs these addresses (domain §5.15). */
struct catalogue_feed {
	const struct catalogue_operator *owner;
	const struct catalogue_service *service; /**< NULL where the tag means no service of ours */
	enum service_kind kind;
	bool cdn; /**< ends TLS for others: the service's word, else the operator's */
	bool has_exposure;
	enum exposure exposure;
	const char *region_country; /**< of the tag's region, or NULL */
};

/**
 * Loads every *.yaml of a directory (in name order) or one file. All faults go to `faults` as
 * file:line:column. Returns the catalogue, free with catalogue_destroy, or NULL when there was any
 * fault.
 */
struct catalogue *catalogue_load(const char *path, struct fault_list *faults);

/** The same for one file's text in memory; `name` stands for the file in faults. */
struct catalogue *
catalogue_parse(const char *name, const char *text, size_t len, struct fault_list *faults);

/** NULL is allowed. */
void catalogue_destroy(struct catalogue *catalogue);

/** Operators in file order. */
const struct catalogue_operator *
catalogue_operators(const struct catalogue *catalogue, size_t *count);

/** Operator by id; NULL where there is none. */
const struct catalogue_operator *
catalogue_find_operator(const struct catalogue *catalogue, const char *id);

/** Service of an operator by id; NULL where it has none of that id. */
const struct catalogue_service *
catalogue_find_service(const struct catalogue_operator *owner, const char *id);

/** NULL where no operator claims the AS. */
const struct catalogue_asn *catalogue_find_asn(const struct catalogue *catalogue, uint32_t asn);

/**
 * Class of an address of this AS that lies in `country` (ISO 3166-1 alpha-2; "" where it is not
 * known). Returns whether AS or country give a class of their own; else `out` is the operator's.
 */
bool
catalogue_asn_exposure(const struct catalogue_asn *asn, const char *country, enum exposure *out);

/**
 * Whose a canonical name (base/domain_name.h) is: longest suffix on label borders first, then
 * patterns over a plain suffix. Returns false where nobody claims it, and for address literals.
 */
bool catalogue_find_name(const struct catalogue *catalogue, const char *name,
			 struct catalogue_name *out);

/** Whose list `feed` is, and what its `service` and `region` tags (either may be NULL) mean. */
bool catalogue_find_feed(const struct catalogue *catalogue, const char *feed, const char *service,
			 const char *region, struct catalogue_feed *out);

/** Operator whose clients show this canonical name in the clear while the real one is encrypted; or
 * NULL. */
const struct catalogue_operator *
catalogue_find_ech_public_name(const struct catalogue *catalogue, const char *name);

/** Operator whose public DNS resolver answers at this address, and which serves nothing else there;
 * or NULL. */
const struct catalogue_operator *
catalogue_find_resolver(const struct catalogue *catalogue, const struct ip_address *address);

/** What services have to themselves, sorted by address and length; no prefix twice. */
const struct catalogue_prefix *catalogue_prefixes(const struct catalogue *catalogue, size_t *count);
