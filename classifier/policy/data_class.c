/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/data_class.h"

#include <stddef.h>

static const struct {
	const char *text;
	const char *code;
} classes[DATA_CLASS_COUNT] = {
	[DATA_CLASS_PUBLIC] = {"public", "PUB"},
	[DATA_CLASS_INTERNAL] = {"internal", "INT"},
	[DATA_CLASS_PERSONAL] = {"personal", "PER"},
	[DATA_CLASS_ECONOMIC_SECRET] = {"economic-secret", "ECO"},
	[DATA_CLASS_STATE_BUSINESS_APPLICATION] = {"state-business-application", "SBA"},
	[DATA_CLASS_HEALTH] = {"health", "HLT"},
	[DATA_CLASS_DIFFUSION_RESTREINTE] = {"diffusion-restreinte", "DRE"},
	[DATA_CLASS_SECRET] = {"secret", "SEC"},
};

const char *
data_class_text(unsigned data_class)
{
	return data_class < DATA_CLASS_COUNT ? classes[data_class].text : NULL;
}

const char *
data_class_code(enum data_class data_class)
{
	return data_class < DATA_CLASS_COUNT ? classes[data_class].code : "";
}
