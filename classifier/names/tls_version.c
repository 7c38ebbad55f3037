/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/tls_hello.h"

#define TLS_MAJOR 3 /* SSL 3.0 is 0x0300, TLS 1.3 is 0x0304 */
#define TLS_1_3_DRAFT_MAJOR 0x7f
#define TLS_1_3_FIZZ_MAJOR 0xfb
#define DTLS_MAJOR 0xfe /* DTLS 1.0 is 0xfeff, 1.2 is 0xfefd, 1.3 is 0xfefc */

uint16_t
tls_version_known(uint16_t wire, enum tls_carrier carrier)
{
	if (carrier == TLS_CARRIER_DTLS)
		return wire >> 8 == DTLS_MAJOR ? wire : 0;
	if (wire >> 8 == TLS_1_3_DRAFT_MAJOR || wire >> 8 == TLS_1_3_FIZZ_MAJOR)
		return TLS_VERSION_1_3;
	return wire >> 8 == TLS_MAJOR ? wire : 0;
}

bool
tls_version_later(uint16_t version, uint16_t other, enum tls_carrier carrier)
{
	return carrier == TLS_CARRIER_DTLS ? version < other : version > other;
}
