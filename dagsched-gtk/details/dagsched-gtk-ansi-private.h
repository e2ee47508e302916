/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a test wrote, as a terminal would show it line by line: colours and styles (SGR) become styles of text; a
 * carriage return, a backspace and what erases in a line change the line that is being written, as progress bars do;
 * all other sequences go; other control characters and what is not UTF-8 become signs that show nothing but that
 * they are there. What comes out is valid UTF-8 without control characters but \n and \t. */
typedef struct _DagschedGtkAnsi DagschedGtkAnsi;

typedef enum
{
  DAGSCHED_GTK_ANSI_BOLD = 1 << 0,
  DAGSCHED_GTK_ANSI_FAINT = 1 << 1,
  DAGSCHED_GTK_ANSI_ITALIC = 1 << 2,
  DAGSCHED_GTK_ANSI_UNDERLINE = 1 << 3,
  DAGSCHED_GTK_ANSI_INVERSE = 1 << 4,
  DAGSCHED_GTK_ANSI_STRIKE = 1 << 5,
} DagschedGtkAnsiAttributes;

/* A colour: 0 is the default; then the 256 of a terminal, from 1 on; or DAGSCHED_GTK_ANSI_RGB | 0xrrggbb. */
#define DAGSCHED_GTK_ANSI_RGB (1u << 24)

typedef struct
{
  guint32 foreground;
  guint32 background;
  guint32 attributes;
} DagschedGtkAnsiStyle;

/* @text: @length bytes of one style, without a NUL behind. */
typedef void (*DagschedGtkAnsiFunc) (const char *text,
                                     gsize length,
                                     const DagschedGtkAnsiStyle *style,
                                     gpointer user_data);

/* No line is longer: it goes on in the next one, as views can't lay out very long ones. Characters. */
#define DAGSCHED_GTK_ANSI_MAX_LINE 4000

DagschedGtkAnsi *dagsched_gtk_ansi_new (void);
void dagsched_gtk_ansi_free (DagschedGtkAnsi *self);
/* Calls @func with each line that is complete, its \n at its end. Bytes may be cut anywhere. */
void dagsched_gtk_ansi_feed (DagschedGtkAnsi *self,
                             gconstpointer bytes,
                             gsize length,
                             DagschedGtkAnsiFunc func,
                             gpointer user_data);
/* The line that is being written, as it looks now. */
void dagsched_gtk_ansi_peek (DagschedGtkAnsi *self, DagschedGtkAnsiFunc func, gpointer user_data);
/* Nothing follows: calls @func with what is left, without a \n. Then it is as new. */
void dagsched_gtk_ansi_finish (DagschedGtkAnsi *self, DagschedGtkAnsiFunc func, gpointer user_data);

/* All of it without styles. Free it. */
char *dagsched_gtk_ansi_dup_plain (gconstpointer bytes, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedGtkAnsi, dagsched_gtk_ansi_free)

G_END_DECLS
