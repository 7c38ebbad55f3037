/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_format.h"

#include "tests/unit/dataplane/capture_sample.h"
#include "tests/unit/unit.h"

static const struct {
	uint32_t magic;
	uint32_t fraction_ns;
	uint32_t extra; /* bytes of a record header beyond 16 */
} magics[] = {{0xa1b2c3d4, 1000, 0}, {0xa1b23c4d, 1, 0}, {0xa1b2cd34, 1000, 8}};

static const struct {
	uint32_t number;
	enum link_type link;
} links[] = {
	{1, LINK_TYPE_ETHERNET},
	{101, LINK_TYPE_RAW_IP},
	{12, LINK_TYPE_RAW_IP},
	{14, LINK_TYPE_RAW_IP},
	{228, LINK_TYPE_RAW_IP},
	{229, LINK_TYPE_RAW_IP},
	{113, LINK_TYPE_LINUX_SLL},
	{276, LINK_TYPE_LINUX_SLL2},
	{0, LINK_TYPE_NULL},
	{9, LINK_TYPE_PPP},
	{50, LINK_TYPE_PPP},
	{51, LINK_TYPE_PPPOE},
	{166, LINK_TYPE_PPP_PPPD},
	{239, LINK_TYPE_NFLOG},
	{108, LINK_TYPE_NULL},
	{105, LINK_TYPE_UNSUPPORTED},
	{65535, LINK_TYPE_UNSUPPORTED},
};

static void
check_shape(bool swapped, size_t magic, size_t link)
{
	struct sample sample = {.swapped = swapped};

	sample_pcap(&sample, magics[magic].magic, links[link].number);
	for (uint32_t i = 0; i < 3; i++) {
		sample_u32(&sample, 1700000000 + i);
		sample_u32(&sample, 999 + i);
		sample_u32(&sample, 60 + i);
		sample_u32(&sample, 1500);
		sample_fill(&sample, magics[magic].extra, 7);
		sample_fill(&sample, 60 + i, i);
	}
	struct sample_result result = sample_finish(&sample);

	CU_ASSERT_EQUAL(result.error, CAPTURE_OPEN_OK);
	CU_ASSERT_EQUAL(result.count, 3);
	CU_ASSERT_PTR_NULL(result.damage.what);
	for (uint32_t i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(result.packets[i].time_ns,
				(1700000000 + i) * UINT64_C(1000000000) +
					(uint64_t)(999 + i) * magics[magic].fraction_ns);
		CU_ASSERT_EQUAL(result.packets[i].captured_len, 60 + i);
		CU_ASSERT_EQUAL(result.packets[i].wire_len, 1500);
		CU_ASSERT_EQUAL(result.packets[i].port, 0);
		CU_ASSERT_EQUAL(result.packets[i].link, links[link].link);
		CU_ASSERT_EQUAL(result.first_bytes[i], (uint8_t)(31 * i));
	}
}

static void
every_order_magic_and_link_type(void)
{
	for (int swapped = 0; swapped < 2; swapped++)
		for (size_t magic = 0; magic < sizeof(magics) / sizeof(*magics); magic++)
			for (size_t link = 0; link < sizeof(links) / sizeof(*links); link++)
				check_shape(swapped != 0, magic, link);
}

static void
upper_half_of_link_type_is_ignored(void)
{
	static const uint32_t upper[] = {0x24000000, 0xf4000000, 0x03ff0000};

	for (size_t i = 0; i < sizeof(upper) / sizeof(*upper); i++) {
		struct sample sample = {0};

		sample_pcap(&sample, 0xa1b2c3d4, upper[i] | 1);
		sample_record(&sample, 1, 0, 64);
		struct sample_result result = sample_finish(&sample);

		CU_ASSERT_EQUAL(result.count, 1);
		CU_ASSERT_EQUAL(result.packets[0].link, LINK_TYPE_ETHERNET);
		CU_ASSERT_EQUAL(result.packets[0].captured_len, 64);
	}
}

static void
wire_length_is_never_below_captured_length(void)
{
	struct sample sample = {0};

	sample_pcap(&sample, 0xa1b2c3d4, 1);
	sample_u64(&sample, 1);
	sample_u32(&sample, 100);
	sample_u32(&sample, 60);
	sample_fill(&sample, 100, 1);
	struct sample_result result = sample_finish(&sample);

	CU_ASSERT_EQUAL(result.packets[0].captured_len, 100);
	CU_ASSERT_EQUAL(result.packets[0].wire_len, 100);
}

static void
lengths_of_old_versions_are_swapped_back(void)
{
	struct sample sample = {0};
	const uint16_t minor = 2;

	sample_pcap(&sample, 0xa1b2c3d4, 1);
	memcpy(sample.bytes + 6, &minor, sizeof(minor));
	sample_u64(&sample, 1);
	sample_u32(&sample, 1500);
	sample_u32(&sample, 60);
	sample_fill(&sample, 60, 1);
	sample_record(&sample, 2, 0, 70);
	struct sample_result result = sample_finish(&sample);

	CU_ASSERT_EQUAL(result.count, 2);
	CU_ASSERT_EQUAL(result.packets[0].captured_len, 60);
	CU_ASSERT_EQUAL(result.packets[0].wire_len, 1500);
	CU_ASSERT_EQUAL(result.packets[1].captured_len, 70);
}

