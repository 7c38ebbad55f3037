/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of the names in a client's stream is the flow's: what a proxy is asked for goes before what
 * stands inside, and an address is not taken for a name. Fills in struct client_stream; any thread.
 */
#pragma once

#include "classifier/names/client_stream.h"

/** Makes the canonical form of a name from the wire, as base/domain_name.h has them. */
typedef size_t (*client_name_spelling)(struct slice wire, char *out);

/** Nothing is known yet. The bytes of the name and of the hello are left alone: they are large. */
void client_name_begin(struct client_stream *out);

/** No name any more. */
void client_name_clear(struct client_stream *out);

/** Whether the name is this one, of `len` canonical characters. */
bool client_name_is(const struct client_stream *out, const char *name, size_t len);

/** Takes a name that stands inside: the SNI, a Host. Where there is one already, both are compared.
 */
void client_name_take(struct client_stream *out, client_name_spelling canonical, struct slice wire,
		      enum name_source source);

/** Takes the host and port that a proxy is asked for, in place of what was known before. */
void client_name_ask(struct client_stream *out, client_name_spelling canonical, struct slice wire,
		     uint16_t port, enum name_source source);

/** The same for an address. */
void
client_name_ask_address(struct client_stream *out, const struct ip_address *address, uint16_t port);
