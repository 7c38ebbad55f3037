/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a message in the Elastic Common Schema, for the files format_ecs*.c. */
#pragma once

#include "dashboard-export/formats/format_json.h"

/** The objects `network`, `source`, `destination` and `tls`, each where something is known. */
void ecs_wire(struct json_writer *w, const struct format_json_event *e);

/** `related`: each address, name and fingerprint once, wherever it stands. */
void ecs_related(struct json_writer *w, const struct format_json_event *e);
