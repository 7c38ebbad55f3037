/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much it matters that data of a zone leaves (domain §3c), from least to most: the higher of
 * two classes is the larger value.
 */
#pragma once

enum data_class {
	DATA_CLASS_PUBLIC,
	DATA_CLASS_INTERNAL,
	DATA_CLASS_PERSONAL,
	DATA_CLASS_ECONOMIC_SECRET,
	DATA_CLASS_STATE_BUSINESS_APPLICATION,
	DATA_CLASS_HEALTH,
	DATA_CLASS_DIFFUSION_RESTREINTE,
	DATA_CLASS_SECRET,
	DATA_CLASS_COUNT,
};

/** The word of settings and records, "economic-secret"; NULL behind the last. */
const char *data_class_text(unsigned data_class);

/** The three letters of rule ids, "ECO". */
const char *data_class_code(enum data_class data_class);
