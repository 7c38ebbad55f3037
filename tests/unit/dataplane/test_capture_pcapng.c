/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_format.h"

#include "tests/unit/dataplane/capture_sample.h"
#include "tests/unit/unit.h"

#define SECOND UINT64_C(1000000000)

enum {
	IF_NAME = 2,
	IF_TSRESOL = 9,
	IF_TSOFFSET = 14,
};

/* A section with one Ethernet interface of microseconds. */
static struct sample
sample_one_interface(bool swapped)
{
	struct sample sample = {.swapped = swapped};

	sample_section(&sample);
	sample_interface(&sample, 1, 262144, NULL, 0);
	return sample;
}

static void
packets_of_either_byte_order(void)
{
	for (int swapped = 0; swapped < 2; swapped++) {
		struct sample sample = sample_one_interface(swapped != 0);

		for (uint32_t i = 0; i < 5; i++)
			sample_enhanced(&sample, 0, UINT64_C(1700000000000000) + i, 60 + i);
		struct sample_result result = sample_finish(&sample);

		CU_ASSERT_EQUAL(result.count, 5);
		CU_ASSERT_PTR_NULL(result.damage.what);
		for (uint32_t i = 0; i < 5; i++) {
			CU_ASSERT_EQUAL(result.packets[i].time_ns,
					1700000000 * SECOND + UINT64_C(1000) * i);
			CU_ASSERT_EQUAL(result.packets[i].captured_len, 60 + i);
			CU_ASSERT_EQUAL(result.packets[i].wire_len, 60 + i);
			CU_ASSERT_EQUAL(result.packets[i].link, LINK_TYPE_ETHERNET);
		}
	}
}

static void
clock_of_every_resolution(void)
{
	static const struct {
		uint8_t resolution;
		uint64_t ticks;
		uint64_t time_ns;
	} clocks[] = {
		{0, 1700000000, 1700000000 * SECOND},
		{3, 1700000000123, 1700000000 * SECOND + 123000000},
		{6, 1700000000000001, 1700000000 * SECOND + 1000},
		{9, 1700000000000000001, 1700000000 * SECOND + 1},
		{10, 17000000000000000019u, 1700000000 * SECOND + 1},
		{12, 5999, 5},
		{18, UINT64_C(18000000000000000000), 18 * SECOND},
		{28, UINT64_MAX, 1},
		{29, UINT64_MAX, 0},
		{127, UINT64_MAX, 0},
		{0x80, 1700000000, 1700000000 * SECOND},
		{0x80 | 10, 1536, 1500000000},
		{0x80 | 32, UINT64_C(1700000000) << 32 | UINT64_C(0x80000000),
		 1700000000 * SECOND + 500000000},
		{0x80 | 63, UINT64_C(3) << 62, 1500000000},
		{0x80 | 64, UINT64_C(1) << 63, 500000000},
		{0x80 | 93, UINT64_MAX, 1},
		{0x80 | 127, UINT64_MAX, 0},
		{0, UINT64_MAX, CAPTURE_TIME_MAX_NS},
		{6, UINT64_MAX, CAPTURE_TIME_MAX_NS},
		{9, UINT64_MAX, CAPTURE_TIME_MAX_NS},
		{0x80, UINT64_MAX, CAPTURE_TIME_MAX_NS},
	};

	for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
		struct sample sample = {0};
		struct sample_option option = {IF_TSRESOL, 1, &clocks[i].resolution, 0};

		sample_section(&sample);
		sample_interface(&sample, 1, 0, &option, 1);
		sample_enhanced(&sample, 0, clocks[i].ticks, 20);
		struct sample_result result = sample_finish(&sample);

		CU_ASSERT_EQUAL(result.count, 1);
		CU_ASSERT_EQUAL(result.packets[0].time_ns, clocks[i].time_ns);
	}
}

static void
clock_with_offset(void)
{
	static const struct {
		int64_t offset_s;
		uint64_t time_ns;
	} offsets[] = {
		{1700000000, 1700000005 * SECOND}, {-5, 0}, {-4, SECOND}, {-6, 0}, {INT64_MIN, 0},
		{INT64_MAX, CAPTURE_TIME_MAX_NS},
	};

	for (size_t i = 0; i < sizeof(offsets) / sizeof(*offsets); i++) {
		for (int swapped = 0; swapped < 2; swapped++) {
			/* In either order of the two options. */
			struct sample_option options[] = {
				{IF_TSOFFSET, 8, NULL, (uint64_t)offsets[i].offset_s},
				{IF_TSRESOL, 1, "\3", 0},
			};
			struct sample sample = {.swapped = swapped != 0};

			sample_section(&sample);
			sample_interface(&sample, 1, 0, options, 2);
			sample_enhanced(&sample, 0, 5000, 20);
			struct sample_result result = sample_finish(&sample);

			CU_ASSERT_EQUAL(result.packets[0].time_ns, offsets[i].time_ns);
		}
	}
}

