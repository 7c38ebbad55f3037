/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over all rows in order: each must have the number behind its predecessor's and the hash
 * that its content and its predecessor's hash give. Where the first row is not number 1, a signed
 * check-point further on must say up to where rows were removed and which hash stood there. At the
 * end the signed head must be the last row.
 */
#include "dashboard-export/journal/journal_verify.h"

#include "dashboard-export/journal/journal_checkpoint.h"
#include "dashboard-export/journal/journal_database.h"
#include "dashboard-export/journal/journal_schema.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PROGRESS_ROWS 10000

struct verifying {
	const struct journal_verify_query *query;
	struct journal_verification *out;
	struct journal_chain *chain;
	struct journal_reader *reader;
	sqlite3 *db;
	struct journal_origin origin;
	uint8_t public_key[JOURNAL_PUBLIC_KEY_LEN];
	uint8_t hash[JOURNAL_HASH_LEN];
	uint64_t head;   /* what is there when the check begins; later rows are another check's */
	uint64_t behind; /* the first row behind it, in the same moment; 0: none */
};

static int fault(struct verifying *v, int error, uint64_t sequence, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Tells the first fault; returns `error`. */
static int
fault(struct verifying *v, int error, uint64_t sequence, const char *format, ...)
{
	va_list args;

	v->out->good = false;
	if (v->out->fault[0] != '\0')
		return error;
	v->out->fault_sequence = sequence;
	va_start(args, format);
	(void)vsnprintf(v->out->fault, sizeof(v->out->fault), format, args);
	va_end(args);
	return error;
}

/* With the site key it is known who signs; without, only that it is always the same. */
static int
choose_public_key(struct verifying *v)
{
	memcpy(v->public_key, v->origin.public_key, sizeof(v->public_key));
	journal_chain_hex(v->public_key, sizeof(v->public_key), v->out->public_key);
	if (v->query->key == NULL)
		return 0;
	if (!journal_chain_public_key(v->chain, v->public_key))
		return fault(v, -ENOMEM, 0, "out of memory");
	journal_chain_hex(v->public_key, sizeof(v->public_key), v->out->public_key);
	if (memcmp(v->public_key, v->origin.public_key, sizeof(v->public_key)) != 0)
		(void)fault(
			v, 0, 0,
			"the journal names another public key than that of the site key: it was "
			"made, or signed anew, by somebody else");
	return 0;
}

/* The hash behind which the first row stands, from the check-point that speaks of it. */
static int
find_beginning(struct verifying *v, uint64_t first)
{
	struct journal_row row;
	int found;

	const struct journal_filter checkpoints = {.kinds = 1u << JOURNAL_CHECKPOINT};
	(void)journal_reader_select(v->reader, &checkpoints);
	while ((found = journal_reader_next(v->reader, &row)) == 1) {
		struct journal_checkpoint c;
		char why[128];
		if (!journal_checkpoint_parse(row.content, row.len, v->origin.id, v->public_key, &c,
					      why)) {
			journal_reader_pause(v->reader);
			return fault(v, 0, row.sequence, "row %" PRIu64 ": %s", row.sequence, why);
		}
		v->out->checkpoints++;
		if (c.removed_through + 1 == first)
			memcpy(v->hash, c.hash, sizeof(v->hash));
		if (c.removed_through + 1 == first)
			v->out->removed = c.removed_through;
	}
	if (found < 0)
		return fault(v, found, 0, "%s", journal_reader_error(v->reader));
	if (v->out->removed + 1 == first)
		return 0;
	return fault(v, 0, first,
		     "the first row is %" PRIu64
		     ", and no check-point says that the rows before it "
		     "were removed: they are missing",
		     first);
}

static void
look_for_noted(struct verifying *v, const struct journal_row *row)
{
	char digits[2 * JOURNAL_HASH_LEN + 1];

	if (v->query->noted == NULL || v->out->noted_found)
		return;
	journal_chain_hex(row->hash, JOURNAL_HASH_LEN, digits);
	if (strcmp(digits, v->query->noted) != 0)
		return;
	v->out->noted_found = true;
	v->out->noted_sequence = row->sequence;
}

/* One row against the one before. Returns 0, also after a fault of the row; -errno. */
static int
check_row(struct verifying *v, const struct journal_row *row)
{
	struct journal_verification *out = v->out;
	uint8_t hash[JOURNAL_HASH_LEN];

	if (row->sequence != out->last + 1)
		return fault(v, 0, out->last + 1,
			     "row %" PRIu64 " is missing: %" PRIu64 " is followed by %" PRIu64,
			     out->last + 1, out->last, row->sequence);
	if (!journal_chain_hash(v->chain, v->hash, row, hash))
		return fault(v, -ENOMEM, row->sequence, "out of memory");
	if (memcmp(hash, row->hash, sizeof(hash)) != 0)
		return fault(v, 0, row->sequence,
			     "row %" PRIu64 " was changed, or moved: its hash is not that of its "
			     "content behind row %" PRIu64,
			     row->sequence, row->sequence - 1);
	memcpy(v->hash, hash, sizeof(hash));
	out->rows++;
	out->last = row->sequence;
	look_for_noted(v, row);
	if (v->query->progress != NULL && out->rows % PROGRESS_ROWS == 0)
		v->query->progress(v->query->progress_context, out->last - out->first + 1,
				   v->head - out->first + 1);
	return 0;
}

static int
check_rows(struct verifying *v)
{
	struct journal_row row;
	int found;

	const struct journal_filter all = {.through = v->head};
	(void)journal_reader_select(v->reader, &all);
	while ((found = journal_reader_next(v->reader, &row)) == 1) {
		int error = check_row(v, &row);
		if (error != 0 || !v->out->good) {
			journal_reader_pause(v->reader);
			return error;
		}
	}
	return found < 0 ? fault(v, found == -EUCLEAN ? 0 : found, v->out->last + 1,
				 "behind row %" PRIu64 ": %s", v->out->last,
				 journal_reader_error(v->reader))
			 : 0;
}

/* Number of the first row; 0: none. */
static int
find_first(struct verifying *v, uint64_t *first)
{
	struct journal_row row;

	*first = 0;
	const struct journal_filter all = {0};
	(void)journal_reader_select(v->reader, &all);
	int found = journal_reader_next(v->reader, &row);
	if (found == 1)
		*first = row.sequence;
	journal_reader_pause(v->reader);
	return found < 0 ? fault(v, found == -EUCLEAN ? 0 : found, 0, "%s",
				 journal_reader_error(v->reader))
			 : 0;
}

/* The head as it was signed; a running journal may be further by the time the rows are read. */
static int
read_head(struct verifying *v)
{
	uint8_t hash[JOURNAL_HASH_LEN], signature[JOURNAL_SIGNATURE_LEN];
	char text[JOURNAL_CHAIN_TEXT_MAX];
	int found;

	/* Both in one moment: a running journal moves them together. */
	(void)journal_database_run(v->db, "BEGIN");
	found = journal_schema_read_head(v->db, &v->head, hash, signature);

	if (found < 0)
		return fault(v, found == -EUCLEAN ? 0 : found, 0, "the signed head cannot be read");
	int error = journal_schema_find_behind(v->db, found == 1 ? v->head : 0, &v->behind);
	if (error != 0)
		return fault(v, error == -EUCLEAN ? 0 : error, 0, "the last row cannot be read");
	if (found == 0)
		return fault(v, 0, 0, "there is no signed head: it was removed");
	journal_chain_head_text(v->origin.id, v->head, hash, text);
	journal_chain_hex(hash, sizeof(hash), v->out->head);
	if (!journal_chain_check(v->public_key, text, signature))
		return fault(v, 0, v->head, "the signature of the head, row %" PRIu64 ", is wrong",
			     v->head);
	return 0;
}

static int
check_head(struct verifying *v)
{
	char digits[2 * JOURNAL_HASH_LEN + 1];

	journal_chain_hex(v->hash, sizeof(v->hash), digits);
	if (v->behind != 0)
		return fault(v, 0, v->behind,
			     "row %" PRIu64 " stands behind the signed head, row %" PRIu64
			     ": somebody else wrote it",
			     v->behind, v->head);
	if (v->out->last != v->head)
		return fault(v, 0, v->out->last + 1,
			     "rows behind %" PRIu64 " are missing: the signed head is row %" PRIu64,
			     v->out->last, v->head);
	return strcmp(digits, v->out->head) == 0
		       ? 0
		       : fault(v, 0, v->head, "row %" PRIu64 " is not the one that was signed",
			       v->head);
}

static int
read_ends(struct verifying *v)
{
	int error = read_head(v);

	(void)journal_database_run(v->db, "COMMIT");
	return error;
}

static int
check_chain(struct verifying *v)
{
	struct journal_verification *out = v->out;
	int error = find_first(v, &out->first);

	if (error != 0 || !out->good)
		return error;
	if (!journal_chain_begin(v->chain, v->origin.id, v->hash))
		return fault(v, -ENOMEM, 0, "out of memory");
	if (out->first > 1)
		error = find_beginning(v, out->first);
	out->last = out->first > 0 ? out->first - 1 : 0;
	if (error == 0 && out->good)
		error = check_rows(v);
	if (error == 0 && out->good)
		error = check_head(v);
	if (error == 0 && out->good && v->query->noted != NULL && !out->noted_found)
		return fault(v, 0, 0,
			     "no row has the noted hash: this is not the journal of then, or that "
			     "row was removed since");
	return error;
}

static int
verify(struct verifying *v)
{
	char why[256];

	v->chain = journal_chain_create(v->query->key);
	if (v->chain == NULL)
		return fault(v, -ENOMEM, 0, "out of memory");
	v->reader = journal_reader_open(v->query->path, why);
	int error = v->reader == NULL ? -errno : journal_database_open_read(v->query->path, &v->db);
	if (error == 0)
		error = journal_schema_read(v->db, &v->origin);
	if (error != 0)
		return fault(v, error == -EUCLEAN ? 0 : error, 0, "%s",
			     v->reader == NULL ? why : strerror(-error));
	memcpy(v->out->id, v->origin.id, sizeof(v->out->id));
	error = choose_public_key(v);
	if (error == 0)
		error = read_ends(v);
	return error == 0 ? check_chain(v) : error;
}

int
journal_verify(const struct journal_verify_query *query, struct journal_verification *out)
{
	struct verifying v = {.query = query, .out = out};

	*out = (struct journal_verification){.good = true};
	int error = verify(&v);
	journal_reader_close(v.reader);
	(void)sqlite3_close(v.db);
	journal_chain_destroy(v.chain);
	return error;
}
