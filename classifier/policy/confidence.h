/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How sure it is who the far end is (domain §3b): ordered, so that the lesser of two is the
 * smaller.
 */
#pragma once

enum confidence {
	CONFIDENCE_LOW,
	CONFIDENCE_MEDIUM,
	CONFIDENCE_HIGH,
	CONFIDENCE_COUNT,
};

/** The word of records, "medium". */
const char *confidence_text(enum confidence confidence);