static void
interfaces_of_several_sections_are_ports_in_order(void)
{
	struct sample_option first[] = {{IF_NAME, 4, "eth0", 0}};
	struct sample_option second[] = {{99, 3, "odd", 0}, {IF_NAME, 5, "lo\0ab", 0}};
	struct sample_option third[] = {{IF_NAME, 5, "wlan1", 0}};
	struct sample sample = {0};

	sample_section(&sample);
	sample_interface(&sample, 1, 0, first, 1);
	sample_enhanced(&sample, 0, 1, 20);
	sample_interface(&sample, 101, 0, second, 2);
	sample_enhanced(&sample, 1, 2, 20);
	sample_enhanced(&sample, 0, 3, 20);
	sample.swapped = true;
	sample_section(&sample);
	sample_interface(&sample, 113, 0, third, 1);
	sample_interface(&sample, 105, 0, NULL, 0);
	sample_enhanced(&sample, 0, 4, 20);
	sample_enhanced(&sample, 1, 5, 20);
	struct sample_result result = sample_finish(&sample);
	static const struct {
		uint16_t port;
		enum link_type link;
	} expected[] = {
		{0, LINK_TYPE_ETHERNET},  {1, LINK_TYPE_RAW_IP},      {0, LINK_TYPE_ETHERNET},
		{2, LINK_TYPE_LINUX_SLL}, {3, LINK_TYPE_UNSUPPORTED},
	};

	CU_ASSERT_EQUAL(result.count, 5);
	for (size_t i = 0; i < 5; i++) {
		CU_ASSERT_EQUAL(result.packets[i].port, expected[i].port);
		CU_ASSERT_EQUAL(result.packets[i].link, expected[i].link);
		CU_ASSERT_EQUAL(result.packets[i].time_ns, (i + 1) * 1000);
	}
	CU_ASSERT_STRING_EQUAL(result.names[0], "eth0");
	CU_ASSERT_STRING_EQUAL(result.names[1], "lo");
	CU_ASSERT_STRING_EQUAL(result.names[2], "wlan1");
	CU_ASSERT_STRING_EQUAL(result.names[3], "");
}

static void
simple_packet_is_cut_to_the_snapshot_length(void)
{
	static const struct {
		uint32_t snaplen;
		uint32_t captured;
	} cases[] = {{0, 70}, {64, 64}, {61, 61}, {70, 70}, {1000, 70}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sample sample = {0};
		struct sample body = {0};

		sample_section(&sample);
		sample_interface(&sample, 1, cases[i].snaplen, NULL, 0);
		sample_u32(&body, 70);
		sample_fill(&body, cases[i].captured, 1);
		sample_block(&sample, 3, body.bytes, body.len);
		sample_free(&body);
		struct sample_result result = sample_finish(&sample);

		CU_ASSERT_EQUAL(result.count, 1);
		CU_ASSERT_EQUAL(result.packets[0].captured_len, cases[i].captured);
		CU_ASSERT_EQUAL(result.packets[0].wire_len, 70);
		CU_ASSERT_EQUAL(result.packets[0].time_ns, 0);
	}
}

static void
obsolete_packet_block_is_read(void)
{
	for (int swapped = 0; swapped < 2; swapped++) {
		struct sample sample = sample_one_interface(swapped != 0);
		struct sample body = {.swapped = swapped != 0};

		sample_u16(&body, 0);
		sample_u16(&body, 17); /* drops */
		sample_u32(&body, 1);
		sample_u32(&body, 2);
		sample_u32(&body, 33);
		sample_u32(&body, 1400);
		sample_fill(&body, 33, 5);
		sample_block(&sample, 2, body.bytes, body.len);
		sample_free(&body);
		struct sample_result result = sample_finish(&sample);

		CU_ASSERT_EQUAL(result.count, 1);
		CU_ASSERT_EQUAL(result.packets[0].captured_len, 33);
		CU_ASSERT_EQUAL(result.packets[0].wire_len, 1400);
		CU_ASSERT_EQUAL(result.packets[0].time_ns, ((UINT64_C(1) << 32) + 2) * 1000);
	}
}

