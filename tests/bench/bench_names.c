/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reading a name costs: nanoseconds of CPU time for each sample of the fuzz corpora that the
 * parser answers with "found". Prints the median of 7 rounds and their spread.
 *
 *     bench_names CORPUS-FOLDER          tests/fuzz/corpus
 */
#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "classifier/names/certificate.h"
#include "classifier/names/client_stream.h"
#include "classifier/names/dns.h"
#include "classifier/names/dtls.h"
#include "classifier/names/http.h"
#include "classifier/names/ja4.h"
#include "classifier/names/quic.h"
#include "classifier/names/tls.h"

#define ROUNDS 7
#define ROUND_NS 40000000.0
#define SAMPLES_MAX 64
#define SAMPLE_MAX 4096

struct sample {
	size_t len;
	uint8_t bytes[SAMPLE_MAX];
};

static struct client_reader *reader;
static struct quic_opener *opener;
static struct ja4_maker *maker;
static uint8_t scratch[16384];
static volatile size_t sink;

static bool
read_client_hello(struct slice s)
{
	struct tls_client_hello hello;
	enum parse_result r = tls_client_stream_parse(s, scratch, sizeof(scratch), &hello);

	sink = hello.server_name.len;
	return r == PARSE_FOUND;
}

static bool
fingerprint_client_hello(struct slice s)
{
	struct tls_client_hello hello;
	char ja4[JA4_TEXT_SIZE];

	if (tls_client_stream_parse(s, scratch, sizeof(scratch), &hello) != PARSE_FOUND)
		return false;
	ja4_format(maker, &hello, ja4);
	sink = (size_t)ja4[35];
	return true;
}

static bool
read_server_hello(struct slice s)
{
	struct tls_server_hello hello;
	enum parse_result r = tls_server_stream_parse(s, scratch, sizeof(scratch), &hello);

	sink = hello.version;
	return r == PARSE_FOUND;
}

static bool
find_certificate(struct slice s)
{
	struct slice der;
	enum parse_result r = tls_server_certificate(s, scratch, sizeof(scratch), &der);

	sink = der.len;
	return r == PARSE_FOUND;
}

static bool
read_certificate(struct slice s)
{
	static struct certificate_names names;
	enum parse_result r = certificate_names_parse(s, &names);

	sink = names.count;
	return r == PARSE_FOUND;
}

static bool
read_quic_initial(struct slice s)
{
	struct quic_long_header header;
	struct quic_keys keys;
	struct quic_crypto_frame frame;
	struct slice frames;

	if (quic_long_header_parse(s, &header) != PARSE_FOUND ||
	    header.type != QUIC_PACKET_INITIAL ||
	    !quic_keys_derive(opener, header.version, header.dcid, &keys) ||
	    quic_initial_open(opener, &keys, &header, scratch, sizeof(scratch), &frames) !=
		    PARSE_FOUND)
		return false;
	struct cursor c = cursor_over(frames);
	while (quic_crypto_frame_next(&c, &frame))
		sink = frame.data.len;
	return true;
}

/* All that a first Initial costs which holds the whole ClientHello in one frame. */
static bool
name_quic_client(struct slice s)
{
	struct quic_long_header header;
	struct quic_keys keys;
	struct quic_crypto_frame frame;
	struct slice frames;
	struct tls_client_hello hello;
	char ja4[JA4_TEXT_SIZE];

	if (quic_long_header_parse(s, &header) != PARSE_FOUND ||
	    header.type != QUIC_PACKET_INITIAL ||
	    !quic_keys_derive(opener, header.version, header.dcid, &keys) ||
	    quic_initial_open(opener, &keys, &header, scratch, sizeof(scratch), &frames) !=
		    PARSE_FOUND)
		return false;
	struct cursor c = cursor_over(frames);
	if (!quic_crypto_frame_next(&c, &frame) || frame.offset != 0 ||
	    tls_client_hello_parse(frame.data, &hello) != PARSE_FOUND)
		return false;
	ja4_format(maker, &hello, ja4);
	sink = (size_t)ja4[35];
	return true;
}

static bool
name_dtls_client(struct slice s)
{
	struct dtls_reader datagram;
	struct dtls_fragment f;
	struct tls_client_hello hello;

	if (dtls_datagram_parse(s, &datagram) != PARSE_FOUND ||
	    !dtls_fragment_next(&datagram, &f) || f.type != DTLS_CLIENT_HELLO ||
	    f.data.len != f.message_len ||
	    tls_client_hello_body_parse(f.data, TLS_CARRIER_DTLS, &hello) != PARSE_FOUND)
		return false;
	sink = hello.server_name.len;
	return true;
}

static bool
derive_quic_keys(struct slice s)
{
	struct quic_long_header header;
	struct quic_keys keys;

	return quic_long_header_parse(s, &header) == PARSE_FOUND &&
	       header.type == QUIC_PACKET_INITIAL &&
	       quic_keys_derive(opener, header.version, header.dcid, &keys);
}

static bool
read_http_request(struct slice s)
{
	struct http_request request;
	enum parse_result r = http_request_parse(s, &request);

	sink = request.host.len;
	return r == PARSE_FOUND;
}

