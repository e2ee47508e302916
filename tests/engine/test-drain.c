/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whoever shows a run is told that there is something to see: by an event, or, where a ring was full, by a lapse.
 * Nothing that has happened is left for whatever happens next to tell of it. */

#include "engine-case.h"

/* Protected by the lock of the case. */
typedef struct
{
  guint n_armed;
  guint n_released; /* of the gates, in the order of their numbers */
} State;

static void
on_armed (Case *c)
{
  State *state = c->data;

  g_mutex_lock (&c->lock);
  state->n_armed++;
  g_cond_broadcast (&c->cond);
  g_mutex_unlock (&c->lock);
}

static guint
count_armed (Case *c)
{
  guint n;

  g_mutex_lock (&c->lock);
  n = ((State *) c->data)->n_armed;
  g_mutex_unlock (&c->lock);
  return n;
}

/* Hangs where nobody arms: the time-out of the test is the judge. */
static void
wait_until_armed (Case *c, guint n)
{
  State *state = c->data;

  g_mutex_lock (&c->lock);
  while (state->n_armed < n)
    g_cond_wait (&c->cond, &c->lock);
  g_mutex_unlock (&c->lock);
}

/* The tests whose names are digits are gates. */
static void
pass_gate (Case *c, const DagschedTicket *ticket, GCancellable *cancellable, DagschedResult *result)
{
  const char *name = dagsched_test_get_name (c->view.tests[ticket->test]);
  State *state = c->data;

  if (!g_ascii_isdigit (name[0]))
    return;

  case_count (c);
  g_mutex_lock (&c->lock);
  while (state->n_released <= (guint) g_ascii_digit_value (name[0]))
    g_cond_wait (&c->cond, &c->lock);
  g_mutex_unlock (&c->lock);
}

static void
release_next (Case *c)
{
  g_mutex_lock (&c->lock);
  ((State *) c->data)->n_released++;
  g_cond_broadcast (&c->cond);
  g_mutex_unlock (&c->lock);
}

/* What a drain tells of one test. */
typedef struct
{
  guint32 test;
  gboolean is_finished;
} Seen;

static void
on_event (gpointer data, const DagschedEvent *event)
{
  Seen *seen = data;

  seen->is_finished |= event->kind == DAGSCHED_EVENT_FINISHED && event->test == seen->test;
}

/* TRUE: there was anything. */
static gboolean
drain (Case *c, Seen *seen)
{
  gboolean lapsed;
  guint n_drained;

  g_assert_cmpint (dagsched_engine_drain (c->engine, G_MAXINT32, on_event, seen, &n_drained, &lapsed), ==,
                   DAGSCHED_DRAIN_EMPTY);
  /* Then everybody's state is looked at. */
  if (lapsed)
    seen->is_finished |= dagsched_engine_get_state (c->engine, seen->test) == DAGSCHED_STATE_FINISHED;
  return lapsed || n_drained > 0;
}

/* A test begins while its worker's ring is closed, and ends when it is long open again; another still runs, and
 * nothing else happens. */
static void
test_ends_after_lapse (gconstpointer data)
{
  State state = { 0 };
  Case *c = case_new ();
  DagschedTest *first = case_add (c, "a", DAGSCHED_KIND_FUNCTION);
  DagschedTest *gate = case_add (c, "0", DAGSCHED_KIND_FUNCTION);
  Seen seen = { 0 };
  guint n_armed;

  case_add (c, "1", DAGSCHED_KIND_FUNCTION);
  case_depend (c, gate, first, DAGSCHED_CONDITION_SUCCESS);
  c->params.ring_capacity = 2;
  c->params.timestamps = GPOINTER_TO_INT (data);
  c->data = &state;
  c->execute = pass_gate;
  c->passes_plainly = TRUE;
  c->armed = on_armed;
  case_compile (c);
  case_start (c);
  case_wait_for (c, 2);

  /* All that led here. */
  seen.test = case_number_of (c, "0");
  do
    n_armed = count_armed (c);
  while (drain (c, &seen) || count_armed (c) != n_armed);
  g_assert_false (seen.is_finished);

  release_next (c);
  while (!seen.is_finished)
    {
      wait_until_armed (c, ++n_armed);
      drain (c, &seen);
    }
  g_assert_false (dagsched_engine_has_ended (c->engine));

  release_next (c);
  case_wait_for_end (c);
  case_close (c);
  case_free (c);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/drain/ends-after-lapse", GINT_TO_POINTER (FALSE), test_ends_after_lapse);
  g_test_add_data_func ("/drain/ends-after-lapse-with-timestamps", GINT_TO_POINTER (TRUE),
                        test_ends_after_lapse);

  return g_test_run ();
}
