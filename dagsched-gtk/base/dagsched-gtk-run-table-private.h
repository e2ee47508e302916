/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-look-private.h"

G_BEGIN_DECLS

/* A run as arrays, for widgets that show a hundred thousand tests: one for each run, however many
 * widgets show it. GTK's thread.
 *
 * Signals: "changed" (GArray of guint32: numbers of tests that changed, some maybe twice), at most once
 * for a batch of the run's events; "reset": everything may be another than before, the number of tests
 * included (a log was wound back). */

#define DAGSCHED_GTK_TYPE_RUN_TABLE (dagsched_gtk_run_table_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkRunTable, dagsched_gtk_run_table, DAGSCHED_GTK, RUN_TABLE, GObject)

struct _DagschedGtkRunTable
{
  GObject parent_instance;

  /* Read-only for widgets. */
  DagschedRun *run;
  guint n_tests;
  DagschedTest **tests; /* one reference each */
  guint8 *looks;        /* DagschedGtkLook of each */
  guint8 *flags;        /* DagschedFlags of each */
  guint n_with_look[DAGSCHED_GTK_N_LOOKS];

  /* Edges, sorted by the test at their other end: first_x[n] … first_x[n + 1] - 1 are those of test n. */
  guint32 *first_dependency; /* n_tests + 1 */
  guint32 *dependencies;
  guint8 *conditions; /* DagschedCondition, beside dependencies */
  guint32 *first_dependent;
  guint32 *dependents;

  /*< private >*/
  GListModel *model;
};

/* The table of @run; it lives as long as somebody holds it, and holds the run. (transfer full) */
DagschedGtkRunTable *dagsched_gtk_run_table_get (DagschedRun *run);
/* Seconds: from history, else the weight, else 1. */
double dagsched_gtk_run_table_get_expected_duration (DagschedGtkRunTable *self, guint number);

G_END_DECLS
