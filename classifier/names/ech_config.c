/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/ech_config.h"

#define VERSION_ECH 0xfe0d

/* RFC 9849 4.2: extensions of these types have to be understood by whoever uses the configuration;
 * none is defined. */
#define TYPE_MANDATORY 0x8000

struct cursor
ech_config_list(struct slice list)
{
	struct cursor c = cursor_over(list);
	struct cursor configs = cursor_over(cursor_vec16(&c));

	configs.failed = c.failed || cursor_left(&c) != 0 || cursor_left(&configs) == 0;
	return configs;
}

/* config_id, kem_id, public_key<1..2^16-1>, cipher_suites<4..2^16-4> */
static bool
skip_key(struct cursor *c)
{
	cursor_skip(c, 1 + 2);
	struct slice public_key = cursor_vec16(c);
	struct slice cipher_suites = cursor_vec16(c);

	return !c->failed && public_key.len != 0 && cipher_suites.len != 0 &&
	       cipher_suites.len % 4 == 0;
}

/* False where the list is cut. */
static bool
read_extensions(struct slice extensions, bool *mandatory)
{
	struct cursor c = cursor_over(extensions);

	*mandatory = false;
	while (cursor_left(&c) != 0) {
		*mandatory |= (cursor_be16(&c) & TYPE_MANDATORY) != 0;
		(void)cursor_vec16(&c);
	}
	return !c.failed;
}

/* ECHConfigContents; false where lengths contradict. */
static bool
read_contents(struct slice contents, struct slice *public_name, bool *usable)
{
	struct cursor c = cursor_over(contents);
	bool mandatory;

	if (!skip_key(&c))
		return false;
	cursor_skip(&c, 1); /* maximum_name_length */
	*public_name = cursor_vec8(&c);
	struct slice extensions = cursor_vec16(&c);
	if (c.failed || cursor_left(&c) != 0 || public_name->len == 0 ||
	    !read_extensions(extensions, &mandatory))
		return false;
	*usable = !mandatory;
	return true;
}

bool
ech_config_next(struct cursor *configs, struct slice *public_name)
{
	bool usable = false;

	while (!usable && cursor_left(configs) != 0) {
		uint16_t version = cursor_be16(configs);
		struct slice contents = cursor_vec16(configs);
		if (!configs->failed && version == VERSION_ECH &&
		    !read_contents(contents, public_name, &usable))
			configs->failed = true;
	}
	return usable && !configs->failed;
}
