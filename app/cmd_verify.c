/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/journal_place.h"
#include "app/row_progress.h"
#include "base/human_text.h"
#include "base/printable_text.h"
#include "dashboard-export/journal/journal_verify.h"
#include "dashboard-export/json_writer.h"

enum { OPTION_JOURNAL = COMMAND_LONG_OPTION, OPTION_NOTED, OPTION_KEY, OPTION_JSON };

#define HASH_DIGITS (2 * JOURNAL_HASH_LEN)
#define KEY_DIGITS 64
static_assert(KEY_DIGITS == HASH_DIGITS, "keys and hashes are read alike");

/* Room for what is told, the longest path and the fault written with escapes. */
#define JSON_MAX 32768
#define TEXT_MAX_LEN 12288

struct options {
	const char *settings, *journal;
	char noted[HASH_DIGITS + 1], key[KEY_DIGITS + 1]; /* "": none */
	bool json;
};

/* It may have been copied from somewhere in capitals. */
static bool
take_digits(const char *text, char out[HASH_DIGITS + 1])
{
	if (strlen(text) != HASH_DIGITS || strspn(text, "0123456789abcdefABCDEF") != HASH_DIGITS)
		return false;
	for (size_t i = 0; i <= HASH_DIGITS; i++)
		out[i] = (char)tolower((unsigned char)text[i]);
	return true;
}

/* Returns true with `options` filled; false with the status to leave with. */
static bool
parse_options(int argc, char **argv, struct options *options, int *status)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"journal", required_argument, NULL, OPTION_JOURNAL},
		{"noted", required_argument, NULL, OPTION_NOTED},
		{"key", required_argument, NULL, OPTION_KEY},
		{"json", no_argument, NULL, OPTION_JSON},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct command_line line = {&command_verify, known, argc, argv, false, false};
	int option;

	while ((option = command_next_option(&line, status)) != COMMAND_OPTIONS_END) {
		if (option == COMMAND_OPTIONS_LEAVE)
			return false;
		if (option == 'c') {
			options->settings = optarg;
		} else if (option == OPTION_JOURNAL) {
			options->journal = optarg;
		} else if (option == OPTION_JSON) {
			options->json = true;
		} else if (!take_digits(optarg,
					option == OPTION_KEY ? options->key : options->noted)) {
			*status = command_usage(
				&command_verify,
				option == OPTION_KEY
					? "a public key has 64 hexadecimal digits, not "
					: "a hash has 64 hexadecimal digits, not ",
				optarg);
			return false;
		}
	}
	if (optind == argc)
		return true;
	*status = command_usage(&command_verify, "the journal is named with --journal, not as ",
				argv[optind]);
	return false;
}

static void
show_progress(void *context, uint64_t rows, uint64_t of)
{
	row_progress_tick(context, rows, of);
}

static void
label(const char *what)
{
	printf("%-11s ", what);
}

static void
write_rows(const struct journal_verification *v)
{
	label("rows");
	if (v->rows == 0)
		printf("none\n");
	else
		printf("%s: %llu to %llu\n", human_count(v->rows).text,
		       (unsigned long long)v->first, (unsigned long long)v->last);
	label("removed");
	if (v->removed == 0)
		printf("none\n");
	else
		printf("%s, after their time; %s check-point%s signed for them\n",
		       human_count(v->removed).text, human_count(v->checkpoints).text,
		       v->checkpoints == 1 ? "" : "s");
}

/* Who holds the key that the signatures are good by. */
enum signer {
	SIGNER_UNKNOWN, /* anybody: the journal itself names its public key */
	SIGNER_NOTED,   /* whose public key was noted down earlier: --key */
	SIGNER_SITE,    /* the site's key, which is there */
};

static void
write_signer(enum signer signer)
{
	static const char *const texts[] = {
		[SIGNER_UNKNOWN] = "a key that the journal itself names: not checked whose",
		[SIGNER_NOTED] = "the key of --key",
		[SIGNER_SITE] = "the site's key",
	};

	label("signed by");
	printf("%s\n", texts[signer]);
}

/* Anybody can write a journal with a key of his own, and it fits together just as well. */
static void
write_verdict(enum signer signer)
{
	if (signer == SIGNER_UNKNOWN)
		printf("\nConsistent in itself; who signed it was not checked. Name the settings "
		       "with -c\nwhere the site's key is, or else its public key, noted down "
		       "earlier, with --key.\n");
	else
		printf("\nWhole: no row was changed, removed or moved since it was written.\n");
	printf("The sums of flows in the same file are not covered by the chain.\n");
}

static void
write_text(const char *path, const struct journal_verification *v, enum signer signer)
{
	label("journal");
	printf("%s\n", printable_text(path).text);
	label("id");
	printf("%s\n", v->id);
	write_rows(v);
	label("key");
	printf("%s\n", v->public_key);
	write_signer(signer);
	if (v->noted_found) {
		label("noted");
		printf("found: row %llu\n", (unsigned long long)v->noted_sequence);
	}
	if (v->rows > 0) {
		label("head");
		printf("%s\n", v->head);
	}
	write_verdict(signer);
	if (v->rows > 0)
		printf("Note the hash of the head and the key down elsewhere: with them, `vigie "
		       "verify\n--noted HASH --key KEY` will prove that nobody wrote the journal "
		       "anew from some\nrow on, not even with the site's key.\n");
}

