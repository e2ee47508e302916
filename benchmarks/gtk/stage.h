/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched-gtk.h>

G_BEGIN_DECLS

/* What is measured: one view in a bare window, or the window of the whole application. */
typedef struct _Stage Stage;

/* @view: graph, workers, tests or summary. NULL: there is no such view. Painted once on return. */
Stage *stage_new (const char *view, gboolean application, int width, int height);
void stage_free (Stage *self);

GtkWidget *stage_get_window (Stage *self);
GtkWidget *stage_get_view (Stage *self);
/* @run: NULL: none. */
void stage_show (Stage *self, DagschedRun *run);
/* As people open it; returns once its run is in the view. */
void stage_open_log (Stage *self, const char *path);
void stage_wait_until_painted (Stage *self);

G_END_DECLS
