/* SPDX-License-Identifier: Apache-2.0 */
#include "base/country.h"

#include <string.h>

/* The codes, each followed by a space, so that a code is found only at its own place. */
static const char assigned[] = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG "
			       "BH BI BJ BL BM BN BO BQ BR "
			       "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW "
			       "CX CY CZ DE DJ DK DM DO DZ "
			       "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL "
			       "GM GN GP GQ GR GS GT GU GW "
			       "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE "
			       "KG KH KI KM KN KP KR KW KY "
			       "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM "
			       "MN MO MP MQ MR MS MT MU MV "
			       "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH "
			       "PK PL PM PN PR PS PT PW PY "
			       "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS "
			       "ST SV SX SY SZ TC TD TF TG "
			       "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG "
			       "VI VN VU WF WS YE YT ZA ZM "
			       "ZW ";

static const char eea[] = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO "
			  "PL PT RO SE SI SK ";

static bool
is_in(const char *codes, const char *code)
{
	if (strlen(code) != 2)
		return false;
	for (; *codes != '\0'; codes += 3) {
		if (codes[0] == code[0] && codes[1] == code[1])
			return true;
	}
	return false;
}

bool
country_is_assigned(const char *code)
{
	return is_in(assigned, code);
}

bool
country_is_in_eea(const char *code)
{
	return is_in(eea, code);
}
