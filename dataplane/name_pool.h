/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of the flows in a worker's table: short texts in slots of 32, 64, 128 and 256 bytes,
 * reserved at the start and touched only as far as used. One worker owns it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct name_pool;

/** No such name. */
#define NAME_POOL_NONE UINT32_MAX

/** Room for the names of `max_names` flows at most (fewer where names are long). NULL with errno.
 */
struct name_pool *name_pool_create(uint32_t max_names);
void name_pool_destroy(struct name_pool *pool);

/** Longest text: the largest slot less a length byte and the NUL. */
#define NAME_POOL_TEXT_MAX 254

/** Keeps a copy of `text`. NAME_POOL_NONE when it is too long or there is no room. */
uint32_t name_pool_add(struct name_pool *pool, const char *text, size_t len);

/** The text, NUL-terminated, and its length; valid until removed. */
const char *name_pool_get(const struct name_pool *pool, uint32_t name, size_t *len);

/** Brings the text near, or most of it. */
void name_pool_prefetch(const struct name_pool *pool, uint32_t name);

void name_pool_remove(struct name_pool *pool, uint32_t name);
