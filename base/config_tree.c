/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree is built from libfyaml's events, not from its documents: so we bound depth and size
 * while reading, own every node, and no alias is ever expanded. All nodes and texts lie in one
 * arena.
 */
#include "base/config_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libfyaml.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/config_node_fields.h"
#include "base/config_text.h"
#include "base/config_tree_fields.h"

/* A mapping or sequence that is still open, and where its next child goes. */
struct open_node {
	struct config_node *node;
	const struct config_node **tail;
	const char *key; /* read, waiting for its value */
	struct config_position key_at;
};

struct builder {
	struct config_tree *tree;
	struct fault_list *faults;
	const char *source; /* the whole text */
	struct open_node open[CONFIG_TREE_DEPTH_MAX];
	size_t depth;
	bool has_document;
	bool stopped; /* what follows could not be understood any more */
};

static void
builder_fault(struct builder *b, struct config_position at, const char *what)
{
	fault_list_add(b->faults, b->tree->name, at.line, at.column, "%s", what);
}

static void
builder_stop(struct builder *b, struct config_position at, const char *what)
{
	builder_fault(b, at, what);
	b->stopped = true;
}

/* libfyaml counts from 0. */
static struct config_position
position_of(const struct fy_mark *mark)
{
	if (mark == NULL || mark->line < 0 || mark->column < 0)
		return (struct config_position){1, 1};
	return (struct config_position){(unsigned)mark->line + 1, (unsigned)mark->column + 1};
}

static bool
has_control_character(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			return true;
	}
	return false;
}

static bool
is_quoted(struct fy_token *token)
{
	if (token == NULL)
		return false;
	enum fy_scalar_style style = fy_token_scalar_style(token);
	return style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
}

/* Where the text of a scalar lies in the source, without its quotes. */
static struct slice
source_of(const struct builder *b, struct fy_token *token)
{
	size_t start = fy_token_start_mark(token)->input_pos;
	size_t end = fy_token_end_mark(token)->input_pos;

	return slice_of(b->source + start, end - start);
}

/* A text in single quotes, in which '' stands for one. */
static char *
copy_single_quoted(struct arena *arena, struct slice source)
{
	char *copy = arena_copy_text(arena, (const char *)source.data, source.len);
	size_t len = 0;

	if (copy == NULL)
		return NULL;
	for (size_t i = 0; i < source.len; i++) {
		copy[len++] = copy[i];
		if (copy[i] == '\'' && i + 1 < source.len && copy[i + 1] == '\'')
			i++;
	}
	copy[len] = '\0';
	return copy;
}

/*
 * Copies the text of a scalar; NULL after a fault. libfyaml 0.7.12 loses memory and the text of
 * some quoted scalars: those with rows of quotes in single quotes, which we therefore read
 * ourselves, and those that go over several lines, which a settings file can do without.
 */
static const char *
copy_scalar(struct builder *b, struct fy_token *token, struct config_position at)
{
	enum fy_scalar_style style = token == NULL ? FYSS_PLAIN : fy_token_scalar_style(token);
	const char *copy;
	size_t len = 0;

	if (is_quoted(token) && memchr(source_of(b, token).data, '\n', source_of(b, token).len)) {
		builder_stop(b, at, "quotes go over several lines; use > for a long text");
		return NULL;
	}
	if (style == FYSS_SINGLE_QUOTED) {
		copy = copy_single_quoted(b->tree->arena, source_of(b, token));
	} else {
		const char *text = token == NULL ? "" : fy_token_get_text(token, &len);
		if (text == NULL || has_control_character(text, len)) {
			builder_stop(b, at, "control character in a text; remove it");
			return NULL;
		}
		copy = arena_copy_text(b->tree->arena, text, len);
	}
	if (copy == NULL)
		builder_stop(b, at, "out of memory");
	return copy;
}

/* Makes the node and hangs it under the innermost open one; NULL after a fault. */
static struct config_node *
add_node(struct builder *b, enum config_kind kind, struct config_position at)
{
	if (++b->tree->node_count > CONFIG_TREE_NODES_MAX) {
		builder_stop(b, at, "too many values in one file, at most 262144; split it");
		return NULL;
	}
	struct config_node *node = arena_alloc(b->tree->arena, sizeof(*node));
	if (node == NULL) {
		builder_stop(b, at, "out of memory");
		return NULL;
	}
	node->file = b->tree->name;
	node->kind = kind;
	node->at = at;
	if (b->depth == 0) {
		b->tree->root = node;
		return node;
	}
	struct open_node *parent = &b->open[b->depth - 1];
	node->key = parent->key;
	node->key_at = parent->key_at;
	parent->key = NULL;
	*parent->tail = node;
	parent->tail = &node->next;
	parent->node->count++;
	return node;
}

