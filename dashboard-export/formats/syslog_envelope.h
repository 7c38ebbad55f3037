/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame of RFC 5424 around a message of any format. Where the format tells its fields in
 * structured data, the registered elements `origin` and `meta` go along; else there is none: many
 * readers of CEF, LEEF and JSON expect their text behind a bare header. Pure.
 */
#pragma once

#include "dashboard-export/formats/format.h"

/**
 * Writes the message of at most `size` bytes and returns its length; 0 where it does not fit. The
 * time is the event's own, to the millisecond. Fields of the header that hold anything but
 * printable ASCII have '_' in its place, and are cut at the lengths of RFC 5424 6.
 */
size_t syslog_envelope_write(const struct format *format, const struct event *event,
			     const struct format_context *context, char *out, size_t size);
