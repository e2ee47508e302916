/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "base/dagsched-gtk-run-table-private.h"
#include "details/dagsched-gtk-output-view-private.h"
#include "details/dagsched-gtk-sparkline-private.h"
#include "details/dagsched-gtk-test-attempts-private.h"
#include "details/dagsched-gtk-test-details.h"
#include "details/dagsched-gtk-test-links-private.h"

G_BEGIN_DECLS

/* For the files dagsched-gtk-test-details*.c. */
#define DAGSCHED_GTK_NO_ATTEMPT G_MAXUINT

struct _DagschedGtkTestDetails
{
  GtkWidget parent_instance;

  GtkStack *content;
  GtkImage *icon;
  GtkLabel *name;
  GtkLabel *outcome;
  GtkLabel *reason;
  GtkBox *flags;
  GtkStack *pages;
  GtkDropDown *attempts_list;
  DagschedGtkOutputView *output;
  DagschedGtkTestLinks *blocked_by;
  DagschedGtkTestLinks *waits_for;
  DagschedGtkTestLinks *dependencies;
  DagschedGtkTestLinks *dependents;
  GtkWidget *independent;
  GtkWidget *command_box;
  GtkLabel *command;
  GtkWidget *history_box;
  DagschedGtkSparkline *sparkline;
  GtkLabel *history_text;
  GtkListBox *settings;

  DagschedRun *run;           /* (nullable) */
  DagschedGtkRunTable *table; /* (nullable) */
  DagschedTest *test;         /* (nullable) */
  DagschedHistory *history;   /* (nullable) */
  guint number;               /* of the test; DAGSCHED_RUN_NO_TEST */
  DagschedGtkTestAttempts *attempts;

  DagschedGtkLook shown_look;
  guint shown_flags;
  guint shown_attempt; /* its index, the running one being the last; or DAGSCHED_GTK_NO_ATTEMPT */
  gboolean is_live;    /* what is shown is being written */
  guint tick_id;
};

void dagsched_gtk_test_details_attempt_selected (DagschedGtkTestDetails *self);
void dagsched_gtk_test_details_attempts_loaded (DagschedGtkTestDetails *self);
void dagsched_gtk_test_details_output (DagschedGtkTestDetails *self, GBytes *bytes, gboolean is_error);
void dagsched_gtk_test_details_written (DagschedGtkTestDetails *self);
/* Another test: what can be shown of it before its attempts are loaded. */
void dagsched_gtk_test_details_begin_output (DagschedGtkTestDetails *self);

G_END_DECLS
