/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-admission-private.h"

/* Random demands: nothing is ever exceeded, everybody starts once, nobody starves. */

#define N_TESTS 300
#define N_RESOURCES 3
#define N_LANES 6

typedef struct
{
  DagschedPlanView view;
  guint32 rank[N_TESTS]; /* and so the order: each its own number */
  guint32 profile[N_TESTS];
  DagschedProfile profiles[N_TESTS];
  DagschedDemand demands[N_TESTS * N_RESOURCES];
  DagschedMembership memberships[N_TESTS];
  guint32 capacities[N_RESOURCES];
  const char *names[N_RESOURCES];
} Fake;

static void
make_profile (Fake *fake, GRand *rand, guint i, guint *n_demands)
{
  DagschedProfile *profile = &fake->profiles[i];

  *profile = (DagschedProfile){ .slots = 1, .first_demand = *n_demands, .first_membership = i };
  fake->rank[i] = fake->profile[i] = i;
  if (g_rand_int_range (rand, 0, 4) == 0)
    profile->slots = g_rand_boolean (rand) ? 3 : DAGSCHED_ALL;
  profile->exclusive = g_rand_int_range (rand, 0, 20) == 0;
  for (guint r = 0; r < N_RESOURCES; r++)
    {
      if (g_rand_int_range (rand, 0, 3) == 0)
        fake->demands[(*n_demands)++] =
          (DagschedDemand){ r, g_rand_int_range (rand, 1, fake->capacities[r] + 1) };
    }
  profile->n_demands = *n_demands - profile->first_demand;
  profile->n_memberships = g_rand_int_range (rand, 0, 3) == 0;
  fake->memberships[i] = (DagschedMembership){ 0, g_rand_int_range (rand, 0, 3) };
}

static Fake *
fake_new (GRand *rand)
{
  Fake *fake = g_new0 (Fake, 1);
  guint n_demands = 0;

  for (guint r = 0; r < N_RESOURCES; r++)
    {
      fake->capacities[r] = r + 1;
      fake->names[r] = "resource";
    }
  for (guint i = 0; i < N_TESTS; i++)
    make_profile (fake, rand, i, &n_demands);
  fake->view = (DagschedPlanView){ .n_tests = N_TESTS,
                                   .rank = fake->rank,
                                   .order = fake->rank,
                                   .profile = fake->profile,
                                   .profiles = fake->profiles,
                                   .demands = fake->demands,
                                   .memberships = fake->memberships,
                                   .capacities = fake->capacities,
                                   .resource_names = fake->names,
                                   .n_resources = N_RESOURCES,
                                   .n_name_spaces = 1 };
  return fake;
}

static void
check_running (const Fake *fake, GArray *running)
{
  guint slots = 0, used[N_RESOURCES] = { 0 }, group = G_MAXUINT;

  for (guint i = 0; i < running->len; i++)
    {
      const DagschedProfile *profile = &fake->profiles[g_array_index (running, guint32, i)];

      slots += profile->exclusive ? N_LANES : MIN (profile->slots, N_LANES);
      g_assert_true (!profile->exclusive || running->len == 1);
      for (guint d = 0; d < profile->n_demands; d++)
        used[fake->demands[profile->first_demand + d].resource] +=
          fake->demands[profile->first_demand + d].amount;
      if (profile->n_memberships > 0)
        {
          guint its = fake->memberships[profile->first_membership].group;

          g_assert_true (group == G_MAXUINT || group == its);
          group = its;
        }
    }
  g_assert_cmpuint (slots, <=, N_LANES);
  for (guint r = 0; r < N_RESOURCES; r++)
    g_assert_cmpuint (used[r], <=, fake->capacities[r]);
}

static void
run_random (guint seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autofree Fake *fake = fake_new (rand);
  DagschedAdmission *admission = dagsched_admission_new (&fake->view, N_LANES);
  g_autoptr (GArray) running = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint8 started[N_TESTS] = { 0 };
  guint n_started = 0, n_pushed = 0;
  DagschedReadyQueue ready;
  gboolean had_waited;
  guint32 test;

  dagsched_ready_queue_init (&ready, &fake->view);
  while (n_started < N_TESTS || running->len > 0)
    {
      for (guint i = g_rand_int_range (rand, 0, 20); i > 0 && n_pushed < N_TESTS; i--)
        dagsched_ready_queue_push (&ready, n_pushed++);
      while (dagsched_admission_next (admission, &ready, &test, &had_waited))
        {
          g_assert_cmpuint (started[test]++, ==, 0);
          n_started++;
          g_array_append_val (running, test);
          check_running (fake, running);
        }
      /* With everything free somebody can always start. */
      g_assert_true (running->len > 0 || n_started == n_pushed);
      if (running->len > 0)
        {
          guint victim = g_rand_int_range (rand, 0, running->len);

          test = g_array_index (running, guint32, victim);
          g_array_remove_index_fast (running, victim);
          dagsched_admission_release (admission, &ready, test);
        }
    }
  g_assert_cmpuint (dagsched_admission_get_n_waiting (admission), ==, 0);
  dagsched_admission_free (admission);
  dagsched_ready_queue_clear (&ready);
}

