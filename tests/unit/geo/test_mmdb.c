/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups against the JSON that the published test databases were made of, and every corrupt
 * database there is. */
#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#include "geo/mmdb.h"
#include "tests/unit/geo/tiny_mmdb.h"

static struct mmdb *
open_published(const char *name, enum mmdb_kind kind)
{
	struct fault_list faults = FAULT_LIST_INIT;
	char path[128];
	snprintf(path, sizeof(path), "tests/mmdb/test-data/%s.mmdb", name);
	struct mmdb *db = mmdb_open(unit_source_path(path), kind, &faults);
	if (faults.count > 0)
		printf("# %s\n", faults.faults[0].text);
	CU_ASSERT_PTR_NOT_NULL_FATAL(db);
	CU_ASSERT_EQUAL(faults.count, 0);
	return db;
}

static void
is_refused(const char *path, enum mmdb_kind kind, const char *why)
{
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_PTR_NULL(mmdb_open(path, kind, &faults));
	CU_ASSERT_EQUAL_FATAL(faults.count, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(faults.faults[0].text, why));
	CU_ASSERT_EQUAL(strncmp(faults.faults[0].text, path, strlen(path)), 0);
	fault_list_fini(&faults);
}

/* What the JSON of a test database says of one prefix. */
struct expected {
	struct ip_prefix prefix;
	uint32_t asn;
	char org[256];
	char country[8];
};

/* If `line` is "key": "text" or "key": number at `indent`, copies the value. */
static bool
json_member(const char *line, int indent, const char *key, char *value)
{
	char start[64];
	int len = snprintf(start, sizeof(start), "%*s\"%s\": ", indent, "", key);
	if (strncmp(line, start, (size_t)len) != 0)
		return false;
	bool quoted = line[len] == '"';
	line += len + quoted;
	size_t end = strcspn(line, quoted ? "\"\n" : ",\n");
	memcpy(value, line, end);
	value[end] = '\0';
	return true;
}

typedef void (*check_fn)(const struct mmdb *db, const struct expected *e);

/* The files are printed with fixed indents: prefix at 4, its members at 6, members of a country
 * at 8. */
static unsigned
check_against_json(const struct mmdb *db, const char *json, check_fn check)
{
	FILE *file = fopen(unit_source_path(json), "r");
	struct expected e = {0};
	char line[512], value[512];
	bool in_country = false;
	unsigned checked = 0;
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, "    \"", 5) == 0) {
			line[5 + strcspn(line + 5, "\"")] = '\0';
			e = (struct expected){.prefix = given_prefix(line + 5)};
		} else if (json_member(line, 6, "autonomous_system_number", value)) {
			e.asn = (uint32_t)strtoul(value, NULL, 10);
		} else if (json_member(line, 6, "autonomous_system_organization", value)) {
			snprintf(e.org, sizeof(e.org), "%.255s", value);
		} else if (json_member(line, 8, "iso_code", value) && in_country) {
			snprintf(e.country, sizeof(e.country), "%.7s", value);
		} else if (strncmp(line, "  }", 3) == 0) {
			check(db, &e);
			checked++;
		}
		if (strncmp(line, "      \"", 7) == 0)
			in_country = strncmp(line, "      \"country\": {", 18) == 0;
	}
	fclose(file);
	return checked;
}

static void
check_asn(const struct mmdb *db, const struct expected *e)
{
	uint32_t asn = 0;
	char org[256];
	enum lookup_answer answer = mmdb_lookup_asn(db, &e->prefix.address, &asn, org, sizeof(org));
	CU_ASSERT_EQUAL(answer, e->asn != 0 ? LOOKUP_FOUND : LOOKUP_ABSENT);
	CU_ASSERT_EQUAL(asn, e->asn);
	CU_ASSERT_STRING_EQUAL(org, e->org);
}

static void
check_country(const struct mmdb *db, const struct expected *e)
{
	char country[3] = "";
	enum lookup_answer answer = mmdb_lookup_country(db, &e->prefix.address, country);
	CU_ASSERT_EQUAL(answer, e->country[0] != '\0' ? LOOKUP_FOUND : LOOKUP_ABSENT);
	CU_ASSERT_STRING_EQUAL(country, e->country);
}

