/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names as a client may write them, through the same two steps as those of real traffic: spelling
 * (base/domain_name.h), then the shipped catalogue. What only looks like somebody's name is
 * nobody's or that of the name's real owner; odd spellings of right names stay right.
 */
#include "classifier/catalogue/catalogue.h"

#include <stdio.h>
#include <string.h>

#include "base/domain_name.h"
#include "tests/unit/unit.h"

#define LABEL_63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static struct catalogue *catalogue;

/* Operator of a name in the catalogue; "refused" where it is no name, "" where it is nobody's. */
static const char *
owner_of(struct slice wire)
{
	static char name[DOMAIN_NAME_MAX];
	struct catalogue_name found;

	if (domain_name_canonical(wire, name) == 0)
		return "refused";
	return catalogue_find_name(catalogue, name, &found) ? found.owner->id : "";
}

static const struct {
	const char *wire;
	const char *owner;
} rows[] = {
	/* somebody else's name in front of or around ours */
	{"amazonaws.com.evil.example", ""},
	{"s3.eu-west-3.amazonaws.com.evil.example", ""},
	{"notamazonaws.com", ""},
	{"s3.notamazonaws.com", ""},
	{"amazonaws-com.example", ""},
	{"amazonaws.com-login.example", ""},
	{"amazonaws.co", ""},
	{"amazonaws.comm", ""},
	{"evil-dropbox.com", ""},
	{"dropbox.com.co", ""},
	{"www.google.fr.example", ""},
	{"0utlook.office365.com.example", ""},
	{"office365.com.mail.example", ""},
	{"ovh.net.example", ""},
	{"cloudovh.net", ""},
	{"cloud.ovh.net.amazonaws.com", "aws"},
	{"amazonaws.com.cloud.ovh.net", "ovhcloud"},
	{"drive.google.com.s3.amazonaws.com", "aws"},
	{"com", ""},
	{"net", ""},
	{"fr", ""},
	/* the right names, however they are spelled */
	{"s3.eu-west-3.amazonaws.com", "aws"},
	{"S3.EU-WEST-3.AMAZONAWS.COM", "aws"},
	{"s3.Eu-West-3.AmazonAWS.cOm.", "aws"},
	{"amazonaws.com.", "aws"},
	{"DRIVE.GOOGLE.COM", "google"},
	{"s3.gra.io.cloud.ovh.net.", "ovhcloud"},
	{"amazonaws.com.cn", "aws-china"},
	/* IDN: letters that look alike are other names, in both spellings */
	{"xn--mazonaws-z2a.com", ""},
	{"xn--amazonaws-.com", ""},
	{"s3.xn--amazonaws-9za.com", ""},
	{"xn--drpbox-wxa.com", ""},
	{"xn--80ak6aa92e.com", ""},
	{"xn--caf-dma.s3.eu-west-3.amazonaws.com", "aws"},
	{"\xd0\xb0mazonaws.com", "refused"},
	{"amazonaws\xe3\x80\x82"
	 "com",
	 "refused"},
	/* no names at all */
	{"", "refused"},
	{".", "refused"},
	{"..", "refused"},
	{".amazonaws.com", "refused"},
	{"a..amazonaws.com", "refused"},
	{"amazonaws.com..", "refused"},
	{"amazonaws..com", "refused"},
	{" amazonaws.com", "refused"},
	{"amazonaws.com ", "refused"},
	{"amazonaws.com/", "refused"},
	{"amazonaws.com:443", "refused"},
	{"user@amazonaws.com", "refused"},
	{"amazonaws.com\n", "refused"},
	{"[2001:db8::1]", "refused"},
	{LABEL_63 "a.amazonaws.com", "refused"},
	{LABEL_63 ".amazonaws.com", "aws"},
	/* address literals, also of an operator's own addresses and in forms that resolvers take */
	{"52.95.110.1", ""},
	{"8.8.8.8", ""},
	{"192.0.2.1", ""},
	{"192.0.2.1.", ""},
	{"0x8.8.8.8", ""},
	{"134744072", ""},
	{"010.0.0.1", ""},
	{"1.1.1.1.amazonaws.com", "aws"},
};

static void
no_look_alike_gives_a_wrong_operator(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *owner = owner_of(slice_of(rows[i].wire, strlen(rows[i].wire)));
		if (strcmp(owner, rows[i].owner) != 0) {
			fprintf(stderr, "# `%s` is `%s`, not `%s`\n", rows[i].wire, owner,
				rows[i].owner);
			CU_FAIL("another operator");
		}
	}
}

/* A NUL ends texts, but not names on the wire. */
static void
a_nul_byte_hides_nothing(void)
{
	static const char first[] = "amazonaws.com\0.evil.example";
	static const char second[] = "evil.example\0.amazonaws.com";

	CU_ASSERT_STRING_EQUAL(owner_of(slice_of(first, sizeof(first) - 1)), "refused");
	CU_ASSERT_STRING_EQUAL(owner_of(slice_of(second, sizeof(second) - 1)), "refused");
}

/* 253 characters are the longest name (RFC 1035 2.3.4), with a final dot 254. */
static void
longest_names_are_found_and_longer_ones_refused(void)
{
	static const char tail[] = ".amazonaws.com";
	char name[512];

	for (size_t len = 200; len <= 300; len++) {
		size_t head = len - strlen(tail);
		for (size_t i = 0; i < head; i++)
			name[i] = i % 50 == 49 && i + 1 < head ? '.' : 'a';
		memcpy(name + head, tail, sizeof(tail));
		const char *owner = owner_of(slice_of(name, len));
		CU_ASSERT_STRING_EQUAL(owner, len <= 253 ? "aws" : "refused");
		name[len] = '.';
		owner = owner_of(slice_of(name, len + 1));
		CU_ASSERT_STRING_EQUAL(owner, len <= 253 ? "aws" : "refused");
	}
	/* the same of labels of one letter, deeper than any suffix */
	for (size_t i = 0; i < 240; i++)
		name[i] = i % 2 == 0 ? 'a' : '.';
	strcpy(name + 239, tail);
	CU_ASSERT_STRING_EQUAL(owner_of(slice_of(name, strlen(name))), "aws");
}

static const struct unit_case cases[] = {
	{"no_look_alike_gives_a_wrong_operator", no_look_alike_gives_a_wrong_operator},
	{"a_nul_byte_hides_nothing", a_nul_byte_hides_nothing},
	{"longest_names_are_found_and_longer_ones_refused",
	 longest_names_are_found_and_longer_ones_refused},
};

int
main(void)
{
	struct fault_list faults = FAULT_LIST_INIT;

	catalogue = catalogue_load(unit_source_path("configs/catalogue"), &faults);
	if (catalogue == NULL) {
		printf("Bail out! the shipped catalogue has %zu faults\n", faults.count);
		fault_list_fini(&faults);
		return 1;
	}
	int status = unit_run("look_alikes", cases, sizeof(cases) / sizeof(*cases));
	catalogue_destroy(catalogue);
	return status;
}
