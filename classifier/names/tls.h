/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS handshakes in clear: what a ClientHello offers, what a ServerHello chose, the leaf
 * certificate behind it (RFC 8446 4.1, RFC 5246 7.4, RFC 6066 3, RFC 7301). Bytes in, slices into
 * them out; no allocation, no state. Of two readings of the same bytes none is chosen: a message
 * that contradicts itself is MALFORMED and gives no name.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/** Longest ClientHello that is read, with its four-byte handshake header. */
#define TLS_CLIENT_HELLO_MAX 65536
/** Longest ServerHello that is read, with its header: as much as one record can hold. */
#define TLS_SERVER_HELLO_MAX 16384
/** Longest leaf certificate that is given out. */
#define TLS_CERTIFICATE_MAX 8192

/** What carries the handshake; DTLS counts its versions downwards and has a cookie in its hello. */
enum tls_carrier { TLS_CARRIER_TCP, TLS_CARRIER_QUIC, TLS_CARRIER_DTLS };

struct tls_client_hello {
	enum tls_carrier carrier;
	uint16_t legacy_version;
	uint16_t max_version;     /**< highest version offered, GREASE left out (RFC 8701) */
	bool has_ech;             /**< extension 0xfe0d: Encrypted Client Hello, or GREASE */
	bool ech_is_inner;        /**< 0xfe0d of type inner: the names are the real ones */
	bool has_esni;            /**< extension 0xffce: the draft before ECH */
	bool has_quic_parameters; /**< extension 0x39 or 0xffa5 (RFC 9001 8.2) */
	bool has_psk;             /**< pre_shared_key: a resumption is offered */
	bool is_ssl2_format;      /**< RFC 5246 E.2: it can hold nothing but versions and ciphers */
	struct slice server_name; /**< host_name as on the wire; empty if there is none */
	struct slice alpn;        /**< first protocol offered, GREASE left out; may be empty */
	struct slice session_id;
	struct slice cipher_suites;        /**< two bytes each, as on the wire */
	struct slice extensions;           /**< the whole list, as on the wire */
	struct slice alpn_list;            /**< what is in protocol_name_list: length, name, ... */
	struct slice supported_versions;   /**< two bytes each; empty if not sent */
	struct slice signature_algorithms; /**< two bytes each; empty if not sent */
	size_t consumed;                   /**< bytes of the input up to the message's end */
};

/**
 * Reads the body of a ClientHello, which is the message behind its handshake header; of DTLS once
 * its fragments are put together (RFC 6347 4.2.1, RFC 9147 5.3: with a cookie). FOUND or MALFORMED.
 */
enum parse_result tls_client_hello_body_parse(struct slice body, enum tls_carrier carrier,
					      struct tls_client_hello *out);

/**
 * Reads one ClientHello handshake message without record layer, as a QUIC CRYPTO stream carries it.
 * NEED_MORE until the whole message is there. Slices in `out` point into `message`.
 */
enum parse_result tls_client_hello_parse(struct slice message, struct tls_client_hello *out);

/**
 * Reads the beginning of a ClientHello of which no more will come: the snap length cut it, or a
 * piece is lost. FOUND where its server_name is whole: `out` then holds what stands before the cut,
 * and nothing is known of what stood behind it, such as 0xfe0d. Else as a whole one.
 */
enum parse_result tls_client_hello_cut_parse(struct slice message, enum tls_carrier carrier,
					     struct tls_client_hello *out);

/** The same for the start of a TCP stream, as far as its first record goes. */
enum parse_result tls_client_stream_cut_parse(struct slice stream, struct tls_client_hello *out);

/**
 * Reads the ClientHello at the start of a TCP stream (TLS record layer, SSL 3.0 to TLS 1.3 record
 * versions). One change_cipher_spec record in front is passed over, as before the second hello of
 * TLS 1.3 (RFC 8446 D.4). A body split over several records is joined in `scratch` (`scratch_len`
 * bytes, borrowed; slices in `out` then point there); one that does not fit is MALFORMED. A hello
 * in SSL 2.0's form is FOUND without a name. NOT_MINE as soon as the bytes cannot be a TLS
 * handshake record carrying a ClientHello.
 */
enum parse_result tls_client_stream_parse(struct slice stream, uint8_t *scratch, size_t scratch_len,
					  struct tls_client_hello *out);

struct tls_server_hello {
	uint16_t version;        /**< chosen */
	bool is_retry;           /**< HelloRetryRequest: another ClientHello and ServerHello come */
	bool psk_chosen;         /**< a pre-shared key: TLS 1.3's resumption */
	struct slice session_id; /**< equal to the client's in TLS up to 1.2: resumed */
	struct slice alpn;       /**< chosen; TLS up to 1.2, afterwards it is encrypted */
};

/** Reads the body of a ServerHello or HelloRetryRequest. FOUND or MALFORMED. */
enum parse_result tls_server_hello_body_parse(struct slice body, enum tls_carrier carrier,
					      struct tls_server_hello *out);

/**
 * Reads the ServerHello at the start of the server's stream. Needs only the ServerHello itself; a
 * warning in front, that the name is not known (RFC 6066 3), is passed over. A body split over
 * several records is joined in `scratch` (`scratch_len` bytes, borrowed; slices in `out` then point
 * there); one that does not fit is MALFORMED, and so is one longer than TLS_SERVER_HELLO_MAX.
 */
enum parse_result tls_server_stream_parse(struct slice stream, uint8_t *scratch, size_t scratch_len,
					  struct tls_server_hello *out);

/**
 * Finds the leaf certificate in the first flight of a server of TLS up to 1.2 (RFC 5246 7.4.2).
 * `der` points into the stream, or into `scratch` where records cut the certificate; a ServerHello
 * that they cut is joined there before. NOT_MINE when none comes: TLS 1.3 encrypts it, a resumed
 * session has none. MALFORMED also when it is longer than TLS_CERTIFICATE_MAX or than the scratch.
 */
enum parse_result tls_server_certificate(struct slice stream, uint8_t *scratch, size_t scratch_len,
					 struct slice *der);

/**
 * Whether a stream begins in the middle of a TLS connection: with a record that is well formed and
 * no handshake's begin. False while there are less than the bytes that tell it.
 */
bool tls_is_midstream(struct slice stream);
