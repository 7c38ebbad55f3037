/* SPDX-License-Identifier: Apache-2.0 */
/* The plain form of a range list. Which form an input has shows in its first byte, so only the
 * corpus differs. */
#include "tests/fuzz/range_list_input.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	parse_range_list("google-cloud", data, size);
	return 0;
}
