/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

static void
test_words (void)
{
  for (int i = 0; i < DAGSCHED_N_OUTCOMES; i++)
    {
      DagschedOutcome outcome = DAGSCHED_OUTCOME_NONE;

      g_assert_true (dagsched_outcome_from_string (dagsched_outcome_to_string (i), &outcome));
      g_assert_cmpint (outcome, ==, i);
    }
}

static void
test_unknown_words (void)
{
  DagschedCondition condition = DAGSCHED_CONDITION_ALWAYS;

  g_assert_false (dagsched_condition_from_string ("sucess", &condition));
  g_assert_false (dagsched_condition_from_string (NULL, &condition));
  g_assert_cmpint (condition, ==, DAGSCHED_CONDITION_ALWAYS);
}

static void
test_outcomes (void)
{
  guint n_success = 0, n_failure = 0;

  for (int i = 0; i < DAGSCHED_N_OUTCOMES; i++)
    {
      n_success += dagsched_outcome_is_success (i);
      n_failure += dagsched_outcome_is_failure (i);
      g_assert_false (dagsched_outcome_is_success (i) && dagsched_outcome_is_failure (i));
    }
  g_assert_cmpuint (n_success, ==, 2);
  g_assert_cmpuint (n_failure, ==, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/enums/words", test_words);
  g_test_add_func ("/enums/unknown-words", test_unknown_words);
  g_test_add_func ("/enums/outcomes", test_outcomes);

  return g_test_run ();
}
