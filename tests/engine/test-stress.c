/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Random graphs of functions, run by schedulers with random options and far more workers than there are
 * processors. Each case follows from a number; `--seed=NUMBER` begins with that one. */

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "random-case.h"
#include "stress-case.h"
#include "stress-delays.h"

static guint first_seed;

/* What runs, for the one who looks at why it does not end, or what it asserted. */
static char current[512];

static void
tell_current (int number)
{
  /* Where a signal handler can't write, nothing can be done. */
  if (write (STDERR_FILENO, current, strlen (current)) < 0)
    _exit (2);
  signal (number, SIG_DFL);
  raise (number);
}

static guint
run_case (const StressParams *params)
{
  g_autofree char *description = stress_params_describe (params);
  guint n_tests;

  g_snprintf (current, sizeof current, "\n# in the case of %s\n", description);
  stress_delays_start (params->seed);
  n_tests = stress_case_run (params);
  stress_delays_stop ();
  current[0] = '\0';
  return n_tests;
}

static void
test_combinations (void)
{
  guint n_cases = stress_params_n_combinations () * (g_test_slow () ? 10 : 1);
  guint64 n_tests = 0;

  g_test_message ("--seed=%u", first_seed);
  for (guint i = 0; i < n_cases; i++)
    {
      StressParams params;

      stress_params_init (&params, first_seed + i, g_test_slow () ? 20 : 1);
      n_tests += run_case (&params);
    }
  g_test_message ("%u graphs, %" G_GUINT64_FORMAT " tests", n_cases, n_tests);
}

/* More tests become ready at once than a deque holds, and more events than a ring does. */
static void
test_overflow (void)
{
  StressParams params;

  for (guint i = 0; i < (g_test_slow () ? 20 : 1); i++)
    {
      stress_params_init (&params, first_seed + i, g_test_slow () ? 20 : 1);
      params.shape = SHAPE_FANS;
      params.breadth = params.n_tests = 20000;
      params.observed = params.blocked = TRUE;
      params.n_workers = 3;
      params.hang_rarity = 0;
      params.cancel = CANCEL_NOT;
      params.pause_rarity = 0;
      params.enable_work_stealing = TRUE;
      params.order = DAGSCHED_ORDER_AUTO;
      run_case (&params);
    }
}

/* Or nothing is shown by the other tests. */
static void
test_steps (void)
{
  g_autofree char *missing = stress_delays_list_missing ();

  if (!stress_delays_can_start ())
    g_test_skip ("built without steps");
  else
    g_assert_cmpstr (missing, ==, NULL);
}

static void
take_seed (int *argc, char **argv)
{
  int n_kept = 1;

  first_seed = g_random_int () / 2;
  for (int i = 1; i < *argc; i++)
    {
      if (g_str_has_prefix (argv[i], "--seed=") && g_ascii_isdigit (argv[i][7]))
        first_seed = g_ascii_strtoull (argv[i] + 7, NULL, 10);
      else
        argv[n_kept++] = argv[i];
    }
  argv[n_kept] = NULL;
  *argc = n_kept;
}

int
main (int argc, char **argv)
{
  take_seed (&argc, argv);
  g_test_init (&argc, &argv, NULL);
  signal (SIGABRT, tell_current);
  signal (SIGTERM, tell_current);

  g_test_add_func ("/stress/combinations", test_combinations);
  g_test_add_func ("/stress/overflow", test_overflow);
  g_test_add_func ("/stress/steps", test_steps);

  return g_test_run ();
}
