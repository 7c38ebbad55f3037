/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped catalogue, asked what is seen in real traffic. */
#include "classifier/catalogue/catalogue.h"

#include <stdio.h>
#include <string.h>

#include "base/domain_name.h"
#include "tests/unit/unit.h"

static struct catalogue *catalogue;

/* "" in the tables below: none. */
static const char *
or_none(const char *text)
{
	return text == NULL ? "" : text;
}

static const struct {
	const char *name, *owner, *service, *kind, *region, *country;
} names[] = {
	{"s3.eu-west-3.amazonaws.com", "aws", "s3", "object-storage", "eu-west-3", "FR"},
	{"my.bucket.s3.eu-west-3.amazonaws.com", "aws", "s3", "object-storage", "eu-west-3", "FR"},
	{"b.s3.amazonaws.com", "aws", "s3", "object-storage", "", ""},
	{"b.s3.dualstack.us-gov-west-1.amazonaws.com", "aws", "s3", "object-storage",
	 "us-gov-west-1", "US"},
	{"s3-eu-west-1.amazonaws.com", "aws", "s3", "object-storage", "eu-west-1", "IE"},
	{"b.s3-website.eu-central-1.amazonaws.com", "aws", "s3", "object-storage", "eu-central-1",
	 "DE"},
	{"b.s3.eu-newland-7.amazonaws.com", "aws", "s3", "object-storage", "eu-newland-7", ""},
	{"b.s3-accelerate.amazonaws.com", "aws", "s3", "object-storage", "", ""},
	{"db.abc.eu-west-3.rds.amazonaws.com", "aws", "rds", "database", "eu-west-3", "FR"},
	{"ec2-52-47-0-1.eu-west-3.compute.amazonaws.com", "aws", "ec2", "compute", "eu-west-3",
	 "FR"},
	{"ec2-1-2-3-4.compute-1.amazonaws.com", "aws", "ec2", "compute", "us-east-1", "US"},
	{"x.execute-api.eu-west-1.amazonaws.com", "aws", "api-gateway", "compute", "eu-west-1",
	 "IE"},
	{"bedrock-runtime.eu-west-3.amazonaws.com", "aws", "bedrock", "ai-inference", "eu-west-3",
	 "FR"},
	{"1234.dkr.ecr.eu-west-3.amazonaws.com", "aws", "ecr", "ci-registry", "eu-west-3", "FR"},
	{"sqs.eu-west-3.amazonaws.com", "aws", "", "web-generic", "eu-west-3", "FR"},
	{"amazonaws.com", "aws", "", "web-generic", "", ""},
	{"d111111abcdef8.cloudfront.net", "aws", "cloudfront", "cdn-static", "", ""},
	{"a0.awsstatic.com", "aws", "", "cdn-static", "", ""},
	{"s3.eusc-de-east-1.amazonaws.eu", "aws-eusc", "s3", "object-storage", "eusc-de-east-1",
	 "DE"},
	{"s3.cn-north-1.amazonaws.com.cn", "aws-china", "", "web-generic", "cn-north-1", "CN"},
	{"acct.blob.core.windows.net", "microsoft", "blob-storage", "object-storage", "", ""},
	{"acct.file.core.windows.net", "microsoft", "azure-files", "file-sharing", "", ""},
	{"vm.francecentral.cloudapp.azure.com", "microsoft", "virtual-machines", "compute",
	 "francecentral", "FR"},
	{"app-x1y2.westeurope-01.azurewebsites.net", "microsoft", "app-service", "compute",
	 "westeurope", "NL"},
	{"contoso.sharepoint.com", "microsoft", "sharepoint", "file-sharing", "", ""},
	{"outlook.office365.com", "microsoft", "exchange-online", "mail", "", ""},
	{"x.mail.protection.outlook.com", "microsoft", "exchange-online", "mail", "", ""},
	{"www.office.com", "microsoft", "office", "office-suite", "", ""},
	{"teams.microsoft.com", "microsoft", "teams", "messaging-video", "", ""},
	{"login.microsoftonline.com", "microsoft", "entra-id", "identity", "", ""},
	{"v10.events.data.microsoft.com", "microsoft", "windows-telemetry", "telemetry", "", ""},
	{"x.usgovcloudapi.net", "microsoft", "azure-government", "web-generic", "", ""},
	{"x.azurefd.net", "microsoft", "front-door", "cdn-static", "", ""},
	{"a.blob.core.chinacloudapi.cn", "azure-china", "", "web-generic", "", ""},
	{"api.github.com", "github", "github", "source-code", "", ""},
	{"ghcr.io", "github", "container-registry", "ci-registry", "", ""},
	{"www.linkedin.com", "linkedin", "", "social", "", ""},
	{"storage.googleapis.com", "google", "cloud-storage", "object-storage", "", ""},
	{"bucket.storage.googleapis.com", "google", "cloud-storage", "object-storage", "", ""},
	{"storage.europe-west9.rep.googleapis.com", "google", "cloud-storage", "object-storage",
	 "europe-west9", "FR"},
	{"europe-west9-my-project.cloudfunctions.net", "google", "cloud-functions", "compute",
	 "europe-west9", "FR"},
	{"europe-west4-aiplatform.googleapis.com", "google", "vertex-ai", "ai-inference",
	 "europe-west4", "NL"},
	{"firestore.googleapis.com", "google", "cloud-databases", "database", "", ""},
	{"drive.google.com", "google", "drive", "file-sharing", "", ""},
	{"docs.google.com", "google", "docs", "office-suite", "", ""},
	{"r5---sn-x.gvt1.com", "google", "static-content", "cdn-static", "", ""},
	{"www.google.com", "google", "", "web-generic", "", ""},
	{"objectstorage.eu-paris-1.oraclecloud.com", "oracle", "object-storage", "object-storage",
	 "eu-paris-1", "FR"},
	{"s3.eu-de.cloud-object-storage.appdomain.cloud", "ibm", "cloud-object-storage",
	 "object-storage", "", ""},
	{"x.r2.cloudflarestorage.com", "cloudflare", "r2", "object-storage", "", ""},
	{"x.cdn.cloudflare.net", "cloudflare", "cdn", "cdn-static", "", ""},
	{"e1.a.akamaiedge.net", "akamai", "cdn", "cdn-static", "", ""},
	{"x.map.fastly.net", "fastly", "cdn", "cdn-static", "", ""},
	{"acme.my.salesforce.com", "salesforce", "crm", "saas", "", ""},
	{"files.slack.com", "slack", "slack", "messaging-video", "", ""},
	{"content.dropboxapi.com", "dropbox", "dropbox", "file-sharing", "", ""},
	{"upload.box.com", "box", "box", "file-sharing", "", ""},
	{"p1-content.icloud.com", "apple", "icloud", "file-sharing", "", ""},
	{"web.whatsapp.com", "meta", "whatsapp", "messaging-video", "", ""},
	{"api.openai.com", "openai", "api", "ai-inference", "", ""},
	{"us02web.zoom.us", "zoom", "zoom", "messaging-video", "", ""},
	{"acme.atlassian.net", "atlassian", "jira-confluence", "source-code", "", ""},
	{"s3.gra.io.cloud.ovh.net", "ovhcloud", "object-storage", "object-storage", "gra", "FR"},
	{"s3.us-east-va.io.cloud.ovh.us", "ovhcloud", "object-storage-us", "object-storage",
	 "us-east-va", "US"},
	{"oos.eu-west-2.outscale.com", "outscale", "object-storage", "object-storage", "eu-west-2",
	 "FR"},
	{"oos.cloudgouv-eu-west-1.outscale.com", "outscale", "cloudgouv", "object-storage",
	 "cloudgouv-eu-west-1", "FR"},
	{"api.us-east-2.outscale.com", "outscale", "outscale-us", "web-generic", "us-east-2", "US"},
	{"work.oodrive.com", "oodrive", "oodrive", "file-sharing", "", ""},
	{"b.s3.fr-par.scw.cloud", "scaleway", "object-storage", "object-storage", "fr-par", "FR"},
	{"fsn1.your-objectstorage.com", "hetzner", "object-storage", "object-storage", "fsn1",
	 "DE"},
	{"oss.eu-west-0.prod-cloud-ocb.orange-business.com", "orange-business",
	 "flexible-engine-object-storage", "object-storage", "eu-west-0", "FR"},
	{"storage.fr1.cloudwatt.com", "orange-cloudwatt", "", "web-generic", "", ""},
	{"storage.s3nsapis.fr", "s3ns", "premi3ns", "object-storage", "", ""},
	{"outlook.sovcloud.fr", "bleu", "bleu", "mail", "", ""},
	{"x.index-education.net", "docaposte", "index-education", "saas", "", ""},
	{"acme.whaller.com", "whaller", "whaller", "messaging-video", "", ""},
	{"s3.eu-central-3.ionoscloud.com", "ionos", "object-storage", "object-storage",
	 "eu-central-3", ""},
	{"s3.us-central-1.ionoscloud.com", "ionos", "object-storage-us", "object-storage",
	 "us-central-1", "US"},
	{"b.s3-us-central-1.ionoscloud.com", "ionos", "object-storage-us", "object-storage",
	 "us-central-1", "US"},
	{"cloud.huawei.com", "huawei", "", "web-generic", "", ""},
	{"www.huawei.com", "huaweicloud", "", "web-generic", "", ""},
	{"api-global.netflix.com", "netflix", "", "web-generic", "", ""},
	{"filesender.renater.fr", "renater", "", "file-sharing", "", ""},
	{"dns10.quad9.net", "quad9", "", "tunnel", "", ""},
	{"dns.google", "google", "resolver", "tunnel", "", ""},
	{"dns.cloudflare.com", "cloudflare", "resolver", "tunnel", "", ""},
	{"www.cloudflare.com", "cloudflare", "", "web-generic", "", ""},
	{"googleads.g.doubleclick.net", "google", "analytics", "ads-analytics", "", ""},
	{"3.tlu.dl.delivery.mp.microsoft.com", "microsoft", "windows-update", "software-update", "",
	 ""},
	{"badoo.com", "bumble", "", "social", "", ""},
	{"www.open-telekom-cloud.com", "otc", "", "web-generic", "", ""},
	{"api.softlayer.net", "ibm", "softlayer", "compute", "", ""},
	{"www.google.fr", "google", "", "web-generic", "", ""},
	{"www.google.co.uk", "google", "", "web-generic", "", ""},
	{"www.amazon.com", "amazon", "", "web-generic", "", ""},
	{"www.amazon.de", "amazon", "", "web-generic", "", ""},
	{"docs.aws.amazon.com", "aws", "", "web-generic", "", ""},
	{"eu-west-3.console.aws.amazon.com", "aws", "console", "web-generic", "eu-west-3", "FR"},
	{"www.orange.fr", "orange", "", "web-generic", "", ""},
	{"smtp.wanadoo.fr", "orange", "", "mail", "", ""},
	{"www.impots.gouv.fr", "gouv-fr", "", "web-generic", "", ""},
	{"www.service-public.fr", "gouv-fr", "", "web-generic", "", ""},
	{"b.oss-eu-central-1.aliyuncs.com", "alibaba", "oss", "object-storage", "", ""},
};

