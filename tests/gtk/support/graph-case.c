/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph-case.h"

void
graph_case_open (GraphCase *self, DagschedRunLog *log, int width, int height)
{
  self->log = log;
  self->view =
    DAGSCHED_GTK_GRAPH_VIEW (dagsched_gtk_graph_view_new (log != NULL ? DAGSCHED_RUN (log) : NULL));
  self->window = gtk_case_present (GTK_WIDGET (self->view), width, height);
  if (log != NULL)
    GTK_CASE_UNTIL (dagsched_gtk_graph_view_get_laid_out (self->view));
  gtk_case_settle (GTK_WIDGET (self->view));
}

void
graph_case_close (GraphCase *self)
{
  gtk_window_destroy (self->window);
  g_clear_object (&self->log);
}

DagschedRunLog *
graph_case_replay (DagschedRunLog *log)
{
  dagsched_run_log_replay (log);
  return log;
}
