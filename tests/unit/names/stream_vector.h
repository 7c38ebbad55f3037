/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams of clients as rows of a table, and one check for all of them: the whole stream gives the
 * expected answer, and cut after any byte it asks for more or gives the same answer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classifier/names/client_stream.h"

/** Bytes of a literal, zeros and all, for the first two fields of a vector. */
#define BYTES(literal) (literal), sizeof(literal) - 1

/** Value of `sni`: a ClientHello without a server name. */
#define WITHOUT_SNI ""

struct stream_vector {
	const char *bytes;
	size_t len;
	const char *sni;  /**< a ClientHello for that name follows; NULL: none */
	const char *tail; /**< text behind; NULL: none */

	enum parse_result result;
	enum app_protocol protocol;
	const char *name; /**< NULL: none */
	enum name_source source;
	bool via_proxy, names_differ, refused, has_proxy_header;
	const char *inner_source, *inner_destination; /**< NULL: none */
	uint16_t inner_source_port, inner_destination_port;
	unsigned other_names;
};

/** Checks every row; each that fails is printed. */
void stream_vectors_check(const struct stream_vector *vectors, size_t count);

/** A stream of a client that was built elsewhere, against the expectations of `v`. */
void stream_vector_check(const struct stream_vector *v, struct slice stream);
