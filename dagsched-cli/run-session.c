/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run-session.h"

#include <glib-unix.h>
#include <signal.h>

#include "job-control.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

typedef struct _Session Session;

typedef struct
{
  Session *session;
  int signum;
  guint source; /* 0: not watched */
} SignalWatch;

struct _Session
{
  DagschedScheduler *scheduler;
  RunReports *reports;
  GMainLoop *loop;
  SignalWatch watches[G_N_ELEMENTS (signals)];
  int first_signal; /* 0: none came */
  gboolean succeeded;
  GError *error;
};

/* A line each, as notes are. */
static gboolean
on_status_wanted (gpointer data)
{
  Session *self = data;
  g_autofree char *status = dagsched_scheduler_dup_status (self->scheduler);
  g_auto (GStrv) lines = g_strsplit (status, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    run_reports_note (self->reports, "%s", lines[i]);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_signal (gpointer data)
{
  SignalWatch *watch = data;
  Session *self = watch->session;
  gboolean again = self->first_signal != 0;

  if (again)
    {
      run_reports_note (self->reports, "%s again: killing the running tests", g_strsignal (watch->signum));
    }
  else
    {
      self->first_signal = watch->signum;
      run_reports_note (self->reports, "%s: stopping; cleanups still run. Once more to kill everything",
                        g_strsignal (watch->signum));
    }
  dagsched_run_cancel (DAGSCHED_RUN (self->scheduler), again);

  return G_SOURCE_CONTINUE;
}

/* The tests stand still as well, and what was painted is taken away, before the shell has the terminal again. */
static gboolean
on_stop_wanted (gpointer data)
{
  Session *self = data;

  dagsched_scheduler_pause (self->scheduler);
  job_control_stop ();
  dagsched_scheduler_resume (self->scheduler);
  return G_SOURCE_CONTINUE;
}

/* What nohup or a shell has had ignored stays ignored. */
static gboolean
is_ignored (int signum)
{
  struct sigaction action;

  return sigaction (signum, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static void
watch_signals (Session *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      SignalWatch *watch = &self->watches[i];

      watch->session = self;
      watch->signum = signals[i];
      if (!is_ignored (signals[i]))
        watch->source = g_unix_signal_add (signals[i], on_signal, watch);
    }
}

/* The run has ended: a signal can end nothing but the reports about it, half written. */
static void
ignore_signals (Session *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      if (self->watches[i].source == 0)
        continue;
      g_clear_handle_id (&self->watches[i].source, g_source_remove);
      signal (signals[i], SIG_IGN);
    }
}

static void
on_run_finished (GObject *source, GAsyncResult *result, gpointer data)
{
  Session *self = data;

  self->succeeded = dagsched_scheduler_run_finish (DAGSCHED_SCHEDULER (source), result, &self->error);
  g_main_loop_quit (self->loop);
}

gboolean
run_session (DagschedScheduler *scheduler, RunReports *reports, int *signum, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Session self = { .scheduler = scheduler, .reports = reports, .loop = loop };
  guint status_source;

  watch_signals (&self);
  job_control_watch (on_stop_wanted, &self);
  status_source = g_unix_signal_add (SIGUSR1, on_status_wanted, &self);
  dagsched_scheduler_run_async (scheduler, NULL, on_run_finished, &self);
  g_main_loop_run (loop);
  ignore_signals (&self);
  job_control_unwatch ();
  g_source_remove (status_source);
  signal (SIGUSR1, SIG_IGN);

  *signum = self.first_signal;
  if (self.error != NULL)
    g_propagate_error (error, self.error);

  return self.succeeded;
}
