/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JA4, the fingerprint of a TLS client by what its ClientHello offers, whoever it calls (technical
 * definition of FoxIO, https://github.com/FoxIO-LLC/ja4, technical_details/JA4.md). Each worker has
 * a maker of its own.
 */
#pragma once

#include "classifier/names/tls.h"

/** "t13d1516h2_8daaf6152771_e5627efa2ab1" and the NUL. */
#define JA4_TEXT_SIZE 37

/** Room to sort in, for the longest list that a ClientHello can hold. */
struct ja4_maker;

/** Returns NULL with errno ENOMEM; free with ja4_maker_destroy, which takes NULL too. */
struct ja4_maker *ja4_maker_create(void);
void ja4_maker_destroy(struct ja4_maker *maker);

/**
 * Writes the fingerprint of a hello that a parser of tls.h found, NUL-terminated: 't' over TCP, 'q'
 * in QUIC, 'd' in DTLS. A hello in the form of SSL 2.0 has none: `out` is then "". Does not
 * allocate; the time grows with the hello's length and no faster.
 */
void
ja4_format(struct ja4_maker *maker, const struct tls_client_hello *hello, char out[JA4_TEXT_SIZE]);
