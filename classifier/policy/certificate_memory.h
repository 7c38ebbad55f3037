/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which names the certificates of servers have, by the id that flows know them by. The same
 * certificate comes with many flows and is read once. A bounded number is kept; the one asked for
 * longest ago goes first. One thread owns it.
 */
#pragma once

#include <stdint.h>

#include "base/bytes.h"
#include "classifier/policy/attribution.h"

/** Bytes of names kept of one certificate; it may have others then. */
#define CERTIFICATE_MEMORY_NAMES_LEN 4096u

struct certificate_memory;

/** Room for `max_certificates`, 1 to 2^24. NULL with errno; free with certificate_memory_destroy
 * (NULL allowed). */
struct certificate_memory *certificate_memory_create(uint32_t max_certificates);
void certificate_memory_destroy(struct certificate_memory *memory);

/** Forgets everything: files are judged apart. Counters stay. */
void certificate_memory_clear(struct certificate_memory *memory);

/** Remembers the names of a certificate (DER) under its id. */
void certificate_memory_add(struct certificate_memory *memory, uint64_t id, struct slice der);

/**
 * What certificate `id` says of a canonical name. NOT_SEEN also where it has no names at all, or
 * none that fits but not all of them were kept.
 */
enum certificate_word
certificate_memory_tell(struct certificate_memory *memory, uint64_t id, const char *name);

/**
 * The one name that certificate `id` is for, or NULL: of several nobody can say which was meant, a
 * wildcard is no full name, and a name of some private network tells nobody who is outside.
 * Borrowed until the next add.
 */
const char *certificate_memory_sole_name(struct certificate_memory *memory, uint64_t id);

/** Certificates that went to make room, and those that are no certificate. */
uint64_t certificate_memory_evicted(const struct certificate_memory *memory);
uint64_t certificate_memory_malformed(const struct certificate_memory *memory);
