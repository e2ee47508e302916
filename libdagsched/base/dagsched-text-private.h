/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text that others wrote, made fit to be shown. What comes out is always valid UTF-8, and never
 * holds a control character, a character that turns the direction of writing, or a line's end: it
 * can neither move a cursor nor begin a line of its own. */

typedef enum
{
  DAGSCHED_TEXT_NONE = 0,
  DAGSCHED_TEXT_ASCII = 1 << 0,          /* nothing beyond ASCII either */
  DAGSCHED_TEXT_KEEP_TABS = 1 << 1,      /* tabulators stay */
  DAGSCHED_TEXT_DROP_SEQUENCES = 1 << 2, /* whole escape sequences (colours) go, instead of being shown */
} DagschedTextFlags;

/* @length -1: up to the NUL. What is not fit is written as \n, \t, \xNN or \u{NNNN}. */
void dagsched_text_append (GString *out, const char *text, gssize length, DagschedTextFlags flags);
/* As above, but at most @columns wide: the end, behind an ellipsis, for names differ at their end. */
void dagsched_text_append_end (GString *out, const char *text, guint columns, DagschedTextFlags flags);
/* How many columns of a terminal @text takes, which holds nothing but what is fit to be shown, and
 * our own colours (which begin with ESC and end with m). */
guint dagsched_text_get_columns (const char *text);

/* The last lines of an output, each fit to be shown; @n_lines: how many there are at all. Of a
 * line that was overwritten (carriage returns) what was last to be seen, of a very long one its begin. */
GPtrArray *
dagsched_text_dup_tail (GBytes *output, guint max_lines, DagschedTextFlags flags, guint64 *n_lines);

/* Seconds, whatever the locale: "0.52" (two decimals), "75.000" (three). */
void dagsched_text_append_seconds (GString *out, double seconds, guint decimals);
/* For people: "7s", "1m05s", "2h03m". */
void dagsched_text_append_elapsed (GString *out, double seconds);

G_END_DECLS
