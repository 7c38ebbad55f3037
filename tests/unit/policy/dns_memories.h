/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers put into a memory and questions asked of it in few words, for the tests of both.
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "classifier/policy/dns_memory.h"
#include "tests/unit/unit.h"

#define S UINT64_C(1000000000)
#define START (1700000000 * S)

static inline struct ip_address
address_of(const char *text)
{
	struct ip_address address;

	CU_ASSERT_EQUAL_FATAL(ip_address_parse(text, &address), 0);
	return address;
}

/* "question", its TTL, one address, then its aliases up to NULL. */
static inline struct dns_answer
answer_of(const char *question, uint32_t ttl_s, const char *address, ...)
{
	static struct dns_answer answer;
	va_list aliases;

	answer = (struct dns_answer){.question_type = 1, .ttl_s = ttl_s, .address_count = 1};
	snprintf(answer.question, sizeof(answer.question), "%s", question);
	answer.addresses[0] = address_of(address);
	va_start(aliases, address);
	for (const char *a = va_arg(aliases, const char *); a != NULL;
	     a = va_arg(aliases, const char *))
		snprintf(answer.aliases[answer.alias_count++], DOMAIN_NAME_MAX, "%s", a);
	va_end(aliases);
	return answer;
}

/* The answer to a question for HTTPS: one service without hints at `target` ("": itself). */
static inline struct dns_answer
https_of(const char *question, const char *target)
{
	static struct dns_answer answer;

	answer = (struct dns_answer){
		.question_type = DNS_TYPE_HTTPS, .ttl_s = 60, .service_count = 1};
	answer.services[0].type = DNS_TYPE_HTTPS;
	answer.services[0].priority = 1;
	snprintf(answer.question, sizeof(answer.question), "%s", question);
	snprintf(answer.services[0].target, DOMAIN_NAME_MAX, "%s", target);
	return answer;
}

static inline struct dns_answer
hint_of(const char *question, const char *target, const char *hint)
{
	struct dns_answer answer = https_of(question, target);

	answer.services[0].hint_count = 1;
	answer.services[0].hints[0] = address_of(hint);
	return answer;
}

static inline struct dns_answer
announcement_of(const char *question, const char *public_name)
{
	struct dns_answer answer = https_of(question, "");

	answer.services[0].has_ech = true;
	answer.services[0].public_name_count = 1;
	snprintf(answer.services[0].public_names[0], DOMAIN_NAME_MAX, "%s", public_name);
	return answer;
}

static inline void
add(struct dns_memory *memory, const char *client, uint64_t time_ns,
    const struct dns_answer *answer)
{
	struct ip_address c = address_of(client);

	dns_memory_add(memory, &c, time_ns, answer);
}

static inline void
add_plain(struct dns_memory *memory, uint64_t time_ns, const char *question, const char *address)
{
	struct dns_answer answer = answer_of(question, 60, address, NULL);

	add(memory, "10.0.0.1", time_ns, &answer);
}

static inline const char *
name_for(const struct dns_memory *memory, const char *client, const char *address, uint64_t time_ns)
{
	struct ip_address c = address_of(client), a = address_of(address);
	const char *name = dns_memory_find_name(memory, &c, &a, time_ns);

	return name != NULL ? name : "";
}

static inline struct dns_links
tell(const struct dns_memory *memory, const char *client, const char *address, const char *name,
     uint64_t time_ns)
{
	struct ip_address c = address_of(client), a = address_of(address);
	struct dns_question question = {&c, &a, name, time_ns};
	struct dns_links links;

	memset(&links, 0x5a, sizeof(links));
	dns_memory_tell(memory, &question, &links);
	return links;
}

static inline bool
links(const struct dns_memory *memory, const char *client, const char *address, const char *name,
      uint64_t time_ns)
{
	struct dns_links told = tell(memory, client, address, name, time_ns);

	/* What is linked is not contradicted. */
	CU_ASSERT_FALSE((told.linked || told.linked_shared) && told.contradicted);
	return told.linked;
}

static inline struct dns_memory *
memory_of(uint32_t max_answers)
{
	struct dns_memory *memory = dns_memory_create(max_answers);

	CU_ASSERT_PTR_NOT_NULL_FATAL(memory);
	return memory;
}
