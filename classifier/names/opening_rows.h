/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The openings one by one, for the table in opening.c. Each has the contract of opening_parse;
 * `out` comes zeroed.
 */
#pragma once

#include <string.h>

#include "classifier/names/opening.h"

/** Initializer of a slice with the bytes of a text. */
#define OPENING_TEXT(literal)                                   \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}

enum parse_result opening_proxy_parse(struct slice stream, struct opening *out);
enum parse_result opening_socks4_parse(struct slice stream, struct opening *out);
enum parse_result opening_socks5_parse(struct slice stream, struct opening *out);
enum parse_result opening_ssh_parse(struct slice stream, struct opening *out);
enum parse_result opening_talk_parse(struct slice stream, struct opening *out);
enum parse_result opening_xmpp_parse(struct slice stream, struct opening *out);
enum parse_result opening_ldap_parse(struct slice stream, struct opening *out);
enum parse_result opening_postgresql_parse(struct slice stream, struct opening *out);
enum parse_result opening_mysql_parse(struct slice stream, struct opening *out);

/** Whether as many bytes as both have are the same. */
static inline bool
opening_agrees(struct slice stream, struct slice start)
{
	size_t len = stream.len < start.len ? stream.len : start.len;

	return len == 0 || memcmp(stream.data, start.data, len) == 0;
}

/** What is left of `c` as a slice. */
static inline struct slice
opening_rest(const struct cursor *c)
{
	return slice_of(c->at, cursor_left(c));
}

/**
 * Behind a client's request to start TLS at `c`: whether TLS can follow. False when the client
 * goes on in clear, because the server refused; then it is read on.
 */
static inline bool
opening_tls_can_follow(const struct cursor *c)
{
	/* A handshake record, or a hello in SSL 2.0's form: no command in clear begins like these.
	 */
	return cursor_left(c) == 0 || *c->at == 0x16 || *c->at >= 0x80;
}

/** FOUND: the opening ends at `c`, and TLS is all that can follow. */
static inline enum parse_result
opening_before_tls(struct opening *out, struct slice stream, const struct cursor *c)
{
	out->len = stream.len - cursor_left(c);
	out->tls_follows = true;
	return PARSE_FOUND;
}
