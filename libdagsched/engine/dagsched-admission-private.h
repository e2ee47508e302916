/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-ready-queue-private.h"

G_BEGIN_DECLS

/* Who may start: slots, resources, groups, exclusive tests. A test takes all that it requires at
 * once or nothing. One that can't waits at the gate that refused it; what is given back looks at
 * that gate's waiters only, and lets them try one after another. At most one test, one that others
 * have overtaken for long, holds a reservation: then nobody else takes what it names. All at once,
 * and one reservation: neither deadlock nor starvation. Not locked: the caller's lock. */
typedef struct _DagschedAdmission DagschedAdmission;

DagschedAdmission *dagsched_admission_new (const DagschedPlanView *view, guint n_lanes);
void dagsched_admission_free (DagschedAdmission *self);

/* The next test that may start, out of @ready and of those who wait; what it requires is taken.
 * @had_waited: whether it waited at a gate until something was given back. FALSE: nobody may start now. */
gboolean dagsched_admission_next (DagschedAdmission *self,
                                  DagschedReadyQueue *ready,
                                  guint32 *test,
                                  gboolean *had_waited);
/* Gives back what @test took; those who waited for it go back to @ready. */
void dagsched_admission_release (DagschedAdmission *self, DagschedReadyQueue *ready, guint32 test);
/* Moves everybody who waits back to @ready: they are not to start any more. */
void dagsched_admission_expel (DagschedAdmission *self, DagschedReadyQueue *ready);
guint dagsched_admission_get_n_waiting (DagschedAdmission *self);
/* What @test would have to wait for now: text for people, NULL: nothing. Free it. */
char *dagsched_admission_dup_obstacle (DagschedAdmission *self, guint32 test);

G_END_DECLS
