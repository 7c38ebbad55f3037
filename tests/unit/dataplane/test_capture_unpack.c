/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_unpack.h"

#include "tests/unit/dataplane/capture_sample.h"
#include "tests/unit/unit.h"

#include <zlib.h>
#include <zstd.h>

#define PACKETS 500

/* Packs `len` bytes as one gzip member, or as one zstd frame, behind what `out` holds. */

static void
pack_gzip(struct sample *out, const uint8_t *bytes, size_t len)
{
	z_stream stream = {0};
	uint8_t buffer[4096];
	int result;

	CU_ASSERT_EQUAL_FATAL(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
			      Z_OK);
	stream.next_in = (uint8_t *)bytes;
	stream.avail_in = (unsigned)len;
	do {
		stream.next_out = buffer;
		stream.avail_out = sizeof(buffer);
		result = deflate(&stream, Z_FINISH);
		sample_bytes(out, buffer, sizeof(buffer) - stream.avail_out);
	} while (result == Z_OK);
	CU_ASSERT_EQUAL(result, Z_STREAM_END);
	deflateEnd(&stream);
}

static void
pack_zstd(struct sample *out, const uint8_t *bytes, size_t len)
{
	size_t room = ZSTD_compressBound(len);
	uint8_t *buffer = malloc(room);
	size_t packed;

	CU_ASSERT_PTR_NOT_NULL_FATAL(buffer);
	packed = ZSTD_compress(buffer, room, bytes, len, 3);
	CU_ASSERT_FALSE(ZSTD_isError(packed));
	sample_bytes(out, buffer, packed);
	free(buffer);
}

static const struct {
	void (*pack)(struct sample *, const uint8_t *, size_t);
	const char *cut;
	const char *corrupt;
} packings[] = {
	{pack_gzip, "gzip stream is cut", "gzip stream is corrupt"},
	{pack_zstd, "zstd stream is cut", "zstd stream is corrupt"},
};
#define PACKINGS (sizeof(packings) / sizeof(*packings))

static struct sample
build_capture(void)
{
	struct sample sample = {0};

	sample_pcap(&sample, 0xa1b2c3d4, 1);
	for (uint32_t i = 0; i < PACKETS; i++)
		sample_record(&sample, i, i, 60 + i);
	return sample;
}

/* Packs the capture in `pieces` members or frames. */
static struct sample
build_packed(size_t packing, size_t pieces)
{
	struct sample plain = build_capture();
	struct sample packed = {0};
	size_t step = plain.len / pieces + 1;

	for (size_t at = 0; at < plain.len; at += step) {
		size_t len = plain.len - at < step ? plain.len - at : step;

		packings[packing].pack(&packed, plain.bytes + at, len);
	}
	sample_free(&plain);
	return packed;
}

static void
packed_is_read_as_plain(void)
{
	struct sample plain = build_capture();
	struct sample_result expected = sample_finish(&plain);

	CU_ASSERT_EQUAL(expected.count, PACKETS);
	for (size_t packing = 0; packing < PACKINGS; packing++) {
		for (size_t pieces = 1; pieces <= 64; pieces *= 4) {
			struct sample packed = build_packed(packing, pieces);
			struct sample_result result = sample_finish(&packed);

			CU_ASSERT_EQUAL(result.count, PACKETS);
			CU_ASSERT_EQUAL(result.sum, expected.sum);
			CU_ASSERT_PTR_NULL(result.damage.what);
		}
	}
}

static void
zero_padding_after_gzip_is_no_damage(void)
{
	static const uint8_t zeros[1000];
	struct sample packed = build_packed(0, 2);

	sample_bytes(&packed, zeros, sizeof(zeros));
	struct sample_result result = sample_finish(&packed);

	CU_ASSERT_EQUAL(result.count, PACKETS);
	CU_ASSERT_PTR_NULL(result.damage.what);
}

