/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast a transport carries messages into a real receiver, from the connection to the good-bye.
 * Prints messages a second of this round; run it several times for a median.
 *
 *     bench_transport KIND ADDRESS COUNT SIZE [CA [CERT KEY]]
 *
 * KIND is that of the settings (syslog-tls, relp, file, ...); ADDRESS is HOST:PORT or a path. With
 * CA, a file of certificates, relp goes over TLS; syslog-tls needs it. CERT and KEY are our own.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

#include "dashboard-export/sinks/transport.h"

#define BATCH 1024
#define ID "00112233445566778899aabbccddeeff"

struct batch {
	size_t size; /* of a message */
	char *bytes; /* BATCH messages */
	struct outgoing messages[BATCH];
};

static double
now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
fill_batch(struct batch *batch, uint64_t first, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *at = batch->bytes + i * batch->size;
		char head[128];
		int len = snprintf(
			head, sizeof(head),
			"<166>1 2026-12-01T08:15:02.123456Z sensor vigie - ALERT - %012" PRIu64 " ",
			first + i);
		memset(at, 'x', batch->size);
		memcpy(at, head, (size_t)len);
		batch->messages[i] = (struct outgoing){
			.bytes = at, .len = batch->size, .id = ID, .sequence = first + i + 1};
	}
}

static const struct transport_kind *
find_kind(const char *name)
{
	for (unsigned i = 0; transport_kind_at(i) != NULL; i++) {
		if (strcmp(transport_kind_at(i)->name, name) == 0)
			return transport_kind_at(i);
	}
	errx(2, "%s: no such kind", name);
}

static void
set_address(struct sink_config *config, char *address)
{
	char *colon = strrchr(address, ':');

	if (address[0] == '/' || colon == NULL) {
		config->path = address;
		return;
	}
	*colon = '\0';
	config->host = address;
	config->port = colon + 1;
}

static void
send_all(const struct transport_kind *kind, struct transport *transport, struct batch *batch,
	 uint64_t count)
{
	struct transport_report report = {0};

	for (uint64_t sent = 0; sent < count;) {
		size_t now = count - sent < BATCH ? (size_t)(count - sent) : BATCH;
		fill_batch(batch, sent, now);
		report = (struct transport_report){0};
		if (kind->send(transport, batch->messages, now, &report) != 0)
			errx(1, "after %" PRIu64 ": %s", sent + report.accepted, report.answer);
		if (report.refused > 0)
			errx(1, "refused: %s", report.answer);
		sent += now;
	}
	if (kind->finish != NULL && kind->finish(transport, &report) != 0)
		errx(1, "good-bye: %s", report.answer);
}

int
main(int argc, char **argv)
{
	static struct transport_stop stop;
	struct transport_report report = {0};
	char why[256];

	if (argc != 5 && argc != 6 && argc != 8) {
		fprintf(stderr, "usage: %s KIND ADDRESS COUNT SIZE [CA [CERT KEY]]\n", argv[0]);
		return 2;
	}
	uint64_t count = strtoull(argv[3], NULL, 10);
	struct batch batch = {.size = strtoul(argv[4], NULL, 10)};
	if (batch.size < 128 || batch.size > FORMAT_MESSAGE_MAX)
		errx(2, "SIZE is 128 to %d", FORMAT_MESSAGE_MAX);
	batch.bytes = malloc(batch.size * BATCH);
	stop.fd = eventfd(0, EFD_CLOEXEC);
	if (batch.bytes == NULL || stop.fd < 0)
		err(1, "preparing");
	struct sink_config config = {.name = "bench",
				     .kind = find_kind(argv[1]),
				     .batch = BATCH,
				     .timeout_s = 30,
				     .tls = {.wanted = argc > 5, .ca = argv[5]}};
	if (argc == 8) {
		config.tls.certificate = argv[6];
		config.tls.key = argv[7];
	}
	set_address(&config, argv[2]);
	struct transport *transport = config.kind->create(&config, &stop, why);
	if (transport == NULL)
		errx(1, "%s", why);
	double start = now_s();
	if (config.kind->connect(transport, &report) != 0)
		errx(1, "%s", report.answer);
	send_all(config.kind, transport, &batch, count);
	double seconds = now_s() - start;
	printf("%s: %.0f messages/s (%" PRIu64 " of %zu bytes in %.2f s)\n", argv[1],
	       (double)count / seconds, count, batch.size, seconds);
	config.kind->destroy(transport);
	free(batch.bytes);
	return 0;
}