static void
write_json(const char *path, const struct journal_verification *v, enum signer signer)
{
	static const char *const words[] = {
		[SIGNER_UNKNOWN] = "not-checked",
		[SIGNER_NOTED] = "noted-key",
		[SIGNER_SITE] = "site-key",
	};
	static char text[JSON_MAX];
	struct json_writer w;

	json_writer_init(&w, text, sizeof(text));
	json_writer_open(&w, '{');
	json_writer_bool_member(&w, "good", v->good && signer != SIGNER_UNKNOWN);
	json_writer_bool_member(&w, "consistent", v->good);
	json_writer_plain_member(&w, "signer", words[signer]);
	json_writer_text_member(&w, "journal", path, TEXT_MAX_LEN);
	json_writer_plain_member(&w, "id", v->id);
	json_writer_uint_member(&w, "rows", v->rows);
	json_writer_uint_member(&w, "first", v->first);
	json_writer_uint_member(&w, "last", v->last);
	json_writer_uint_member(&w, "removed", v->removed);
	json_writer_uint_member(&w, "checkpoints", v->checkpoints);
	if (v->head[0] != '\0')
		json_writer_plain_member(&w, "head", v->head);
	json_writer_plain_member(&w, "public_key", v->public_key);
	json_writer_bool_member(&w, "site_key", signer == SIGNER_SITE);
	if (v->noted_found)
		json_writer_uint_member(&w, "noted_row", v->noted_sequence);
	if (v->fault_sequence != 0)
		json_writer_uint_member(&w, "fault_row", v->fault_sequence);
	if (v->fault[0] != '\0')
		json_writer_text_member(&w, "fault", v->fault, TEXT_MAX_LEN);
	json_writer_close(&w, '}');
	json_writer_raw(&w, "\n", 1);
	fwrite(text, 1, json_writer_len(&w), stdout);
}

static void
tell_broken(const char *path, const struct journal_verification *v)
{
	fprintf(stderr, "vigie: %s: %s\n", printable_text(path).text,
		printable_text(v->fault).text);
	if (v->rows > 0 && !v->good)
		fprintf(stderr, "vigie: rows %llu to %llu are whole\n",
			(unsigned long long)v->first, (unsigned long long)v->last);
}

/* A journal that is signed by somebody else is not the one that is meant. */
static void
compare_key(const char *key, struct journal_verification *v)
{
	if (!v->good || strcmp(key, v->public_key) == 0)
		return;
	v->good = false;
	(void)snprintf(v->fault, sizeof(v->fault), "it is signed by key %s, not by %s",
		       v->public_key, key);
}

static int
verify(const struct journal_place *place, const struct options *options)
{
	struct row_progress progress;
	struct journal_verification found;
	struct site_key key;
	bool has_key = journal_place_read_key(place, &key);
	const struct journal_verify_query query = {
		.path = place->path,
		.key = has_key ? &key : NULL,
		.noted = options->noted[0] != '\0' ? options->noted : NULL,
		.progress = show_progress,
		.progress_context = &progress,
	};

	row_progress_init(&progress, "checking");
	int error = journal_verify(&query, &found);
	row_progress_end(&progress);
	site_key_fini(&key);
	if (error == -ENOENT) {
		/* Says what to do about it. */
		journal_reader_close(journal_place_open(place));
		return EXIT_NOT_DONE;
	}
	if (error == 0 && options->key[0] != '\0')
		compare_key(options->key, &found);
	enum signer signer = has_key                   ? SIGNER_SITE
			     : options->key[0] != '\0' ? SIGNER_NOTED
						       : SIGNER_UNKNOWN;
	bool good = error == 0 && found.good;
	if (options->json && error == 0)
		write_json(place->path, &found, signer);
	else if (good)
		write_text(place->path, &found, signer);
	if (!good)
		tell_broken(place->path, &found);
	return command_finish_output() && good ? EXIT_DONE : EXIT_NOT_DONE;
}

static int
run(int argc, char **argv)
{
	struct options options = {0};
	struct journal_place place;
	int status = EXIT_NOT_DONE;

	if (!parse_options(argc, argv, &options, &status))
		return status;
	if (journal_place_find(&place, options.settings, options.journal))
		status = verify(&place, &options);
	journal_place_fini(&place);
	return status;
}

const struct command command_verify = {
	.name = "verify",
	.usage = "[-c FILE] [--journal FILE] [--noted HASH] [--key KEY] [--json]",
	.what = "proves that nobody changed the journal of alerts",
	.help = "  -c, --config FILE    settings; default: none, as if they said nothing\n"
		"      --journal FILE   the journal; default: that of the settings, else the usual "
		"one\n"
		"      --noted HASH     hash of the head, noted down after an earlier check: a row "
		"must have it\n"
		"      --key KEY        public key, noted down after an earlier check: it must be "
		"this one\n"
		"      --json           one line of JSON; default: text for people\n"
		"  -h, --help           this text\n"
		"\n"
		"Works while vigie writes to the journal. Signatures are checked with the site's "
		"key where it is\n"
		"there and may be read, else with the public key that the journal names: anybody "
		"can write one with a\n"
		"key of his own, so compare it with --key. Exit status 1: not whole, or another "
		"key.\n"
		"\n"
		"Examples:\n"
		"  vigie verify -c /etc/vigie/vigie.yaml\n"
		"  vigie verify --journal copy/journal.db --noted 8c1f... --key 03aa...\n",
	.run = run,
};
