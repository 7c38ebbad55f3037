/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution.h"

const char *
evidence_text(enum evidence evidence)
{
	switch (evidence) {
	case EVIDENCE_TENANCY:
		return "tenancy";
	case EVIDENCE_PREFIX:
		return "prefix";
	case EVIDENCE_ASN:
		return "asn";
	case EVIDENCE_DNS:
		return "dns";
	case EVIDENCE_DNS_SHARED:
		return "dns-shared";
	case EVIDENCE_CNAME:
		return "cname";
	case EVIDENCE_SNI:
		return "sni";
	case EVIDENCE_HOST:
		return "host";
	case EVIDENCE_CERTIFICATE:
		return "certificate";
	}
	return "";
}

const char *
judged_flag_text(enum judged_flag flag)
{
	switch (flag) {
	case JUDGED_FLAG_ECH:
		return "ech";
	case JUDGED_FLAG_CDN_FRONTED:
		return "cdn-fronted";
	case JUDGED_FLAG_HOSTED:
		return "hosted";
	case JUDGED_FLAG_NAME_ADDRESS_MISMATCH:
		return "name-address-mismatch";
	case JUDGED_FLAG_SNI_UNCONFIRMED:
		return "sni-unconfirmed";
	case JUDGED_FLAG_STALE_RECORD:
		return "stale-record";
	case JUDGED_FLAG_SERVED:
		return "served";
	case JUDGED_FLAG_NIGHT:
		return "night";
	case JUDGED_FLAG_RECURRING:
		return "recurring";
	case JUDGED_FLAG_LOW_SLOW:
		return "low-slow";
	case JUDGED_FLAG_REVIEW:
		return "review";
	}
	return "";
}
