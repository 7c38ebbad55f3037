/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether bytes are the plain text that a settings file is. Asked before the YAML library sees
 * them: its scanner never returns from some ill-formed characters and directives.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The first thing in a text that cannot stay; line and column count from 1, the column in
 * characters.
 */
struct config_text_fault {
	const char *what; /**< static text; NULL: the text is good */
	unsigned line;
	unsigned column;
};

/**
 * Looks for the first character that is no UTF-8 (RFC 3629), a control character other than line
 * feed and a carriage return before it, a tab (YAML forbids it for indentation and the scanner goes
 * astray over it), a special one (byte order mark, line separator), or a `%` at the beginning of a
 * line, which would be a YAML directive.
 */
struct config_text_fault config_text_check(const char *text, size_t len);

/** Whether a character may stand in a text by itself, at any place but the beginning of a line. */
bool config_text_allows(uint32_t character);
