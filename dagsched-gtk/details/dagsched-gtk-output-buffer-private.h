/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A text buffer that shows what a test wrote: styled, standard output and standard error told apart, filled a piece
 * at a time so that however much there is nothing waits for it.
 *
 * Property "n-hidden": bytes before the shown ones, which dagsched_gtk_output_buffer_show_all() shows. Property
 * "is-filling": there is more to come. */

#define DAGSCHED_GTK_TYPE_OUTPUT_BUFFER (dagsched_gtk_output_buffer_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkOutputBuffer,
                      dagsched_gtk_output_buffer,
                      DAGSCHED_GTK,
                      OUTPUT_BUFFER,
                      GtkTextBuffer)

/* Of each stream the end of about that length is shown at first. Bytes. */
#define DAGSCHED_GTK_OUTPUT_SHOWN (1024 * 1024)

DagschedGtkOutputBuffer *dagsched_gtk_output_buffer_new (void);
void dagsched_gtk_output_buffer_clear (DagschedGtkOutputBuffer *self);
/* All that an attempt wrote; either may be NULL. */
void dagsched_gtk_output_buffer_set (DagschedGtkOutputBuffer *self, GBytes *output, GBytes *error);
/* What a running attempt wrote just now. Of very much only the end is kept. */
void dagsched_gtk_output_buffer_append (DagschedGtkOutputBuffer *self, GBytes *bytes, gboolean is_error);
void dagsched_gtk_output_buffer_show_all (DagschedGtkOutputBuffer *self);
guint64 dagsched_gtk_output_buffer_get_n_hidden (DagschedGtkOutputBuffer *self);
gboolean dagsched_gtk_output_buffer_is_filling (DagschedGtkOutputBuffer *self);
/* Whether nothing that it was given was left out. */
gboolean dagsched_gtk_output_buffer_is_whole (DagschedGtkOutputBuffer *self);
/* Bytes of a stream that it has been given. */
gsize dagsched_gtk_output_buffer_get_length (DagschedGtkOutputBuffer *self, gboolean is_error);
/* All of it that is kept, as it was written. (transfer full) */
GBytes *dagsched_gtk_output_buffer_dup_bytes (DagschedGtkOutputBuffer *self);
/* The same as text. Free it. */
char *dagsched_gtk_output_buffer_dup_text (DagschedGtkOutputBuffer *self);
void dagsched_gtk_output_buffer_set_dark (DagschedGtkOutputBuffer *self, gboolean is_dark);

G_END_DECLS
