/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

/* A run that goes on for as long as a test wants: its tests, "live/0", "live/1" …, end when they are let. */
typedef struct _LiveRun LiveRun;

/* @n_chained: so many of the tests depend on one another, the first ones, in a row. */
LiveRun *live_run_new (guint n_tests, guint n_chained, guint n_workers);
/* Lets it end, waits for it, frees it. */
void live_run_free (LiveRun *self);
DagschedRun *live_run_get_run (LiveRun *self);
void live_run_start (LiveRun *self);
/* Lets so many tests end, whichever; every @fail_every-th of all fails (0: none). */
void live_run_release (LiveRun *self, guint n, guint fail_every);
void live_run_release_all (LiveRun *self);
gboolean live_run_has_ended (LiveRun *self);
