/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One easy handle in a multi handle of its own: the multi handle waits on the stop's descriptor
 * too, so that stopping does not depend on how often curl calls back.
 */
#include "dashboard-export/sinks/http_client.h"

#include "base/printable_text.h"

#include <curl/curl.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A peer that moves a byte now and then may hold us so many times as long as a silent one. */
#define WHOLE_FACTOR 10

/* Longest sleep between two looks at the clock. */
#define STEP_MS 1000

struct http_client {
	const struct sink_config *config;
	const struct transport_stop *stop;
	CURLM *multi;
	CURL *easy;
	char *url;       /* its host is the name that the certificate must have */
	char where[128]; /* host and port that are connected to, for messages */
	bool has_query;
	struct curl_slist *connect_to; /* or NULL */
	char *body;                    /* HTTP_CLIENT_ANSWER_MAX + 1 bytes */
	size_t body_len, headers_len;
	bool body_too_large;
	uint64_t moved_ms; /* when a byte moved last */
	curl_off_t moved;  /* bytes by then */
	char error[CURL_ERROR_SIZE];
};

static uint64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void
init_curl(void)
{
	/* What fails here fails again in curl_easy_init. */
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* A new answer begins; 1xx ones before it count too. */
static size_t
take_header(char *bytes, size_t size, size_t count, void *context)
{
	struct http_client *client = context;
	size_t len = size * count;

	(void)bytes;
	client->moved_ms = now_ms();
	client->headers_len += len;
	return client->headers_len <= HTTP_CLIENT_HEADERS_MAX ? len : 0;
}

static size_t
take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct http_client *client = context;
	size_t len = size * count;

	if (len > HTTP_CLIENT_ANSWER_MAX - client->body_len) {
		client->body_too_large = true;
		return 0;
	}
	memcpy(client->body + client->body_len, bytes, len);
	client->body_len += len;
	return len;
}

static int
note_progress(void *context, curl_off_t down_of, curl_off_t down, curl_off_t up_of, curl_off_t up)
{
	struct http_client *client = context;

	(void)down_of;
	(void)up_of;
	if (down + up != client->moved) {
		client->moved = down + up;
		client->moved_ms = now_ms();
	}
	return atomic_load(&client->stop->wanted);
}

/* A part of the URL; the caller frees it with curl_free. NULL: there is none. */
static char *
url_part(CURLU *url, CURLUPart part, unsigned flags)
{
	char *text = NULL;

	return curl_url_get(url, part, &text, flags) == CURLUE_OK ? text : NULL;
}

static void
note_where(struct http_client *client, CURLU *url)
{
	char *host = url_part(url, CURLUPART_HOST, 0);
	char *port = url_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);

	snprintf(client->where, sizeof(client->where), "%.100s:%.8s", host != NULL ? host : "?",
		 port != NULL ? port : "?");
	curl_free(host);
	curl_free(port);
}

/* Puts the name that is checked into the URL, and has curl connect to the host that was there. */
static bool
set_server_name(struct http_client *client, CURLU *url, const char *name)
{
	char *host = url_part(url, CURLUPART_HOST, 0);
	char *port = url_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	char route[1024];
	bool done = false;

	if (host != NULL && port != NULL && curl_url_set(url, CURLUPART_HOST, name, 0) == 0) {
		int len = snprintf(route, sizeof(route), "::%s:%s", host, port);
		if (len > 0 && (size_t)len < sizeof(route))
			client->connect_to = curl_slist_append(NULL, route);
		done = client->connect_to != NULL;
	}
	curl_free(host);
	curl_free(port);
	return done;
}

static const char *
url_fault(CURLU *url, const char *text)
{
	if (curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK)
		return "is no URL";
	char *scheme = url_part(url, CURLUPART_SCHEME, 0);
	char *user = url_part(url, CURLUPART_USER, 0);
	char *fragment = url_part(url, CURLUPART_FRAGMENT, 0);
	const char *fault = NULL;
	if (scheme == NULL || (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0))
		fault = "begins with neither https:// nor http://";
	else if (user != NULL)
		fault = "has a user in it; name it with `user` and the password with a file";
	else if (fragment != NULL)
		fault = "has a fragment (#...), which is never sent";
	curl_free(scheme);
	curl_free(user);
	curl_free(fragment);
	return fault;
}