static void
skippable_zstd_frames_are_passed_over(void)
{
	struct sample packed = {0};
	struct sample frame = build_packed(1, 1);

	sample_bytes(&packed, "\x5a\x2a\x4d\x18\4\0\0\0skip", 12);
	sample_bytes(&packed, frame.bytes, frame.len);
	sample_bytes(&packed, "\x50\x2a\x4d\x18\0\0\0\0", 8);
	sample_free(&frame);
	struct sample_result result = sample_finish(&packed);

	CU_ASSERT_EQUAL(result.count, PACKETS);
	CU_ASSERT_PTR_NULL(result.damage.what);
}

static void
other_bytes_behind_are_damage_after_all_packets(void)
{
	static const char *const texts[] = {"bytes that are no gzip follow the gzip stream",
					    "zstd stream is corrupt"};

	for (size_t packing = 0; packing < PACKINGS; packing++) {
		struct sample plain = build_capture();
		struct sample packed = build_packed(packing, 1);

		sample_bytes(&packed, "not packed at all", 17);
		struct sample_result result = sample_finish(&packed);

		CU_ASSERT_EQUAL(result.count, PACKETS);
		CU_ASSERT_EQUAL(result.damage.offset, plain.len);
		CU_ASSERT_PTR_NOT_NULL_FATAL(result.damage.what);
		CU_ASSERT_STRING_EQUAL(result.damage.what, texts[packing]);
		sample_free(&plain);
	}
}

static void
cut_at_any_byte_gives_packets_up_to_the_cut(void)
{
	for (size_t packing = 0; packing < PACKINGS; packing++) {
		struct sample packed = build_packed(packing, 3);
		size_t before = 0;

		for (size_t len = 4; len < packed.len; len += 1 + len / 16) {
			struct sample_result result = sample_read(packed.bytes, len);

			if (result.error != CAPTURE_OPEN_OK) {
				CU_ASSERT_EQUAL(result.error, CAPTURE_OPEN_NO_CAPTURE);
				CU_ASSERT_EQUAL(before, 0);
				continue;
			}
			CU_ASSERT_TRUE(result.count >= before);
			CU_ASSERT_TRUE(result.count < PACKETS);
			before = result.count;
			CU_ASSERT_PTR_NOT_NULL_FATAL(result.damage.what);
			/* Between two members it is the capture that is cut. */
			if (strcmp(result.damage.what, "a record is cut") != 0)
				CU_ASSERT_STRING_EQUAL(result.damage.what, packings[packing].cut);
		}
		CU_ASSERT_TRUE(before > 0);
		sample_free(&packed);
	}
}

static void
corruption_gives_packets_up_to_it(void)
{
	for (size_t packing = 0; packing < PACKINGS; packing++) {
		struct sample plain = build_capture();
		struct sample packed = {0};
		size_t first = plain.len / 2;

		packings[packing].pack(&packed, plain.bytes, first);
		size_t second = packed.len;

		packings[packing].pack(&packed, plain.bytes + first, plain.len - first);
		packed.bytes[second + 2] ^= 0x40;
		struct sample_result expected = sample_read(plain.bytes, first);
		struct sample_result result = sample_finish(&packed);

		CU_ASSERT_TRUE(result.count > 0);
		CU_ASSERT_EQUAL(result.count, expected.count);
		CU_ASSERT_EQUAL(result.sum, expected.sum);
		CU_ASSERT_EQUAL(result.damage.offset, expected.damage.offset);
		CU_ASSERT_PTR_NOT_NULL_FATAL(result.damage.what);
		CU_ASSERT_STRING_EQUAL(result.damage.what, packings[packing].corrupt);
		sample_free(&plain);
	}
}

static void
corruption_within_is_always_damage(void)
{
	for (size_t packing = 0; packing < PACKINGS; packing++) {
		struct sample packed = build_packed(packing, 3);

		memset(packed.bytes + packed.len / 2, 0xff, 64);
		struct sample_result result = sample_finish(&packed);

		CU_ASSERT_TRUE(result.count > 0 && result.count < PACKETS);
		CU_ASSERT_PTR_NOT_NULL(result.damage.what);
	}
}