static void
unknown_version_is_damage_at_the_start(void)
{
	struct sample sample = {0};
	const uint16_t major = 3;

	sample_pcap(&sample, 0xa1b2c3d4, 1);
	memcpy(sample.bytes + 4, &major, sizeof(major));
	sample_record(&sample, 1, 0, 64);
	struct sample_result result = sample_finish(&sample);

	CU_ASSERT_EQUAL(result.error, CAPTURE_OPEN_OK);
	CU_ASSERT_EQUAL(result.count, 0);
	CU_ASSERT_PTR_NOT_NULL(result.damage.what);
	CU_ASSERT_EQUAL(result.damage.offset, 0);
}

static void
longest_packet_is_taken_and_one_byte_more_is_damage(void)
{
	for (uint32_t more = 0; more < 2; more++) {
		struct sample sample = {0};

		sample_pcap(&sample, 0xa1b2c3d4, 1);
		sample_record(&sample, 1, 0, 64);
		sample_record(&sample, 2, 0, CAPTURE_PACKET_MAX + more);
		sample_record(&sample, 3, 0, 64);
		struct sample_result result = sample_finish(&sample);

		CU_ASSERT_EQUAL(result.count, more == 0 ? 3 : 1);
		CU_ASSERT_EQUAL(result.damage.what == NULL, more == 0);
		CU_ASSERT_EQUAL(result.damage.offset, more == 0 ? 0 : 24 + 80);
	}
}

static void
length_of_four_gigabytes_is_damage(void)
{
	struct sample sample = {0};

	sample_pcap(&sample, 0xa1b2c3d4, 1);
	sample_u64(&sample, 1);
	sample_u64(&sample, UINT64_MAX);
	struct sample_result result = sample_finish(&sample);

	CU_ASSERT_EQUAL(result.count, 0);
	CU_ASSERT_PTR_NOT_NULL(result.damage.what);
	CU_ASSERT_EQUAL(result.damage.offset, 24);
}

static void
latest_time_that_can_be_written_is_read(void)
{
	struct sample sample = {0};

	sample_pcap(&sample, 0xa1b2c3d4, 1);
	sample_record(&sample, UINT32_MAX, UINT32_MAX, 4);
	struct sample_result result = sample_finish(&sample);

	CU_ASSERT_EQUAL(result.packets[0].time_ns,
			(uint64_t)UINT32_MAX * 1000000000 + (uint64_t)UINT32_MAX * 1000);
}

static void
empty_packets_are_packets(void)
{
	struct sample sample = {0};

	sample_pcap(&sample, 0xa1b2c3d4, 1);
	for (int i = 0; i < 100; i++)
		sample_record(&sample, 0, 0, 0);
	struct sample_result result = sample_finish(&sample);

	CU_ASSERT_EQUAL(result.count, 100);
	CU_ASSERT_PTR_NULL(result.damage.what);
}

static void
file_header_alone_is_a_whole_capture(void)
{
	struct sample sample = {0};

	sample_pcap(&sample, 0xa1b2c3d4, 1);
	struct sample_result result = sample_finish(&sample);

	CU_ASSERT_EQUAL(result.error, CAPTURE_OPEN_OK);
	CU_ASSERT_EQUAL(result.count, 0);
	CU_ASSERT_PTR_NULL(result.damage.what);
}

static void
cut_at_every_byte_gives_all_before_the_cut(void)
{
	for (int swapped = 0; swapped < 2; swapped++) {
		struct sample sample = {.swapped = swapped != 0};
		size_t ends[5];

		sample_pcap(&sample, 0xa1b23c4d, 1);
		ends[0] = sample.len;
		for (uint32_t i = 1; i < 5; i++) {
			sample_record(&sample, i, i, 10 * i);
			ends[i] = sample.len;
		}
		for (size_t len = 4; len <= sample.len; len++) {
			struct sample_result result = sample_read(sample.bytes, len);
			size_t whole = 0;

			while (whole < 4 && ends[whole + 1] <= len)
				whole++;
			CU_ASSERT_EQUAL(result.error, CAPTURE_OPEN_OK);
			CU_ASSERT_EQUAL(result.count, whole);
			CU_ASSERT_EQUAL(result.damage.what == NULL, len == ends[whole]);
			if (result.damage.what != NULL)
				CU_ASSERT_EQUAL(result.damage.offset, len < 24 ? 0 : ends[whole]);
		}
		sample_free(&sample);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"every_order_magic_and_link_type", every_order_magic_and_link_type},
		{"upper_half_of_link_type_is_ignored", upper_half_of_link_type_is_ignored},
		{"wire_length_is_never_below_captured_length",
		 wire_length_is_never_below_captured_length},
		{"lengths_of_old_versions_are_swapped_back",
		 lengths_of_old_versions_are_swapped_back},
		{"unknown_version_is_damage_at_the_start", unknown_version_is_damage_at_the_start},
		{"longest_packet_is_taken_and_one_byte_more_is_damage",
		 longest_packet_is_taken_and_one_byte_more_is_damage},
		{"length_of_four_gigabytes_is_damage", length_of_four_gigabytes_is_damage},
		{"latest_time_that_can_be_written_is_read",
		 latest_time_that_can_be_written_is_read},
		{"empty_packets_are_packets", empty_packets_are_packets},
		{"file_header_alone_is_a_whole_capture", file_header_alone_is_a_whole_capture},
		{"cut_at_every_byte_gives_all_before_the_cut",
		 cut_at_every_byte_gives_all_before_the_cut},
	};

	return unit_run("capture_pcap", cases, sizeof(cases) / sizeof(*cases));
}