static void
asn_database_answers_as_its_source(void)
{
	struct mmdb *db = open_published("GeoLite2-ASN-Test", MMDB_KIND_ASN);
	unsigned checked =
		check_against_json(db, "tests/mmdb/source-data/GeoLite2-ASN-Test.json", check_asn);
	CU_ASSERT_EQUAL(checked, 720);
	CU_ASSERT_EQUAL(strncmp(mmdb_source(db), "GeoLite2-ASN 20", 15), 0);
	mmdb_close(db);
}

static void
country_database_answers_as_its_source(void)
{
	struct mmdb *db = open_published("GeoLite2-Country-Test", MMDB_KIND_COUNTRY);
	unsigned checked = check_against_json(
		db, "tests/mmdb/source-data/GeoLite2-Country-Test.json", check_country);
	CU_ASSERT_EQUAL(checked, 244);
	mmdb_close(db);
}

static void
isp_database_serves_for_asn_and_city_for_country(void)
{
	uint32_t asn;
	char org[256], country[3];
	struct ip_address telstra = given_address("1.128.0.0"),
			  london = given_address("81.2.69.160");
	struct mmdb *db = open_published("GeoIP2-ISP-Test", MMDB_KIND_ASN);
	CU_ASSERT_EQUAL(mmdb_lookup_asn(db, &telstra, &asn, org, sizeof(org)), LOOKUP_FOUND);
	CU_ASSERT_EQUAL(asn, 1221);
	CU_ASSERT_STRING_EQUAL(org, "Telstra Pty Ltd");
	mmdb_close(db);

	static const char *const kinds[] = {"GeoLite2-City-Test", "GeoIP2-Country-Test"};
	for (int i = 0; i < 2; i++) {
		db = open_published(kinds[i], MMDB_KIND_COUNTRY);
		CU_ASSERT_EQUAL(mmdb_lookup_country(db, &london, country), LOOKUP_FOUND);
		CU_ASSERT_STRING_EQUAL(country, "GB");
		mmdb_close(db);
	}
}

static void
country_of_registration_is_not_taken(void)
{
	/* 2a02:d500::/29 has a registered country and no country. */
	struct ip_address a = given_address("2a02:d500::1");
	char country[3] = "";
	struct mmdb *db = open_published("GeoLite2-Country-Test", MMDB_KIND_COUNTRY);
	CU_ASSERT_EQUAL(mmdb_lookup_country(db, &a, country), LOOKUP_ABSENT);
	CU_ASSERT_STRING_EQUAL(country, "");
	mmdb_close(db);
}

static void
long_organisation_is_cut(void)
{
	uint32_t asn;
	char org[8];
	struct ip_address telstra = given_address("1.128.0.0");
	struct mmdb *db = open_published("GeoLite2-ASN-Test", MMDB_KIND_ASN);
	CU_ASSERT_EQUAL(mmdb_lookup_asn(db, &telstra, &asn, org, sizeof(org)), LOOKUP_FOUND);
	CU_ASSERT_STRING_EQUAL(org, "Telstra");
	mmdb_close(db);
}

