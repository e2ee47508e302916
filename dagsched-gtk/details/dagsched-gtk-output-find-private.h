/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Where some words are in a text buffer, whatever their case: marked, and one of them current. */
typedef struct _DagschedGtkOutputFind DagschedGtkOutputFind;

/* More than that are not counted. */
#define DAGSCHED_GTK_OUTPUT_FIND_MAX 10000

DagschedGtkOutputFind *dagsched_gtk_output_find_new (GtkTextBuffer *buffer); /* which outlives it */
void dagsched_gtk_output_find_free (DagschedGtkOutputFind *self);
/* Looks for @words, anew if the text changed; "" for nothing. The current match stays near @near, an offset. */
void dagsched_gtk_output_find_search (DagschedGtkOutputFind *self, const char *words, int near);
guint dagsched_gtk_output_find_get_n_matches (DagschedGtkOutputFind *self);
/* From 0 on. */
guint dagsched_gtk_output_find_get_current (DagschedGtkOutputFind *self);
/* Moves on by @step, round the end. FALSE: there is no match. */
gboolean dagsched_gtk_output_find_move (DagschedGtkOutputFind *self, int step);
gboolean dagsched_gtk_output_find_get_iter (DagschedGtkOutputFind *self, GtkTextIter *start);

G_END_DECLS
