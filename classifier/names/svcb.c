/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/svcb.h"

#include "classifier/names/ech_config.h"

/* RFC 9460 14.3.2 */
enum {
	KEY_MANDATORY = 0,
	KEY_IPV4_HINT = 4,
	KEY_ECH = 5,
	KEY_IPV6_HINT = 6,
};

static bool
is_list_of(struct slice value, size_t width)
{
	return value.len != 0 && value.len % width == 0;
}

static bool
is_config_list(struct slice value)
{
	struct cursor configs = ech_config_list(value);
	struct slice public_name;

	while (ech_config_next(&configs, &public_name))
		;
	return !configs.failed;
}

/* Whether the value has the format of its key (RFC 9460 7.3, 8; RFC 9848 3). */
static bool
take_value(uint16_t key, struct slice value, struct svcb *out)
{
	switch (key) {
	case KEY_MANDATORY:
		return is_list_of(value, 2);
	case KEY_IPV4_HINT:
		out->ipv4_hints = value;
		return is_list_of(value, 4);
	case KEY_IPV6_HINT:
		out->ipv6_hints = value;
		return is_list_of(value, 16);
	case KEY_ECH:
		out->ech = value;
		return is_config_list(value);
	default:
		return true;
	}
}

/* RFC 9460 2.2: keys stand in ascending order, none twice, up to the end of the data. */
static bool
read_params(struct cursor *c, struct svcb *out)
{
	int32_t last = -1;

	while (cursor_left(c) != 0) {
		uint16_t key = cursor_be16(c);
		struct slice value = cursor_vec16(c);
		if (c->failed || key <= last || !take_value(key, value, out))
			return false;
		last = key;
	}
	return true;
}

/* RFC 9460 2.2: the target is not compressed; read in a slice of its own, no pointer can lead back.
 * 2.4.2: parameters are ignored in AliasMode. */
bool
svcb_parse(struct slice data, struct svcb *out)
{
	struct cursor c = cursor_over(data);

	out->ipv4_hints = out->ipv6_hints = out->ech = (struct slice){0};
	out->priority = cursor_be16(&c);
	if (c.failed || !dns_name_read(data, 2, &out->target))
		return false;
	dns_name_skip(&c);
	return !c.failed && (out->priority == 0 || read_params(&c, out));
}
