/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/tls_stream.h"

#include "dashboard-export/sinks/stream.h"
#include "tests/unit/sinks/sink_sample.h"
#include "tests/unit/sinks/socket_peer.h"
#include "tests/unit/sinks/tls_peer.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TLS_1_1 0x0302
#define TLS_1_2 0x0303
#define TLS_1_3 0x0304

static struct socket_peer peer;
static char why[STREAM_WHY_SIZE];

/* The stream to a receiver that serves with `serve`; NULL with `error`. */
static struct stream *
open_stream(socket_peer_function serve, void *context, const struct sink_tls *tls, const char *host,
	    int *error)
{
	struct stream *s = NULL;

	CU_ASSERT_TRUE_FATAL(socket_peer_start(&peer, AF_INET, serve, context));
	struct stream_target target = {.host = host,
				       .port = peer.port,
				       .tls = tls,
				       .timeout_s = 20,
				       .stop = sink_sample_stop()};
	memset(why, 0, sizeof(why));
	*error = stream_open(&s, &target, why);
	return s;
}

/* Sends back what comes, says good-bye when the other end does. */
static void
echo(struct socket_peer *p, int fd)
{
	char bytes[16384];
	ssize_t got;
	struct tls_peer *tls = tls_peer_accept(fd, p->context);

	if (tls == NULL)
		return;
	while ((got = tls_peer_read(tls, bytes, sizeof(bytes))) > 0) {
		if (!tls_peer_write(tls, bytes, (size_t)got))
			break;
	}
	tls_peer_close(tls, got == 0);
}

/* Writes while it reads what comes back; returns whether that was the same. */
static bool
is_echoed(struct stream *s, const char *bytes, size_t len)
{
	size_t sent = 0, received = 0;
	char *back = malloc(len);
	ssize_t moved = 0;

	while (received < len && moved >= 0) {
		struct deadline deadline = stream_deadline(s);
		moved = stream_write_some(s, bytes + sent, len - sent, why);
		sent += moved > 0 ? (size_t)moved : 0;
		if (moved >= 0)
			moved = stream_read_some(s, back + received, len - received, why);
		received += moved > 0 ? (size_t)moved : 0;
		if (moved == 0)
			moved = stream_wait(s, sent < len, &deadline, why);
	}
	bool same = received == len && memcmp(bytes, back, len) == 0;
	free(back);
	return same;
}

static void
bytes_go_both_ways_in_either_version(void)
{
	static const int versions[] = {TLS_1_2, TLS_1_3};
	const size_t len = 2u << 20;
	char *bytes = malloc(len);

	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(i * 2654435761u >> 13);
	for (size_t i = 0; i < 2; i++) {
		struct tls_peer_settings settings = {TLS_PEER_GOOD, false, versions[i]};
		struct sink_tls tls = {.wanted = true, .ca = tls_peer_file(TLS_PEER_CA)};
		int error;
		struct stream *s = open_stream(echo, &settings, &tls, "localhost", &error);
		CU_ASSERT_EQUAL_FATAL(error, 0);
		CU_ASSERT_TRUE(is_echoed(s, bytes, len));
		CU_ASSERT_TRUE(stream_sent(s) > len);
		CU_ASSERT_EQUAL(stream_check(s, why), 0);
		CU_ASSERT_EQUAL(stream_finish(s, why), 0);
		stream_close(s);
		socket_peer_stop(&peer);
	}
	free(bytes);
}

#define NONE TLS_PEER_CERTIFICATES