static void
names_of_real_traffic_are_known(void)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct catalogue_name f;
		if (!catalogue_find_name(catalogue, names[i].name, &f)) {
			fprintf(stderr, "# %s\n", names[i].name);
			CU_FAIL("not found");
			continue;
		}
		const char *service = f.service == NULL ? "" : f.service->id;
		if (strcmp(f.owner->id, names[i].owner) != 0 ||
		    strcmp(service, names[i].service) != 0 ||
		    strcmp(service_kind_text(f.kind), names[i].kind) != 0 ||
		    strcmp(f.region, names[i].region) != 0 ||
		    strcmp(or_none(f.region_country), names[i].country) != 0) {
			fprintf(stderr, "# %s: %s %s %s %s %s\n", names[i].name, f.owner->id,
				service, service_kind_text(f.kind), f.region,
				or_none(f.region_country));
			CU_FAIL("another answer");
		}
	}
}

static void
look_alikes_belong_to_nobody(void)
{
	static const char *const others[] = {
		"amazonaws.com.evil.example",
		"notamazonaws.com",
		"amazonaws.co",
		"notamazon.com",
		"google.fr.example",
		"s3.eu-west-3.amazonaws.com.evil.example",
		"xn--mazonaws-z2a.com",
		"dropbox.com.example",
		"evil-dropbox.com",
		"googleapis.com.example",
		"com",
		"net",
		"localhost",
		"AMAZONAWS.COM", /* the caller hands over small letters */
		"",
		".",
		".amazonaws.com",
		"a..amazonaws.com",
		"amazonaws.com.",
		"192.0.2.1",
		"52.95.110.1",
		"2001:db8::1",
		"paie.phares.example",
	};
	struct catalogue_name found;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		CU_ASSERT_FALSE(catalogue_find_name(catalogue, others[i], &found));
}

