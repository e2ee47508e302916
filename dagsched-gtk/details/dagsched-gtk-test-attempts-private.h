/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

G_BEGIN_DECLS

/* The attempts of one test: those that have ended, loaded from wherever they are, and what the running one writes.
 *
 * Signals: "loaded": they are others; "output" (GBytes, gboolean is_error): the running one wrote something; "written":
 * what it has written so far is something else than what was told. */

#define DAGSCHED_GTK_TYPE_TEST_ATTEMPTS (dagsched_gtk_test_attempts_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTestAttempts,
                      dagsched_gtk_test_attempts,
                      DAGSCHED_GTK,
                      TEST_ATTEMPTS,
                      GObject)

DagschedGtkTestAttempts *dagsched_gtk_test_attempts_new (void);
/* Forgets those of another one; either may be NULL. */
void
dagsched_gtk_test_attempts_set_test (DagschedGtkTestAttempts *self, DagschedRun *run, DagschedTest *test);
/* The test may have changed: loads what is new. */
void dagsched_gtk_test_attempts_update (DagschedGtkTestAttempts *self);
guint dagsched_gtk_test_attempts_get_n_ended (DagschedGtkTestAttempts *self);
DagschedAttempt *dagsched_gtk_test_attempts_get (DagschedGtkTestAttempts *self,
                                                 guint index); /* (transfer none) */
gboolean dagsched_gtk_test_attempts_is_running (DagschedGtkTestAttempts *self);
/* Why they could not be loaded; NULL: they could. */
const char *dagsched_gtk_test_attempts_get_problem (DagschedGtkTestAttempts *self);

typedef void (*DagschedGtkOutputFunc) (GBytes *bytes, gboolean is_error, gpointer user_data);
/* What the running one has written so far. */
void dagsched_gtk_test_attempts_replay_output (DagschedGtkTestAttempts *self,
                                               DagschedGtkOutputFunc func,
                                               gpointer user_data);

G_END_DECLS
