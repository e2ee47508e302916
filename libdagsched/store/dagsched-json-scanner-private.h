/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads JSON as dagsched_json_*() write it, and nothing else: no blanks, no escapes but those that are
 * written, no numbers that could be read in two ways. Each function reads what its name says and moves
 * on; FALSE or NULL: something else is there, and the scanner is of no more use. What is read is what
 * json-glib would read.
 *
 * Why it is there: a log of 100 000 tests has 400 000 lines, and who opens one waits for all of them.
 * json-glib makes some twenty objects of a line, in 6 µs; see docs/architecture.md. */
typedef struct
{
  const char *position;
  const char *end;
} DagschedJsonScanner;

/* These characters, as they are. */
gboolean dagsched_json_scan_exactly (DagschedJsonScanner *self, const char *characters);
gboolean dagsched_json_scan_integer (DagschedJsonScanner *self, gint64 min, gint64 max, gint64 *value);
gboolean dagsched_json_scan_double (DagschedJsonScanner *self, double *value); /* ≥ 0 */
/* A string; *length may be NULL: it holds no NUL. */
char *dagsched_json_scan_text (DagschedJsonScanner *self, gsize *length);
/* A string that is short and plain, without an allocation. */
#define DAGSCHED_JSON_MAX_WORD 32
gboolean dagsched_json_scan_word (DagschedJsonScanner *self, char word[DAGSCHED_JSON_MAX_WORD]);
/* An array of strings. */
char **dagsched_json_scan_list (DagschedJsonScanner *self);

G_END_DECLS