static void
longest_possible_name_is_found_and_a_longer_one_refused(void)
{
	static const char suffix[] = ".s3.eu-west-3.amazonaws.com";
	struct catalogue_name found;
	char name[DOMAIN_NAME_MAX + 1] = {0};
	size_t head = DOMAIN_NAME_MAX - 1 - strlen(suffix);

	for (size_t i = 0; i < head; i++)
		name[i] = i % 2 == 0 ? 'a' : '.';
	name[head - 1] = 'a';
	name[head - 2] = 'a';
	memcpy(name + head, suffix, sizeof(suffix));
	CU_ASSERT_EQUAL(strlen(name), DOMAIN_NAME_MAX - 1);
	CU_ASSERT_TRUE_FATAL(catalogue_find_name(catalogue, name, &found));
	CU_ASSERT_STRING_EQUAL(found.region, "eu-west-3");
	memmove(name + 1, name, DOMAIN_NAME_MAX);
	name[DOMAIN_NAME_MAX] = '\0';
	CU_ASSERT_FALSE(catalogue_find_name(catalogue, name, &found));
}

static const struct {
	const char *id;
	enum exposure exposure;
	const char *seat, *control, *group;
} operators[] = {
	{"aws", EXPOSURE_US_DIRECT, "US", "US", "aws"},
	{"amazon", EXPOSURE_US_DIRECT, "US", "US", "aws"},
	{"aws-eusc", EXPOSURE_US_PARENT, "DE", "US", "aws"},
	{"aws-china", EXPOSURE_THIRD_COUNTRY, "CN", "CN", "aws-china"},
	{"microsoft", EXPOSURE_US_DIRECT, "US", "US", "microsoft"},
	{"azure-china", EXPOSURE_THIRD_COUNTRY, "CN", "CN", "azure-china"},
	{"github", EXPOSURE_US_DIRECT, "US", "US", "microsoft"},
	{"linkedin", EXPOSURE_US_DIRECT, "US", "US", "microsoft"},
	{"google", EXPOSURE_US_DIRECT, "US", "US", "google"},
	{"oracle", EXPOSURE_US_DIRECT, "US", "US", "oracle"},
	{"ibm", EXPOSURE_US_DIRECT, "US", "US", "ibm"},
	{"cloudflare", EXPOSURE_US_DIRECT, "US", "US", "cloudflare"},
	{"akamai", EXPOSURE_US_DIRECT, "US", "US", "akamai"},
	{"fastly", EXPOSURE_US_DIRECT, "US", "US", "fastly"},
	{"salesforce", EXPOSURE_US_DIRECT, "US", "US", "salesforce"},
	{"slack", EXPOSURE_US_DIRECT, "US", "US", "salesforce"},
	{"dropbox", EXPOSURE_US_DIRECT, "US", "US", "dropbox"},
	{"box", EXPOSURE_US_DIRECT, "US", "US", "box"},
	{"apple", EXPOSURE_US_DIRECT, "US", "US", "apple"},
	{"meta", EXPOSURE_US_DIRECT, "US", "US", "meta"},
	{"openai", EXPOSURE_US_DIRECT, "US", "US", "openai"},
	{"zoom", EXPOSURE_US_DIRECT, "US", "US", "zoom"},
	{"atlassian", EXPOSURE_US_DIRECT, "US", "US", "atlassian"},
	{"ovhcloud", EXPOSURE_EU_SOVEREIGN, "FR", "FR", "ovhcloud"},
	{"outscale", EXPOSURE_EU_SOVEREIGN, "FR", "FR", "outscale"},
	{"oodrive", EXPOSURE_EU_SOVEREIGN, "FR", "FR", "oodrive"},
	{"scaleway", EXPOSURE_EU_SOVEREIGN, "FR", "FR", "scaleway"},
	{"hetzner", EXPOSURE_EU_SOVEREIGN, "DE", "DE", "hetzner"},
	{"orange", EXPOSURE_EU_SOVEREIGN, "FR", "FR", "orange"},
	{"orange-business", EXPOSURE_EU_SOVEREIGN, "FR", "FR", "orange"},
	{"orange-cloudwatt", EXPOSURE_EU_SOVEREIGN, "FR", "FR", "orange-cloudwatt"},
	{"numergy", EXPOSURE_EU_SOVEREIGN, "FR", "FR", "numergy"},
	{"s3ns", EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED, "FR", "FR", "s3ns"},
	{"bleu", EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED, "FR", "FR", "bleu"},
	{"docaposte", EXPOSURE_EU_SOVEREIGN, "FR", "FR", "docaposte"},
	{"whaller", EXPOSURE_EU_SOVEREIGN, "FR", "FR", "whaller"},
	{"wallix", EXPOSURE_EU_SOVEREIGN, "FR", "FR", "wallix"},
	{"tehtris", EXPOSURE_EU_SOVEREIGN, "FR", "FR", "tehtris"},
	{"ionos", EXPOSURE_EU_SOVEREIGN, "DE", "DE", "ionos"},
	{"alibaba", EXPOSURE_THIRD_COUNTRY, "CN", "CN", "alibaba"},
	{"exoscale", EXPOSURE_THIRD_COUNTRY, "CH", "MX", "exoscale"},
	{"infomaniak", EXPOSURE_THIRD_COUNTRY, "CH", "CH", "infomaniak"},
	{"cleura", EXPOSURE_THIRD_COUNTRY, "SE", "GB", "cleura"},
	{"wetransfer", EXPOSURE_EU_SOVEREIGN, "NL", "IT", "wetransfer"},
};

