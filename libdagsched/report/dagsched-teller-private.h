/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/dagsched-style-private.h"
#include "report/dagsched-terminal-reporter-private.h"

G_BEGIN_DECLS

/* Tells of one run while it goes on: listens to its signals, prints and paints. */
typedef struct _DagschedTeller DagschedTeller;

/* As the properties of the reporter have them. */
typedef struct
{
  GOutputStream *stream;
  DagschedStyle style;
  gboolean interactive;
  int verbosity;
  gboolean output_on_failure;
  char *rerun_command;                /* (nullable) */
  DagschedTerminalSizeFunc size_func; /* (nullable) */
  gpointer size_data;
  DagschedClockFunc clock; /* (nullable) */
  gpointer clock_data;
} DagschedTellerSettings;

/* @settings outlives it. */
DagschedTeller *dagsched_teller_new (DagschedRun *run, const DagschedTellerSettings *settings);
/* Says and paints what is due. Returns when the next thing will be; G_MAXINT64: nothing. */
gint64 dagsched_teller_tick (DagschedTeller *self);
/* A line of somebody else's. */
void dagsched_teller_note (DagschedTeller *self, const char *text);
/* What was not heard of, and the summary. FALSE: something could not be written. */
gboolean dagsched_teller_end (DagschedTeller *self, GError **error);
void dagsched_teller_free (DagschedTeller *self);

G_END_DECLS
