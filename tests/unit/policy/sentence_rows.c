/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/policy/sentence_rows.h"

#include "tests/unit/policy/shipped_rules.h"

static struct rule_book *rules;

const struct catalogue_operator microsoft = {.id = "microsoft",
					     .name = "Microsoft",
					     .short_name = "Microsoft",
					     .control_country = "US",
					     .exposure = EXPOSURE_US_DIRECT};
const struct catalogue_operator aws = {.id = "aws",
				       .name = "Amazon Web Services",
				       .short_name = "AWS",
				       .control_country = "US",
				       .exposure = EXPOSURE_US_DIRECT};
const struct catalogue_operator google = {.id = "google",
					  .name = "Google",
					  .short_name = "Google",
					  .control_country = "US",
					  .exposure = EXPOSURE_US_DIRECT};
const struct catalogue_operator dropbox = {.id = "dropbox",
					   .name = "Dropbox",
					   .short_name = "Dropbox",
					   .control_country = "US",
					   .exposure = EXPOSURE_US_DIRECT};
const struct catalogue_operator cloudflare = {.id = "cloudflare",
					      .name = "Cloudflare",
					      .short_name = "Cloudflare",
					      .control_country = "US",
					      .exposure = EXPOSURE_US_DIRECT,
					      .cdn = true};
const struct catalogue_operator ovh = {.id = "ovhcloud",
				       .name = "OVHcloud",
				       .short_name = "OVHcloud",
				       .control_country = "FR",
				       .exposure = EXPOSURE_EU_SOVEREIGN};
const struct catalogue_operator outscale = {.id = "outscale",
					    .name = "3DS Outscale",
					    .short_name = "3DS Outscale",
					    .control_country = "FR",
					    .exposure = EXPOSURE_EU_SOVEREIGN};
const struct catalogue_operator transfer = {.id = "transfer",
					    .name = "Delta Transfer",
					    .short_name = "Delta",
					    .control_country = "NL",
					    .exposure = EXPOSURE_EU_SOVEREIGN};
const struct catalogue_operator echo = {.id = "echo",
					.name = "Echo Search",
					.short_name = "Echo",
					.control_country = "CN",
					.exposure = EXPOSURE_THIRD_COUNTRY};
const struct catalogue_operator bleu = {.id = "bleu",
					.name = "Bleu",
					.short_name = "Bleu",
					.control_country = "FR",
					.technology_origin = "Microsoft",
					.exposure = EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED};
const struct catalogue_operator foxtrot = {.id = "foxtrot",
					   .name = "Foxtrot",
					   .short_name = "Foxtrot",
					   .control_country = "FR",
					   .exposure = EXPOSURE_UNKNOWN};

const struct catalogue_qualification qualified = {
	.scheme = "SecNumCloud", .version = "3.2", .valid_to = "2028-01-31"};
const struct catalogue_qualification unversioned = {.scheme = "EUCS", .valid_to = "2028-01-31"};
const struct catalogue_hds hds = {.valid_to = "2027-12-31"};
const struct catalogue_service snc = {.id = "hosted-private-cloud-snc",
				      .name = "Hosted Private Cloud",
				      .owner = &ovh,
				      .kind = SERVICE_KIND_BACKUP};
const struct tenancy tenancy = {.id = "ovh-snc", .operator_record = &ovh, .service = &snc};

const struct exception open_data = {
	.id = "EXC-2026-004", .max_bytes_day = 1024 * MIB, .expires_on = "2027-03-31"};
const struct exception shipyards = {
	.id = "EXC-2025-011", .max_bytes_day = 1024 * MIB, .expires_on = "2026-11-30"};
const struct exception_answer covered = {
	.covering = &open_data, .ended = {&shipyards}, .ended_count = 1};
const struct exception_answer ended = {.ended = {&shipyards}, .ended_count = 1};
const struct exception_answer used_up = {.surplus = &open_data};

const struct zone desktops = {.id = "bureautique", .label = "Desktops", .owner = "DSI"};
const struct zone health = {.id = "sante", .label = "Seafarer health"};
const struct zone files = {.id = "licences", .label = "Company files"};
const struct zone staff = {.id = "rh", .label = "HR application"};
const struct zone cell = {.id = "etat-major", .label = "DR cell"};

void
check_sentences(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct row *row = &rows[i];
		struct verdict verdict = {
			.data_class = row->data_class,
			.exposure = row->a.exposure,
			.severity = row->severity,
			.severity_before_exception =
				row->exception != NULL ? row->before : row->severity,
		};
		struct sentence_facts facts = {
			.rules = rules,
			.zone = row->zone != NULL ? row->zone : &desktops,
			.verdict = &verdict,
			.attribution = &row->a,
			.name = row->name,
			.address = row->address != NULL ? row->address : "192.0.2.1",
			.more_names = row->more_names,
			.up = row->up != 0 ? row->up : 3 * MIB,
			.flows = row->flows != 0 ? row->flows : 1,
			.day_limit = row->day_limit,
			.exception = row->exception,
		};
		char out[SENTENCE_MAX];
		memset(out, 0x5a, sizeof(out));
		size_t len = sentence_format(&facts, out);
		if (strcmp(out, row->text) != 0)
			printf("# %s:\n#  %s\n#  %s\n", row->what, out, row->text);
		CU_ASSERT_STRING_EQUAL(out, row->text);
		CU_ASSERT_EQUAL(len, strlen(out));
	}
}

const struct rule_book *
sentence_rules(void)
{
	return rules;
}

int
run_sentence_cases(const char *program, const struct unit_case *cases, size_t count)
{
	rules = load_shipped_rules();
	if (rules == NULL) {
		puts("Bail out! the shipped rules cannot be loaded");
		return 1;
	}
	int status = unit_run(program, cases, count);
	rule_book_destroy(rules);
	return status;
}
