/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What follows from how far a run is: how long it will still take, how well it goes. Seconds throughout. */
typedef struct _DagschedGtkRunFigures DagschedGtkRunFigures;

/* The graph; not copied. Edges as in a run table. */
typedef struct
{
  guint n_tests;
  const guint32 *first_dependency;
  const guint32 *first_dependent;
  const guint32 *dependents;
  const double *expected; /* of each test; NAN or 0: not known */
} DagschedGtkRunGraph;

typedef struct
{
  guint test;
  double since;
} DagschedGtkRunningTest;

DagschedGtkRunFigures *dagsched_gtk_run_figures_new (const DagschedGtkRunGraph *graph);
void dagsched_gtk_run_figures_free (DagschedGtkRunFigures *self);

/* An attempt has ended. */
void dagsched_gtk_run_figures_add_attempt (DagschedGtkRunFigures *self, guint test, double duration);
/* A test has its outcome. */
void dagsched_gtk_run_figures_finish (DagschedGtkRunFigures *self, guint test);

/* How long the run will still take; NAN: nothing is known yet. The longest path that is left, or the work
 * that is left by the workers, whichever is longer, by how fast the run has been so far. */
double dagsched_gtk_run_figures_get_left (DagschedGtkRunFigures *self,
                                          double elapsed,
                                          guint n_workers,
                                          const DagschedGtkRunningTest *running,
                                          guint n_running);
/* The same for people: it counts down, and where it was wrong it gets right by and by. */
double dagsched_gtk_run_figures_smooth_left (DagschedGtkRunFigures *self, double left, double elapsed);
/* Tests a second, over the last few seconds; NAN: not known yet. To be asked often. */
double dagsched_gtk_run_figures_get_throughput (DagschedGtkRunFigures *self, double elapsed);
/* Which share of the workers' time was used for tests, 0–1; NAN: not known yet. */
double dagsched_gtk_run_figures_get_efficiency (DagschedGtkRunFigures *self,
                                                double elapsed,
                                                guint n_workers,
                                                const DagschedGtkRunningTest *running,
                                                guint n_running);
/* No run of these tests is shorter on so many workers: their longest path, or all their work by the
 * workers. What has not run counts as long as is expected; NAN: nothing is known. */
double dagsched_gtk_run_figures_get_bound (DagschedGtkRunFigures *self, guint n_workers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedGtkRunFigures, dagsched_gtk_run_figures_free)

/* Divides @width pixels among segments by their counts, in order: each that has any gets at least
 * @least (as far as there is room), the sum is @width. All 0: nothing. */
void dagsched_gtk_divide_segments (const guint *counts, guint n, int width, int least, int *widths);

G_END_DECLS
