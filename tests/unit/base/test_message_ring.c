/* SPDX-License-Identifier: Apache-2.0 */
#include "base/message_ring.h"

#include "tests/unit/unit.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define RING_MIN (256u * 1024)
#define HEADER 16u

static uint64_t body_room[MESSAGE_RING_BODY_MAX / 8 + 1];

static bool
push(struct message_ring *ring, uint64_t time_ns, uint32_t len, uint32_t kind)
{
	uint8_t *body = (uint8_t *)body_room;

	memset(body, (int)(kind & 0xff), len);
	return message_ring_push(
		ring,
		&(struct message){.time_ns = time_ns, .body = body, .len = len, .kind = kind});
}

static bool
next_is(struct message_ring *ring, uint64_t time_ns, uint32_t len, uint32_t kind)
{
	struct message m;

	if (!message_ring_peek(ring, &m))
		return false;
	bool is = m.time_ns == time_ns && m.len == len && m.kind == kind &&
		  (uintptr_t)m.body % 8 == 0;
	for (uint32_t i = 0; is && i < len; i++)
		is = ((const uint8_t *)m.body)[i] == (uint8_t)kind;
	message_ring_pop(ring);
	return is;
}

static struct message_ring *
create(void)
{
	struct message_ring *ring = message_ring_create(0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(ring);
	return ring;
}

static void
an_empty_ring_gives_nothing(void)
{
	struct message_ring *ring = create();
	struct message m;

	CU_ASSERT_FALSE(message_ring_peek(ring, &m));
	CU_ASSERT_EQUAL(message_ring_time(ring), 0);
	message_ring_destroy(ring);
	message_ring_destroy(NULL);
}

static void
messages_come_in_order_with_all_they_had(void)
{
	struct message_ring *ring = create();
	static const uint32_t lens[] = {0, 1, 7, 8, 9, 100, MESSAGE_RING_BODY_MAX};

	for (uint32_t i = 0; i < COUNT(lens); i++)
		CU_ASSERT_TRUE(push(ring, 1000 + i, lens[i], i));
	for (uint32_t i = 0; i < COUNT(lens); i++)
		CU_ASSERT_TRUE(next_is(ring, 1000 + i, lens[i], i));
	CU_ASSERT_FALSE(next_is(ring, 0, 0, 0));
	message_ring_destroy(ring);
}

static void
a_message_may_be_looked_at_twice(void)
{
	struct message_ring *ring = create();
	struct message first, second;

	CU_ASSERT_TRUE(push(ring, 5, 10, 1));
	CU_ASSERT_TRUE(message_ring_peek(ring, &first));
	CU_ASSERT_TRUE(push(ring, 6, 10, 2));
	CU_ASSERT_TRUE(message_ring_peek(ring, &second));
	CU_ASSERT_PTR_EQUAL(first.body, second.body);
	message_ring_pop(ring);
	CU_ASSERT_TRUE(next_is(ring, 6, 10, 2));
	message_ring_destroy(ring);
}

static void
too_long_a_message_is_refused(void)
{
	struct message_ring *ring = create();

	CU_ASSERT_FALSE(push(ring, 1, MESSAGE_RING_BODY_MAX + 1, 1));
	CU_ASSERT_TRUE(push(ring, 1, MESSAGE_RING_BODY_MAX, 1));
	message_ring_destroy(ring);
}

static void
a_full_ring_refuses_and_loses_nothing(void)
{
	struct message_ring *ring = create();
	uint32_t pushed = 0, popped = 0;

	while (push(ring, pushed, 1000 - HEADER, pushed))
		pushed++;
	CU_ASSERT(pushed >= RING_MIN / 1000 - 1);
	CU_ASSERT_FALSE(push(ring, pushed, 1000 - HEADER, pushed));
	/* Room for one comes back with one. */
	for (unsigned i = 0; i < 1000; i++) {
		CU_ASSERT_TRUE(next_is(ring, popped, 1000 - HEADER, popped));
		popped++;
		while (push(ring, pushed, 1000 - HEADER, pushed))
			pushed++;
	}
	while (popped < pushed) {
		CU_ASSERT_TRUE(next_is(ring, popped, 1000 - HEADER, popped));
		popped++;
	}
	struct message m;
	CU_ASSERT_FALSE(message_ring_peek(ring, &m));
	message_ring_destroy(ring);
}

/* Messages end at every multiple of 8 before the ring's end, where no header or no body fits any
 * more. */
static void
the_end_of_the_ring_is_passed_at_every_distance(void)
{
	for (uint32_t left = 0; left <= 128; left += 8) {
		struct message_ring *ring = create();
		uint32_t to_fill = RING_MIN - left;
		for (uint32_t k = 0; to_fill > 0; k++) {
			uint32_t room = to_fill > 40000 ? 32768 : to_fill;
			CU_ASSERT_TRUE(push(ring, 1, room - HEADER, k));
			CU_ASSERT_TRUE(next_is(ring, 1, room - HEADER, k));
			to_fill -= room;
		}
		CU_ASSERT_TRUE(push(ring, 2, 60, 77));
		CU_ASSERT_TRUE(push(ring, 3, 0, 78));
		CU_ASSERT_TRUE(next_is(ring, 2, 60, 77));
		CU_ASSERT_TRUE(next_is(ring, 3, 0, 78));
		message_ring_destroy(ring);
	}
}

static void
size_is_rounded_up(void)
{
	struct message_ring *ring = message_ring_create(300 * 1024);
	uint32_t pushed = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(ring);
	while (push(ring, 0, 1024 - HEADER, 0))
		pushed++;
	CU_ASSERT_EQUAL(pushed, 512);
	message_ring_destroy(ring);
}

/* Two threads: lengths, kinds and contents follow from the number of the message. */
#define MESSAGES 1000000u

static uint32_t
length_of(uint32_t number)
{
	uint32_t mixed = number * 2654435761u >> 8;
	/* Mostly short, now and then as long as can be. */
	return mixed % 5000 == 0 ? mixed % (MESSAGE_RING_BODY_MAX + 1) : mixed % 300;
}

static uint64_t
word_of(uint32_t number, uint32_t position)
{
	return (uint64_t)number * 0x9e3779b97f4a7c15u + position;
}

static void *
write_messages(void *context)
{
	struct message_ring *ring = context;
	static uint64_t words[MESSAGE_RING_BODY_MAX / 8 + 1];

	for (uint32_t n = 0; n < MESSAGES; n++) {
		uint32_t len = length_of(n);
		for (uint32_t i = 0; i < (len + 7) / 8; i++)
			words[i] = word_of(n, i);
		struct message m = {.time_ns = n / 7, .body = words, .len = len, .kind = n};
		while (!message_ring_push(ring, &m))
			sched_yield();
		if (n % 64 == 63)
			message_ring_publish_time(ring, n / 7);
	}
	message_ring_publish_time(ring, MESSAGE_RING_END);
	return NULL;
}

static bool
is_message(const struct message *m, uint32_t n)
{
	if (m->kind != n || m->len != length_of(n) || m->time_ns != n / 7)
		return false;
	for (uint32_t i = 0; i < m->len; i += 8) {
		uint64_t expected = word_of(n, i / 8);
		if (memcmp((const uint8_t *)m->body + i, &expected,
			   m->len - i < 8 ? m->len - i : 8) != 0)
			return false;
	}
	return true;
}

static void
a_million_messages_pass_between_two_threads(void)
{
	struct message_ring *ring = create();
	pthread_t writer;
	uint32_t n = 0, wrong = 0;
	uint64_t least_ns = 0;

	CU_ASSERT_EQUAL_FATAL(pthread_create(&writer, NULL, write_messages, ring), 0);
	for (;;) {
		struct message m;
		uint64_t time_ns = message_ring_time(ring);
		if (!message_ring_peek(ring, &m)) {
			if (time_ns == MESSAGE_RING_END)
				break;
			/* Nothing is left of before that time: what still comes is not earlier. */
			least_ns = time_ns;
			sched_yield();
			continue;
		}
		wrong += !is_message(&m, n) || m.time_ns < least_ns;
		message_ring_pop(ring);
		n++;
	}
	pthread_join(writer, NULL);
	CU_ASSERT_EQUAL(n, MESSAGES);
	CU_ASSERT_EQUAL(wrong, 0);
	message_ring_destroy(ring);
}

static void
the_end_is_a_time_that_comes_after_all_messages(void)
{
	struct message_ring *ring = create();

	CU_ASSERT_TRUE(push(ring, 10, 8, 1));
	message_ring_publish_time(ring, 10);
	CU_ASSERT_EQUAL(message_ring_time(ring), 10);
	CU_ASSERT_EQUAL(message_ring_packet(ring), 0);
	message_ring_publish_packet(ring, 7);
	CU_ASSERT_EQUAL(message_ring_packet(ring), 7);
	message_ring_publish_time(ring, MESSAGE_RING_END);
	CU_ASSERT_EQUAL(message_ring_time(ring), MESSAGE_RING_END);
	CU_ASSERT_TRUE(next_is(ring, 10, 8, 1));
	message_ring_destroy(ring);
}

static void
room_that_is_promised_is_there(void)
{
	struct message_ring *ring = create();

	while (message_ring_has_room(ring, 3 * 1008))
		for (unsigned i = 0; i < 3; i++)
			CU_ASSERT_FATAL(push(ring, 1, 1000 - HEADER, 1));
	CU_ASSERT(!message_ring_has_room(ring, 3 * 1008));
	message_ring_destroy(ring);
}

static const struct unit_case cases[] = {
	{"room_that_is_promised_is_there", room_that_is_promised_is_there},
	{"an_empty_ring_gives_nothing", an_empty_ring_gives_nothing},
	{"messages_come_in_order_with_all_they_had", messages_come_in_order_with_all_they_had},
	{"a_message_may_be_looked_at_twice", a_message_may_be_looked_at_twice},
	{"too_long_a_message_is_refused", too_long_a_message_is_refused},
	{"a_full_ring_refuses_and_loses_nothing", a_full_ring_refuses_and_loses_nothing},
	{"the_end_of_the_ring_is_passed_at_every_distance",
	 the_end_of_the_ring_is_passed_at_every_distance},
	{"size_is_rounded_up", size_is_rounded_up},
	{"a_million_messages_pass_between_two_threads",
	 a_million_messages_pass_between_two_threads},
	{"the_end_is_a_time_that_comes_after_all_messages",
	 the_end_is_a_time_that_comes_after_all_messages},
};

int
main(void)
{
	return unit_run("message_ring", cases, COUNT(cases));
}
