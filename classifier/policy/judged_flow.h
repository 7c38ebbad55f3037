/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A flow with all that was found out about it, as it goes from judging to telling. Everything is
 * borrowed and valid during the call it is passed to.
 */
#pragma once

#include <stdbool.h>

#include "base/flow_record.h"
#include "classifier/policy/attribution.h"
#include "geo/origin.h"

struct judged_flow {
	const struct flow_record *record;
	const char *capture; /**< file the flow was read from; NULL when live */
	const char *name;    /**< record's name, else the one given by DNS memory; NULL: none */
	enum name_source name_source;
	const struct origin *origin;           /**< of the far end */
	const struct attribution *attribution; /**< of the far end */
	const char *host; /**< pseudonym of the inside host ("h-..."), NULL in transit */
	bool hide_inside; /**< addresses of inside hosts are not to be written; the pseudonym is */
};