static void
database_of_another_kind_is_refused(void)
{
	static const struct {
		const char *name;
		enum mmdb_kind kind;
		const char *why;
	} cases[] = {
		{"GeoLite2-ASN-Test", MMDB_KIND_COUNTRY, "is no country or city database"},
		{"GeoLite2-Country-Test", MMDB_KIND_ASN, "is no ASN or ISP database"},
		{"GeoLite2-City-Test", MMDB_KIND_ASN, "is no ASN or ISP database"},
		{"MaxMind-DB-test-ipv4-24", MMDB_KIND_ASN, "is no ASN or ISP database"},
		{"MaxMind-DB-test-decoder", MMDB_KIND_COUNTRY, "is no country or city database"},
		{"MaxMind-DB-string-value-entries", MMDB_KIND_ASN, "is no ASN or ISP database"},
		{"MaxMind-DB-no-ipv4-search-tree", MMDB_KIND_ASN, "is no ASN or ISP database"},
		{"MaxMind-DB-test-metadata-pointers", MMDB_KIND_ASN, "is no ASN or ISP database"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char path[128];
		snprintf(path, sizeof(path), "tests/mmdb/test-data/%s.mmdb", cases[i].name);
		is_refused(unit_source_path(path), cases[i].kind, cases[i].why);
	}
}

static void
file_that_is_no_database_is_refused(void)
{
	is_refused("/nonexistent.mmdb", MMDB_KIND_ASN, "cannot be opened: No such file");
	is_refused("/tmp", MMDB_KIND_ASN, "is no regular file");
	is_refused("/dev/null", MMDB_KIND_ASN, "is no regular file");
	is_refused(unit_source_path("meson.build"), MMDB_KIND_ASN, "is no MaxMind database");

	char empty[] = "/tmp/vigie-test-mmdb-XXXXXX";
	int fd = mkstemp(empty);
	CU_ASSERT_FATAL(fd >= 0);
	close(fd);
	is_refused(empty, MMDB_KIND_ASN, "is empty");
	unlink(empty);
}

/* Each is refused with one line, or opens and answers every address without a crash. */
static void
published_corrupt_databases_do_no_harm(void)
{
	char folder[512];
	snprintf(folder, sizeof(folder), "%s", unit_source_path("tests/mmdb/bad-data"));
	DIR *dir = opendir(folder);
	unsigned seen = 0;
	CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		char path[1024];
		if (strstr(entry->d_name, ".mmdb") == NULL)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		seen++;
		for (int kind = MMDB_KIND_ASN; kind <= MMDB_KIND_COUNTRY; kind++) {
			struct fault_list faults = FAULT_LIST_INIT;
			struct mmdb *db = mmdb_open(path, (enum mmdb_kind)kind, &faults);
			CU_ASSERT_EQUAL(faults.count, db == NULL);
			uint64_t chance = 42;
			for (int i = 0; db != NULL && i < 5000; i++) {
				uint8_t version = i % 2 == 0 ? 4 : 6;
				struct ip_address a = address_of(next_random(&chance), version);
				uint32_t asn;
				char org[64], country[3];
				(void)mmdb_lookup_asn(db, &a, &asn, org, sizeof(org));
				(void)mmdb_lookup_country(db, &a, country);
			}
			mmdb_close(db);
			fault_list_fini(&faults);
		}
	}
	closedir(dir);
	CU_ASSERT_EQUAL(seen, 25);
}

static void
flat_country_schema_is_read(void)
{
	static const char data[] = MMDB_MAP_1 "\x4c"
					      "country_code" MMDB_TEXT_2 "FR";
	struct fault_list faults = FAULT_LIST_INIT;
	struct ip_address known = given_address("10.0.0.1"), unknown = given_address("192.0.2.1");
	struct ip_address v6 = given_address("2001:db8::1"), none = {0};
	char path[64], country[3] = "";
	write_tiny_mmdb(data, sizeof(data) - 1, path);
	struct mmdb *db = mmdb_open(path, MMDB_KIND_COUNTRY, &faults);
	unlink(path);
	CU_ASSERT_PTR_NOT_NULL_FATAL(db);
	CU_ASSERT_STRING_EQUAL(mmdb_source(db), "Tiny 2023-11-14");
	CU_ASSERT_STRING_EQUAL(mmdb_build_day(db), "2023-11-14");
	CU_ASSERT_EQUAL(mmdb_lookup_country(db, &known, country), LOOKUP_FOUND);
	CU_ASSERT_STRING_EQUAL(country, "FR");
	CU_ASSERT_EQUAL(mmdb_lookup_country(db, &unknown, country), LOOKUP_ABSENT);
	CU_ASSERT_EQUAL(mmdb_lookup_country(db, &v6, country), LOOKUP_ABSENT);
	CU_ASSERT_EQUAL(mmdb_lookup_country(db, &none, country), LOOKUP_ABSENT);
	mmdb_close(db);
}