static void
class_and_control_of_operators(void)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		const struct catalogue_operator *o =
			catalogue_find_operator(catalogue, operators[i].id);
		CU_ASSERT_PTR_NOT_NULL_FATAL(o);
		CU_ASSERT_EQUAL(o->exposure, operators[i].exposure);
		CU_ASSERT_STRING_EQUAL(o->seat_country, operators[i].seat);
		CU_ASSERT_STRING_EQUAL(o->control_country, operators[i].control);
		CU_ASSERT_STRING_EQUAL(o->group, operators[i].group);
	}
	CU_ASSERT_PTR_NULL(catalogue_find_operator(catalogue, "azure"));
	CU_ASSERT_PTR_NULL(catalogue_find_operator(catalogue, "gcp"));
	CU_ASSERT_STRING_EQUAL(catalogue_find_operator(catalogue, "outscale")->name,
			       "3DS Outscale");
}

static void
services_of_an_operator_are_found_by_id(void)
{
	size_t count;
	const struct catalogue_operator *all = catalogue_operators(catalogue, &count);

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < all[i].service_count; j++) {
			const struct catalogue_service *service = all[i].services[j];
			CU_ASSERT_PTR_EQUAL(service->owner, &all[i]);
			CU_ASSERT_PTR_EQUAL(catalogue_find_service(&all[i], service->id), service);
		}
		CU_ASSERT_PTR_NULL(catalogue_find_service(&all[i], "no-such-service"));
	}
	CU_ASSERT_PTR_NOT_NULL(
		catalogue_find_service(catalogue_find_operator(catalogue, "aws"), "s3"));
}