/* Without the slashes at its end, so that a path can be put behind it. */
static char *
copy_trimmed(const char *text, bool trim)
{
	size_t len = strlen(text);

	while (trim && len > 0 && text[len - 1] == '/')
		len--;
	return strndup(text, len);
}

static bool
set_url(struct http_client *client, char why[256])
{
	CURLU *url = curl_url();
	const char *fault = url != NULL ? url_fault(url, client->config->url) : "out of memory";
	const char *name = client->config->tls.server_name;

	if (fault == NULL)
		note_where(client, url);
	if (fault == NULL && name != NULL && !set_server_name(client, url, name))
		fault = "cannot be used with tls.server_name";
	if (fault == NULL) {
		char *query = url_part(url, CURLUPART_QUERY, 0);
		char *text = url_part(url, CURLUPART_URL, 0);
		client->has_query = query != NULL;
		if (text != NULL)
			client->url = copy_trimmed(text, query == NULL);
		if (client->url == NULL)
			fault = "out of memory";
		curl_free(query);
		curl_free(text);
	}
	curl_url_cleanup(url);
	if (fault != NULL)
		snprintf(why, 256, "url %s", fault);
	return fault == NULL;
}

struct http_client *
http_client_create(const struct sink_config *config, const struct transport_stop *stop,
		   char why[256])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, init_curl);
	if (config->url == NULL) {
		snprintf(why, 256, "no url");
		return NULL;
	}
	struct http_client *client = calloc(1, sizeof(*client));
	if (client != NULL) {
		client->config = config;
		client->stop = stop;
		client->body = malloc(HTTP_CLIENT_ANSWER_MAX + 1);
		client->multi = curl_multi_init();
		client->easy = curl_easy_init();
	}
	if (client == NULL || client->body == NULL || client->multi == NULL ||
	    client->easy == NULL) {
		snprintf(why, 256, "out of memory");
	} else if (set_url(client, why)) {
		return client;
	}
	http_client_destroy(client);
	return NULL;
}

void
http_client_destroy(struct http_client *client)
{
	if (client == NULL)
		return;
	curl_easy_cleanup(client->easy);
	if (client->multi != NULL)
		curl_multi_cleanup(client->multi);
	curl_slist_free_all(client->connect_to);
	free(client->url);
	free(client->body);
	free(client);
}

/* The cache of connections is the multi handle's. */
void
http_client_disconnect(struct http_client *client)
{
	CURLM *fresh = curl_multi_init();

	if (fresh == NULL)
		return; /* the next request finds out what the connection is worth */
	curl_multi_cleanup(client->multi);
	client->multi = fresh;
}

static void
set_tls(CURL *easy, const struct sink_tls *tls)
{
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (tls->ca != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, tls->ca);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL); /* these and no others */
	}
	if (tls->certificate != NULL)
		curl_easy_setopt(easy, CURLOPT_SSLCERT, tls->certificate);
	if (tls->key != NULL)
		curl_easy_setopt(easy, CURLOPT_SSLKEY, tls->key);
}

static void
set_options(struct http_client *client, CURL *easy)
{
	const struct sink_config *config = client->config;

	curl_easy_reset(easy);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* not even of the environment */
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "vigie");
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)config->timeout_s);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)config->timeout_s * WHOLE_FACTOR);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, client->error);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, client);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, client);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, note_progress);
	curl_easy_setopt(easy, CURLOPT_XFERINFODATA, client);
	if (client->connect_to != NULL)
		curl_easy_setopt(easy, CURLOPT_CONNECT_TO, client->connect_to);
	if (config->user != NULL && config->password != NULL) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(easy, CURLOPT_USERNAME, config->user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD, config->password);
	}
	set_tls(easy, &config->tls);
}

/* What curl says of the transfer once it has ended; CURLE_OK where nothing ended. */
static CURLcode
ended_with(CURLM *multi)
{
	CURLcode code = CURLE_OK;
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(multi, &left)) != NULL) {
		if (message->msg == CURLMSG_DONE)
			code = message->data.result;
	}
	return code;
}

