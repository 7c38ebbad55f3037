/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MaxMind DB format 2.0, "Data Section": an item is a control byte (type in the upper three bits,
 * size in the lower five), more size bytes where the size is 29 to 31, and its payload. Type 0
 * stands for 7 plus the next byte. A pointer has its own layout. Maps and arrays are followed by
 * their members.
 */
#include "geo/mmdb_guard.h"

enum item_type {
	ITEM_EXTENDED = 0,
	ITEM_POINTER = 1,
	ITEM_TEXT = 2,
	ITEM_DOUBLE = 3,
	ITEM_BYTES = 4,
	ITEM_UINT16 = 5,
	ITEM_UINT32 = 6,
	ITEM_MAP = 7,
	ITEM_INT32 = 8,
	ITEM_UINT64 = 9,
	ITEM_UINT128 = 10,
	ITEM_ARRAY = 11,
	ITEM_BOOLEAN = 14,
	ITEM_FLOAT = 15,
};

struct item {
	uint8_t type;
	uint32_t size; /* payload bytes, members (map: pairs), or the value of a boolean */
	uint32_t pointer;
};

/* Members still to be looked at, and where they are; a jump returns to its pointer, not behind
 * itself. */
struct frame {
	struct cursor at;
	uint64_t left;
	bool map;
	bool jump;
	bool key; /* the target of a jump made for a map's key */
};

struct walk {
	struct slice section;
	unsigned depth;
	struct frame frames[MMDB_GUARD_DEPTH];
};

static uint32_t
read_pointer(struct cursor *c, uint8_t control)
{
	uint32_t top = control & 7;
	switch (control >> 3 & 3) {
	case 0:
		return top << 8 | cursor_u8(c);
	case 1:
		return (top << 16 | cursor_be16(c)) + 2048;
	case 2:
		return (top << 24 | cursor_be24(c)) + 526336;
	default:
		return cursor_be32(c);
	}
}

static uint32_t
read_size(struct cursor *c, uint8_t control)
{
	uint32_t size = control & 31;
	if (size == 29)
		return 29u + cursor_u8(c);
	if (size == 30)
		return 285u + cursor_be16(c);
	return size == 31 ? 65821u + cursor_be24(c) : size;
}

/* Reads control, size or pointer, and leaves the cursor at the payload. */
static struct item
read_item(struct cursor *c)
{
	uint8_t control = cursor_u8(c);
	struct item item = {.type = control >> 5};
	if (item.type == ITEM_POINTER) {
		item.pointer = read_pointer(c, control);
		return item;
	}
	if (item.type == ITEM_EXTENDED) {
		uint8_t more = cursor_u8(c);
		/* Types up to 7 have their own code; 8 is the least that may be extended. */
		item.type = more >= 1 && more <= 8 ? (uint8_t)(7 + more) : ITEM_EXTENDED;
	}
	item.size = read_size(c, control);
	return item;
}

/* Passes over the payload of an item that has no members; false if its size does not fit its type.
 */
static bool
skip_payload(struct cursor *c, const struct item *item)
{
	static const uint8_t most[] = {
		[ITEM_UINT16] = 2, [ITEM_UINT32] = 4,   [ITEM_INT32] = 4,
		[ITEM_UINT64] = 8, [ITEM_UINT128] = 16,
	};
	switch (item->type) {
	case ITEM_TEXT:
	case ITEM_BYTES:
		break;
	case ITEM_DOUBLE:
	case ITEM_FLOAT:
		if (item->size != (item->type == ITEM_DOUBLE ? 8 : 4))
			return false;
		break;
	case ITEM_UINT16:
	case ITEM_UINT32:
	case ITEM_INT32:
	case ITEM_UINT64:
	case ITEM_UINT128:
		if (item->size > most[item->type])
			return false;
		break;
	case ITEM_BOOLEAN:
		return item->size <= 1;
	default:
		return false;
	}
	cursor_skip(c, item->size);
	return !c->failed;
}

static bool
push(struct walk *w, struct frame frame)
{
	if (w->depth == MMDB_GUARD_DEPTH)
		return false;
	w->frames[w->depth++] = frame;
	return true;
}

/* Leaves a finished frame; behind a map or an array the frame below goes on. */
static void
pop(struct walk *w)
{
	struct frame *done = &w->frames[--w->depth];
	if (!done->jump && w->depth > 0)
		w->frames[w->depth - 1].at = done->at;
}

/* Looks at the next member of the top frame; false if it is not tame. */
static bool
step(struct walk *w)
{
	struct frame *top = &w->frames[w->depth - 1];
	bool is_key = top->key || (top->map && top->left % 2 == 0);
	top->left--;
	struct item item = read_item(&top->at);
	if (top->at.failed)
		return false;

	if (item.type == ITEM_POINTER) {
		/* "Pointers to pointers are not allowed": a jump sees its target, never another
		 * jump. */
		if (top->jump || item.pointer >= w->section.len)
			return false;
		struct slice target = {.data = w->section.data + item.pointer,
				       .len = w->section.len - item.pointer};
		return push(w, (struct frame){.at = cursor_over(target),
					      .left = 1,
					      .jump = true,
					      .key = is_key});
	}
	if (is_key && item.type != ITEM_TEXT)
		return false;
	if (item.type == ITEM_MAP || item.type == ITEM_ARRAY) {
		bool map = item.type == ITEM_MAP;
		return push(w, (struct frame){.at = top->at,
					      .left = map ? 2 * (uint64_t)item.size : item.size,
					      .map = map});
	}
	return skip_payload(&top->at, &item);
}

bool
mmdb_item_is_tame(struct slice section, size_t offset)
{
	if (offset >= section.len)
		return false;
	struct slice rest = {.data = section.data + offset, .len = section.len - offset};
	struct walk w = {.section = section, .depth = 1};
	w.frames[0] = (struct frame){.at = cursor_over(rest), .left = 1};

	for (unsigned items = 0; w.depth > 0;) {
		if (w.frames[w.depth - 1].left == 0) {
			pop(&w);
			continue;
		}
		if (items++ == MMDB_GUARD_ITEMS || !step(&w))
			return false;
	}
	return true;
}