static void
unknown_blocks_of_any_length_are_passed_over(void)
{
	static const size_t lengths[] = {0, 4, 1000, 3u << 20, 20u << 20};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct sample sample = sample_one_interface(i % 2 != 0);
		uint8_t *nothing = calloc(1, lengths[i] + 1);

		sample_enhanced(&sample, 0, 1, 20);
		sample_block(&sample, 0x80001234, nothing, lengths[i]);
		sample_block(&sample, 5, nothing, lengths[i]);
		sample_enhanced(&sample, 0, 2, 20);
		free(nothing);
		struct sample_result result = sample_finish(&sample);

		CU_ASSERT_EQUAL(result.count, 2);
		CU_ASSERT_PTR_NULL(result.damage.what);
	}
}

/* One packet, then `damage` bytes, then another packet that must not be found. */
static void
check_damaged(const char *what, const struct sample *damage, size_t skip)
{
	struct sample sample = sample_one_interface(damage->swapped);

	sample_enhanced(&sample, 0, 1, 20);
	size_t offset = sample.len + skip;

	sample_bytes(&sample, damage->bytes, damage->len);
	sample_enhanced(&sample, 0, 2, 20);
	struct sample_result result = sample_finish(&sample);

	CU_ASSERT_EQUAL(result.count, 1);
	CU_ASSERT_PTR_NOT_NULL(result.damage.what);
	CU_ASSERT_EQUAL(result.damage.offset, offset);
	if (result.damage.what != NULL)
		CU_ASSERT_STRING_EQUAL(result.damage.what, what);
}

static void
blocks_of_impossible_length_are_damage(void)
{
	static const uint32_t lengths[] = {0, 1, 8, 11, 13, 14, UINT32_MAX};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct sample damage = {0};

		sample_u32(&damage, 6);
		sample_u32(&damage, lengths[i]);
		sample_fill(&damage, 64, 0);
		check_damaged("a block has an impossible length", &damage, 0);
		sample_free(&damage);
	}
}

static void
differing_lengths_of_a_block_are_damage(void)
{
	static const uint32_t types[] = {6, 1, 5, 0x77};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		struct sample damage = {0};

		sample_block(&damage, types[i], "12345678901234567890", 20);
		damage.bytes[damage.len - 4] ^= 4;
		check_damaged("the two lengths of a block differ", &damage, 0);
		sample_free(&damage);
	}
}

static void
packet_of_a_missing_interface_is_damage(void)
{
	struct sample damage = {0};

	sample_enhanced(&damage, 1, 3, 20);
	check_damaged("a packet is of an interface that is not described", &damage, 0);
	sample_free(&damage);

	/* Interfaces of the section before are gone. */
	sample_section(&damage);
	size_t section_len = damage.len;
	sample_enhanced(&damage, 0, 3, 20);
	check_damaged("a packet is of an interface that is not described", &damage, section_len);
	sample_free(&damage);
}

