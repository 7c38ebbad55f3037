/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Syslog over a connection: TCP (RFC 6587) and TLS (RFC 5425). A receiver never answers, so what
 * was written is told apart only by what its machine has taken, and by its closing after us.
 */
#include "dashboard-export/sinks/transport.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "dashboard-export/sinks/framed_writer.h"
#include "dashboard-export/sinks/stream.h"

struct transport {
	struct stream_target target;
	enum sink_framing framing;
	struct stream *stream; /* NULL: not connected */
	struct framed_writer writer;
};

static struct transport *
create(const struct sink_config *config, const struct transport_stop *stop,
       const struct sink_tls *tls, char why[256])
{
	if (config->host == NULL || config->port == NULL) {
		snprintf(why, 256, "`address` is missing: where to");
		return NULL;
	}
	struct transport *t = malloc(sizeof(*t));
	if (t == NULL) {
		snprintf(why, 256, "no memory");
		return NULL;
	}
	t->target = (struct stream_target){.host = config->host,
					   .port = config->port,
					   .tls = tls,
					   .timeout_s = config->timeout_s,
					   .stop = stop};
	t->framing = config->framing;
	t->stream = NULL;
	return t;
}

static struct transport *
syslog_tcp_create(const struct sink_config *config, const struct transport_stop *stop,
		  char why[256])
{
	return create(config, stop, NULL, why);
}

static struct transport *
syslog_tls_create(const struct sink_config *config, const struct transport_stop *stop,
		  char why[256])
{
	return create(config, stop, &config->tls, why);
}

static void
syslog_stream_disconnect(struct transport *t)
{
	stream_close(t->stream);
	t->stream = NULL;
}

static void
syslog_stream_destroy(struct transport *t)
{
	if (t == NULL)
		return;
	syslog_stream_disconnect(t);
	free(t);
}

static int
syslog_stream_connect(struct transport *t, struct transport_report *report)
{
	syslog_stream_disconnect(t);
	return stream_open(&t->stream, &t->target, report->answer);
}

static int
not_connected(struct transport_report *report)
{
	snprintf(report->answer, sizeof(report->answer), "not connected");
	return -ENOTCONN;
}

static int
syslog_stream_send(struct transport *t, const struct outgoing *messages, size_t count,
		   struct transport_report *report)
{
	if (t->stream == NULL)
		return not_connected(report);
	return framed_writer_send(&t->writer, t->stream, t->framing, messages, count, report);
}

static int
syslog_stream_check(struct transport *t, struct transport_report *report)
{
	return t->stream == NULL ? not_connected(report) : stream_check(t->stream, report->answer);
}

static size_t
syslog_stream_pending(struct transport *t)
{
	return t->stream == NULL ? 0 : stream_pending(t->stream);
}

static int
syslog_stream_finish(struct transport *t, struct transport_report *report)
{
	return t->stream == NULL ? not_connected(report) : stream_finish(t->stream, report->answer);
}

const struct transport_kind transport_syslog_tcp = {
	.name = "syslog-tcp",
	.envelope = true,
	.create = syslog_tcp_create,
	.destroy = syslog_stream_destroy,
	.connect = syslog_stream_connect,
	.send = syslog_stream_send,
	.check = syslog_stream_check,
	.pending = syslog_stream_pending,
	.finish = syslog_stream_finish,
	.disconnect = syslog_stream_disconnect,
};

const struct transport_kind transport_syslog_tls = {
	.name = "syslog-tls",
	.envelope = true,
	.create = syslog_tls_create,
	.destroy = syslog_stream_destroy,
	.connect = syslog_stream_connect,
	.send = syslog_stream_send,
	.check = syslog_stream_check,
	.pending = syslog_stream_pending,
	.finish = syslog_stream_finish,
	.disconnect = syslog_stream_disconnect,
};
