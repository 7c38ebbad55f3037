/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packet time as text and back: RFC 3339 in UTC with nanoseconds. Every flow has two of them, so it
 * asks no clock, no time zone and no libc calendar. Pure; any thread may call it.
 */
#pragma once

#include <stdint.h>

/** Length of "2026-12-01T08:15:02.123456789Z", without a NUL. */
#define RFC3339_LEN 30

/**
 * Writes the RFC3339_LEN characters of `time_ns` (nanoseconds since 1970-01-01 UTC, as far as 64
 * bits go, that is into the year 2554) and a NUL to `out`, which has RFC3339_LEN + 1 bytes. Leap
 * seconds do not exist in this count (POSIX time), so second 60 is never written.
 */
void rfc3339_format(uint64_t time_ns, char *out);

/**
 * Reads a time in UTC ("...Z", RFC 3339 5.6) with up to nine digits of a second's fraction, to the
 * text's NUL, into `time_ns` as above. Returns 0; -EINVAL where it is no such time, also for
 * another offset than Z and for second 60; -ERANGE before 1970 and beyond 64 bits.
 */
int rfc3339_parse(const char *text, uint64_t *time_ns);
