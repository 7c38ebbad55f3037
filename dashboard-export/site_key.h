/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The secret of one installation: pseudonyms of hosts and ids of alerts are made with it, so that
 * nobody without it gets from them to an address. A file that only its owner can read; made at the
 * first start.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SITE_KEY_LEN 32

struct site_key {
	uint8_t bytes[SITE_KEY_LEN];
};

/**
 * The key of a replay without settings, documented and the same everywhere: it hides nothing, it
 * makes the records of one file agree in every run and on every machine.
 */
void site_key_public(struct site_key *out);

/**
 * Reads the key file (64 hexadecimal digits and a newline). Where there is none, makes one out of
 * the kernel's randomness, mode 0600, beside it first and then renamed, with the folders that are
 * missing (0700). Refuses a file that others may read or write, and one that is no key. Returns 0,
 * or -1 with `why` (200 bytes) saying what is wrong with the file and what to do, without its path.
 */
int site_key_load(const char *path, struct site_key *out, char why[200]);

/**
 * Whether site_key_load would succeed, without making anything: the file is in order, or there is
 * none and its folder, or the nearest one above that exists, can be written. Returns as that does.
 */
int site_key_check(const char *path, char why[200]);

/** Wipes it. */
void site_key_fini(struct site_key *key);