static bool
read_client_stream(struct slice s)
{
	static struct client_stream out;
	enum parse_result r = client_stream_parse(reader, s, scratch, sizeof(scratch), &out);

	sink = out.name_len;
	return r == PARSE_FOUND;
}

static bool
read_dns_answer(struct slice s)
{
	static struct dns_answer answer;
	enum parse_result r = dns_answer_parse(s, &answer);

	sink = answer.address_count;
	return r == PARSE_FOUND && answer.service_count == 0;
}

static bool
read_https_answer(struct slice s)
{
	static struct dns_answer answer;
	enum parse_result r = dns_answer_parse(s, &answer);

	sink = answer.address_count;
	return r == PARSE_FOUND && answer.service_count != 0;
}

static const struct bench {
	const char *what;
	const char *corpus;
	bool (*read)(struct slice s);
	const char *file; /* only samples whose name begins like this; NULL: all */
} benches[] = {
	{"ClientHello", "tls_stream", read_client_hello},
	{"ClientHello + JA4", "tls_stream", fingerprint_client_hello},
	{"ServerHello", "tls_stream", read_server_hello},
	{"certificate found", "tls_server", find_certificate},
	{"certificate", "certificate", read_certificate},
	{"QUIC Initial", "quic_initial", read_quic_initial},
	{"QUIC keys alone", "quic_initial", derive_quic_keys},
	{"QUIC to name and JA4", "quic_initial", name_quic_client},
	{"DTLS ClientHello", "dtls", name_dtls_client},
	{"HTTP request", "http", read_http_request},
	{"stream: ClientHello", "tls_stream", read_client_stream},
	{"stream: HTTP request", "http", read_client_stream},
	{"stream: CONNECT, TLS", "client_stream", read_client_stream, "connect_again"},
	{"stream: SOCKS, TLS", "client_stream", read_client_stream, "socks_hello"},
	{"stream: SMTP, TLS", "client_stream", read_client_stream, "smtp"},
	{"stream: h2c", "client_stream", read_client_stream, "h2c"},
	{"DNS answer", "dns", read_dns_answer},
	{"HTTPS answer", "dns", read_https_answer},
};

static double
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Loads the samples of a corpus that the parser finds something in. */
static size_t
load(const char *folder, const struct bench *b, struct sample *samples)
{
	char path[4096];
	size_t count = 0;

	snprintf(path, sizeof(path), "%s/%s", folder, b->corpus);
	DIR *dir = opendir(path);
	if (dir == NULL)
		err(1, "%s", path);
	for (struct dirent *e; (e = readdir(dir)) != NULL && count < SAMPLES_MAX;) {
		snprintf(path, sizeof(path), "%s/%s/%.255s", folder, b->corpus, e->d_name);
		bool is_other =
			b->file != NULL && strncmp(e->d_name, b->file, strlen(b->file)) != 0;
		FILE *file = e->d_name[0] == '.' || is_other ? NULL : fopen(path, "rb");
		if (file == NULL)
			continue;
		samples[count].len = fread(samples[count].bytes, 1, SAMPLE_MAX, file);
		count += b->read(slice_of(samples[count].bytes, samples[count].len));
		fclose(file);
	}
	closedir(dir);
	return count;
}

static void
measure(const struct bench *b, const struct sample *samples, size_t count)
{
	double ns[ROUNDS];
	size_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		bytes += samples[i].len;
	for (int round = -1; round < ROUNDS; round++) { /* the first one warms up */
		size_t done = 0;
		double start = now_ns(), end;
		do {
			/* Reading the clock costs as much as reading a name. */
			for (size_t n = 0; n < 256; n++) {
				const struct sample *sample = &samples[n % count];
				sink = b->read(slice_of(sample->bytes, sample->len));
			}
			done += 256;
			end = now_ns();
		} while (end - start < ROUND_NS);
		if (round >= 0)
			ns[round] = (end - start) / (double)done;
	}
	qsort(ns, ROUNDS, sizeof(*ns), compare);
	printf("%-18s %8.0f ns  (%.0f to %.0f; %zu samples, %zu bytes on average)\n", b->what,
	       ns[ROUNDS / 2], ns[0], ns[ROUNDS - 1], count, bytes / count);
}

int
main(int argc, char **argv)
{
	static struct sample samples[SAMPLES_MAX];

	if (argc != 2) {
		fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
		return 2;
	}
	opener = quic_opener_create();
	maker = ja4_maker_create();
	reader = client_reader_create();
	if (reader == NULL || opener == NULL || maker == NULL)
		err(1, "libcrypto");
	for (size_t i = 0; i < sizeof(benches) / sizeof(*benches); i++) {
		size_t count = load(argv[1], &benches[i], samples);
		if (count == 0)
			errx(1, "%s: no sample that is read", benches[i].corpus);
		measure(&benches[i], samples, count);
	}
	ja4_maker_destroy(maker);
	quic_opener_destroy(opener);
	client_reader_destroy(reader);
	return 0;
}
