/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/sink_exposure.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/ip_address.h"
#include "dashboard-export/sinks/sink_address.h"

/* RFC 1122 3.2.1.3 (g), RFC 4291 2.5.3, RFC 6761 6.3 */
static bool
is_loopback(const char *text)
{
	struct sink_address address;
	struct ip_address ip;

	if (sink_address_parse(text, "1", &address) != NULL)
		return false;
	if (ip_address_parse(address.host, &ip) == 0)
		return strncmp(address.host, "127.", 4) == 0 || strcmp(address.host, "::1") == 0;
	return strcasecmp(address.host, "localhost") == 0;
}

static bool
brokers_are_far(const struct config_list *brokers)
{
	const char *const *broker = brokers->items;

	for (size_t i = 0; i < brokers->count; i++) {
		if (broker[i] != NULL && !is_loopback(broker[i]))
			return true;
	}
	return false;
}

/* Whether what is sent passes a network without TLS. */
static bool
is_open(const struct sink_file *file)
{
	char host[SINK_ADDRESS_HOST_MAX + 16];

	if (file->url != NULL) {
		if (strncmp(file->url, "http://", 7) != 0)
			return false;
		snprintf(host, sizeof(host), "%.*s", (int)strcspn(file->url + 7, "/?#"),
			 file->url + 7);
		return !is_loopback(host);
	}
	if (file->tls != NULL)
		return false;
	return file->address != NULL ? !is_loopback(file->address)
				     : brokers_are_far(&file->brokers);
}

const char *
sink_exposure_secret(const struct sink_file *file)
{
	const char *secret = NULL;

	if (file->password_file != NULL || file->password_env != NULL)
		secret = "password";
	else if (file->token_file != NULL || file->token_env != NULL)
		secret = "token";
	return secret != NULL && is_open(file) ? secret : NULL;
}

bool
sink_exposure_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	struct stat status;

	int len = slash == NULL ? snprintf(folder, sizeof(folder), ".")
				: snprintf(folder, sizeof(folder), "%.*s",
					   slash == path ? 1 : (int)(slash - path), path);
	if (len < 0 || (size_t)len >= sizeof(folder) || stat(folder, &status) != 0)
		return false;
	return (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (status.st_mode & S_ISVTX) == 0;
}
