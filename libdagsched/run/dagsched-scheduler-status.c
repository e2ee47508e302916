/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What goes on in a run, in words: for who wonders why nothing happens. */
#include "base/dagsched-text-private.h"
#include "run/dagsched-scheduler-private.h"

/* A status is read by people. */
#define MAX_WAITING 20
#define MAX_LINE 240 /* bytes */

/* Names and output are others' words: they stay within their line. */
static void
append_words (GString *status, const char *text, gssize length)
{
  dagsched_text_append (status, text, length, DAGSCHED_TEXT_DROP_SEQUENCES);
}

/* The last line that is not empty, whole or not: its begin. */
static void
add_last_line (GString *status, const char *stream, GBytes *bytes)
{
  gsize length = 0, start;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  while (length > 0 && g_ascii_isspace (data[length - 1]))
    length--;
  for (start = length; start > 0 && data[start - 1] != '\n';)
    start--;
  if (length == 0)
    return;

  g_string_append_printf (status, "\n    last on %s: ", stream);
  append_words (status, data + start, (gssize) MIN (length - start, MAX_LINE));
  g_string_append (status, length - start > MAX_LINE ? "…" : "");
}

static void
add_last_words (GString *status, DagschedScheduler *self, guint32 number)
{
  static const char *const streams[] = { "standard output", "standard error" };
  DagschedOutputs *outputs = dagsched_outputs_new ();

  dagsched_engine_peek (self->engine, number, outputs);
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    add_last_line (status, streams[i], outputs->streams[i].bytes);
  dagsched_outputs_free (outputs);
}

/* What the model shows may be a little behind: then it has only just begun. */
static double
count_seconds (DagschedScheduler *self, guint lane, DagschedTest *test)
{
  g_autoptr (DagschedWorker) worker = g_list_model_get_item (G_LIST_MODEL (self->workers), lane);

  if (dagsched_worker_get_test (worker) != test)
    return 0;
  return MAX (dagsched_run_get_elapsed (DAGSCHED_RUN (self)) - dagsched_worker_get_since (worker), 0);
}

static void
add_running (GString *status, DagschedScheduler *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->workers)); i++)
    {
      DagschedLaneView lane;
      DagschedTest *test;

      dagsched_engine_look_at_lane (self->engine, i, &lane);
      if (lane.test == DAGSCHED_NO_TEST)
        continue;
      test = self->view->tests[lane.test];
      g_string_append (status, "\n  ");
      append_words (status, dagsched_test_get_name (test), -1);
      g_string_append_printf (status, " runs for %.1fs on worker %u", count_seconds (self, i, test), i);
      add_last_words (status, self, lane.test);
    }
}

/* Those in a state, up to MAX_WAITING in all. */
static void
add_waiting (GString *status, DagschedScheduler *self, DagschedState state, guint *n_told)
{
  for (guint32 i = 0; i < self->view->n_tests && *n_told < MAX_WAITING; i++)
    {
      g_autofree char *obstacle = NULL;

      if (dagsched_engine_get_state (self->engine, i) != state)
        continue;
      obstacle = dagsched_engine_dup_obstacle (self->engine, i);
      g_string_append (status, "\n  ");
      append_words (status, dagsched_test_get_name (self->view->tests[i]), -1);
      g_string_append (status, " waits for ");
      append_words (status, obstacle, -1);
      (*n_told)++;
    }
}

/**
 * dagsched_scheduler_dup_status:
 * @self: a scheduler
 *
 * Says what goes on just now: which tests run, since when and what they wrote last, and what others wait for. A line
 * sums it up, others follow, without a newline at the end. Names, and what tests wrote, are made fit to be shown: there are no
 * control characters but newlines. Model thread.
 *
 * Returns: (transfer full): text for people
 *
 * Since: 1.0
 */
char *
dagsched_scheduler_dup_status (DagschedScheduler *self)
{
  GString *status = g_string_new (NULL);
  guint n_in_state[DAGSCHED_STATE_FINISHED + 1] = { 0 };
  guint n_waiting, n_told = 0;

  g_return_val_if_fail (DAGSCHED_IS_SCHEDULER (self), NULL);

  if (self->engine == NULL || self->verdict != DAGSCHED_VERDICT_NONE)
    {
      g_string_append (status, self->verdict != DAGSCHED_VERDICT_NONE ? "the run has ended"
                                                                      : "the run has not started");
      return g_string_free (status, FALSE);
    }

  for (guint32 i = 0; i < self->view->n_tests; i++)
    n_in_state[dagsched_engine_get_state (self->engine, i)]++;
  n_waiting = n_in_state[DAGSCHED_STATE_PENDING] + n_in_state[DAGSCHED_STATE_READY];
  g_string_append_printf (status, "after %.1fs: %u running, %u waiting, %u of %u finished",
                          dagsched_run_get_elapsed (DAGSCHED_RUN (self)), n_in_state[DAGSCHED_STATE_RUNNING],
                          n_waiting, n_in_state[DAGSCHED_STATE_FINISHED], self->view->n_tests);
  add_running (status, self);
  /* First those that only lack room. */
  add_waiting (status, self, DAGSCHED_STATE_READY, &n_told);
  add_waiting (status, self, DAGSCHED_STATE_PENDING, &n_told);
  if (n_waiting > n_told && n_told == MAX_WAITING)
    g_string_append_printf (status, "\n  and %u more wait", n_waiting - n_told);

  return g_string_free (status, FALSE);
}