static bool
expects_key(const struct builder *b)
{
	if (b->depth == 0)
		return false;
	const struct open_node *parent = &b->open[b->depth - 1];
	return parent->node->kind == CONFIG_KIND_MAPPING && parent->key == NULL;
}

static bool
is_null_word(const char *text)
{
	return *text == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

static void
on_scalar(struct builder *b, const struct fy_event *event, struct config_position at)
{
	struct fy_token *token = event->scalar.value;
	bool plain = token == NULL || fy_token_scalar_style(token) == FYSS_PLAIN;

	/* The mark of such a text stands behind its quote. */
	if (is_quoted(token) && at.column > 1)
		at.column--;
	const char *text = copy_scalar(b, token, at);
	if (text == NULL)
		return;
	if (expects_key(b)) {
		b->open[b->depth - 1].key = text;
		b->open[b->depth - 1].key_at = at;
		return;
	}
	struct config_node *node = add_node(b, CONFIG_KIND_SCALAR, at);
	if (node == NULL)
		return;
	node->is_null = plain && is_null_word(text);
	node->text = node->is_null ? "" : text;
}

static void
on_start(struct builder *b, enum config_kind kind, struct config_position at)
{
	if (expects_key(b)) {
		builder_stop(b, at, "a key has to be text; quote it if it begins with [ or {");
		return;
	}
	if (b->depth == CONFIG_TREE_DEPTH_MAX) {
		builder_stop(b, at, "nested too deeply");
		return;
	}
	struct config_node *node = add_node(b, kind, at);
	if (node != NULL)
		b->open[b->depth++] = (struct open_node){.node = node, .tail = &node->first};
}

static int
compare_by_key(const void *a, const void *b)
{
	const struct config_node *const *left = a, *const *right = b;
	int order = strcmp((*left)->key, (*right)->key);

	if (order != 0)
		return order;
	if ((*left)->key_at.line != (*right)->key_at.line)
		return (*left)->key_at.line < (*right)->key_at.line ? -1 : 1;
	return (*left)->key_at.column < (*right)->key_at.column ? -1 : 1;
}

/* Sorted, the same keys lie side by side: no mapping costs more than n log n, however hostile. */
static void
refuse_repeated_keys(struct builder *b, const struct config_node *mapping)
{
	if (mapping->count < 2)
		return;
	const struct config_node **sorted = malloc(mapping->count * sizeof(*sorted));
	if (sorted == NULL) {
		builder_stop(b, mapping->at, "out of memory");
		return;
	}
	size_t n = 0;
	for (const struct config_node *c = mapping->first; c != NULL; c = c->next)
		sorted[n++] = c;
	qsort(sorted, n, sizeof(*sorted), compare_by_key);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(sorted[i - 1]->key, sorted[i]->key) == 0)
			config_node_key_fault(sorted[i], b->faults,
					      "key `%s` is given again (first in line %u)",
					      sorted[i]->key, sorted[i - 1]->key_at.line);
	}
	free(sorted);
}

static void
on_end(struct builder *b)
{
	const struct config_node *node = b->open[--b->depth].node;

	if (node->kind == CONFIG_KIND_MAPPING)
		refuse_repeated_keys(b, node);
}

static void
on_document(struct builder *b, struct config_position at)
{
	if (b->has_document)
		builder_stop(b, at, "a second document begins here; one file holds one");
	b->has_document = true;
}

/* The token of an anchor or a tag on the event's node; NULL for none. */
static bool
has_anchor_or_tag(const struct fy_event *event)
{
	switch (event->type) {
	case FYET_SCALAR:
		return event->scalar.anchor != NULL || event->scalar.tag != NULL;
	case FYET_SEQUENCE_START:
		return event->sequence_start.anchor != NULL || event->sequence_start.tag != NULL;
	case FYET_MAPPING_START:
		return event->mapping_start.anchor != NULL || event->mapping_start.tag != NULL;
	default:
		return event->type == FYET_ALIAS;
	}
}

static void
on_event(struct builder *b, struct fy_event *event)
{
	struct config_position at = position_of(fy_event_start_mark(event));

	if (has_anchor_or_tag(event)) {
		builder_stop(b, at,
			     "anchors (&), aliases (*) and tags (!) are not read here; write the "
			     "value out");
		return;
	}
	switch (event->type) {
	case FYET_DOCUMENT_START:
		on_document(b, at);
		break;
	case FYET_SCALAR:
		on_scalar(b, event, at);
		break;
	case FYET_SEQUENCE_START:
		on_start(b, CONFIG_KIND_SEQUENCE, at);
		break;
	case FYET_MAPPING_START:
		on_start(b, CONFIG_KIND_MAPPING, at);
		break;
	case FYET_SEQUENCE_END:
	case FYET_MAPPING_END:
		on_end(b);
		break;
	default:
		break;
	}
}

/* Keeps libfyaml from writing to standard error: what it finds is collected. */
static void
discard_output(struct fy_diag *diag, void *user, const char *text, size_t len)
{
	(void)diag, (void)user, (void)text, (void)len;
}