/* One step of the transfer that is added. Returns 1 while it goes on, 0 at its end, -errno. */
static int
step(struct http_client *client, CURL *easy)
{
	struct curl_waitfd stop = {.fd = client->stop->fd, .events = CURL_WAIT_POLLIN};
	uint64_t limit_ms = (uint64_t)client->config->timeout_s * 1000;
	int running;

	if (atomic_load(&client->stop->wanted)) {
		/* Else curl waits for a resolver that may be deaf; the process is about to end. */
		curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
		return -ECANCELED;
	}
	if (curl_multi_perform(client->multi, &running) != CURLM_OK)
		return -EIO;
	if (running == 0)
		return 0;
	uint64_t idle_ms = now_ms() - client->moved_ms;
	if (idle_ms >= limit_ms)
		return -ETIMEDOUT;
	uint64_t left_ms = limit_ms - idle_ms;
	if (curl_multi_poll(client->multi, &stop, stop.fd >= 0 ? 1 : 0,
			    left_ms < STEP_MS ? (int)left_ms : STEP_MS, NULL) != CURLM_OK)
		return -EIO;
	return 1;
}

/* A peer that does not like our certificate says so in an alert of TLS, which curl passes on as a
 * failed read. */
static bool
is_certificate_alert(const char *error)
{
	return strstr(error, "alert") != NULL &&
	       (strstr(error, "certificate") != NULL || strstr(error, "unknown ca") != NULL);
}

static int
error_of(const struct http_client *client, CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return 0;
	case CURLE_COULDNT_RESOLVE_HOST:
		return -EHOSTUNREACH;
	case CURLE_COULDNT_CONNECT:
		return -ECONNREFUSED;
	case CURLE_OPERATION_TIMEDOUT:
		return -ETIMEDOUT;
	case CURLE_ABORTED_BY_CALLBACK:
		return -ECANCELED;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return -EACCES;
	case CURLE_WRITE_ERROR:
		return client->body_too_large ? -EMSGSIZE : -EPROTO;
	case CURLE_OUT_OF_MEMORY:
		return -ENOMEM;
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_SSL_CONNECT_ERROR:
		return is_certificate_alert(client->error) ? -EACCES : -ECONNRESET;
	default:
		return -EPROTO;
	}
}

/* What a person can do about it, behind curl's words. */
static const char *
advice(const struct http_client *client, CURLcode code)
{
	const char *words = client->error;

	if (code == CURLE_PEER_FAILED_VERIFICATION &&
	    (strstr(words, "local issuer") != NULL || strstr(words, "self-signed") != NULL ||
	     strstr(words, "self signed") != NULL))
		return ": name the file of its authority as `ca` in `tls`";
	if (strstr(words, "SSL connection timeout") != NULL ||
	    strstr(words, "wrong version number") != NULL)
		return ": does the receiver speak TLS at this port?";
	return "";
}

/* "HOST:PORT: what failed: what to do". */
static void
tell_failure(const struct http_client *client, int error, CURLcode code, char why[256])
{
	const char *words = client->error[0] != '\0' ? client->error : curl_easy_strerror(code);
	char text[sizeof(client->where) + CURL_ERROR_SIZE + 96], own[64];

	if (error == -ECANCELED) {
		words = "told to stop";
	} else if (error == -ETIMEDOUT && client->error[0] == '\0') {
		/* Single bytes of a header line may have come all the time. */
		snprintf(own, sizeof(own), "no whole answer within %u s",
			 client->config->timeout_s);
		words = own;
	} else if (client->body_too_large) {
		words = "the answer is too large";
	} else if (client->headers_len > HTTP_CLIENT_HEADERS_MAX) {
		words = "the answer's header is too large";
	}
	snprintf(text, sizeof(text), "%s: %s%s", client->where, words, advice(client, code));
	printable_text_copy(text, why, 256);
}