static void
networks_that_end_tls_for_others_and_closed_ones_are_marked(void)
{
	CU_ASSERT_TRUE(catalogue_find_operator(catalogue, "cloudflare")->cdn);
	CU_ASSERT_TRUE(catalogue_find_operator(catalogue, "akamai")->cdn);
	CU_ASSERT_TRUE(catalogue_find_operator(catalogue, "fastly")->cdn);
	CU_ASSERT_FALSE(catalogue_find_operator(catalogue, "aws")->cdn);
	CU_ASSERT_FALSE(catalogue_find_operator(catalogue, "microsoft")->cdn);
	CU_ASSERT_TRUE(catalogue_find_operator(catalogue, "numergy")->retired);
	CU_ASSERT_TRUE(catalogue_find_operator(catalogue, "orange-cloudwatt")->retired);
	CU_ASSERT_STRING_EQUAL(catalogue_find_operator(catalogue, "s3ns")->technology_origin,
			       "Google");
	CU_ASSERT_STRING_EQUAL(catalogue_find_operator(catalogue, "slack")->hosted_on[0], "aws");
}

static const struct {
	uint32_t asn;
	const char *owner;
	bool has_exposure;
	enum exposure exposure;
} systems[] = {
	{16509, "aws", false, EXPOSURE_US_DIRECT},
	{14618, "aws", false, EXPOSURE_US_DIRECT},
	{214101, "aws-eusc", false, EXPOSURE_US_PARENT},
	{8075, "microsoft", false, EXPOSURE_US_DIRECT},
	{36459, "github", false, EXPOSURE_US_DIRECT},
	{15169, "google", false, EXPOSURE_US_DIRECT},
	{396982, "google", false, EXPOSURE_US_DIRECT},
	{13335, "cloudflare", false, EXPOSURE_US_DIRECT},
	{20940, "akamai", false, EXPOSURE_US_DIRECT},
	{54113, "fastly", false, EXPOSURE_US_DIRECT},
	{19679, "dropbox", false, EXPOSURE_US_DIRECT},
	{16276, "ovhcloud", false, EXPOSURE_EU_SOVEREIGN},
	{50624, "outscale", false, EXPOSURE_EU_SOVEREIGN},
	{53306, "outscale", true, EXPOSURE_US_DIRECT},
	{401949, "outscale", true, EXPOSURE_US_DIRECT},
	{54265, "scaleway", true, EXPOSURE_US_DIRECT},
	{12876, "scaleway", false, EXPOSURE_EU_SOVEREIGN},
	{24940, "hetzner", false, EXPOSURE_EU_SOVEREIGN},
	{203532, "s3ns", false, EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED},
	{2376, "bleu", false, EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED},
	{37963, "alibaba", false, EXPOSURE_THIRD_COUNTRY},
};