static void
wrong_checksum_of_gzip_is_damage_after_all_packets(void)
{
	struct sample packed = build_packed(0, 1);

	packed.bytes[packed.len - 6] ^= 1;
	struct sample_result result = sample_finish(&packed);

	CU_ASSERT_EQUAL(result.count, PACKETS);
	CU_ASSERT_PTR_NOT_NULL_FATAL(result.damage.what);
	CU_ASSERT_STRING_EQUAL(result.damage.what, "gzip stream is corrupt");
}

static void
packed_text_is_no_capture_and_packed_nothing_is_empty(void)
{
	for (size_t packing = 0; packing < PACKINGS; packing++) {
		struct sample text = {0};
		struct sample nothing = {0};

		packings[packing].pack(&text, (const uint8_t *)"once upon a time", 16);
		packings[packing].pack(&nothing, (const uint8_t *)"", 0);
		CU_ASSERT_EQUAL(sample_finish(&text).error, CAPTURE_OPEN_NO_CAPTURE);
		CU_ASSERT_EQUAL(sample_finish(&nothing).error, CAPTURE_OPEN_EMPTY);
	}
}

static void
packed_twice_is_no_capture(void)
{
	struct sample once = build_packed(0, 1);
	struct sample twice = {0};

	pack_zstd(&twice, once.bytes, once.len);
	sample_free(&once);
	CU_ASSERT_EQUAL(sample_finish(&twice).error, CAPTURE_OPEN_NO_CAPTURE);
}

static void
packed_magic_alone_is_no_capture(void)
{
	CU_ASSERT_EQUAL(sample_read("\x1f\x8b\x08", 3).error, CAPTURE_OPEN_NO_CAPTURE);
	CU_ASSERT_EQUAL(sample_read("\x1f\x8b\x08\x00", 4).error, CAPTURE_OPEN_NO_CAPTURE);
	CU_ASSERT_EQUAL(sample_read("\x28\xb5\x2f\xfd", 4).error, CAPTURE_OPEN_NO_CAPTURE);
}

static void
zstd_window_beyond_the_limit_is_told(void)
{
	/* Frame header descriptor 0: no checksum; window descriptor 0xa8: 2^31 bytes. */
	static const uint8_t frame[] = {0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0};
	struct sample packed = build_packed(1, 1);

	sample_bytes(&packed, frame, sizeof(frame));
	struct sample_result result = sample_finish(&packed);

	CU_ASSERT_EQUAL(result.count, PACKETS);
	CU_ASSERT_PTR_NOT_NULL_FATAL(result.damage.what);
	CU_ASSERT_PTR_NOT_NULL(strstr(result.damage.what, "128 MiB"));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"packed_is_read_as_plain", packed_is_read_as_plain},
		{"zero_padding_after_gzip_is_no_damage", zero_padding_after_gzip_is_no_damage},
		{"skippable_zstd_frames_are_passed_over", skippable_zstd_frames_are_passed_over},
		{"other_bytes_behind_are_damage_after_all_packets",
		 other_bytes_behind_are_damage_after_all_packets},
		{"cut_at_any_byte_gives_packets_up_to_the_cut",
		 cut_at_any_byte_gives_packets_up_to_the_cut},
		{"corruption_gives_packets_up_to_it", corruption_gives_packets_up_to_it},
		{"corruption_within_is_always_damage", corruption_within_is_always_damage},
		{"wrong_checksum_of_gzip_is_damage_after_all_packets",
		 wrong_checksum_of_gzip_is_damage_after_all_packets},
		{"packed_text_is_no_capture_and_packed_nothing_is_empty",
		 packed_text_is_no_capture_and_packed_nothing_is_empty},
		{"packed_twice_is_no_capture", packed_twice_is_no_capture},
		{"packed_magic_alone_is_no_capture", packed_magic_alone_is_no_capture},
		{"zstd_window_beyond_the_limit_is_told", zstd_window_beyond_the_limit_is_told},
	};

	return unit_run("capture_unpack", cases, sizeof(cases) / sizeof(*cases));
}
