/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A receiver's side of TLS inside a test, and the certificates of a small world: an authority `ca`
 * and one that nobody trusts, `other`. All are made anew by each program.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/** Which certificate; its files are NAME.pem and NAME.key in tls_peer_folder(). */
enum tls_peer_certificate {
	TLS_PEER_CA,
	TLS_PEER_OTHER_CA,
	TLS_PEER_GOOD,    /**< for localhost, 127.0.0.1 and ::1 */
	TLS_PEER_EXPIRED, /**< since 2025-02-01 */
	TLS_PEER_EARLY,   /**< from 2099-01-01 on */
	TLS_PEER_WRONG,   /**< for siem.example and logs.example */
	TLS_PEER_UNKNOWN, /**< like the good one, of the other authority */
	TLS_PEER_CLIENT,  /**< for a sensor */
	TLS_PEER_UNKNOWN_CLIENT,
	TLS_PEER_EXPIRED_CLIENT,
	TLS_PEER_CERTIFICATES,
};

/** What a receiver insists on. */
struct tls_peer_settings {
	enum tls_peer_certificate certificate;
	bool asks_client; /**< for a certificate of the authority `ca` */
	int version;      /**< 0x0303 TLS 1.2, 0x0304 TLS 1.3, 0x0302 TLS 1.1; 0: any */
};

/** Files of a certificate; valid to the end of the program. */
const char *tls_peer_file(enum tls_peer_certificate certificate);
const char *tls_peer_key(enum tls_peer_certificate certificate);

/** A copy of the client's key that needs a passphrase. */
const char *tls_peer_locked_key(void);

struct tls_peer;

/** Shakes hands on a blocking socket. NULL where that fails. */
struct tls_peer *tls_peer_accept(int fd, const struct tls_peer_settings *settings);

/** 0 or less at the end. */
ssize_t tls_peer_read(struct tls_peer *peer, void *bytes, size_t size);
bool tls_peer_write(struct tls_peer *peer, const void *bytes, size_t len);

/** Says good-bye (close_notify), if asked, and frees; the socket stays open. */
void tls_peer_close(struct tls_peer *peer, bool say_goodbye);
