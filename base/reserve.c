/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reserve.h"

#include <errno.h>
#include <sys/mman.h>

/* Left at small pages: many captures of a folder, and small networks, need no more. */
#define SMALL_PAGES (1u << 20)

void *
reserve_take(size_t size, enum reserve_use use)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (at == MAP_FAILED) {
		errno = ENOMEM;
		return NULL;
	}
	/* Where the kernel has no large pages to give, small ones do. */
	if (use == RESERVE_IN_ORDER && size > SMALL_PAGES)
		(void)madvise((char *)at + SMALL_PAGES, size - SMALL_PAGES, MADV_HUGEPAGE);
	return at;
}

void
reserve_release(void *at, size_t size)
{
	if (at != NULL)
		munmap(at, size);
}
