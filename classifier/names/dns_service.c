/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/dns_service.h"

#include <string.h>

#include "classifier/names/ech_config.h"

static void
add_hints(struct dns_answer *answer, struct dns_service *s, uint8_t version, struct slice hints)
{
	size_t width = version == 4 ? 4 : 16;

	for (struct cursor c = cursor_over(hints); cursor_left(&c) >= width;) {
		struct slice bytes = cursor_take(&c, width);
		if (s->hint_count == DNS_HINTS_MAX) {
			answer->services_dropped++;
			return;
		}
		struct ip_address *hint = &s->hints[s->hint_count++];
		*hint = (struct ip_address){.version = version};
		memcpy(hint->bytes, bytes.data, width);
	}
}

static bool
has_public_name(const struct dns_service *s, const char *name)
{
	for (size_t i = 0; i < s->public_name_count; i++) {
		if (strcmp(s->public_names[i], name) == 0)
			return true;
	}
	return false;
}

/* RFC 9849 4: a public name that is no host name, or an address, makes a configuration useless. */
static void
add_public_names(struct dns_answer *answer, struct dns_service *s, struct slice list)
{
	struct cursor configs = ech_config_list(list);
	struct slice wire;
	char name[DOMAIN_NAME_MAX];

	s->has_ech = true;
	while (ech_config_next(&configs, &wire)) {
		if (domain_name_canonical(wire, name) == 0 || domain_name_is_address(name)) {
			answer->services_dropped++;
		} else if (!has_public_name(s, name)) {
			if (s->public_name_count == DNS_PUBLIC_NAMES_MAX) {
				answer->services_dropped++;
				return;
			}
			memcpy(s->public_names[s->public_name_count++], name, strlen(name) + 1);
		}
	}
}

void
dns_service_add(struct dns_answer *answer, uint16_t type, const struct svcb *svcb, bool is_own)
{
	/* RFC 9460 2.5.1: an alias to the root says that there is no such service. */
	if (svcb->priority == 0 && svcb->target.len == 1)
		return;
	if (answer->service_count == DNS_SERVICES_MAX) {
		answer->services_dropped++;
		return;
	}
	struct dns_service *s = &answer->services[answer->service_count];
	s->type = type;
	s->priority = svcb->priority;
	s->target[0] = '\0';
	s->hint_count = s->public_name_count = 0;
	s->has_ech = false;
	if (!is_own && dns_name_canonical(&svcb->target, s->target) == 0) {
		answer->services_dropped++;
		return;
	}
	add_hints(answer, s, 4, svcb->ipv4_hints);
	add_hints(answer, s, 6, svcb->ipv6_hints);
	if (svcb->ech.len != 0)
		add_public_names(answer, s, svcb->ech);
	answer->service_count++;
}
