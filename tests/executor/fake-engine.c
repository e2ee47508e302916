/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-engine.h"

#include <string.h>

static FakeEngine *
as_fake (DagschedEngine *engine)
{
  return (FakeEngine *) engine;
}

DagschedEngineThread *
dagsched_engine_attach (DagschedEngine *engine)
{
  return (DagschedEngineThread *) engine;
}

const DagschedPlanView *
dagsched_engine_get_view (DagschedEngine *engine)
{
  return dagsched_plan_get_view (as_fake (engine)->plan);
}

struct _DagschedAttemptHandle
{
  FakeEngine *engine;
  DagschedTicket ticket;
};

const DagschedTicket *
dagsched_attempt_handle_get_ticket (DagschedAttemptHandle *self)
{
  return &self->ticket;
}

void
dagsched_attempt_handle_complete (DagschedAttemptHandle *self,
                                  DagschedEngineThread *thread,
                                  DagschedResult *result)
{
  FakeCompletion *completion = g_new0 (FakeCompletion, 1);

  completion->ticket = self->ticket;
  completion->result = *result;
  g_async_queue_push (self->engine->completions, completion);
  g_atomic_int_dec_and_test (&self->engine->n_handles);
  g_free (self);
}

void
dagsched_attempt_handle_drop (DagschedAttemptHandle *self)
{
  g_atomic_int_dec_and_test (&self->engine->n_handles);
  g_free (self);
}

void
dagsched_engine_released (DagschedEngine *engine, DagschedEngineThread *thread, guint32 fixture)
{
  FakeEngine *self = as_fake (engine);

  g_mutex_lock (&self->lock);
  self->n_released++;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

void
dagsched_engine_output (DagschedEngine *engine,
                        DagschedEngineThread *thread,
                        const DagschedTicket *ticket,
                        gboolean is_error,
                        const char *data,
                        gsize length,
                        guint64 n_written)
{
  FakeEngine *self = as_fake (engine);

  g_mutex_lock (&self->lock);
  g_string_append_len (self->output, data, (gssize) length);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

void
dagsched_engine_fail (DagschedEngine *engine, GError *error)
{
  FakeEngine *self = as_fake (engine);

  g_mutex_lock (&self->lock);
  self->error = error;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

gboolean
dagsched_engine_is_paused (DagschedEngine *engine)
{
  return g_atomic_int_get (&as_fake (engine)->paused);
}

FakeEngine *
fake_engine_new (void)
{
  FakeEngine *self = g_new0 (FakeEngine, 1);

  self->graph = dagsched_graph_new ("fake");
  self->completions = g_async_queue_new ();
  self->output = g_string_new (NULL);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);

  return self;
}

DagschedCommandTest *
fake_engine_add (FakeEngine *self, const char *name, const char *script)
{
  const char *argv[] = { "/bin/sh", "-c", script, NULL };
  DagschedCommandTest *test = dagsched_command_test_new (name, argv);

  g_assert_true (dagsched_graph_add_test (self->graph, DAGSCHED_TEST (test), NULL));
  g_object_unref (test);

  return test;
}

void
fake_engine_open (FakeEngine *self, guint n_lanes, const DagschedAgentParams *params)
{
  DagschedAgentParams none = { 0 };
  g_autoptr (GError) error = NULL;

  self->plan = dagsched_plan_new (self->graph, NULL, &error);
  g_assert_no_error (error);
  self->executor = dagsched_agent_executor_new (params != NULL ? params : &none);
  self->funcs = dagsched_executor_get_funcs (self->executor);
  self->funcs->open (self->executor, (DagschedEngine *) self, n_lanes, &error);
  g_assert_no_error (error);
}

guint32
fake_engine_lookup (FakeEngine *self, const char *name)
{
  const DagschedPlanView *view = dagsched_plan_get_view (self->plan);

  for (guint32 i = 0; i < view->n_tests; i++)
    {
      if (g_str_equal (dagsched_test_get_name (view->tests[i]), name))
        return i;
    }

  g_assert_not_reached ();
}

DagschedTicket
fake_engine_start (FakeEngine *self, const char *name, guint lane)
{
  DagschedAttemptHandle *attempt = g_new (DagschedAttemptHandle, 1);
  DagschedTicket ticket = {
    .test = fake_engine_lookup (self, name), .generation = ++self->generation, .attempt = 1, .lane = lane
  };

  *attempt = (DagschedAttemptHandle){ .engine = self, .ticket = ticket };
  g_atomic_int_inc (&self->n_handles);
  self->funcs->start (self->executor, attempt);
  return ticket;
}

void
fake_engine_set_paused (FakeEngine *self, gboolean paused)
{
  g_atomic_int_set (&self->paused, paused);
  self->funcs->apply_pause (self->executor);
}

FakeCompletion *
fake_engine_wait (FakeEngine *self)
{
  return g_async_queue_pop (self->completions);
}

FakeCompletion *
fake_engine_run (FakeEngine *self, const char *name)
{
  fake_engine_start (self, name, 0);
  return fake_engine_wait (self);
}

void
fake_engine_await_output (FakeEngine *self, const char *text)
{
  g_mutex_lock (&self->lock);
  while (strstr (self->output->str, text) == NULL)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);
}

void
fake_engine_clear_output (FakeEngine *self)
{
  g_mutex_lock (&self->lock);
  g_string_truncate (self->output, 0);
  g_mutex_unlock (&self->lock);
}

void
fake_engine_await_released (FakeEngine *self, guint n_released)
{
  g_mutex_lock (&self->lock);
  while (self->n_released < n_released)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);
}

