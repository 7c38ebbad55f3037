/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for things that live and die together, such as everything read from one set of files: many
 * small pieces, one release, no piece freed alone. An arena belongs to one thread while it is
 * filled; what is in it may be read by any number of threads afterwards.
 */
#pragma once

#include <stddef.h>

struct arena;

/** An empty arena; NULL with errno ENOMEM when out of memory. Free with arena_destroy. */
struct arena *arena_create(void);

/** Frees the arena and every piece of it. NULL is allowed. */
void arena_destroy(struct arena *arena);

/** Frees every piece and keeps the memory of an ordinary arena for the next ones: for work that
 * comes by the thousand. */
void arena_empty(struct arena *arena);

/**
 * A piece of `size` bytes, all zero, aligned for any type; valid until arena_empty or
 * arena_destroy. A size of 0 gives a valid pointer to nothing. Returns NULL with errno ENOMEM when
 * out of memory.
 */
void *arena_alloc(struct arena *arena, size_t size);

/** The same for `count` elements; NULL with errno ENOMEM also when the product overflows. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/** A copy of `len` characters of `text` with a NUL behind; NULL with errno ENOMEM. */
char *arena_copy_text(struct arena *arena, const char *text, size_t len);
