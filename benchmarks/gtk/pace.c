/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pace.h"

#include <semaphore.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define TICK_NS 1000000

struct _Pace
{
  DagschedGraph *graph;
  guint n_tests;
  double tests_a_tick;
  sem_t allowed; /* tests that may go on */
  GThread *thread;
  int timer;
  gint stop; /* (atomic) */
};

static DagschedOutcome
wait_for_turn (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  Pace *self = data;

  while (sem_wait (&self->allowed) != 0)
    ;

  return dagsched_test_get_priority (DAGSCHED_TEST (test)) < 0 ? DAGSCHED_OUTCOME_FAILED
                                                               : DAGSCHED_OUTCOME_PASSED;
}

static void
depend (Pace *self, DagschedTest **tests, guint number, guint dependency)
{
  g_autoptr (GError) error = NULL;

  /* The same twice is refused. */
  dagsched_graph_add_dependency (self->graph, tests[number], tests[dependency], DAGSCHED_CONDITION_ALWAYS,
                                 &error);
}

static void
add_test (Pace *self, DagschedTest **tests, guint number)
{
  guint layer = number / PACE_WIDTH, place = number % PACE_WIDTH;
  g_autofree char *name = g_strdup_printf ("layer-%u/test-%u", layer, place);
  g_autofree char *suite = g_strdup_printf ("layer-%u", layer % 8);
  const char *suites[] = { suite, NULL };
  g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_func_test_new (name, wait_for_turn, self, NULL));

  dagsched_test_set_suites (test, suites);
  if (number % 997 == 996)
    dagsched_test_set_priority (test, -1);
  dagsched_graph_add_test (self->graph, test, NULL);
  tests[number] = test;
  for (guint i = 0; layer > 0 && i < 3; i++)
    depend (self, tests, number, (layer - 1) * PACE_WIDTH + (place + i * 7) % PACE_WIDTH);
}

Pace *
pace_new (guint n_tests, double rate)
{
  Pace *self = g_new0 (Pace, 1);
  g_autofree DagschedTest **tests = g_new (DagschedTest *, n_tests);

  self->graph = dagsched_graph_new ("paced");
  self->n_tests = n_tests;
  self->tests_a_tick = rate / PACE_EVENTS_A_TEST * TICK_NS / 1e9;
  sem_init (&self->allowed, 0, 0);
  for (guint i = 0; i < n_tests; i++)
    add_test (self, tests, i);

  return self;
}

DagschedGraph *
pace_get_graph (Pace *self)
{
  return self->graph;
}

static gpointer
let_go (gpointer data)
{
  Pace *self = data;
  double due = 0, gone = 0;
  guint64 n_ticks;

  while (!g_atomic_int_get (&self->stop) && gone < self->n_tests &&
         read (self->timer, &n_ticks, sizeof n_ticks) == sizeof n_ticks)
    for (due += n_ticks * self->tests_a_tick; gone + 1 <= due && gone < self->n_tests; gone++)
      sem_post (&self->allowed);

  return NULL;
}

void
pace_start (Pace *self)
{
  const struct itimerspec ticks = { .it_interval.tv_nsec = TICK_NS, .it_value.tv_nsec = TICK_NS };

  self->timer = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC);
  timerfd_settime (self->timer, 0, &ticks, NULL);
  self->thread = g_thread_new ("pace", let_go, self);
}

void
pace_free (Pace *self)
{
  g_atomic_int_set (&self->stop, TRUE);
  if (self->thread != NULL)
    g_thread_join (self->thread);
  close (self->timer);
  g_object_unref (self->graph);
  sem_destroy (&self->allowed);
  g_free (self);
}
