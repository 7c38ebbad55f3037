/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_mapping.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096u

/*
 * What the signal handler may look at: one for every mapping that exists at the same time. Guards
 * are reused and never freed, so that the handler can follow the list without a lock.
 */
struct mapping_guard {
	struct mapping_guard *next; /* fixed once the guard is in the list */
	_Atomic(uintptr_t) base;    /* 0: free */
	_Atomic(uint64_t) len;
	_Atomic(uint64_t) kept;
	atomic_bool input_error; /* lost by an input error: the file is as long as it was */
	_Atomic(int) fd;
};

struct capture_mapping {
	struct mapping_guard *guard;
	uint8_t *bytes;
	uint64_t len;
	int fd;
};

static _Atomic(struct mapping_guard *) guards;
static pthread_mutex_t guards_change = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t handler_once = PTHREAD_ONCE_INIT;
static struct sigaction handler_before;

static void
lower_kept(struct mapping_guard *guard, uint64_t kept)
{
	uint64_t now = atomic_load(&guard->kept);

	while (kept < now && !atomic_compare_exchange_weak(&guard->kept, &now, kept))
		;
}

static struct mapping_guard *
find_guard(uintptr_t address)
{
	for (struct mapping_guard *g = atomic_load(&guards); g != NULL; g = g->next) {
		uintptr_t base = atomic_load(&g->base);

		if (base != 0 && address >= base && address - base < atomic_load(&g->len) &&
		    atomic_load(&g->base) == base)
			return g;
	}
	return NULL;
}

/*
 * Puts empty memory in place of the page at `address` and of all after it: one signal a loss, not
 * one a page. fstat and mmap are plain system calls and safe here.
 */
static bool
replace_lost_pages(struct mapping_guard *guard, uintptr_t address)
{
	uintptr_t base = atomic_load(&guard->base);
	uint64_t lost_at = (address - base) & ~(uint64_t)(PAGE - 1);
	struct stat now;

	if (mmap((void *)(base + lost_at), atomic_load(&guard->len) - lost_at, PROT_READ,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return false;
	if (fstat(atomic_load(&guard->fd), &now) == 0) {
		if ((uint64_t)now.st_size < lost_at)
			lost_at = (uint64_t)now.st_size;
		else if ((uint64_t)now.st_size >= lost_at + PAGE)
			atomic_store(&guard->input_error, true);
	}
	lower_kept(guard, lost_at);
	return true;
}

static void
on_sigbus(int number, siginfo_t *info, void *context)
{
	int saved = errno;
	struct mapping_guard *guard = find_guard((uintptr_t)info->si_addr);

	if (guard != NULL && replace_lost_pages(guard, (uintptr_t)info->si_addr)) {
		errno = saved;
		return;
	}
	errno = saved;
	if (handler_before.sa_flags & SA_SIGINFO)
		handler_before.sa_sigaction(number, info, context);
	else if (handler_before.sa_handler != SIG_DFL && handler_before.sa_handler != SIG_IGN)
		handler_before.sa_handler(number);
	else /* the faulting instruction runs again and ends the process as it would have */
		signal(SIGBUS, SIG_DFL);
}

static void
install_handler(void)
{
	struct sigaction action = {.sa_sigaction = on_sigbus,
				   .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};

	sigemptyset(&action.sa_mask);
	(void)sigaction(SIGBUS, &action, &handler_before);
}

static struct mapping_guard *
take_guard(const struct capture_mapping *mapping)
{
	struct mapping_guard *guard;

	pthread_mutex_lock(&guards_change);
	guard = atomic_load(&guards);
	while (guard != NULL && atomic_load(&guard->base) != 0)
		guard = guard->next;
	if (guard == NULL) {
		guard = calloc(1, sizeof(*guard));
		if (guard != NULL) {
			guard->next = atomic_load(&guards);
			atomic_store(&guards, guard);
		}
	}
	if (guard != NULL) {
		atomic_store(&guard->fd, mapping->fd);
		atomic_store(&guard->kept, mapping->len);
		atomic_store(&guard->input_error, false);
		atomic_store(&guard->len, mapping->len);
		atomic_store(&guard->base, (uintptr_t)mapping->bytes);
	}
	pthread_mutex_unlock(&guards_change);
	return guard;
}

struct capture_mapping *
capture_mapping_open(int fd, uint64_t len)
{
	struct capture_mapping *mapping = calloc(1, sizeof(*mapping));
	int saved;

	if (mapping == NULL)
		return NULL;
	pthread_once(&handler_once, install_handler);
	mapping->fd = fd;
	mapping->len = len;
	mapping->bytes = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
	if (mapping->bytes == MAP_FAILED)
		goto no_mapping;
	/* Reading ahead in large pieces; refusal costs speed only. */
	(void)madvise(mapping->bytes, len, MADV_SEQUENTIAL);
	mapping->guard = take_guard(mapping);
	if (mapping->guard == NULL)
		goto no_guard;
	return mapping;

no_guard:
	(void)munmap(mapping->bytes, len);
	errno = ENOMEM;
no_mapping:
	saved = errno;
	free(mapping);
	errno = saved;
	return NULL;
}

void
capture_mapping_close(struct capture_mapping *mapping)
{
	if (mapping == NULL)
		return;
	atomic_store(&mapping->guard->base, 0);
	(void)munmap(mapping->bytes, mapping->len);
	(void)close(mapping->fd);
	free(mapping);
}

const uint8_t *
capture_mapping_bytes(const struct capture_mapping *mapping)
{
	return mapping->bytes;
}

void
capture_mapping_bring(struct capture_mapping *mapping, uint64_t offset, uint64_t len)
{
	uint64_t from = offset & ~(uint64_t)(PAGE - 1);

	capture_mapping_check(mapping);
	/* Linux 5.14 and newer; where it is refused, pages come in when they are touched. */
	(void)madvise(mapping->bytes + from, offset + len - from, MADV_POPULATE_READ);
}

void
capture_mapping_release(struct capture_mapping *mapping, uint64_t from, uint64_t to)
{
	from &= ~(uint64_t)(PAGE - 1);
	to &= ~(uint64_t)(PAGE - 1);
	/* Only up to a loss: the empty pages there must not become the file's again. */
	if (from < to && to <= capture_mapping_kept(mapping))
		(void)madvise(mapping->bytes + from, to - from, MADV_DONTNEED);
}

void
capture_mapping_check(struct capture_mapping *mapping)
{
	struct stat now;

	if (fstat(mapping->fd, &now) == 0 && now.st_size >= 0)
		lower_kept(mapping->guard, (uint64_t)now.st_size);
}

uint64_t
capture_mapping_kept(const struct capture_mapping *mapping)
{
	return atomic_load_explicit(&mapping->guard->kept, memory_order_relaxed);
}

const char *
capture_mapping_fault(const struct capture_mapping *mapping)
{
	if (capture_mapping_kept(mapping) == mapping->len)
		return NULL;
	return atomic_load(&mapping->guard->input_error)
		       ? "the disk could not give this part of the file"
		       : "the file became shorter while it was read";
}
