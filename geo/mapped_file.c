/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/mapped_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int
map_descriptor(int fd, size_t max_bytes, struct named_bytes *out, struct fault_list *faults)
{
	struct stat about;
	if (fstat(fd, &about) != 0) {
		int rc = -errno;
		fault_list_add(faults, out->name, 0, 0, "cannot be read: %s", strerror(-rc));
		return rc;
	}
	if (!S_ISREG(about.st_mode)) {
		fault_list_add(faults, out->name, 0, 0, "is no regular file");
		return -EINVAL;
	}
	if ((uint64_t)about.st_size > max_bytes) {
		fault_list_add(faults, out->name, 0, 0, "has %lld bytes, more than the %zu allowed",
			       (long long)about.st_size, max_bytes);
		return -EFBIG;
	}
	if (about.st_size == 0)
		return 0;

	void *bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED) {
		int rc = -errno;
		fault_list_add(faults, out->name, 0, 0, "cannot be mapped: %s", strerror(-rc));
		return rc;
	}
	out->bytes = slice_of(bytes, (size_t)about.st_size);
	return 0;
}

int
mapped_file_open(const char *path, size_t max_bytes, struct named_bytes *out,
		 struct fault_list *faults)
{
	*out = (struct named_bytes){.name = path};

	/* O_NONBLOCK: a pipe given by mistake is refused below instead of waiting for its writer.
	 */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		int rc = -errno;
		fault_list_add(faults, path, 0, 0, "cannot be opened: %s", strerror(-rc));
		return rc;
	}
	int rc = map_descriptor(fd, max_bytes, out, faults);
	close(fd);
	return rc;
}

void
mapped_file_close(struct named_bytes *file)
{
	if (file->bytes.len > 0)
		munmap((void *)(uintptr_t)file->bytes.data, file->bytes.len);
	*file = (struct named_bytes){0};
}
