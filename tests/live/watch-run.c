/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include <dagsched.h>

/* Observes a run in a process of its own, for tests that stop or kill it: says when it does, and what the
 * run came to. */

typedef struct
{
  GMainLoop *loop;
  DagschedObserver *observer;
} Watch;

static void
on_finished (DagschedRun *run, Watch *self)
{
  g_main_loop_quit (self->loop);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  Watch *self = data;

  self->observer = dagsched_observer_connect_finish (result, &error);
  if (self->observer == NULL)
    g_error ("%s", error->message);

  puts ("observing");
  fflush (stdout);
  g_signal_connect (self->observer, "finished", G_CALLBACK (on_finished), self);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Watch self = { .loop = loop };
  DagschedRun *run;

  dagsched_observer_connect_async (argv[1], NULL, on_connected, &self);
  g_main_loop_run (loop);
  run = DAGSCHED_RUN (self.observer);
  printf ("%s: %u passed, %u failed\n", dagsched_verdict_to_string (dagsched_run_get_verdict (run)),
          dagsched_run_get_n_with_outcome (run, DAGSCHED_OUTCOME_PASSED),
          dagsched_run_get_n_with_outcome (run, DAGSCHED_OUTCOME_FAILED));
  g_object_unref (self.observer);
  return 0;
}
