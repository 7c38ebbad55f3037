/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One receiver of alerts or flows as it was set, secrets read already. Plain record, not changed
 * after the start; who made it owns the texts.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "classifier/policy/severity.h"
#include "dashboard-export/formats/format.h"

struct arena;
struct fault_list;
struct sink_file;
struct transport_kind;

enum sink_framing {
	SINK_FRAMING_OCTET_COUNTING, /**< RFC 6587 3.4.1 */
	SINK_FRAMING_NEWLINE,        /**< RFC 6587 3.4.2 */
};

/** TLS 1.2 at least, always with the receiver's certificate checked. */
struct sink_tls {
	bool wanted;
	const char *ca;          /**< file of trusted certificates; NULL: the system's */
	const char *certificate; /**< our own, with its chain, or NULL */
	const char *key;         /**< of `certificate` */
	const char
		*server_name; /**< the name that the certificate must have; NULL: the address's */
};

struct sink_config {
	const char *name; /**< of the sink: letters, digits, '-', '_', '.'; at most 64 */
	const struct transport_kind *kind;
	const struct format *format;
	bool alerts, flows;    /**< what it is sent */
	enum severity minimum; /**< alerts below it are not sent */
	bool by_hand; /**< sent by a command: it says nothing of how far the sink has come */
	/* Where to. Which of them are there is the kind's. */
	const char *host; /**< name or address, without brackets */
	const char *port; /**< decimal */
	const char *path; /**< file or Unix socket */
	const char *url;
	struct sink_tls tls;
	enum sink_framing framing;
	struct format_context context;
	uint32_t limit;     /**< bytes of one message */
	uint32_t batch;     /**< most messages sent before their acknowledgement is waited for */
	uint32_t rate;      /**< most messages a second; 0: no limit */
	uint32_t timeout_s; /**< without progress, the connection is given up */
	uint32_t resend_s;  /**< what was written so short before a break is sent again */
	uint32_t failing_s; /**< after so long without success the sensor tells about it */
	/* Who we are to the receiver. NULL: not given. */
	const char *user, *password; /**< HTTP basic, Redis ACL, Kafka SASL */
	const char *token;           /**< HEC */
	const char *secret;          /**< HMAC of the webhook */
	/* HEC and _bulk. */
	const char *index, *source_type;
	/* Kafka. */
	const char *brokers; /**< "host:port,host:port" */
	const char *topic, *flow_topic;
	/* Redis. */
	const char *stream, *flow_stream; /**< keys of the streams */
	uint32_t database;
	uint64_t max_len; /**< entries a stream keeps, about */
	bool rollups;     /**< sums go there too */
	/* File. */
	uint64_t rotate_bytes; /**< 0: not by size */
	uint32_t rotate_s;     /**< 0: not by age */
	uint32_t keep;         /**< rotated files that are kept */
};

/**
 * Makes `out` of a sink of the settings without faults, defaults filled in (sink_file_fill), and
 * what `context` says of the sensor; secrets are not read yet. Borrows the texts of both; new ones
 * are put into `arena`. Returns 0, -ENOMEM, or -ENOTSUP where there is no such transport.
 */
int sink_config_make(const struct sink_file *file, const struct format_context *context,
		     struct arena *arena, struct sink_config *out);

/**
 * Reads the secrets that `file` names into `out`, and looks whether the files of TLS can be read.
 * What is wrong goes to `faults`, at its key. Wipe them with sink_config_wipe.
 */
void sink_config_read_secrets(const struct sink_file *file, struct arena *arena,
			      struct sink_config *out, struct fault_list *faults);

/** Overwrites the secrets; `config` has none afterwards. */
void sink_config_wipe(struct sink_config *config);