static void
database_whose_record_is_corrupt_is_refused(void)
{
	static const struct {
		const char *data;
		size_t len;
	} cases[] = {
#define DATA(literal) {literal, sizeof(literal) - 1}
		DATA(MMDB_MAP_1 "\x4c"
				"country_code"
				"\x43"
				"FRA"), /* no ISO 3166-1 alpha-2 */
		DATA(MMDB_MAP_1 "\x4c"
				"country_code"
				"\x42"
				"fr"),
		DATA(MMDB_MAP_1 "\x4c"
				"country_code"
				"\x42"
				"\xff\xff"), /* no UTF-8 */
		DATA(MMDB_MAP_1 "\x4c"
				"country_code"
				"\xa1\x07"), /* no text */
		DATA(MMDB_MAP_1 "\x4c"
				"country_code"
				"\x5f\xff\xff\xff"), /* reaches over the file */
		DATA(MMDB_MAP_2 "\x41"
				"a"
				"\x20\x00"
				"\x4c"
				"country_code"
				"\x42"
				"FR"), /* holds itself */
#undef DATA
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char path[64];
		write_tiny_mmdb(cases[i].data, cases[i].len, path);
		is_refused(path, MMDB_KIND_COUNTRY, "is corrupt");
		unlink(path);
	}
}

/* Every bit of a small database turned over, and every length; the library reads what the guard
 * lets pass. */
static void
damaged_database_does_no_harm(void)
{
	static const char data[] = MMDB_MAP_2 "\x4c"
					      "country_code" MMDB_TEXT_2 "FR"
					      "\x47"
					      "country" MMDB_MAP_1 "\x48"
					      "iso_code" MMDB_TEXT_2 "DE";
	char path[64], bytes[512];
	write_tiny_mmdb(data, sizeof(data) - 1, path);
	FILE *file = fopen(path, "r+b");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	size_t len = fread(bytes, 1, sizeof(bytes), file);
	unsigned opened = 0;
	for (size_t bit = 0; bit < 8 * len; bit++) {
		struct fault_list faults = FAULT_LIST_INIT;
		char turned = (char)(bytes[bit / 8] ^ 1 << bit % 8);
		CU_ASSERT_EQUAL(pwrite(fileno(file), &turned, 1, (off_t)(bit / 8)), 1);
		struct mmdb *db = mmdb_open(path, MMDB_KIND_COUNTRY, &faults);
		CU_ASSERT_EQUAL(faults.count, db == NULL);
		for (unsigned top = 0; db != NULL && top < 256; top += 5) {
			struct ip_address a = {.bytes = {(uint8_t)top}, .version = 4};
			char country[3];
			(void)mmdb_lookup_country(db, &a, country);
		}
		opened += db != NULL;
		mmdb_close(db);
		fault_list_fini(&faults);
		CU_ASSERT_EQUAL(pwrite(fileno(file), &bytes[bit / 8], 1, (off_t)(bit / 8)), 1);
	}
	for (; len > 0; len--) {
		struct fault_list faults = FAULT_LIST_INIT;
		CU_ASSERT_EQUAL(ftruncate(fileno(file), (off_t)len - 1), 0);
		struct mmdb *db = mmdb_open(path, MMDB_KIND_COUNTRY, &faults);
		CU_ASSERT_PTR_NULL(db);
		fault_list_fini(&faults);
	}
	fclose(file);
	unlink(path);
	CU_ASSERT(opened > 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"asn_database_answers_as_its_source", asn_database_answers_as_its_source},
		{"country_database_answers_as_its_source", country_database_answers_as_its_source},
		{"isp_database_serves_for_asn_and_city_for_country",
		 isp_database_serves_for_asn_and_city_for_country},
		{"country_of_registration_is_not_taken", country_of_registration_is_not_taken},
		{"long_organisation_is_cut", long_organisation_is_cut},
		{"database_of_another_kind_is_refused", database_of_another_kind_is_refused},
		{"file_that_is_no_database_is_refused", file_that_is_no_database_is_refused},
		{"published_corrupt_databases_do_no_harm", published_corrupt_databases_do_no_harm},
		{"flat_country_schema_is_read", flat_country_schema_is_read},
		{"database_whose_record_is_corrupt_is_refused",
		 database_whose_record_is_corrupt_is_refused},
		{"damaged_database_does_no_harm", damaged_database_does_no_harm},
	};
	return unit_run("mmdb", cases, sizeof(cases) / sizeof(*cases));
}
