/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-deque-private.h"

/* Owner's end and thieves' end of the work-stealing deque. */

static void
test_order (void)
{
  DagschedDeque deque;
  guint32 test;

  dagsched_deque_init (&deque, 4);
  g_assert_false (dagsched_deque_pop (&deque, &test));
  g_assert_cmpint (dagsched_deque_steal (&deque, &test), ==, DAGSCHED_STEAL_EMPTY);

  for (guint32 i = 0; i < 4; i++)
    g_assert_true (dagsched_deque_push (&deque, i));
  g_assert_false (dagsched_deque_push (&deque, 4));
  g_assert_cmpuint (dagsched_deque_get_length (&deque), ==, 4);

  g_assert_true (dagsched_deque_pop (&deque, &test));
  g_assert_cmpuint (test, ==, 3);
  g_assert_cmpint (dagsched_deque_steal (&deque, &test), ==, DAGSCHED_STEAL_WON);
  g_assert_cmpuint (test, ==, 0);
  g_assert_true (dagsched_deque_pop (&deque, &test));
  g_assert_cmpuint (test, ==, 2);
  g_assert_true (dagsched_deque_pop (&deque, &test));
  g_assert_cmpuint (test, ==, 1);
  g_assert_false (dagsched_deque_pop (&deque, &test));
  g_assert_cmpuint (dagsched_deque_get_length (&deque), ==, 0);
  dagsched_deque_clear (&deque);
}

/* No slot is used for two positions at once, all the way round many times. */
static void
test_wrap (void)
{
  DagschedDeque deque;
  guint32 test, next_in = 0, next_out = 0;

  dagsched_deque_init (&deque, 256);
  for (guint round = 0; round < 1000; round++)
    {
      while (dagsched_deque_push (&deque, next_in))
        next_in++;
      g_assert_cmpuint (next_in - next_out, ==, 256);
      for (guint i = 0; i < 100; i++)
        {
          g_assert_cmpint (dagsched_deque_steal (&deque, &test), ==, DAGSCHED_STEAL_WON);
          g_assert_cmpuint (test, ==, next_out++);
        }
    }
  dagsched_deque_clear (&deque);
}

#define N_TESTS 400000
#define N_THIEVES 3

typedef struct
{
  DagschedDeque deque;
  _Atomic guint8 *taken;
  _Atomic guint done;
  _Atomic guint n_taken;
} Stress;

static void
take (Stress *stress, guint32 test)
{
  g_assert_cmpuint (test, <, N_TESTS);
  g_assert_cmpuint (atomic_fetch_add (&stress->taken[test], 1), ==, 0);
  atomic_fetch_add (&stress->n_taken, 1);
}

static gpointer
thief (gpointer data)
{
  Stress *stress = data;
  guint32 test;

  while (!atomic_load (&stress->done))
    {
      if (dagsched_deque_steal (&stress->deque, &test) == DAGSCHED_STEAL_WON)
        take (stress, test);
    }

  return NULL;
}

/* A small deque, so that the last element is fought for all the time. */
static void
test_stress (void)
{
  Stress stress = { .taken = g_malloc0 (N_TESTS) };
  GThread *threads[N_THIEVES];
  guint32 next = 0, test;

  dagsched_deque_init (&stress.deque, 8);
  for (guint i = 0; i < N_THIEVES; i++)
    threads[i] = g_thread_new ("thief", thief, &stress);

  while (next < N_TESTS)
    {
      guint n_pushes = g_random_int_range (1, 5);

      for (guint i = 0; i < n_pushes && next < N_TESTS && dagsched_deque_push (&stress.deque, next); i++)
        next++;
      for (guint i = g_random_int_range (0, 4); i > 0 && dagsched_deque_pop (&stress.deque, &test); i--)
        take (&stress, test);
    }
  while (dagsched_deque_pop (&stress.deque, &test))
    take (&stress, test);

  /* What a thief has won but not yet counted is counted once it has ended. */
  atomic_store (&stress.done, 1);
  for (guint i = 0; i < N_THIEVES; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (atomic_load (&stress.n_taken), ==, N_TESTS);
  dagsched_deque_clear (&stress.deque);
  g_free ((gpointer) stress.taken);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/deque/order", test_order);
  g_test_add_func ("/deque/wrap", test_wrap);
  g_test_add_func ("/deque/stress", test_stress);

  return g_test_run ();
}