static void
test_random (void)
{
  for (guint seed = 0; seed < 500; seed++)
    run_random (seed);
}

/* An endless stream of small, better ranked tests must not keep one out that wants everything. */
static void
test_no_starvation (void)
{
  enum
  {
    N = 2000
  };
  g_autofree guint32 *rank = g_new (guint32, N);
  g_autofree guint32 *order = g_new (guint32, N);
  g_autofree guint32 *profile = g_new0 (guint32, N);
  DagschedProfile profiles[2] = { { .slots = 1 }, { .slots = DAGSCHED_ALL } };
  DagschedPlanView view = {
    .n_tests = N, .rank = rank, .order = order, .profile = profile, .profiles = profiles
  };
  DagschedAdmission *admission = dagsched_admission_new (&view, 4);
  g_autoptr (GQueue) running = g_queue_new ();
  DagschedReadyQueue ready;
  guint32 test = 0;
  guint n_before = 0;
  gboolean had_waited;

  for (guint32 i = 0; i < N; i++)
    {
      order[i] = (i + 1) % N;
      rank[order[i]] = i;
    }
  profile[0] = 1;
  dagsched_ready_queue_init (&ready, &view);
  dagsched_ready_queue_push (&ready, 0);
  for (guint32 next = 1; next < N; next++)
    {
      gboolean big_started = FALSE;

      dagsched_ready_queue_push (&ready, next);
      while (dagsched_admission_next (admission, &ready, &test, &had_waited))
        {
          g_assert_true (test != 0 || had_waited);
          big_started |= test == 0;
          n_before++;
          g_queue_push_tail (running, GUINT_TO_POINTER (test));
        }
      if (big_started)
        break;
      if (g_queue_get_length (running) > 3)
        dagsched_admission_release (admission, &ready, GPOINTER_TO_UINT (g_queue_pop_head (running)));
      g_assert_cmpuint (next, <, N - 1);
      if (g_queue_get_length (running) > 0 && next % 2 == 0)
        dagsched_admission_release (admission, &ready, GPOINTER_TO_UINT (g_queue_pop_head (running)));
    }
  g_assert_cmpuint (n_before, <, 100);
  dagsched_admission_free (admission);
  dagsched_ready_queue_clear (&ready);
}

static void
test_expel (void)
{
  guint32 rank[2] = { 0, 1 }, profile[2] = { 0, 0 };
  DagschedProfile profiles[1] = { { .slots = 1, .n_demands = 1 } };
  DagschedDemand demands[1] = { { 0, 1 } };
  guint32 capacities[1] = { 1 };
  const char *names[1] = { "database" };
  DagschedPlanView view = { .n_tests = 2,
                            .rank = rank,
                            .order = rank,
                            .profile = profile,
                            .profiles = profiles,
                            .demands = demands,
                            .capacities = capacities,
                            .resource_names = names,
                            .n_resources = 1 };
  DagschedAdmission *admission = dagsched_admission_new (&view, 2);
  g_autofree char *obstacle = NULL;
  DagschedReadyQueue ready;
  gboolean had_waited;
  guint32 test;

  dagsched_ready_queue_init (&ready, &view);
  dagsched_ready_queue_push (&ready, 0);
  dagsched_ready_queue_push (&ready, 1);
  g_assert_true (dagsched_admission_next (admission, &ready, &test, &had_waited));
  g_assert_false (had_waited);
  g_assert_false (dagsched_admission_next (admission, &ready, &test, &had_waited));
  g_assert_cmpuint (dagsched_admission_get_n_waiting (admission), ==, 1);
  obstacle = dagsched_admission_dup_obstacle (admission, 1);
  g_assert_cmpstr (obstacle, ==, "1 of resource \"database\" (0 free)");

  dagsched_admission_expel (admission, &ready);
  g_assert_true (dagsched_ready_queue_pop (&ready, &test));
  g_assert_cmpuint (test, ==, 1);
  g_assert_cmpuint (dagsched_admission_get_n_waiting (admission), ==, 0);
  dagsched_admission_free (admission);
  dagsched_ready_queue_clear (&ready);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/admission/random", test_random);
  g_test_add_func ("/admission/no-starvation", test_no_starvation);
  g_test_add_func ("/admission/expel", test_expel);

  return g_test_run ();
}