static void
packet_longer_than_its_block_is_damage(void)
{
	static const struct {
		uint32_t captured;
		const char *what;
	} cases[] = {
		{25, "a packet is longer than its block"},
		{CAPTURE_PACKET_MAX, "a packet is longer than its block"},
		{CAPTURE_PACKET_MAX + 1, "a packet is longer than 256 KiB"},
		{UINT32_MAX, "a packet is longer than 256 KiB"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sample damage = {0};

		sample_enhanced(&damage, 0, 3, 24);
		memcpy(damage.bytes + 20, &cases[i].captured, 4);
		check_damaged(cases[i].what, &damage, 0);
		sample_free(&damage);
	}
}

static void
short_blocks_are_damage(void)
{
	static const struct {
		uint32_t type;
		size_t len;
		const char *what;
	} cases[] = {
		{6, 16, "a packet block is too short"},
		{2, 16, "a packet block is too short"},
		{3, 0, "a packet block is too short"},
		{1, 4, "an interface block is cut"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sample damage = {0};

		sample_block(&damage, cases[i].type, "0000000000000000", cases[i].len);
		check_damaged(cases[i].what, &damage, 0);
		sample_free(&damage);
	}
}

static void
damaged_section_headers_are_damage(void)
{
	struct sample damage = {0};

	sample_section(&damage);
	damage.bytes[8] = 0;
	check_damaged("a section has no valid byte order mark", &damage, 0);
	sample_free(&damage);

	sample_section(&damage);
	damage.bytes[12] = 2;
	check_damaged("unknown version of the pcapng format", &damage, 0);
	sample_free(&damage);

	sample_block(&damage, 0x0a0d0d0a, "\x4d\x3c\x2b\x1a\1\0\0\0", 8);
	check_damaged("a section header is cut", &damage, 0);
	sample_free(&damage);
}

static void
damaged_interface_options_are_damage(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *what;
	} cases[] = {
		{"\1\0\0\0\0\0\0\0\2\0\377\377abcd", 16, "an interface option is cut"},
		{"\1\0\0\0\0\0\0\0\2\0\5\0abcd", 16, "an interface option is cut"},
		{"\1\0\0\0\0\0\0\0\11\0\2\0\6\6\0\0", 16, "an interface option has a wrong length"},
		{"\1\0\0\0\0\0\0\0\16\0\4\0\6\6\0\0", 16, "an interface option has a wrong length"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sample damage = {0};

		sample_block(&damage, 1, cases[i].bytes, cases[i].len);
		check_damaged(cases[i].what, &damage, 0);
		sample_free(&damage);
	}
}

static void
packet_block_beyond_a_megabyte_is_damage(void)
{
	struct sample damage = {0};
	uint8_t *body = calloc(1, CAPTURE_RUN_MAX);

	sample_block(&damage, 6, body, CAPTURE_RUN_MAX);
	free(body);
	check_damaged("a block is longer than 1 MiB", &damage, 0);
	sample_free(&damage);
}

static void
more_interfaces_than_ports_are_damage(void)
{
	struct sample sample = {0};

	sample_section(&sample);
	for (uint32_t i = 0; i < 65537; i++)
		sample_interface(&sample, 1, 0, NULL, 0);
	struct sample_result result = sample_finish(&sample);

	CU_ASSERT_EQUAL(result.count, 0);
	CU_ASSERT_EQUAL(result.damage.offset, 28 + UINT64_C(65536) * 20);
}

static void
cut_at_every_byte_gives_all_before_the_cut(void)
{
	for (int swapped = 0; swapped < 2; swapped++) {
		struct sample_option name = {IF_NAME, 4, "eth0", 0};
		struct sample sample = {.swapped = swapped != 0};
		size_t ends[8]; /* of the blocks */
		size_t packets[8] = {0, 0, 0, 1, 1, 1, 1, 2};

		ends[0] = 0;
		sample_section(&sample);
		ends[1] = sample.len;
		sample_interface(&sample, 1, 0, &name, 1);
		ends[2] = sample.len;
		sample_enhanced(&sample, 0, 1, 21);
		ends[3] = sample.len;
		sample_block(&sample, 5, "0123456789", 10);
		ends[4] = sample.len;
		sample_section(&sample);
		ends[5] = sample.len;
		sample_interface(&sample, 1, 0, &name, 1);
		ends[6] = sample.len;
		sample_enhanced(&sample, 0, 1, 22);
		ends[7] = sample.len;
		for (size_t len = 4; len <= sample.len; len++) {
			struct sample_result result = sample_read(sample.bytes, len);
			size_t whole = 0;

			while (whole < 7 && ends[whole + 1] <= len)
				whole++;
			CU_ASSERT_EQUAL(result.count, packets[whole]);
			CU_ASSERT_EQUAL(result.damage.what == NULL, len == ends[whole]);
			if (result.damage.what != NULL)
				CU_ASSERT_EQUAL(result.damage.offset, ends[whole]);
		}
		sample_free(&sample);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"packets_of_either_byte_order", packets_of_either_byte_order},
		{"clock_of_every_resolution", clock_of_every_resolution},
		{"clock_with_offset", clock_with_offset},
		{"interfaces_of_several_sections_are_ports_in_order",
		 interfaces_of_several_sections_are_ports_in_order},
		{"simple_packet_is_cut_to_the_snapshot_length",
		 simple_packet_is_cut_to_the_snapshot_length},
		{"obsolete_packet_block_is_read", obsolete_packet_block_is_read},
		{"unknown_blocks_of_any_length_are_passed_over",
		 unknown_blocks_of_any_length_are_passed_over},
		{"blocks_of_impossible_length_are_damage", blocks_of_impossible_length_are_damage},
		{"differing_lengths_of_a_block_are_damage",
		 differing_lengths_of_a_block_are_damage},
		{"packet_of_a_missing_interface_is_damage",
		 packet_of_a_missing_interface_is_damage},
		{"packet_longer_than_its_block_is_damage", packet_longer_than_its_block_is_damage},
		{"short_blocks_are_damage", short_blocks_are_damage},
		{"damaged_section_headers_are_damage", damaged_section_headers_are_damage},
		{"damaged_interface_options_are_damage", damaged_interface_options_are_damage},
		{"packet_block_beyond_a_megabyte_is_damage",
		 packet_block_beyond_a_megabyte_is_damage},
		{"more_interfaces_than_ports_are_damage", more_interfaces_than_ports_are_damage},
		{"cut_at_every_byte_gives_all_before_the_cut",
		 cut_at_every_byte_gives_all_before_the_cut},
	};

	return unit_run("capture_pcapng", cases, sizeof(cases) / sizeof(*cases));
}