/* Runs the transfer of `easy` to its end. */
static int
run(struct http_client *client, CURL *easy, char why[256])
{
	CURLcode code = CURLE_OK;
	int error = -ENOMEM;

	client->body_len = client->headers_len = 0;
	client->body_too_large = false;
	client->error[0] = '\0';
	client->moved = 0;
	client->moved_ms = now_ms();
	if (curl_multi_add_handle(client->multi, easy) == CURLM_OK) {
		do
			error = step(client, easy);
		while (error == 1);
		if (error == 0) {
			code = ended_with(client->multi);
			error = error_of(client, code);
		}
		curl_multi_remove_handle(client->multi, easy);
	}
	client->body[client->body_len] = '\0';
	why[0] = '\0';
	if (error != 0)
		tell_failure(client, error, code, why);
	return error;
}

/* The fields of the request; ours only, and no "Expect: 100-continue". NULL: out of memory. */
static struct curl_slist *
make_headers(const char *const *headers)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");

	for (; list != NULL && headers != NULL && *headers != NULL; headers++) {
		struct curl_slist *longer = curl_slist_append(list, *headers);
		if (longer == NULL)
			curl_slist_free_all(list);
		list = longer;
	}
	return list;
}

static void
fill_answer(struct http_client *client, struct http_answer *answer)
{
	curl_off_t wait_s = 0;
	long status = 0;

	curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(client->easy, CURLINFO_RETRY_AFTER, &wait_s);
	answer->status = (unsigned)status;
	answer->retry_after_s = wait_s > 0 && wait_s <= UINT32_MAX ? (uint32_t)wait_s : 0;
	answer->body = client->body;
	answer->len = client->body_len;
}

int
http_client_exchange(struct http_client *client, const struct http_request *request,
		     struct http_answer *answer)
{
	char url[4096];
	int len = snprintf(url, sizeof(url), "%s%s", client->url,
			   request->path != NULL ? request->path : "");

	*answer = (struct http_answer){.body = ""};
	if (len < 0 || (size_t)len >= sizeof(url)) {
		snprintf(answer->why, sizeof(answer->why), "the url is too long");
		return -EINVAL;
	}
	struct curl_slist *headers = make_headers(request->headers);
	if (headers == NULL) {
		snprintf(answer->why, sizeof(answer->why), "out of memory");
		return -ENOMEM;
	}
	set_options(client, client->easy);
	curl_easy_setopt(client->easy, CURLOPT_URL, url);
	curl_easy_setopt(client->easy, CURLOPT_HTTPHEADER, headers);
	if (request->body != NULL) {
		curl_easy_setopt(client->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(client->easy, CURLOPT_POSTFIELDS, request->body);
		curl_easy_setopt(client->easy, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)request->len);
	}
	int error = run(client, client->easy, answer->why);
	if (error == 0)
		fill_answer(client, answer);
	/* It points at what is freed here, and at the secrets. */
	curl_easy_reset(client->easy);
	curl_slist_free_all(headers);
	return error;
}

int
http_client_probe(struct http_client *client, struct http_answer *answer)
{
	/* A handle of its own: curl does not use its connection for requests. */
	CURL *easy = curl_easy_init();

	*answer = (struct http_answer){.body = ""};
	if (easy == NULL) {
		snprintf(answer->why, sizeof(answer->why), "out of memory");
		return -ENOMEM;
	}
	set_options(client, easy);
	curl_easy_setopt(easy, CURLOPT_URL, client->url);
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	int error = run(client, easy, answer->why);
	curl_easy_cleanup(easy);
	return error;
}

int
http_client_pause(struct http_client *client, unsigned milliseconds)
{
	struct pollfd stop = {.fd = client->stop->fd, .events = POLLIN};
	uint64_t until_ms = now_ms() + milliseconds;

	for (;;) {
		uint64_t at_ms = now_ms();
		if (atomic_load(&client->stop->wanted))
			return -ECANCELED;
		if (at_ms >= until_ms)
			return 0;
		/* poll passes over a negative descriptor. */
		uint64_t left_ms = until_ms - at_ms;
		(void)poll(&stop, 1, left_ms < STEP_MS ? (int)left_ms : STEP_MS);
	}
}

bool
http_client_has_query(const struct http_client *client)
{
	return client->has_query;
}