static void
autonomous_systems_have_their_operator(void)
{
	for (size_t i = 0; i < sizeof(systems) / sizeof(*systems); i++) {
		const struct catalogue_asn *a = catalogue_find_asn(catalogue, systems[i].asn);
		CU_ASSERT_PTR_NOT_NULL_FATAL(a);
		CU_ASSERT_EQUAL(a->asn, systems[i].asn);
		CU_ASSERT_STRING_EQUAL(a->owner->id, systems[i].owner);
		CU_ASSERT_EQUAL(a->has_exposure, systems[i].has_exposure);
		CU_ASSERT_EQUAL(a->exposure, systems[i].exposure);
		CU_ASSERT_FALSE(a->mixed);
	}
	CU_ASSERT_PTR_NULL(catalogue_find_asn(catalogue, 0));
	CU_ASSERT_PTR_NULL(catalogue_find_asn(catalogue, 64496));
	CU_ASSERT_PTR_NULL(catalogue_find_asn(catalogue, UINT32_MAX));
}

static void
us_addresses_of_a_european_as_belong_to_its_us_company(void)
{
	static const struct {
		uint32_t asn;
		const char *country;
		bool own;
		enum exposure exposure;
	} rows[] = {
		{16276, "US", true, EXPOSURE_US_DIRECT},
		{16276, "FR", false, EXPOSURE_EU_SOVEREIGN},
		{16276, "CA", false, EXPOSURE_EU_SOVEREIGN},
		{16276, "", false, EXPOSURE_EU_SOVEREIGN},
		{213230, "US", true, EXPOSURE_US_DIRECT},
		{212317, "US", true, EXPOSURE_US_DIRECT},
		{212317, "DE", false, EXPOSURE_EU_SOVEREIGN},
		/* location alone: no US company is known to run them */
		{24940, "US", false, EXPOSURE_EU_SOVEREIGN},
		{12876, "US", false, EXPOSURE_EU_SOVEREIGN},
		{54265, "FR", true, EXPOSURE_US_DIRECT},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum exposure exposure = EXPOSURE_COUNT;
		const struct catalogue_asn *asn = catalogue_find_asn(catalogue, rows[i].asn);
		CU_ASSERT_PTR_NOT_NULL_FATAL(asn);
		CU_ASSERT_EQUAL(catalogue_asn_exposure(asn, rows[i].country, &exposure),
				rows[i].own);
		CU_ASSERT_EQUAL(exposure, rows[i].exposure);
	}
}

