/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "served.h"

#include <stdio.h>
#include <unistd.h>

#include <glib-unix.h>

struct _Served
{
  GSubprocess *process;
  char *path; /* of its socket */
};

Served *
served_start (const char *const *args)
{
  Served *self = g_new0 (Served, 1);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (argv, (gpointer) "/proc/self/exe");
  for (guint i = 0; args[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) args[i]);
  g_ptr_array_add (argv, (gpointer) "--serve");
  g_ptr_array_add (argv, NULL);
  self->process = g_subprocess_newv ((const char *const *) argv->pdata,
                                     G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  if (self->process == NULL)
    g_error ("%s", error->message);

  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  self->path = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  if (self->path == NULL)
    g_error ("the other process could not publish its run");

  return self;
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

DagschedObserver *
served_observe (Served *self)
{
  g_autoptr (GAsyncResult) attached = NULL;
  g_autoptr (GError) error = NULL;
  DagschedObserver *observer;

  dagsched_observer_connect_async (self->path, NULL, take_result, &attached);
  while (attached == NULL)
    g_main_context_iteration (NULL, TRUE);
  observer = dagsched_observer_connect_finish (attached, &error);
  if (observer == NULL)
    g_error ("%s", error->message);

  return observer;
}

void
served_go (Served *self)
{
  GOutputStream *input = g_subprocess_get_stdin_pipe (self->process);

  g_output_stream_write_all (input, "\n", 1, NULL, NULL, NULL);
  g_output_stream_flush (input, NULL, NULL);
}

void
served_free (Served *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_free (self->path);
  g_free (self);
}

typedef struct
{
  GMainLoop *loop;
  DagschedScheduler *scheduler;
  Pace *pace;
} Serving;

static void
on_run_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  dagsched_scheduler_run_finish (DAGSCHED_SCHEDULER (source), result, NULL);
}

/* A byte: go; the end: nobody needs it. */
static gboolean
on_input (int fd, GIOCondition condition, gpointer data)
{
  Serving *serving = data;
  char byte;

  if (read (fd, &byte, 1) != 1)
    {
      g_main_loop_quit (serving->loop);
      return G_SOURCE_REMOVE;
    }

  dagsched_scheduler_run_async (serving->scheduler, NULL, on_run_ended, NULL);
  pace_start (serving->pace);
  return G_SOURCE_CONTINUE;
}

void
served_serve (DagschedScheduler *scheduler, Pace *pace)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Serving serving = { .loop = loop, .scheduler = scheduler, .pace = pace };
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedPublisher) publisher = dagsched_publisher_new (DAGSCHED_RUN (scheduler), NULL, &error);

  if (publisher == NULL)
    g_error ("%s", error->message);

  g_print ("%s\n", dagsched_publisher_get_path (publisher));
  fflush (stdout);
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input, &serving);
  g_main_loop_run (loop);
}
