/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

/* Runs to look at, the same each time: as logs. */

/* A small suite with every outcome, fixtures, retries, outputs; two workers, 24 s. */
DagschedRunLog *sample_log_new_small (void);
/* The same, shown as it was after so many seconds. */
DagschedRunLog *sample_log_new_small_at (double seconds);
/* Layers of @width tests, three dependencies each, @n_workers; one test in 50 fails; nothing is blocked. */
DagschedRunLog *sample_log_new_layered (guint n_tests, guint width, guint n_workers);
DagschedRunLog *sample_log_new_from_lines (const char *lines);
