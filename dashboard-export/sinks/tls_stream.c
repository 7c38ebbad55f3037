/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/tls_stream.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "dashboard-export/sinks/tls_stream_context.h"

/*
 * In TLS 1.3 our end is done before the receiver has judged our certificate (RFC 8446 4.4.2.4).
 * Where it asked for one, its first word is waited for this long: a refusal is then told as such,
 * and not as a connection that breaks with messages under way.
 */
#define JUDGEMENT_MS 500

struct tls_stream {
	SSL *ssl;
	int fd;
	int io_error; /* -errno of the socket; 0: none */
	bool ended;   /* the socket is at its end */
	bool certificate_asked;
	uint64_t sent;
	const char *name; /* that the certificate has to have; during the handshake */
	char why[TLS_WHY_SIZE];
};

/* OpenSSL's own socket BIO writes without MSG_NOSIGNAL, and a receiver that closes would end us. */
static int
socket_write(BIO *bio, const char *bytes, int len)
{
	struct tls_stream *t = BIO_get_data(bio);
	ssize_t sent = send(t->fd, bytes, (size_t)len, MSG_NOSIGNAL);

	BIO_clear_retry_flags(bio);
	if (sent >= 0) {
		t->sent += (uint64_t)sent;
		return (int)sent;
	}
	if (errno == EAGAIN || errno == EINTR)
		BIO_set_retry_write(bio);
	else
		t->io_error = -errno;
	return -1;
}

static int
socket_read(BIO *bio, char *bytes, int size)
{
	struct tls_stream *t = BIO_get_data(bio);
	ssize_t got = recv(t->fd, bytes, (size_t)size, 0);

	BIO_clear_retry_flags(bio);
	if (got > 0)
		return (int)got;
	if (got == 0) {
		t->ended = true;
		return 0;
	}
	if (errno == EAGAIN || errno == EINTR)
		BIO_set_retry_read(bio);
	else
		t->io_error = -errno;
	return -1;
}

static long
socket_control(BIO *bio, int command, long number, void *pointer)
{
	(void)bio;
	(void)number;
	(void)pointer;
	return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *socket_method;

static void
make_socket_method(void)
{
	BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");

	if (method == NULL)
		return;
	if (BIO_meth_set_write(method, socket_write) == 1 &&
	    BIO_meth_set_read(method, socket_read) == 1 &&
	    BIO_meth_set_ctrl(method, socket_control) == 1)
		socket_method = method;
	else
		BIO_meth_free(method);
}

static BIO *
create_socket_bio(struct tls_stream *t)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, make_socket_method);
	BIO *bio = socket_method != NULL ? BIO_new(socket_method) : NULL;
	if (bio != NULL) {
		BIO_set_data(bio, t);
		BIO_set_init(bio, 1);
	}
	return bio;
}

/* The first fault of a chain is told; it also ends the handshake. */
static int
check_certificate(int good, X509_STORE_CTX *checked)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(checked, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls_stream *t = SSL_get_app_data(ssl);

	if (good != 1)
		tls_stream_say_certificate(checked, t->name, t->why);
	return good;
}

static int
note_certificate_asked(SSL *ssl, void *argument)
{
	(void)ssl;
	((struct tls_stream *)argument)->certificate_asked = true;
	return 1;
}

static void
begin_operation(struct tls_stream *t)
{
	ERR_clear_error();
	t->io_error = 0;
}

/* What an operation that did not succeed means; see tls_stream_read. */
static int
explain(struct tls_stream *t, int result, short *wait_for)
{
	int kind = SSL_get_error(t->ssl, result);
	unsigned long error = ERR_peek_error();

	if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) {
		*wait_for = kind == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
		return -EAGAIN;
	}
	if (kind == SSL_ERROR_ZERO_RETURN)
		return 0;
	if (t->io_error != 0) {
		snprintf(t->why, sizeof(t->why), "%s", strerrordesc_np(-t->io_error));
		return t->io_error;
	}
	if (t->ended)
		return 0;
	if (ERR_GET_LIB(error) == ERR_LIB_SSL &&
	    ERR_GET_REASON(error) == SSL_R_CERTIFICATE_VERIFY_FAILED && t->why[0] != '\0')
		return -EACCES;
	return tls_stream_say_error(error, t->why);
}

