/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-digraph-private.h"
#include "plan/dagsched-plan-private.h"

G_BEGIN_DECLS

/* The compiler of plans: each file does one step, in this order. Tests have three numbers: in the
 * graph; among the selected ones, in the same order; and in the plan, where repetition k of selected
 * test i is number (k - 1) × n_selected + i. */

typedef struct
{
  DagschedGraph *graph;
  DagschedSelection *selection; /* (nullable) NULL: all tests */
  const DagschedPlanParams *params;
  DagschedPlanView *view; /* what is being made */

  guint32 n_selected;
  guint32 *graph_number; /* of each selected test */
  guint32 *selected;     /* of each test of the graph: its number among the selected; DAGSCHED_NO_TEST */

  /* By number among the selected; NULL: none of them is a fixture. */
  guint8 *is_fixture;
  guint32 *cleanup; /* of each fixture, if that is selected; else DAGSCHED_NO_TEST */
  guint32 *fixture; /* that each test cleans up, if that is selected; else DAGSCHED_NO_TEST */

  /* Lists of numbers among the selected, for each of them: n_selected + 1 places. */
  guint32 *first_edge; /* into edges */
  guint32 *edges;      /* packed: dependency and condition */
  guint32 *first_user; /* into users; NULL without fixtures */
  GArray *users;       /* of guint32: who uses each fixture */
} DagschedCompiler;

/* 1. Which tests. */
gboolean dagsched_compiler_select (DagschedCompiler *self, GError **error);
/* 2. What they wait for, and what fixtures have to do with it. */
gboolean dagsched_compiler_collect_edges (DagschedCompiler *self, GError **error);
/* 3. The same with repetitions, as the plan has it. */
gboolean dagsched_compiler_emit_tests (DagschedCompiler *self, GError **error);
gboolean dagsched_compiler_emit_edges (DagschedCompiler *self, GError **error);
gboolean dagsched_compiler_emit_fixtures (DagschedCompiler *self, GError **error);
/* 4. What they need. */
gboolean dagsched_compiler_emit_profiles (DagschedCompiler *self, GError **error);
/* 5. What they call. */
void dagsched_compiler_emit_functions (DagschedCompiler *self);
/* 6. In which order. */
typedef struct
{
  double critical_path; /* seconds */
  double total_work;    /* seconds */
  gboolean has_durations;
  guint32 *path; /* the tests of the critical path; owned */
  guint32 n_path;
} DagschedPlanTimes;
void dagsched_compiler_emit_order (DagschedCompiler *self, DagschedPlanTimes *times);
/* Of each test: for how long what it needs will still be needed when its turn comes; 0: it needs nothing.
 * @remaining: the longest way from its start to the end of the run. Both in seconds. */
double *
dagsched_compiler_find_turns (const DagschedPlanView *view, const double *seconds, const double *remaining);

void dagsched_compiler_clear (DagschedCompiler *self);

/* For plans of absurd size: an error in place of an abort for want of memory. */
#define DAGSCHED_MAX_LINKS (G_GUINT64_CONSTANT (1) << 27)
gboolean dagsched_compiler_check_size (guint64 n_links, GError **error);

G_END_DECLS
