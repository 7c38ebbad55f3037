/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/flow_key.h"

#include "base/flow_record.h"
#include "tests/unit/dataplane/decode_fixture.h"
#include "tests/unit/unit.h"

static void
both_directions_have_one_key_and_one_hash(void)
{
	static const struct {
		const char *low, *high;
		uint16_t low_port, high_port;
	} cases[] = {
		{V4_LOW, V4_HIGH, 50000, 443},
		{V4_LOW, V4_HIGH, 443, 443},
		{V6_LOW, V6_HIGH, 1, 65535},
		{V4_LOW, V4_LOW, 443, 50000}, /* a host to itself: the ports tell */
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct flow_key keys[2];
		for (unsigned back = 0; back < 2; back++) {
			build_begin(&b, LINK_TYPE_ETHERNET);
			build_ip(&b, back ? cases[i].high : cases[i].low,
				 back ? cases[i].low : cases[i].high);
			build_udp(&b, back ? cases[i].high_port : cases[i].low_port,
				  back ? cases[i].low_port : cases[i].high_port);
			CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
			CU_ASSERT_EQUAL(d.from_high, back);
			keys[back] = d.key;
		}
		CU_ASSERT_EQUAL(memcmp(&keys[0], &keys[1], sizeof(keys[0])), 0);
		CU_ASSERT_EQUAL(keys[0].low_port, cases[i].low_port);
		CU_ASSERT_EQUAL(flow_key_hash(&keys[0], 9), flow_key_hash(&keys[1], 9));
		CU_ASSERT_NOT_EQUAL(flow_key_hash(&keys[0], 9), flow_key_hash(&keys[0], 10));
	}
}

static void
every_field_of_the_key_changes_the_hash(void)
{
	begin_ipv4(V4_LOW, V4_HIGH);
	append_udp();
	CU_ASSERT_EQUAL(decode_built(&b, &d), DECODE_TRACKED);
	for (uint64_t seed = 0; seed < 3; seed++) {
		uint64_t before = flow_key_hash(&d.key, seed);
		for (size_t bit = 0; bit < 8 * sizeof(d.key); bit++) {
			struct flow_key other = d.key;
			((uint8_t *)&other)[bit / 8] ^= (uint8_t)(1u << bit % 8);
			uint64_t hash = flow_key_hash(&other, seed);
			CU_ASSERT_NOT_EQUAL((uint32_t)hash, (uint32_t)before);
			CU_ASSERT_NOT_EQUAL(hash >> 32, before >> 32);
		}
	}
}

/*
 * Who knows this program knows its constants: no choice of address may make the rest of the key, or
 * the seed, of no account. Each half address is set to values that cancel a constant, and another
 * half varied.
 */
static void
no_choice_of_address_takes_the_seed_out_of_the_hash(void)
{
	static const uint64_t chosen[] = {0, UINT64_MAX, 0x9e3779b97f4a7c15u, 0xd6e8feb86659fd93u,
					  0xa0761d6478bd642fu};
	const uint64_t seed = 0x0123456789abcdefu;

	for (size_t i = 0; i < COUNT(chosen); i++) {
		for (size_t fixed = 0; fixed < 4; fixed++) {
			for (size_t varied = 0; varied < 4; varied++) {
				if (varied == fixed)
					continue;
				uint64_t word[6] = {1, 2, 3, 4, 5, 6};
				struct flow_key key;
				uint64_t hash[2];
				word[fixed] = chosen[i];
				for (unsigned k = 0; k < 2; k++) {
					word[varied] += 1000;
					memcpy(&key, word, sizeof(key));
					hash[k] = flow_key_hash(&key, seed);
				}
				CU_ASSERT_NOT_EQUAL(hash[0], hash[1]);
				CU_ASSERT_NOT_EQUAL(flow_key_hash(&key, seed + 1), hash[1]);
			}
		}
	}
}

/* A high end that is the low one with constants turned over must not make the halves cancel out. */
static void
no_relation_between_the_ends_takes_the_addresses_out_of_the_hash(void)
{
	static const uint64_t turn[][2] = {
		{0, 0},
		{0xd6e8feb86659fd93u, 0x9e3779b97f4a7c15u},
		{0x9e3779b97f4a7c15u, 0xd6e8feb86659fd93u},
	};

	for (size_t i = 0; i < COUNT(turn); i++) {
		uint64_t first = 0;
		for (uint64_t k = 0; k < 8; k++) {
			uint64_t word[6] = {k, ~k, k ^ turn[i][0], ~k ^ turn[i][1], 0, 0};
			struct flow_key key;
			memcpy(&key, word, sizeof(key));
			uint64_t hash = flow_key_hash(&key, 0x0123456789abcdefu);
			CU_ASSERT(k == 0 || hash != first);
			first = hash;
		}
	}
}

static const struct unit_case cases[] = {
	{"both_directions_have_one_key_and_one_hash", both_directions_have_one_key_and_one_hash},
	{"every_field_of_the_key_changes_the_hash", every_field_of_the_key_changes_the_hash},
	{"no_choice_of_address_takes_the_seed_out_of_the_hash",
	 no_choice_of_address_takes_the_seed_out_of_the_hash},
	{"no_relation_between_the_ends_takes_the_addresses_out_of_the_hash",
	 no_relation_between_the_ends_takes_the_addresses_out_of_the_hash},
};

int
main(void)
{
	return unit_run("flow_key", cases, COUNT(cases));
}