static int
create_session(struct tls_stream *t, const struct sink_tls *tls)
{
	SSL_CTX *context = tls_stream_context_create(tls, t->why);

	if (context == NULL)
		return -EACCES;
	t->ssl = SSL_new(context);
	SSL_CTX_free(context); /* the session holds on to it */
	BIO *bio = t->ssl != NULL ? create_socket_bio(t) : NULL;
	if (bio == NULL || SSL_set_app_data(t->ssl, t) != 1) {
		BIO_free(bio);
		snprintf(t->why, sizeof(t->why), "no memory for TLS");
		return -ENOMEM;
	}
	SSL_set_bio(t->ssl, bio, bio);
	SSL_set_cert_cb(t->ssl, note_certificate_asked, t);
	SSL_set_verify(t->ssl, SSL_VERIFY_PEER, check_certificate);
	SSL_set_connect_state(t->ssl);
	return tls_stream_context_expect(t->ssl, t->name, t->why);
}

static int
shake_hands(struct tls_stream *t, const struct deadline *deadline)
{
	for (;;) {
		short wait_for = 0;
		begin_operation(t);
		int result = SSL_do_handshake(t->ssl);
		if (result == 1)
			return 0;
		int error = explain(t, result, &wait_for);
		if (error == 0) {
			snprintf(t->why, sizeof(t->why),
				 "the receiver closed the connection during the TLS handshake");
			return -ECONNRESET;
		}
		if (error != -EAGAIN)
			return error;
		error = deadline_wait(deadline, t->fd, wait_for);
		if (error == -ETIMEDOUT)
			snprintf(t->why, sizeof(t->why),
				 "no answer to the TLS handshake: does the receiver speak TLS at "
				 "this port?");
		else if (error != 0)
			snprintf(t->why, sizeof(t->why), "TLS handshake: %s",
				 strerrordesc_np(-error));
		if (error != 0)
			return error;
	}
}

static int
await_judgement(struct tls_stream *t, const struct deadline *deadline)
{
	struct deadline judgement = deadline_in(deadline->stop, JUDGEMENT_MS);
	short wait_for;
	char byte;

	int error = deadline_wait(&judgement, t->fd, POLLIN);
	if (error == -ETIMEDOUT)
		return 0;
	if (error != 0)
		return error;
	begin_operation(t);
	int result = SSL_peek(t->ssl, &byte, 1);
	if (result > 0)
		return 0;
	error = explain(t, result, &wait_for);
	if (error == 0) {
		snprintf(t->why, sizeof(t->why),
			 "the receiver asked for a certificate of ours and closed the connection: "
			 "check `cert` and `key` of `tls`");
		return -EACCES;
	}
	return error == -EAGAIN ? 0 : error;
}

int
tls_stream_open(struct tls_stream **out, int fd, const struct sink_tls *tls, const char *host,
		const struct deadline *deadline, char why[TLS_WHY_SIZE])
{
	struct tls_stream *t = calloc(1, sizeof(*t));

	*out = NULL;
	if (t == NULL) {
		snprintf(why, TLS_WHY_SIZE, "no memory for TLS");
		return -ENOMEM;
	}
	t->fd = fd;
	t->name = tls->server_name != NULL ? tls->server_name : host;
	int error = create_session(t, tls);
	if (error == 0)
		error = shake_hands(t, deadline);
	if (error == 0 && t->certificate_asked && SSL_version(t->ssl) >= TLS1_3_VERSION)
		error = await_judgement(t, deadline);
	if (error != 0) {
		memcpy(why, t->why, sizeof(t->why));
		tls_stream_destroy(t);
		return error;
	}
	t->name = NULL;
	*out = t;
	return 0;
}

void
tls_stream_destroy(struct tls_stream *t)
{
	if (t == NULL)
		return;
	SSL_free(t->ssl);
	free(t);
}

ssize_t
tls_stream_read(struct tls_stream *t, void *bytes, size_t size, short *wait_for)
{
	begin_operation(t);
	int result = SSL_read(t->ssl, bytes, size < INT_MAX ? (int)size : INT_MAX);

	return result > 0 ? result : explain(t, result, wait_for);
}

ssize_t
tls_stream_write(struct tls_stream *t, const void *bytes, size_t len, short *wait_for)
{
	begin_operation(t);
	int result = SSL_write(t->ssl, bytes, len < INT_MAX ? (int)len : INT_MAX);

	if (result > 0)
		return result;
	int error = explain(t, result, wait_for);
	return error == 0 ? -EPIPE : error;
}

int
tls_stream_close_notify(struct tls_stream *t, short *wait_for)
{
	begin_operation(t);
	int result = SSL_shutdown(t->ssl);

	return result >= 0 ? 0 : explain(t, result, wait_for);
}

uint64_t
tls_stream_sent(const struct tls_stream *t)
{
	return t->sent;
}

const char *
tls_stream_why(const struct tls_stream *t)
{
	return t->why;
}
