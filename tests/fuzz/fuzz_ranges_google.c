/* SPDX-License-Identifier: Apache-2.0 */
/* The range list of Google: bytes of a file to entries. */
#include "tests/fuzz/range_list_input.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	parse_range_list("google-cloud", data, size);
	return 0;
}