static struct fy_diag *
create_diag(void)
{
	struct fy_diag_cfg cfg;

	fy_diag_cfg_default(&cfg);
	cfg.fp = NULL;
	cfg.output_fn = discard_output;
	cfg.colorize = false;
	struct fy_diag *diag = fy_diag_create(&cfg);
	if (diag != NULL)
		fy_diag_set_collect_errors(diag, true);
	return diag;
}

static void
report_syntax(struct builder *b, struct fy_diag *diag)
{
	size_t before = b->faults->count;
	void *walk = NULL;

	for (const struct fy_diag_error *e; (e = fy_diag_errors_iterate(diag, &walk)) != NULL;) {
		struct config_position at = {e->line > 0 ? (unsigned)e->line : 1,
					     e->column > 0 ? (unsigned)e->column : 1};
		builder_fault(b, at, e->msg);
	}
	if (b->faults->count == before)
		builder_fault(b, (struct config_position){0, 0}, "not readable as YAML");
}

static void
build(struct builder *b, const char *text, size_t len, struct fy_diag *diag)
{
	struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET, .diag = diag};
	struct fy_parser *parser = fy_parser_create(&cfg);

	if (parser == NULL || fy_parser_set_string(parser, text, len) != 0) {
		builder_stop(b, (struct config_position){0, 0}, "out of memory");
		fy_parser_destroy(parser);
		return;
	}
	for (struct fy_event *e; !b->stopped && (e = fy_parser_parse(parser)) != NULL;) {
		on_event(b, e);
		fy_parser_event_free(parser, e);
	}
	if (!b->stopped && (fy_parser_get_stream_error(parser) || fy_diag_got_error(diag)))
		report_syntax(b, diag);
	fy_parser_destroy(parser);
}

/* Without a fault the builder goes; the tree stays or goes whole. */
static struct config_tree *
finish(struct config_tree *tree, const struct fault_list *faults, size_t faults_before)
{
	if (faults->count == faults_before)
		return tree;
	config_tree_destroy(tree);
	return NULL;
}

struct config_tree *
config_tree_parse(const char *name, const char *text, size_t len, struct fault_list *faults)
{
	size_t faults_before = faults->count;

	if (len > CONFIG_TREE_BYTES_MAX) {
		fault_list_add(faults, name, 0, 0, "larger than %zu bytes; split it",
			       CONFIG_TREE_BYTES_MAX);
		return NULL;
	}
	struct config_text_fault fault = config_text_check(text, len);
	if (fault.what != NULL) {
		fault_list_add(faults, name, fault.line, fault.column, "%s", fault.what);
		return NULL;
	}
	struct config_tree *tree = calloc(1, sizeof(*tree));
	struct fy_diag *diag = create_diag();
	if (tree != NULL && (tree->arena = arena_create()) != NULL)
		tree->name = arena_copy_text(tree->arena, name, strlen(name));
	if (tree == NULL || tree->name == NULL || diag == NULL) {
		fault_list_add(faults, name, 0, 0, "out of memory");
	} else {
		tree->bytes = len;
		struct builder b = {.tree = tree, .faults = faults, .source = text};
		build(&b, text, len, diag);
	}
	fy_diag_destroy(diag);
	return finish(tree, faults, faults_before);
}

/* Reads until the end of the file or one byte beyond the limit. Returns the length, or -errno. */
static ssize_t
read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;

	size_t len = 0;
	ssize_t got = 0;
	while (len < size && (got = read(fd, text + len, size - len)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		len += (size_t)got;
	}
	ssize_t result = got < 0 ? -errno : (ssize_t)len;
	close(fd);
	return result;
}

struct config_tree *
config_tree_load(const char *path, struct fault_list *faults)
{
	const size_t size = CONFIG_TREE_BYTES_MAX + 1;
	struct config_tree *tree = NULL;
	char *text = malloc(size);

	if (text == NULL) {
		fault_list_add(faults, path, 0, 0, "out of memory");
		return NULL;
	}
	ssize_t len = read_file(path, text, size);
	if (len < 0)
		fault_list_add(faults, path, 0, 0, "cannot be read: %s", strerror((int)-len));
	else
		tree = config_tree_parse(path, text, (size_t)len, faults);
	free(text);
	return tree;
}

void
config_tree_destroy(struct config_tree *tree)
{
	while (tree != NULL) {
		struct config_tree *included = tree->included;
		arena_destroy(tree->arena);
		free(tree);
		tree = included;
	}
}

const char *
config_tree_file(const struct config_tree *tree, size_t index)
{
	while (tree != NULL && index-- > 0)
		tree = tree->included;
	return tree != NULL ? tree->name : NULL;
}

const struct config_node *
config_tree_root(const struct config_tree *tree)
{
	return tree->root;
}