static void
access_and_transit_networks_are_marked(void)
{
	static const uint32_t access[] = {3215, 1136, 5432, 3269, 16232, 3303};
	static const uint32_t transit[] = {5511, 6762, 6774};
	static const uint32_t cloud[] = {16276, 16509, 2278, 8300, 21286};

	for (size_t i = 0; i < sizeof(access) / sizeof(*access); i++)
		CU_ASSERT_EQUAL(catalogue_find_asn(catalogue, access[i])->scope, ASN_SCOPE_ACCESS);
	for (size_t i = 0; i < sizeof(transit) / sizeof(*transit); i++)
		CU_ASSERT_EQUAL(catalogue_find_asn(catalogue, transit[i])->scope,
				ASN_SCOPE_TRANSIT);
	for (size_t i = 0; i < sizeof(cloud) / sizeof(*cloud); i++)
		CU_ASSERT_EQUAL(catalogue_find_asn(catalogue, cloud[i])->scope, ASN_SCOPE_CLOUD);
}

static const struct {
	const char *list, *service_tag, *region, *owner, *service, *kind, *country;
	bool cdn;
} entries[] = {
	{"aws", "S3", "eu-west-3", "aws", "s3", "object-storage", "FR", false},
	{"aws", "EC2", "us-east-1", "aws", "ec2", "compute", "US", false},
	{"aws", "AMAZON", "eu-west-3", "aws", "", "unknown", "FR", false},
	{"aws", "CLOUDFRONT", "GLOBAL", "aws", "cloudfront", "web-generic", "", true},
	{"aws", "S3", "eusc-de-east-1", "aws-eusc", "s3", "object-storage", "DE", false},
	{"aws", "AMAZON", "cn-north-1", "aws-china", "", "unknown", "CN", false},
	{"aws", NULL, NULL, "aws", "", "unknown", "", false},
	{"aws", "S3", "eu-newland-7", "aws", "s3", "object-storage", "", false},
	{"google-cloud", "Google Cloud", "europe-west9", "google", "compute-engine", "compute",
	 "FR", false},
	{"google-cloud", "Google Cloud", "global", "google", "compute-engine", "compute", "",
	 false},
	{"azure-public", "AzureFrontDoor", NULL, "microsoft", "front-door", "web-generic", "",
	 true},
	{"azure-public", "Storage", "centralfrance", "microsoft", "blob-storage", "object-storage",
	 "FR", false},
	{"cloudflare", NULL, NULL, "cloudflare", "", "web-generic", "", false},
	{"fastly", NULL, NULL, "fastly", "", "web-generic", "", false},
};

static void
published_lists_have_their_operator_and_service(void)
{
	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++) {
		struct catalogue_feed f;
		CU_ASSERT_TRUE_FATAL(catalogue_find_feed(
			catalogue, entries[i].list, entries[i].service_tag, entries[i].region, &f));
		CU_ASSERT_STRING_EQUAL(f.owner->id, entries[i].owner);
		CU_ASSERT_STRING_EQUAL(f.service == NULL ? "" : f.service->id, entries[i].service);
		CU_ASSERT_STRING_EQUAL(service_kind_text(f.kind), entries[i].kind);
		CU_ASSERT_STRING_EQUAL(or_none(f.region_country), entries[i].country);
		CU_ASSERT_EQUAL(f.service != NULL && f.service->cdn, entries[i].cdn);
	}
	struct catalogue_feed f;
	CU_ASSERT_FALSE(catalogue_find_feed(catalogue, "nobody", "S3", NULL, &f));
	CU_ASSERT_FALSE(catalogue_find_feed(catalogue, "", NULL, NULL, &f));
}

static const struct {
	const char *name;
	bool low_sink;
} sinks[] = {
	{"a0.awsstatic.com", true},
	{"sts.eu-west-3.amazonaws.com", true},
	{"login.microsoftonline.com", true},
	{"fonts.gstatic.com", true},
	{"www.google-analytics.com", true},
	{"dl.windowsupdate.com", true},
	/* the same kinds, but anything may be sent there */
	{"firehose.eu-west-3.amazonaws.com", false},
	{"v.vault.azure.net", false},
	{"x.azuredatabricks.net", false},
	{"app.powerbi.com", false},
	{"x.tableau.com", false},
	{"x.qualtrics.com", false},
	{"x.splunkcloud.com", false},
	{"d1.cloudfront.net", false},
	{"x.azurefd.net", false},
	{"www.google.com", false},
};