static const struct {
	const char *what;
	struct tls_peer_settings receiver;
	enum tls_peer_certificate ca, own; /* NONE: none */
	const char *host, *server_name;
	int error;
	const char *words;
} rows[] = {
	{"the name", {TLS_PEER_GOOD}, TLS_PEER_CA, NONE, "localhost", NULL, 0, ""},
	{"the address", {TLS_PEER_GOOD}, TLS_PEER_CA, NONE, "127.0.0.1", NULL, 0, ""},
	{"another name that is set",
	 {TLS_PEER_WRONG},
	 TLS_PEER_CA,
	 NONE,
	 "localhost",
	 "logs.example",
	 0,
	 ""},
	{"the certificate itself is trusted",
	 {TLS_PEER_GOOD},
	 TLS_PEER_GOOD,
	 NONE,
	 "localhost",
	 NULL,
	 0,
	 ""},
	{"our certificate",
	 {TLS_PEER_GOOD, true},
	 TLS_PEER_CA,
	 TLS_PEER_CLIENT,
	 "localhost",
	 NULL,
	 0,
	 ""},
	{"our certificate in TLS 1.2",
	 {TLS_PEER_GOOD, true, TLS_1_2},
	 TLS_PEER_CA,
	 TLS_PEER_CLIENT,
	 "localhost",
	 NULL,
	 0,
	 ""},
	{"expired",
	 {TLS_PEER_EXPIRED},
	 TLS_PEER_CA,
	 NONE,
	 "localhost",
	 NULL,
	 -EACCES,
	 "the receiver's certificate has expired on 2025-02-01"},
	{"not yet valid",
	 {TLS_PEER_EARLY},
	 TLS_PEER_CA,
	 NONE,
	 "localhost",
	 NULL,
	 -EACCES,
	 "is valid only from 2099-01-01 on"},
	{"unknown authority",
	 {TLS_PEER_UNKNOWN},
	 TLS_PEER_CA,
	 NONE,
	 "localhost",
	 NULL,
	 -EACCES,
	 "signed by an unknown CA (Other CA)"},
	{"the system knows no such authority",
	 {TLS_PEER_GOOD},
	 NONE,
	 NONE,
	 "localhost",
	 NULL,
	 -EACCES,
	 "signed by an unknown CA (Test CA)"},
	{"wrong name",
	 {TLS_PEER_WRONG},
	 TLS_PEER_CA,
	 NONE,
	 "localhost",
	 NULL,
	 -EACCES,
	 "is for siem.example, logs.example, not for localhost"},
	{"wrong address",
	 {TLS_PEER_WRONG},
	 TLS_PEER_CA,
	 NONE,
	 "127.0.0.1",
	 NULL,
	 -EACCES,
	 "is for siem.example, logs.example, not for 127.0.0.1"},
	{"the name that is set counts alone",
	 {TLS_PEER_GOOD},
	 TLS_PEER_CA,
	 NONE,
	 "localhost",
	 "siem.example",
	 -EACCES,
	 "is for localhost, 127.0.0.1, ::1, not for siem.example"},
	{"none of ours",
	 {TLS_PEER_GOOD, true},
	 TLS_PEER_CA,
	 NONE,
	 "localhost",
	 NULL,
	 -EACCES,
	 "asks for a certificate of ours"},
	{"none of ours in TLS 1.2",
	 {TLS_PEER_GOOD, true, TLS_1_2},
	 TLS_PEER_CA,
	 NONE,
	 "localhost",
	 NULL,
	 -EACCES,
	 "asks for a certificate of ours"},
	{"ours is unknown",
	 {TLS_PEER_GOOD, true},
	 TLS_PEER_CA,
	 TLS_PEER_UNKNOWN_CLIENT,
	 "localhost",
	 NULL,
	 -EACCES,
	 "it does not know the CA of our certificate"},
	{"ours has expired",
	 {TLS_PEER_GOOD, true},
	 TLS_PEER_CA,
	 TLS_PEER_EXPIRED_CLIENT,
	 "localhost",
	 NULL,
	 -EACCES,
	 "it says that our certificate has expired"},
	{"too old a version",
	 {TLS_PEER_GOOD, false, TLS_1_1},
	 TLS_PEER_CA,
	 NONE,
	 "localhost",
	 NULL,
	 -EACCES,
	 "neither TLS 1.2 nor TLS 1.3"},
};

static void
certificates_are_judged_and_told_in_words(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct tls_peer_settings receiver = rows[i].receiver;
		struct sink_tls tls = {.wanted = true, .server_name = rows[i].server_name};
		int error;
		if (rows[i].ca != NONE)
			tls.ca = tls_peer_file(rows[i].ca);
		if (rows[i].own != NONE) {
			tls.certificate = tls_peer_file(rows[i].own);
			tls.key = tls_peer_key(rows[i].own);
		}
		struct stream *s = open_stream(echo, &receiver, &tls, rows[i].host, &error);
		CU_ASSERT_EQUAL(error, rows[i].error);
		CU_ASSERT_PTR_NOT_NULL(strstr(why, rows[i].words));
		if (error != rows[i].error || strstr(why, rows[i].words) == NULL)
			CU_FAIL(rows[i].what);
		CU_ASSERT_EQUAL(s != NULL, error == 0);
		if (s != NULL)
			CU_ASSERT_EQUAL(stream_finish(s, why), 0);
		stream_close(s);
		socket_peer_stop(&peer);
	}
}

static void
files_that_cannot_be_used_are_told(void)
{
	const char *folder = sink_sample_folder();
	const char *empty = sink_sample_path(folder, "empty.pem");
	sink_sample_write(empty, "nothing\n");
	const char *ca = tls_peer_file(TLS_PEER_CA), *own = tls_peer_file(TLS_PEER_CLIENT);
	const struct {
		struct sink_tls tls;
		const char *words;
	} faults[] = {
		{{true, "/no/such.pem", NULL, NULL, NULL},
		 "`ca` of `tls` cannot be used: /no/such"},
		{{true, empty, NULL, NULL, NULL}, "`ca` of `tls` cannot be used"},
		{{true, ca, "/no/such.pem", own, NULL}, "`cert` of `tls` cannot be used"},
		{{true, ca, own, "/no/such.key", NULL}, "`key` of `tls` cannot be used"},
		{{true, ca, own, tls_peer_key(TLS_PEER_GOOD), NULL}, "key values mismatch"},
		{{true, ca, own, tls_peer_locked_key(), NULL}, "has a passphrase"},
	};
	struct tls_peer_settings settings = {TLS_PEER_GOOD};

	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		int error;
		struct stream *s =
			open_stream(echo, &settings, &faults[i].tls, "localhost", &error);
		CU_ASSERT_PTR_NULL(s);
		CU_ASSERT_EQUAL(error, -EACCES);
		CU_ASSERT_PTR_NOT_NULL(strstr(why, faults[i].words));
		socket_peer_stop(&peer);
	}
}

