/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggestion.h"

#include <string.h>

static unsigned
min3(unsigned a, unsigned b, unsigned c)
{
	unsigned smallest = a < b ? a : b;
	return smallest < c ? smallest : c;
}

unsigned
suggestion_distance(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > SUGGESTION_WORD_MAX || b_len > SUGGESTION_WORD_MAX)
		return SUGGESTION_WORD_MAX;

	/* cost[i][j] parts the first i letters of a from the first j of b. */
	unsigned cost[SUGGESTION_WORD_MAX + 1][SUGGESTION_WORD_MAX + 1];
	for (unsigned i = 0; i <= a_len; i++)
		cost[i][0] = i;
	for (unsigned j = 0; j <= b_len; j++)
		cost[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		for (size_t j = 1; j <= b_len; j++) {
			unsigned differs = a[i - 1] != b[j - 1];
			cost[i][j] = min3(cost[i - 1][j] + 1, cost[i][j - 1] + 1,
					  cost[i - 1][j - 1] + differs);
			bool swapped =
				i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
			if (swapped && cost[i - 2][j - 2] + 1 < cost[i][j])
				cost[i][j] = cost[i - 2][j - 2] + 1;
		}
	}
	return cost[a_len][b_len];
}

void
suggestion_offer(struct suggestion *suggestion, const char *known)
{
	unsigned distance = suggestion_distance(suggestion->given, known);
	size_t tolerated = strlen(known) / 3;

	if (distance > (tolerated > 0 ? tolerated : 1))
		return;
	if (suggestion->word == NULL || distance < suggestion->distance) {
		suggestion->word = known;
		suggestion->distance = distance;
	}
}
