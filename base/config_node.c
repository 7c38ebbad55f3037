/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_node.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config_node_fields.h"

enum config_kind
config_node_kind(const struct config_node *node)
{
	return node->kind;
}

const char *
config_kind_text(enum config_kind kind)
{
	static const char *const texts[] = {
		[CONFIG_KIND_SCALAR] = "text",
		[CONFIG_KIND_SEQUENCE] = "list",
		[CONFIG_KIND_MAPPING] = "mapping",
	};
	return texts[kind];
}

const char *
config_node_text(const struct config_node *node)
{
	return node->text;
}

bool
config_node_is_null(const struct config_node *node)
{
	return node->is_null;
}

const char *
config_node_key(const struct config_node *node)
{
	return node->key;
}

const struct config_node *
config_node_first(const struct config_node *node)
{
	return node->first;
}

const struct config_node *
config_node_next(const struct config_node *node)
{
	return node->next;
}

size_t
config_node_count(const struct config_node *node)
{
	return node->count;
}

const struct config_node *
config_node_find(const struct config_node *node, const char *key)
{
	if (node->kind != CONFIG_KIND_MAPPING)
		return NULL;
	for (const struct config_node *c = node->first; c != NULL; c = c->next) {
		if (strcmp(c->key, key) == 0)
			return c;
	}
	return NULL;
}

static void __attribute__((format(printf, 4, 0)))
fault_at(const struct config_node *node, struct config_position at, struct fault_list *faults,
	 const char *format, va_list args)
{
	char *what = NULL;

	if (vasprintf(&what, format, args) < 0)
		what = NULL;
	fault_list_add(faults, node->file, at.line, at.column, "%s",
		       what != NULL ? what : "out of memory");
	free(what);
}

void
config_node_fault(const struct config_node *node, struct fault_list *faults, const char *format,
		  ...)
{
	va_list args;

	va_start(args, format);
	fault_at(node, node->at, faults, format, args);
	va_end(args);
}

void
config_node_key_fault(const struct config_node *node, struct fault_list *faults, const char *format,
		      ...)
{
	va_list args;

	va_start(args, format);
	fault_at(node, node->key != NULL ? node->key_at : node->at, faults, format, args);
	va_end(args);
}
