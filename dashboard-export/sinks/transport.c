/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/transport.h"

static const struct transport_kind *const kinds[] = {
	&transport_syslog_udp, &transport_syslog_tcp, &transport_syslog_tls, &transport_relp,
	&transport_unix,       &transport_file,       &transport_hec,        &transport_bulk,
	&transport_webhook,    &transport_kafka,      &transport_redis,
};

const struct transport_kind *
transport_kind_at(unsigned number)
{
	return number < sizeof(kinds) / sizeof(*kinds) ? kinds[number] : NULL;
}