static void
answer_in_plain_text(struct socket_peer *p, int fd)
{
	socket_peer_write(fd, "HTTP/1.1 400 Bad Request\r\n\r\n");
	socket_peer_drain(p, fd);
}

static void
close_at_once(struct socket_peer *p, int fd)
{
	char bytes[4096];

	(void)socket_peer_read(p, fd, bytes, sizeof(bytes));
}

static void
say_nothing(struct socket_peer *p, int fd)
{
	(void)fd;
	socket_peer_await_stop(p);
}

static void
receivers_without_tls_are_told(void)
{
	struct sink_tls tls = {.wanted = true, .ca = tls_peer_file(TLS_PEER_CA)};
	int error;

	CU_ASSERT_PTR_NULL(open_stream(answer_in_plain_text, NULL, &tls, "localhost", &error));
	CU_ASSERT_EQUAL(error, -EACCES);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "does not speak TLS at this port"));
	socket_peer_stop(&peer);
	CU_ASSERT_PTR_NULL(open_stream(close_at_once, NULL, &tls, "localhost", &error));
	CU_ASSERT_EQUAL(error, -ECONNRESET);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "closed the connection during the TLS handshake"));
	socket_peer_stop(&peer);
	CU_ASSERT_TRUE_FATAL(socket_peer_start(&peer, AF_INET, say_nothing, NULL));
	struct stream_target target = {.host = "localhost",
				       .port = peer.port,
				       .tls = &tls,
				       .timeout_s = 1,
				       .stop = sink_sample_stop()};
	struct stream *s;
	CU_ASSERT_EQUAL(stream_open(&s, &target, why), -ETIMEDOUT);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "does the receiver speak TLS at this port?"));
	socket_peer_stop(&peer);
}

static void
hand_shake_and_reset(struct socket_peer *p, int fd)
{
	struct tls_peer *tls = tls_peer_accept(fd, p->context);

	if (tls != NULL)
		tls_peer_close(tls, false);
	socket_peer_reset(fd);
}

static void
hand_shake_and_say_goodbye(struct socket_peer *p, int fd)
{
	struct tls_peer *tls = tls_peer_accept(fd, p->context);

	if (tls != NULL)
		tls_peer_close(tls, true);
	socket_peer_await_stop(p);
}

static bool
has_closed(void *context)
{
	return stream_check(context, why) != 0;
}

/* The program would end by a signal here. */
static void
writing_to_a_closed_receiver_is_an_error(void)
{
	struct sink_tls tls = {.wanted = true, .ca = tls_peer_file(TLS_PEER_CA)};
	struct tls_peer_settings settings = {TLS_PEER_GOOD};
	int error;
	struct stream *s = open_stream(hand_shake_and_reset, &settings, &tls, "localhost", &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_TRUE(socket_peer_eventually(has_closed, s));
	for (unsigned i = 0; i < 3; i++)
		CU_ASSERT_NOT_EQUAL(stream_write_all(s, "x", 1, why), 0);
	CU_ASSERT_NOT_EQUAL(stream_finish(s, why), 0);
	stream_close(s);
	socket_peer_stop(&peer);
}

static void
a_goodbye_of_the_receiver_is_seen(void)
{
	struct sink_tls tls = {.wanted = true, .ca = tls_peer_file(TLS_PEER_CA)};
	struct tls_peer_settings settings = {TLS_PEER_GOOD};
	int error;
	struct stream *s =
		open_stream(hand_shake_and_say_goodbye, &settings, &tls, "localhost", &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_TRUE(socket_peer_eventually(has_closed, s));
	CU_ASSERT_EQUAL(stream_check(s, why), -EPIPE);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "the receiver has closed the connection"));
	stream_close(s);
	socket_peer_stop(&peer);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"bytes_go_both_ways_in_either_version", bytes_go_both_ways_in_either_version},
		{"certificates_are_judged_and_told_in_words",
		 certificates_are_judged_and_told_in_words},
		{"files_that_cannot_be_used_are_told", files_that_cannot_be_used_are_told},
		{"receivers_without_tls_are_told", receivers_without_tls_are_told},
		{"writing_to_a_closed_receiver_is_an_error",
		 writing_to_a_closed_receiver_is_an_error},
		{"a_goodbye_of_the_receiver_is_seen", a_goodbye_of_the_receiver_is_seen},
	};
	return unit_run("tls_stream", cases, sizeof(cases) / sizeof(*cases));
}
