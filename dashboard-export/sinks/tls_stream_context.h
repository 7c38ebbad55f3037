/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tls_stream.c prepares and explains: settings into OpenSSL's context, its failures into
 * words. Only for tls_stream.c.
 */
#pragma once

#include "dashboard-export/sinks/tls_stream.h"

struct ssl_ctx_st;
struct ssl_st;
struct x509_store_ctx_st;

/** The context that the settings ask for. NULL with `why`: a file that cannot be used. */
struct ssl_ctx_st *tls_stream_context_create(const struct sink_tls *tls, char why[TLS_WHY_SIZE]);

/** Has the certificate checked for `name`, and the name told to the receiver (SNI) where it is none
 * of an address. Returns 0, or -EACCES with `why` where it cannot be a name. */
int tls_stream_context_expect(struct ssl_st *ssl, const char *name, char why[TLS_WHY_SIZE]);

/** Says why the certificate that is checked just now was found wrong. */
void tls_stream_say_certificate(struct x509_store_ctx_st *checked, const char *name,
				char why[TLS_WHY_SIZE]);

/** Says what `error` of OpenSSL's queue means. Returns -EACCES where only a change of settings or
 * certificates will help, else -EPROTO. */
int tls_stream_say_error(unsigned long error, char why[TLS_WHY_SIZE]);
