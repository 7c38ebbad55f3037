/* SPDX-License-Identifier: Apache-2.0 */
/* The three answers that every table of this folder gives. */
#pragma once

enum lookup_answer {
	LOOKUP_FOUND,   /**< the output is filled in */
	LOOKUP_ABSENT,  /**< the table is sound and says nothing of this address */
	LOOKUP_CORRUPT, /**< the file breaks its own format here; the output counts as unknown */
};
