/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert_room.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

static const char longer[] = "/a/path/that/is/longer/than/the/place/for/it/in/the/room.pcap";

static void
a_text_lies_in_its_place_where_it_fits(void)
{
	static const char *const texts[] = {"short.pcap", longer, "other.pcap", "other.pcap",
					    NULL,         longer, longer,       "short.pcap"};
	struct alert_room room;
	char *text = NULL;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		CU_ASSERT_EQUAL(
			alert_room_set_text(&room, &text, texts[i], ALERT_PLACE(&room, capture)),
			0);
		if (texts[i] == NULL) {
			CU_ASSERT_PTR_NULL(text);
			continue;
		}
		CU_ASSERT_STRING_EQUAL(text, texts[i]);
		CU_ASSERT_EQUAL(alert_room_has(&room, text),
				strlen(texts[i]) < sizeof(room.capture));
	}
	alert_room_release(&room, text);
}

static void
without_a_room_all_is_allocated(void)
{
	const struct alert_room *none = NULL;
	struct alert_place place = {0};
	char *text = NULL;

	CU_ASSERT_EQUAL(alert_room_set_text(none, &text, "short", place), 0);
	CU_ASSERT_EQUAL(alert_room_set_text(none, &text, "other", place), 0);
	CU_ASSERT_STRING_EQUAL(text, "other");
	CU_ASSERT_FALSE(alert_room_has(none, text));
	alert_room_release(none, text);
	alert_room_release(none, NULL);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"a_text_lies_in_its_place_where_it_fits", a_text_lies_in_its_place_where_it_fits},
		{"without_a_room_all_is_allocated", without_a_room_all_is_allocated},
	};

	return unit_run("alert_room", cases, sizeof(cases) / sizeof(*cases));
}
