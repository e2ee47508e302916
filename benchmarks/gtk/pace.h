/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

G_BEGIN_DECLS

/* A layered graph of tests that wait, and are let go at a steady rate: what a run of processes looks like to
 * whoever shows it, without their cost. */
typedef struct _Pace Pace;

#define PACE_WIDTH 1000
/* Ready, started, attempt, finished. */
#define PACE_EVENTS_A_TEST 4

/* @rate: events a second. One test in 997 fails; nothing depends on its success. */
Pace *pace_new (guint n_tests, double rate);
DagschedGraph *pace_get_graph (Pace *self);
/* From now on, by a thread of its own. */
void pace_start (Pace *self);
/* Once the run has ended. */
void pace_free (Pace *self);

G_END_DECLS
