/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint n_sessions; /* the run was killed and resumed so often, but for the first */
  guint64 n_points;
  guint64 hash;
} SimCaseResult;

/* A run of a random graph in a world of its own, killed and resumed some times, until it has ended. @directory: for its
 * log. Ends the process if a promise is broken. */
void sim_case_run (guint64 seed, const char *directory, gboolean tracing, SimCaseResult *result);

G_END_DECLS