GError *
fake_engine_await_error (FakeEngine *self)
{
  GError *error;

  g_mutex_lock (&self->lock);
  while (self->error == NULL)
    g_cond_wait (&self->cond, &self->lock);
  error = g_steal_pointer (&self->error);
  g_mutex_unlock (&self->lock);

  return error;
}

void
fake_engine_free (FakeEngine *self)
{
  if (self->executor != NULL)
    {
      self->funcs->close (self->executor);
      g_assert_finalize_object (self->executor);
    }
  /* What it was given it has completed, or dropped. */
  g_assert_cmpint (g_atomic_int_get (&self->n_handles), ==, 0);
  g_assert_cmpint (g_async_queue_length (self->completions), ==, 0);
  g_async_queue_unref (self->completions);
  g_clear_object (&self->plan);
  g_clear_object (&self->graph);
  g_string_free (self->output, TRUE);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}

void
fake_completion_free (FakeCompletion *self)
{
  dagsched_result_clear (&self->result);
  g_free (self);
}

char *
fake_completion_dup_output (FakeCompletion *self, gboolean is_error)
{
  GBytes *bytes = is_error ? self->result.standard_error : self->result.standard_output;
  gsize length;
  const char *data;

  if (bytes == NULL)
    return g_strdup ("");

  data = g_bytes_get_data (bytes, &length);
  return g_strndup (data, length);
}

char *
make_mark (void)
{
  return g_strdup_printf ("mark-%08x%08x", g_random_int (), g_random_int ());
}

guint
count_marked (const char *mark)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;
  guint n_marked = 0;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", name, "cmdline", NULL);
      g_autofree char *cmdline = NULL;
      gsize length;

      if (!g_ascii_isdigit (*name) || !g_file_get_contents (path, &cmdline, &length, NULL))
        continue;
      n_marked += memmem (cmdline, length, mark, strlen (mark)) != NULL;
    }

  return n_marked;
}

void
assert_result (FakeCompletion *completion, DagschedOutcome outcome, const char *reason)
{
  g_assert_cmpstr (completion->result.reason, ==, reason);
  g_assert_cmpstr (dagsched_outcome_to_string (completion->result.outcome), ==,
                   dagsched_outcome_to_string (outcome));
}
