/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends JSON to a buffer that is used again for each line of a run log.
 *
 * Why not json-glib, which everything else here uses: a line is written between the end of a test
 * and the start of its dependents, and an attempt's output may have 16 MiB. json-glib takes 7 µs for
 * the line of a small attempt (here 1.5 µs), holds several copies of a large output at once, and ends
 * a string at its first NUL.
 *
 * @key: (nullable) NULL in arrays and for the line itself; not escaped: a word of the format. */

void dagsched_json_open (GString *line, const char *key, char bracket);
void dagsched_json_close (GString *line, char bracket);
void dagsched_json_add_int (GString *line, const char *key, gint64 value);
void dagsched_json_add_true (GString *line, const char *key);
void dagsched_json_add_double (GString *line, const char *key, double value);
void dagsched_json_add_seconds (GString *line, const char *key, gint64 nanoseconds); /* to the µs */

/* Bytes: a string where that is reversible, which is to say for UTF-8 without NUL; else an object
 * {"base64": …}. */
void dagsched_json_add_bytes (GString *line, const char *key, const char *data, gsize length);
void dagsched_json_add_text (GString *line, const char *key, const char *text);
void dagsched_json_add_list (GString *line, const char *key, const char *const *texts);

G_END_DECLS
