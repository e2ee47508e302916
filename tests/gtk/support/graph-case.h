/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/dagsched-gtk-graph-view-private.h"
#include "gtk-case.h"

/* A window with the view of a graph in it. */
typedef struct
{
  DagschedRunLog *log;
  DagschedGtkGraphView *view;
  GtkWindow *window;
} GraphCase;

/* Takes @log, which may be NULL; laid out and drawn. */
void graph_case_open (GraphCase *self, DagschedRunLog *log, int width, int height);
void graph_case_close (GraphCase *self);
/* @log, when all has happened in it. */
DagschedRunLog *graph_case_replay (DagschedRunLog *log);
