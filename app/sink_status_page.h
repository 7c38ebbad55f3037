/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formats of sink_status.h, one file each.
 */
#pragma once

#include "app/sink_status.h"

extern const struct sink_status_format sink_status_text, sink_status_json, sink_status_prometheus;
