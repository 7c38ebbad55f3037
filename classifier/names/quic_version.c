/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/quic_version.h"

/* RFC 9001 5.2, the same since draft-ietf-quic-tls-33 */
#define SALT_V1                                                                               \
	{                                                                                     \
		0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, \
			0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a                              \
	}
/* RFC 9369 3.3.1 */
#define SALT_V2                                                                               \
	{                                                                                     \
		0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, \
			0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9                              \
	}
/* draft-ietf-quic-tls-29 to -32 */
#define SALT_DRAFT_29                                                                         \
	{                                                                                     \
		0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, \
			0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99                              \
	}
/* draft-ietf-quic-tls-23 to -28; mvfst kept it under numbers of its own */
#define SALT_DRAFT_23                                                                         \
	{                                                                                     \
		0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, \
			0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02                              \
	}

#define TYPES_V1                         \
	{                                \
		.initial = 0, .retry = 3 \
	}
#define TYPES_V2                         \
	{                                \
		.initial = 1, .retry = 0 \
	}

static const struct quic_labels labels_v1 = {.key = "quic key", .iv = "quic iv", .hp = "quic hp"};
static const struct quic_labels labels_v2 = {
	.key = "quicv2 key", .iv = "quicv2 iv", .hp = "quicv2 hp"};

/* The most frequent first: the table is searched from the front. */
const struct quic_version quic_versions[QUIC_VERSION_COUNT] = {
	{0x00000001, SALT_V1, &labels_v1, TYPES_V1},
	{0x6b3343cf, SALT_V2, &labels_v2, TYPES_V2},
	{0xfaceb002, SALT_DRAFT_23, &labels_v1, TYPES_V1}, /* mvfst */
	{0xfaceb00e, SALT_DRAFT_23, &labels_v1, TYPES_V1}, /* mvfst, experiments */
	{0xff00001d, SALT_DRAFT_29, &labels_v1, TYPES_V1},
	{0xff00001b, SALT_DRAFT_23, &labels_v1, TYPES_V1},
	{0xff00001c, SALT_DRAFT_23, &labels_v1, TYPES_V1},
	{0xff00001e, SALT_DRAFT_29, &labels_v1, TYPES_V1},
	{0xff00001f, SALT_DRAFT_29, &labels_v1, TYPES_V1},
	{0xff000020, SALT_DRAFT_29, &labels_v1, TYPES_V1},
	{0xff000021, SALT_V1, &labels_v1, TYPES_V1},
	{0xff000022, SALT_V1, &labels_v1, TYPES_V1},
};

const struct quic_version *
quic_version_find(uint32_t number)
{
	for (size_t i = 0; i < QUIC_VERSION_COUNT; i++) {
		if (quic_versions[i].number == number)
			return &quic_versions[i];
	}
	return NULL;
}