static void
low_sink_is_said_of_names_that_can_be_nothing_else(void)
{
	for (size_t i = 0; i < sizeof(sinks) / sizeof(*sinks); i++) {
		struct catalogue_name found;
		CU_ASSERT_TRUE_FATAL(catalogue_find_name(catalogue, sinks[i].name, &found));
		CU_ASSERT_EQUAL(found.low_sink, sinks[i].low_sink);
	}
}

static void
us_subsidiaries_of_european_operators_keep_their_class(void)
{
	static const char *const exposed[] = {"s3.us-east-va.cloud.ovh.us", "www.ovh.us",
					      "us.ovhcloud.com", "oos.us-west-1.outscale.com",
					      "b.s3.us-central-1.ionoscloud.com"};
	struct catalogue_name found;
	for (size_t i = 0; i < sizeof(exposed) / sizeof(*exposed); i++) {
		CU_ASSERT_TRUE_FATAL(catalogue_find_name(catalogue, exposed[i], &found));
		CU_ASSERT_TRUE(found.has_exposure && found.exposure == EXPOSURE_US_DIRECT);
	}
	CU_ASSERT_TRUE_FATAL(catalogue_find_name(catalogue, "www.ovhcloud.com", &found));
	CU_ASSERT_FALSE(found.has_exposure);
}

static void
qualifications_are_recorded_with_their_source(void)
{
	struct catalogue_name found;
	CU_ASSERT_TRUE_FATAL(catalogue_find_name(catalogue, "compute.s3nsapis.fr", &found));
	CU_ASSERT_PTR_NOT_NULL_FATAL(found.service);
	CU_ASSERT_EQUAL_FATAL(found.service->qualification_count, 2);
	const struct catalogue_qualification *q = found.service->qualifications;
	CU_ASSERT_STRING_EQUAL(q->scheme, "SecNumCloud");
	CU_ASSERT_STRING_EQUAL(q->version, "3.2");
	CU_ASSERT_STRING_EQUAL(q->valid_from, "2025-12-17");
	CU_ASSERT_PTR_NULL(q->valid_to);
	CU_ASSERT_NOT_EQUAL(strlen(q->source), 0);
}

static void
ech_public_name_is_exact(void)
{
	const struct catalogue_operator *owner =
		catalogue_find_ech_public_name(catalogue, "cloudflare-ech.com");
	CU_ASSERT_PTR_NOT_NULL_FATAL(owner);
	CU_ASSERT_STRING_EQUAL(owner->id, "cloudflare");
	CU_ASSERT_PTR_NULL(catalogue_find_ech_public_name(catalogue, "x.cloudflare-ech.com"));
	CU_ASSERT_PTR_NULL(catalogue_find_ech_public_name(catalogue, "cloudflare.com"));
}

static const struct unit_case cases[] = {
	{"names_of_real_traffic_are_known", names_of_real_traffic_are_known},
	{"look_alikes_belong_to_nobody", look_alikes_belong_to_nobody},
	{"longest_possible_name_is_found_and_a_longer_one_refused",
	 longest_possible_name_is_found_and_a_longer_one_refused},
	{"class_and_control_of_operators", class_and_control_of_operators},
	{"services_of_an_operator_are_found_by_id", services_of_an_operator_are_found_by_id},
	{"networks_that_end_tls_for_others_and_closed_ones_are_marked",
	 networks_that_end_tls_for_others_and_closed_ones_are_marked},
	{"autonomous_systems_have_their_operator", autonomous_systems_have_their_operator},
	{"us_addresses_of_a_european_as_belong_to_its_us_company",
	 us_addresses_of_a_european_as_belong_to_its_us_company},
	{"access_and_transit_networks_are_marked", access_and_transit_networks_are_marked},
	{"published_lists_have_their_operator_and_service",
	 published_lists_have_their_operator_and_service},
	{"low_sink_is_said_of_names_that_can_be_nothing_else",
	 low_sink_is_said_of_names_that_can_be_nothing_else},
	{"us_subsidiaries_of_european_operators_keep_their_class",
	 us_subsidiaries_of_european_operators_keep_their_class},
	{"qualifications_are_recorded_with_their_source",
	 qualifications_are_recorded_with_their_source},
	{"ech_public_name_is_exact", ech_public_name_is_exact},
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
	int status = unit_run("catalogue", cases, sizeof(cases) / sizeof(*cases));
	catalogue_destroy(catalogue);
	return status;
}
