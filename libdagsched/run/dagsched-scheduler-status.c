/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What goes on in a run, in words: for who wonders why nothing happens. */
#include "run/dagsched-scheduler-private.h"

#include <string.h>

/* A status is read by people. */
#define MAX_WAITING 20
#define MAX_LINE 160 /* characters */

/* From a terminal's point of view it is one line of text, whatever a test wrote. */
static char *
dup_plain (const char *data, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid (data, (gssize) length);
  GString *plain = g_string_new (NULL);
  guint n = 0;

  for (const char *c = valid; *c != '\0' && n < MAX_LINE; c = g_utf8_next_char (c), n++)
    {
      gunichar character = g_utf8_get_char (c);

      g_string_append_unichar (plain, g_unichar_iscntrl (character) ? 0xfffd : character);
    }
  if (n == MAX_LINE)
    g_string_append (plain, "…");
  return g_string_free (plain, FALSE);
}

/* (nullable) the last line that is not empty, whole or not. */
static char *
dup_last_line (GBytes *bytes)
{
  gsize length = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  gsize start;

  while (length > 0 && g_ascii_isspace (data[length - 1]))
    length--;
  for (start = length; start > 0 && data[start - 1] != '\n';)
    start--;
  return length > 0 ? dup_plain (data + start, length - start) : NULL;
}

static void
add_last_words (GString *status, DagschedScheduler *self, DagschedTest *test)
{
  static const char *const streams[] = { "standard output", "standard error" };
  DagschedOutputs *outputs = dagsched_outputs_new ();
  guint number = dagsched_run_find_test (DAGSCHED_RUN (self), test);

  if (number != DAGSCHED_RUN_NO_TEST)
    dagsched_engine_peek (self->engine, number, outputs);
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_autofree char *line = dup_last_line (outputs->streams[i].bytes);

      if (line != NULL)
        g_string_append_printf (status, "\n    last on %s: %s", streams[i], line);
    }
  dagsched_outputs_free (outputs);
}

static void
add_running (GString *status, DagschedScheduler *self, double now)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->workers)); i++)
    {
      g_autoptr (DagschedWorker) worker = g_list_model_get_item (G_LIST_MODEL (self->workers), i);
      DagschedTest *test = dagsched_worker_get_test (worker);

      if (test == NULL)
        continue;
      g_string_append_printf (status, "\n  %s runs for %.1fs on worker %u", dagsched_test_get_name (test),
                              MAX (now - dagsched_worker_get_since (worker), 0), i);
      add_last_words (status, self, test);
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
      g_string_append_printf (status, "\n  %s waits for %s", dagsched_test_get_name (self->view->tests[i]),
                              obstacle);
      (*n_told)++;
    }
}

/**
 * dagsched_scheduler_dup_status:
 * @self: a scheduler
 *
 * Says what goes on just now: which tests run, since when and what they wrote last, and what others wait for. A line
 * sums it up, others follow, without a newline at the end. What tests wrote is shown without control characters. Model
 * thread.
 *
 * Returns: (transfer full): text for people
 *
 * Since: 1.0
 */
char *
dagsched_scheduler_dup_status (DagschedScheduler *self)
{
  GString *status = g_string_new (NULL);
  guint n_waiting, n_told = 0;
  double now;

  g_return_val_if_fail (DAGSCHED_IS_SCHEDULER (self), NULL);

  if (self->engine == NULL || self->verdict != DAGSCHED_VERDICT_NONE)
    {
      g_string_append (status, self->verdict != DAGSCHED_VERDICT_NONE ? "the run has ended"
                                                                      : "the run has not started");
      return g_string_free (status, FALSE);
    }

  now = dagsched_run_get_elapsed (DAGSCHED_RUN (self));
  n_waiting = self->n_in_state[DAGSCHED_STATE_PENDING] + self->n_in_state[DAGSCHED_STATE_READY];
  g_string_append_printf (status, "after %.1fs: %u running, %u waiting, %u of %u finished", now,
                          self->n_in_state[DAGSCHED_STATE_RUNNING], n_waiting,
                          self->n_in_state[DAGSCHED_STATE_FINISHED], self->view->n_tests);
  add_running (status, self, now);
  /* First those that only lack room. */
  add_waiting (status, self, DAGSCHED_STATE_READY, &n_told);
  add_waiting (status, self, DAGSCHED_STATE_PENDING, &n_told);
  if (n_waiting > n_told && n_told == MAX_WAITING)
    g_string_append_printf (status, "\n  and %u more wait", n_waiting - n_told);

  return g_string_free (status, FALSE);
}
