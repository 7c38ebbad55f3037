/* SPDX-License-Identifier: Apache-2.0 */
/* In the order of nDPI 4.2's list (ndpi_risk_enum); protocol_detector.c holds their number to it.
 */
#include "classifier/protocol/protocol_risk.h"

#include <stddef.h>

static const char *const texts[PROTOCOL_RISK_COUNT] = {
	[1] = "possible-xss-in-url",
	[2] = "possible-sql-injection-in-url",
	[3] = "possible-code-injection-in-url",
	[4] = "binary-application-transfer",
	[5] = "known-protocol-on-other-port",
	[6] = "tls-self-signed-certificate",
	[7] = "tls-obsolete-version",
	[8] = "tls-weak-cipher",
	[9] = "tls-certificate-expired",
	[10] = "tls-certificate-mismatch",
	[11] = "http-suspicious-user-agent",
	[12] = "http-numeric-host",
	[13] = "http-suspicious-url",
	[14] = "http-suspicious-header",
	[15] = "tls-not-carrying-https",
	[16] = "suspicious-generated-domain",
	[17] = "malformed-packet",
	[18] = "ssh-obsolete-client",
	[19] = "ssh-obsolete-server",
	[20] = "smb-insecure-version",
	[21] = "tls-suspicious-esni",
	[22] = "unsafe-protocol",
	[23] = "dns-suspicious-traffic",
	[24] = "tls-missing-sni",
	[25] = "http-suspicious-content",
	[26] = "risky-asn",
	[27] = "risky-domain",
	[28] = "malicious-ja3",
	[29] = "malicious-certificate",
	[30] = "desktop-or-file-sharing",
	[31] = "tls-uncommon-alpn",
	[32] = "tls-certificate-validity-too-long",
	[33] = "tls-suspicious-extension",
	[34] = "tls-fatal-alert",
	[35] = "suspicious-entropy",
	[36] = "clear-text-credentials",
	[37] = "dns-large-packet",
	[38] = "dns-fragmented",
	[39] = "invalid-characters",
	[40] = "possible-exploit",
	[41] = "tls-certificate-about-to-expire",
};

const char *
protocol_risk_text(unsigned bit)
{
	return bit < PROTOCOL_RISK_COUNT && texts[bit] != NULL ? texts[bit] : "";
}
